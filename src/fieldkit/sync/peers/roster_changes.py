"""What one laptop changed in the roster and the network's rules, and undoing that: for a stolen laptop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import kinds
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.network.sealing_keys import KEY_FIELDS
from fieldkit.sync.peers.known_replicas import KnownReplicas

#: The most records of one kind that are examined.
_MOST = 100_000

#: (stored name of its stream, seq) of an op -> the laptop that the change is listed for, "" to leave it out. Ops whose place
#: was taken are in a branch of the stream.
_Writer = Callable[[str, int], str]


@dataclass(frozen=True)
class RosterChange:
    """A change that still counts. `values` are the fields it set; `made` tells that it trusted a new laptop; `writer` is the name
    of the other laptop under which it came, "" for the laptop's own.
    """

    kind: str
    record_id: str
    name: str
    values: dict[str, object]
    made: bool
    spans: tuple[tuple[str, int, int], ...]
    writer: str = ""


def roster_changes(kit: Kit, me: Identity, device: str) -> list[RosterChange]:
    """The changes of a laptop to the records of other laptops and to the network's rules that still count."""
    return _changes(kit, me, device, lambda name, _: device if device_of(name) == device else "")


def carried_changes(kit: Kit, me: Identity, device: str) -> list[RosterChange]:
    """The changes to the roster and the rules that still count, came here in a laptop's bundles under another laptop's name, and
    are unconfirmed: no bundle of that other laptop has reported writing them.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for received in kit.ledger.received(-1, device):
        for name, first, last in received.spans:
            spans.setdefault(name, []).append((first, last))
    replicas = KnownReplicas(kit)

    def writer(name: str, seq: int) -> str:
        author, origin = device_of(name), base_of(name)
        if author == device or not any(first <= seq <= last for first, last in spans.get(name, ())):
            return ""
        # New ops here can't be from this kit itself, whichever of its names they came under.
        confirmed = replicas.last_held.get(origin, 0) >= seq and not replicas.branches(origin)
        return "" if confirmed and author != me.device else author

    return _changes(kit, me, device, writer)


def _changes(kit: Kit, me: Identity, device: str, writer: _Writer) -> list[RosterChange]:
    roster = Roster(kit, me)
    changes: list[RosterChange] = []
    for kind in (kind for kind in kinds().values() if kind.coordinator_only):
        for deleted in (False, True):
            for record in kit.page(kind.name, 0, _MOST, deleted=deleted):
                if record.record_id != device:
                    changes += _changes_of(kit, record, device, roster, writer)
    return changes


def _changes_of(
    kit: Kit, record: Stored, device: str, roster: Roster, writer: _Writer
) -> Iterator[RosterChange]:
    """One change for each laptop that wrote a current and requested value in a record."""
    values: dict[str, dict[str, object]] = {}
    spans: dict[str, list[tuple[str, int, int]]] = {}
    places: dict[str, list[tuple[str, int]]] = {}
    for stored, seq in kit.ledger.refs_of(record.record_id, record.kind):
        places.setdefault(f"{base_of(stored)}:{seq}", []).append((stored, seq))
    for step in kit.history(record.record_id, record.kind):
        # A sealing key that another laptop wrote is ignored, and is not worth a line.
        fields = {name: step.fields[name] for name in sorted(step.current) if name not in KEY_FIELDS}
        for stored, seq in places.get(step.ref, ()) if step.current else ():
            if author := writer(stored, seq):
                values[author] = values.get(author, {}) | fields
                spans.setdefault(author, []).append((stored, seq, seq))
    name = roster.name_of(record.record_id) if record.kind == "device" else kinds()[record.kind].plural
    for author, fields in values.items():
        made = "public_key" in fields
        # Once somebody else has decided on the trust of a laptop that it added, only the name is left.
        if fields and not (made and fields.get("status") != "trusted"):
            other = "" if author == device else roster.name_of(author)
            yield RosterChange(record.kind, record.record_id, name, fields, made, tuple(spans[author]), other)


def undo_roster_changes(kit: Kit, me: Identity, changes: Iterable[RosterChange]) -> int:
    """Undo changes of the roster and the rules; returns how many records changed.

    Laptops that it trusted are revoked; everything else gets its earlier value.

    Raises:
        Misuse: this laptop is not a coordinator's.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can change the roster.", kept="Nothing was changed.")
    spans = [span for change in changes for span in change.spans]
    return kit.undo_roster(spans)
