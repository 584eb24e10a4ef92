"""The numbers of plain tables as sums of few variables: totals and linked cells are computed from their parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fieldkit.evidence_extra import evidence_extra
from fieldkit.insight.disclosure.exact_tables import ExactTable, refused
from fieldkit.insight.disclosure.relations import (
    INFINITE,
    RELATIONS,
    Link,
    Place,
    Relations,
    Sum,
)
from fieldkit.insight.disclosure.statements import UNBOUNDED, Bound, Vector, as_vector


@dataclass(frozen=True)
class _Equation:
    """A line of the relations by which `place` is the sum of `parts`."""

    line: int
    place: Place
    parts: Sum


class TableSums:
    """Every cell as a sum over the variables: the cells, and names in links, that no relation derives from others.

    `truth` holds the variables' true values; `totals` the parts of each cell that a `sum` line makes a total.

    Raises:
        TablesRefused: a relation does not hold in the true tables, or a name has no link.
    """

    def __init__(self, tables: Mapping[str, ExactTable], relations: Relations) -> None:
        self._tables, self._relations = tables, relations
        percents = {(each.table, each.column) for each in relations.percents}
        self.counts: dict[Place, int] = {}
        for table in tables.values():
            for row in table.rows:
                for column in table.columns:
                    if (table.name, column) not in percents:
                        value = table.count(row, column)
                        if value is not None:
                            self.counts[Place(table.name, row, column)] = value
        self._refuse_percents(percents)
        self.totals: dict[Place, Sum] = {}
        self.across: set[Place] = set()
        self.down: set[Place] = set()
        self._definitions: dict[Place, Sum] = {}
        self._expressions: dict[Place, Counter[Place]] = {}
        equal = self._work_out()
        self._check_counts()
        self._variables = self._number_variables()
        self.known = self._bounds(equal)
        self.truth = self._find_truth()
        self._check_known()

    # --- which cell is derived from which

    def _work_out(self) -> list[_Equation]:
        """Define the derived cells; returns the equations that remain as conditions."""
        left: list[_Equation] = []
        for equation in self._equations():
            target, parts = equation.place, equation.parts
            if target in self._definitions or any(self._depends(part, target) for part in parts):
                left.append(equation)
            else:
                self._definitions[target] = parts
        return left

    def _equations(self) -> Iterator[_Equation]:
        for line, target, parts, across in self._sum_cells():
            (self.across if across else self.down).add(target)
            self.totals.setdefault(target, parts)
            yield _Equation(line, target, parts)
        for link in self._relations.links:
            if link.sign == "=":
                single, parts = (link.left, link.right) if len(link.left) == 1 else (link.right, link.left)
                if len(single) == 1:
                    yield _Equation(link.line, single[0], parts)

    def _sum_cells(self) -> Iterator[tuple[int, Place, Sum, bool]]:
        percents = {(each.table, each.column) for each in self._relations.percents}
        for each in self._relations.sums:
            table = self._tables[each.table]
            used = (each.name, *each.parts)
            if each.across and any((table.name, label) in percents for label in used):
                raise refused(RELATIONS, each.line, "a column of percentages is no part of a sum.")
            for other in table.rows if each.across else table.columns:
                if not each.across and (table.name, other) in percents:
                    continue
                cells = [
                    Place(table.name, *((other, label) if each.across else (label, other))) for label in used
                ]
                if any(cell in self.counts for cell in cells):
                    yield each.line, cells[0], tuple(cells[1:]), each.across

    def _depends(self, place: Place, target: Place) -> bool:
        if place == target:
            return True
        return any(self._depends(part, target) for part in self._definitions.get(place, ()))

    def expression(self, place: Place) -> Counter[Place]:
        """A place as a sum of variables."""
        if place not in self._expressions:
            parts = self._definitions.get(place)
            terms: Counter[Place] = Counter()
            for part in parts or ():
                terms.update(self.expression(part))
            self._expressions[place] = terms if parts else Counter({place: 1})
        return self._expressions[place]

    def weights(self, terms: Iterable[Place]) -> Vector:
        """A sum of places as weights of the variables."""
        vector = np.zeros(len(self._variables), dtype=np.int64)
        for term in terms:
            for place, times in self.expression(term).items():
                vector[self._variables[place]] += times
        return vector

    def _number_variables(self) -> dict[Place, int]:
        places: dict[Place, int] = {}
        for place in [*self.counts, *self.names(), *self._definitions]:
            for each in self.expression(place):
                places.setdefault(each, len(places))
        return places

    def names(self) -> list[Place]:
        """Numbers in links and totals that no table shows: names, and empty cells."""
        linked = [term for link in self._relations.links for term in (*link.left, *link.right)]
        summed = [cell for _, target, parts, _ in self._sum_cells() for cell in (target, *parts)]
        return [place for place in dict.fromkeys([*linked, *summed]) if place not in self.counts]

    # --- what holds

    def _check_counts(self) -> None:
        for line, target, parts, _ in self._sum_cells():
            self._check(line, (target,), "=", parts)
        for link in self._relations.links:
            self._check(link.line, link.left, link.sign, link.right)
        linked = set(self.names())
        for line, terms in [
            *self._relations.watched,
            *((each.line, each.terms) for each in self._relations.known),
        ]:
            for term in terms:
                if not term.table and term not in linked:
                    raise refused(RELATIONS, line, f"no link has a number with the name “{term.column}”.")
                self._refuse_percent(line, term)
        for link in self._relations.links:
            for term in (*link.left, *link.right):
                self._refuse_percent(link.line, term)

    def _refuse_percent(self, line: int, term: Place) -> None:
        if any((each.table, each.column) == term[::2] for each in self._relations.percents):
            raise refused(RELATIONS, line, f"“{term}” is a percentage, not a number of people.")

    def _refuse_percents(self, percents: set[tuple[str, str]]) -> None:
        for each in self._relations.percents:
            for label in (*each.parts, *each.whole):
                if (each.table, label) in percents:
                    raise refused(RELATIONS, each.line, f"“{label}” is a percentage itself.")

    def _check(self, line: int, left: Sum, sign: str, right: Sum) -> None:
        values = [[self.counts.get(term) for term in side] for side in (left, right)]
        if any(value is None for side in values for value in side):
            return
        first, second = (sum(value or 0 for value in side) for side in values)
        if not {"=": first == second, ">=": first >= second, "<=": first <= second}[sign]:
            names = [" + ".join(str(term) for term in side) for side in (left, right)]
            raise refused(
                RELATIONS,
                line,
                f"the true tables contradict this: {names[0]} is {first}, and {names[1]} is {second}.",
                "Correct the table or the line, then try again.",
            )

    def _bounds(self, equal: Sequence[_Equation]) -> list[Bound]:
        """What readers know about the variables."""
        bounds = [Bound(self.weights([each.place]) - self.weights(each.parts), 0, 0) for each in equal]
        for link in self._relations.links:
            difference = self.weights(link.left) - self.weights(link.right)
            if link.sign == "=" and len(link.left) > 1 and len(link.right) > 1:
                bounds.append(Bound(difference, 0, 0))
            elif link.sign != "=":
                bounds.append(Bound(difference, *((0, UNBOUNDED) if link.sign == ">=" else (-UNBOUNDED, 0))))
        for each in self._relations.known:
            high = UNBOUNDED if each.high == INFINITE else each.high
            bounds.append(Bound(self.weights(each.terms), each.low, high))
        return [bound for bound in bounds if bound.weights.any()]

    def _check_known(self) -> None:
        for each in self._relations.known:
            value = int(self.weights(each.terms) @ self.truth)
            if not each.low <= value <= each.high:
                what = " + ".join(str(term) for term in each.terms)
                raise refused(RELATIONS, each.line, f"the true tables contradict this: {what} is {value}.")

    def _find_truth(self) -> Vector:
        """The variables' true values: from the cells, or any values that agree with all of them."""
        if all(place in self.counts for place in self._variables):
            return as_vector([self.counts[place] for place in self._variables])
        with evidence_extra():
            from scipy.optimize import LinearConstraint, milp

        rows = [self.weights([place]) for place in self.counts] + [bound.weights for bound in self.known]
        least = [*self.counts.values(), *(bound.least for bound in self.known)]
        most = [*self.counts.values(), *(bound.most for bound in self.known)]
        size = len(self._variables)
        result = milp(
            np.ones(size), constraints=LinearConstraint(rows, least, most), integrality=np.ones(size)
        )
        truth: Vector | None = None if result.x is None else np.round(result.x).astype(np.int64)
        if truth is None or not all(
            low <= int(row @ truth) <= high for row, low, high in zip(rows, least, most, strict=True)
        ):
            raise refused(RELATIONS, 0, "no numbers satisfy all lines in the true tables.")
        return truth


def link_totals(links: Iterable[Link]) -> set[Place]:
    """The cells that links make totals of others."""
    sides = [(link.left, link.right) for link in links if link.sign == "="]
    return {
        total[0]
        for pair in sides
        for total, parts in (pair, pair[::-1])
        if len(total) == 1 and len(parts) > 1
    }
