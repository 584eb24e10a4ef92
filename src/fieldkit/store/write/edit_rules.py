"""The rules for an edit, for a change of a person with several records, and for resolving a conflict."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import InvalidRecord
from fieldkit.records.consent import CONTACT, RECORD, WITHDRAWN, consent_given, edit_problems
from fieldkit.records.derived import Linked
from fieldkit.records.schema.kind import Kind, Values, kinds
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.query import queries


def linked_records(connection: Connection) -> Linked:
    """Reads the records that others link to."""

    def read(kind: str, record_ids: list[str]) -> dict[str, Values]:
        records = queries.many(connection, kind_named(kind), record_ids)
        return {record_id: record.values for record_id, record in records.items() if not record.deleted}

    return read


def is_for_all_records(name: str, value: Any) -> bool:
    """Whether a change of a person is made in all of their records."""
    return value is None or name == CONTACT


def demand_yes_stays(kind: str, decided: Values) -> None:
    """Refuse to resolve a conflict about consent so that a record is kept without a yes.

    Raises:
        InvalidRecord: it would be.
    """
    if RECORD in decided and kind in kinds() and not consent_given(decided):
        raise InvalidRecord({RECORD: WITHDRAWN})


def check_edit(kind: Kind, before: Values, changes: Values) -> None:
    """Check an edit only for what it touches: an older gap elsewhere must not stop a correction."""
    if problems := edit_problems(kind, before, changes):
        raise InvalidRecord(problems)
    try:
        kind.check({**{name: value for name, value in before.items() if name in kind.fields}, **changes})
    except InvalidRecord as error:
        touched = {name: sentence for name, sentence in error.problems.items() if name in changes}
        try:
            kind.check({name: value for name, value in before.items() if name in kind.fields})
            earlier: dict[str, str] = {}
        except InvalidRecord as invalid:
            earlier = invalid.problems
        fresh = {name: sentence for name, sentence in error.problems.items() if name not in earlier}
        if problems := {**fresh, **touched}:
            raise InvalidRecord(problems) from None
