"""What a form asks, as plain values: forms know nothing about records and load nothing heavy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Shape = Literal["line", "text", "choice", "many", "date", "time", "number", "scale", "link", "links"]

#: `str` for text, codes, ids, dates (YYYY-MM-DD) and times (HH:MM); `int` for numbers; a list of `str` for several codes; None
#: for "not asked". Text that can't be read as a date, time or number stays as typed, so that nothing is lost.
Value = str | int | list[str] | None
Values = dict[str, Value]


@dataclass(frozen=True)
class Option:
    """One answer to pick. `group` is the heading it belongs under, "" for none.

    `key` picks it; it is "" if answers are counted or have no key. An answer that is a kind of another (its `parent`) is
    offered once that one is picked; its key then follows the parent's: `b1`.
    """

    code: str
    label: str
    group: str = ""
    key: str = ""
    parent: str = ""
    declined: bool = False
    """"Prefer not to say"."""


class Offered(list[Option]):
    """Answers to pick from, and how many there are in all, if these are only some."""

    def __init__(self, options: Sequence[Option], total: int) -> None:
        super().__init__(options)
        self.total = max(total, len(options))


@dataclass(frozen=True)
class Question:
    """One question of a form."""

    name: str
    shape: Shape
    title: str
    help: str = ""
    required: bool = False
    options: Sequence[Option] = ()
    """The answers of a choice or many; for a link or links, the records already known (the chosen ones, the recent
    ones).
    """
    open: bool = False
    """A choice or many that also accepts words of one's own."""
    alone: frozenset[str] = frozenset()
    """Codes of a many that exclude all others: picking one drops the rest."""
    link_search: Callable[[str, int], Sequence[Option]] | None = None
    """For a link: (typed text, most options) -> records. Called in a thread; may be slow."""
    create: bool = False
    """For a link: offer to make a new record from the typed text."""
    minimum: int = 0
    maximum: int = 1_000_000
    length: int = 200
    """The most characters in a line or text."""
    monitoring: bool = False
    only_if: tuple[str, tuple[str, ...]] | None = None
    """(name, codes): asked only while that question holds one of these codes."""
    after: tuple[str, tuple[str, ...]] | None = None
    """(name, codes): asked only once that question has an answer, and none of these codes."""
    decline: Value = None
    """The value of "prefer not to say", None if it is not an answer here."""
    goes_on: bool = False
    """A key that answers also goes on to the next question."""
    pointed_out: bool = False
    """For a line or text: mark what may point to one person while it is typed."""
    part_kept: Callable[[str], str] | None = None
    """For a line: the part of the typed text that may be kept; None if all of it may."""
    on_request: bool = False
    """Asked only on request, or while it has an answer that somebody gave."""
    known: Sequence[str] = ()
    """For a line: names in use, each in one spelling, the most frequent first."""
    stands_for: Mapping[str, str] = field(default_factory=dict)
    """One of `known` -> the name to suggest instead."""
    needed: str = ""
    """What to tell somebody who would go on without an answer; "" if the question may be skipped."""
    note: str = ""
    """The note beside the title: what was answered last time, whether the answer travels."""


@dataclass(frozen=True)
class Step:
    """One page of a form: questions shown together."""

    title: str
    fields: Sequence[Question]
    intro: str = ""
    """A sentence above the questions, such as why they are asked."""
    notices: Sequence[Notice] = ()
    """What is read out above the questions, in each language."""
    notice_name: str = ""
    """The question that holds the version of the notice to show; if it holds another version, the first notice is shown."""
    gate: str = ""
    """A question of this step: without a yes to it, no further step is shown."""
    decline_rest: bool = False
    """0 declines every unanswered question of this step."""


BETWEEN_ANSWERS = "   "
"""Separates a question in another language from its answers, and these from each other."""


@dataclass(frozen=True)
class Notice:
    """What is read out before anybody consents, in one language. `draft`: a sentence for an unchecked translation."""

    language: str
    version: str
    lines: Sequence[str]
    draft: str = ""
    right_to_left: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)
    """Question -> its wording in this language, if that is not English; a few answers follow it, separated by `BETWEEN_ANSWERS`.
    """
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Question -> code -> its answer in this language, unless the answers already follow the question."""


def notice_at(notices: Sequence[Notice], version: Value) -> int:
    """The index of the notice with that version; 0 if there is none."""
    return next((place for place, notice in enumerate(notices) if notice.version == version), 0)


YES = "Y"
"""The code of a yes, which opens a gate."""


@dataclass
class FormPlan:
    """A whole form and the values to begin with.

    `paged`: asked of a person at a stall, page by page, with keys that answer and go on.
    """

    title: str
    steps: Sequence[Step]
    values: Values = field(default_factory=dict)
    paged: bool = False
    letters: Mapping[str, str] = field(default_factory=dict)
    """Question -> the text typed at its list of answers that has not chosen one yet."""

    def question(self, name: str) -> Question:
        """The question called `name`.

        Raises:
            KeyError: the form does not ask it.
        """
        for step in self.steps:
            for question in step.fields:
                if question.name == name:
                    return question
        raise KeyError(name)

    def step_of(self, name: str) -> int:
        """The index of the step that asks the question called `name`, from 0.

        Raises:
            KeyError: the form does not ask it.
        """
        for place, step in enumerate(self.steps):
            if any(question.name == name for question in step.fields):
                return place
        raise KeyError(name)


def is_asked(question: Question, values: Values) -> bool:
    """Whether `question` is to be asked, given the answers so far (its `only_if` and `after`)."""
    if question.after is not None:
        name, codes = question.after
        value = values.get(name)
        if is_empty(value) or value in codes:
            return False
    if question.only_if is None:
        return True
    name, codes = question.only_if
    value = values.get(name)
    if isinstance(value, list):
        return any(code in codes for code in value)
    return value in codes


def is_empty(value: Value) -> bool:
    """Whether `value` is empty: not asked, no words, no answers."""
    return value is None or value == "" or value == []
