"""What a published cell means, as an interval: whole numbers, rounded ones, stars, ranges, and figures not available."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Literal

from fieldkit.intervals import Interval
from fieldkit.spreadsheets import Cell, as_text
from fieldkit.text import clean_line

Meaning = Literal["star", "zero", "missing"]
State = Literal["number", "star", "missing", "unknown", "refused"]

DASHES = frozenset("-‐‑‒–—−")
#: Signs that mark a number without changing it: provisional, revised, estimated, a break in the series, unreliable; notes.
_MARKER = re.compile(r"\s*\[\s*(?:[bepru]|note\s*[0-9]+|[0-9]{1,2})\s*\]\s*$", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ '’][0-9]{3})+|[0-9]+")
_WHOLE = re.compile(rf"({_GROUPED.pattern})(\.0{{1,2}})?")
_DECIMAL = re.compile(r"[0-9][0-9 ,'’]*[.,][0-9]+|\.[0-9]+|[0-9.,]+e[-+]?[0-9]+", re.IGNORECASE)
_NUMBER = rf"({_GROUPED.pattern})"
_BELOW = re.compile(rf"(?:<|under|below|fewer than|less than)\s*{_NUMBER}", re.IGNORECASE)
_AT_MOST = re.compile(
    rf"(?:≤|<\s*=|=\s*<|up to|at most|no more than)\s*{_NUMBER}|{_NUMBER}\s*(?:or fewer|or less|and under)",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    rf"(?:≥|>\s*=|=\s*>|at least)\s*{_NUMBER}|{_NUMBER}\s*(?:\+|or more|and over)", re.IGNORECASE
)
_ABOVE = re.compile(rf"(?:>|over|above|more than)\s*{_NUMBER}", re.IGNORECASE)
_RANGE = re.compile(rf"{_NUMBER}\s*(?:[-‐‑‒–—−]|to)\s*{_NUMBER}", re.IGNORECASE)
_ABOUT = re.compile(r"(?:[~≈]|approx\.?|circa)\s*", re.IGNORECASE)
_MISSING = frozenset(
    {
        "", "..", "...", "…", ":", "x", "[x]", "z", "[z]", "null", "none recorded", "n/a", "na", "#n/a", "nan", "n.a.",
        "not available", "not applicable", "no data", "[w]",
    }
)  # fmt: skip
_STARS = frozenset({"*", "**", "***", "c", "[c]", "(c)", "[*]", "(*)"})
_PERCENTAGE, _NOT_WHOLE = "is a percentage, not a count", "is not a whole number, so it is not a count"
WORKED_OUT = frozenset({_PERCENTAGE, _NOT_WHOLE})
"""Problems of figures that are calculated from counts."""
MOST = 10**12
"""The greatest count that is accepted."""


@dataclass(frozen=True)
class CountRules:
    """What the signs and numbers of one file mean. The user is asked once; presets of known sources fill it in.

    `star_low`, `star_high`: the least and greatest number behind a star. `star_high` None means no upper bound. `star_low` None
    means that nobody has said; a star then reads as 0 or more. `round_base`: numbers are rounded to its nearest multiple
    (0: not rounded). `round_least`: the least number that is shown at all, before rounding. `zeros`: whether a 0 that is shown
    is a true 0 (so no star hides one). `means`: the meanings of other texts, in small letters, such as a dash.
    """

    star_low: int | None = None
    star_high: int | None = None
    round_base: int = 0
    round_least: int = 0
    means: Mapping[str, Meaning] = field(default_factory=dict)

    @property
    def zeros(self) -> bool:
        """Whether a zero is shown as a zero."""
        return self.star_low is not None and self.star_low > 0

    @property
    def star(self) -> Interval:
        """The interval of a star."""
        return Interval(0, None) if self.star_low is None else Interval(self.star_low, self.star_high)

    def meaning(self, text: str, meaning: Meaning) -> CountRules:
        """A copy of these rules in which `text` means `meaning`."""
        return replace(self, means={**self.means, sign_of(text): meaning})


@dataclass(frozen=True, slots=True)
class CountReading:
    """What one cell means. `interval` is None unless the state is "number" or "star".

    "missing": not available or not applicable. "unknown": a sign that nobody has explained yet (a dash, words). "refused": not a
    count; `problem` is then a sentence without its subject, such as _PERCENTAGE.
    """

    state: State
    interval: Interval | None = None
    problem: str = ""


def sign_of(text: str) -> str:
    """The form of a sign under which its meaning is kept: small letters, all dashes alike."""
    folded = _plain(text).casefold()
    return "-" if folded and set(folded) <= DASHES else folded


def shown_of(cell: Cell) -> str:
    """The text of a published cell, on one line, as it is kept."""
    return clean_line(as_text(cell))


def read_count(cell: Cell, rules: CountRules) -> CountReading:
    """The interval that a cell of a table of counts means."""
    if isinstance(cell, bool):
        return CountReading("refused", problem="is TRUE or FALSE, not a count")
    if isinstance(cell, date | time):
        return CountReading(
            "refused",
            problem="is a date: a spreadsheet program may have made it of a range such as 1-4. Write it as text",
        )
    if isinstance(cell, int | float):
        if cell != cell:
            return CountReading("missing")
        if cell < 0:
            return CountReading("refused", problem="is below zero")
        if cell != int(cell):
            return CountReading("refused", problem=_NOT_WHOLE)
        return _number(int(cell), rules)
    text = _plain(cell or "")
    sign = sign_of(text)
    if meaning := rules.means.get(sign):
        return _meant(meaning, rules)
    if sign in _MISSING:
        return CountReading("missing")
    if sign in _STARS:
        return CountReading("star", rules.star)
    if sign == "-":
        return CountReading("unknown")
    return _text_count(text, rules)


def _plain(text: str) -> str:
    """`text` on one line and in one width, with ASCII digits. A raised digit is not a number: it marks a footnote."""
    letters = (_letter(letter) for letter in clean_line(text))
    return " ".join("".join(letters).split())


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    return "" if category == "Cf" else letter if category == "No" else unicodedata.normalize("NFKC", letter)


def _meant(meaning: Meaning, rules: CountRules) -> CountReading:
    if meaning == "star":
        return CountReading("star", rules.star)
    return CountReading("number", Interval(0, 0)) if meaning == "zero" else CountReading("missing")


def _text_count(text: str, rules: CountRules) -> CountReading:
    bare = _MARKER.sub("", text) or text
    if whole := _WHOLE.fullmatch(_ABOUT.sub("", bare, count=1)):
        return _number(_digits(whole[1]), rules)
    if bounds := _bounds(bare, rules):
        low, high = bounds
        if high is not None and high < low:
            return CountReading("refused", problem="is a range whose end is before its beginning")
        return CountReading("star", Interval(low, high))
    if "%" in bare and any(map(str.isdigit, bare)):
        return CountReading("refused", problem=_PERCENTAGE)
    if _DECIMAL.fullmatch(bare):
        return CountReading("refused", problem=_NOT_WHOLE)
    if any(letter.isnumeric() for letter in bare):
        negative = bare[0] in DASHES or bare[0] == "("
        return CountReading(
            "refused", problem="is below zero" if negative else "is not a number that can be read"
        )
    return CountReading("unknown")


def _bounds(text: str, rules: CountRules) -> tuple[int, int | None] | None:
    """The ends of a range as it is written: `<5` is 0 to 4, or 1 to 4 if a zero is shown as a zero."""
    least = 1 if rules.zeros else 0
    if match := _BELOW.fullmatch(text):
        return least, _digits(match[1]) - 1
    if match := _AT_MOST.fullmatch(text):
        return least, _digits(match[1] or match[2])
    if match := _AT_LEAST.fullmatch(text):
        return _digits(match[1] or match[2]), None
    if match := _ABOVE.fullmatch(text):
        return _digits(match[1]) + 1, None
    if match := _RANGE.fullmatch(text):
        return _digits(match[1]), _digits(match[2])
    return None


def _digits(text: str) -> int:
    return int(re.sub(r"[ ,'’]", "", text)[:20])


def _number(value: int, rules: CountRules) -> CountReading:
    """The reading of a shown number: itself, or all that rounds to it.

    Rounded to b, least shown L: 0 is 0 if zeros are shown; else from max(L, v - b // 2) to v + b // 2.
    """
    if value > MOST:
        return CountReading("refused", problem="is too large for a count of people")
    if not rules.round_base or (value == 0 and rules.zeros):
        return CountReading("number", Interval(value, value))
    if value % rules.round_base:
        return CountReading(
            "refused",
            problem=f"is not a multiple of {rules.round_base}, to which the file is said to be rounded",
        )
    half = rules.round_base // 2
    low = max(rules.round_least, value - half, 0)
    if low > value + half:
        return CountReading(
            "refused", problem=f"is shown, but numbers below {rules.round_least} are said not to be shown"
        )
    return CountReading("number", Interval(low, value + half))
