"""Exporting: everything that the coordinator has not confirmed, sealed to the coordinators, signed by this laptop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from fieldkit.disk_errors import disk_error
from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import kinds
from fieldkit.store.journal.bundle_reader import Span
from fieldkit.store.journal.bundle_source import Load, Outgoing
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.renewal import stated_ancestors
from fieldkit.sync.bundle.container import digest, write_container
from fieldkit.sync.bundle.limits import LIMITS
from fieldkit.sync.bundle.manifest import INVITATION, RECORDS, Header, write_manifest
from fieldkit.sync.bundle.payload import pack
from fieldkit.sync.bundle.peer_reports import PassedReports
from fieldkit.sync.bundle.ranges import without
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.erasure_status import what_is_seen
from fieldkit.sync.peers.reports import to_pass_on
from fieldkit.sync.receipts.receipt_file import Receipt
from fieldkit.sync.receipts.receipts import confirmed_by_all, not_wanted, receipt_origins, receipts
from fieldkit.text import displayed_line

#: The most that one bundle carries; more is spread over several. Well inside the limits of a merge.
MOST_OPS = 200_000
#: Readers accept this many bytes however well they pack (`Limits.any_ratio`), so a flood of equal characters can't block a file.
MOST_BYTES = LIMITS.any_ratio - (LIMITS.any_ratio >> 2)
MOST_WITHDRAWALS = LIMITS.withdrawals
MOST_SPANS = 5_000
MOST_SEEN = 5_000
#: The most bytes of other replicas' reports that a coordinator passes on: the header is one line, whose length is limited.
MOST_PASSED_BYTES = 1 << 20


@dataclass(frozen=True)
class Exported:
    """A bundle that was written. `number` counts this laptop's bundles from 1; `ops` are the changes in it.

    `again` of them are also in an earlier bundle of this laptop; 0 on a coordinator's laptop, whose bundles hold everything it
    has. `unreadable` names coordinators that can't open it, because the roster's key for them is not valid. `left_out` counts
    those that it is not sealed to, because there are more than a seal may name.
    """

    path: Path
    number: int
    ops: int
    size: int
    recipients: int
    unreadable: tuple[str, ...] = ()
    again: int = 0
    left_out: int = 0


def export(
    kit: Kit, me: Identity, target: Path, *, full: bool = False, on_progress: Progress = no_progress
) -> list[Exported]:
    """Write bundles to `target`, a file or an existing folder; one is enough unless there is very much.

    A field laptop sends its own changes, a coordinator's laptop everything it holds. With `full`, also what the coordinator has
    confirmed.

    Raises:
        StorageError: the disk refuses; nothing is lost and the older file stays.
        Misuse: there is nobody to seal it to.
    """
    roster = Roster(kit, me)
    recipients = roster.recipients()
    if not recipients:
        raise Misuse(
            "This kit knows no coordinator's key to seal a bundle to.",
            hint="Merge the network's newest .fkn file first.",
        )
    written: list[Exported] = []
    with kit.ledger.outgoing() as outgoing:
        origins = sorted(kit.ledger.origins()) if roster.coordinating else [me.origin]
        if not roster.coordinating:
            # Changes of earlier incarnations of this laptop are its own, too.
            origins = [
                name for name in sorted({*kit.ledger.origins(), me.origin}) if device_of(name) == me.device
            ]
        known_receipts = receipts(kit)
        spans = [
            span
            for origin in origins
            for arrived in [_arrived(known_receipts, roster, origin)]
            for span in outgoing.spans(origin)
            for span in (
                [span] if full else outgoing.parts(span, without([(span.first, span.last)], arrived))
            )
        ]
        portions = list(_portions(outgoing, spans))
        sent_before = {} if roster.coordinating else kit.ledger.sent_through()
        # The present origin is stated even if nothing was written: it shows that a laptop was restored.
        seen = {me.origin: 0, **dict.fromkeys(receipt_origins(kit), 0)}
        seen |= dict(list(what_is_seen(kit).items())[: MOST_SEEN - len(seen)])
        passed_on = to_pass_on(kit, MOST_PASSED_BYTES) if roster.coordinating else PassedReports()
        total = sum(span.last - span.first + 1 for span in spans)
        done = 0
        for portion in portions:
            number = kit.ledger.next_number() + (len(written) if kit.read_only else 0)
            path = _path(target, me, number, several=len(portions) > 1)
            made = kit.clock()
            header = msgspec.structs.replace(
                me.header(portion),
                seen=seen,
                origin=me.origin,
                ancestors=stated_ancestors(kit),
                passed_on=passed_on,
            )

            def counted(lines: Iterable[bytes], before: int = done) -> Iterator[bytes]:
                for place, line in enumerate(lines):
                    if place % 5_000 == 0:
                        on_progress(before + place, total, "packing")
                    yield line

            payload = pack(counted(_lines(outgoing, header, portion)), recipients)
            manifest, signature, name = write_manifest(
                me.key,
                purpose=RECORDS,
                network=me.network,
                made=made,
                number=number,
                payload=payload,
                recipients=recipients,
                spans=portion,
            )
            write_container(path, manifest, signature, payload, name)
            ops = sum(span.last - span.first + 1 for span in portion)
            again = sum(
                max(0, min(span.last, sent_before.get(span.origin, 0)) - span.first + 1) for span in portion
            )
            done += ops
            through: dict[str, int] = {}
            for span in portion:
                if device_of(span.origin) == me.device:
                    through[span.origin] = max(through.get(span.origin, 0), span.last)
            if not kit.read_only:
                number = kit.ledger.note_sent(displayed_line(path.name), made, through, ops, digest(payload))
            size = path.stat().st_size
            readers = len(recipients), tuple(roster.unreadable())
            written.append(Exported(path, number, ops, size, *readers, again, roster.without_seal()))
    on_progress(total, total, "packing")
    return written


def _arrived(known_receipts: Sequence[Receipt], roster: Roster, origin: str) -> list[tuple[int, int]]:
    """The runs of an origin that need not be carried. Any coordinator relays what a field laptop sends, but a coordinator's own
    bundle must reach each of the others.
    """
    if not roster.coordinating:
        return not_wanted(known_receipts, origin)
    return confirmed_by_all(known_receipts, origin, [member.device for member in roster.above()])


def invite(kit: Kit, me: Identity, target: Path) -> Path:
    """Write the network's invitation, a `.fkn` file, which also brings later additions to those who have joined.

    It is signed, not sealed: it holds partners, events, the network's own terms and the roster, and nothing that a person wrote.
    A network too large for one file gets several (`parts_of`), to be merged after joining with the first.

    Raises:
        Misuse: this laptop is not a coordinator's.
        StorageError: the disk refuses.
    """
    roster = Roster(kit, me)
    if not roster.coordinating:
        raise Misuse(
            "Only a coordinator's laptop can invite.", hint="Ask the coordinator for an invitation (.fkn)."
        )
    path = target / f"{_slug(me.network_name)}.fkn" if target.is_dir() else target
    earlier = parts_of(path)
    with kit.ledger.outgoing() as outgoing:
        parts = list(_network_parts(outgoing))
        for number, spans in enumerate(parts, 1):
            _write_part(kit, me, path if number == 1 else _part(path, number), outgoing, spans)
    for left in earlier[len(parts) :]:
        # From a time when the network took more files; it would be mistaken for a part of this invitation.
        with suppress(OSError):
            left.unlink()
    return path


def parts_of(invitation: Path) -> list[Path]:
    """All files of an invitation, in order: `NAME.fkn` and, if there are more, `NAME-part2.fkn` and so on."""
    parts = [invitation]
    while (following := _part(invitation, len(parts) + 1)).exists():
        parts.append(following)
    return parts


def _part(invitation: Path, number: int) -> Path:
    return invitation.with_name(f"{invitation.stem}-part{number}{invitation.suffix}")


def _network_parts(outgoing: Outgoing) -> Iterator[list[Span]]:
    """The spans of network ops for each file of an invitation. If there are several, roster, rules and erasures come first, so
    that a laptop that floods the network can't hold them back.
    """
    network = [kind for kind in kinds().values() if kind.network]
    first = {kind.name for kind in network if kind.coordinator_only}
    runs: dict[bool, list[Span]] = {True: [], False: []}
    together: list[Span] = []
    load = Load()
    for span, more, leads in outgoing.network_ops({kind.name for kind in network}, first):
        load += more
        for spans in (together, runs[leads]):
            _go_on(spans, span)
    fit = len(together) <= MOST_SPANS and load.fits(_most())
    yield from _portions(outgoing, together if fit else [*runs[True], *runs[False]])


def _go_on(spans: list[Span], span: Span) -> None:
    """Add a span, merging it into the last one if it follows directly."""
    # Beside ops of a copied laptop, the next number need not follow from the previous op.
    if spans and (spans[-1].origin, spans[-1].last + 1, spans[-1].last_hash) == (
        span.origin,
        span.first,
        span.prev,
    ):
        span = Span(span.origin, spans[-1].first, span.last, spans.pop().prev, span.last_hash)
    spans.append(span)


def _most() -> Load:
    return Load(MOST_OPS, MOST_BYTES, MOST_WITHDRAWALS)


def _write_part(kit: Kit, me: Identity, path: Path, outgoing: Outgoing, spans: Sequence[Span]) -> None:
    payload = pack(_lines(outgoing, me.header(spans), spans), [])
    manifest, signature, name = write_manifest(
        me.key,
        purpose=INVITATION,
        network=me.network,
        made=kit.clock(),
        number=0,
        payload=payload,
        recipients=[],
        spans=spans,
    )
    write_container(path, manifest, signature, payload, name)


def _lines(outgoing: Outgoing, header: Header, spans: Sequence[Span]) -> Iterator[bytes]:
    yield msgspec.json.encode(header)
    for span in spans:
        yield from outgoing.lines(span)


def _portions(outgoing: Outgoing, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Spread spans over bundles that each stay within the limits; one empty bundle if there are no spans."""
    portion: list[Span] = []
    load, most = Load(), _most()
    for span in spans:
        for piece, more in outgoing.pieces(span, most, load):
            if portion and (not (load + more).fits(most) or len(portion) >= MOST_SPANS):
                yield portion
                portion, load = [], Load()
            portion.append(piece)
            load += more
    yield portion


def _path(target: Path, me: Identity, number: int, *, several: bool) -> Path:
    if target.is_dir():
        day = datetime.now(UTC).strftime("%Y-%m-%d")
        name = f"fieldkit-{me.device[:6]}-{number:04d}-{day}"
        # A restored kit counts anew: an existing file of this name may hold what was lost.
        paths = (target / f"{name}{ending}.fkb" for ending in ("", *(f"-{copy}" for copy in range(2, 1_000))))
        return next(path for path in paths if not path.exists())
    if not target.parent.is_dir():
        raise disk_error(FileNotFoundError(2, "no such folder"), target.parent)
    return target.with_name(f"{target.stem}-{number:04d}{target.suffix}") if several else target


def _slug(name: str) -> str:
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in letters.split("-") if part)[:40] or "network"
