"""Pictures of a terminal's screen: its cells as SVG, many screens on one sheet, and PNG files by rsvg-convert."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from unicodedata import bidirectional

from pyte.screens import Char

#: Width and height of a cell and size of its letters, in pixels.
WIDTH, HEIGHT, LETTERS = 9.0, 19.0, 15.0
#: Margin round a screen, and height of its title, in pixels.
MARGIN, TITLE = 12.0, 24.0
FONTS = "DejaVu Sans Mono, Noto Sans Mono, Noto Sans Gurmukhi, Noto Nastaliq Urdu, monospace"
#: The default sixteen colours of a terminal, by pyte's names.
COLOURS = {
    "black": "#000000", "red": "#cd3131", "green": "#0dbc79", "brown": "#e5e510",
    "blue": "#2472c8", "magenta": "#bc3fbc", "cyan": "#11a8cd", "white": "#e5e5e5",
    "brightblack": "#666666", "brightred": "#f14c4c", "brightgreen": "#23d18b", "brightbrown": "#f5f543",
    "brightblue": "#3b8eea", "brightmagenta": "#d670d6", "brightcyan": "#29b8db", "brightwhite": "#ffffff",
}  # fmt: skip


@dataclass(frozen=True)
class Screen:
    """A screen at one moment: its name, rows of cells, and the cursor's place, if it was shown."""

    name: str
    cells: Sequence[Sequence[Char]]
    cursor: tuple[int, int] | None

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of its picture with its title, in pixels."""
        return len(self.cells[0]) * WIDTH + 2 * MARGIN, len(self.cells) * HEIGHT + 2 * MARGIN + TITLE


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return COLOURS.get(name, f"#{name}")


def _look(cell: Char, at_cursor: bool) -> tuple[str, str, bool, bool, bool]:
    """Text colour, background, bold, italic, underlined."""
    letters, ground = _colour(cell.fg, "#e5e5e5"), _colour(cell.bg, "#000000")
    if cell.reverse != at_cursor:
        letters, ground = ground, letters
    return letters, ground, cell.bold, cell.italics, cell.underscore


def _row(cells: Sequence[Char], y: float, cursor: int | None) -> Iterable[str]:
    for (letters, ground, bold, italic, underlined), run in groupby(
        enumerate(cells), key=lambda at: _look(at[1], at[0] == cursor)
    ):
        places = list(run)
        x, width = places[0][0] * WIDTH, len(places) * WIDTH
        yield f'<rect x="{x}" y="{y}" width="{width + 0.3}" height="{HEIGHT + 0.3}" fill="{ground}"/>'
        style = ("font-weight:bold;" if bold else "") + ("font-style:italic;" if italic else "")
        style += "text-decoration:underline;" if underlined else ""
        # A letter whose width differs from the font's would shift the next ones, so words are placed one by one.
        for blank, word in groupby(places, key=lambda at: at[1].data == " "):
            for part in [] if blank else _parts(list(word)):
                text = "".join(cell.data for _, cell in part)
                place = f'x="{part[0][0] * WIDTH}" y="{y + HEIGHT * 0.76}"'
                length = "" if not text.isascii() else f' textLength="{len(part) * WIDTH}"'
                yield f'<text {place} fill="{letters}" style="{style}"{length}>{escape(text)}</text>'


def _parts(word: list[tuple[int, Char]]) -> list[list[tuple[int, Char]]]:
    """The units to place: whole words, or each letter of a right-to-left word, which would otherwise be reversed."""
    if any(bidirectional(letter) in {"R", "AL"} for _, cell in word for letter in cell.data):
        return [[letter] for letter in word]
    return [word]


def _drawing(screen: Screen) -> str:
    parts = [f'<text x="{MARGIN}" y="{TITLE - 6}" fill="#ffd75f">{escape(screen.name)}</text>']
    parts.append(f'<g transform="translate({MARGIN},{MARGIN + TITLE - 8})">')
    for number, row in enumerate(screen.cells):
        at = screen.cursor[0] if screen.cursor and screen.cursor[1] == number else None
        parts.extend(_row(row, number * HEIGHT, at))
    return "".join([*parts, "</g>"])


def sheet(screens: Sequence[Screen], columns: int) -> str:
    """SVG of some screens in rows of `columns`."""
    width = max(screen.size[0] for screen in screens)
    height = max(screen.size[1] for screen in screens)
    rows = -(-len(screens) // columns)
    drawn = [
        f'<g transform="translate({number % columns * width},{number // columns * height})">{_drawing(screen)}</g>'
        for number, screen in enumerate(screens)
    ]
    across = width * min(columns, len(screens))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{height * rows}" font-size="{LETTERS}" '
        f'font-family="{FONTS}" xml:space="preserve"><rect width="100%" height="100%" fill="#303030"/>{"".join(drawn)}</svg>'
    )


def write_png(svg: str, path: Path) -> None:
    """Write SVG as a PNG file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["rsvg-convert", "--unlimited", "-o", str(path)], input=svg.encode(), check=True)
