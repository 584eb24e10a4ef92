"""A pack about people: from its tables to the input of the search, and back to tables that may be printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

import numpy as np

from fieldkit.evidence_extra import evidence_extra
from fieldkit.insight.disclosure.counting import QuoteCounter, SumKey, TableCounter, codes_of, count
from fieldkit.insight.disclosure.definitions import (
    NO_ANSWER,
    TOTAL,
    EarlierRelease,
    Key,
    PeopleTable,
    Question,
    QuoteGroup,
    Respondent,
)
from fieldkit.insight.disclosure.people_pages import (
    Figures,
    columns_of,
    follows_from_printed,
    print_pages,
    quote_key,
    quotes_need,
)
from fieldkit.insight.disclosure.profiles import EVERYBODY, NOW, Person, Profiles, ScopedSum
from fieldkit.insight.disclosure.sensitive_sums import asks_about_people, sensitive_sums
from fieldkit.insight.disclosure.statements import Bound, Pack, Rank, Statement, StatementKind, Vector
from fieldkit.insight.disclosure.thresholds import PRESETS, Preset
from fieldkit.printed_figure import STAR, Figure, Shown

MOST_SMALL = 4
"""A table in which more than one count in this many is small goes to a coarser level of its rows."""


class PeoplePack:
    """The tables at the level at which they are printed, the variables, and every sum over them.

    `merges`: tables with many small numbers go to a coarser level.
    """

    def __init__(
        self,
        people: Sequence[Respondent],
        questions: Sequence[Question],
        tables: Sequence[PeopleTable],
        preset: Preset,
        quotes: Sequence[QuoteGroup] = (),
        earlier: Sequence[EarlierRelease] = (),
        *,
        merges: bool = True,
    ) -> None:
        self.preset, self.earlier = preset, earlier
        # What an earlier release of these people hid as small must stay open, whatever this one may show.
        presets = [preset, *(PRESETS[each.preset] for each in earlier)]
        self.strictest = max(presets, key=lambda each: each.threshold)
        known = {question.name: question for question in questions}
        parts: list[PeopleTable | QuoteGroup] = [*tables, *quotes]
        for each in earlier:
            parts += [*each.tables, *each.quotes]
        used = _questions_used(parts)
        grouped = _grouped(people, used)
        now = [(dict(zip(used, person.answers, strict=True)), number) for person, number in grouped.items()]
        self.tables = [
            _at_its_level(table, known, now, preset) if merges else TableCounter(table, known)
            for table in tables
        ]
        self.quotes = [QuoteCounter(group) for group in quotes]
        self.counters: dict[str, Sequence[TableCounter | QuoteCounter]] = {NOW: [*self.tables, *self.quotes]}
        for each in earlier:
            tables_then = [TableCounter(table, known, each.levels[table.name]) for table in each.tables]
            self.counters[each.name] = [*tables_then, *(QuoteCounter(group) for group in each.quotes)]
        self.profiles = Profiles(
            {name: _codes(name, known, self.counters) for name in used}, self.counters, grouped
        )
        self._number_variables()
        self.few_alike: list[Key] = []
        self.alike = self._rows_alike()
        # Decided once, by the true numbers: what other people might have answered is no reason for a star.
        self.few_alike = [key for key in self.alike if self._is_small_group(key)]
        self.figures = self.print(self.truth, [])
        self.statements = self._statements()

    # --- variables and sums

    def _number_variables(self) -> None:
        present = self.profiles.present
        sums = {person: self.profiles.sums_of(person) for person in present}
        total: Counter[ScopedSum] = Counter()
        for person, number in present.items():
            for scoped, times in sums[person].items():
                total[scoped] += number * times
        small = {scoped for scoped, number in total.items() if self.strictest.is_small(number)}
        scopes = dict.fromkeys(
            [
                (NOW, *(each.name for each in self.earlier)),
                (NOW,),
                *sorted({person.scopes for person in present}),
            ]
        )
        scopes |= dict.fromkeys((each.name,) for each in self.earlier if each.gone)
        chosen = self.profiles.variables(scopes, lambda person: not small.isdisjoint(sums[person]))
        for each in self.earlier:
            if each.gone:  # the answers of people who are gone are not known: they may be any
                chosen += [
                    Person(person.answers, (each.name,)) for person in chosen if person.scopes[0] == NOW
                ]
        chosen = list(dict.fromkeys(chosen))
        rest: Counter[ScopedSum] = Counter(total)
        for person in chosen:
            for scoped, times in sums.get(person, {}).items():
                rest[scoped] -= present[person] * times
        # People whom no sum distinguishes are one variable.
        alike: dict[frozenset[tuple[ScopedSum, int]], int] = {}
        columns: list[Mapping[ScopedSum, int]] = []
        numbers: list[int] = []
        for person in chosen:
            column: Mapping[ScopedSum, int] = sums.get(person) or self.profiles.sums_of(person)
            at = alike.setdefault(frozenset(column.items()), len(columns))
            if at == len(columns):
                columns.append(column)
                numbers.append(0)
            numbers[at] += present[person]
        columns.append(rest)
        numbers.append(1)
        keys = dict.fromkeys(scoped for column in columns for scoped in column)
        self._rows = {scoped: at for at, scoped in enumerate(keys)}
        self._matrix = np.zeros((len(keys), len(columns)), dtype=np.int64)
        for at, column in enumerate(columns):
            for scoped, times in column.items():
                self._matrix[self._rows[scoped], at] = times
        self.truth: Vector = np.array(numbers, dtype=np.int64)

    def weights(self, scope: str, key: SumKey, without: str | None = None) -> Vector:
        """A sum as weights of the variables."""
        at = self._rows.get(ScopedSum(scope, without, key))
        weights: Vector = np.zeros_like(self.truth) if at is None else self._matrix[at]
        return weights

    def _numbers(self, variables: Vector) -> dict[str, dict[SumKey, int]]:
        """All sums of each scope."""
        numbers: dict[str, dict[SumKey, int]] = {scope: {} for scope in self.counters}
        for scoped, value in zip(self._rows, (self._matrix @ variables).tolist(), strict=True):
            if scoped.without is None:
                numbers[scoped.scope][scoped.key] = value
        return numbers

    # --- printing

    def print(self, variables: Vector, hidden: Collection[Key]) -> Figures:
        """The pack's figures."""
        return print_pages(
            self.counters[NOW], self._numbers(variables)[NOW], self.preset, {*hidden, *self._alike_keys()}
        )

    def printed(self, variables: Vector, positions: frozenset[int]) -> bytes:
        """The pack and the earlier releases as printed, in bytes."""
        hidden = [self.statements[at].key for at in positions]
        pages = [self.print(variables, hidden)]
        numbers = self._numbers(variables)
        for each in self.earlier:
            stars = {key for key, text in each.printed.items() if text == str(STAR)}
            pages.append(
                print_pages(self.counters[each.name], numbers[each.name], PRESETS[each.preset], stars)
            )
        return "\n".join(f"{key}\t{figure}" for page in pages for key, figure in page.items()).encode()

    def _alike_keys(self) -> set[Key]:
        rows = {key[:2] for key in self.few_alike}
        return {
            (table.table.name, row, column)
            for table in self.tables
            for row in table.rows
            if (table.table.name, row) in rows
            for column in columns_of(table)
        }

    def _rows_alike(self) -> list[Key]:
        """Rows in which all gave one answer: one group is the whole row, or a share is 0 or 100 %."""
        numbers = self._numbers(self.truth)[NOW]
        keys: list[Key] = []
        for table in self.tables:
            for row in table.rows:
                name = table.table.name
                people = numbers.get(SumKey(name, row, TOTAL), 0)
                groups = [numbers.get(SumKey(name, row, column), 0) for column in table.groups]
                shares = [numbers.get(SumKey(name, row, share.label), 0) for share in table.table.shares]
                if people and (people in groups or people in shares or 0 in shares):
                    keys.append((name, row, TOTAL))
        return keys

    def _is_small_group(self, key: Key) -> bool:
        table = next(each for each in self.tables if each.table.name == key[0])
        people = int(self.weights(NOW, SumKey(key[0], key[1], TOTAL)) @ self.truth)
        return people < 2 * self.preset.threshold and asks_about_people(table, key[1])

    # --- statements

    def _statements(self) -> list[Statement]:
        return [
            statement
            for counter in self.counters[NOW]
            for statement in self._of_counter(counter, NOW, self.preset)
        ]

    def _of_counter(
        self, counter: TableCounter | QuoteCounter, scope: str, preset: Preset
    ) -> list[Statement]:
        if isinstance(counter, QuoteCounter):
            part, need = self.weights(scope, counter.key), quotes_need(counter, preset)
            return [
                Statement(
                    quote_key(counter),
                    StatementKind.QUOTES,
                    part,
                    None,
                    Rank.RATIO,
                    counter.group.quotes,
                    0,
                    need,
                )
            ]
        statements: list[Statement] = []
        name = counter.table.name
        means = {mean.label: mean for mean in counter.table.means}
        for row in counter.rows:
            people = self.weights(scope, SumKey(name, row, TOTAL))
            size = int(people @ self.truth)
            for column in columns_of(counter):
                if follows_from_printed(counter, row, column, preset):
                    continue
                part = self.weights(scope, SumKey(name, row, column))
                key = (name, row, column)
                if column in counter.columns:
                    rank = (Rank.CELL, Rank.MARGIN, Rank.EVERYBODY)[(row == TOTAL) + (column == TOTAL)]
                    statements.append(
                        Statement(key, StatementKind.COUNT, part, None, rank, int(part @ self.truth))
                    )
                elif column in means:
                    scores = self.weights(scope, SumKey(name, row, column, scores=True))
                    decimals = means[column].decimals
                    statements.append(
                        Statement(key, StatementKind.MEAN, scores, part, Rank.RATIO, size, decimals)
                    )
                else:
                    statements.append(Statement(key, StatementKind.SHARE, part, people, Rank.RATIO, size))
        return statements

    def pack(self) -> Pack:
        """The input of the search."""
        return Pack(
            truth=self.truth,
            statements=self.statements,
            figures=[self.figures[statement.key] for statement in self.statements],
            sensitive=list(sensitive_sums(self)),
            known=self._known(),
            preset=self.preset,
            printed=self.printed,
            small_by=self.strictest,
        )

    def _known(self) -> list[Bound]:
        """What readers know without the pack: the earlier releases, and how many people came and left since."""
        rest = np.zeros_like(self.truth)
        rest[-1] = 1
        bounds = [Bound(rest, 1, 1)]
        for each in self.earlier:
            for weights in self.joined_and_left(each):
                number = int(weights @ self.truth)
                bounds.append(Bound(weights, number, number))
            bounds += self._released(each)
        return bounds

    def _released(self, each: EarlierRelease) -> list[Bound]:
        """What an earlier release tells readers."""
        preset = PRESETS[each.preset]
        return [
            bound
            for counter in self.counters[each.name]
            for statement in self._of_counter(counter, each.name, preset)
            for bound in statement.bounds(
                figure_of(each.printed.get(statement.key, str(STAR))), preset, self.truth
            )
        ]

    def joined_and_left(self, each: EarlierRelease) -> list[Vector]:
        """The people who came and those who left since a release."""
        return [self.weights(NOW, EVERYBODY, each.name), self.weights(each.name, EVERYBODY, NOW)]

    def find_gone(self) -> bool:
        """Give the people who left answers that agree with the releases; returns whether such answers exist.

        Nobody knows their answers any more, so any that agree will do.
        """
        if not any(each.gone for each in self.earlier):
            return self._agrees()
        with evidence_extra():
            from scipy.optimize import Bounds, LinearConstraint, milp

        gone = np.zeros(len(self.truth), dtype=bool)
        bounds: list[Bound] = []
        for each in self.earlier:
            weights = self.weights(each.name, EVERYBODY, NOW)
            gone |= weights > 0
            bounds += [Bound(weights, each.gone, each.gone), *self._released(each)]
        result = milp(
            np.ones(len(self.truth)),
            constraints=LinearConstraint(
                np.array([bound.weights for bound in bounds]),
                np.array([bound.least for bound in bounds], dtype=float),
                np.array([bound.most for bound in bounds], dtype=float),
            ),
            bounds=Bounds(np.where(gone, 0, self.truth), np.where(gone, np.inf, self.truth)),
            integrality=np.ones(len(self.truth)),
        )
        if result.x is None:
            return False
        self.truth = np.round(result.x).astype(np.int64)
        return self._agrees()

    def _agrees(self) -> bool:
        numbers = self._numbers(self.truth)
        for each in self.earlier:
            stars = {key for key, text in each.printed.items() if text == str(STAR)}
            page = print_pages(self.counters[each.name], numbers[each.name], PRESETS[each.preset], stars)
            if {key: str(figure) for key, figure in page.items()} != dict(each.printed):
                return False
        return True


def figure_of(text: str) -> Figure:
    """A figure from its text in a release."""
    if text == str(STAR):
        return STAR
    number, unit = (text[:-1], "%") if text.endswith("%") else (text, "")
    return Shown(Decimal(number) if "." in number else int(number), unit)


def _grouped(people: Sequence[Respondent], used: Sequence[str]) -> dict[Person, int]:
    """How many people have the same answers to the questions used, in a fixed order."""
    grouped = Counter(
        Person(tuple(_plain(person.answers.get(name)) for name in used), (NOW, *sorted(set(person.releases))))
        for person in people
    )
    return {
        person: grouped[person]
        for person in sorted(grouped, key=lambda each: (*map(codes_of, each.answers), each.scopes))
    }


def _plain(answer: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
    """The normal form of an answer."""
    if answer is None or isinstance(answer, str):
        return answer or None
    codes = tuple(sorted(set(answer)))
    return codes[0] if len(codes) == 1 else codes or None


def _questions_used(parts: Iterable[PeopleTable | QuoteGroup]) -> list[str]:
    used: dict[str, None] = {}
    for part in parts:
        used |= dict.fromkeys(name for name, _ in part.where)
        if isinstance(part, PeopleTable):
            names = [part.rows, part.columns, *(mean.question for mean in part.means)]
            used |= dict.fromkeys(name for name in names if name)
    return sorted(used)


def _codes(
    name: str,
    questions: Mapping[str, Question],
    counters: Mapping[str, Sequence[TableCounter | QuoteCounter]],
) -> list[str]:
    """All codes of a question that a table uses."""
    codes: dict[str, None] = {}
    if name in questions:
        codes |= dict.fromkeys(code for level in questions[name].levels for code in level.groups)
        codes |= dict.fromkeys(questions[name].scores)
    for each in counters.values():
        for counter in each:
            part = counter.table if isinstance(counter, TableCounter) else counter.group
            codes |= dict.fromkeys(
                sorted(code for asked, wanted in part.where if asked == name for code in wanted)
            )
            if isinstance(part, PeopleTable) and part.columns == name:
                codes |= dict.fromkeys(sorted(code for share in part.shares for code in share.codes))
    return [code for code in codes if code != NO_ANSWER]


def _at_its_level(
    table: PeopleTable,
    questions: Mapping[str, Question],
    people: Sequence[tuple[Mapping[str, str | tuple[str, ...] | None], int]],
    preset: Preset,
) -> TableCounter:
    """The table at the finest level of its rows at which few of its counts are small.

    Zeros that are starred at every level count neither as small nor as numbers that can be shown.
    """
    counter = TableCounter(table, questions)
    for level in range(len(questions[table.rows].levels) + 1):
        counter = TableCounter(table, questions, level)
        numbers = count([counter], people)
        columns = counter.groups if table.counts and counter.groups else (TOTAL,)
        cells = [
            numbers.get(SumKey(table.name, row, column), 0) for row in counter.rows[:-1] for column in columns
        ]
        if preset.zero_is_hidden(counter.monitoring):
            cells = [cell for cell in cells if cell]
        if MOST_SMALL * sum(preset.is_small(cell) for cell in cells) <= len(cells):
            break
    return counter
