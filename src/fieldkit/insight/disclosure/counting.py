"""Counting people into the tables of a pack: the sums in which a person is counted, and the sums over many people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from fieldkit.errors import Misuse
from fieldkit.insight.disclosure.definitions import (
    NO_ANSWER,
    TOTAL,
    Answer,
    PeopleTable,
    Question,
    QuoteGroup,
)

Filter = tuple[tuple[str, frozenset[str]], ...]


class SumKey(NamedTuple):
    """A number behind a figure: the people in a row and column, or those left out of the table there (`inside` false).

    `column` may be a group, the total, a share, or a mean; the sum with `scores` adds up the scores of a mean.
    """

    table: str
    row: str
    column: str
    inside: bool = True
    scores: bool = False


def codes_of(answer: Answer) -> tuple[str, ...]:
    """The codes of an answer; if there is none, the code for no answer."""
    if answer is None or answer == ():
        return (NO_ANSWER,)
    return (answer,) if isinstance(answer, str) else answer


def passes(where: Filter, answers: Mapping[str, Answer]) -> bool:
    """Whether the answers pass a filter."""
    return all(not codes.isdisjoint(codes_of(answers.get(question))) for question, codes in where)


class TableCounter:
    """Counts people into one table at one level of its rows; beyond the last level, into its total only."""

    def __init__(self, table: PeopleTable, questions: Mapping[str, Question], level: int = 0) -> None:
        self.table, self.level = table, level
        used = [
            table.rows,
            table.columns,
            *(name for name, _ in table.where),
            *(mean.question for mean in table.means),
        ]
        for name in used:
            if name is not None and name not in questions:
                raise Misuse(f"Table “{table.name}” asks “{name}”, which is no question of the pack.")
        self.questions = questions
        levels = questions[table.rows].levels
        self.row_groups: Mapping[str, str] = levels[level].groups if level < len(levels) else {}
        self.level_name = levels[level].name if level < len(levels) else TOTAL
        columns = questions[table.columns].levels[0] if table.columns else None
        self.column_groups: Mapping[str, str] = columns.groups if columns else {}
        self.rows = (*dict.fromkeys(self.row_groups.values()), TOTAL)
        self.groups = tuple(dict.fromkeys(self.column_groups.values()))
        self.columns = (*(self.groups if table.counts else ()), TOTAL)
        self.monitoring = any(questions[name].monitoring for name in used if name)
        labels = [
            *self.groups,
            TOTAL,
            *(share.label for share in table.shares),
            *(mean.label for mean in table.means),
        ]
        if len(set(labels)) < len(labels) or TOTAL in self.rows[:-1]:
            raise Misuse(f"Table “{table.name}” has two rows or columns of one name.")

    def sums_of(self, answers: Mapping[str, Answer]) -> Counter[SumKey]:
        """The sums in which a person with these answers is counted, and how much in each."""
        table, inside = self.table, passes(self.table.where, answers)
        columns = [TOTAL]
        if table.columns:
            codes = codes_of(answers.get(table.columns))
            columns += dict.fromkeys(self.column_groups[code] for code in codes if code in self.column_groups)
            columns += [share.label for share in table.shares if not share.codes.isdisjoint(codes)]
        scores: dict[str, int] = {}
        for mean in table.means:
            given = self._scores(mean.question, answers)
            if given:
                scores[mean.label] = sum(given)
        sums: Counter[SumKey] = Counter()
        for row in self._rows_of(answers):
            for column in [*columns, *scores]:
                sums[SumKey(table.name, row, column, inside)] = 1
            for label, score in scores.items():
                sums[SumKey(table.name, row, label, inside, True)] = score
        return sums

    def _rows_of(self, answers: Mapping[str, Answer]) -> list[str]:
        codes = codes_of(answers.get(self.table.rows))
        return [*dict.fromkeys(self.row_groups[code] for code in codes if code in self.row_groups), TOTAL]

    def _scores(self, question: str, answers: Mapping[str, Answer]) -> list[int]:
        scores = self.questions[question].scores
        return [scores[code] for code in codes_of(answers.get(question))[:1] if code in scores]

    def features(self, question: str, answer: Answer) -> Hashable:
        """Everything that this table distinguishes about an answer to a question."""
        alone = {question: answer}
        table = self.table
        codes = codes_of(answer)
        return (
            tuple(self._rows_of(alone)) if question == table.rows else None,
            tuple(sorted({self.column_groups[code] for code in codes if code in self.column_groups}))
            if question == table.columns
            else None,
            tuple(not share.codes.isdisjoint(codes) for share in table.shares)
            if question == table.columns
            else None,
            tuple(not wanted.isdisjoint(codes) for name, wanted in table.where if name == question),
            tuple(tuple(self._scores(question, alone)) for mean in table.means if mean.question == question),
        )


class QuoteCounter:
    """Counts people whose answers pass the filter of a group of quotes."""

    def __init__(self, group: QuoteGroup) -> None:
        self.group = group
        self.key = SumKey(group.name, "", "quotes")

    def sums_of(self, answers: Mapping[str, Answer]) -> Counter[SumKey]:
        """As for tables."""
        return Counter({self.key: 1}) if passes(self.group.where, answers) else Counter()

    def features(self, question: str, answer: Answer) -> Hashable:
        """As for tables."""
        codes = codes_of(answer)
        return tuple(not wanted.isdisjoint(codes) for name, wanted in self.group.where if name == question)


def count(
    counters: Iterable[TableCounter | QuoteCounter], people: Iterable[tuple[Mapping[str, Answer], int]]
) -> Counter[SumKey]:
    """The sums over all people, given as answers with the number of people who gave them."""
    total: Counter[SumKey] = Counter()
    counters = list(counters)
    for answers, number in people:
        for counter in counters:
            for key, times in counter.sums_of(answers).items():
                total[key] += times * number
    return total
