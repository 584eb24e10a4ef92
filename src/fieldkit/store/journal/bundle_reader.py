"""Reading ops that other devices wrote: decoded, checked against the manifest's spans and chained, without the store.

The result is ready to be stored, and plain enough to be made in another process.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from fieldkit.errors import BundleRefused
from fieldkit.records.schema.kind import kinds
from fieldkit.store.oplog.coordinators_only import coordinators_alone
from fieldkit.store.oplog.op_decoding import decode_many
from fieldkit.store.oplog.ops import GENESIS, Op, Skeleton, chain, damaged, inner_values
from fieldkit.store.oplog.record_ids import fits_kind
from fieldkit.store.oplog.redaction import erases_others
from fieldkit.store.projection.tables import Gathered, gather
from fieldkit.text import clean_line

#: Small enough that decoded ops are still in the processor's cache when they are stored.
BATCH = 400
BATCH_BYTES = 1_000_000
#: The most values inside lists and objects in a bundle, and how many more for each of its ops: they take long to read.
MOST_VALUES, VALUES_AN_OP = 100_000, 20


def base_of(origin: str) -> str:
    """The origin that ops state, without the branch that they are stored under here."""
    return origin.partition("~")[0]


def by_base(names: Iterable[str]) -> dict[str, list[str]]:
    """Origin -> the names that its stream and its branches are stored under here."""
    streams: dict[str, list[str]] = {}
    for name in names:
        streams.setdefault(base_of(name), []).append(name)
    return streams


def through(last: Mapping[str, int]) -> dict[str, int]:
    """Origin -> the greatest last seq of its stream and its branches; `last` is keyed by their stored names."""
    return {base: max(last[name] for name in names) for base, names in by_base(last).items()}


@dataclass(frozen=True)
class Span:
    """A run of one origin's ops in a bundle: first and last seq, the hash before it and its last hash."""

    origin: str
    first: int
    last: int
    prev: bytes
    last_hash: bytes


class Batch(msgspec.Struct, array_like=True):
    """Consecutive ops of one span."""

    span: int
    """The index of the span in the bundle, from 0."""
    starts: bool
    ends: bool
    rows: list[tuple[int, str, bytearray, bytearray | None]]
    """(seq, record id, hash, line) of each; a skeleton has no line."""
    gathered: Gathered
    special: list[tuple[bytes, bytes]]
    """(line, hash) of ops other than plain changes to a shared kind: not everybody may write them."""


def read_batches(lines: Iterable[bytes], spans: Sequence[Span]) -> Iterator[Batch]:
    """The ops of a bundle in batches, as its lines arrive.

    The caller may keep nothing until the iterator is exhausted.

    Raises:
        BundleRefused: damaged or not-allowed, on the way or at the end.
    """
    reader = _Reader(spans)
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if len(chunk) >= BATCH or size >= BATCH_BYTES:
            yield from reader.take(chunk)
            chunk, size = [], 0
    if chunk:
        yield from reader.take(chunk)
    reader.finish()


class _Reader:
    """Follows the chains of one bundle's spans."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._todo: dict[tuple[str, int], deque[int]] = {}
        if len({(span.origin, span.first) for span in spans}) < len(spans):
            raise damaged("its manifest lists the same operations twice")
        for number, span in enumerate(spans):
            self._todo.setdefault((base_of(span.origin), span.first), deque()).append(number)
        self._span: Span | None = None
        self._number = 0
        self._base = ""
        self._next = 0
        self._hash = GENESIS
        self._kinds = kinds()
        self._room = MOST_VALUES

    def take(self, lines: Sequence[bytes]) -> Iterator[Batch]:
        ops = decode_many(lines)
        values = itertools.chain.from_iterable([op.fields.values() for op in ops if type(op) is Op])
        self._room += VALUES_AN_OP * len(ops) - inner_values(values)
        if self._room < 0:
            raise damaged("far more values in lists than people enter")
        at = 0
        while at < len(ops):
            starts = self._span is None
            if starts:
                self._start(ops[at])
            assert self._span is not None
            end = min(len(ops), at + self._span.last - self._next + 1)
            yield self._batch(lines[at:end], ops[at:end], starts)
            at = end

    def finish(self) -> None:
        if self._span is not None or any(self._todo.values()):
            raise damaged("operations that its manifest lists are missing")

    def _start(self, op: Op | Skeleton) -> None:
        waiting = self._todo.get((op.origin, op.seq))
        if not waiting:
            raise damaged("its operations are not the ones that its manifest lists")
        self._number = waiting.popleft()
        span = self._span = self._spans[self._number]
        self._base, self._next, self._hash = base_of(span.origin), op.seq, span.prev

    def _batch(self, lines: Sequence[bytes], ops: Sequence[Op | Skeleton], starts: bool) -> Batch:
        """A batch made of lines of the current span, none beyond its end."""
        assert self._span is not None
        base, seq, digest = self._base, self._next, self._hash
        rows: list[tuple[int, str, bytearray, bytearray | None]] = []
        plain: list[Op] = []
        special: list[tuple[bytes, bytes]] = []
        for line, op in zip(lines, ops, strict=True):
            if op.seq != seq or op.origin != base:
                raise damaged("its operations are not the ones that its manifest lists")
            seq += 1
            if type(op) is Op:
                kind = self._kinds.get(op.kind)
                digest = chain(digest, line)
                if not fits_kind(op.kind, op.record_id):
                    raise _foreign_id(kind.title if kind else op.kind)
                if kind is None:
                    special.append((line, digest))
                elif not kind.shared:
                    raise _private(kind.plural)
                elif coordinators_alone(kind, op):
                    if kind.network and erases_others(op):
                        raise damaged(f"an order to erase text of {kind.plural}")
                    special.append((line, digest))
                plain.append(op)
                rows.append((op.seq, op.record_id, bytearray(digest), bytearray(line)))
            elif type(op) is Skeleton:
                digest = bytes.fromhex(op.gone)
                rows.append((op.seq, op.record_id, bytearray(digest), None))
        number, ends = self._number, seq > self._span.last
        if ends and digest != self._span.last_hash:
            raise damaged("its operations do not add up to what its sender signed")
        self._next, self._hash = seq, digest
        if ends:
            self._span = None
        try:
            gathered = gather(plain, strict=True)
        except ValueError as error:
            raise damaged(f"a value that no kit would have stored ({error})") from None
        return Batch(number, starts, ends, rows, gathered, special)


def _foreign_id(title: str) -> BundleRefused:
    return BundleRefused(
        "not-allowed",
        f"It holds a change ({clean_line(title)}) under the id of a record of another kind.",
        kept="Nothing of it was stored; it is quarantined, whole.",
        hint="No fieldkit writes such a change. Ask who uses that laptop; if it was stolen: fieldkit devices revoke.",
    )


def _private(plural: str) -> BundleRefused:
    return BundleRefused(
        "not-allowed",
        f"It holds {plural}, which never leave the laptop that they were written on.",
        kept="Nothing of it was stored.",
        hint="Tell the coordinator: the laptop that made this file may not be one of yours.",
    )
