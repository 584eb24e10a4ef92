"""The values of records in words: one rule for lists, pages, histories and conflicts, on screens and in commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldkit.records.label import in_words
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.parse import Terms
from fieldkit.text import shortened

EMPTY = "(empty)"
_LONGEST_HEADING = 20


def value_in_words(
    spec: FieldSpec | None, value: Any, terms: Terms, names: Mapping[str, str], empty: str = ""
) -> str:
    """A value as people read it: labels for codes, the line of the record that a link points to, `empty` for None.

    `spec` is None for a field that only a newer fieldkit knows; its value is shown unchanged.
    """
    if value is None:
        return empty
    if spec is None:
        return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return in_words(spec, value, terms, names)


def title_of(spec: FieldSpec | None, name: str) -> str:
    """The title of a field as its question shows it; the plain name if only a newer fieldkit knows the field."""
    return spec.title if spec is not None else name


def column_title(spec: FieldSpec) -> str:
    """The title of a field above a column; the end of a long one is in view where a row is shown in full."""
    return spec.heading or shortened(spec.title, _LONGEST_HEADING)
