"""Counts known only within bounds, like published figures that were rounded or starred; and their exact sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A whole number from `low` to `high`, both included; `high` is None if it has no upper bound.

    Arithmetic is exact and monotone: the result is the smallest interval that holds every value which the operands allow. Two
    intervals are independent: a sum elsewhere never narrows either of them.

    Raises:
        ValueError: `low` is below zero, or `high` is less than `low`.
    """

    low: int
    high: int | None

    def __post_init__(self) -> None:
        if self.low < 0 or (self.high is not None and self.high < self.low):
            raise ValueError(f"no count is from {self.low} to {self.high}")

    @property
    def exact(self) -> bool:
        """Whether it contains only one value."""
        return self.low == self.high

    def __contains__(self, value: int) -> bool:
        return self.low <= value and (self.high is None or value <= self.high)

    def __add__(self, other: Interval) -> Interval:
        if not isinstance(other, Interval):
            return NotImplemented
        bounded = self.high is not None and other.high is not None
        return Interval(self.low + other.low, (self.high or 0) + (other.high or 0) if bounded else None)

    def meets(self, other: Interval) -> bool:
        """Whether the two have a value in common."""
        return (other.high is None or self.low <= other.high) and (
            self.high is None or other.low <= self.high
        )

    def rate(self, population: int, per: int = 1) -> tuple[float, float | None]:
        """low / population and high / population, times `per`; the second is None if there is no upper bound.

        Raises:
            ValueError: the population is not above zero.
        """
        if population <= 0:
            raise ValueError("a rate needs a population above zero")
        return self.low * per / population, None if self.high is None else self.high * per / population

    def __str__(self) -> str:
        if self.exact:
            return f"{self.low:,}"
        return f"{self.low:,} or more" if self.high is None else f"{self.low:,} to {self.high:,}"


NOUGHT = Interval(0, 0)


def total(intervals: Iterable[Interval]) -> Interval:
    """[Σ low, Σ high]; [0, 0] for none."""
    return sum(intervals, NOUGHT)
