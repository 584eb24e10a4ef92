"""What one laptop changed in the roster and the network's rules, and undoing that: for a laptop that was stolen."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit, Stored
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.network.sealing_keys import KEY_FIELDS

#: So many records of one kind are looked through.
_MOST = 100_000


@dataclass(frozen=True)
class RosterChange:
    """A change that still counts. `values` are the fields it set; `made` that it let a new laptop in."""

    kind: str
    record_id: str
    name: str
    values: dict[str, object]
    made: bool
    spans: tuple[tuple[str, int, int], ...]


def roster_changes(kit: Kit, me: Identity, device: str) -> list[RosterChange]:
    """What a laptop changed in the records of other laptops and in the network's rules, and that still counts."""
    roster = Roster(kit, me)
    found = []
    for kind in (kind for kind in kinds().values() if kind.coordinator_only):
        records = [one for deleted in (False, True) for one in kit.page(kind.name, 0, _MOST, deleted=deleted)]
        for record in records:
            if record.record_id != device and (change := _change_of(kit, record, device, roster)):
                found.append(change)
    return found


def _change_of(kit: Kit, record: Stored, device: str, roster: Roster) -> RosterChange | None:
    values: dict[str, object] = {}
    spans: list[tuple[str, int, int]] = []
    for step in kit.history(record.record_id, record.kind):
        if step.origin.partition(".")[0] != device:
            continue
        # A sealing key that another laptop wrote counts for nothing, and is not worth a line.
        values |= {name: step.fields[name] for name in sorted(step.current) if name not in KEY_FIELDS}
        if step.current:
            seq = int(step.ref.rpartition(":")[2])
            spans.append((step.origin, seq, seq))
    made = "public_key" in values
    # Of a laptop that it let in, what is left is a name, once somebody else has decided on its trust.
    if not values or (made and values.get("status") != "trusted"):
        return None
    name = roster.name_of(record.record_id) if record.kind == "device" else kinds()[record.kind].plural
    return RosterChange(record.kind, record.record_id, name, values, made, tuple(spans))


def undo_roster_changes(kit: Kit, me: Identity, device: str) -> int:
    """Undo what a laptop changed in the roster and the rules; returns how many records changed.

    Laptops that it let in are revoked; everything else goes back to what it was.

    Raises:
        Misuse: this laptop is no coordinator's.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can change the roster.", kept="Nothing was changed.")
    spans = [span for change in roster_changes(kit, me, device) for span in change.spans]
    return kit.undo_roster(spans)
