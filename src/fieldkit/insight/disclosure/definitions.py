"""The definition of a pack about people: its questions with their levels, its tables, its quotes, and earlier releases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

Answer = str | tuple[str, ...] | None
"""One code, the codes of a question that takes several, or None for no answer."""

NO_ANSWER = ""
"""The code under which people without an answer are counted, if a level of the question lists it."""

TOTAL = "total"
"""The label of margins: the row of all rows, the column of all columns."""

Key = tuple[str, str, str]
"""The place of a figure: table, row, column. For quotes: their group's name, "", "quotes"."""


@dataclass(frozen=True)
class Level:
    """One level of a question: `groups` maps each answer code to the group that it is counted in, in printing order.

    At a coarser level several codes may share a group. Codes that `groups` lacks are counted only in the totals.
    """

    name: str
    groups: Mapping[str, str]

    @property
    def labels(self) -> tuple[str, ...]:
        """The groups, each once, in their order."""
        return tuple(dict.fromkeys(self.groups.values()))


@dataclass(frozen=True)
class Question:
    """A question of a pack. `levels` go from the finest to the coarsest; each merges groups of the previous one.

    `monitoring`: a question about the person (ethnic group, religion, age …). `scores`: the number for each answer code, for
    means. A person who gives several answers is counted in several groups.
    """

    name: str
    levels: tuple[Level, ...]
    monitoring: bool = False
    scores: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """A column of percentages: of the people in a row, those whose answer to the columns' question is one of `codes`."""

    label: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Mean:
    """A column of means: the mean score of a question, over the people in the row who have a score."""

    label: str
    question: str
    decimals: int = 1


@dataclass(frozen=True)
class PeopleTable:
    """One table of a pack: groups of `rows` down, groups of `columns` across, with margins at the end.

    With `columns` None it has only totals, shares and means. `where`: only people whose answer to each of these questions is one
    of its codes; the people left out are protected too. `counts`: whether the inner counts are printed. Everybody who passes
    `where` is in the total, in a group or not.
    """

    name: str
    rows: str
    columns: str | None = None
    where: tuple[tuple[str, frozenset[str]], ...] = ()
    counts: bool = True
    shares: tuple[Share, ...] = ()
    means: tuple[Mean, ...] = ()


@dataclass(frozen=True)
class QuoteGroup:
    """Quotes that are printed with an attribute: at least `quotes` people have answers that pass `where`.

    With an empty `where`: all quotes of the pack, whatever is printed beside them.
    """

    name: str
    where: tuple[tuple[str, frozenset[str]], ...]
    quotes: int


@dataclass(frozen=True)
class EarlierRelease:
    """An earlier release of a pack: its tables, its figures as printed, and how many people have left since.

    `printed`: the text of every figure by its key, stars included. `levels`: the level at which each table was printed. `gone`:
    how many people were in it and are not there now (erased, or with other answers since).
    """

    name: str
    preset: str
    tables: tuple[PeopleTable, ...]
    levels: Mapping[str, int]
    printed: Mapping[Key, str]
    quotes: tuple[QuoteGroup, ...] = ()
    gone: int = 0


@dataclass(frozen=True)
class Respondent:
    """One person: answers by question, and the names of the earlier releases that counted the same answers."""

    answers: Mapping[str, Answer]
    releases: Collection[str] = ()
