"""What a spreadsheet program shows of a number, and the value that a cell is taken to hold.

The same number can be shown as 3, 3.00, 300%, £3.00, 00003 or as a day. `number_cell` and `date_cell` judge the number
together with what is shown of it, alike for every file format: what is shown and held agree, or the cell has a fault.
Format codes are those of ECMA-376 part 1, section 18.8.31, which .xls files share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from fieldkit.spreadsheets import Cell

#: Format numbers that workbooks use without writing their code; those missing here are "General".
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
"""Days from the first day of the usual count to that of workbooks which count from 1904."""

_FIRST_DAY = datetime(1899, 12, 30)
_FIRST_CERTAIN = 61
"""1 March 1900: programs disagree about the days before, since some believe in a 29 February 1900."""
_LAST_DAY = 2_958_466
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<noon>AM/PM|A/P)|(?P<general>General)'
    r"|(?P<power>E[+-])|(?P<date>[ymdhsegb]+)|(?P<place>[0#?])|(?P<mark>[.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)$")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-]*)")
_PLAIN = re.compile(r"[-+−(]?\s*[0-9][0-9.,'’\s]*(?:E[-+]?[0-9]+)?\s*\)?", re.IGNORECASE)
_LONG = 9
"""So many digits show a number well enough: programs cut the rest off where a column is narrow."""


@dataclass(frozen=True, slots=True)
class DateParts:
    """What a format shows of a day and a time. `elapsed`: hours may go beyond 24, as in [h]:mm."""

    year: bool = False
    month: bool = False
    day: bool = False
    hour: bool = False
    minute: bool = False
    second: bool = False
    elapsed: bool = False
    weekday: bool = False

    @property
    def dated(self) -> bool:
        """Whether it shows anything of a day."""
        return self.year or self.month or self.day or self.weekday


WHOLE_DAY = DateParts(year=True, month=True, day=True)


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None
    parts: DateParts | None


class NumberFormat:
    """A format code, taken apart."""

    __slots__ = ("code", "general", "sections")

    def __init__(self, code: str) -> None:
        self.code = code
        self.sections = [_section(tokens) for tokens in _split(code)]
        first = self.sections[0]
        kinds = [kind for kind, _ in first.tokens]
        self.general = len(self.sections) == 1 and kinds in ([], ["general"], ["@"])

    @property
    def parts(self) -> DateParts | None:
        """What it shows of a day and a time; None for a format of numbers."""
        return self.sections[0].parts

    def cell(self, value: float) -> tuple[Cell, str]:
        """The value of a cell that holds the number `value`, days counted from 1900; and its fault (see `number_cell`)."""
        if self.general:
            return tidy(value), ""
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
    """The format of that code, at most 255 characters of it: no program writes longer ones."""
    return NumberFormat(code[:255])


def tidy(value: float) -> float:
    """`value` with the 15 digits that spreadsheet programs keep: 0.3, not 0.30000000000000004."""
    return value if value.is_integer() else float(f"{value:.15g}")


def number_cell(value: float, shown: str) -> tuple[Cell, str]:
    """The value of a cell that holds `value` and shows `shown`: the number, or the text where it says more (00123, 50%).

    With it, what is wrong if both disagree, to follow on the cell's name: " shows “3” but holds 2.6. …", else "".
    """
    value = tidy(value)
    shown = " ".join(shown.split())
    if not shown:
        return (
            value,
            f" holds {_written(value)} but shows nothing. Change its format or empty it in the spreadsheet.",
        )
    if _PLAIN.fullmatch(shown):
        if any(_same(value, number) for number in _readings(shown)):
            digits = shown.lstrip("-+−( ")
            return (shown, "") if digits[:1] == "0" and digits[1:2].isdigit() else (value, "")
    elif not any(letter.isdigit() for letter in shown) or _agrees(value, shown):
        return shown, ""
    return value, (
        f" shows “{shown[:40]}” but holds {_written(value)}. Round the value or change its format in the spreadsheet, so "
        "that both are the same."
    )


def date_cell(days: float, parts: DateParts) -> tuple[Cell, str]:
    """The value of a cell that holds `days` since 30 December 1899 and shows `parts` of them; and its fault, if any."""
    if not parts.dated:
        return _time_cell(days, parts)
    if not _FIRST_CERTAIN <= days < _LAST_DAY:
        return _written(tidy(days)), (
            " holds a date before March 1900, or none at all. Programs count such days differently: write it as text."
        )
    moment = _moment(days)
    if not (parts.day and parts.month):
        shown = _partly(moment, parts)
        return shown, (
            f" shows “{shown}”, which is not a whole date (it holds {moment.day} {moment:%b %Y}). Show day, month and "
            "year in the spreadsheet, or write it as text."
        )
    return (moment if parts.hour else moment.date()), ""


def _time_cell(days: float, parts: DateParts) -> tuple[Cell, str]:
    seconds = round(days * 86_400)
    if parts.elapsed or not parts.hour:
        return _span(seconds), ""
    if days < 0:
        return _span(seconds), f" holds a time below zero ({_span(seconds)}). Correct it in the spreadsheet."
    if days < 1:
        minute, second = divmod(min(seconds, 86_399), 60)
        return time(minute // 60, minute % 60, second), ""
    if days < _FIRST_CERTAIN or days >= _LAST_DAY:
        shown = (datetime(2000, 1, 1) + timedelta(seconds=seconds % 86_400)).strftime("%H:%M")
        return _span(seconds), (
            f" shows “{shown}” but holds {_span(seconds)} hours. Change its format in the spreadsheet, for example to [h]:mm."
        )
    return _moment(days).time(), ""


def _moment(days: float) -> datetime:
    whole = int(days)
    return _FIRST_DAY + timedelta(days=whole, seconds=round((days - whole) * 86_400))


def days_of(moment: date | datetime) -> float:
    """Days since 30 December 1899, as spreadsheet programs count."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return (moment.replace(tzinfo=None) - _FIRST_DAY) / timedelta(days=1)


def _span(seconds: int) -> str:
    """Hours, minutes and seconds, as 30:00:00."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' * (seconds < 0)}{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _partly(moment: datetime, parts: DateParts) -> str:
    codes = (
        ("%A", parts.weekday),
        ("%d", parts.day),
        ("%b", parts.month),
        ("%Y", parts.year),
        ("%H:%M", parts.hour),
    )
    return moment.strftime(" ".join(code for code, shown in codes if shown))


def _written(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def _same(value: float, number: float) -> bool:
    return abs(value - number) <= 1e-12 * max(abs(value), abs(number), 1e-300) * 10


def _readings(shown: str) -> list[float]:
    """The numbers that `shown` may be, the comma or the point being the decimal mark, to as many digits as it has."""
    bare = re.sub(r"[\s'’]", "", shown).replace("−", "-")
    if bare.startswith("("):
        bare = "-" + bare.strip("()")
    numbers = []
    for candidate in (bare.replace(",", ""), bare.replace(".", "").replace(",", ".")):
        try:
            numbers.append(float(candidate))
        except ValueError:
            continue
    return numbers


def _agrees(value: float, shown: str) -> bool:
    """Whether the digits in `shown` are those of `value`, whatever stands around them."""
    digits = "".join(filter(str.isdigit, shown))
    if value.is_integer() and abs(value) < 1e15 and int(digits) == abs(int(value)):
        return True
    if not (number := re.search(r"[0-9][0-9.,'’\s]*", shown)):
        return False
    wanted = abs(value) * (100 if "%" in shown else 1)
    return any(_same(wanted, reading) for reading in _readings(number[0].strip().rstrip(".,")))


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
    """The tokens of each section: (kind, text)."""
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
    """What a section shows of a day and a time; None for numbers. An m beside hours or seconds is minutes."""
    codes = [text.lower() for kind, text in tokens if kind == "date"]
    noon = any(kind == "noon" for kind, _ in tokens)
    if any(kind == "general" for kind, _ in tokens) or not (codes or noon):
        return None
    # Letters that follow one another without a mark, as in ddmmyyyy, are single parts too.
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
    """What a section shows of `value`, which is not below zero; "" where the format can't be told."""
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds or (kinds == ["mark"] and tokens[0][1] == "@"):
        return "".join(
            _written(tidy(value)) if kind == "general" or text == "@" else text for kind, text in tokens
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
    ones, _, rest = f"{rounded:f}".partition(".")
    ones = "" if ones == "0" and not any(tokens[at][1] == "0" for at in whole) else ones
    required = sum(tokens[at][1] == "0" for at in whole)
    ones = ones.rjust(required, "0")
    if thousands:
        ones = f"{int(ones or 0):,}".rjust(required, "0") if ones else ""
        filled = dict.fromkeys(whole, "") | ({whole[0]: ones} if whole else {})
    else:
        filled = _filled(ones, whole)
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
    """Each place of the whole part with its digits, from the right; the first takes what is left over."""
    filled: dict[int, str] = {}
    for at in reversed(places):
        filled[at], digits = digits[-1:], digits[:-1]
    if places:
        filled[places[0]] = digits + filled[places[0]]
    return filled
