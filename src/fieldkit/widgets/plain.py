"""Text that people wrote, made safe for a terminal: never markup, never control codes, measured in cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from fieldkit.text import clean, displayed, displayed_line
from fieldkit.widgets.cell_widths import adapt_rich

adapt_rich()

Align = Literal["left", "right"]

ELLIPSIS = "…"
_BETWEEN_PARTS = " · "
_LEAST_PART, _SHORT_PART, _LEAST_LAST = 12, 16, 8
"""Cells that show enough of a part that is cut, up to which none is cut (a date, the name of a page), and that show enough of
the last long part where all before it are whole.
"""
_HANGING_BEHIND = ("× ", "! ", "▪ ")
"""Signs behind which the further lines of a sentence begin where the sentence does."""
#: A joiner at the end would make the next sign part of its letter, without a width of its own.
_JOINER = "\u200d"


_EMOJI = "[\u2190-\u2bff\u3030-\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
#: Signs without a width of their own: one that asks for the picture of a letter, a key's frame, the letters of a flag's
#: region.
_UNSEEN = "[\ufe0f\u20e3\U000e0020-\U000e007f]"
_SKIN = f"({_EMOJI})[\U0001f3fb-\U0001f3ff]"
_JOINED = f"({_EMOJI})(?:\u200d{_EMOJI})+"
_NO_WIDTH = "\u200b"
_JOINED_IN_PLACE = f"({_EMOJI}){_NO_WIDTH}*(?:\u200d{_EMOJI}{_NO_WIDTH}*)+"
# Compiled when first used: the first frame seldom needs them.
_FLAG_LETTERS = {0x1F1E6 + place: 65 + place for place in range(26)}
_LEFT_TO_RIGHT = "\u200e"
"""Unicode's left-to-right mark: it has no width, and counts as a left-to-right letter when a line is ordered."""
#: The end of a part in Hebrew or Arabic letters. Without Unicode's left-to-right mark after it, a terminal that reorders such
#: text would include the digits of the next part: the day of a date would come before the name.
_PART_FROM_RIGHT = "([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]) · "
#: These patterns match nothing below this code point.
_LOWEST = "\u20e3"


def drawable(text: str) -> str:
    """`text` without what terminals measure in different ways, which would leave traces on the screen.

    Of several emoji joined into one picture, the first is kept, without its skin colour; flags become two letters. Parts
    between " · " keep their order beside Arabic and Hebrew. What is stored does not change.
    """
    if text.isascii():
        return text
    if " · " in text:
        text = re.sub(_PART_FROM_RIGHT, "\\1\u200e · ", text)
    if max(text) < _LOWEST:
        return text
    text = re.sub(_SKIN, r"\1", re.sub(_UNSEEN, "", text))
    return re.sub(_JOINED, r"\1", text).translate(_FLAG_LETTERS)


def drawable_in_place(text: str) -> str:
    """Like `drawable`, with each letter in its place: what is not drawn becomes a sign without width, so that a cursor position
    in `text` also fits the drawn text.
    """
    if text.isascii() or max(text) < _LOWEST:
        return text
    text = re.sub(_UNSEEN, _NO_WIDTH, text)
    text = re.sub(_SKIN, rf"\1{_NO_WIDTH}", text)
    text = re.sub(_JOINED_IN_PLACE, lambda match: match[1] + _NO_WIDTH * (len(match[0]) - 1), text)
    return text.translate(_FLAG_LETTERS)


def plain(text: object, style: str = "") -> Content:
    """`text` as content for a widget, with line breaks and square brackets kept."""
    cleaned = drawable(displayed(str(text)))
    return Content.styled(cleaned, style) if style else Content(cleaned)


def fit(text: object, width: int) -> str:
    """`text` on one line, at most `width` cells, with an ellipsis if it was cut. No letter is cut in half."""
    line = drawable(displayed_line(str(text)))
    if width <= 0:
        return ""
    if cell_len(line) <= width:
        return line
    cut = set_cell_size(line, width - 1)
    while cut and unicodedata.category(line[len(cut)])[0] == "M":
        cut = cut[:-1]  # the sign belongs to the letter before it
    return cut.rstrip(_JOINER + ELLIPSIS + " ") + ELLIPSIS


def fit_parts(text: object, width: int) -> str:
    """A line of parts between " · ", at most `width` cells: its long parts are cut, each at its own end.

    A title gives room to the date behind it. The last of the long parts, such as the place of an event, gives way first:
    alone if enough of it is left, and wholly where little would be left of each.
    """
    line = drawable(displayed_line(str(text)))
    if cell_len(line) <= width:
        return line
    parts, left_out = line.split(_BETWEEN_PARTS), ""
    places = [place for place, part in enumerate(parts) if cell_len(part) > _SHORT_PART]
    if len(places) > 1 and (rest := width - cell_len(line) + cell_len(parts[places[-1]])) >= _LEAST_LAST:
        parts[places[-1]] = fit(parts[places[-1]], rest)
        return _BETWEEN_PARTS.join(parts)
    while long := sorted(cell_len(part) for part in parts if cell_len(part) > _SHORT_PART):
        room = width - len(_BETWEEN_PARTS) * (len(parts) - 1)
        room -= sum(cell_len(part) for part in parts if cell_len(part) <= _SHORT_PART)
        while long and long[0] <= room // len(long):
            room -= long.pop(0)
        share = room // len(long) if long else width
        if share >= _LEAST_PART:
            shown = _BETWEEN_PARTS.join(
                part if cell_len(part) <= _SHORT_PART else fit(part, share) for part in parts
            )
            rest = width - cell_len(shown) - len(_BETWEEN_PARTS)
            return f"{shown}{_BETWEEN_PARTS}{fit(left_out, rest)}" if left_out and rest > 0 else shown
        last = max(place for place, part in enumerate(parts) if cell_len(part) > _SHORT_PART)
        if not last:
            break
        left_out = parts.pop(last)
    return fit(line, width)


def fit_path(text: object, width: int) -> str:
    """A path on one line, at most `width` cells, cut in the middle: its end says which file it is."""
    line = drawable(displayed_line(str(text)))
    if cell_len(line) <= width or width < 5:
        return fit(line, width)
    name = cell_len(line) - cell_len(line[: max(line.rfind("/"), line.rfind("\\"), 0)])
    end = line
    room = name if (width - 1) // 2 <= name <= width - 4 else (width - 1) // 2
    while cell_len(end) > room or (end and not cell_len(end[0])):
        end = end[1:]
    return set_cell_size(line, width - 1 - cell_len(end)).rstrip(_JOINER + " ") + ELLIPSIS + end


def in_place(cell: str) -> str:
    """A cell that stays in its column, as does the figure beside it, in a terminal that reorders Arabic or Hebrew."""
    if cell.isascii() or not any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in cell):
        return cell
    return f"{_LEFT_TO_RIGHT}{cell}{_LEFT_TO_RIGHT}"


def pad(text: object, width: int, align: Align = "left") -> str:
    """`text` on one line, exactly `width` cells."""
    line = fit(text, width).rstrip(_JOINER)
    space = " " * (max(width, 0) - cell_len(line))
    return line + space if align == "left" else space + line


def wrapped(text: object, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken between words; its own line breaks are kept."""
    content = Content(drawable(displayed(str(text))))
    lines: list[str] = []
    for paragraph in content.split("\n", allow_blank=True):
        lines += [line.plain.rstrip() for line in paragraph.wrap(max(width, 2))] or [""]
    return lines


def in_lines(parts: Iterable[Content], width: int, gap: int = 3) -> Content:
    """`parts` side by side, `gap` cells apart, on as many lines as they need; none is broken."""
    lines: list[Content] = []
    for part in parts:
        if lines and lines[-1].cell_length + gap + part.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], " " * gap, part)
        else:
            lines.append(part)
    return Content("\n").join(lines)


def beside(sign: str, sign_style: str, text: str, style: str, width: int) -> Content:
    """A sign and a text beside it, indented alike on all its lines, in `width` cells."""
    first, *rest = wrapped(text, width - len(sign))
    parts: list[Content | str | tuple[str, str]] = [(sign, sign_style), plain(first, style)]
    for line in rest:
        parts += ["\n" + " " * len(sign), plain(line, style)]
    return Content.assemble(*parts)


class Hanging(Visual):
    """A text in which each paragraph that begins with a sign hangs behind it, at whatever width it is drawn."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def __str__(self) -> str:
        return self._content.plain

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._lines(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._content.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._lines(width).get_height(rules, width)

    def _lines(self, width: int) -> Content:
        lines: list[Content] = []
        for paragraph in self._content.split("\n", allow_blank=True):
            sign = next(filter(paragraph.plain.startswith, _HANGING_BEHIND), "")
            first, *rest = paragraph[len(sign) :].wrap(max(1, width - len(sign))) or [Content("")]
            lines += [paragraph[: len(sign)] + first, *(Content(" " * len(sign)) + line for line in rest)]
        return Content("\n").join(lines)


def first_lines(text: object, width: int, most: int) -> list[str]:
    """The first `most` lines of `text`, with an ellipsis if there are more."""
    lines = wrapped(text, width)
    if len(lines) > most > 0:
        last = fit(lines[most - 1], width - 1).rstrip(ELLIPSIS + " ") + ELLIPSIS
        lines = [*lines[: most - 1], last]
    return lines[: max(most, 0)]


def pasted(text: str, *, one_line: bool) -> str:
    """What a paste puts into a field: cleaned, whole, with the spaces at its ends; line breaks become spaces if `one_line`."""
    # The bars protect the spaces at the ends from `clean`; no accent combines with a bar.
    cleaned = clean(f"|{text}|")[1:-1]
    return " ".join(cleaned.split("\n")) if one_line else cleaned
