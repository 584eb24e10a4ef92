"""Redaction: text erased from ops while the rest of them is kept.

Two ops of a coordinator do it together. One names the ops, by their hashes, and the fields whose text goes; it holds nothing
else, so it may travel unencrypted (`redacts`). The other restates what is left of one op, for kits that hold only its skeleton
(`restates`). Refs to the op still resolve: edits, deletions and resolved conflicts stay as they were, whenever they arrive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from fieldkit.errors import BundleRefused
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kinds
from fieldkit.store.oplog.op_decoding import decode
from fieldkit.store.oplog.ops import (
    EVERYTHING,
    LARGEST,
    NO_TEXT,
    REDACTS,
    REDUCED,
    RESTATES,
    SCHEMA,
    Op,
    encode,
    new_salt,
)

#: About the most bytes in which one op names ops and fields; a field may have 64 KB.
_MOST_NAMED = 32_000
#: A value that a newer kit wrote counts as text, unless it looks like a code, a date, a time or an id.
_CODE = re.compile(r"[a-z0-9][a-z0-9_:.-]{0,39}\Z")
#: As in telephone and patient numbers.
_LONG_NUMBER = re.compile(r"[0-9]{9,}\Z")
#: A placeholder for the future writer of a line, as long as any origin.
_ANYBODY = "a" * 26 + ".00000000"


def free_text_fields(op: Op) -> list[str]:
    """The fields of an op that hold free text."""
    known = kinds().get(op.kind)
    specs = known.fields if known else {}
    return [
        name
        for name, value in op.fields.items()
        if name not in NO_TEXT and value is not None and _is_free_text(specs.get(name), value)
    ]


def _is_free_text(spec: FieldSpec | None, value: Any) -> bool:
    if spec is not None:
        if spec.shape == "text":
            return True
        try:
            spec.check(value)
        except ValueError:  # a newer kit wrote it
            return _holds_words(value)
        return False
    return _holds_words(value)


def _holds_words(value: Any) -> bool:
    if isinstance(value, str):
        return not _CODE.match(value) or bool(_LONG_NUMBER.match(value))
    if isinstance(value, list):
        return any(map(_holds_words, value))
    return isinstance(value, dict) and any(_holds_words(part) for pair in value.items() for part in pair)


def redacting(fields_of: Mapping[str, Iterable[str]]) -> list[dict[str, Any]]:
    """The fields of the ops that erase these texts: hash -> names of the fields to erase."""
    parts: list[dict[str, list[str]]] = [{}]
    size = 0
    for digest, names in sorted(fields_of.items()):
        for name in sorted(names):
            if size > _MOST_NAMED:
                parts.append({})
                size = 0
            size += len(name) + (3 if digest in parts[-1] else len(digest) + 6)
            parts[-1].setdefault(digest, []).append(name)
    return [{REDACTS: named} for named in parts]


def restating(
    digest: bytes, op: Op, without: AbstractSet[str]
) -> tuple[dict[str, Any], dict[str, list[str]], int]:
    """(fields, preds, schema) of the op that restates an op without some fields; `digest` is the hash of that op."""
    original = op.fields.get(RESTATES) or {"op": op.ref, "hash": digest.hex(), "stamp": op.stamp}
    left = {name: value for name, value in op.fields.items() if name not in without and name != RESTATES}
    fields, preds, schema = {RESTATES: original, **left}, _kept(op.preds, left), max(op.schema, SCHEMA)
    line = encode(
        Op(_ANYBODY, LARGEST - 1, LARGEST - 1, op.kind, op.record_id, fields, preds, new_salt(), schema)
    )
    try:
        decode(line)
    except BundleRefused:
        # Its line was spelt unusually, so every reader would refuse it as restated by this version. The op stays, empty.
        return {RESTATES: original}, {}, schema
    return fields, preds, schema


def reduced(digest: bytes, op: Op, without: AbstractSet[str] | None) -> bytes | None:
    """The line kept here of an op whose text is erased; None if there is nothing to do, for example because `without` is None.

    Its hash replaces its salt: with the salt, the text could be guessed from the hash. The hash also identifies a restatement
    elsewhere.
    """
    salt = digest.hex()
    if without is None or (op.salt == salt and without.isdisjoint(op.fields)):
        return None
    left = {name: value for name, value in op.fields.items() if name not in without}
    return REDUCED + encode(msgspec.structs.replace(op, fields=left, preds=_kept(op.preds, left), salt=salt))


def going(ops: Iterable[Op]) -> Callable[[Op, bytes], AbstractSet[str] | None]:
    """What these ops erase: a function from an op and its hash to the fields to erase, None if they do not name the op."""
    named: dict[tuple[str, str, str], set[str]] = {}
    again: dict[tuple[str, str, str], AbstractSet[str]] = {}
    for op in ops:
        for digest, names in op.fields.get(REDACTS, {}).items():
            named.setdefault((op.kind, op.record_id, digest), set()).update(names)
        if RESTATES in op.fields:
            key = (op.kind, op.record_id, op.fields[RESTATES]["hash"])
            again[key] = again.get(key, op.fields.keys()) & op.fields.keys()

    def of(op: Op, digest: bytes) -> AbstractSet[str] | None:
        key = (op.kind, op.record_id, digest.hex())
        if key in again:
            return (op.fields.keys() - again[key] | named.get(key, set())) - NO_TEXT
        redacted = named.get(key, set()) & op.fields.keys() - NO_TEXT
        return redacted or None

    return of


def erases_others(op: Op) -> bool:
    """Whether an op erases text of other ops."""
    return REDACTS in op.fields or RESTATES in op.fields


def effective_ops(ops: Sequence[Op]) -> list[Op]:
    """The ops that a record consists of: a restating op replaces the op that it restates, and a redacting op is left out."""
    again: dict[str, Op] = {}
    plain: list[Op] = []
    for op in sorted(ops, key=lambda op: (op.rank, encode(op))):
        if REDACTS in op.fields:
            continue
        if RESTATES not in op.fields:
            plain.append(op)
            continue
        original = op.fields[RESTATES]
        origin, _, seq = original["op"].rpartition(":")
        left = {name: value for name, value in op.fields.items() if name != RESTATES}
        meant = Op(
            origin,
            int(seq),
            original["stamp"],
            op.kind,
            op.record_id,
            left,
            op.preds,
            original["hash"],
            op.schema,
        )
        again[original["hash"]] = _both(again.get(original["hash"], meant), meant)
    unchanged = []
    for op in plain:
        if op.salt in again and again[op.salt].ref == op.ref:
            # Its own answers, if they are held: the restatement shows which of them are left.
            again[op.salt] = _both(op, again[op.salt])
        else:
            unchanged.append(op)
    # A stream that diverged may be held under two names, and one op under two hashes.
    once = {encode(msgspec.structs.replace(op, salt="")): op for op in again.values()}
    return unchanged + list(once.values())


def _both(first: Op, second: Op) -> Op:
    """The fields that both leave of one op."""
    left = {name: value for name, value in first.fields.items() if name in second.fields}
    return msgspec.structs.replace(first, fields=left, preds=_kept(first.preds, left))


def _kept(preds: Mapping[str, list[str]], fields: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: refs for name, refs in preds.items() if name in fields or name == EVERYTHING}
