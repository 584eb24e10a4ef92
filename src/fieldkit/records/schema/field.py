"""The definition of a field: its title, help, answers, and the check that every way in shares.

A field is declared once, as a line in a model (`records/kinds/feedback.py` and its neighbours). Forms, lists, spreadsheet
columns, the journal, merging and the data dictionary all read the `FieldSpec` made from that line.

Values have one canonical form everywhere (forms, operations, bundles, tables): `str` for text, codes, dates
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import JSON, Column
from sqlmodel import Field

from fieldkit.records.schema.codes import CodeList, code_list
from fieldkit.text import clean, clean_line, quoted

Shape = Literal["line", "text", "choice", "many", "date", "time", "number", "scale", "link", "links"]

#: The longest text that a field may hold, in characters; a bundle's limit of 64 KB per field is higher.
LONGEST_TEXT = 16_000
LONGEST_LINE = 200
#: The most records that one field may point to.
MOST_LINKS = 500

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]\Z")
_RECORD_ID = re.compile(r"[0-9a-z]{8,40}\Z")


#: The form of codes, to distinguish an answer that another version added from text in place of a code.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}\Z")


class BeyondRules(ValueError):
    """A value of the field's own type that only its answers, length, pattern or bounds refuse.

    Another version may have other answers and bounds, and the rest of the record may still be valid.
    """


@dataclass(frozen=True)
class FieldSpec:
    """One field, as declared in its model. `name` is filled in when its kind is built."""

    shape: Shape
    title: str
    help: str = ""
    name: str = ""
    step: str = ""
    """The page of the form that asks for it; fields with the same step are shown together."""
    codes: str = ""
    """The name of the code list that its answers come from (shapes choice and many)."""
    link: str = ""
    """The kind of record that it points to (shapes link and links)."""
    required: bool = False
    listed: bool = False
    """Shown as a column in lists."""
    monitoring: bool = False
    """Asked last, always optional, never shown in lists or quoted."""
    minimum: int = 0
    maximum: int = 1_000_000
    length: int = LONGEST_LINE
    pattern: str = ""
    pattern_help: str = ""
    half_a_postcode: bool = False
    """Holds the first half of a postcode: of a whole one, the other half is never kept."""
    default: str | int | None = None
    only_if: tuple[str, tuple[str, ...]] | None = None
    """(field, answers): asked only when that field holds one of these answers."""
    after: tuple[str, tuple[str, ...]] | None = None
    """(field, answers): asked at a stall only once that field has an answer other than these."""
    follows: tuple[str, str] | None = None
    """(link, field): if left empty, it is derived from that field of the linked record; see `records.derived`."""
    named_freely: bool = False
    """Names something that others may spell differently: spellings that fold alike count as one in filters and in the
    summary, and a form suggests the names in use."""
    named_after: str = ""
    """The kind whose records these names refer to: a form suggests them too, by any of their names."""
    set_by_coordinators: bool = False
    """Only a coordinator's laptop may set it: a bundle from any other laptop that sets it is refused."""
    is_heading: bool = False
    """Holds a heading as its file writes it, with _ where people write a space; shown as people write it."""
    from_files: bool = False
    """Filled in by imports and never asked: a form shows it only if it holds an answer."""
    heading: str = ""
    """Its title above a column, where the whole one would leave its answers no room; if empty, the title."""
    ask: str = ""
    """The question for respondents, on paper and on a laptop handed over; if empty, the title."""

    @property
    def asked(self) -> str:
        """The question in the words for a respondent, which are the key of its translations."""
        return self.ask or self.title

    @property
    def several(self) -> bool:
        """Whether its value is a list of codes or ids."""
        return self.shape in {"many", "links"}

    def targets(self, value: Any) -> list[str]:
        """The ids of the records that a value of this field points to; none for other shapes."""
        if not self.link or value is None:
            return []
        return [str(target) for target in value] if isinstance(value, list) else [str(value)]

    @cached_property
    def code_list(self) -> CodeList:
        """The answers; KeyError for a field without codes."""
        return code_list(self.codes)

    @cached_property
    def check(self) -> Callable[[Any], Any]:
        """A function from a value to its canonical form; it raises ValueError with a sentence."""
        return _CHECKS[self.shape](self)


def _required_text(spec: FieldSpec, value: Any) -> str:
    if type(value) is not str:
        raise ValueError(f"{spec.title}: text is expected here, not {_shown(value)}.")
    return value


def _shown(value: Any) -> str:
    """A wrong value, shortened and cleaned for a sentence."""
    return quoted(str(value))


def _check_line(spec: FieldSpec) -> Callable[[Any], Any]:
    pattern = re.compile(spec.pattern + r"\Z") if spec.pattern else None
    clean_it = clean_line if spec.shape == "line" else clean

    def check(value: Any) -> str | None:
        cleaned = clean_it(_required_text(spec, value))
        if len(cleaned) > spec.length:
            raise BeyondRules(f"{spec.title}: {len(cleaned):,} characters are too many; {spec.length:,} fit.")
        if pattern and cleaned and not pattern.match(cleaned):
            raise BeyondRules(f"{spec.title}: {_shown(cleaned)} is not {spec.pattern_help}.")
        return cleaned or None

    return check


def _check_choice(spec: FieldSpec) -> Callable[[Any], Any]:
    known, is_open = spec.code_list.codes, spec.code_list.open

    def check(value: Any) -> str | None:
        if type(value) is str and value in known:
            return value
        if is_open:
            cleaned = clean_line(_required_text(spec, value))
            if len(cleaned) <= 80:
                return cleaned or None
        refusal = BeyondRules if type(value) is str and _CODE.match(value) else ValueError
        raise refusal(f"{spec.title}: {_shown(value)} is not one of the answers.")

    return check


MOST_ANSWERS = 100
"""The most answers in one field."""


def _check_many(spec: FieldSpec) -> Callable[[Any], Any]:
    check_one = _check_choice(spec)

    def check(value: Any) -> list[str] | None:
        if not isinstance(value, list):
            raise ValueError(f"{spec.title}: a list of answers is expected, not {_shown(value)}.")
        if len(value) > MOST_ANSWERS:
            raise ValueError(
                f"{spec.title}: {len(value):,} answers are too many; the limit is {MOST_ANSWERS}."
            )
        answers = sorted({code for item in value if (code := check_one(item)) is not None})
        alone = [code for code in answers if code in spec.code_list.alone]
        if alone and len(answers) > 1:
            raise BeyondRules(
                f"{spec.title}: “{spec.code_list.label(alone[0])}” can't be combined with other answers."
            )
        return answers or None

    return check


def _check_date(spec: FieldSpec) -> Callable[[Any], Any]:
    def check(value: Any) -> str:
        if type(value) is str and _DATE.match(value):
            try:
                year = date.fromisoformat(value).year
            except ValueError:
                year = 0
            if 1900 <= year <= 2199:
                return value
            if year:
                raise ValueError(
                    f"{spec.title}: the year {year} is not one from 1900 to 2199. "
                    "Write the date in the common calendar, as 27/10/2026."
                )
        raise ValueError(f"{spec.title}: {_shown(value)} is not a date; write day/month/year, as 27/10/2026.")

    return check


def _check_time(spec: FieldSpec) -> Callable[[Any], Any]:
    def check(value: Any) -> str:
        if type(value) is str and _TIME.match(value):
            return value
        raise ValueError(f"{spec.title}: {_shown(value)} is not a time of day: for example 14:30.")

    return check


def _check_number(spec: FieldSpec) -> Callable[[Any], Any]:
    def check(value: Any) -> int:
        if type(value) is int and spec.minimum <= value <= spec.maximum:
            return value
        refusal = BeyondRules if type(value) is int else ValueError
        raise refusal(
            f"{spec.title}: {_shown(value)} is not a whole number from {spec.minimum:,} to {spec.maximum:,}."
        )

    return check


def _check_link(spec: FieldSpec) -> Callable[[Any], Any]:
    def check(value: Any) -> str:
        if type(value) is str and _RECORD_ID.match(value):
            return value
        raise ValueError(f"{spec.title}: {_shown(value)} does not point to a record.")

    return check


def _check_links(spec: FieldSpec) -> Callable[[Any], Any]:
    check_link = _check_link(spec)

    def check(value: Any) -> list[str] | None:
        if not isinstance(value, list) or len(value) > MOST_LINKS:
            raise ValueError(f"{spec.title}: a list of records is expected, not {_shown(value)}.")
        return sorted({check_link(target) for target in value}) or None

    return check


_CHECKS: dict[str, Callable[[FieldSpec], Callable[[Any], Any]]] = {
    "line": _check_line,
    "text": _check_line,
    "choice": _check_choice,
    "many": _check_many,
    "date": _check_date,
    "time": _check_time,
    "number": _check_number,
    "scale": _check_number,
    "link": _check_link,
    "links": _check_links,
}


# Functions that declare the fields of a model. Each returns a SQLModel Field that carries its FieldSpec.


def _field(spec: FieldSpec, **extra: Any) -> Any:
    return Field(
        default=None,
        title=spec.title,
        description=spec.help,
        schema_extra={"json_schema_extra": {"spec": spec}},
        **extra,
    )


def line(title: str, help: str = "", **more: Any) -> Any:
    """A short text on one line."""
    return _field(FieldSpec("line", title, help, **more))


def text(title: str, help: str = "", *, length: int = LONGEST_TEXT, **more: Any) -> Any:
    """Free text with line breaks."""
    return _field(FieldSpec("text", title, help, length=length, **more))


def choice(codes: str, title: str, help: str = "", **more: Any) -> Any:
    """One answer from a code list."""
    return _field(FieldSpec("choice", title, help, codes=codes, **more))


def many(codes: str, title: str, help: str = "", **more: Any) -> Any:
    """Any number of answers from a code list."""
    return _field(FieldSpec("many", title, help, codes=codes, **more), sa_type=JSON(none_as_null=True))


def day(title: str, help: str = "", **more: Any) -> Any:
    """A date, kept as YYYY-MM-DD."""
    return _field(FieldSpec("date", title, help, **more))


def clock(title: str, help: str = "", **more: Any) -> Any:
    """A time of day, kept as HH:MM."""
    return _field(FieldSpec("time", title, help, **more))


def number(title: str, help: str = "", **more: Any) -> Any:
    """A whole number."""
    return _field(FieldSpec("number", title, help, **more))


def scale(title: str, help: str = "", **more: Any) -> Any:
    """A rating from 0 to 10."""
    return _field(FieldSpec("scale", title, help, minimum=0, maximum=10, **more))


def link(kind: str, title: str, help: str = "", **more: Any) -> Any:
    """Another record, kept as its id."""
    return _field(FieldSpec("link", title, help, link=kind, **more), index=True)


def links(kind: str, title: str, help: str = "", **more: Any) -> Any:
    """Any number of other records, kept as their ids in alphabetical order."""
    return _field(FieldSpec("links", title, help, link=kind, **more), sa_type=JSON(none_as_null=True))


__all__ = [
    "Column",
    "FieldSpec",
    "choice",
    "clock",
    "day",
    "field",
    "line",
    "link",
    "links",
    "many",
    "number",
    "scale",
    "text",
]
