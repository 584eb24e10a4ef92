"""Asking for a record field by field, in plain lines: for screen readers, and for anybody who likes it so."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from fieldkit.cli.output import write
from fieldkit.cli.record_arguments import Answers
from fieldkit.errors import InvalidRecord
from fieldkit.presentation.last_receipt_code import begin_entry
from fieldkit.presentation.presets import day_and_event, time_now
from fieldkit.presentation.record_names import lines_of, lines_of_links
from fieldkit.presentation.same_name import already_here
from fieldkit.presentation.saving import store_new
from fieldkit.presentation.value_labels import value_in_words
from fieldkit.records.consent import MISSING, RECORD, REFUSED, check_new, said_no, said_yes
from fieldkit.records.kinds.monitoring import UNACCOMPANIED, unaccompanied
from fieldkit.records.privacy import private_in
from fieldkit.records.schema.codes import Code
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.records.schema.parse import UnknownTerm
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.drafts import Draft
from fieldkit.text import clean_line

_BACK, _HELP = "<", "?"
_MOST_ANSWERS = 24
_MOST_RECORDS = 9


def ask_record(kit: Kit, kind: Kind, stream: TextIO, *, with_code: bool = True) -> tuple[Stored, str] | None:
    """Ask every question of `kind` on `stream` and store the answers; None where they are not to be saved.

    Returns the record and, `with_code` and where somebody agreed to be recorded, its receipt code, else "".

    Raises:
        EOFError, KeyboardInterrupt: the person stopped; the answers are kept as a draft, and that was said.
    """
    begin_entry(kit, kind)
    asking = _Asking(kit, kind, stream)
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
    """The person said no, or is under 16 and alone: the answers go."""


class _Asking:
    """One round of questions."""

    def __init__(self, kit: Kit, kind: Kind, stream: TextIO) -> None:
        self.kit, self.kind, self.stream = kit, kind, stream
        self.answers = Answers(kit)
        self.values: Values = {}
        self.presets: Values = {**day_and_event(kit, kind), **time_now(kind)}
        """What stands in brackets before anybody answers; Enter then answers with it."""

    def say(self, *lines: str) -> None:
        write(self.stream, *lines)
        self.stream.flush()

    def line(self, prompt: str) -> str:
        with (
            contextlib.redirect_stdout(self.stream)
            if self.stream is not sys.stdout
            else contextlib.nullcontext()
        ):
            return input(prompt)

    # The whole

    def ask_all(self) -> Values | None:
        """The checked values, once they hold; None when nothing is to be kept."""
        self.say(
            f"{self.kind.title}. {self.kind.help}",
            "Enter alone skips a question (not asked). ? explains it, < goes back one, Ctrl+C stops.",
        )
        try:
            self._ask(list(self.kind.fields.values()))
            while True:
                try:
                    return check_new(
                        self.kind, {name: value for name, value in self.values.items() if value is not None}
                    )
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

    def is_another(self, values: Values) -> bool:
        """Whether the record may be saved: nobody of that name is here, or somebody said that this is another."""
        sentence = already_here(self.kit, self.kind, values)
        if not sentence:
            return True
        self.say("", sentence)
        return self._yes("Save it as another of that name? y or n: ")

    def _ask(self, specs: Sequence[FieldSpec]) -> None:
        step, place, back = "", 0, False
        while place < len(specs):
            spec = specs[place]
            if not self._wanted(spec):
                self.values.pop(spec.name, None)
                place = max(place - 1, 0) if back else place + 1
                back = back and place > 0
                continue
            if spec.step and spec.step != step:
                step = spec.step
                self.say("", f"{step}:")
            back = not (self._ask_one(spec) and self._may_go_on(spec))
            place = max(place - 1, 0) if back else place + 1

    def _wanted(self, spec: FieldSpec) -> bool:
        if spec.from_files:
            return False
        if spec.only_if is None:
            return True
        field, answers = spec.only_if
        return self.values.get(field) in answers

    def _may_go_on(self, spec: FieldSpec) -> bool:
        """Whether the next question may come; asks again as long as nothing may be kept. False to go back.

        Raises:
            _MayNotBeKept: the answers are thrown away.
        """
        while refusal := self._refusal(spec):
            self.say(refusal)
            if not self._is_open(spec):
                words = self.line("Enter alone throws these answers away; < changes this answer: ")
                if words.strip() != _BACK:
                    raise _MayNotBeKept
            if not self._ask_one(spec):
                return False
        return True

    def _refusal(self, spec: FieldSpec) -> str:
        """Why nothing may be kept after the answer to this question; "" where it may."""
        if spec.name == RECORD and not said_yes(self.values):
            return REFUSED if said_no(self.values) else MISSING
        if spec.name == "guardian_present" and unaccompanied(self.values):
            return UNACCOMPANIED
        return ""

    def _is_open(self, spec: FieldSpec) -> bool:
        return self.values.get(spec.name) is None

    def keep_draft(self) -> None:
        """Keep what was answered, unless it may not be kept."""
        values = {name: value for name, value in self.values.items() if value is not None}
        self.say("")
        if not values or said_no(self.values) or unaccompanied(self.values):
            self.say("Nothing was kept.")
            return
        self.kit.drafts.keep(Draft("", self.kind.name, values))
        self.say("Kept as an unfinished entry: open the kit with fieldkit, then go on with it.")

    # One question

    def _ask_one(self, spec: FieldSpec) -> bool:
        """Ask until the answer holds; False to go back."""
        choices = _Choices(self, spec)
        needed = " (needed)" if spec.required or spec.name == RECORD else ""
        self.say(f"{spec.title}{needed}")
        self.say(*(f"  {one}" for one in choices.lines()))
        while True:
            stands = self.values.get(spec.name, self.presets.get(spec.name, spec.default))
            kept = f" [{clean_line(self._shown(spec, stands))[:60]}]" if stands is not None else ""
            words = self.line(f"{kept.strip()}> " if kept else "> ")
            asked = words.strip()
            if asked == _BACK:
                return False
            if asked == _HELP:
                self.say(
                    spec.help or "There is nothing more to say about this question.", *choices.all_lines()
                )
                if kept:
                    self.say("Enter alone leaves the answer in brackets; - takes it away.")
                continue
            if not asked or (asked == "-" and stands is not None):
                self.values[spec.name] = stands if not asked else None
                if spec.required and self.values[spec.name] is None:
                    self.say(f"{spec.title} is needed.")
                    continue
                return True
            if self._take(spec, choices.meant(asked)):
                return True

    def _take(self, spec: FieldSpec, words: str) -> bool:
        """Put one answer in, if it holds."""
        try:
            value = self.answers.value(spec, words)
        except UnknownTerm as unknown:
            value = self._new_term(spec, unknown, words)
            if value is None:
                return False
        except ValueError as error:
            self.say(str(error))
            return False
        if isinstance(value, str) and not self._private_is_meant(spec, value):
            return False
        self.values[spec.name] = value
        return True

    def _new_term(self, spec: FieldSpec, unknown: UnknownTerm, words: str) -> Any:
        """An answer that the list does not hold: added to it, if that is meant; else None."""
        said = clean_line(unknown.words)[:80]
        if not self._yes(f"“{said}” is not in the list. Add it for the whole network? y or n: "):
            return None
        self.answers.new_terms.add(unknown)
        try:
            return self.answers.value(spec, words)
        except ValueError as error:
            self.say(str(error))
            return None

    def _private_is_meant(self, spec: FieldSpec, words: str) -> bool:
        found = private_in(self.kind, {spec.name: words}).get(spec.name, [])
        for one in found:
            self.say(f"“{clean_line(words[one.start : one.end])}”: {one.sentence}")
        return not found or self._yes("Keep it as it is? y or n (n asks again): ")

    def _yes(self, prompt: str) -> bool:
        return self.line(prompt).strip().casefold() in {"y", "yes"}

    def _shown(self, spec: FieldSpec, value: Any) -> str:
        names = lines_of_links(self.kit, [Stored(self.kind.name, "", {spec.name: value})], self.answers.terms)
        return value_in_words(spec, value, self.answers.terms, names)


class _Choices:
    """The answers that a question offers, each with what is typed for it."""

    def __init__(self, asking: _Asking, spec: FieldSpec) -> None:
        self._spec = spec
        self._offered: list[tuple[str, str, str]] = list(_offered(asking, spec))
        self._meant = {key.casefold(): value for key, _, value in self._offered}

    def lines(self) -> list[str]:
        """What to say of them before the question; of a long list, only how long it is."""
        if len(self._offered) > _MOST_ANSWERS:
            return [f"{len(self._offered)} answers: type the words of one; ? lists them all."]
        several = ["Several may fit: put commas between them."] if self._spec.shape == "many" else []
        if self._spec.shape == "date":
            return ["Day/month/year, or today."]
        scale = [f"From {self._spec.minimum} to {self._spec.maximum}."] if self._spec.shape == "scale" else []
        return [*(f"{key} {words}" for key, words, _ in self._offered), *several, *scale]

    def all_lines(self) -> list[str]:
        """Every one of them, when somebody asks."""
        return (
            [f"  {key} {words}" for key, words, _ in self._offered]
            if len(self._offered) > _MOST_ANSWERS
            else []
        )

    def meant(self, words: str) -> str:
        """`words` with each key replaced by what it stands for."""
        if self._spec.shape != "many":
            return self._meant.get(words.casefold(), words)
        pieces = [piece.strip() for piece in words.split(",")]
        if any(piece.casefold() in self._meant for piece in pieces):
            return ";".join(self._meant.get(piece.casefold(), piece) for piece in pieces)
        return words


def _offered(asking: _Asking, spec: FieldSpec) -> Iterator[tuple[str, str, str]]:
    """(what is typed, words, value) of each answer."""
    if spec.shape == "link":
        records = asking.kit.page(spec.link, limit=_MOST_RECORDS)
        lines = lines_of(asking.kit, records, asking.answers.terms)
        for number, record in enumerate(records, 1):
            yield str(number), lines[record.record_id], record.record_id
        return
    if not spec.codes:
        return
    own = asking.answers.terms.get(spec.codes, {})
    entries = [*spec.code_list.entries, *(Code(code, label) for code, label in own.items())]
    # Short codes are what people know an answer by; long ones are for files, so those answers get numbers.
    by_code = all(len(entry.code) <= 3 for entry in entries)
    for number, entry in enumerate(entries, 1):
        yield (entry.code if by_code else str(number)), entry.label, entry.code
