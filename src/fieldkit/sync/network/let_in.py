"""Which laptops a deputy trusted: until the network's creator trusts them too, they share a quota."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from fieldkit.store.db.sql import execute
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import decode_stored

_CHANGES = (
    "SELECT op.record, origin.name, op.seq, op.body FROM device JOIN op ON op.record = device.record_id "
    "JOIN origin ON origin.id = op.origin WHERE op.body IS NOT NULL ORDER BY op.id"
)


def trusted_through(connection: Connection, creator: str) -> dict[str, str]:
    """Laptop -> the laptop that trusted it, or that trusted the deputy who did, and so on up to one that the creator's laptop
    trusted.

    Laptops that the creator's laptop itself trusts are left out. Ops that another laptop relayed under the creator's name don't
    count as the creator's trust: ops have no signature of their own.
    """
    relayed = _relayed(connection, creator)
    trusted, writers = {creator}, dict[str, str]()
    for record, name, seq, body in execute(connection, _CHANGES):
        writer = device_of(name)
        if writer != creator:
            # The first writer counts: a thief can write about any laptop, but only later.
            writers.setdefault(record, writer)
        elif not any(first <= seq <= last for first, last in relayed.get(name, ())):
            status = decode_stored(body).fields.get("status")
            if status == "trusted":
                trusted.add(record)
            elif status:
                trusted.discard(record)
    under: dict[str, str] = {}
    for device in writers.keys() - trusted:
        root, passed = device, set[str]()
        while root in writers and root not in trusted and root not in passed:
            passed.add(root)
            root = writers[root]
        if root != device:
            under[device] = root
    return under


def _relayed(connection: Connection, creator: str) -> dict[str, list[tuple[int, int]]]:
    """The creator's streams -> the runs (first seq, last seq) that bundles of other laptops brought here."""
    runs: dict[str, list[tuple[int, int]]] = {}
    for (spans,) in execute(connection, "SELECT spans FROM bundle_in WHERE device <> ?", (creator,)):
        for name, first, last in json.loads(spans):
            if device_of(name) == creator:
                runs.setdefault(name, []).append((int(first), int(last)))
    return runs
