"""Whether somebody or something is recorded already under the name of a new record, in whatever spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldkit.presentation.record_names import lines_of
from fieldkit.records.schema.kind import Kind
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit, Stored

#: Kinds of which one record stands for one of its kind, by the fields that have to be alike beside the name.
_ONE_EACH: Mapping[str, tuple[str, ...]] = {
    "person": (),
    "partner": ("town",),
    "event": ("date",),
    "provider": (),
    "cycle": ("date_from",),
}
#: Kinds of which one record stands for what its links and its day say together; all of these fields have to be given.
_ONE_FOR: Mapping[str, tuple[str, ...]] = {
    "attendance": ("event", "person"),
    "session": ("mentorship", "date"),
}
_MOST_SHOWN = 3


def already_here(kit: Kit, kind: Kind, values: Mapping[str, Any], *, ids: bool = True) -> str:
    """A sentence that names the records which the new one may double, "" if there are none. For a thread.

    `ids`: with the end of each id, for names that are alike.
    """
    same = _same(kit, kind, values)
    if not same:
        return ""
    lines = lines_of(kit, same[:_MOST_SHOWN], kit.terms())
    named = "; ".join(f"{line} ({record_id[-8:]})" if ids else line for record_id, line in lines.items())
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
        if all(
            folded(str(record.values.get(field) or "")) == folded(str(values.get(field) or ""))
            for field in _ONE_EACH[kind.name]
            if field in kind.fields
        )
    ]
