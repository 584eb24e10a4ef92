"""What a respondent has answered so far, in which language, and which question comes before and after."""

from __future__ import annotations

from dataclasses import replace

from fieldkit.presentation.kiosk.hand_over import KIND, HandOverStart
from fieldkit.presentation.kiosk.kiosk_questions import (
    KioskAnswer,
    KioskQuestion,
    asked_names,
    is_answered,
    is_on_request,
    kiosk_question,
    on_request,
)
from fieldkit.presentation.languages.catalogue import Catalogue
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.model.form_plan import Value, Values
from fieldkit.records.privacy import private_in
from fieldkit.records.schema.answer_digits import DECLINED
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import parse, part_kept
from fieldkit.store.local.known_settings import HandedOver

_DECLINED = "declined"
"""The value of a line if somebody prefers not to say."""


class RespondentForm:
    """The answers of a respondent, and the question that is asked."""

    def __init__(self, handed: HandOverStart) -> None:
        self._handed = handed
        self._questions: dict[tuple[str, str], KioskQuestion] = {}
        self.values: Values = dict(handed.values)
        self.catalogue = self._catalogue_of(handed.state.language)
        self.asked = handed.state.question
        """The name of the current question."""
        self.says_more = False
        """Whether the questions on request are asked too."""
        self.kind_of = ""
        """The answer whose kinds are offered, "" if all answers are."""

    @property
    def state(self) -> HandedOver:
        """The hand-over, with its current language and question."""
        return replace(self._handed.state, language=self.catalogue.code, question=self.asked)

    # Languages

    @property
    def languages(self) -> tuple[KioskAnswer, ...]:
        """Every language that the questions can be read in, with its key."""
        return tuple(
            KioskAnswer(str(number), each.code, each.name, each.english_name)
            for number, each in enumerate(self._handed.catalogues, 1)
        )

    def choose_language(self, code: str) -> None:
        """Ask in this language from now on."""
        self.catalogue = self._catalogue_of(code)

    def _catalogue_of(self, code: str) -> Catalogue:
        known = {each.code: each for each in self._handed.catalogues}
        return known.get(code, self._handed.catalogues[0])

    # Questions

    @property
    def questions(self) -> list[KioskQuestion]:
        """The questions that are asked, given the answers so far."""
        return [self._worded(name) for name in self._names]

    @property
    def question(self) -> KioskQuestion:
        """The current question; the first one if that is no longer asked."""
        names = self._names
        return self._worded(self.asked if self.asked in names else names[0])

    @property
    def _names(self) -> list[str]:
        asked = kind(KIND)
        more = self.says_more or any(is_on_request(asked, name) for name in (self.asked, *self.values))
        return asked_names(asked, self.values, more=more)

    def _worded(self, name: str) -> KioskQuestion:
        """A question in the current language; cached, since every key press reads it."""
        key = (self.catalogue.code, name)
        if key not in self._questions:
            self._questions[key] = kiosk_question(kind(KIND).fields[name], self.catalogue, self._handed.terms)
        return self._questions[key]

    @property
    def offered(self) -> tuple[KioskAnswer, ...]:
        """The answers that the question offers now: all top-level ones, or one answer and its kinds."""
        answers = self.question.answers
        if self.kind_of:
            return tuple(each for each in answers if self.kind_of in (each.code, each.parent))
        several, chosen = self.question.shape == "many", self.chosen
        return tuple(
            replace(each, key="") if each.parent else each
            for each in answers
            if several or not each.parent or each.code in chosen
        )

    def ask_kind(self, code: str) -> bool:
        """Offer the kinds of an answer, one of which can be given instead; returns whether there are more to offer."""
        asked = bool(self.kind_of)
        self.kind_of = (
            code if not asked and any(each.parent == code for each in self.question.answers) else ""
        )
        return bool(self.kind_of)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The answers given to the current question."""
        value = self.values.get(self.question.name)
        return tuple(value) if isinstance(value, list) else (str(value),) if value else ()

    @property
    def typed(self) -> str:
        """The answer to a typed question, as it was typed."""
        value = str(self.values.get(self.question.name) or "")
        return DECLINED if value == _DECLINED and self.question.can_decline else value

    @property
    def further(self) -> tuple[str, ...]:
        """The questions that "say more" adds to this one."""
        return on_request(kind(KIND), self.question.name)

    @property
    def next_name(self) -> str:
        """The next question, "" after the last."""
        names = self._names
        following = names[names.index(self.asked) + 1 :] if self.asked in names else names
        return following[0] if following else ""

    @property
    def name_before(self) -> str:
        """The previous question, "" before the first."""
        names = self._names
        place = names.index(self.question.name)
        return names[place - 1] if place else ""

    def turn_to(self, name: str = "") -> KioskQuestion:
        """Move to this question, or ask the current one again; returns it."""
        self.asked, self.kind_of = name or self.asked, ""
        question = self.question
        self.asked = question.name
        return question

    # Answers

    def answer(self, name: str, value: Value) -> None:
        """Give an answer; None removes it."""
        self.values[name] = value
        if value is None:
            del self.values[name]

    def tick(self, code: str) -> None:
        """Tick or untick one of several answers. An answer that excludes all others can't be unticked."""
        question, chosen = self.question, self.chosen
        if code in question.alone and chosen == (code,):
            return
        ticked = [each for each in chosen if each != code]
        if code not in chosen:
            ticked = (
                [code] if code in question.alone else [e for e in ticked if e not in question.alone] + [code]
            )
        self.answer(question.name, ticked or None)

    def part_kept(self, typed: str) -> str:
        """The part of a typed text that the question may keep."""
        return part_kept(self._spec, typed)[: self.question.length]

    def take(self, typed: str) -> None:
        """Take the typed text as the answer to the question."""
        question = self.question
        value = typed.strip()[: question.length]
        if self._spec.pattern:
            try:
                value = parse(self._spec, typed) or ""
            except ValueError:
                value = value.upper() if any(map(str.isdigit, value)) else value
        self.answer(question.name, value or None)

    @property
    def _spec(self) -> FieldSpec:
        return kind(KIND).fields[self.question.name]

    @property
    def is_valid(self) -> bool:
        """Whether the answer to the question can be stored."""
        name = self.question.name
        try:
            if name in self.values:
                self._spec.check(self.values[name])
        except ValueError:
            return False
        return True

    @property
    def has_answers(self) -> bool:
        """Whether anything was answered besides consent to keep the answers."""
        return is_answered(kind(KIND), self.values)

    @property
    def personal_details(self) -> str:
        """A sentence on what in the answer may identify somebody; "" for nothing."""
        name = self.question.name
        value = self.values.get(name)
        details = [
            f"“{str(value)[each.start : each.end]}”"
            for each in private_in(kind(KIND), {name: value}).get(name, ())
        ]
        if not details:
            return ""
        return self.catalogue.text(RespondentText.PERSONAL_DETAIL, details=", ".join(dict.fromkeys(details)))
