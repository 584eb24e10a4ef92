"""What happened to a record: every change, who made it, when, and which values stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from fieldkit.cli.options import Id, Json, session
from fieldkit.cli.output import moment, print_json, say, shortened, spoken

if TYPE_CHECKING:
    from fieldkit.records.schema.field import FieldSpec
    from fieldkit.store.kit import Kit, Stored

_MARKS = {"deleted": "Deleted", "erased": "Erased", "redacts": "Old text erased"}


def history(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """Every change of a record, the oldest first: who, when, what, and which values stand.

    Each change has a name, such as abc….1f2e3d4c:12; `undo` undoes it.
    """
    from fieldkit.cli.record_arguments import record_named

    with session(context).kit() as kit:
        record = record_named(kit, record_id)
        steps = steps_of(kit, record)
    if as_json:
        print_json(steps)
    else:
        tell_steps(record, steps)


def steps_of(kit: Kit, record: Stored) -> list[dict[str, Any]]:
    """The changes of a record as plain objects, with titles and values in words."""
    from fieldkit.presentation.record_names import lines_of_links
    from fieldkit.records.schema.kind import kinds
    from fieldkit.store.kit import Stored

    who = Names(kit)
    kind, terms = kinds().get(record.kind), kit.terms()
    steps = kit.history(record.record_id, record.kind)
    names = lines_of_links(kit, [Stored(record.kind, "", step.fields) for step in steps], terms)
    found = []
    for step in steps:
        changes = []
        for name, value in step.fields.items():
            spec = kind.fields.get(name) if kind else None
            changes.append(
                {
                    "field": name,
                    "title": spec.title.rstrip("?:") if spec else _MARKS.get(name, name),
                    "value": value,
                    "label": _in_words(spec, value, terms, names),
                    "current": name in step.current,
                }
            )
        found.append(
            {
                "ref": step.ref,
                "at": moment(step.stamp),
                "stamp": step.stamp,
                "origin": step.origin,
                "who": who.of(step.origin),
                "fields": step.fields,
                "current": sorted(step.current),
                "changes": changes,
            }
        )
    return found


def _in_words(spec: FieldSpec | None, value: Any, terms: Any, names: dict[str, str]) -> str:
    from fieldkit.cli.record_arguments import shown

    if value is None:
        return "(emptied)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return shown(spec, value, terms, names) if spec else str(value)


def tell_steps(record: Stored, steps: list[dict[str, Any]]) -> None:
    """The changes in lines of words."""
    for step in steps:
        say(f"{spoken(step['stamp'])}, {step['who']}, change {step['ref']}")
        for change in step["changes"]:
            stands = change["field"] in record.conflicts
            now = " (current)" if change["current"] else " (replaced later)"
            if change["current"] and stands:
                now = " (in conflict with another value)"
            say(f"  {change['title']}: {shortened(change['label'], 200)}{now}")


class Names:
    """The names of laptops, read once."""

    def __init__(self, kit: Kit) -> None:
        from fieldkit.sync.network.identity import identity
        from fieldkit.sync.network.roster import Roster

        joined = kit.desk.setting("identity") is not None
        self._roster = Roster(kit, identity(kit)) if joined else None

    def of(self, origin: str) -> str:
        """The name of the laptop that an origin or device id stands for."""
        if not origin or self._roster is None:
            return "this laptop"
        return self._roster.name_of(origin)
