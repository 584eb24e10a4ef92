"""The one line that names a record in lists, links and messages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fieldkit.records.schema.answer_digits import answer_digits
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.parse import Terms, labelled
from fieldkit.text import clean_line, shortened

LONGEST = 120
IN_LIST = 300
"""Cells of the line in a list, which is as wide as the window."""
_NOTHING: Mapping[str, Any] = {}


def describe(
    kind: Kind,
    values: Mapping[str, Any],
    terms: Terms = _NOTHING,
    names: Mapping[str, str] = _NOTHING,
    *,
    longest: int = LONGEST,
) -> str:
    """The contents of the fields in `kind.label`, on one line of at most `longest` cells.

    `names` gives the lines of linked records (`KIND:ID` -> line). A link without a line is left out, since an id means
    nothing to people. A record without any of these values is named after its kind.
    """
    parts = []
    for name in kind.label:
        spec, value = kind.fields[name], values.get(name)
        if value is None:
            continue
        text = (
            names.get(f"{spec.link}:{value}", "") if spec.shape == "link" else value_label(spec, value, terms)
        )
        if text := clean_line(text):
            parts.append(text)
    return shortened(" · ".join(parts), longest) or kind.title


def in_words(
    spec: FieldSpec, value: Any, terms: Terms, names: Mapping[str, str], missing: str = "not here yet"
) -> str:
    """A value in words: labels for codes, dates as people say them, the lines of linked records (`KIND:ID` -> line).

    `missing` is shown for a record without a line, with its id in place of `{id}`; the result is "" for no value.
    """
    if not spec.link:
        return value_label(spec, value, terms)
    return "; ".join(names.get(f"{spec.link}:{key}", missing.format(id=key)) for key in spec.targets(value))


def value_label(spec: FieldSpec, value: Any, terms: Terms) -> str:
    """The words for a value. An answer whose code is the digit that forms and paper print has it before the label: 2 good.

    The code of any other answer says nothing to people: Bangladeshi has the letter a in a form.
    """
    label = labelled(spec, value, terms)
    return f"{value} {label}" if str(value) in _numbered(spec) and str(value) not in label else label


@lru_cache(maxsize=256)
def _numbered(spec: FieldSpec) -> frozenset[str]:
    """The answers of a field whose codes are the digits that give them."""
    if spec.shape != "choice" or not spec.codes:
        return frozenset()
    return frozenset(code for key, code in answer_digits(spec) if key == code)
