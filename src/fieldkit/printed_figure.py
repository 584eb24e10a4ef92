"""The only two things that a page may print in the place of a number: a number that is shown, or a star."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it is printed: `value` is exactly that, rounded already; `unit` is "%" or "".

    Nothing else of the true number is here: what a chart draws and a spreadsheet holds is `value`.
    """

    value: int | Decimal
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value}{self.unit}"


@dataclass(frozen=True, slots=True)
class Star:
    """A number that is not shown. All stars are alike: only the coordinator sees why this is hidden."""

    def __str__(self) -> str:
        return "*"


STAR = Star()

Figure = Shown | Star
