"""An attack on a cycle's packs, whose tables count by the rating and one other question (which may take several answers).

It knows the questions, the printed values, the rules of hiding, and how many people came and went since earlier packs. Its
variables are numbers of people: by rating and need, and of these by each answer to each other question. Any such numbers
that add up are possible for some people, since no table combines two of the other questions; so nothing is lost.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from fieldkit.insight.disclosure.definitions import Answer, Key, PeopleTable, Question
from fieldkit.insight.disclosure.thresholds import Preset

RATING, NEED = "rating", "need"
Sum = dict[int, int]
"""Variable -> how often it counts."""
Everywhere = Collection[str]


@dataclass(frozen=True)
class PrintedPack:
    """What a reader has of one pack: figures by table, row and column, and the groups whose quotes are printed."""

    tables: Sequence[PeopleTable]
    levels: Mapping[str, int]
    printed: Mapping[Key, str]
    preset: Preset
    quotes: Sequence[tuple[tuple[tuple[str, frozenset[str]], ...], int]] = ()


@dataclass(frozen=True)
class Before:
    """The people of earlier packs: the name of that time, the packs, and how many people came and went since."""

    name: str
    packs: Sequence[PrintedPack]
    new: int = 0
    gone: int = 0


@dataclass(frozen=True)
class KnownPerson:
    """A person as the test knows them: their answers, and the times at which they gave the same answers."""

    answers: Mapping[str, Answer]
    times: frozenset[str]


NOW = "now"


class PackAttack:
    """What a reader of packs can deduce. `several`: questions that take several answers."""

    def __init__(
        self, questions: Iterable[Question], several: Collection[str], before: Sequence[Before] = ()
    ) -> None:
        self.questions = {question.name: question for question in questions}
        self.several = several
        times = [NOW, *(each.name for each in before)]
        self.whens = [
            frozenset(when)
            for size in range(1, len(times) + 1)
            for when in itertools.combinations(times, size)
            if all(
                (each.new or NOW not in when or each.name in when)
                and (each.gone or each.name not in when or NOW in when)
                for each in before
            )
        ]
        self.names: dict[tuple[object, ...], int] = {}
        self.rows: list[tuple[Sum, float, float]] = []
        self.hubs = list(itertools.product(self.whens, self._codes(RATING), self._codes(NEED)))
        for hub in self.hubs:
            for question in self.questions:
                if question in self.several:
                    self._several(hub, question)
                elif question not in {RATING, NEED}:
                    parts = {self._at(hub, question, code): 1 for code in self._codes(question)}
                    self.rows.append((parts | {self._at(hub): -1}, 0, 0))
        for each in before:
            for there, not_there, number in ((NOW, each.name, each.new), (each.name, NOW, each.gone)):
                moved = {self._at(hub): 1 for hub in self.hubs if there in hub[0] and not_there not in hub[0]}
                if moved:
                    self.rows.append((moved, number, number))
        self.solutions: list[np.ndarray] = []

    def _codes(self, question: str) -> list[str]:
        if question not in self.questions:
            return [""]
        return list(dict.fromkeys([*self.questions[question].levels[0].groups, ""]))

    def _at(self, *name: object) -> int:
        return self.names.setdefault(name, len(self.names))

    def _several(self, hub: object, question: str) -> None:
        """Add the rule that a person counts once in each group of each level in which they have an answer."""
        levels = self.questions[question].levels
        assert "" not in levels[0].groups
        whole = self._at(hub)
        for code in levels[0].groups:
            self.rows.append(({self._at(hub, question, code): 1, whole: -1}, -math.inf, 0))
        for place, level in enumerate(levels[1:], start=1):
            for group in level.labels:
                at = self._at(hub, question, place, group)
                inside = [
                    self._at(hub, question, code) for code, name in level.groups.items() if name == group
                ]
                self.rows.append(({at: 1, whole: -1}, -math.inf, 0))
                self.rows.append((dict.fromkeys(inside, -1) | {at: 1}, -math.inf, 0))
                self.rows += [({at: 1, code: -1}, 0, math.inf) for code in inside]

    def people(
        self,
        when: Callable[[frozenset[str]], bool],
        row: tuple[str, int, str] | None,
        ratings: Collection[str] | None,
        where: Iterable[tuple[str, frozenset[str]]] = (),
    ) -> Sum:
        """The people of a row (question, level, group; None: all) with one of these ratings who match a filter."""
        wanted = {RATING: set(self._codes(RATING)), NEED: set(self._codes(NEED))}
        for question, codes in [*where, *([(RATING, ratings)] if ratings is not None else [])]:
            wanted[question] &= set(codes)
        parts: Sum = {}
        for hub in self.hubs:
            if when(hub[0]) and hub[1] in wanted[RATING] and hub[2] in wanted[NEED]:
                parts |= dict.fromkeys(self._row(hub, row), 1)
        return parts

    def _row(self, hub: object, row: tuple[str, int, str] | None) -> list[int]:
        if row is None:
            return [self._at(hub)]
        question, place, group = row
        if question in self.several and place:
            return [self._at(hub, question, place, group)]
        groups = self.questions[question].levels[place].groups
        return [self._at(hub, question, code) for code, name in groups.items() if name == group]

    def cells(
        self, table: PeopleTable, level: int, when: Callable[[frozenset[str]], bool]
    ) -> Iterator[tuple[str, str, Sum, Sum]]:
        """(row, column, people in the cell, people in its row) of a table; for a share, the people who are the part."""
        assert table.columns in {None, RATING} and not table.means
        levels = self.questions[table.rows].levels
        rows = list(levels[level].labels) if level < len(levels) else []
        columns = self.questions[RATING].levels[0].groups if table.columns else {}
        for label in [*rows, "total"]:
            row = (table.rows, level, label) if label != "total" else None
            whole = self.people(when, row, None, table.where)
            yield label, "total", whole, whole
            for column in dict.fromkeys(columns.values()):
                codes = [code for code, group in columns.items() if group == column]
                yield label, column, self.people(when, row, codes, table.where), whole
            for share in table.shares:
                yield label, share.label, self.people(when, row, share.codes, table.where), whole

    def read(self, time: str, pack: PrintedPack) -> None:
        """Learn everything that a pack prints."""
        preset = pack.preset
        for table in pack.tables:
            shares = {share.label for share in table.shares}
            for row, column, part, whole in self.cells(table, pack.levels[table.name], lambda w: time in w):
                text = pack.printed.get((table.name, row, column), "*")
                # Rounded percentages and totals follow from the rounded numbers, so they reveal nothing more.
                if text == "*" or (preset.round_to > 1 and (column in shares or "total" in (row, column))):
                    continue
                number = int(text.rstrip("%"))
                if column in shares:
                    for edge, low, high in ((-1, 0.0, math.inf), (1, -math.inf, -1.0)):
                        bound = {at: 200 * part.get(at, 0) - (2 * number + edge) for at in whole}
                        self.rows.append((bound, low, high))
                else:
                    half = preset.round_to // 2
                    low = max(preset.threshold, number - half) if half and number else number
                    self.rows.append((part, low, number + half if number else 0))
        for where, number in pack.quotes:
            self.rows.append((self.quoted(time, where), number, math.inf))

    def quoted(self, time: str, where: Iterable[tuple[str, frozenset[str]]]) -> Sum:
        """The people of a group of quotes: everybody, or those with certain answers to one other question."""
        filters = list(where)
        assert len(filters) <= 1
        if not filters:
            return self.people(lambda w: time in w, None, None)
        [(question, codes)] = filters
        return {self._at(hub, question, code): 1 for hub in self.hubs if time in hub[0] for code in codes}

    def sensitive(
        self, pack: PrintedPack, when: Callable[[frozenset[str]], bool], clause: str = ""
    ) -> Iterator[tuple[str, Sum]]:
        """Every number of a pack that may be small: cells, rests of shares, and the same for people left out."""
        for table in pack.tables:
            level = pack.levels[table.name]
            shares = {share.label for share in table.shares}
            out = PeopleTable(table.name, table.rows, table.columns, (), table.counts, table.shares)
            kinds = [(self.cells(table, level, when), "")]
            if table.where:
                both = zip(self.cells(out, level, when), self.cells(table, level, when), strict=True)
                left = (
                    (row, column, _less(part, inside), _less(whole, row_inside))
                    for (row, column, part, whole), (_, _, inside, row_inside) in both
                )
                kinds.append((left, " left out"))
            for cells, kind in kinds:
                for row, column, part, whole in cells:
                    yield f"{table.name} {row} {column}{kind}{clause}", part
                    if column in shares:
                        yield f"{table.name} {row} rest of {column}{kind}{clause}", _less(whole, part)

    def possible(self, wanted: Sum, value: int) -> bool:
        """Whether a number of people may be `value`."""
        if any(_number(wanted, people) == value for people in self.solutions):
            return True
        rows = [*self.rows, (wanted, value, value)]
        size = len(self.names)
        matrix = csr_matrix(
            (
                [times for row, _, _ in rows for times in row.values()],
                (
                    [at for at, (row, _, _) in enumerate(rows) for _ in row],
                    [at for row, _, _ in rows for at in row],
                ),
            ),
            shape=(len(rows), size),
        )
        low, high = (np.array([row[side] for row in rows], dtype=float) for side in (1, 2))
        result = milp(
            np.zeros(size),
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(size),
        )
        if result.x is None:
            return False
        people = np.round(result.x)
        reached = matrix @ people
        assert ((reached >= low) & (reached <= high)).all(), "the attack's own solver erred"
        self.solutions.append(people)
        return True

    def counted(self, people: Iterable[KnownPerson]) -> np.ndarray:
        """The true numbers."""
        numbers = np.zeros(len(self.names))
        for person in people:
            answers = person.answers
            hub = (
                person.times,
                *(str(answers.get(q) or "") if q in self.questions else "" for q in (RATING, NEED)),
            )
            numbers[self._at(hub)] += 1
            for name, question in self.questions.items():
                answer = answers.get(name)
                if name in self.several:
                    given = set(answer or ()) if not isinstance(answer, str) else {answer}
                    for code in given & set(question.levels[0].groups):
                        numbers[self._at(hub, name, code)] += 1
                    for place, level in enumerate(question.levels[1:], start=1):
                        for group in {level.groups[code] for code in given if code in level.groups}:
                            numbers[self._at(hub, name, place, group)] += 1
                elif name not in {RATING, NEED}:
                    numbers[self._at(hub, name, answer or "")] += 1
        return numbers


def leaks(
    people: Sequence[KnownPerson],
    questions: Sequence[Question],
    several: Collection[str],
    packs: Sequence[PrintedPack],
    before: Sequence[Before] = (),
) -> list[str]:
    """Every small number that is not open, in the present packs and among those who came or went since earlier ones."""
    attack, alone = (PackAttack(questions, several, before) for _ in range(2))
    for pack in packs:
        attack.read(NOW, pack)
    for each in before:
        for pack in each.packs:
            attack.read(each.name, pack)
    truth = attack.counted(people)
    for row, low, high in attack.rows:
        assert low <= _number(row, truth) <= high, "the packs do not print the true numbers"
    # What one pack hides as small must stay open, whatever other packs' rules would show.
    everything = [*packs, *(pack for each in before for pack in each.packs)]
    strictest = max((pack.preset for pack in everything), key=lambda preset: preset.threshold)
    wanted: dict[str, tuple[Sum, Preset]] = {}
    for pack in packs:
        wanted |= {name: (sums, strictest) for name, sums in attack.sensitive(pack, lambda w: NOW in w)}
        for where, _ in pack.quotes:
            wanted[f"quotes {where}"] = (attack.quoted(NOW, where), strictest)
        for each in before:
            for there, other, word in ((NOW, each.name, "new since"), (each.name, NOW, "gone since")):
                moved = attack.sensitive(
                    pack, lambda w, a=there, b=other: a in w and b not in w, f" {word} {each.name}"
                )
                wanted |= {name: (sums, strictest) for name, sums in moved}
    leaked: list[str] = []
    for name, (sums, preset) in wanted.items():
        value = int(_number(sums, truth))
        if preset.is_small(value):
            values = [v for v in range(1, preset.threshold) if alone.possible(sums, v)]
            values = values if len(values) > 1 else [0, *values]
            pinned = [v for v in values if not attack.possible(sums, v) and alone.possible(sums, v)]
            if pinned:
                leaked.append(f"{name} is {value} and can't be {pinned}")
    return leaked


def _number(sums: Sum, people: np.ndarray) -> float:
    return float(sum(times * people[at] for at, times in sums.items()))


def _less(whole: Sum, part: Sum) -> Sum:
    return {at: times for at in {**whole, **part} if (times := whole.get(at, 0) - part.get(at, 0))}
