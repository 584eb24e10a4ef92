"""Converting typed text and spreadsheet cells to canonical values, and values back to words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from fieldkit.records.schema.answer_digits import DECLINED
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import WrongWeekday, parse_date, parse_time, short_date
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.lookup import EMPTY, find
from fieldkit.records.schema.numbers import DOT_THOUSANDS, parse_number
from fieldkit.spelling import folded
from fieldkit.spreadsheets import restore
from fieldkit.text import as_typed, clean, clean_line, quoted, titled

Raw = str | int | float | date | datetime | time | bool | None
Terms = Mapping[str, Mapping[str, str]]
"""The terms that a network added to open lists: list name -> code -> label."""

_NO_TERMS: Terms = {}
_SEPARATORS = re.compile(r"[;|\n]")
_COUNTED_DAY = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]{1,12})?")
_FIRST_COUNTED = date(1899, 12, 30)
_WHOLE_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)[ -]{0,2}[0-9O][A-Z]{2}")


class UnknownTerm(ValueError):
    """Text that an open list does not hold yet; an import may add it. `text` is the text as given."""

    def __init__(self, sentence: str, list_name: str, text: str) -> None:
        super().__init__(sentence)
        self.list_name = list_name
        self.text = text


def parse(spec: FieldSpec, raw: Raw, terms: Terms = _NO_TERMS) -> Any:
    """The canonical value of typed or imported text; None if it is empty.

    Raises:
        UnknownTerm: an open list does not hold this text.
        ValueError: the value is not valid; the sentence says why.
    """
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return None
    if isinstance(raw, str):
        raw = str(restore(raw))
        if (
            spec.shape not in {"line", "text"}
            and clean(raw).casefold() in EMPTY
            and not _is_answer(spec, raw, terms)
        ):
            return None
    value = _PARSERS[spec.shape](spec, raw, terms)
    return None if value is None or value == [] else spec.check(value)


def labelled(spec: FieldSpec, value: Any, terms: Terms = _NO_TERMS) -> str:
    """The words for a canonical value, "" for None: labels joined by "; ", dates as 27 Oct 2026."""
    if value is None:
        return ""
    if spec.codes:
        codes = value if isinstance(value, list) else [value]
        return "; ".join(_label(spec.codes, str(code), terms) for code in codes)
    if spec.shape == "date":
        return short_date(str(value))
    return heading_in_words(str(value)) if spec.is_heading else str(value)


def heading_in_words(heading: str) -> str:
    """The heading of a column, or a name from one, as people write it: `referrals_received` as “referrals received”."""
    return heading.replace("_", " ")


def _label(list_name: str, code: str, terms: Terms) -> str:
    known = code_list(list_name)
    if code in known.codes:
        return known.label(code)
    own = terms.get(list_name, {})
    if code not in own and (same := find(known, code, own)):
        return own.get(same) or known.label(
            same
        )  # a term that is not here, in another spelling of one that is
    return own.get(code, code)


def _raw_text(raw: Raw) -> str:
    """`raw` as a person would have typed it: no ".0" after whole numbers, dates in ISO form."""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "minutes")
    if isinstance(raw, time):
        return raw.isoformat("minutes")
    return str(raw)


def about(spec: FieldSpec) -> str:
    """The field's title, to begin a sentence about its value."""
    return titled(spec.title, "")


def _is_answer(spec: FieldSpec, raw: str, terms: Terms) -> bool:
    """Whether an "empty" word is an answer of this list, as "not known" is for religion, or a term that the network added."""
    own = terms.get(spec.codes, {})
    return bool(spec.codes) and find(spec.code_list, clean_line(raw), own) is not None


def _parse_text(spec: FieldSpec, raw: Raw, terms: Terms) -> str | None:
    text = _raw_text(raw)
    if not spec.pattern:
        return text if clean(text) else None
    text = as_typed(text)
    if spec.half_a_postcode:
        text = _outward(spec, text)
    tries = (text, text.upper(), text.lower())
    return next((attempt for attempt in tries if re.fullmatch(spec.pattern, attempt)), text) or None


def part_kept(spec: FieldSpec, text: str) -> str:
    """The part of a text that this field may keep: only the first half of a whole postcode, all of anything else."""
    if not spec.half_a_postcode:
        return text
    whole = _WHOLE_POSTCODE.fullmatch(as_typed(text).upper())
    return whole.group(1) if whole else text


def _outward(spec: FieldSpec, text: str) -> str:
    if text == DECLINED or folded(text) in {"prefernottosay", "notstated", "refused"}:
        return "declined"
    if text.casefold() in EMPTY:
        return ""
    return part_kept(spec, text)


def _parse_choice(spec: FieldSpec, raw: Raw, terms: Terms) -> str | None:
    text = clean_line(_raw_text(raw))
    if not text:
        return None
    return _answer(spec, text, terms)


def _answer(spec: FieldSpec, text: str, terms: Terms) -> str:
    answers = spec.code_list
    code = find(answers, text, terms.get(spec.codes, {}))
    if code is not None:
        return code
    if answers.open and len(text) <= 80:
        plural = code_list("open_list").label(spec.codes)
        raise UnknownTerm(
            f"{about(spec)}{quoted(text)} is not in the list of {plural}; "
            "add it first with `fieldkit record term`, or import with --add-terms.",
            spec.codes,
            text,
        )
    choices = "; ".join(f"{entry.code} {entry.label}" for entry in answers.entries)
    if len(choices) > 160:
        choices = f"{len(answers.entries)} answers, see {answers.title.lower()} in the data dictionary"
    raise ValueError(f"{about(spec)}{quoted(text)} is not one of the answers ({choices}).")


def _parse_many(spec: FieldSpec, raw: Raw, terms: Terms) -> list[str]:
    codes = [
        code for piece in _SEPARATORS.split(clean(_raw_text(raw))) for code in _pieces(spec, piece, terms)
    ]
    return list(dict.fromkeys(codes))


def _pieces(spec: FieldSpec, piece: str, terms: Terms) -> Iterator[str]:
    """The codes in one piece. Commas separate answers, but a label that contains commas stays whole."""
    parts = [clean_line(part) for part in piece.split(",")]
    if len(parts) > 100:
        raise ValueError(f"{about(spec)}{len(parts)} answers are too many.")
    own, start = terms.get(spec.codes, {}), 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            text = ", ".join(parts[start:end])
            if find(spec.code_list, text, own) is not None:
                yield _answer(spec, text, terms)
                start = end
                break
        else:
            alone = parts[start]
            codes = alone.split()
            if len(codes) > 1 and all(code in spec.code_list.codes or code in own for code in codes):
                yield from codes  # as ODK and Kobo write several answers: hearing sight
            elif alone.casefold() not in EMPTY:
                yield _answer(spec, alone, terms)
            start += 1


def _parse_date(spec: FieldSpec, raw: Raw, terms: Terms) -> str:
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    text = as_typed(_raw_text(raw))
    try:
        parsed = parse_date(text)
    except WrongWeekday as error:
        raise ValueError(f"{about(spec)}{quoted(text)} contradicts itself: {error}") from None
    if parsed is None and _COUNTED_DAY.fullmatch(text):
        day = short_date((_FIRST_COUNTED + timedelta(int(text[:5]))).isoformat())
        raise ValueError(
            f"{about(spec)}{quoted(text)} is how a spreadsheet counts days, most likely for {day}; show that column as a "
            "date there (27/10/2026) and save it again."
        )
    if parsed is None:
        raise ValueError(
            f"{about(spec)}{quoted(_raw_text(raw))} is not a date; write day/month/year, as 27/10/2026 "
            "(the day comes first)."
        )
    return parsed


def _parse_time(spec: FieldSpec, raw: Raw, terms: Terms) -> str:
    if isinstance(raw, datetime | time):
        return f"{raw:%H:%M}"
    moment = parse_time(_raw_text(raw))
    if moment is None:
        raise ValueError(f"{about(spec)}{quoted(_raw_text(raw))} is not a time of day: for example 14:30.")
    return moment


def _parse_number(spec: FieldSpec, raw: Raw, terms: Terms) -> int:
    text = as_typed(_raw_text(raw))
    if isinstance(raw, str) and DOT_THOUSANDS.fullmatch(text):
        raise ValueError(
            f"{about(spec)}{quoted(text)} may be {text.partition('.')[0]} or {text.replace('.', '')}; "
            "write it without the point."
        )
    number = None if isinstance(raw, bool) else parse_number(text)
    if number is None:
        raise ValueError(
            f"{about(spec)}{quoted(text)} is not a whole number from {spec.minimum:,} to {spec.maximum:,}."
        )
    return number


def _parse_link(spec: FieldSpec, raw: Raw, terms: Terms) -> str:
    return clean_line(_raw_text(raw))


def pieces_of(text: str) -> list[str]:
    """The pieces between semicolons, vertical bars and line breaks, without empty ones."""
    return [piece for each in _SEPARATORS.split(clean(text)) if (piece := clean_line(each))]


def _parse_links(spec: FieldSpec, raw: Raw, terms: Terms) -> list[str]:
    return pieces_of(_raw_text(raw))


_PARSERS: dict[str, Callable[[FieldSpec, Raw, Terms], Any]] = {
    "line": _parse_text,
    "text": _parse_text,
    "choice": _parse_choice,
    "many": _parse_many,
    "date": _parse_date,
    "time": _parse_time,
    "number": _parse_number,
    "scale": _parse_number,
    "link": _parse_link,
    "links": _parse_links,
}
