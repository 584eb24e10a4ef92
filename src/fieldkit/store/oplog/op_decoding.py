"""Lines that came from elsewhere, decoded: whatever they hold, they are ops within the bounds of the format, or refused."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import chain as chained
from operator import attrgetter, methodcaller
from typing import Any

import msgspec

from fieldkit.store.oplog.ops import (
    COORDINATORS_ONLY,
    DEEPEST,
    DELETED,
    ERASED,
    EVERYTHING,
    LARGEST,
    LONGEST_FIELD,
    LONGEST_OP,
    LONGEST_SALT,
    MOST_PREDS,
    MOST_VALUES,
    NO_TEXT,
    REDACTS,
    RESTATES,
    Op,
    Skeleton,
    damaged,
    inner_values,
    references,
)
from fieldkit.text import quoted

_ORIGIN = re.compile(r"[a-z2-7]{26}\.[0-9a-f]{8}\Z")
_REF = re.compile(r"[a-z2-7]{26}\.[0-9a-f]{8}:[1-9][0-9]{0,15}\Z")
_RECORD_ID = re.compile(r"[0-9a-z]{8,40}\Z")
_RECORD_IDS = re.compile(r"[0-9a-z]{8,40}(?:\n[0-9a-z]{8,40})*\Z")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
#: Well-formed field names met so far, so that most lines are checked by one comparison of sets.
_known_names: set[str] = set()
_known_writers: set[tuple[str, str]] = set()
_PLAIN = {str, type(None)}
_MOST_NAMES = 4_000

_parts = attrgetter("seq", "stamp", "schema", "origin", "kind", "record_id", "salt", "fields", "preds")
_values = methodcaller("values")
_encoder = msgspec.json.Encoder()
_op_decoder = msgspec.json.Decoder(Op)
_decode_op = _op_decoder.decode
_decode_gone = msgspec.json.Decoder(Skeleton).decode


def decode(line: bytes) -> Op | Skeleton:
    """An op from a line that came from elsewhere, within the bounds of the format.

    Raises:
        BundleRefused: damaged, stating what is wrong with it.
    """
    if len(line) > LONGEST_OP:
        raise damaged(f"a line of {len(line):,} bytes, more than {LONGEST_OP:,}")
    try:
        op = _decode_op(line)
        # A line that differs from what the encoder would write may hide duplicate keys: then use the slow, strict decoder.
        if _encoder.encode(op) != line:
            _look_closely(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        if b'"gone"' in line:
            return _decode_skeleton(line)
        raise damaged("a line that is not an operation") from None
    if b"\n" in line:
        raise damaged("a line within a line")
    _check_op(op)
    if len(line) > LONGEST_FIELD:
        for name, value in op.fields.items():
            if len(_encoder.encode(value)) > LONGEST_FIELD:
                raise damaged(f"a field longer than {LONGEST_FIELD:,} bytes ({quoted(name, 40)})")
    return op


def decode_many(lines: Sequence[bytes]) -> list[Op | Skeleton]:
    """`decode` for many lines at once; faster when every line is as this encoder writes it."""
    data = b"\n".join(lines)
    try:
        ops = _op_decoder.decode_lines(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        ops = []
    if (
        len(ops) != len(lines)
        or max(map(len, lines)) > LONGEST_FIELD
        or _encoder.encode_lines(ops)[:-1] != data
    ):
        return [decode(line) for line in lines]
    if not _plainly_sound(ops):
        for op in ops:
            _check_op(op)
    return list(ops)


def _plainly_sound(ops: Sequence[Op]) -> bool:
    """Whether all of these pass `_check_op`, judged together; False means that it is not known."""
    if not ops:
        return True
    seqs, stamps, schemas, origins, kinds, record_ids, salts, fields, preds = zip(
        *map(_parts, ops), strict=True
    )
    ids = "\n".join(record_ids)
    names: set[str] = set().union(*fields)
    return bool(
        min(seqs) > 0
        and max(seqs) < LARGEST
        and min(stamps) >= 0
        and max(stamps) < LARGEST
        and min(schemas) > 0
        and max(schemas) < LARGEST
        and _known_writers.issuperset(zip(origins, kinds, strict=True))
        and ids.count("\n") == len(ops) - 1
        and _RECORD_IDS.match(ids)
        and max(map(len, salts)) <= LONGEST_SALT
        and names <= _known_names
        and names.isdisjoint(NO_TEXT)
        and _PLAIN.issuperset(map(type, chained.from_iterable(map(_values, fields))))
        and not any(preds)
    )


def _check_op(op: Op) -> None:
    """Check the bounds of the envelope and of the values.

    Raises:
        BundleRefused: damaged.
    """
    if not (0 < op.seq < LARGEST and 0 <= op.stamp < LARGEST and 0 < op.schema < LARGEST):
        raise damaged("a number out of range")
    # Thousands of ops share an origin and a kind; each pair is matched once.
    if (op.origin, op.kind) not in _known_writers:
        if not (_ORIGIN.match(op.origin) and _KIND.match(op.kind)):
            raise damaged("a malformed origin or kind")
        if len(_known_writers) < _MOST_NAMES:
            _known_writers.add((op.origin, op.kind))
    if not _RECORD_ID.match(op.record_id):
        raise damaged("a malformed record id")
    if len(op.salt) > LONGEST_SALT:
        raise damaged("a malformed salt")
    _check_fields(op)
    if op.preds:
        _check_preds(op)


def _decode_skeleton(line: bytes) -> Skeleton:
    try:
        skeleton = _decode_gone(line)
        _look_closely(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise damaged("a line that is not an operation") from None
    if not (
        0 < skeleton.seq < LARGEST and _ORIGIN.match(skeleton.origin) and _RECORD_ID.match(skeleton.record_id)
    ):
        raise damaged("a malformed skeleton")
    if not _HASH.match(skeleton.gone):
        raise damaged("a malformed hash")
    return skeleton


def _check_fields(op: Op) -> None:
    fields = op.fields
    if not fields.keys() <= _known_names:
        for name in fields:
            if not _KIND.match(name):
                raise damaged("a malformed name of a field")
        if len(_known_names) < _MOST_NAMES:
            _known_names.update(fields)
    if DELETED in fields and type(fields[DELETED]) is not bool:
        raise damaged("a mark of deletion that is neither true nor false")
    if not COORDINATORS_ONLY.isdisjoint(fields):
        _check_coordinators_own(op)
    if _PLAIN.issuperset(map(type, fields.values())):
        return
    if inner_values(fields.values()) > MOST_VALUES:
        raise damaged(f"a change with more than {MOST_VALUES:,} values in its lists")
    for value in fields.values():
        if type(value) is not str and value is not None:
            # The value lies below two objects: the line and its fields.
            _check_value(value, 3)


def _check_coordinators_own(op: Op) -> None:
    """Bound the fields that only a coordinator may set, so that they carry nothing else and nothing undoes them."""
    fields = op.fields
    if ERASED in fields and (fields != {ERASED: True} or fields[ERASED] is not True):
        raise damaged("an erasure that says something else")
    if REDACTS in fields:
        named = fields[REDACTS]
        if len(fields) > 1 or not (
            isinstance(named, dict) and all(map(_HASH.match, named)) and all(map(_names, named.values()))
        ):
            raise damaged("a malformed list of words to take out")
    if RESTATES in fields:
        restated = fields[RESTATES]
        if not (
            isinstance(restated, dict)
            and restated.keys() == {"op", "hash", "stamp"}
            and all(isinstance(restated[name], str) for name in ("op", "hash"))
            and _REF.match(restated["op"])
            and _HASH.match(restated["hash"])
            and type(restated["stamp"]) is int
            and 0 <= restated["stamp"] < LARGEST
            and restated["op"] != op.ref
        ):
            raise damaged("a malformed word of what is left of an operation")


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(name, str) and _KIND.match(name) and name not in NO_TEXT for name in value
    )


def _check_value(value: Any, level: int) -> None:
    """Check the bounds of numbers and of depth; `level` is the depth of `value` in its line."""
    if isinstance(value, int):
        if not -LARGEST < value < LARGEST:
            raise damaged("a number out of range")
    elif isinstance(value, list | dict):
        if level > DEEPEST:
            raise damaged("a line nested too deeply")
        for inner in value.values() if isinstance(value, dict) else value:
            if type(inner) is not str:
                _check_value(inner, level + 1)


def _check_preds(op: Op) -> None:
    if references(op) > MOST_PREDS:
        raise damaged("an operation that replaces too many others")
    for name, refs in op.preds.items():
        if name not in op.fields and name != EVERYTHING:
            raise damaged("an operation that replaces values it does not set")
        for ref in refs:
            if not _REF.match(ref) or ref == op.ref:
                raise damaged("a malformed reference")


def _look_closely(line: bytes) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) != len(pairs):
            raise damaged("a line with the same key twice")
        return values

    def depth(value: Any, level: int) -> None:
        if level > DEEPEST:
            raise damaged("a line nested too deeply")
        if isinstance(value, dict):
            for inner in value.values():
                depth(inner, level + 1)
        elif isinstance(value, list):
            for inner in value:
                depth(inner, level + 1)

    try:
        depth(json.loads(line, object_pairs_hook=once), 1)
    except ValueError as error:
        raise damaged(f"a line that is not JSON ({error})") from None
