"""How the head counts are drawn: large figures in columns if they fit, otherwise a row for each group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from fieldkit.presentation.stall.head_count_groups import counted_in_all
from fieldkit.records.head_counts import EVERYBODY
from fieldkit.widgets.big_figures import HEIGHT, big_count
from fieldkit.widgets.plain import pad

_TILE = 21
"""The least width of a column of large figures, in cells: a digit, “children under 16”, and the gap to the next."""
_FAR = 36
"""The most cells between a label and its figure, however much room there is."""
_ROWS = HEIGHT + 1
POINTED = "▸"
"""The sign before the group whose number is typed."""


class Counted(NamedTuple):
    """One group: the digit that counts it (0: none), its label, this laptop's count, the greatest count of another laptop."""

    digit: int
    label: str
    mine: int
    others: int
    pointed: bool


def drawn(
    rows: Sequence[Counted], counted: Sequence[tuple[str, int, int]], width: int, height: int, *, typing: bool
) -> Content:
    """The groups of `rows`, everybody last, in `width` by `height` cells. `typing`: digits type a number instead of counting."""
    if not rows:
        return Content("")
    total = counted_in_all(counted)
    columns, lines = _tiles(rows, width)
    title = _title(rows, typing, width)
    if not are_large(rows, width, height):
        return Content("\n").join([title, *_small(rows, total, _warning(counted), width, typing)])
    gap = height - 1 - (lines + 1) * _ROWS >= lines + 1
    return Content("\n").join([title, *_large(rows, total, _warning(counted), width, columns, gap, typing)])


def are_large(rows: Sequence[Counted], width: int, height: int) -> bool:
    """Whether `width` by `height` cells have room for large figures."""
    return height - 1 >= (_tiles(rows, width)[1] + 1) * _ROWS


def _tiles(rows: Sequence[Counted], width: int) -> tuple[int, int]:
    """How many large figures fit side by side, and how many lines of them the groups need."""
    columns = max(1, min(3, width // _TILE))
    return columns, -(-(len(rows) - 1) // columns)


def needed_width(rows: Sequence[Counted]) -> int:
    """The cells in which a row for each group shows its label, its count and the other laptop's in full."""
    if not rows:
        return 0
    return 2 + max(cell_len(row.label) for row in rows) + _figure_width(rows) + _beside_width(rows)


def _figure_width(rows: Sequence[Counted]) -> int:
    """The cells of the column of figures, with a space before the longest; there is always room for three digits."""
    most = sum(max(row.mine, row.others) for row in rows)
    return max(4, len(f"{most:,}") + 1)


def _beside_width(rows: Sequence[Counted]) -> int:
    """The cells of the column of another laptop's counts."""
    return max((len(_beside(row)) for row in rows[:-1]), default=0)


def _title(rows: Sequence[Counted], typing: bool, width: int) -> Content:
    """What the digits do; if another laptop counted, also the meaning of the figures in brackets."""
    text = "TYPE A NUMBER" if typing else "COUNT HEADS"
    beside = " (other laptop)" if any(row.others for row in rows[:-1]) else ""
    return Content.assemble(
        (text, "bold $accent" if typing else "bold $text-muted"),
        (pad(beside, max(0, width - len(text))), "$text-muted"),
    )


def _label(row: Counted, width: int, typing: bool) -> Content:
    """The digit and the label of a group; `▸` if it is pointed at while a number is typed."""
    key = POINTED if typing and row.pointed else str(row.digit) if row.digit and not typing else " "
    return Content.assemble(
        (key, "bold $accent"), " ", (pad(row.label, width - 2), "bold" if typing and row.pointed else "")
    )


def _others(row: Counted) -> str:
    return f"other laptop {row.others:,}" if row.others else ""


def _beside(row: Counted) -> str:
    """The count of another laptop, as shown beside this one's."""
    return f" ({row.others:,})" if row.others else ""


def _small(rows: Sequence[Counted], total: int, warning: str, width: int, typing: bool) -> list[Content]:
    lines = []
    width = min(width, max(_FAR, needed_width(rows)))
    beside, wide = _beside_width(rows), _figure_width(rows)
    for row in rows[:-1]:
        lines.append(
            Content.assemble(
                _label(row, max(6, width - wide - beside), typing),
                (
                    f"{row.mine:>{wide},}",
                    "bold reverse" if typing and row.pointed else "bold" if row.mine else "$text-muted",
                ),
                (_beside(row).ljust(beside), "$text-muted"),
            )
        )
    everybody = rows[-1]
    label = _label(everybody._replace(label="everybody"), max(6, width - wide - beside), typing)
    lines.append(Content.assemble(label, (f"{total:>{wide},}", "bold $accent")))
    lines.append(_note(everybody, warning, width))
    return lines


def _large(
    rows: Sequence[Counted], total: int, warning: str, width: int, columns: int, gap: bool, typing: bool
) -> list[Content]:
    wide = width // columns
    lines: list[Content] = []
    for first in range(0, len(rows) - 1, columns):
        tiles = rows[first : min(first + columns, len(rows) - 1)]
        lines.append(Content("").join(_label(row, wide - 1, typing) + Content(" ") for row in tiles))
        for part in range(HEIGHT):
            lines.append(Content("").join(_part(row, part, wide, typing) for row in tiles))
        if gap:
            lines.append(Content(""))
    everybody = rows[-1]
    lines.append(
        _label(everybody._replace(label="everybody"), 14, typing) + _note(everybody, warning, width - 14)
    )
    lines += [Content.styled(f"  {part}", "bold $accent") for part in big_count(total)]
    return lines


def _part(row: Counted, part: int, width: int, typing: bool) -> Content:
    """One of the three rows of a large figure; the other laptop's count is beside the last of them."""
    style = "bold $accent" if typing and row.pointed else "bold" if row.mine else "$text-disabled"
    figure = f"  {big_count(row.mine)[part]}"
    beside = _beside(row) if part == HEIGHT - 1 else ""
    return Content.assemble((figure, style), (pad(beside, max(0, width - len(figure))), "$text-muted"))


def _warning(counted: Sequence[tuple[str, int, int]]) -> str:
    parts, everybody = groups_and_everybody(counted)
    return f"{everybody:,} is too few" if parts > everybody > 0 else ""


def _note(everybody: Counted, warning: str, width: int) -> Content:
    """A note on the total: the groups add up to more, or another laptop counted everybody too."""
    if warning:
        return Content.assemble(("! ", "bold $warning"), pad(warning, max(0, width - 2)))
    return Content.styled(pad(_others(everybody), width), "$text-muted")


def groups_and_everybody(counted: Sequence[tuple[str, int, int]]) -> tuple[int, int]:
    """The sum of the groups, and the count of everybody."""
    greatest = {code: max(mine, others) for code, mine, others in counted}
    everybody = greatest.pop(EVERYBODY, 0)
    return sum(greatest.values()), everybody
