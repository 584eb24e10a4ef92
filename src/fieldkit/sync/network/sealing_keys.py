"""The public keys that bundles for a coordinator are sealed to: those that its own laptop has signed.

What another coordinator writes into its record is ignored, under whatever name, so that a stolen deputy can't read what is sealed
for others. The creator's signature counts until the laptop itself has signed a key: the network rests on the creator's laptop
anyway. Unsigned keys count only in networks whose creator's laptop has signed none: an earlier version wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import nlargest

from sqlalchemy import Connection

from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import Op
from fieldkit.store.query.history import ops_of
from fieldkit.sync.bundle.keys import PublicKey
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.signed_statements import is_signed, sign_statement

_KEY = "age_key"
#: What a laptop signs about its own key, and what the network's creator signs about another's.
OWN, CREATORS = "key_statement", "creators_statement"
KEY_FIELDS = frozenset({_KEY, OWN, CREATORS})
_PURPOSE = "sealing key"
#: Only this many of a laptop's latest statements count: more than its users make. Every command verifies their signatures, and
#: whoever had its key for a time may have signed any number.
_MOST = 64
_LATEST = 2**53 - 1


@dataclass(frozen=True)
class Statement:
    """`key`, when it was signed (milliseconds since 1970), and the ids of the statements that it replaces."""

    key: str
    made: int
    replaces: tuple[str, ...]
    id: str


def stated_keys(connection: Connection, laptop: PublicKey, creator: PublicKey) -> list[str]:
    """The keys (as written, "" for none) that count for a laptop, the latest first; [] if nobody stated one.

    There are several if a kit was restored and its incarnations do not know of each other: nobody knows which is lost.
    """
    ops = ops_of(connection, laptop.device_id, "device")
    if signed := _current(ops, OWN, laptop, laptop) or _current(ops, CREATORS, laptop, creator):
        return [statement.key for statement in signed]
    creators = ops if laptop == creator else ops_of(connection, creator.device_id, "device")
    if _current(creators, OWN, creator, creator):
        return []
    setting = [op for op in ops if _KEY in op.fields]
    own = [op for op in setting if _writer(op) == laptop.device_id]
    own = own or [op for op in setting if _writer(op) == creator.device_id]
    return [str(op.fields[_KEY] or "") for op in _latest(own, setting)]


def signed_by_itself(connection: Connection, laptop: PublicKey) -> list[str]:
    """The keys that a laptop has signed itself, the latest first."""
    ops = ops_of(connection, laptop.device_id, "device")
    return [statement.key for statement in _current(ops, OWN, laptop, laptop)]


def key_fields(
    connection: Connection, me: Identity, laptop: PublicKey, key: str, now: int, *, anew: bool = False
) -> dict[str, str]:
    """The fields of a laptop's record with which this laptop states its key: {} if it has stated this key and no other, unless it
    is to be stated `anew`.
    """
    field = OWN if laptop == me.key.public else CREATORS
    current = _current(ops_of(connection, laptop.device_id, "device"), field, laptop, me.key.public)
    if not anew and [statement.key for statement in current] == [key]:
        return {}
    replaces = ",".join(statement.id for statement in current) or "-"
    # Later than the statements that it replaces, whatever the clocks showed.
    made = str(min(max(now, *(statement.made + 1 for statement in current), 0), _LATEST))
    signature = sign_statement(me.key, _PURPOSE, laptop.device_id, key, made, replaces)
    return {_KEY: key, field: f"{key} {made} {replaces} {signature}"}


def states_unsigned_key(op: Op, laptop: PublicKey, creator: PublicKey) -> bool:
    """Whether an op of a laptop's record states a key that neither of the two has signed: no fieldkit writes such an op."""
    return any(
        not (isinstance(text, str) and _read(text, laptop, signer))
        for field, signer in ((OWN, laptop), (CREATORS, creator))
        if (text := op.fields.get(field)) is not None
    )


def _current(ops: Iterable[Op], field: str, laptop: PublicKey, signer: PublicKey) -> list[Statement]:
    """The statements of `signer` about a laptop's key that it has not replaced, the latest first. Repeated statements are one."""
    texts = {text for op in ops if isinstance(text := op.fields.get(field), str)}
    latest = nlargest(_MOST, texts, key=lambda text: (_made(text), text))
    read = [statement for text in latest if (statement := _read(text, laptop, signer))]
    replaced = {name for statement in read for name in statement.replaces}
    return sorted(
        (statement for statement in read if statement.id not in replaced),
        key=lambda statement: (statement.made, statement.id),
        reverse=True,
    )


def _read(text: str, laptop: PublicKey, signer: PublicKey) -> Statement | None:
    parts = text.split(" ")
    if len(parts) != 4 or _made(text) < 0:
        return None
    key, made, replaces, signature = parts
    if not is_signed(signer, signature, _PURPOSE, laptop.device_id, key, made, replaces):
        return None
    # Of the signed parts only: another spelling of the signature makes no other statement.
    digest = sha256("\0".join((laptop.device_id, key, made, replaces)).encode()).hexdigest()[:32]
    return Statement(key, int(made), tuple(replaces.split(",")), digest)


def _made(text: str) -> int:
    """The time at which a statement claims to be signed; -1 if it is not a valid time."""
    made = "".join(text.split(" ", 2)[1:2])
    if not (made.isascii() and made.isdecimal() and len(made) <= len(str(_LATEST))):
        return -1
    return number if (number := int(made)) <= _LATEST else -1


def _writer(op: Op) -> str:
    return device_of(op.origin)


def _latest(stated: Sequence[Op], ops: Sequence[Op]) -> list[Op]:
    """The last statement in each of a laptop's streams that none of the other statements has seen; `ops` are all ops of the
    record.

    The later of two may have seen the earlier one only through a change by others in between: then the earlier one is left out
    too.
    """
    last: dict[str, int] = {}
    for op in stated:
        last[op.origin] = max(last.get(op.origin, 0), op.seq)
    latest = [op for op in stated if op.seq == last[op.origin]]
    by_ref = {op.ref: op for op in ops}
    seen: set[str] = set()
    for op in latest:
        todo = list(op.preds.get(_KEY, ()))
        while todo:
            ref = todo.pop()
            if ref not in seen:
                seen.add(ref)
                todo += by_ref[ref].preds.get(_KEY, ()) if ref in by_ref else ()
    current = [op for op in latest if op.ref not in seen] or latest
    return sorted(current, key=lambda op: op.rank, reverse=True)
