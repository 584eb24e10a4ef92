"""The kinds' fields, two ids and some terms of a network, for tests of codes, kinds, parsing and labels."""

from __future__ import annotations

from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind, kinds

PERSON, OTHER = "a1b2c3d4e5", "f6g7h8i9j0"
ALL_FIELDS = [(kind, spec) for kind in kinds().values() for spec in kind.fields.values()]
NAMES = [f"{kind.name}.{spec.name}" for kind, spec in ALL_FIELDS]
#: The terms that a network added to an open list.
TERMS = {"service_area": {"eye-clinic": "eye clinic", "ਅੱਖਾਂ": "ਅੱਖਾਂ ਦਾ ਕਲੀਨਿਕ"}}


def field(path: str) -> FieldSpec:
    """The field that `kind.field` names."""
    name, _, of = path.partition(".")
    return kind(name).fields[of]
