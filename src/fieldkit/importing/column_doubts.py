"""What may be wrong with a column as a whole: values that can't be right, points that may be thousands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fieldkit.importing.choices import Doubt
from fieldkit.importing.values import Meaning
from fieldkit.records.schema.numbers import DOT_THOUSANDS
from fieldkit.spreadsheets import as_text
from fieldkit.text import clean_line

_EXAMPLES = 3


def count_doubts(column: str, meanings: list[Meaning]) -> Iterable[Doubt]:
    dotted = [one for one in meanings if isinstance(one.raw, str) and DOT_THOUSANDS.fullmatch(shown(one.raw))]
    if dotted:
        yield Doubt(
            "points",
            column,
            f"{quoted(dotted)} may be thousands or decimals. Such rows are refused, unless the points mean thousands.",
            {"numbers": "plain"},
            {"numbers": "dot-thousands"},
            "the points mean thousands",
        )
    odd = [one for one in meanings if one.problem and one not in dotted and _numeric(shown(one.raw))]
    yield from other_doubts(
        column, [*odd, *(one for one in meanings if not one.problem)], "is no whole number"
    )


def _numeric(words: str) -> bool:
    return any(letter.isdigit() for letter in words) and not any(letter.isalpha() for letter in words)


def other_doubts(column: str, meanings: list[Meaning], why: str) -> Iterable[Doubt]:
    """A doubt about a column of which one value can't be right, so that the others may be wrong as well."""
    wrong = [one for one in meanings if one.problem]
    if wrong and len(wrong) < len(meanings):
        yield Doubt(
            "others",
            column,
            f"{quoted(wrong)} {why}: look whether the other values mean what they seem to. Such rows are refused.",
            {"settled": "others"},
        )


def quoted(meanings: list[Meaning]) -> str:
    words = [f"“{shown(one.raw)}”" for one in meanings[:_EXAMPLES]]
    more = f" and {len(meanings) - _EXAMPLES:,} more" if len(meanings) > _EXAMPLES else ""
    return ", ".join(words) + more


def shown(raw: Any) -> str:
    """A cell as people see it in the file, on one line."""
    return clean_line(as_text(raw))[:60]
