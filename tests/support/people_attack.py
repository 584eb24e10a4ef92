"""An attack on a printed pack about people: it knows the questions, the tables, the printed values and the rules of hiding.

Its variables are the numbers of people with each set of answers. It derives figures from people by itself, from the rules.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from fieldkit.insight.disclosure.definitions import (
    EarlierRelease,
    Key,
    PeopleTable,
    Question,
    QuoteGroup,
    Respondent,
)
from fieldkit.insight.disclosure.thresholds import PRESETS, Preset

Holds = Callable[[Mapping[str, str | None]], bool]
Named = tuple[str, np.ndarray]


class PeopleAttack:
    """What a reader of a pack and of earlier releases can deduce."""

    def __init__(self, questions: Sequence[Question], releases: Sequence[str] = ()) -> None:
        self.questions = {question.name: question for question in questions}
        codes = [[*question.levels[0].groups, None] for question in questions]
        answers = [dict(zip(self.questions, each, strict=True)) for each in itertools.product(*codes)]
        # People of a release may still be here, or have gone.
        self.where = [("now",), *itertools.chain.from_iterable((("now", name), (name,)) for name in releases)]
        self.people = [(each, where) for where in self.where for each in answers]
        self.rows: list[tuple[np.ndarray, float, float]] = []

    def vector(self, holds: Holds, *places: str, never: str = "") -> np.ndarray:
        """The people whose answers satisfy a condition and who are in all these places, but not in the place `never`."""
        return np.array(
            [
                holds(answers) and set(places) <= set(where) and never not in where
                for answers, where in self.people
            ],
            dtype=float,
        )

    def learn(self, vector: np.ndarray, low: float, high: float) -> None:
        """Learn bounds on a number of people."""
        self.rows.append((vector, low, high))

    def read(
        self,
        place: str,
        tables: Iterable[PeopleTable],
        levels: Mapping[str, int],
        printed: Mapping[Key, str],
        preset: Preset,
    ) -> None:
        """Learn everything that printed tables say."""
        for table in tables:
            groups = {share.label: share for share in table.shares}
            for row, column, holds in self.cells(table, levels[table.name]):
                text = printed.get((table.name, row, column), "*")
                # Rounded percentages and totals follow from the rounded numbers, so they reveal nothing more.
                made = preset.round_to > 1 and (column in groups or "total" in (row, column))
                if text == "*" or made:
                    continue
                part = self.vector(holds, place)
                if column in groups:
                    whole = self.vector(self.row(table, row, levels[table.name]), place)
                    percent = int(text.rstrip("%"))
                    self.learn(200 * part - (2 * percent - 1) * whole, 0, math.inf)
                    self.learn(200 * part - (2 * percent + 1) * whole, -math.inf, -1)
                elif preset.round_to == 1:
                    self.learn(part, int(text), int(text))
                else:
                    low = max(preset.threshold, int(text) - preset.round_to // 2) if int(text) else 0
                    self.learn(part, low, int(text) + preset.round_to // 2 if int(text) else 0)

    def row(self, table: PeopleTable, row: str, level: int) -> Holds:
        """The condition for being in a row."""
        levels = self.questions[table.rows].levels
        groups = levels[level].groups if level < len(levels) else {}
        return lambda answers: (
            (row == "total" or groups.get(answers[table.rows] or "") == row)
            and all((answers[name] or "") in codes for name, codes in table.where)
        )

    def cells(self, table: PeopleTable, level: int) -> Iterator[tuple[str, str, Holds]]:
        """Every row and column of a table, with the condition for being in it; for a share, for being in the part."""
        levels = self.questions[table.rows].levels
        rows = [*dict.fromkeys(levels[level].groups.values()), "total"] if level < len(levels) else ["total"]
        columns = self.questions[table.columns].levels[0].groups if table.columns else {}
        for row in rows:
            inside = self.row(table, row, level)
            yield row, "total", inside
            for column in dict.fromkeys(columns.values()):
                yield (
                    row,
                    column,
                    _and(inside, table.columns, [c for c, group in columns.items() if group == column]),
                )
            for share in table.shares:
                yield row, share.label, _and(inside, table.columns, share.codes)

    def sensitive(self, table: PeopleTable, level: int) -> Iterator[tuple[str, Holds]]:
        """Every number of a table that may be small: cells, rests of shares, and the same for people left out."""
        out = PeopleTable(table.name, table.rows, table.columns, (), table.counts, table.shares)
        shares = {share.label for share in table.shares}
        whole = {(row, column): holds for row, column, holds in self.cells(out, level)}
        for row, column, holds in self.cells(table, level):
            yield f"{table.name} {row} {column}", holds
            if table.where:
                yield f"{table.name} {row} {column} left out", _without(whole[row, column], holds)
            if column in shares:
                yield f"{table.name} {row} {column} rest", _without(self.row(table, row, level), holds)

    def possible(self, vector: np.ndarray, value: int) -> bool:
        """Whether a number of people may be `value`."""
        rows = [*self.rows, (vector, value, value)]
        matrix = np.array([row[0] for row in rows])
        low, high = (np.array([row[side] for row in rows]) for side in (1, 2))
        size = len(self.people)
        result = milp(
            np.zeros(size),
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(size),
        )
        if result.x is None:
            return False
        reached = matrix @ np.round(result.x)
        assert ((reached >= low) & (reached <= high)).all(), "the attack's own solver erred"
        return True


def leaks(
    people: Sequence[Respondent],
    questions: Sequence[Question],
    tables: Sequence[PeopleTable],
    preset: Preset,
    levels: Mapping[str, int],
    printed: Mapping[Key, str],
    *,
    quotes: Sequence[QuoteGroup] = (),
    quoted: Iterable[str] = (),
    earlier: Sequence[EarlierRelease] = (),
) -> list[str]:
    """Every small number that is not open, in a pack and among those who came or went since earlier releases."""
    names = [each.name for each in earlier]
    attack = PeopleAttack(questions, names)
    truth = np.zeros(len(attack.people))
    index = {(tuple(answers.values()), where): at for at, (answers, where) in enumerate(attack.people)}
    for person in people:
        answers = tuple(person.answers.get(name) for name in attack.questions)
        truth[index[answers, ("now", *person.releases)]] += 1
    for each in earlier:
        for vector in (
            attack.vector(_all, "now", never=each.name),
            attack.vector(_all, each.name, never="now"),
        ):
            number = each.gone if _is_of_gone(vector, attack) else truth @ vector
            attack.learn(vector, number, number)
    alone = PeopleAttack(questions, names)
    alone.rows = list(attack.rows)
    attack.read("now", tables, levels, printed, preset)
    for each in earlier:
        attack.read(each.name, each.tables, each.levels, each.printed, PRESETS[each.preset])
    for group in quotes:
        if group.name in quoted:
            attack.learn(attack.vector(_passes(group), "now"), group.quotes, math.inf)
    wanted: list[Named] = [
        (name, attack.vector(holds, "now"))
        for table in tables
        for name, holds in attack.sensitive(table, levels[table.name])
    ]
    for each in earlier:
        wanted += [
            (f"{name} new", attack.vector(holds, "now", never=each.name))
            for table in tables
            for name, holds in attack.sensitive(table, levels[table.name])
        ]
    wanted += [(group.name, attack.vector(_passes(group), "now")) for group in quotes]
    leaked: list[str] = []
    for name, vector in wanted:
        value = int(vector @ truth)
        if preset.is_small(value):
            values = [v for v in range(1, preset.threshold) if alone.possible(vector, v)]
            values = values if len(values) > 1 else [0, *values]
            pinned = [v for v in values if not attack.possible(vector, v) and alone.possible(vector, v)]
            if pinned:
                leaked.append(f"{name} is {value} and can't be {pinned}")
    return leaked


def _is_of_gone(vector: np.ndarray, attack: PeopleAttack) -> bool:
    return any("now" not in where and bool(vector[at]) for at, (_, where) in enumerate(attack.people))


def _all(answers: Mapping[str, str | None]) -> bool:
    return True


def _passes(group: QuoteGroup) -> Holds:
    return lambda answers: all((answers[name] or "") in codes for name, codes in group.where)


def _and(inside: Holds, question: str | None, codes: Iterable[str]) -> Holds:
    wanted = set(codes)
    return lambda answers: inside(answers) and question is not None and answers[question] in wanted


def _without(whole: Holds, part: Holds) -> Holds:
    return lambda answers: whole(answers) and not part(answers)
