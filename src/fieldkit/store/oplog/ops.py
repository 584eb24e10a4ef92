"""Operations: one line of JSON each, never altered, chained by hash.

A line is written once, by the device that made it, and carried verbatim ever after. Its hash is SHA-256(hash of the previous
op + the line's bytes). `docs/bundle-format.md` describes both exactly.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec

from fieldkit.errors import BundleRefused

SCHEMA = 1
GENESIS = b"\0" * 32
LARGEST = 2**53
LONGEST_OP = 256 * 1024
LONGEST_FIELD = 64 * 1024
LONGEST_SALT = 64
DEEPEST = 8
#: The most values that one op may replace: a person does not do more at once, and writers split larger changes.
MOST_PREDS = 1_000
#: The most values inside the lists and objects of one op: more would take far more memory than its line.
MOST_VALUES = 2_000

_NESTED = {list, dict}
#: Fields of every kind, besides its own.
DELETED, ERASED = "deleted", "erased"
#: Fields that redact other ops, and that restate what is left of one: see `redaction`.
REDACTS, RESTATES = "redacts", "restates"
#: Fields that only a coordinator may set, whatever the kind.
COORDINATORS_ONLY = frozenset({ERASED, REDACTS, RESTATES})
#: Fields that hold no text, whatever the kind: nothing redacts them.
NO_TEXT = COORDINATORS_ONLY | {DELETED}
#: In records of network kinds: proofs of having seen the ops that `preds` name, separated by spaces. A ref can be predicted, so a
#: thief's op could replace its own revocation, and a field laptop's the coordinator's correction of an event, before that is
#: written; a salt can't. Text is never redacted in these kinds, which would take the salts with it.
SEES = "sees"
PROVEN_KINDS = frozenset(
    {"device", "event", "partner", "policy", "provider", "same_person", "term", "withdrawal"}
)


def is_proof(kind: str, name: str) -> bool:
    """Whether a field of a kind holds proofs, which are not part of the record."""
    return name == SEES and kind in PROVEN_KINDS


#: The prefix of the line of an op that was redacted in this kit: no line that arrives begins with it.
REDUCED = b"\0"
#: In the preds of a deletion: every head that it saw, so that an edit made meanwhile is noticed.
EVERYTHING = "*"


class Op(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change to one record.

    `fields` maps names to new values (None empties a field). `preds` maps a field to the refs (`origin:seq`) of the values that
    this change saw and replaces. `stamp` is milliseconds since 1970 on the writer's clock, but at least one more than the
    previous op's. `salt` keeps the content of an erased op from being guessed from its hash.
    """

    origin: str
    seq: int
    stamp: int
    kind: str
    record_id: str
    fields: dict[str, Any]
    preds: dict[str, list[str]] = {}
    salt: str = ""
    # The default belongs to the format, not to this version: lines without a schema keep their meaning.
    schema: int = 1

    @property
    def ref(self) -> str:
        """`origin:seq`, the name by which other ops refer to this one."""
        return f"{self.origin}:{self.seq}"

    @property
    def rank(self) -> tuple[int, str, int]:
        """The order of concurrent values."""
        return (self.stamp, self.origin, self.seq)


class Skeleton(msgspec.Struct, frozen=True):
    """The skeleton of an erased op: its place in the chain stays, its content is gone."""

    origin: str
    seq: int
    gone: str
    record_id: str


_encoder = msgspec.json.Encoder()
_decode_op = msgspec.json.Decoder(Op).decode
encode = _encoder.encode


def new_salt() -> str:
    """16 random bytes, base64 without padding."""
    return base64.b64encode(os.urandom(16)).rstrip(b"=").decode()


def proof_of(op: Op) -> str:
    """A proof that only somebody who has seen the op can give: 32 hexadecimal digits."""
    return sha256(op.salt.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def chain(prev: bytes, line: bytes) -> bytes:
    """The 32-byte hash of an op from the hash of the previous one (GENESIS for the first)."""
    return sha256(prev + line).digest()


def decode_stored(line: bytes) -> Op:
    """An op from a line that this kit itself stored, whole or reduced."""
    return _decode_op(line[1:] if line[:1] == REDUCED else line)


def inner_values(values: Iterable[Any]) -> int:
    """The number of values inside lists and objects, at any depth."""
    count = 0
    waiting = [value for value in values if type(value) in _NESTED]
    while waiting:
        value = waiting.pop()
        count += len(value)
        items = value.values() if isinstance(value, dict) else value
        waiting += [item for item in items if type(item) in _NESTED]
    return count


def references(op: Op) -> int:
    """The number of refs in the preds of an op, all fields together."""
    return sum(map(len, op.preds.values()))


def damaged(what: str) -> BundleRefused:
    """The error for malformed lines; `what` is what the bundle holds, or a whole clause."""
    clause = what.startswith(("its ", "operations "))
    return BundleRefused(
        "damaged",
        f"It is inconsistent: {what}." if clause else f"It holds {what}.",
        kept="Nothing of it was stored.",
        hint="Ask the sender to export again.",
    )
