"""Does another set of people exist that prints the same? Returns such people, or None.

Each decision of the search depends only on whether such people exist, never on which were found: so two laptops that find
different people hide the same figures. People found earlier, and moves made of them, are tried before the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fieldkit.evidence_extra import evidence_extra
from fieldkit.insight.disclosure.statements import UNBOUNDED, Bound, Vector

_NODES = 5_000
_EACH = 100_000
"""The fixed effort of a solver call, in addition to the size of the problem."""
_MULTIPLES = (1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8)
_MOST_PAIRS = 500
_MOST_KEPT = 1_000
_NEAR_ENOUGH = 1.0
"""Any people will do. A solution with few changes is more likely to be reusable, but need not be proven optimal."""
_INFEASIBLE = 2
"""The solver's status for a proven infeasible problem."""
_STEP = 1e-3
"""The cost of changing one person, added to the price of a bound: among equal solutions, the one with fewer changes wins."""


class GivenUp(Exception):
    """What must remain possible was not determined within the allowance."""


class Feasibility:
    """Finds people who satisfy chosen bounds and give one sum a certain value.

    `effort` is the work spent in the solver, measured by the sizes of its matrices: it is the same on every laptop, unlike
    seconds. Once it exceeds `budget`, only people that need no solver are found. A call with `whatever_it_takes` is given up once
    the effort exceeds the budget by `allowance`.
    """

    def __init__(self, truth: Vector, bounds: Sequence[Bound], budget: int, allowance: int) -> None:
        self.truth = truth
        self.rows = np.array([bound.weights for bound in bounds], dtype=np.int64).reshape(-1, len(truth))
        at_truth = self.rows @ truth
        self.least = np.array([bound.least for bound in bounds], dtype=np.int64) - at_truth
        self.most = np.array([bound.most for bound in bounds], dtype=np.int64) - at_truth
        self.effort, self.budget, self.solves = 0, budget, 0
        self.allowance = max(budget, 0) + allowance
        self._moves = np.zeros((0, len(truth)), dtype=np.int64)
        self._effects = np.zeros((0, len(self.rows)), dtype=np.int64)
        self._impossible: dict[tuple[bytes, int], list[NDArray[np.bool_]]] = {}
        # Fixed odd numbers: columns that agree in all chosen rows get the same sum of them.
        self._marks = (np.arange(1, len(self.rows) + 1, dtype=np.int64) * 0x9E3779B97F4A7C1) | 1

    @property
    def exhausted(self) -> bool:
        """Whether the budget is spent."""
        return self.effort > self.budget

    def keeps(self, people: Vector, chosen: NDArray[np.bool_]) -> bool:
        """Whether `people` satisfy the chosen bounds."""
        return bool(self._allowed((people - self.truth)[None, :], chosen)[0] >= 0)

    def find(
        self, chosen: NDArray[np.bool_], weights: Vector, value: int, *, whatever_it_takes: bool = False
    ) -> Vector | None:
        """People who satisfy the chosen bounds and whose sum is `value`; None if there are none.

        Beyond the budget, None may mean that the solver was not tried, unless `whatever_it_takes` is set.

        Raises:
            GivenUp: `whatever_it_takes` is set, and the allowance is spent.
        """
        change = value - int(weights @ self.truth)
        if change == 0:
            return self.truth
        if self._is_out_of_reach(chosen, weights, value):
            return None
        move = self._from_moves(chosen, weights, change)
        if move is None:
            move = self._exchange(chosen, weights, change)
        if move is None and whatever_it_takes and self.effort > self.allowance:
            raise GivenUp
        if move is None and (whatever_it_takes or not self.exhausted):
            move = self._solve(chosen, weights, change)
        if move is None:
            return None
        self._keep(move)
        return self.truth + move

    def _is_out_of_reach(self, chosen: NDArray[np.bool_], weights: Vector, value: int) -> bool:
        """Whether a single bound excludes the value: one on a sum that contains this sum, or is contained in it."""
        rows = self.rows[chosen]
        at_truth = rows @ self.truth
        over, under = (rows >= weights).all(axis=1), (rows <= weights).all(axis=1)
        most = (self.most[chosen] + at_truth)[over].min(initial=UNBOUNDED)
        least = (self.least[chosen] + at_truth)[under].max(initial=-UNBOUNDED)
        return bool(value > most or value < least)

    def nearest(
        self, chosen: NDArray[np.bool_], prices: NDArray[np.float64], weights: Vector, value: int
    ) -> Vector | None:
        """People whose sum is `value` and who break priced bounds at the least total price; None if not found.

        `prices`: the cost of breaking a bound by as much as the sum changes; bounds with the price 0 are kept.
        """
        with evidence_extra():
            from scipy import optimize, sparse

        if self.exhausted:
            return None
        change, size, at = value - int(weights @ self.truth), len(self.truth), np.flatnonzero(chosen)
        rows = self.rows[at]
        give = sparse.identity(len(at), format="csr")[:, prices[at] > 0]
        costs = prices[at][prices[at] > 0] / np.abs(rows).max(axis=1, initial=1)[prices[at] > 0] / abs(change)
        people = sparse.csr_matrix(np.hstack([rows, -rows]))
        target = sparse.csr_matrix(np.concatenate([weights, -weights, np.zeros(2 * give.shape[1])])[None, :])
        result = optimize.milp(
            np.concatenate([np.full(2 * size, _STEP), costs, costs]),
            constraints=optimize.LinearConstraint(
                sparse.vstack([sparse.hstack([people, give, -give]), target]),
                np.append(_open(self.least[at]), change),
                np.append(_open(self.most[at]), change),
            ),
            bounds=optimize.Bounds(
                0, np.concatenate([np.full(size, np.inf), self.truth, np.full(2 * give.shape[1], np.inf)])
            ),
            integrality=np.concatenate([np.ones(2 * size), np.zeros(2 * give.shape[1])]),
            options={"node_limit": _NODES, "mip_rel_gap": 0},
        )
        self._spend(rows, result)
        if result.x is None:
            return None
        whole = np.round(result.x[: 2 * size]).astype(np.int64)
        move: Vector = whole[:size] - whole[size:]
        kept = chosen.copy()
        kept[at[prices[at] > 0]] = False
        return self.truth + move if self._fits(move, kept, weights, change) else None

    def _spend(self, rows: NDArray[np.int64], result: Any) -> None:
        self.solves += 1
        self.effort += _EACH + 2 * rows.size * (1 + int(result.get("mip_node_count") or 0))

    def _fits(self, move: Vector, chosen: NDArray[np.bool_], weights: Vector, change: int) -> bool:
        return int(weights @ move) == change and bool(self._allowed(move[None, :], chosen)[0] >= 0)

    def broken(self, people: Vector, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The chosen bounds that `people` break."""
        effects = self.rows @ (people - self.truth)
        return chosen & ((effects < self.least) | (effects > self.most))

    def _allowed(
        self, moves: NDArray[np.int64], chosen: NDArray[np.bool_], effects: NDArray[np.int64] | None = None
    ) -> NDArray[np.intp]:
        """Positions of the moves that leave no negative number of people and keep every chosen bound; (-1) if none."""
        at = np.flatnonzero((moves + self.truth >= 0).all(axis=1))
        if len(at):
            effects = moves[at] @ self.rows.T if effects is None else effects[at]
            holds = (effects >= self.least) & (effects <= self.most) | ~chosen
            at = at[holds.all(axis=1)]
        return at if len(at) else np.array([-1])

    def _keep(self, move: Vector) -> None:
        if len(self._moves) < _MOST_KEPT and not (self._moves == move).all(axis=1).any():
            self._moves = np.vstack([self._moves, move])
            self._effects = np.vstack([self._effects, self.rows @ move])

    def _from_moves(self, chosen: NDArray[np.bool_], weights: Vector, change: int) -> Vector | None:
        """A multiple of a known move, or the sum of two of them."""
        if not len(self._moves):
            return None
        at = self._allowed(self._moves, chosen, self._effects)
        if at[0] < 0:
            return None
        moves, effects = self._moves[at], self._effects[at]
        gains = moves @ weights
        for times in _MULTIPLES:
            at = np.flatnonzero(times * gains == change)
            if len(at):
                first = self._allowed(times * moves[at], chosen, times * effects[at])[0]
                if first >= 0:
                    move: Vector = times * moves[at[first]]
                    return move
        left, right = np.nonzero(gains[:, None] + gains[None, :] == change)
        pairs = np.flatnonzero(left <= right)[:_MOST_PAIRS]
        left, right = left[pairs], right[pairs]
        if len(left):
            both = moves[left] + moves[right]
            first = self._allowed(both, chosen, effects[left] + effects[right])[0]
            if first >= 0:
                pair: Vector = both[first]
                return pair
        return None

    def _exchange(self, chosen: NDArray[np.bool_], weights: Vector, change: int) -> Vector | None:
        """Exchange people inside the sum for people outside it whom the chosen bounds don't distinguish."""
        marks = (self._marks[:, None] * self.rows * chosen[:, None]).sum(axis=0)
        inside, beyond = weights == 1, weights == 0
        move, left = np.zeros_like(self.truth), change
        for mark in np.unique(marks[inside]):
            alike = marks == mark
            within, outside = np.flatnonzero(alike & inside), np.flatnonzero(alike & beyond)
            free = not self.rows[chosen][:, within[0]].any()
            if left > 0:
                moved = left if free else self._take(move, outside, left)
                move[within[0]] += moved
                left -= moved
            elif left < 0 and (free or len(outside)):
                moved = self._take(move, within, -left)
                if not free:
                    move[outside[0]] += moved
                left += moved
            if left == 0:
                return move if self._fits(move, chosen, weights, change) else None
        return None

    def _take(self, move: Vector, positions: NDArray[np.intp], number: int) -> int:
        """Take up to `number` people away from the positions; returns how many were taken."""
        moved = 0
        for at in positions:
            people = min(number - moved, int(self.truth[at] + move[at]))
            move[at] -= people
            moved += people
        return moved

    def _solve(self, chosen: NDArray[np.bool_], weights: Vector, change: int) -> Vector | None:
        """The solver's answer, with the fewest people changed. Its numbers are rounded and then checked exactly."""
        # scipy takes a third of a second to load, so it is loaded only for a pack.
        with evidence_extra():
            from scipy import optimize, sparse

        # If a subset of these bounds is infeasible, all of them are.
        ruled_out = self._impossible.get((weights.tobytes(), change), ())
        if any((chosen | ~bounds).all() for bounds in ruled_out):
            return None
        # Merge variables that no row distinguishes, then rows that are equal: the problem becomes a few times smaller.
        columns, group = _distinct(np.vstack([self.rows[chosen], weights]).T)
        part, row = _distinct(columns.T)
        least, most = np.full(len(part), -np.inf), np.full(len(part), np.inf)
        np.maximum.at(least, row, np.append(_open(self.least[chosen]), change))
        np.minimum.at(most, row, np.append(_open(self.most[chosen]), change))
        if (least > most).any():
            return None
        size = part.shape[1]
        result = optimize.milp(
            np.ones(2 * size),
            constraints=optimize.LinearConstraint(sparse.csr_matrix(np.hstack([part, -part])), least, most),
            bounds=optimize.Bounds(
                0, np.concatenate([np.full(size, np.inf), np.bincount(group, self.truth, minlength=size)])
            ),
            integrality=np.ones(2 * size),
            options={"node_limit": _NODES, "mip_rel_gap": _NEAR_ENOUGH},
        )
        self._spend(part, result)
        if result.status == _INFEASIBLE:
            self._impossible.setdefault((weights.tobytes(), change), []).append(chosen)
        if result.x is None:
            return None
        whole = np.round(result.x).astype(np.int64)
        move = self._shared_out(group, whole[:size] - whole[size:])
        return move if self._fits(move, chosen, weights, change) else None

    def _shared_out(self, group: NDArray[np.intp], changes: Vector) -> Vector:
        """The change of each variable, given the changes of groups of variables."""
        move = np.zeros_like(self.truth)
        for at in np.flatnonzero(changes):
            members = np.flatnonzero(group == at)
            if changes[at] > 0:
                move[members[0]] = changes[at]
            else:
                self._take(move, members, -int(changes[at]))
        return move


def _open(limits: Vector) -> NDArray[np.float64]:
    opened = limits.astype(np.float64)
    opened[np.abs(opened) > UNBOUNDED / 2] *= np.inf
    return opened


def _distinct(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The distinct rows, sorted, and the index of each row in them: as `np.unique`, which is slower because it sorts all rows."""
    places: dict[bytes, int] = {}
    place = np.array([places.setdefault(row.tobytes(), len(places)) for row in np.ascontiguousarray(rows)])
    firsts = np.unique(place, return_index=True)[1]
    distinct, order = np.unique(rows[firsts], axis=0, return_inverse=True)
    return distinct, order.reshape(-1)[place]
