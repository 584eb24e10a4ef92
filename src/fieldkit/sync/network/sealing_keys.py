"""The public keys that bundles for a coordinator are sealed to: those that its own laptop wrote into its record.

What another coordinator writes there counts for nothing, so that a stolen deputy can't become a reader of what is meant for
others. The creator's word counts until the laptop itself has written a key: the network rests on that laptop anyway.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from fieldkit.store.oplog.ops import Op
from fieldkit.store.query.history import ops_of

_FIELD = "age_key"


def stated_keys(connection: Connection, device: str, founder: str) -> list[str]:
    """The keys (as written, "" for none) that count for a laptop, the latest first; [] where nobody stated one.

    There are several where a kit was restored and its incarnations do not know of each other: nobody can say which is lost.
    """
    ops = [op for op in ops_of(connection, device, "device") if _FIELD in op.fields]
    own = [op for op in ops if _writer(op) == device] or [op for op in ops if _writer(op) == founder]
    return [str(op.fields[_FIELD] or "") for op in _latest(own, ops)]


def _writer(op: Op) -> str:
    return op.origin.partition(".")[0]


def _latest(stated: Sequence[Op], ops: Sequence[Op]) -> list[Op]:
    """Of what a laptop stated, the last of each of its streams that no other of these has seen; `ops` are all of the record.

    A change by others in between may be what the later of two saw: it does not keep the earlier one.
    """
    last: dict[str, int] = {}
    for op in stated:
        last[op.origin] = max(last.get(op.origin, 0), op.seq)
    heads = [op for op in stated if op.seq == last[op.origin]]
    by_ref = {op.ref: op for op in ops}
    seen: set[str] = set()
    for op in heads:
        todo = list(op.preds.get(_FIELD, ()))
        while todo:
            ref = todo.pop()
            if ref not in seen:
                seen.add(ref)
                todo += by_ref[ref].preds.get(_FIELD, ()) if ref in by_ref else ()
    current = [op for op in heads if op.ref not in seen] or heads
    return sorted(current, key=lambda op: op.rank, reverse=True)
