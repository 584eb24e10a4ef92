"""The replicas of all laptops, as far as reports name them: which are in use, what each holds of its own streams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from fieldkit.store.journal.bundle_reader import base_of, through
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import (
    COPY_ENDS,
    ENDED_REPLICAS,
    ORIGIN,
    PASSED_ON,
    PEER_REPORTS,
    RETIRED,
    Setting,
)
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.renewal import ENDED, ancestors, end_others
from fieldkit.sync.bundle.peer_reports import Replica, Replicas
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.replicas_in_use import heads


class KnownReplicas:
    """Every replica known from reports, read when first needed."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._streams = kit.ledger.origins()
        self._ends: dict[str, list[int]] = kit.settings.get(COPY_ENDS)
        self._retired: dict[str, int] = kit.settings.get(RETIRED)
        self._branches = branches_of(self._streams)
        self.mine = {kit.settings.get(ORIGIN), *(ancestor.origin for ancestor in ancestors(kit))}
        """The present origin of this kit, and its earlier ones."""

    @cached_property
    def _roster(self) -> Roster:
        return Roster(self._kit, identity(self._kit))

    @cached_property
    def by_device(self) -> dict[str, dict[str, Replica]]:
        """Device -> its replicas."""
        stored = stored_reports(self._kit, PEER_REPORTS)
        for device, replicas in passed_reports(self._kit, self._roster).items():
            own = stored.setdefault(device, {})
            for origin, passed in replicas.items():
                if origin not in own:
                    own[origin] = passed
                elif passed.number > own[origin].number:
                    # Keep what its own bundle reported of this kit's streams.
                    own[origin] = msgspec.structs.replace(passed, lost_here=own[origin].lost_here)
        return stored

    def of(self, device: str) -> Replicas:
        """The replicas of one laptop."""
        return self.by_device.get(device, {})

    def ends_of(self, origin: str) -> set[int]:
        """The last seqs of this stream that its laptop, and each replica of it, report to hold."""
        replicas = self.of(device_of(origin)).values()
        return {*self._ends.get(origin, ()), *(replica.own.get(origin, 0) for replica in replicas)}

    @cached_property
    def last_held(self) -> dict[str, int]:
        """Every origin of a reporting replica -> the last seq that any replica of the laptop reports of it."""
        last_seqs: dict[str, int] = {}
        for replicas in self.by_device.values():
            for replica in replicas.values():
                for origin, last in replica.own.items():
                    if last and origin in replicas:
                        last_seqs[origin] = max(last_seqs.get(origin, 0), last)
        return last_seqs

    def branches(self, origin: str) -> int:
        """How many branches a stream has here."""
        return self._branches[origin]

    def retired(self, device: str) -> set[str]:
        """The replicas of one laptop that a person has reported as no longer in use, and that were silent since."""
        return {
            origin
            for origin, replica in self.of(device).items()
            if replica.number <= self._retired.get(origin, -1)
        }

    def in_use(self, device: str) -> set[str]:
        """The replicas of one laptop in use, other than this kit: the heads, without those that were retired."""
        return in_use_by_bundles(self.of(device), self._branches) - self.retired(device) - self.mine

    def lost_here(self) -> set[str]:
        """The streams of this laptop of which trusted laptops hold changes that are missing here: they were lost with an older
        kit, or another replica wrote them.
        """
        held = through(self._streams)
        return {stream for stream, last in self._reported_of_mine() if last > held.get(stream, 0)}

    def _reported_of_mine(self) -> Iterator[tuple[str, int]]:
        """(origin, last seq) of this laptop's own streams that trusted laptops reported and this kit lacked then."""
        for member in self._roster.members.values():
            if member.status == "trusted":
                for origin, replica in self.of(member.device).items():
                    yield from replica.lost_here.items() if origin else ()

    def strange(self) -> set[str]:
        """The origins of this laptop that belong neither to this kit nor to its ancestors, and that nobody reported as ended."""
        device = device_of(self._kit.origin)
        streams = {
            base_of(name) for name in {*self._streams, *(name for name, _ in self._reported_of_mine())}
        }
        ended: list[str] = self._kit.settings.get(ENDED_REPLICAS)
        return {origin for origin in streams if device_of(origin) == device} - self.mine - {*ended}


def in_use_by_bundles(replicas: Replicas, branches: Mapping[str, int]) -> set[str]:
    """The replicas of one laptop that are in use, by the numbers of their latest bundles; `branches` as in `heads`."""
    return heads(
        replicas, {origin: replica.number for origin, replica in replicas.items()}, branches, "bundle"
    )


def branches_of(streams: Iterable[str]) -> Counter[str]:
    """Origin -> the number of its branches here."""
    return Counter(base_of(name) for name in streams if "~" in name)


def stored_reports(kit: Kit, where: Setting[dict[str, Any]]) -> dict[str, dict[str, Replica]]:
    stored = kit.settings.get(where)
    try:
        for report in (report for replicas in stored.values() for report in replicas.values()):
            # Earlier versions kept only the names of ancestors, and regarded each as no longer in use.
            former = report.pop("former", ())
            report.setdefault("ancestors", [(origin, ENDED, ENDED) for origin in former])
        return msgspec.convert(stored, dict[str, dict[str, Replica]])
    except (msgspec.ValidationError, AttributeError, TypeError):
        # Another program wrote this kit: what can't be read counts as never reported.
        return {}


def passed_reports(kit: Kit, roster: Roster) -> dict[str, dict[str, Replica]]:
    """Device -> what coordinators passed on about its replicas. A report that passed through somebody who is no longer a
    coordinator does not count.
    """
    coordinators = {member.device for member in roster.coordinators()}
    return {
        device: {
            origin: passed
            for origin, passed in replicas.items()
            if coordinators.issuperset(passed.via.split())
        }
        for device, replicas in stored_reports(kit, PASSED_ON).items()
    }


def retire_others(kit: Kit, device: str) -> int:
    """Retire all replicas of a laptop that are in use, except the one that reported last; returns how many were retired. A
    retired replica that reports again counts again. Of this laptop itself, this kit is the one that is left, and its next files
    state that the others have ended.
    """
    known = KnownReplicas(kit)
    replicas = known.of(device)
    others = sorted(known.in_use(device), key=lambda origin: (replicas[origin].at, origin))
    if device == device_of(kit.origin):
        others = sorted({*others, *known.strange()})
        end_others(kit, others)
    else:
        others = others[:-1]
    if retired := {origin: replicas[origin].number for origin in others if origin in replicas}:
        kit.settings.put(RETIRED, kit.settings.get(RETIRED) | retired)
    return len(others)
