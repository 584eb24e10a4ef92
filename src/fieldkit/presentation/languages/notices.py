"""The notice that is read out at a stall, and the wording of questions, in every language that this laptop has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fieldkit.presentation.kiosk.kiosk_questions import kiosk_question
from fieldkit.presentation.languages.catalogue import ENGLISH, NOT_TRANSLATED, Catalogue, languages
from fieldkit.presentation.languages.respondent_messages import respondent_fields
from fieldkit.presentation.languages.respondent_text import WITH_LOCK, RespondentText
from fieldkit.presentation.model.form_plan import BETWEEN_ANSWERS, Notice, notice_at
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY

#: The form of versions of this program's own notices. Any other version is that of the network's own paper notice.
_OURS = re.compile(rf"[0-9]+(?:{WITH_LOCK})?, (?P<language>\w.*?)(?: \S+(?: draft)?(?: \(file \w+\))?)?\Z")
_MOST_ANSWERS = 3
"""Up to this many answers follow their question in its language."""


def notices(kit: Kit, kind: Kind | None = None) -> list[Notice]:
    """Every notice, with the questions of `kind`, in the order in which a handed-over laptop offers the languages."""
    network = str((kit.settings.get(IDENTITY) or {}).get("network_name", ""))
    locked = KeyFiles(kit.folder).locked
    return [_notice(each, network, locked, kind) for each in languages(kit.folder)]


def version_shown(offered: Sequence[Notice], carried: str) -> str:
    """The version to store with a consent: of the notice in view, unless the network's own paper notice was read out before.

    `carried` is the version for the previous person: their language is kept.
    """
    ours = _OURS.match(carried)
    if carried and not ours:
        return carried
    if ours and all(each.version != carried for each in offered):
        # An earlier version, or one from before the kit got its present passphrase: keep the language.
        for each in offered:
            known = _OURS.match(each.version)
            if known and known["language"] == ours["language"]:
                return each.version
    return offered[notice_at(offered, carried)].version


def _notice(each: Catalogue, network: str, locked: bool, kind: Kind | None) -> Notice:
    name = each.name if each.name == each.english_name else f"{each.name} ({each.english_name})"
    draft = str(RespondentText.DRAFT) if each.draft else ""
    asked, answers = {}, {}
    if kind is not None and each.code != ENGLISH:
        specs = [spec for page in kind.pages for spec in respondent_fields(kind, page)]
        questions = {spec.name: _asked(spec, each) for spec in specs}
        asked = {question: text for question, (text, _) in questions.items()}
        answers = {question: labels for question, (_, labels) in questions.items()}
    version, lines = each.notice_version(locked=locked), each.notice(network, locked=locked)
    return Notice(name, version, lines, draft, each.right_to_left, asked, answers)


def _asked(spec: FieldSpec, catalogue: Catalogue) -> tuple[str, dict[str, str]]:
    """A question in a language, with its answers if they are few; otherwise with the translated ones by code.

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
