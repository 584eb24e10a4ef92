"""The notice that is read out at a stall, and how the questions are asked, in every language this laptop has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fieldkit.presentation.kiosk.kiosk_questions import kiosk_question
from fieldkit.presentation.languages.catalogue import ENGLISH, NOT_TRANSLATED, Catalogue, languages
from fieldkit.presentation.languages.respondent_messages import respondent_fields
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.model.form_plan import BETWEEN_ANSWERS, Notice, notice_at
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY

#: How versions of this program's own notices look. Any other is that of a paper of the network's own.
_OURS = re.compile(r"[0-9]+, \w")
_MOST_ANSWERS = 3
"""So many answers stand behind their question in its language."""


def notices(kit: Kit, kind: Kind | None = None) -> list[Notice]:
    """Every notice, in the order in which a laptop that is handed over offers the languages; with the questions of `kind`."""
    network = str((kit.settings.get(IDENTITY) or {}).get("network_name", ""))
    return [_notice(each, network, kind) for each in languages(kit.folder)]


def version_shown(offered: Sequence[Notice], carried: str) -> str:
    """The version to store with a consent: of the notice in view, unless a paper of the network's own was read out before.

    `carried` is the version for the person before: theirs is the language in which it goes on.
    """
    return carried if carried and not _OURS.match(carried) else offered[notice_at(offered, carried)].version


def _notice(each: Catalogue, network: str, kind: Kind | None) -> Notice:
    name = each.name if each.name == each.english_name else f"{each.name} ({each.english_name})"
    draft = str(RespondentText.DRAFT) if each.draft else ""
    asked, answers = {}, {}
    if kind is not None and each.code != ENGLISH:
        specs = [spec for page in kind.pages for spec in respondent_fields(kind, page)]
        questions = {spec.name: _asked(spec, each) for spec in specs}
        asked = {question: text for question, (text, _) in questions.items()}
        answers = {question: labels for question, (_, labels) in questions.items()}
    return Notice(name, each.notice_version, each.notice(network), draft, each.right_to_left, asked, answers)


def _asked(spec: FieldSpec, catalogue: Catalogue) -> tuple[str, dict[str, str]]:
    """A question in a language, with its answers where they are few; more of them by their codes, as far as translated.

    "Prefer not to say" has another key on some pages, so it is not among few answers.
    """
    question = kiosk_question(spec, catalogue, {})
    declined = spec.code_list.declined if spec.codes else ""
    few = [answer for answer in question.answers if answer.code != declined]
    if len(few) <= _MOST_ANSWERS:
        return BETWEEN_ANSWERS.join([question.asked, *(f"{answer.key} {answer.label}" for answer in few)]), {}
    labels = {
        answer.code: answer.label
        for answer in question.answers
        if answer.label != answer.english and not answer.label.startswith(NOT_TRANSLATED)
    }
    return question.asked, labels
