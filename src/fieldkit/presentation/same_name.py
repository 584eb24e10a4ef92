"""Whether the name of a new record is already recorded, in any spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldkit.presentation.record_names import lines_of
from fieldkit.records.schema.kind import Kind
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.oplog.record_ids import short_id

#: Kinds whose record represents one person or thing, by the fields that must not differ besides the name.
_ONE_EACH: Mapping[str, tuple[str, ...]] = {
    "person": (),
    "partner": ("town",),
    "event": ("date",),
    "provider": (),
    "cycle": ("date_from",),
}
#: Kinds whose record is unique for its links and its day together; all of these fields must be given.
_ONE_FOR: Mapping[str, tuple[str, ...]] = {
    "attendance": ("event", "person"),
    "session": ("mentorship", "date"),
}
_MOST_SHOWN = 3


def already_here(kit: Kit, kind: Kind, values: Mapping[str, Any], *, ids: bool = True) -> str:
    """A sentence naming the records that the new one may duplicate, "" if there are none. Call it in a thread.

    `ids`: add the end of each id, in case the names are alike.
    """
    same = _same(kit, kind, values)
    if not same:
        return ""
    lines = lines_of(kit, same[:_MOST_SHOWN], kit.terms())
    named = "; ".join(f"{line} ({short_id(record_id)})" if ids else line for record_id, line in lines.items())
    more = f" and {len(same) - _MOST_SHOWN:,} more" if len(same) > _MOST_SHOWN else ""
    return f"{named}{more}: here already. Is it the same {kind.title.lower()}?"


def _same(kit: Kit, kind: Kind, values: Mapping[str, Any]) -> list[Stored]:
    if kind.name in _ONE_FOR:
        where = {field: values.get(field) for field in _ONE_FOR[kind.name]}
        return kit.page(kind.name, 0, _MOST_SHOWN + 1, where=where) if all(where.values()) else []
    name = values.get(kind.label[0]) if kind.label else None
    if kind.name not in _ONE_EACH or not isinstance(name, str):
        return []
    return [
        record
        for record in kit.alike(kind.name, name)
        if all(_may_be_equal(record.values.get(field), values.get(field)) for field in _ONE_EACH[kind.name])
    ]


def _may_be_equal(first: Any, second: Any) -> bool:
    """Whether two answers are the same, or one of them is not known: no town contradicts none."""
    return not first or not second or folded(str(first)) == folded(str(second))
