"""Number formats of .xlsx and .xls files: parsing a format code, and what it shows for a number.

Format codes follow ECMA-376 part 1, section 18.8.31; .xls files share them. The same number can be shown as 3, 3.00,
300%, £3.00, 00003 or as a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from fieldkit.importing.reading.number_cells import (
    DateParts,
    date_cell,
    general_cell,
    number_cell,
    with_15_digits,
    written,
)
from fieldkit.spreadsheets import Cell

#: Numbers of formats that workbooks use without writing their code; numbers missing here are "General".
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"£"#,##0', 6: '"£"#,##0', 7: '"£"#,##0.00', 8: '"£"#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm",
    27: "yyyy/m/d", 28: "yyyy/m/d", 29: "yyyy/m/d", 30: "m/d/yy", 31: "yyyy/m/d", 32: "h:mm", 33: "h:mm:ss",
    34: "h:mm", 35: "h:mm:ss", 36: "yyyy/m/d", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: '"£"#,##0', 43: "#,##0.00", 44: '"£"#,##0.00', 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: "yyyy/m/d", 51: "yyyy/m/d", 52: "yyyy/m/d", 53: "yyyy/m/d",
    54: "yyyy/m/d", 55: "yyyy/m/d", 56: "yyyy/m/d", 57: "yyyy/m/d", 58: "yyyy/m/d",
}  # fmt: skip
DAYS_TO_1904 = 1462
"""Days from the first day of the usual count to that of workbooks that count from 1904."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<noon>AM/PM|A/P)|(?P<general>General)'
    r"|(?P<power>E[+-])|(?P<date>[ymdhsegb]+)|(?P<place>[0#?])|(?P<mark>[.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)$")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-]*)")


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None
    parts: DateParts | None


class NumberFormat:
    """A parsed format code."""

    __slots__ = ("code", "general", "sections")

    def __init__(self, code: str) -> None:
        self.code = code
        self.sections = [_section(tokens) for tokens in _split(code)]
        first = self.sections[0]
        kinds = [kind for kind, _ in first.tokens]
        self.general = len(self.sections) == 1 and kinds in ([], ["general"], ["@"])

    @property
    def parts(self) -> DateParts | None:
        """The parts of a day and a time that it shows; None for a format of numbers."""
        return self.sections[0].parts

    def cell(self, value: float) -> tuple[Cell, str]:
        """The value of a cell that holds the number `value` (days are counted from 1900), and its fault (see `number_cell`)."""
        if self.general:
            return general_cell(value)
        section = self._section_for(value)
        if section.parts is not None:
            return date_cell(value, section.parts)
        return number_cell(value, self._shown(value, section))

    def _section_for(self, value: float) -> _Section:
        numeric = self.sections[:3]
        if any(section.condition for section in numeric):
            for section in numeric:
                if section.condition is None or _holds(value, *section.condition):
                    return section
            return numeric[-1]
        if value < 0 and len(numeric) > 1:
            return numeric[1]
        return numeric[2] if value == 0 and len(numeric) > 2 else numeric[0]

    def _shown(self, value: float, section: _Section) -> str:
        own_sign = section is not self.sections[0] and value < 0 and section.condition is None
        shown = _numeric(abs(value), section.tokens)
        return f"-{shown}" if value < 0 and not own_sign and any(d in shown for d in "123456789") else shown


@lru_cache(maxsize=4096)
def number_format(code: str) -> NumberFormat:
    """The format of a code, cut to 255 characters: no program writes longer codes."""
    return NumberFormat(code[:255])


def _holds(value: float, sign: str, bound: float) -> bool:
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[sign]


def _split(code: str) -> list[list[tuple[str, str]]]:
    """The tokens of each section, each as (kind, text)."""
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or ""
        if kind == "other" and match[0] == ";":
            sections.append([])
        elif kind:
            sections[-1].append((kind, match[kind]))
    return sections


def _section(tokens: list[tuple[str, str]]) -> _Section:
    condition = None
    kept: list[tuple[str, str]] = []
    elapsed = False
    for kind, text in tokens:
        if kind != "bracket":
            kept.append((kind, text))
        elif bound := _CONDITION.match(text):
            condition = (bound[1], float(Decimal(bound[2]))) if _is_number(bound[2]) else None
        elif _ELAPSED.fullmatch(text):
            elapsed = True
            kept.append(("date", text))
        elif (currency := _CURRENCY.match(text)) and currency[1]:
            kept.append(("quoted", currency[1]))
    return _Section(tuple(kept), condition, _parts(kept, elapsed))


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _parts(tokens: list[tuple[str, str]], elapsed: bool) -> DateParts | None:
    """The parts of a day and a time that a section shows; None for numbers. An m beside hours or seconds means minutes."""
    codes = [text.lower() for kind, text in tokens if kind == "date"]
    noon = any(kind == "noon" for kind, _ in tokens)
    if any(kind == "general" for kind, _ in tokens) or not (codes or noon):
        return None
    # Letters that follow each other without a separator, as in ddmmyyyy, are separate parts too.
    letters = [run[0] for code in codes for run in re.findall(r"((.)\2*)", code) if run[0]]
    year = month = day = hour = minute = second = False
    for at, run in enumerate(letters):
        letter = run[0]
        year = year or letter in "yeb"
        day = day or (letter == "d" and len(run) < 3)
        hour, second = hour or letter == "h", second or letter == "s"
        if letter == "m":
            beside = (at > 0 and letters[at - 1][0] == "h") or (
                at + 1 < len(letters) and letters[at + 1][0] == "s"
            )
            minute, month = minute or beside, month or not beside
    if elapsed and not (year or day):
        month, minute = False, minute or month
    weekday = any(run[0] == "d" and len(run) >= 3 for run in letters)
    return DateParts(year, month, day, hour or noon, minute, second, elapsed, weekday)


def _numeric(value: float, tokens: tuple[tuple[str, str], ...]) -> str:
    """What a section shows for `value`, which is not negative; "" if the format is not understood."""
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds or (kinds == ["mark"] and tokens[0][1] == "@"):
        return "".join(
            written(with_15_digits(value)) if kind == "general" or text == "@" else text
            for kind, text in tokens
        )
    places = [at for at, kind in enumerate(kinds) if kind == "place"]
    if not places:
        return "".join(text for kind, text in tokens if kind != "mark")
    exponent = "power" in kinds
    marks = [(at, text) for at, (kind, text) in enumerate(tokens) if kind == "mark"]
    if any(text == "/" for _, text in marks):
        return str(Fraction(value).limit_denominator(99))
    point = next((at for at, text in marks if text == "."), len(tokens))
    power = kinds.index("power") if exponent else len(tokens)
    whole = [at for at in places if at < point and at < power]
    decimals = [at for at in places if point < at < power]
    number = Decimal(f"{value:.15g}") * 100 ** sum(text == "%" for _, text in marks)
    if exponent:
        return f"{float(number):.{len(decimals)}E}"
    commas = [at for at, text in marks if text == ","]
    if last := max(whole + decimals, default=0):
        number /= 1000 ** sum(at > last or (bool(whole) and whole[-1] < at < point) for at in commas)
    thousands = bool(whole) and any(whole[0] < at < whole[-1] for at in commas)
    try:
        rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    except InvalidOperation:
        return ""
    integer, _, rest = f"{rounded:f}".partition(".")
    integer = "" if integer == "0" and not any(tokens[at][1] == "0" for at in whole) else integer
    required = sum(tokens[at][1] == "0" for at in whole)
    integer = integer.rjust(required, "0")
    if thousands:
        integer = f"{int(integer or 0):,}".rjust(required, "0") if integer else ""
        filled = dict.fromkeys(whole, "") | ({whole[0]: integer} if whole else {})
    else:
        filled = _filled(integer, whole)
    while rest and len(rest) > sum(tokens[at][1] == "0" for at in decimals) and rest[-1] == "0":
        rest = rest[:-1]
    for at, digit in zip(decimals, rest.ljust(len(decimals)), strict=False):
        filled[at] = digit.strip()
    shown = []
    for at, (kind, text) in enumerate(tokens):
        if kind == "place":
            shown.append(filled.get(at, ""))
        elif kind == "mark":
            shown.append("." if at == point and rest else "%" if text == "%" else "")
        else:
            shown.append(text)
    return "".join(shown)


def _filled(digits: str, places: list[int]) -> dict[int, str]:
    """The digits of each place of the whole part, filled from the right; the first place takes the rest."""
    filled: dict[int, str] = {}
    for at in reversed(places):
        filled[at], digits = digits[-1:], digits[:-1]
    if places:
        filled[places[0]] = digits + filled[places[0]]
    return filled
