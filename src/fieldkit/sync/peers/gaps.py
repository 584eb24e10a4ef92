"""What arrived from each laptop, for its coordinator: when it last reported, what is missing, how many copies are in use."""

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
    """A run of missing changes of one origin."""

    origin: str
    first: int
    last: int


@dataclass(frozen=True)
class Arrivals:
    """What arrived from one laptop: when it last reported, here or to another coordinator (milliseconds since 1970, 0 for never),
    what is missing, the change that two copies wrote differently (0 for none), the copies in use.
    """

    last_heard: int = 0
    missing: tuple[Gap, ...] = ()
    copied: int = 0
    copies: Copies | None = None

    @property
    def runs(self) -> list[tuple[int, int]]:
        """The first and last seq of each missing run."""
        return [(gap.first, gap.last) for gap in self.missing]


def arrivals(kit: Kit) -> dict[str, Arrivals]:
    """Device id -> what arrived from it, for every device known here. Reads the numbers of every change held."""
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
        # A branch is numbered from where the two copies diverged; the ops below are in the other stream.
        if origin == base_of(origin):
            missing += [Gap(origin, first, end) for first, end in held.lacking(origin)]
        if origin in copied:
            parted[device] = copied[origin]
    return {
        device: Arrivals(last.get(device, 0), tuple(missing), parted.get(device, 0), several.get(device))
        for device, missing in gaps.items()
    }
