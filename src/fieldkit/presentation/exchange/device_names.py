"""The names of laptops, by the origins that they write under."""

from __future__ import annotations

from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster

THIS_LAPTOP = "this laptop"


class DeviceNames:
    """The names of a kit's laptops, read once."""

    def __init__(self, kit: Kit) -> None:
        joined = kit.settings.get(IDENTITY) is not None
        self.roster = Roster(kit, identity(kit)) if joined else None
        """None while the kit belongs to no network."""

    def of(self, origin: str) -> str:
        """The name of the laptop behind an origin or device id; "" means this laptop, for what never leaves it."""
        if self.roster is None:
            return THIS_LAPTOP
        return self.roster.name_of(origin or self.roster.me.device)

    @property
    def coordinating(self) -> bool:
        """Whether this laptop is a coordinator's or a deputy's."""
        return self.roster is not None and self.roster.coordinating
