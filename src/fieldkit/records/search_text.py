"""The text that a search reads: the words of a record as lists show them, folded to one spelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.spelling import folded_words, holds

#: Raised when the same record would give another text, so that kits fold their records anew.
VERSION = 2
#: Ends the words of the fields that name the record (`Kind.label`).
END_OF_NAME = "\n"
_BETWEEN_FIELDS = "\t"
_Reader = Callable[[Any], str]
_Readers = list[tuple[str, _Reader]]

#: Lists with the same answer in nearly every record: a search for it would find everything.
_IN_EVERY_RECORD = frozenset({"yes_no", "whose_words"})


def searched(spec: FieldSpec) -> bool:
    """Whether a field's words are searched.

    Dates, times and numbers are searched if a list shows them. Links are not: the other record has words of its own. Nor are
    coded answers to monitoring questions, which no list shows: a search must not lead from a religion to a name.
    """
    if spec.shape in {"line", "text"}:
        return True
    if spec.codes:
        return not spec.monitoring and spec.codes not in _IN_EVERY_RECORD
    return not spec.link and spec.listed


def search_text(kind: Kind, values: Mapping[str, Any]) -> str:
    """The words of a record's fields: the fields that name it, a line feed, the others; tabs between fields.

    Codes appear as their labels (an open list's own terms as their codes, since labels may change), dates as 26 Nov 2026 and
    2026-11-26, which share their year.
    """
    naming, others = _readers(kind, tuple(values))
    return _joined(naming, values) + END_OF_NAME + _joined(others, values)


def _joined(readers: _Readers, values: Mapping[str, Any]) -> str:
    return _BETWEEN_FIELDS.join(
        [read(value) for name, read in readers if (value := values[name]) is not None]
    )


@lru_cache(maxsize=4096)
def _readers(kind: Kind, filled: tuple[str, ...]) -> tuple[_Readers, _Readers]:
    """The reader for each of these fields, in the order of the model: for fields that name the record, and for the others."""
    present = [spec for name, spec in kind.fields.items() if name in filled and searched(spec)]
    naming = [(spec.name, _reader(spec)) for spec in present if spec.name in kind.label]
    return naming, [(spec.name, _reader(spec)) for spec in present if spec.name not in kind.label]


def _reader(spec: FieldSpec) -> _Reader:
    if spec.codes:
        label = partial(_label, spec.codes)
        return lambda value: " ".join(map(label, value)) if isinstance(value, list) else label(value)
    if spec.shape == "date":
        return _day
    return lambda value: folded_words(value if isinstance(value, str) else str(value))


@lru_cache(maxsize=4096)
def _label(list_name: str, code: str) -> str:
    """The label as lists show it (2 good), after the code if the label does not hold it: files contain codes."""
    label, word = folded_words(code_list(list_name).label(code)), folded_words(code)
    return label if holds(label, word) else f"{word} {label}"


@lru_cache(maxsize=4096)
def _day(day: str) -> str:
    return folded_words(f"{short_date(day)} {day[5:]}")
