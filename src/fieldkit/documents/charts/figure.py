"""A matplotlib figure with the same bytes on every laptop: a fixed font, no dates, no settings of the user's."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from fieldkit.evidence_extra import evidence_extra

WIDTH = 4.9
"""Inches, for every chart: text of 8.5 points stays legible on a phone of 360 pixels and on A4."""
PNG_DPI = 220

INK, SOFT, GREY, LINE = "#1b1f24", "#5a6570", "#8a939c", "#cfd5da"
BLUE, ORANGE = "#0b5c8f", "#b8500a"
"""People with colour blindness can distinguish them; shape, side or hatching says the same again."""

_SVG, _LINK = "http://www.w3.org/2000/svg", "{http://www.w3.org/1999/xlink}href"
_FONTS = "DejaVu Sans, Verdana, Arial, sans-serif"
_DRAWN = {"svg", "defs", "g", "path", "use", "clipPath", "rect", "text", "tspan"}
_SIZE = re.compile(r"(?P<size>[\d.]+)px")

Draw = Callable[[Any], None]
"""Draws on an empty figure."""


def svg(name: str, title: str, description: str, height: float, draw: Draw) -> str:
    """An SVG element for a page: text as text, no styles, scripts, links or metadata; ids begin with `name`."""
    with _figure(height, draw) as figure:
        drawn = io.BytesIO()
        figure.savefig(
            drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return _inline(drawn.getvalue(), name, title, description)


def png(height: float, draw: Draw) -> bytes:
    """The same as a PNG picture, for programs that do not support SVG."""
    with _figure(height, draw) as figure:
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return drawn.getvalue()


@contextlib.contextmanager
def _figure(height: float, draw: Draw) -> Iterator[Any]:
    with evidence_extra():
        # It takes half a second to load, so only documents with charts load it.
        import matplotlib
        from matplotlib import font_manager
        from matplotlib.figure import Figure
        from matplotlib.text import Text

    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "fieldkit",
        "font.family": ["DejaVu Sans"],
        "font.size": 8.5,
        "text.hinting": "none",
        "text.usetex": False,
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "axes.edgecolor": LINE,
        "axes.labelcolor": SOFT,
        "axes.labelsize": 8.5,
        "xtick.color": LINE,
        "ytick.color": LINE,
        "xtick.labelcolor": SOFT,
        "ytick.labelcolor": INK,
        "text.color": INK,
        "hatch.linewidth": 0.6,
        "figure.facecolor": "white",
        "path.simplify": False,
        "savefig.bbox": None,
    }
    font = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    with warnings.catch_warnings():
        # A label in a script that the font lacks: the SVG still holds it as text.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        with matplotlib.rc_context({**matplotlib.rcParamsDefault, **settings}):
            figure = Figure(figsize=(WIDTH, height))
            draw(figure)
            for text in figure.findobj(Text):
                # Use matplotlib's own file, whichever fonts of that name the system has.
                size = text.get_fontsize()
                text.set_fontproperties(font_manager.FontProperties(fname=str(font), size=size))
            yield figure


def _inline(drawn: bytes, name: str, title: str, description: str) -> str:
    """matplotlib's file as an element of a page, reduced to what draws."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(drawn)
    _keep_drawn(root)
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key in {"id", "clip-path", _LINK}:
                del element.attrib[key]
                element.set("href" if key == _LINK else key, _renamed(value, name))
            elif key == "style":
                del element.attrib[key]
                _styled(element, value)
    used = {(element.get("href") or "").lstrip("#") for element in root.iter()}
    for element in root.iter():
        if element.get("id") and element.tag != f"{{{_SVG}}}clipPath" and element.get("id") not in used:
            del element.attrib["id"]
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    for key, value in (
        ("role", "img"),
        ("aria-labelledby", f"{name}-title {name}-description"),
        ("stroke-linejoin", "round"),
        ("stroke-linecap", "butt"),
    ):
        root.set(key, value)
    for at, (tag, ending, content) in enumerate(
        (("title", "title", title), ("desc", "description", description))
    ):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{name}-{ending}"})
        element.text, element.tail = content, "\n"
        root.insert(at, element)
    return ElementTree.tostring(root, encoding="unicode")


def _keep_drawn(parent: ElementTree.Element) -> None:
    for child in list(parent):
        if child.tag.removeprefix(f"{{{_SVG}}}") not in _DRAWN:
            parent.remove(child)
        else:
            _keep_drawn(child)


def _renamed(value: str, name: str) -> str:
    """An id, or a reference to one, made unique among the charts of a page."""
    if value.startswith("url(#"):
        return f"url(#{name}-{value[5:]}"
    return f"#{name}-{value[1:]}" if value.startswith("#") else f"{name}-{value}"


def _styled(element: ElementTree.Element, style: str) -> None:
    """Turn styles into attributes, which also work in a page that forbids inline styles."""
    for part in filter(None, map(str.strip, style.split(";"))):
        key, _, value = part.partition(":")
        key, value = key.strip(), value.strip()
        if key == "font":
            size = _SIZE.search(value)
            element.set("font-size", size["size"] if size else "8.5")
            element.set("font-family", _FONTS)
        else:
            element.set(key, value)
