"""The notice that is read out at a stall, in every language this laptop has, the one read out last first."""

from __future__ import annotations

import re

from fieldkit.presentation.languages.catalogue import Catalogue, languages
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.model.form_plan import Notice
from fieldkit.store.kit import Kit
from fieldkit.store.local.setting import IDENTITY

#: How versions of this program's own notices look. Any other is that of a paper of the network's own.
_OURS = re.compile(r"[0-9]+, \w")


def notices(kit: Kit, carried: str) -> list[Notice]:
    """Every notice; first the one of the language in which `carried`, the version for the person before, was read out."""
    network = str((kit.settings.get(IDENTITY) or {}).get("network_name", ""))
    every = [_notice(each, network) for each in languages(kit.folder)]
    return sorted(every, key=lambda notice: notice.version != carried)


def version_shown(offered: list[Notice], carried: str) -> str:
    """The version to store with a consent: of the notice in view, unless a paper of the network's own was read out before."""
    return carried if carried and not _OURS.match(carried) else offered[0].version


def _notice(each: Catalogue, network: str) -> Notice:
    name = each.name if each.name == each.english_name else f"{each.name} ({each.english_name})"
    draft = str(RespondentText.DRAFT) if each.draft else ""
    return Notice(name, each.notice_version, each.notice(network), draft, each.right_to_left)
