"""Asking for a record in plain lines, page by page as at the stall or field by field: for screen readers, and for anybody who
prefers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TextIO

from fieldkit.cli.plain.answer_keys import AnswerKeys
from fieldkit.cli.plain.plain_lines import PlainLines
from fieldkit.cli.record_arguments import Answers
from fieldkit.errors import InvalidRecord
from fieldkit.presentation.forms import consent_presets
from fieldkit.presentation.languages.notices import notices
from fieldkit.presentation.last_receipt_code import begin_entry
from fieldkit.presentation.model.form_plan import Notice, notice_at
from fieldkit.presentation.presets import day_and_event, time_now
from fieldkit.presentation.record_names import lines_of_links
from fieldkit.presentation.same_name import already_here
from fieldkit.presentation.saving import store_new
from fieldkit.presentation.value_labels import value_in_words
from fieldkit.records.consent import (
    MISSING,
    NOTICE,
    RECORD,
    REFUSED,
    check_new,
    consent_given,
    consent_refused,
)
from fieldkit.records.kinds.monitoring import UNACCOMPANIED, unaccompanied
from fieldkit.records.privacy import private_in
from fieldkit.records.schema.answer_digits import DECLINED
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, Values, given_values
from fieldkit.records.schema.parse import UnknownTerm
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.drafts import Draft
from fieldkit.text import clean_line, quoted, shortened, titled

_BACK, _HELP, _LANGUAGE = "<", "?", "l"
_NO_ANSWER = "{} is not one of the answers. Type the key in front of an answer, or the answer."


def ask_record(
    kit: Kit, kind: Kind, stream: TextIO, *, with_code: bool = True, every: bool = False
) -> tuple[Stored, str] | None:
    """Ask the pages of `kind`, or every question of it, on `stream`, and store the answers; None if they are not to be saved.

    A kind without pages is asked field by field, as with `every`.

    Returns the record and its receipt code; the code is "" without `with_code`, or if nobody agreed to be recorded.

    Raises:
        EOFError, KeyboardInterrupt: the person stopped; the answers are kept as a draft, and a sentence says so.
    """
    begin_entry(kit, kind)
    asking = _Asking(kit, kind, stream, by_page=bool(kind.pages) and not every)
    try:
        values = asking.ask_all()
        if values is not None and not asking.is_another(values):
            asking.keep_draft()
            return None
    except (EOFError, KeyboardInterrupt, InvalidRecord):
        asking.keep_draft()
        raise
    if values is None:
        return None
    asking.answers.store_terms()
    return store_new(kit, kind, values, with_code=with_code)


class _MayNotBeKept(Exception):
    """The person said no, or is under 16 and alone: the answers are thrown away."""


class _Asking:
    """One round of questions."""

    def __init__(self, kit: Kit, kind: Kind, stream: TextIO, *, by_page: bool) -> None:
        self.kit, self.kind = kit, kind
        self.lines = PlainLines(stream)
        self.say = self.lines.say
        self.answers = Answers(kit)
        self.values: Values = {}
        self.presets: Values = {**day_and_event(kit, kind), **time_now(kit, kind)}
        """The answers in brackets before anybody answers; Enter takes them."""
        self.pages = kind.pages if by_page else ()
        self.page_of = {name: page for page in self.pages for name in page.all_fields}
        self.wants_more: dict[str, bool] = {}
        """Page -> whether its questions on request are wanted, once somebody was asked."""
        self.declined: set[str] = set()
        """Questions answered by "prefer not to say" for everything that was left."""
        if by_page:
            offered = {**self.presets, **consent_presets(kit, kind)}
            self.set_up = {name: offered[name] for name in kind.set_up if offered.get(name)}
            self.values.update(self.set_up)
        else:
            self.set_up = {}

    # The whole

    def ask_all(self) -> Values | None:
        """The checked values, once they are valid; None if nothing is to be kept."""
        self.say(
            f"{self.kind.title}. {self.kind.help}",
            "Enter alone skips a question (not asked). ? explains it, < goes back one, Ctrl+C stops.",
            *self._set_up_in_words(),
        )
        names = self.page_of if self.pages else self.kind.fields
        try:
            self._ask([self.kind.fields[name] for name in names])
            while True:
                try:
                    return check_new(self.kind, given_values(self.values))
                except InvalidRecord as error:
                    self.say("", *error.problems.values())
                    again = [self.kind.fields[name] for name in error.problems if name in self.kind.fields]
                    if not any(self._wanted(spec) for spec in again):
                        raise
                    self._ask(again)
        except _MayNotBeKept:
            self.values.clear()
            self.say("Nothing was kept.")
            return None

    def _set_up_in_words(self) -> list[str]:
        """What the event's set-up answers, so that nothing is stored that nobody has seen."""
        parts = [
            titled(self.kind.fields[name].title, self._shown(self.kind.fields[name], value))
            for name, value in self.set_up.items()
        ]
        return [f"Kept with the answers: {'; '.join(parts)}."] if parts else []

    def is_another(self, values: Values) -> bool:
        """Whether the record may be saved: nobody here has that name, or somebody confirmed that this is another person."""
        sentence = already_here(self.kit, self.kind, values)
        if not sentence:
            return True
        self.say("", sentence)
        return self.lines.agrees("Save it as another of that name? y or n: ")

    def _ask(self, specs: Sequence[FieldSpec]) -> None:
        heading, place, back = "", 0, False
        while place < len(specs):
            spec = specs[place]
            if not self._wanted(spec):
                self.values.pop(spec.name, None)
            if not self._wanted(spec) or spec.name in self.declined:
                place = max(place - 1, 0) if back else place + 1
                back = back and place > 0
                continue
            if (now := self._heading(spec)) != heading:
                heading = now
                self.say("", *self._page_lines(spec, heading))
            back = not (self._ask_one(spec) and self._may_go_on(spec))
            place = max(place - 1, 0) if back else place + 1

    def _heading(self, spec: FieldSpec) -> str:
        page = self.page_of.get(spec.name)
        return page.title if page is not None else spec.step

    def _page_lines(self, spec: FieldSpec, heading: str) -> list[str]:
        """The lines above the first question of a page or a step."""
        page = self.page_of.get(spec.name)
        if page is None:
            return [f"{heading}:"] if heading else []
        lines = [f"Page {self.pages.index(page) + 1} of {len(self.pages)}: {page.title}"]
        if page.notice:
            lines += self._notice_lines()
        lines += [sentence for sentence in (page.reminder, page.reason) if sentence]
        if page.decline_rest:
            lines.append("0 answers “prefer not to say” here and to all that is left on this page.")
        return lines

    def _notice_lines(self) -> list[str]:
        """The notice that the screen shows first; its version is stored with the answers."""
        every = notices(self.kit)
        first = every[notice_at(every, self.values.get(NOTICE))]
        lines = [f"Read this out ({first.language}):", *([first.draft] if first.draft else [])]
        lines += [f"  {line}" for line in first.lines]
        return [*lines, f"To see it in another language, type {_LANGUAGE}."] if self._languages() else lines

    def _languages(self) -> list[Notice]:
        """The notice in each language, always in the same order; empty if there is only one."""
        every = notices(self.kit)
        return every if len(every) > 1 else []

    def _choose_language(self) -> None:
        """Ask for the language of the notice, and read it out; its version is stored with the consent."""
        offered = {str(number): notice for number, notice in enumerate(self._languages(), 1)}
        self.say(*(f"  {key} {notice.language}" for key, notice in offered.items()))
        typed = self.lines.ask("Number of the language, or Enter alone: ").strip()
        if typed in offered:
            self.values[NOTICE] = self.set_up[NOTICE] = offered[typed].version
            version = self._shown(self.kind.fields[NOTICE], offered[typed].version)
            self.say("", *self._notice_lines(), f"{self.kind.fields[NOTICE].title}: {version}.", "")
        elif typed:
            self.say(f"{quoted(typed, 40)} is no number of a language. The notice stays as it is.")

    def _wanted(self, spec: FieldSpec) -> bool:
        if spec.from_files or self._comes_after_another(spec):
            return False
        if spec.only_if is not None:
            field, answers = spec.only_if
            given = self.values.get(field)
            if not any(each in answers for each in (given if isinstance(given, list) else [given])):
                return False
        page = self.page_of.get(spec.name)
        if page is None or spec.name not in page.more:
            return True
        if page.name not in self.wants_more:
            titles = ", ".join(self.kind.fields[name].title.rstrip("?").lower() for name in page.more)
            self.say("", f"More questions: {titles}.")
            self.wants_more[page.name] = self.lines.agrees("y asks them, Enter goes on: ")
        return self.wants_more[page.name]

    def _comes_after_another(self, spec: FieldSpec) -> bool:
        """Whether, at a stall, the question depends on another answer than the one given."""
        if not self.pages or spec.after is None:
            return False
        name, answers = spec.after
        return self.values.get(name) in (None, "", *answers)

    def _may_go_on(self, spec: FieldSpec) -> bool:
        """Whether the next question may follow; asks again as long as nothing may be kept. False to go back.

        Raises:
            _MayNotBeKept: the answers are thrown away.
        """
        while refusal := self._refusal(spec):
            self.say(refusal)
            if not self._is_open(spec):
                typed = self.lines.ask("Enter alone throws these answers away; < changes this answer: ")
                if typed.strip() != _BACK:
                    raise _MayNotBeKept
            if not self._ask_one(spec):
                return False
        return True

    def _refusal(self, spec: FieldSpec) -> str:
        """Why nothing may be kept after the answer to this question; "" if it may."""
        if spec.name == RECORD and not consent_given(self.values):
            return REFUSED if consent_refused(self.values) else MISSING
        if spec.name == "guardian_present" and unaccompanied(self.values):
            return UNACCOMPANIED
        return ""

    def _is_open(self, spec: FieldSpec) -> bool:
        return self.values.get(spec.name) is None

    def keep_draft(self) -> None:
        """Keep the answers so far, unless they may not be kept."""
        values = given_values(self.values)
        if values.keys() <= self.set_up.keys() or consent_refused(self.values) or unaccompanied(self.values):
            self.say("Nothing was kept.")
            return
        self.kit.drafts.keep(Draft("", self.kind.name, values))
        self.say("Kept as an unfinished entry: open the kit with fieldkit, then go on with it.")

    # One question

    def _ask_one(self, spec: FieldSpec) -> bool:
        """Ask until the answer is valid; False to go back."""
        choices = AnswerKeys(self.kit, spec, self.answers.terms)
        needed = " (needed)" if spec.required or spec.name == RECORD else ""
        self.say(f"{spec.title}{needed}")
        self.say(*(f"  {line}" for line in choices.lines()))
        while True:
            current = self.values.get(spec.name, self.presets.get(spec.name, spec.default))
            kept = f" [{shortened(self._shown(spec, current))}]" if current is not None else ""
            typed = self.lines.ask(f"{kept.strip()}> " if kept else "> ")
            asked = typed.strip()
            if asked == _BACK:
                return False
            if asked.casefold() == _LANGUAGE and self._stands_under_notice(spec):
                self._choose_language()
                self.say(spec.title, *(f"  {line}" for line in choices.lines()))
                continue
            if asked == _HELP:
                self.say(
                    spec.help or "There is nothing more to say about this question.", *choices.all_lines()
                )
                if kept:
                    self.say("Enter alone leaves the answer in brackets; - takes it away.")
                continue
            if not asked or (asked == "-" and current is not None):
                self.values[spec.name] = current if not asked else None
                if spec.required and self.values[spec.name] is None:
                    self.say(f"{spec.title} is needed.")
                    continue
                return True
            if self._declines_rest(spec, asked, choices):
                return True
            if self._take(spec, choices.meant(asked)):
                return True

    def _stands_under_notice(self, spec: FieldSpec) -> bool:
        page = self.page_of.get(spec.name)
        return page is not None and page.notice and bool(self._languages())

    def _declines_rest(self, spec: FieldSpec, asked: str, choices: AnswerKeys) -> bool:
        """Whether 0 was answered on a page that may be declined: then it also answers everything left on that page."""
        page = self.page_of.get(spec.name)
        if asked != DECLINED or page is None or not page.decline_rest:
            return False
        if choices.declined is None and spec.shape in {"number", "scale"}:
            return False
        names = page.all_fields[page.all_fields.index(spec.name) :]
        for left in (self.kind.fields[name] for name in names):
            value = AnswerKeys(self.kit, left, self.answers.terms).declined
            if self.values.get(left.name) is None and self._wanted(left):
                self.declined.add(left.name)
                if value is not None:
                    self.values[left.name] = value
        return True

    def _take(self, spec: FieldSpec, typed: str) -> bool:
        """Store one answer if it is valid."""
        try:
            value = self.answers.value(spec, typed)
        except UnknownTerm as unknown:
            value = self._new_term(spec, unknown, typed)
            if value is None:
                return False
        except ValueError as error:
            self.say(_NO_ANSWER.format(quoted(typed, 40)) if spec.codes else str(error))
            return False
        if isinstance(value, str) and not self._private_is_meant(spec, value):
            return False
        self.values[spec.name] = value
        return True

    def _new_term(self, spec: FieldSpec, unknown: UnknownTerm, typed: str) -> Any:
        """An answer that is not in the list, added to it if that is meant; otherwise None."""
        term = quoted(unknown.text, 80)
        if not self.lines.agrees(f"{term} is not in the list. Add it for the whole network? y or n: "):
            return None
        self.answers.new_terms.add(unknown)
        try:
            return self.answers.value(spec, typed)
        except ValueError as error:
            self.say(str(error))
            return None

    def _private_is_meant(self, spec: FieldSpec, text: str) -> bool:
        spans = private_in(self.kind, {spec.name: text}).get(spec.name, [])
        for span in spans:
            self.say(f"“{clean_line(text[span.start : span.end])}”: {span.sentence}")
        return not spans or self.lines.agrees("Keep it as it is? y or n (n asks again): ")

    def _shown(self, spec: FieldSpec, value: Any) -> str:
        names = lines_of_links(self.kit, [Stored(self.kind.name, "", {spec.name: value})], self.answers.terms)
        return value_in_words(spec, value, self.answers.terms, names)
