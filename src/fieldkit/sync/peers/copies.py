"""Laptops that send under several names: their folder was copied, moved or restored, and each copy continues by itself."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.store.kit import Kit
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.sync.peers.known_replicas import KnownReplicas


@dataclass(frozen=True)
class Copies:
    """How many copies of a laptop are in use, by the reports in its bundles, and when the latest of them began (milliseconds
    since 1970, 0: unknown).
    """

    number: int
    since: int

    @property
    def several(self) -> bool:
        """Whether more than one is in use."""
        return self.number > 1

    def sentence(self, on: str, alone: str) -> str:
        """The sentence for a coordinator; `on` is the day in words, `alone` how to say that one copy is left."""
        happened = f"Its folder was copied, moved or restored on {on}"
        if not self.several:
            return f"{happened}: it goes on under a new name. If somebody still uses the earlier one, ask its user."
        return (
            f"{happened}: it goes on as {self.number} copies, each kept apart. "
            f"Ask its user whether the older one is still in use. If it is not, {alone}. If two people "
            "use them, one should join the network anew."
        )


def copies(kit: Kit) -> dict[str, Copies]:
    """Device id -> its copies, for every laptop that has sent under more than one origin."""
    origins: dict[str, list[str]] = {}
    for origin, last in kit.ledger.origins().items():
        # The end of a copied stream is a branch until a receipt makes the laptop fork: it is counted by itself.
        if last and "~" not in origin:
            origins.setdefault(device_of(origin), []).append(origin)
    replicas = KnownReplicas(kit)
    return {
        device: Copies(
            # Replicas without a report count as long as no other names them as ancestors.
            len(replicas.in_use(device)) or len(device_origins),
            max(_began(kit, origin) for origin in device_origins),
        )
        for device, device_origins in origins.items()
        if len(device_origins) > 1
    }


def _began(kit: Kit, origin: str) -> int:
    held = kit.ledger.held(origin)
    return kit.ledger.stamp_of(origin, held[0][0]) if held else 0
