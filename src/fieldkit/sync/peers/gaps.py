"""What has come of each laptop, for its coordinator: when it was heard last, what is missing, in how many copies it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import CLONES
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.sync.peers.copies import Copies, copies
from fieldkit.sync.peers.known_replicas import KnownReplicas
from fieldkit.sync.peers.streams import Held


@dataclass(frozen=True)
class Gap:
    """A run of changes that are missing, of one origin."""

    origin: str
    first: int
    last: int


@dataclass(frozen=True)
class Arrivals:
    """What came of one laptop: when it was last heard, here or by another coordinator (milliseconds since 1970, 0 for
    never), what is missing, the change that two copies wrote differently (0 for none), the copies that go on apart.
    """

    last_heard: int = 0
    missing: tuple[Gap, ...] = ()
    copied: int = 0
    copies: Copies | None = None

    @property
    def runs(self) -> list[tuple[int, int]]:
        """The first and last of each run that is missing."""
        return [(gap.first, gap.last) for gap in self.missing]


def arrivals(kit: Kit) -> dict[str, Arrivals]:
    """For each device id of which anything was heard, what came of it. Reads the numbers of every change held."""
    several = copies(kit)
    copied: dict[str, int] = kit.settings.get(CLONES)
    last = kit.ledger.last_merged()
    for device, replicas in KnownReplicas(kit).by_device.items():
        last[device] = max([last.get(device, 0), *(replica.at for replica in replicas.values())])
    gaps: dict[str, list[Gap]] = {device: [] for device in last}
    parted: dict[str, int] = {}
    held = Held(kit)
    for origin in held.streams:
        device = device_of(origin)
        missing = gaps.setdefault(device, [])
        # The end of a copy's stream is numbered from where the two parted; what is below lies in the other.
        if origin == base_of(origin):
            missing += [Gap(origin, first, end) for first, end in held.lacking(origin)]
        if origin in copied:
            parted[device] = copied[origin]
    return {
        device: Arrivals(last.get(device, 0), tuple(missing), parted.get(device, 0), several.get(device))
        for device, missing in gaps.items()
    }
