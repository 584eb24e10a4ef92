"""The journal as an export reads it: spans and lines, in one consistent view."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from fieldkit.store.db.sql import execute
from fieldkit.store.journal.bundle_reader import Span, base_of
from fieldkit.store.oplog.fold import erases
from fieldkit.store.oplog.ops import GENESIS, REDACTS, REDUCED, RESTATES, Skeleton, decode_stored, encode
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL


@dataclass(frozen=True)
class Load:
    """The contents of a file of changes: number of operations, bytes of their lines, and how many operations are withdrawals."""

    ops: int = 0
    size: int = 0
    withdrawals: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(self.ops + other.ops, self.size + other.size, self.withdrawals + other.withdrawals)

    def fits(self, most: Load) -> bool:
        """Whether no number exceeds that of `most`."""
        return self.ops <= most.ops and self.size <= most.size and self.withdrawals <= most.withdrawals


class Outgoing:
    """Reads spans and lines of the shared journal in one consistent view."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def spans(self, origin: str, after: int = 0) -> list[Span]:
        """The unbroken runs of `origin` that are held, from `after` + 1 on."""
        row = execute(self._connection, "SELECT id FROM origin WHERE name = ?", (origin,)).fetchone()
        if row is None:
            return []
        spans = []
        start: tuple[int, bytes] | None = None
        before: tuple[int, bytes] | None = None
        for seq, digest, prev in execute(
            self._connection,
            "SELECT seq, hash, prev FROM op WHERE origin = ? AND seq >= ? ORDER BY seq",
            (row[0], after),
        ):
            if seq > after and (
                start is None
                or before is None
                or seq != before[0] + 1
                or (prev is not None and prev != before[1])
            ):
                if start is not None and before is not None and start[0] <= before[0]:
                    spans.append(Span(origin, start[0], before[0], start[1], before[1]))
                joined = before is not None and seq == before[0] + 1
                start = (seq, prev or (before[1] if joined and before is not None else GENESIS))
            before = (seq, digest)
        if start is not None and before is not None:
            spans.append(Span(origin, start[0], before[0], start[1], before[1]))
        return spans

    def parts(self, span: Span, runs: Sequence[tuple[int, int]]) -> list[Span]:
        """The runs (first seq, last seq) of a span, as spans."""
        spans = []
        for first, last in runs:
            prev = span.prev if first == span.first else self._hash(span.origin, first - 1)
            end = span.last_hash if last == span.last else self._hash(span.origin, last)
            spans.append(Span(span.origin, first, last, prev, end))
        return spans

    def _hash(self, origin: str, seq: int) -> bytes:
        row = execute(
            self._connection,
            "SELECT hash FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) AND seq = ?",
            (origin, seq),
        ).fetchone()
        return bytes(row[0])

    def pieces(self, span: Span, most: Load, held: Load) -> Iterator[tuple[Span, Load]]:
        """Cut the span into pieces that each fit into `most`; yield each with its load. The first file already holds `held`."""
        start, before, load = span.first, span.prev, Load()
        last: tuple[int, bytes] | None = None
        for seq, digest, size, withdraws in execute(
            self._connection,
            "SELECT seq, hash, coalesce(length(body), 200), body IS NOT NULL AND record IN (SELECT record_id FROM withdrawal) "
            "FROM op JOIN origin ON origin.id = op.origin WHERE origin.name = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            (span.origin, span.first, span.last),
        ):
            more = Load(1, size, withdraws)
            if not (held + load + more).fits(most):
                if last is not None:
                    yield Span(span.origin, start, last[0], before, last[1]), load
                    start, before, load = seq, last[1], Load()
                held = Load()
            last, load = (seq, digest), load + more
        if last is not None:
            yield Span(span.origin, start, last[0], before, last[1]), load

    def lines(self, span: Span) -> Iterator[bytes]:
        """The lines of a span as their device wrote them; a skeleton in place of each op that was erased or redacted."""
        for seq, record, digest, body in execute(
            self._connection,
            "SELECT seq, record, hash, body FROM op JOIN origin ON origin.id = op.origin "
            "WHERE origin.name = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            (span.origin, span.first, span.last),
        ):
            whole = body is not None and body[:1] != REDUCED
            yield body if whole else encode(Skeleton(base_of(span.origin), seq, digest.hex(), record))

    def network_ops(
        self, kinds: Collection[str], first: Collection[str]
    ) -> Iterator[tuple[Span, Load, bool]]:
        """Every op of `kinds`, and every op that erases or redacts, whatever its origin. Each is yielded as a span of one line,
        with its load, and whether it is an order or one of the kinds `first`.
        """
        names = {row[0]: row[1] for row in execute(self._connection, "SELECT id, name FROM origin")}
        previous: dict[int, tuple[int, bytes]] = {}
        for origin, seq, digest, prev, body in execute(
            self._connection, "SELECT origin, seq, hash, prev, body FROM op ORDER BY origin, seq"
        ):
            seen = previous.get(origin)
            before = prev or (seen[1] if seen and seen[0] == seq - 1 else GENESIS)
            previous[origin] = (seq, digest)
            if body is None or body[:1] == REDUCED:
                continue
            op = decode_stored(body)
            orders = erases(op) or REDACTS in op.fields
            # Restated ops are for coordinators alone: anybody can read an invitation.
            if orders or (op.kind in kinds and RESTATES not in op.fields):
                load = Load(1, len(body), op.kind == WITHDRAWAL)
                yield Span(names[origin], seq, seq, before, digest), load, orders or op.kind in first
