"""Ids that name the kind of their record: a change of another kind under such an id is refused, whenever it arrives."""

from __future__ import annotations

import base64
import os
import time
from functools import cache, lru_cache
from hashlib import sha256

from fieldkit.store.oplog.ops import Op
from fieldkit.store.oplog.receipt_codes import ALPHABET, TAIL, tail_of

#: The length of ids that name a kind, and where they name it.
LENGTH, MARK = 28, slice(13, 17)
#: The length of device ids, which are the ids of the roster's records.
DEVICE_LENGTH = 26
DEVICE = "device"
#: How many characters of an id are shown: the last ones.
SHOWN = 8


def short_id(record_id: str) -> str:
    """The end of an id, as lists and sentences show it and commands take it."""
    return record_id[-SHOWN:]


@cache
def kind_mark(kind: str) -> str:
    """The four hexadecimal digits by which an id names a kind: the first of the SHA-256 of its name."""
    return sha256(kind.encode()).hexdigest()[:4]


def fits_kind(kind: str, record_id: str) -> bool:
    """Whether a record of this kind may have this id. Ids of other programs have other lengths, and name no kind."""
    length = len(record_id)
    if length == LENGTH:
        return record_id[MARK] == kind_mark(kind)
    return length != DEVICE_LENGTH or kind == DEVICE


#: Two characters for every ten bits.
_PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)


@lru_cache(maxsize=64)
def _beginning(origin: str) -> bytes:
    return sha256(origin.encode()).digest()[:4]


def new_record_id(origin: str, seq: int, kind: str, code: str = "") -> str:
    """An id that sorts beside its neighbours (device, then sequence), names its kind and ends in 55 random bits.

    With a receipt `code`, its last 11 characters come from that code.

    Neighbours on one device stay neighbours in every index, which keeps merging fast; the random end keeps the ids of a copied
    laptop apart. An id that names its kind can't be mistaken for a record of another kind.
    """
    number = int.from_bytes(_beginning(origin) + (seq % 2**32).to_bytes(4, "big") + os.urandom(7), "big")
    record_id = "".join([_PAIRS[number >> place & 1023] for place in range(110, -1, -10)])
    return record_id[:-TAIL] + kind_mark(kind) + (tail_of(code) if code else record_id[-TAIL:])


def id_of_content(kind: str, content: str) -> str:
    """The id of a record derived from its content, so that every laptop makes the same id."""
    digest = base64.b32encode(sha256(content.encode()).digest()).decode().lower()
    return digest[: MARK.start] + kind_mark(kind) + digest[MARK.start : LENGTH - 4]


def made_by(op: Op) -> bool:
    """Whether the id of an op's record shows that this op made it.

    An id begins with 64 bits that identify its maker and the op (`new_record_id`). Ids of other programs and of the roster do
    not.
    """
    # 12 characters and 4 bits of the next; its fifth bit is random.
    made, last = new_record_id(op.origin, op.seq, op.kind), 12
    there = op.record_id[last : last + 1] or "-"
    return op.record_id[:last] == made[:last] and ALPHABET.find(there) >> 1 == ALPHABET.index(made[last]) >> 1


def now_ms() -> int:
    """The wall clock in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
