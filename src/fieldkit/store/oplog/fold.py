"""Records folded from ops: a pure function of the set of ops, whatever the order in which they arrived.

For each field, an op's value is a *head* unless another op states that it saw and replaced it. The value shown is the greatest
head by (stamp, origin, seq). Several distinct head values are a conflict, which stays listed until an op names every head.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from operator import attrgetter, methodcaller
from typing import Any

import msgspec

from fieldkit.records.schema.field import BeyondRules
from fieldkit.records.schema.kind import Kind
from fieldkit.store.oplog.ops import (
    DELETED,
    ERASED,
    EVERYTHING,
    PROVEN_KINDS,
    SCHEMA,
    SEES,
    Op,
    encode,
    is_proof,
    proof_of,
)
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL
from fieldkit.store.oplog.redaction import effective_ops, erases_others
from fieldkit.text import clean

#: Short answers that passed their check are cached, at most this many for each field.
SHORT, MOST_ANSWERS = 24, 2_000

_rank, _values = attrgetter("stamp", "origin", "seq"), methodcaller("values")
_ONLY_TEXT = {str}
#: Encodes values so that they can be compared as written.
sorted_json = msgspec.json.Encoder(order="sorted").encode


@dataclass
class Folded:
    """One record folded from its ops. `heads` maps each field to its current ops, the one shown first."""

    kind: str
    record_id: str
    fields: dict[str, Any]
    heads: dict[str, list[Op]]
    conflicts: list[str] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    origin: str = ""
    erased: bool = False
    """Nothing of it may be shown."""
    ops: Sequence[Op] = ()
    """The ops that it consists of, the earliest first."""

    @property
    def deleted(self) -> bool:
        """Whether the record is shown as deleted."""
        return self.fields.get(DELETED) is True

    @property
    def digest(self) -> bytes:
        """16 bytes over everything shown of this record, and every value of its conflicts."""
        conflicting = {name: [op.fields.get(name) for op in self.heads[name]] for name in self.conflicts}
        return digest_of(
            self.kind, self.record_id, self.fields, conflicting, self.created, self.updated, self.origin
        )


def digest_of(
    kind: str,
    record_id: str,
    fields: dict[str, Any],
    conflicting: dict[str, Any],
    created: int,
    updated: int,
    origin: str,
) -> bytes:
    """The digest of a record; `fields` leaves out the empty ones."""
    return blake2b(
        sorted_json([kind, record_id, fields, conflicting, created, updated, origin]), digest_size=16
    ).digest()


def erases(op: Op) -> bool:
    """Whether this op erases its record from every copy, whatever came before or comes after; withdrawals are not erased."""
    return op.fields.get(ERASED) is True and op.kind != WITHDRAWAL


def fold(ops: Iterable[Op]) -> Folded:
    """Fold all ops of one record, given in any order; each op once.

    Raises:
        ValueError: there are none.
    """
    ordered = sorted(ops, key=_rank)
    if any(map(erases_others, ordered)):
        if not (restated := effective_ops(ordered)):
            # All that is known is that text was erased.
            first = ordered[0]
            return Folded(first.kind, first.record_id, {}, {}, erased=True)
        ordered = sorted(restated, key=_rank)
    if len(ordered) > 1 and len(set(map(_rank, ordered))) < len(ordered):
        # A copied laptop gave the same number and time to two changes; then their content decides the order.
        ordered.sort(key=lambda op: (op.rank, encode(op)))
    if not ordered:
        raise ValueError("a record has at least one operation")
    first = ordered[0]
    record = Folded(first.kind, first.record_id, {}, {}, [], first.stamp, ordered[-1].stamp, first.origin)
    record.ops = ordered
    # Field -> ref -> the most times that one op names it.
    replaced: dict[str, dict[str, int]] = {}
    heads = record.heads
    proofs = _proofs(ordered) if first.kind in PROVEN_KINDS else None
    for op in reversed(ordered):
        if op.fields.get(ERASED) is True and op.kind != WITHDRAWAL:
            record.heads, record.erased = {}, True
            return record
        seen = _seen_by(op) if proofs else ()
        for name in op.fields:
            if proofs is not None and name == SEES:
                continue
            if name in heads:
                heads[name].append(op)
            else:
                heads[name] = [op]
        for name, refs in op.preds.items():
            if name != EVERYTHING:
                named = replaced.setdefault(name, {})
                for ref, times in Counter(refs).items() if len(refs) > 1 else ((refs[0], 1),) if refs else ():
                    if not proofs or proofs.get(ref, _NO_PROOFS).issubset(seen):
                        named[ref] = max(named.get(ref, 0), times)
    for name in sorted(heads):
        setters = heads[name]
        if len(setters) > 1:
            if replacements := replaced.get(name):
                # Ops that replace each other in a ring would leave no head; then all of them are heads.
                heads[name] = setters = _unreplaced(setters, replacements) or setters
            # Compared as written: in Python 1, 1.0 and True are equal.
            if len(setters) > 1 and len({sorted_json(op.fields[name]) for op in setters}) > 1:
                record.conflicts.append(name)
        if (value := setters[0].fields[name]) is not None:
            record.fields[name] = value
    if record.deleted and DELETED not in record.conflicts and unseen_by_deletion(record):
        record.conflicts.append(DELETED)
        record.conflicts.sort()
    return record


_NO_PROOFS: frozenset[str] = frozenset()


def _proofs(ops: Iterable[Op]) -> dict[str, set[str]]:
    """Ref -> the proofs that an op must give to replace the ops with that ref. Ops without SEES can be replaced by anybody."""
    proofs: dict[str, set[str]] = {}
    for op in ops:
        if SEES in op.fields:
            proofs.setdefault(op.ref, set()).add(proof_of(op))
    return proofs


def _seen_by(op: Op) -> Collection[str]:
    """The proofs that an op gives of what it has seen."""
    given = op.fields.get(SEES)
    return frozenset(given.split()) if isinstance(given, str) else ()


def _unreplaced(setters: list[Op], replaced: dict[str, int]) -> list[Op]:
    """The ops that nobody replaced; `replaced` gives the most times that one op names each ref.

    A copied laptop may give one ref to two ops. Naming it once means one of them, and nobody knows which: both remain heads until
    an op names the ref twice, as the op that resolves the conflict does.
    """
    bearers: dict[str, int] = {}
    for op in setters:
        bearers[op.ref] = bearers.get(op.ref, 0) + 1
    return [op for op in setters if bearers[op.ref] > replaced.get(op.ref, 0)]


def everything_seen(record: Folded) -> list[str]:
    """What a deletion names under `*`: the ref of every head, as often as ops of this record bear it."""
    borne = _ops_per_ref(record)
    return sorted(
        ref for ref in {op.ref for heads in record.heads.values() for op in heads} for _ in range(borne[ref])
    )


def unseen_by_deletion(record: Folded) -> list[Op]:
    """The current ops of a deleted record that set something which its deletion had not seen.

    If a copied laptop gave one ref to two ops, naming it once means one of them: then neither counts as seen.
    """
    deletions = record.heads.get(DELETED, [])
    proofs = _proofs(record.ops) if record.kind in PROVEN_KINDS else {}
    named: Counter[str] = Counter()
    for op in deletions:
        seen = _seen_by(op) if proofs else ()
        named |= Counter(
            ref
            for ref in op.preds.get(EVERYTHING, ())
            if not proofs or proofs.get(ref, _NO_PROOFS).issubset(seen)
        )
    borne = _ops_per_ref(record)
    unseen = {
        (op.ref, op.salt): op
        for name, heads in record.heads.items()
        if name != DELETED
        for op in heads
        # The deletion itself is recognised by identity: a copied laptop may have given its ref to an edit.
        if named[op.ref] < borne[op.ref] and not any(op is deletion for deletion in deletions)
    }
    return list(unseen.values())


def _ops_per_ref(record: Folded) -> Counter[str]:
    """Ref -> the number of ops of the record that bear it."""
    return Counter(op.ref for op in record.ops)


def _harmless(value: Any) -> Any:
    """The value of a field that this version does not know, with its texts cleaned like any other."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_harmless(item) for item in value]
    if isinstance(value, dict):
        return {clean(name): _harmless(item) for name, item in value.items()}
    return value


def interpret(
    kind: Kind | None, fields: dict[str, Any], *, schema: int = 0
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split `fields` into (canonical values of known fields, everything else with its texts cleaned).

    A value that only this version's answers and bounds refuse is not understood, whoever wrote it: a newer code list may have
    more answers. With `schema` given, a value that is not valid for the field at all is an error, unless a newer kit wrote it.

    Raises:
        ValueError: a sentence about the value, only with `schema` up to this version's.
    """
    specs = kind.fields if kind else {}
    answers = kind.known_answers if kind else {}
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in fields.items():
        if value.__class__ is str and value in answers.get(name, ()):
            values[name] = value
            continue
        spec = specs.get(name)
        if spec is None:
            proves = kind is not None and is_proof(kind.name, name)
            if name != DELETED and not proves and value is not None:
                extra[name] = _harmless(value)
        elif value is not None:
            try:
                checked = spec.check(value)
            except ValueError as error:
                if 0 < schema <= SCHEMA and not isinstance(error, BeyondRules):
                    raise
                extra[name] = _harmless(value)
            else:
                if checked is not None:
                    values[name] = checked
                    if checked.__class__ is str and checked == value:
                        _remember(answers, name, checked)
    return values, extra


def are_canonical(kind: Kind, names: Sequence[str], many: Sequence[dict[str, Any]]) -> bool:
    """Whether `interpret` returns all of these unchanged, judged column by column; each has the fields `names` in this order.
    False means that it is not known.
    """
    specs, answers = kind.fields, kind.known_answers
    for name, column in zip(names, zip(*map(_values, many), strict=True), strict=True):
        spec = specs.get(name)
        # Text only: in a set, 1 and True are the same.
        if spec is None or set(map(type, column)) != _ONLY_TEXT:
            return False
        for value in set(column).difference(answers.get(name, ())):
            try:
                if spec.check(value) != value:
                    return False
            except ValueError:
                return False
            _remember(answers, name, value)
    return True


def _remember(answers: dict[str, set[str]], name: str, value: str) -> None:
    """Remember an accepted answer: codes, dates and names recur, and each is checked once."""
    if len(value) <= SHORT and len(known := answers.setdefault(name, set())) < MOST_ANSWERS:
        known.add(value)
