"""Ids that name the kind of their record: a change of another kind under such an id is refused, whenever it comes."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

#: The length of ids that name a kind, and where in them it is named.
LENGTH, MARK = 28, slice(13, 17)
#: The length of device ids, which are the ids of the roster's records.
DEVICE_LENGTH = 26
DEVICE = "device"


@cache
def kind_mark(kind: str) -> str:
    """The four hexadecimal digits by which an id names a kind: the first of the SHA-256 of its name."""
    return sha256(kind.encode()).hexdigest()[:4]


def fits_kind(kind: str, record_id: str) -> bool:
    """Whether a record of this kind may have this id. Other programs' ids, of other lengths, name no kind."""
    length = len(record_id)
    if length == LENGTH:
        return record_id[MARK] == kind_mark(kind)
    return length != DEVICE_LENGTH or kind == DEVICE
