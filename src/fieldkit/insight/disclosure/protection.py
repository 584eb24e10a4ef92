"""The protection of a pack: respondents and tables in, figures that may be printed out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fieldkit.insight.disclosure.definitions import (
    EarlierRelease,
    Key,
    PeopleTable,
    Question,
    QuoteGroup,
    Respondent,
)
from fieldkit.insight.disclosure.shown import Figure
from fieldkit.insight.disclosure.thresholds import Preset

Progress = Callable[[int, int, str], None]


class Reason(StrEnum):
    """Why a figure is a star. For the coordinator alone: which star stands for a small number is never printed."""

    SMALL = "it is a small number"
    BASE = "its base, its part or the rest is too small"
    PROTECTS = "it would tell a small number"
    ALIKE = "all of a small group gave the same answer"


@dataclass(frozen=True)
class Hidden:
    """A star, why, and what it protects."""

    key: Key
    reason: Reason
    protects: str = ""


@dataclass(frozen=True)
class ProtectedTable:
    """A table as it may be printed: the level of its rows, its labels, and a figure for each (row, column).

    Columns are the groups of the columns' question (if `counts`), `TOTAL`, then shares and means by their labels.
    """

    name: str
    level: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: Mapping[tuple[str, str], Figure]


@dataclass(frozen=True)
class Protected:
    """What may be printed, and what the coordinator has to know.

    `tables` and `quotes` (groups of quotes that may carry their attribute) may be printed; nothing else may. `printed`
    is every figure's text by its key, as a release keeps it; `levels` the level of each table in it. `hidden`, `merged`
    (tables that went to a coarser level) and `alike` (rows of which all gave one answer: for a person to confirm) are
    for the coordinator.
    """

    tables: tuple[ProtectedTable, ...]
    quotes: frozenset[str]
    printed: Mapping[Key, str]
    levels: Mapping[str, int]
    hidden: tuple[Hidden, ...]
    merged: Mapping[str, str]
    alike: tuple[Key, ...]
    small_numbers: int
    witnesses: int


def protect(
    people: Sequence[Respondent],
    questions: Sequence[Question],
    tables: Sequence[PeopleTable],
    preset: Preset,
    *,
    quotes: Sequence[QuoteGroup] = (),
    earlier: Sequence[EarlierRelease] = (),
    on_progress: Progress | None = None,
) -> Protected:
    """What of `tables` may be printed about `people`.

    One respondent is one person: several comments are one profile. Every question that a table, a subset or a quote uses
    has to be in `questions`, and in each person's `answers` (or counts as not answered). A table whose counts are more
    than a quarter small goes to the next coarser level of its rows, and at last has its total row alone. The order of
    `people` changes nothing: the same people give the same pack.

    For every sensitive number (each count, margin, share, rest of a share, subset, people left out of a subset, group
    of quotes, each also for those new or gone since a release) of 1 to threshold - 1 there is, for each of these values,
    another set of people that prints the very same pack; all of them were counted and printed to make sure.

    `on_progress(done, total, what)` may raise to cancel: nothing is kept then.

    Raises:
        Misuse: a table names a question or level that is not there.
        ReleaseRefused: with the earlier releases this pack would tell what few people said.
        ProtectionFailed: a check by counting again differs; nothing may be printed.
    """
    raise NotImplementedError
