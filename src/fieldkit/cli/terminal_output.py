"""Output only for terminals: tables drawn with lines, a bar for long work. Imported when used, since it loads Rich."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from fieldkit.text import shortened, unbroken
from fieldkit.widgets.cell_widths import adapt_rich

adapt_rich()

_FILE = "file"
"""The heading of a column with the names of files."""

_WHOLE = ("id",)
"""Headings of columns whose cells are never broken."""

_GAP = 3
"""Cells between two columns."""

if TYPE_CHECKING:
    from fieldkit.store.kit import Progress


def draw_table(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int]) -> None:
    """Print a table; `numbers` are the positions of right-aligned columns.

    Neither a word nor a name of a file is ever broken: where the window is too narrow for that, each row is printed line by
    line. Where it is too narrow for whole cells, columns without any value leave their room to the others.
    """
    console = Console(highlight=False, markup=False, emoji=False)
    fits = _width(columns, rows) <= console.width
    shown = [at for at in range(len(columns)) if fits or not rows or any(row[at] for row in rows)]
    whole = {at for at in shown if at in numbers or columns[at] in _WHOLE}
    needs = [_room(columns[at], rows, at, broken=at not in whole) for at in shown]
    wants = [_room(columns[at], rows, at, broken=False) for at in shown]
    if sum(needs) + _GAP * (len(shown) - 1) > console.width or (_FILE in columns and not fits):
        _print_row_by_row(console, columns, rows)
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    room = console.width - _GAP * (len(shown) - 1)
    for at, width in zip(shown, _shared(needs, wants, room), strict=True):
        right = at in numbers
        table.add_column(
            Text(columns[at]),
            justify="right" if right else "left",
            no_wrap=at in whole,
            overflow="fold",
            width=width,
        )
    for row in rows:
        table.add_row(*(Text(row[at]) for at in shown))
    console.print(table)


def _room(heading: str, rows: Sequence[Sequence[str]], at: int, *, broken: bool) -> int:
    """The cells of the widest word of a column, or of its widest cell where it must not be `broken`."""
    cells = [heading, *(row[at] for row in rows)]
    return max(
        map(cell_len, (word for cell in cells for word in unbroken(cell)))
        if broken
        else map(cell_len, cells),
        default=0,
    )


def _shared(needs: Sequence[int], wants: Sequence[int], room: int) -> list[int]:
    """A width for each column: what its words need, and an even share of what is left up to what it wants."""
    widths = list(needs)
    left = room - sum(needs)
    by_wish = sorted(range(len(needs)), key=lambda at: wants[at] - needs[at])
    for place, at in enumerate(by_wish):
        more = min(wants[at] - needs[at], left // (len(by_wish) - place))
        widths[at] += more
        left -= more
    return widths


def _width(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """The width of a table in which no cell is broken."""
    return sum(max(map(cell_len, column)) + _GAP for column in zip(columns, *rows, strict=True)) - _GAP


def _print_row_by_row(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print each row as lines of a heading and its cell, with a gap between rows; empty cells are left out."""
    widest = max(map(cell_len, columns))
    for number, row in enumerate(rows):
        if number:
            console.print()
        for name, cell in zip(columns, row, strict=True):
            if not cell:
                continue
            room = console.width - widest - 2
            if name == _FILE or room < max(map(cell_len, unbroken(cell)), default=0):
                # Unbroken: a terminal breaks a longer word itself, and it is copied whole.
                lines = [Text(cell)]
            else:
                lines = list(Text(cell).wrap(console, room, overflow="fold"))
            for place, line in enumerate(lines):
                line.rstrip()
                console.print(Text(f"{'' if place else name:<{widest}}  ") + line, soft_wrap=True)


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """A callback for long work that draws a bar on standard error."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None, visible=False)

        def on_progress(done: int, total: int, what: str) -> None:
            bars.update(
                task, completed=done, total=total or None, description=shortened(what, 40), visible=True
            )

        yield on_progress
