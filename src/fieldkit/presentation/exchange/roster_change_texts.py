"""What a revoked laptop changed in the roster and the network's rules, in lines to look at and undo."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.presentation.wording import counted
from fieldkit.records.schema.kind import kinds
from fieldkit.records.schema.parse import labelled
from fieldkit.sync.peers.roster_changes import RosterChange
from fieldkit.text import clean_line

_MOST = 12


def change_lines(changes: Sequence[RosterChange]) -> list[str]:
    """What was changed, up to a limit, and how many more changes there are; the new values of a record are indented below it."""
    lines = [line for change in changes[:_MOST] for line in _lines(change)]
    if len(changes) > _MOST:
        lines.append(f"and {len(changes) - _MOST:,} more")
    return lines


def carried_sentence(name: str) -> str:
    """The heading of changes that a laptop's bundles carried under the names of other laptops."""
    return (
        f"Bundles of “{clean_line(name)}” also held these, under the names of other laptops. They may be forged: "
        "ask the people of those laptops."
    )


def undone_sentence(number: int) -> str:
    """What undoing the changes did."""
    return f"Undone: {counted(number, 'record')} of the roster and the rules changed. Send the others a new network file."


def _lines(change: RosterChange) -> list[str]:
    fields = kinds()[change.kind].fields
    name = clean_line(change.name) or "A laptop without a name"
    name = f"{name[0].upper()}{name[1:]}"
    under = f" (under the name of “{clean_line(change.writer)}”)" if change.writer else ""
    if change.made:
        role = change.values.get("role")
        return [f"{name}: trusted as {labelled(fields['role'], role) if role else 'a laptop'}{under}"]
    values = [
        f"    {fields[field].title.lower()}: {labelled(fields[field], value) if value is not None else '(emptied)'}"
        for field, value in change.values.items()
        if field in fields
    ]
    return [f"{name}{under}", *(values or ["    changed"])]
