"""The questions of a respondent who has the laptop, one at a time, in their language: those of the paper form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldkit.presentation.languages.catalogue import Catalogue
from fieldkit.presentation.languages.respondent_messages import LANGUAGES, VOLUNTEERS_OWN
from fieldkit.presentation.model.form_plan import Values, is_empty
from fieldkit.records.consent import RECORD
from fieldkit.records.schema.answer_digits import answer_digits
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.pages import Page

_OWN = {"whose_words": "own"}
"""What a volunteer answers otherwise: here, whoever types is the person who says it."""


@dataclass(frozen=True)
class KioskAnswer:
    """One answer: its key ("" if only the cursor reaches it), its code, and its text, in English too."""

    key: str
    code: str
    label: str
    english: str = ""
    parent: str = ""
    """The answer that this is a kind of; this one is offered once the parent is given."""


@dataclass(frozen=True)
class KioskQuestion:
    """One question as the respondent reads it."""

    name: str
    asked: str
    why: str
    shape: str
    answers: Sequence[KioskAnswer]
    length: int
    alone: frozenset[str] = frozenset()
    """Answers that exclude all others."""
    english: str = ""
    """The question in English, for the volunteer; "" if it is already asked in English."""
    can_decline: bool = False
    """Whether a typed answer can be `0`: prefer not to say."""

    @property
    def is_typed(self) -> bool:
        """Whether it is answered by typing."""
        return not self.answers


def asked_names(kind: Kind, values: Values, *, more: bool = False) -> list[str]:
    """The questions to ask, given the answers so far; with `more`, including those on request after the text that they add to."""
    return [
        name
        for page in kind.pages
        for name in _in_order(kind, page, more)
        if name not in VOLUNTEERS_OWN and _is_asked(kind.fields[name], values)
    ]


def on_request(kind: Kind, name: str) -> tuple[str, ...]:
    """The questions that the "say more" key adds to the question `name`; empty if it adds nothing."""
    page = next((page for page in kind.pages if name == _last_words(kind, page)), None)
    return page.more if page is not None else ()


def is_on_request(kind: Kind, name: str) -> bool:
    """Whether a question is asked only after "say more"."""
    return any(name in page.more for page in kind.pages)


def _last_words(kind: Kind, page: Page) -> str:
    """The last free-text question of a page; "" for none."""
    return next((name for name in reversed(page.fields) if kind.fields[name].shape == "text"), "")


def _in_order(kind: Kind, page: Page, more: bool) -> tuple[str, ...]:
    if not more or not page.more:
        return page.fields
    last_text = _last_words(kind, page)
    place = page.fields.index(last_text) + 1 if last_text else len(page.fields)
    return page.fields[:place] + page.more + page.fields[place:]


def own_answers(kind: Kind, values: Values) -> Values:
    """Answers that follow from the respondent holding the laptop, if they typed anything."""
    typed = any(
        kind.fields[name].shape == "text" and not is_empty(value)
        for name, value in values.items()
        if name in kind.fields
    )
    return {name: code for name, code in _OWN.items() if typed and name in kind.fields}


def is_answered(kind: Kind, values: Values) -> bool:
    """Whether a respondent has answered anything besides consent to keep the answers."""
    return any(
        not is_empty(values.get(name))
        for page in kind.pages
        for name in page.all_fields
        if not name.startswith(RECORD)
    )


def _is_asked(spec: FieldSpec, values: Values) -> bool:
    if spec.after is not None:
        before, without = spec.after
        if is_empty(values.get(before)) or values.get(before) in without:
            return False
    if spec.only_if is None:
        return True
    name, codes = spec.only_if
    given: Any = values.get(name)
    return any(code in codes for code in given) if isinstance(given, list) else given in codes


def kiosk_question(
    spec: FieldSpec, catalogue: Catalogue, terms: Mapping[str, Mapping[str, str]]
) -> KioskQuestion:
    """A question in one language, including the answers that the network added."""
    asked = catalogue.text(spec.asked)
    english = spec.asked if spec.asked not in asked else ""
    why = catalogue.text(spec.help) if spec.monitoring else ""
    if not spec.codes:
        can_decline = bool(spec.pattern) and re.fullmatch(spec.pattern, "declined") is not None
        return KioskQuestion(
            spec.name, asked, why, spec.shape, (), spec.length, english=english, can_decline=can_decline
        )
    own = terms.get(spec.codes, {})
    known = [entry.code for entry in spec.code_list.entries if entry.role != "not-asked"]
    codes = [*known, *(code for code in own if code not in spec.code_list.codes)]
    if spec.codes == LANGUAGES:
        codes.sort(key=lambda code: code != catalogue.code)  # their own first: most who read it speak it
    parents = {entry.code: entry.get("parent") for entry in spec.code_list.entries}
    keys = {code: key for key, code in answer_digits(spec, codes)}
    answers = [
        # The key of a sub-answer follows its parent's key: the two are pressed one after the other.
        KioskAnswer(
            keys.get(code, "")[-1:],
            code,
            catalogue.answer(spec.codes, code, own.get(code, "")),
            own.get(code, "") or spec.code_list.label(code),
            parents.get(code, ""),
        )
        for code in codes
    ]
    return KioskQuestion(
        spec.name, asked, why, spec.shape, answers, spec.length, spec.code_list.alone, english
    )
