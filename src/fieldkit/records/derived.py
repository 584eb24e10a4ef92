"""Answers derived from another record: the mentoring level from the mentee's pay band.

They are derived on every way in, and in the summary for records that came without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.records.schema.kind import kind as kind_named

Linked = Callable[[str, list[str]], Mapping[str, Mapping[str, Any]]]
"""(kind, ids) -> the values of those of the records that are held here, by id."""


def answer_from(kind: Kind, spec: FieldSpec, linked: Mapping[str, Any] | None) -> str | None:
    """The answer to `spec` derived from the linked record's values; None if there is none.

    It is in the code list of the other field, in the column named after `spec`.
    """
    if spec.follows is None or linked is None:
        return None
    link, name = spec.follows
    answers = kind_named(kind.fields[link].link).fields[name].code_list
    return (
        next((entry.get(spec.name) for entry in answers.entries if entry.code == linked.get(name)), "")
        or None
    )


def with_derived(kind: Kind, many: Iterable[Values], linked: Linked) -> list[Values]:
    """New records, with empty answers filled in if they follow from a linked record."""
    records = list(many)
    for spec in kind.fields.values():
        if spec.follows is None:
            continue
        link = spec.follows[0]
        empty = [at for at, values in enumerate(records) if not values.get(spec.name) and values.get(link)]
        held = (
            linked(kind.fields[link].link, sorted({str(records[at][link]) for at in empty})) if empty else {}
        )
        for at in empty:
            if answer := answer_from(kind, spec, held.get(str(records[at][link]))):
                records[at] = {**records[at], spec.name: answer}
    return records
