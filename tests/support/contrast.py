"""The contrast of text on a screen with its background, as WCAG 2.1 defines it."""

from __future__ import annotations

from typing import Any

from rich.color import Color
from rich.style import Style

_XTERM = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#5c8ceb", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
LEAST = 4.5
"""The contrast ratio that WCAG 2.1 requires for text."""
_DRAWN = "─│┌┐└┘├┤┬┴┼╭╮╰╯▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▔▕░▒▓┃━┊·╌"
"""Lines, borders and bars, which are not text."""


def _hex(colour: Color) -> str:
    if colour.number is not None and colour.triplet is None:
        return _XTERM[colour.number % 16]
    return colour.get_truecolor().hex


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ratio(style: Style) -> float:
    ink, ground = style.color, style.bgcolor
    if ground is None or ground.is_default:
        return 21
    if ink is None or ink.is_default:
        return 1
    high, low = sorted((_luminance(_hex(ink)), _luminance(_hex(ground))), reverse=True)
    return (high + 0.05) / (low + 0.05) * (0.5 if style.dim else 1)


def hard_to_read(app: Any, within: str = "") -> list[tuple[str, float]]:
    """Each piece of text on the screen with too low a ratio, and the ratio; with `within`, only in the widget of that selector.

    Terminals make every colour readable on their default background, so that counts as ratio 21. Their default text colour on
    any other background counts as ratio 1.
    """
    region = app.screen.query_one(within).region if within else app.screen.region
    pieces = []
    for strip in app.screen._compositor.render_strips()[region.y : region.bottom]:
        for text, style, _ in strip.crop(region.x, region.right):
            piece = text.strip().strip(_DRAWN).strip()
            if piece and style is not None:
                ratio = _ratio(style)
                if ratio < LEAST:
                    pieces.append((piece, round(ratio, 1)))
    return pieces
