"""The only two things that a page may print for a number: the number shown, or a star."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as printed: `value` is exactly that, already rounded; `unit` is "%" or "".

    It contains nothing else of the true number: charts draw `value`, and spreadsheets hold it.
    """

    value: int | Decimal
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value}{self.unit}"


@dataclass(frozen=True, slots=True)
class Star:
    """A number that is not shown. All stars are equal: only the coordinator sees why a number is hidden."""

    def __str__(self) -> str:
        return "*"


STAR = Star()

Figure = Shown | Star
