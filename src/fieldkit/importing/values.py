"""From the cells of one column to values of its field, each distinct cell read once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from fieldkit.importing.choices import Choices, ColumnChoices
from fieldkit.importing.columns import Target
from fieldkit.importing.dates_order import swapped
from fieldkit.importing.ticks import is_ticked
from fieldkit.records.schema.dates import WrongWeekday, parse_date, short_date
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.lookup import EMPTY, find
from fieldkit.records.schema.numbers import DOT_THOUSANDS
from fieldkit.records.schema.parse import about
from fieldkit.spelling import folded
from fieldkit.spreadsheets import as_text
from fieldkit.text import as_typed, clean_line, quoted

Parse = Callable[[FieldSpec, Any], Any]
"""Turns a field and a cell into the canonical value, None for an empty cell; raises ValueError with a sentence."""

_SERIAL = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]{1,12})?")
_BARE_HOUR = re.compile(r"0?(?P<hour>[1-9])[:.](?P<minute>[0-5][0-9])(?::[0-5][0-9])?")
_SHORTENED = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?[Ee][+][0-9]{2,3}")
_EPOCH_1904 = date(1904, 1, 1)
_NUMBER = re.compile(r"0*([0-9]{1,3})(?:[.]0+)?")


@dataclass
class Meaning:
    """What one distinct cell became: its value, or a sentence why it has none; and the number of its rows."""

    raw: Any
    value: Any = None
    problem: str = ""
    rows: int = 0


class ColumnValues:
    """Reads the cells of one column. `month_first`: the order of its dates; `swaps`: exchange day and month in cells that
    are dates; `epoch_1904`: the workbook counts days from 1904."""

    def __init__(
        self,
        column: str,
        heading: str,
        target: Target,
        spec: FieldSpec,
        choices: Choices,
        parse: Parse,
        *,
        month_first: bool = False,
        swaps: bool = False,
        epoch_1904: bool = False,
    ) -> None:
        self.column, self.heading, self.target, self.spec = column, heading, target, spec
        self.choices: ColumnChoices = choices.of(column)
        self._ticks = choices.ticks
        self._parse = parse
        self._month_first, self._swaps, self._epoch_1904 = month_first, swaps, epoch_1904
        self._read = self._reader()

    def value(self, raw: Any) -> Any:
        """The value of a cell, None for an empty one.

        Raises:
            ValueError: the cell is not a valid answer; the sentence says why.
        """
        if self.choices.values and raw is not None:
            meant = self.choices.values.get(folded(clean_line(as_text(raw))))
            if meant is not None:
                return self._parse(self.spec, meant)
        return self._read(raw)

    def _reader(self) -> Callable[[Any], Any]:
        if self.target.answer:
            return self._tick
        if self.spec.shape == "date":
            return self._date
        if self.spec.shape == "time" and self.choices.times == "afternoon":
            return self._afternoon
        if self.spec.shape == "number" and self.choices.numbers == "dot-thousands":
            return self._dotted
        if self.choices.direction == "reversed" and (self.spec.codes or self.spec.shape == "scale"):
            return self._reversed
        if self.spec.shape == "line":
            return self._line
        return lambda raw: self._parse(self.spec, raw)

    def _line(self, raw: Any) -> Any:
        if type(raw) is str and "+" in raw and _SHORTENED.fullmatch(raw.strip()):
            raise ValueError(
                f"{about(self.spec)}{quoted(raw.strip())} is how a spreadsheet shortens a long number, so that digits are "
                "lost. Show that column as text there and enter the whole number again."
            )
        return self._parse(self.spec, raw)

    def _tick(self, raw: Any) -> Any:
        if not is_ticked(self.spec, self.target.answer, self.heading, raw, self._ticks):
            return None
        return [self.target.answer] if self.spec.shape == "many" else self.target.answer

    def _date(self, raw: Any) -> Any:
        if isinstance(raw, datetime | date):
            day = raw.date() if isinstance(raw, datetime) else raw
            return self._parse(self.spec, swapped(day) if self._swaps else day)
        text = as_typed(as_text(raw))
        if isinstance(raw, time):
            raise ValueError(f"{about(self.spec)}“{text}” is a time of day, not a date.")
        if self._epoch_1904 and _SERIAL.fullmatch(text):
            likely = short_date((_EPOCH_1904 + timedelta(int(text[:5]))).isoformat())
            raise ValueError(
                f"{about(self.spec)}“{text}” is how a spreadsheet counts days, most likely for {likely} (this workbook "
                "counts from 1904); show that column as a date there and save it again."
            )
        if self._month_first and isinstance(raw, str) and text.casefold() not in EMPTY:
            try:
                read = parse_date(text, month_first=True)
            except WrongWeekday as error:
                raise ValueError(f"{about(self.spec)}{quoted(text)} contradicts itself: {error}") from None
            if read is None:
                raise ValueError(
                    f"{about(self.spec)}{quoted(text)} is not a date with the month first, as the column has them."
                )
            return self._parse(self.spec, read)
        return self._parse(self.spec, raw)

    def _afternoon(self, raw: Any) -> Any:
        text = as_typed(as_text(raw)) if isinstance(raw, str | float) else ""
        match = _BARE_HOUR.fullmatch(text)
        if match and int(match["hour"]) < 8:
            return self._parse(self.spec, f"{int(match['hour']) + 12}:{match['minute']}")
        return self._parse(self.spec, raw)

    def _dotted(self, raw: Any) -> Any:
        text = as_typed(as_text(raw))
        if isinstance(raw, str) and DOT_THOUSANDS.fullmatch(text):
            return self._parse(self.spec, text.replace(".", ""))
        if isinstance(raw, str) and "," in text:
            raise ValueError(
                f"{about(self.spec)}{quoted(text)} has a comma where the column has points for thousands."
            )
        return self._parse(self.spec, raw)

    def _reversed(self, raw: Any) -> Any:
        number = _NUMBER.fullmatch(as_typed(as_text(raw)))
        if number is None:
            return self._parse(self.spec, raw)
        if self.spec.shape == "scale":
            value = self._parse(self.spec, raw)
            return self.spec.maximum + self.spec.minimum - value
        steps = scale_of(self.spec)
        place = int(number.group(1))
        if not 1 <= place <= len(steps):
            raise ValueError(
                f"{about(self.spec)}{quoted(as_text(raw))} is not on the scale, which goes from 1 to {len(steps)}."
            )
        return self._parse(self.spec, steps[len(steps) - place])


def scale_of(spec: FieldSpec) -> list[str]:
    """The codes of a list whose answers are steps of a scale, the first step first; empty for any other list."""
    if not spec.codes:
        return []
    steps = [(int(entry.get("scale")), entry.code) for entry in spec.code_list.entries if entry.get("scale")]
    return [code for _, code in sorted(steps)]


def is_bare(spec: FieldSpec, raw: Any, terms: dict[str, dict[str, str]]) -> bool:
    """Whether a cell is a number or letter that only the list of answers explains: 5 may be very good or very poor.

    These don't count: a code that its own label contains (band 5), the initial of only one label (Y for yes), and words.
    """
    if raw is None or raw == "":
        return False
    if spec.shape == "scale":
        return True
    if isinstance(raw, bool):
        return False
    codes = {code.casefold() for code in spec.code_list.codes}
    if any(run not in codes for run in re.findall(r"[^\W\d_]{2,}", clean_line(as_text(raw)).casefold())):
        return False  # a word: 25 to 34, 1 very good
    pieces = [piece for piece in re.split(r"[;,|\s]+", clean_line(as_text(raw))) if piece]
    if not pieces or any(len(piece) > 3 or (len(piece) > 2 and piece.isalpha()) for piece in pieces):
        return False
    return any(_says_nothing(spec, piece, terms) for piece in pieces)


def _tokens(text: str) -> list[str]:
    """The numbers and words in `text`, numbers without leading zeros."""
    return [token.lstrip("0") or token for token in re.findall(r"[0-9]+|[a-z]+", text.casefold())]


def _says_nothing(spec: FieldSpec, piece: str, terms: dict[str, dict[str, str]]) -> bool:
    own = terms.get(spec.codes, {})
    code = find(spec.code_list, piece, own)
    if code is None:
        return any(letter.isdigit() for letter in piece)
    if code in own or folded(spec.code_list.label(code)) == folded(piece):
        return False
    label = spec.code_list.label(code).casefold()
    if set(_tokens(piece)) <= set(_tokens(label)):
        return False
    initials = [entry.label[:1].casefold() for entry in spec.code_list.entries]
    return not (
        piece.isalpha() and len(piece) == 1 and label[0] == piece.casefold() and initials.count(label[0]) == 1
    )
