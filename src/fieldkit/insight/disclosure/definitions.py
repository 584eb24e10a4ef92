"""What a pack asks of people: its questions with their levels, its tables, its quotes, and what came out before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

Answer = str | tuple[str, ...] | None
"""One code, the codes of a question that takes several, or None where there is no answer."""

NO_ANSWER = ""
"""The code under which people without an answer are counted, where a question's level lists it."""

TOTAL = "total"
"""The label of margins: the row of all rows, the column of all columns."""

Key = tuple[str, str, str]
"""Where a figure is printed: table, row, column. Quotes: their group's name, "", "quotes"."""


@dataclass(frozen=True)
class Level:
    """One level of a question: `groups` gives for each answer code the group it is counted in, in printing order.

    Several codes may share a group, at a coarser level. Codes that `groups` lacks are counted in the totals alone.
    """

    name: str
    groups: Mapping[str, str]

    @property
    def labels(self) -> tuple[str, ...]:
        """The groups, each once, in their order."""
        return tuple(dict.fromkeys(self.groups.values()))


@dataclass(frozen=True)
class Question:
    """A question of a pack. `levels` go from the finest to the coarsest, each merging groups of the one before.

    `monitoring`: a question about the person (ethnic group, religion, age …). `scores`: the number that each answer
    code stands for, for means. People may give several answers; then a person is counted in several groups.
    """

    name: str
    levels: tuple[Level, ...]
    monitoring: bool = False
    scores: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """A column of percentages: of the row's people, those whose answer to the columns' question is one of `codes`."""

    label: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Mean:
    """A column of means: of the scores of a question, over the row's people who have a score."""

    label: str
    question: str
    decimals: int = 1


@dataclass(frozen=True)
class PeopleTable:
    """One table of a pack: groups of `rows` down, groups of `columns` across, everybody's margins at the end.

    `columns` None: totals, shares and means alone. `where`: only people whose answer to each question named is one of
    the codes given; the people left out are protected too. `counts`: whether the inner counts are printed.
    Everybody who passes `where` is in the total, groups or not.
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

    An empty `where`: all quotes of the pack, whatever is printed beside them.
    """

    name: str
    where: tuple[tuple[str, frozenset[str]], ...]
    quotes: int


@dataclass(frozen=True)
class EarlierRelease:
    """A pack that came out before: its tables, its figures as they were printed, and who has left since.

    `printed`: text of every figure by its key, stars included. `levels`: the level at which each table came out.
    `gone`: how many people were in it and are not there now (erased, or with other answers since).
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
    """One person: answers by question, and the names of the earlier releases that counted these same answers."""

    answers: Mapping[str, Answer]
    releases: Collection[str] = ()
