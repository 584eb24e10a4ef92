"""Which laptops a deputy let in: until the network's creator trusts them, too, they have bounds together."""

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


def let_in_under(connection: Connection, creator: str) -> dict[str, str]:
    """Laptop -> the laptop that let it in, or that let in the deputy who did, up to one that the creator's trusted itself.

    Laptops that the creator's laptop trusts by its own word are not among them. What another laptop brought under the
    creator's name is not taken for that word: operations bear no signature of their own.
    """
    relayed = _relayed(connection, creator)
    trusted, writers = {creator}, dict[str, str]()
    for record, name, seq, body in execute(connection, _CHANGES):
        writer = device_of(name)
        if writer != creator:
            # Who was heard first: a thief can write of any laptop, but afterwards.
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
    """The creator's streams -> the runs, first and last seq, that bundles of other laptops brought here."""
    runs: dict[str, list[tuple[int, int]]] = {}
    for (spans,) in execute(connection, "SELECT spans FROM bundle_in WHERE device <> ?", (creator,)):
        for name, first, last in json.loads(spans):
            if device_of(name) == creator:
                runs.setdefault(name, []).append((int(first), int(last)))
    return runs
