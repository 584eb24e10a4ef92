"""Styles of .ods files: the parts of a day or a time that a cell style shows, which sheets are shown; short names of tags."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.importing.reading.number_cells import DateParts
from fieldkit.importing.reading.workbook_parts import Attributes, WorkbookRefused

_PREFIXES = {
    **{
        f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0": name
        for name in ("office", "table", "text", "style", "drawing")
    },
    "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0": "number",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_PARTS = {
    "day": "day",
    "month": "month",
    "year": "year",
    "hours": "hour",
    "minutes": "minute",
    "seconds": "second",
    "day-of-week": "weekday",
}
_MOST_STYLES = 100_000


class ShortNames(dict[str, str]):
    """Names of tags and attributes, with a short word for each namespace: "table table-row"."""

    def __missing__(self, full: str) -> str:
        namespace, _, name = full.rpartition(" ")
        short = f"{_PREFIXES.get(namespace, '?')} {name}"
        if len(self) < 10_000:
            self[full] = short
        return short


@dataclass(slots=True)
class _Style:
    family: str
    parent: str
    data: str
    shown: bool = True


class OdsStyles:
    """The cell and table styles, from both parts of the file that hold them."""

    def __init__(self) -> None:
        self.styles: dict[str, _Style] = {}
        self._parts: dict[str, set[str]] = {}
        self._data = ""
        self._style: _Style | None = None
        self._date_parts: dict[str, DateParts | None] = {}

    def start(self, name: str, given: Attributes) -> None:
        if name == "style style":
            self._style = _Style(
                given.get("style family", ""),
                given.get("style parent-style-name", ""),
                given.get("style data-style-name", ""),
            )
            self.styles[given.get("style name", "")] = self._style
        elif name == "style table-properties" and self._style is not None:
            self._style.shown = given.get("table display", "true") != "false"
        elif name in ("number date-style", "number time-style"):
            self._data = given.get("style name", "")
            elapsed = given.get("number truncate-on-overflow", "true") == "false"
            self._parts[self._data] = {"elapsed"} if elapsed else set()
        elif self._data and name.startswith("number ") and name[7:] in _PARTS:
            self._parts[self._data].add(_PARTS[name[7:]])
        elif self._data and name in ("number quarter", "number week-of-year"):
            # Part of a day, but not a whole day.
            self._parts[self._data].add("month")
        if len(self.styles) > _MOST_STYLES or len(self._parts) > _MOST_STYLES:
            raise WorkbookRefused("too large")

    def end(self, name: str) -> None:
        if name in ("number date-style", "number time-style"):
            self._data = ""
        elif name == "style style":
            self._style = None

    def parts(self, name: str) -> DateParts | None:
        """The parts of a day or a time that a cell style shows; None if its format has none."""
        if name not in self._date_parts:
            style, seen = self.styles.get(name), 0
            while style is not None and not style.data and seen < 20:
                style, seen = self.styles.get(style.parent), seen + 1
            known = self._parts.get(style.data) if style is not None else None
            self._date_parts[name] = DateParts(**dict.fromkeys(known, True)) if known else None
        return self._date_parts[name]
