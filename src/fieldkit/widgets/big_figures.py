"""Numbers in the toolkit's digits of three rows: smaller than `large_text`, so that many fit side by side."""

from __future__ import annotations

from textual.renderables.digits import DIGITS, DIGITS3X3_BOLD

HEIGHT = 3
_WIDTH = 3


def big_figure(number: int) -> tuple[str, str, str]:
    """The three rows of a number, each `big_width(number)` cells wide."""
    signs = [DIGITS.index(digit) * HEIGHT for digit in str(max(0, number))]
    top, middle, bottom = (
        "".join(DIGITS3X3_BOLD[at + row].ljust(_WIDTH) for at in signs) for row in range(HEIGHT)
    )
    return top, middle, bottom


def big_count(number: int, *, zero_row: int = 1) -> tuple[str, ...]:
    """The three rows of a count. Zero is a small 0 in row `zero_row`: a large one looks like an empty box."""
    return (
        big_figure(number)
        if number > 0
        else tuple(" 0 " if row == zero_row else "   " for row in range(HEIGHT))
    )


def big_width(number: int) -> int:
    """The width of a large number, in cells."""
    return _WIDTH * len(str(max(0, number)))
