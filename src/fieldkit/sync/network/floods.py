"""What a laptop added to every laptop of the network, and dropping it if it flooded the network.

What others have worked on stays: a change is dropped only if its record holds nothing from any other laptop.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fieldkit.errors import Misuse
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.journal.refused_orders import Span
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.let_in import trusted_through
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.network.signed_statements import creators_order

#: The field of the network's rules that names what was dropped, and the most runs in one record.
DROPPED, _A_RECORD = "dropped", 200
_MOST_LISTED = 100_000


@dataclass(frozen=True)
class Flood:
    """What could be dropped of a laptop: kind -> records, the number of changes and of bytes, and the runs of changes."""

    records: dict[str, int]
    changes: int
    size: int
    spans: tuple[Span, ...]


def flood_of(kit: Kit, me: Identity, device: str) -> Flood:
    """The changes to partners, events, terms and withdrawals that a laptop wrote and no other laptop has touched; those that its
    bundles relayed for laptops that are not on the roster; and those of laptops that it or its deputies trusted, and that nobody
    trusts any more.
    """
    roster = {record.record_id: record.values for record in kit.page("device", 0, _MOST_LISTED)}
    listed = {*roster, device, device_of(kit.origin)}
    with kit.reading() as connection:
        under = trusted_through(connection, me.founder.device_id)
    distrusted = {
        other
        for other, values in roster.items()
        if under.get(other) == device and values.get("status") != "trusted"
    }
    rows = [row for writer in (device, *sorted(distrusted)) for row in kit.ledger.own_network_ops(writer)]
    carried: dict[str, list[Span]] = {}
    for carrier in (device, *sorted(distrusted)):
        for received in kit.ledger.received(-1, carrier):
            for name, first, last in received.spans:
                if (writer := device_of(name)) not in listed:
                    carried.setdefault(writer, []).append((base_of(name), first, last))
    for writer, runs in carried.items():
        rows += [
            row
            for row in kit.ledger.own_network_ops(writer)
            if any(origin == row[0] and first <= row[1] <= last for origin, first, last in runs)
        ]
    rows.sort(key=lambda row: row[:2])
    records = Counter(kind for kind, _ in {(kind, record_id) for _, _, kind, record_id, _ in rows})
    spans: list[Span] = []
    for origin, seq, *_ in rows:
        if spans and spans[-1][0] == origin and spans[-1][2] == seq - 1:
            spans[-1] = (origin, spans[-1][1], seq)
        else:
            spans.append((origin, seq, seq))
    return Flood(dict(records), len(rows), sum(row[-1] for row in rows), tuple(spans))


def drop_flood(kit: Kit, me: Identity, device: str) -> Flood:
    """Drop it here and, if this is the laptop of the network's creator, everywhere with the next network file.

    Raises:
        Misuse: this laptop is not a coordinator's.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can drop what another added.", kept="Nothing was changed.")
    flood = flood_of(kit, me, device)
    kit.drop(flood.spans)
    if me.is_founder:
        lines = [f"{origin}:{first}-{last}" for origin, first, last in flood.spans]
        for start in range(0, len(lines), _A_RECORD):
            chunk = lines[start : start + _A_RECORD]
            name = f"dropped{device[:16]}{flood.spans[start][1]:08}"
            kit.put("policy", name[:40], creators_order(me, DROPPED, "\n".join(chunk)))
    return flood
