"""What stands against a deletion: the fields that each edit set which the deletion had not seen, by their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.records.kinds import kinds

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit


def titles_set(kit: Kit, kind_name: str, record_id: str) -> dict[str, list[str]]:
    """Ref -> the titles of the fields that this change of a record set, sorted; those that this version knows."""
    kind = kinds().get(kind_name)
    fields = kind.fields if kind else {}
    return {
        step.ref: sorted({fields[name].title.rstrip("?:") for name in step.fields if name in fields})
        for step in kit.history(record_id)
    }
