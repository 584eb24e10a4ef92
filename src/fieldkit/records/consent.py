"""Consent that comes after a record was made, or with a file: what to say where no receipt code goes with it."""

from __future__ import annotations

from fieldkit.errors import InvalidRecord
from fieldkit.records.schema.kind import Kind, Values

_YES = "Y"


def agrees(kind: Kind, values: Values) -> bool:
    """Whether somebody agreed to a record of this kind that travels: who does is given a receipt code."""
    return kind.shared and values.get("consent_record") == _YES


def check_new(kind: Kind, values: Values) -> Values:
    """The canonical form of a new record: its kind's own checks, and the yes without which nothing is kept.

    Raises:
        InvalidRecord: with a sentence for each problem.
    """
    checked = kind.check(values)
    if "consent_record" in kind.fields and checked.get("consent_record") != _YES:
        raise InvalidRecord(
            {"consent_record": "Nobody has agreed to this yet: it is kept only with a yes here."}
        )
    return checked


def without_code(kind: Kind, before: Values, after: Values) -> str:
    """What to say of a change that brings consent; "" where it brings none.

    A code is part of a record's id, so it can't be made later.
    """
    if agrees(kind, before) or not agrees(kind, after):
        return ""
    return (
        "No receipt code is made for a record that is here already. Unless the person was given one when it was "
        "recorded, only the coordinator can erase it; to give them a code, record it anew and delete this one."
    )


def rows_without_code(number: int) -> str:
    """What to say of so many imported rows with consent; "" for none."""
    if not number:
        return ""
    rows, it = ("1 row has", "it") if number == 1 else (f"{number:,} rows have", "them")
    return (
        f"{rows} a yes to being recorded, but no receipt code: only the coordinator can erase {it}. "
        "To give somebody a code, record what they said anew."
    )
