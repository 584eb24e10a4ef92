"""Secondary suppression: what to hide so that every small number of a pack could be any small number, and the witnesses that
prove it.

It is deterministic: fixed orders, nothing random, no clock. Small numbers themselves are stars already. Figures that would reveal
one of them are hidden, the cheapest first; then figures that the proof does not need hidden are shown again, the dearest first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fieldkit.errors import FieldkitError
from fieldkit.insight.disclosure.feasibility import Feasibility, GivenUp
from fieldkit.insight.disclosure.statements import Pack, Rank, Sensitive, StatementKind, Vector
from fieldkit.printed_figure import STAR

Progress = Callable[[int, int, str], None]

BUDGET = 150_000_000
"""Solver effort after which the rest is hidden without a search: about a minute on a small laptop."""

ALLOWANCE = 150_000_000
"""Further effort to determine what must remain possible. If it is not enough, everything is hidden."""

_PRICES = {Rank.RATIO: 30.0, Rank.CELL: 100.0, Rank.MARGIN: 250.0, Rank.EVERYBODY: 1_000.0}
_SHOWING = "Showing what need not be hidden"


class ProtectionFailed(FieldkitError):
    """Counting a witness again printed something else: the pack must not be written."""

    title = "The check of small numbers failed"


@dataclass(eq=False)
class Need:
    """A sum that must stay open: `number` different values of `values` must be possible; for a small number, all of them.

    `possible`: values that are possible for readers who have not seen the pack, as many as needed, with the people for each.
    """

    name: str
    weights: Vector
    values: tuple[int, ...]
    number: int
    possible: dict[int, Vector]
    witnesses: dict[int, Vector] = field(default_factory=dict)

    @property
    def is_met(self) -> bool:
        """Whether enough values have a witness."""
        return len(self.witnesses) >= self.number


@dataclass(frozen=True)
class Suppression:
    """The positions of starred statements; what each of those hidden for others protects; the proof.

    `given_away`: sensitive sums that readers know without the pack. `solves`: how often the solver was called.
    """

    hidden: frozenset[int]
    protects: dict[int, str]
    needs: tuple[Need, ...]
    given_away: tuple[str, ...]
    exhausted: bool
    solves: int


def suppress(pack: Pack, *, budget: int = BUDGET, on_progress: Progress | None = None) -> Suppression:
    """Choose what to hide, and check every witness with the printing function.

    Raises:
        ProtectionFailed: a witness prints something else.
    """
    try:
        search = _Search(pack, budget, on_progress or (lambda done, total, what: None))
        search.make_room()
        search.show_again()
        result = search.result()
    except GivenUp:
        result = _everything_hidden(pack)
    check(pack, result, on_progress)
    return result


def _everything_hidden(pack: Pack) -> Suppression:
    """A pack without figures tells readers nothing new, so it needs no proof."""
    shown = [at for at, figure in enumerate(pack.figures) if figure is not STAR]
    protects = dict.fromkeys(shown, "small numbers that the search did not come to")
    return Suppression(frozenset(range(len(pack.figures))), protects, (), (), True, 0)


def check(pack: Pack, result: Suppression, on_progress: Progress | None = None) -> None:
    """Count and print every witness again, and compare the bytes with what will be printed.

    Raises:
        ProtectionFailed: they differ, or a sensitive number lacks a witness.
    """
    printed = pack.printed(pack.truth, result.hidden)
    seen: set[bytes] = set()
    for done, need in enumerate(result.needs):
        if on_progress:
            on_progress(done, len(result.needs), "Checking by counting again")
        for value, people in need.witnesses.items():
            fits = int(need.weights @ people) == value and bool((people >= 0).all())
            if people.tobytes() not in seen:
                fits = fits and pack.printed(people, result.hidden) == printed
                seen.add(people.tobytes())
            if not fits:
                raise ProtectionFailed(
                    "A check by counting again printed another number.",
                    kept="Nothing was written.",
                    hint="This is a fault of fieldkit. Please report it.",
                )
        if not need.is_met:
            raise ProtectionFailed("A small number could be worked out.", kept="Nothing was written.")


class _Search:
    def __init__(self, pack: Pack, budget: int, on_progress: Progress) -> None:
        self.pack, self.on_progress = pack, on_progress
        bounds, owners = list(pack.known), [-1] * len(pack.known)
        for at, (statement, figure) in enumerate(zip(pack.statements, pack.figures, strict=True)):
            statement_bounds = statement.bounds(figure, pack.preset, pack.truth)
            bounds += statement_bounds
            owners += [at] * len(statement_bounds)
        self.feasibility = Feasibility(pack.truth, bounds, budget, ALLOWANCE)
        self.owners = np.array(owners, dtype=np.int64)
        self.shown = {at for at, figure in enumerate(pack.figures) if figure is not STAR}
        self.primary = frozenset(range(len(pack.figures))) - self.shown
        self.protects: dict[int, tuple[Need, int]] = {}
        self._trouble: list[Need] = []
        self.given_away: list[str] = []
        self.needs: list[Need] = []
        self.of_star: dict[int, Need] = {}
        self._known = self.owners == -1
        self._add_needs()

    # --- what has to stay open

    def _add_needs(self) -> None:
        # Equal sums are one, and watched if any of them is.
        watched = {each.weights.tobytes() for each in self.pack.sensitive if each.watched}
        seen: set[bytes] = set()
        for sensitive in self.pack.sensitive:
            if sensitive.weights.tobytes() in seen:
                continue
            seen.add(sensitive.weights.tobytes())
            value = int(sensitive.weights @ self.pack.truth)
            if self.pack.strictest.is_small(value):
                need = self._small_need(sensitive, value)
            elif sensitive.weights.tobytes() in watched:
                need = self._wide_need(sensitive.name, sensitive.weights)
            else:
                continue
            if need.number < 2:
                self.given_away.append(sensitive.name)
            else:
                self._add(need)
        for at in sorted(self.primary):
            self._add_star(at)

    def _small_need(self, sensitive: Sensitive, value: int) -> Need:
        weights, threshold = sensitive.weights, self.pack.strictest.threshold
        possible = self._possible(weights, range(1, threshold))
        if len(possible) < 2:
            # Readers know that no other small number is possible; then zero must be possible.
            possible |= self._possible(weights, [0])
        nearest = sorted(possible, key=lambda each: (abs(each - value), each))
        return Need(sensitive.name, weights, tuple(nearest), len(possible), {v: possible[v] for v in nearest})

    def _wide_need(self, name: str, weights: Vector) -> Need:
        """As many different values as for a small number, near the true one."""
        value, enough = int(weights @ self.pack.truth), self.pack.strictest.threshold - 1
        near = sorted(
            range(max(0, value - 2 * enough), value + 2 * enough + 1), key=lambda v: (abs(v - value), v)
        )
        possible: dict[int, Vector] = {}
        for each in near:
            if len(possible) < enough:
                possible |= self._possible(weights, [each])
        return Need(name, weights, tuple(near), len(possible), possible)

    def _possible(self, weights: Vector, values: Sequence[int]) -> dict[int, Vector]:
        """Those of these values that are possible for readers who have not seen the pack."""
        # What must remain possible must not depend on the budget; only how much is hidden for it may.
        find = self.feasibility.find
        peoples = {value: find(self._known, weights, value, whatever_it_takes=True) for value in values}
        return {value: people for value, people in peoples.items() if people is not None}

    def _add(self, need: Need) -> None:
        chosen = self._chosen()
        need.witnesses = {
            value: people for value, people in need.possible.items() if self.feasibility.keeps(people, chosen)
        }
        self.needs.append(need)

    def _add_star(self, at: int) -> None:
        """A starred count that is not small must stay open too, or its star would be pointless."""
        statement = self.pack.statements[at]
        value = int(statement.part @ self.pack.truth)
        if statement.says is StatementKind.COUNT and not self.pack.strictest.is_small(value):
            need = self._wide_need(" ".join(statement.key), statement.part)
            if need.number >= 2:
                self.of_star[at] = need
                self._add(need)

    # --- hiding

    def make_room(self) -> None:
        """Hide until every need is met."""
        done = 0
        while done < len(self.needs):  # hiding adds needs
            need = self.needs[done]
            self.on_progress(done, len(self.needs), "Protecting small numbers")
            for value in need.values:
                if need.is_met:
                    break
                if value not in need.witnesses:
                    self._witness(need, value)
            for value in need.possible:
                if not need.is_met and value not in need.witnesses:
                    self._open(need, value)
            done += 1

    def _open(self, need: Need, value: int) -> None:
        """Hide statements until `value` is possible: the cheapest set if the solver finds one, else the cheapest one by one."""
        people = self.feasibility.nearest(self._chosen(), self._prices(), need.weights, value)
        if people is not None:
            for at in sorted(set(self.owners[self.feasibility.broken(people, self._chosen())].tolist())):
                self._hide(at, need, value)
            self._record_witnesses(people)
        while value not in need.witnesses and not self._witness(need, value):
            if not self.shown:
                self._record_witnesses(need.possible[value])
                return
            self._hide(self._statements_about(need.weights)[0], need, value)

    def _prices(self) -> NDArray[np.float64]:
        """The price of each bound's statement; 0 for what readers know anyway.

        The number of hidden statements matters more than their size, and no two prices are equal, so the choice is unique.
        """
        prices = np.zeros(len(self.pack.statements) + 1)
        in_order = sorted(range(len(self.pack.statements)), key=lambda at: self.pack.statements[at].cost)
        for place, at in enumerate(in_order, start=1):
            prices[at] = _PRICES[self.pack.statements[at].rank] * (1 + place / len(in_order) / 4)
        return prices[self.owners]

    def _statements_about(self, weights: Vector) -> list[int]:
        """The shown statements about people of that sum, the cheapest first; all of them if there are none."""
        statements = self.pack.statements
        near = [
            at
            for at in self.shown
            if (statements[at].part * weights).any()
            or (statements[at].whole is not None and (statements[at].whole * weights).any())  # type: ignore[operator]
        ]
        return sorted(near or self.shown, key=lambda at: statements[at].cost)

    def _hide(self, at: int, need: Need, value: int) -> None:
        self.shown.remove(at)
        self.protects[at] = (need, value)
        self._add_star(at)

    def _witness(self, need: Need, value: int) -> bool:
        people = self.feasibility.find(self._chosen(), need.weights, value)
        if people is not None:
            self._record_witnesses(people)
        return people is not None

    def _record_witnesses(self, people: Vector) -> None:
        """Record people as witnesses of every need that they serve."""
        for need in self.needs:
            value = int(need.weights @ people)
            if value not in need.witnesses and value in need.values:
                need.witnesses[value] = people

    def _chosen(self, without: int = -1, also: Sequence[int] = ()) -> NDArray[np.bool_]:
        shown = np.zeros(len(self.pack.statements) + 1, dtype=bool)
        shown[sorted(self.shown)] = True
        shown[-1] = True  # known bounds have the owner -1
        if without >= 0:
            shown[without] = False
        shown[list(also)] = True
        return shown[self.owners]

    # --- showing again

    def show_again(self) -> None:
        """Show what the proof does not need hidden, the dearest first: each that is safe, given those shown before it."""
        self._show_all_safe(sorted(self.protects, key=lambda at: self.pack.statements[at].cost, reverse=True))

    def _show_all_safe(self, candidates: list[int]) -> None:
        """The same result as one by one, but tested in groups, since most decisions agree."""
        self.on_progress(len(self.pack.statements) - len(self.protects), len(self.pack.statements), _SHOWING)
        together: list[int] = []
        for at in candidates:
            need, value = self.protects[at]
            # The need that it was hidden for is the quickest test.
            if (
                need is self.of_star.get(at)
                or need.number < len(need.values)
                or self.feasibility.find(self._chosen(also=[*together, at]), need.weights, value) is not None
            ):
                together.append(at)
        if together and not self._show(together) and len(candidates) > 1:
            half = len(candidates) // 2
            self._show_all_safe(candidates[:half])
            self._show_all_safe(candidates[half:])

    def _show(self, together: list[int]) -> bool:
        """Show these if every need stays met."""
        chosen = self._chosen(also=together)
        own = {id(self.of_star[at]) for at in together if at in self.of_star}
        renewed: list[tuple[Need, dict[int, Vector]]] = []
        # A need that failed before is likely to fail again; the order of tests does not change the result.
        for need in [*self._trouble, *(each for each in self.needs if each not in self._trouble)]:
            if id(need) in own:
                continue
            witnesses = self._witnesses_with(need, chosen)
            if witnesses is None:
                self._trouble = [need, *(each for each in self._trouble if each is not need)]
                return False
            renewed.append((need, witnesses))
        for need, witnesses in renewed:
            need.witnesses = witnesses
        for at in together:
            self.shown.add(at)
            del self.protects[at]
            self.of_star.pop(at, None)
        self.needs = [need for need in self.needs if id(need) not in own]
        self._trouble = [need for need in self._trouble if id(need) not in own]
        return True

    def _witnesses_with(self, need: Need, chosen: NDArray[np.bool_]) -> dict[int, Vector] | None:
        """Witnesses of a need under other bounds, as many as needed; None if there are not enough."""
        keeps = self.feasibility.keeps
        witnesses = {value: people for value, people in need.witnesses.items() if keeps(people, chosen)}
        possible = len(need.values)
        for value in need.values:
            if len(witnesses) >= need.number:
                return witnesses
            if value in witnesses:
                continue
            people = self.feasibility.find(chosen, need.weights, value)
            if people is not None:
                witnesses[value] = people
                continue
            possible -= 1
            if possible < need.number:
                return None
        return witnesses if len(witnesses) >= need.number else None

    def result(self) -> Suppression:
        """The decisions."""
        return Suppression(
            frozenset(range(len(self.pack.statements))) - self.shown,
            {at: need.name for at, (need, _) in self.protects.items()},
            tuple(self.needs),
            tuple(self.given_away),
            self.feasibility.exhausted,
            self.feasibility.solves,
        )
