"""What replicas report in their bundles, stored by origin.

Sticks arrive in any order: of one replica, the report in the bundle with the higher number is the newer one. Nothing is stored
about origins that nobody here knows, so that a header costs no more than what it reports on.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from fieldkit.store.journal.bundle_reader import by_base, through
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import COPY_ENDS, PASSED_ON, PEER_REPORTS
from fieldkit.store.oplog.device_ids import device_of, is_origin
from fieldkit.store.oplog.ops import LARGEST
from fieldkit.store.renewal import stated_by
from fieldkit.sync.bundle.peer_reports import PassedReport, PassedReports, Replica, Report
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.known_replicas import (
    KnownReplicas,
    branches_of,
    in_use_by_bundles,
    passed_reports,
    stored_reports,
)

if TYPE_CHECKING:
    from fieldkit.sync.bundle.manifest import Header, Opened

#: A suffix of origins in a laptop's report: its value identifies the erasing ops held of that origin.
MARK = "#erasing"
#: The most ends of one stream that are stored for copies of one laptop.
_MOST_ENDS = 8
#: The most replicas stored of one laptop.
_MOST_REPLICAS = 32
#: The most coordinators that pass a report on, one to the next.
_MOST_HANDS = 8


@dataclass(frozen=True)
class Incoming:
    """A bundle's report about one replica: `origin` is that replica's; `knows`, how much it holds of the streams of others;
    `via`, the coordinators that passed it on, the latest first, separated by spaces; "" for the replica's own report.
    """

    device: str
    origin: str
    report: Report
    knows: Mapping[str, int]
    via: str = ""


def reports_in(header: Header, opened: Opened, now: int, *, relays: bool) -> Iterator[Incoming]:
    """The report of a bundle's sender and, if the sender `relays`, those that it passes on."""
    sender = opened.signer.device_id
    last = through({name: seq for name, seq in header.seen.items() if "#" not in name})
    marks = {
        name: (last.get(name, 0), value)
        for key, value in header.seen.items()
        if key.endswith(MARK) and (name := key.removesuffix(MARK))
    }
    report = Report(_sane(opened.manifest.number), now, header.ancestors, last, marks)
    yield Incoming(sender, header.origin if is_origin(header.origin, sender) else "", report, last)
    if relays:
        table = header.passed_on.marks
        for origin, passed in header.passed_on.reports.items():
            device = device_of(origin)
            if device != sender and is_origin(origin, device):
                held = {table[at][0]: table[at][1:] for at in passed.marks if 0 <= at < len(table)}
                at = _sane(min(passed.at, now))
                report = Report(_sane(passed.number), at, passed.ancestors, passed.own, held)
                via = " ".join(dict.fromkeys([sender, *passed.via[:_MOST_HANDS]]))
                yield Incoming(device, origin, report, {}, via)


def _sane(number: int) -> int:
    return max(0, min(number, LARGEST - 1))


def remember(kit: Kit, reports: Iterable[Incoming]) -> None:
    """Store what bundles report. Of one replica, the report with the highest number counts."""
    if not (new := list(reports)):
        return
    remembering = _Remembering(kit)
    for incoming in new:
        remembering.take(incoming)
    remembering.store()


class _Remembering:
    """The stored reports, while bundles add to them."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        roster = Roster(kit, identity(kit))
        self._known, self._passed = stored_reports(kit, PEER_REPORTS), passed_reports(kit, roster)
        self._ends: dict[str, list[int]] = kit.settings.get(COPY_ENDS)
        self._before = msgspec.json.encode((self._known, self._passed, self._ends))
        streams = kit.ledger.origins()
        self._held = set(by_base(streams))
        self._branches = branches_of(streams)
        self._mine = device_of(kit.origin)
        self._own = {name: last for name, last in streams.items() if device_of(name) == self._mine}
        self._devices = {*roster.members, *map(device_of, streams)}

    def take(self, new: Incoming) -> None:
        """Add a bundle's report about one replica."""
        if new.via and (new.device not in self._devices or new.device == self._mine):
            return
        report = self._trimmed(new)
        replicas = (self._passed if new.via else self._known).setdefault(new.device, {})
        old = replicas.get(new.origin)
        if old is not None and not new.via and _parts(self._ends, old, report):
            # Nobody knows which copy holds what until one of them forks.
            replicas[new.origin] = msgspec.structs.replace(old, marks={}, at=max(old.at, report.at))
        elif old is None or _follows(report, old):
            if not new.via:
                # A replica's own report takes precedence over reports that others pass on.
                self._passed.get(new.device, {}).pop(new.origin, None)
            lost = {
                stream: _sane(last)
                for stream, last in sorted(new.knows.items())
                if is_origin(stream, self._mine) and last > self._own.get(stream, -1)
            }
            replicas[new.origin] = Replica(
                **{name: getattr(report, name) for name in Report.__struct_fields__},
                lost_here=dict(list(lost.items())[:_MOST_REPLICAS]),
                via=new.via,
            )
        if len(replicas) > _MOST_REPLICAS:
            used = in_use_by_bundles(replicas, self._branches)
            del replicas[min(replicas, key=lambda origin: (origin in used, replicas[origin].at))]

    def _trimmed(self, new: Incoming) -> Report:
        """A report reduced to what a laptop may report about itself: only its own names, streams known here, and numbers in
        range.
        """
        report = new.report
        line = stated_by(new.device, report.ancestors, new.origin)
        names = self._held.union((ancestor.origin for ancestor in line), {new.origin})
        return msgspec.structs.replace(
            report,
            ancestors=line,
            own={
                name: last
                for name, last in report.own.items()
                if name in names and is_origin(name, new.device) and 0 <= last < LARGEST
            },
            marks={
                name: (last, number)
                for name, (last, number) in report.marks.items()
                if name in self._held and 0 <= last < LARGEST and 0 <= number < LARGEST
            },
        )

    def store(self) -> None:
        if msgspec.json.encode((self._known, self._passed, self._ends)) != self._before:
            known, passed = msgspec.to_builtins(self._known), msgspec.to_builtins(self._passed)
            self._kit.settings.put_all({PEER_REPORTS: known, PASSED_ON: passed, COPY_ENDS: self._ends})


def _follows(new: Report, old: Report) -> bool:
    """Whether `new` is not the older of two reports of one replica."""
    if new.number != old.number:
        return new.number > old.number
    # With equal numbers: parts of one export, or two copies that have not noticed each other.
    return all(new.own.get(name, 0) >= last for name, last in old.own.items())


def _parts(ends: dict[str, list[int]], old: Report, new: Report) -> bool:
    """Whether two reports under one name show that the laptop was copied; then the ends of both copies are stored."""
    parted = False
    for name in old.own.keys() & new.own.keys():
        first, second = (old, new) if old.number <= new.number else (new, old)
        if first.own[name] <= second.own[name] and not (
            first.number == second.number and first.own[name] != second.own[name]
        ):
            continue
        noted = ends.setdefault(name, [])
        noted += [end for end in (first.own[name], second.own[name]) if end not in noted]
        del noted[:-_MOST_ENDS]
        parted = True
    return parted


def to_pass_on(kit: Kit, most_bytes: int) -> PassedReports:
    """What is known of each replica, for another coordinator; if it does not all fit, another part each time."""
    every = {
        origin: replica
        for replicas in KnownReplicas(kit).by_device.values()
        for origin, replica in replicas.items()
        if origin
    }
    origins = sorted(every)
    places: dict[tuple[str, int, int], int] = {}
    reports: dict[str, PassedReport] = {}
    size = sum(len(msgspec.json.encode(replica.own)) + 120 for replica in every.values())
    if size > most_bytes // 2:
        random.Random(kit.ledger.next_number()).shuffle(origins)  # an order needs no secure randomness
    left = most_bytes
    for origin in origins:
        replica = every[origin]
        marks = [(stream, last, number) for stream, (last, number) in replica.marks.items()]
        fresh = [mark for mark in marks if mark not in places]
        via = replica.via.split()
        passed = PassedReport(replica.number, replica.at, replica.ancestors, replica.own, via=via)
        left -= len(msgspec.json.encode(passed)) + len(origin) + 6 * len(marks) + 80 * len(fresh)
        if left < 0:
            break
        for mark in fresh:
            places[mark] = len(places)
        reports[origin] = msgspec.structs.replace(passed, marks=[places[mark] for mark in marks])
    return PassedReports(list(places), reports)
