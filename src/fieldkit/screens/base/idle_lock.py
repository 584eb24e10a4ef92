"""The automatic lock of the screen, once nobody has pressed a key for as long as the network has set."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from fieldkit.sync.network.network_rules import lock_minutes

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit

EVERY = 5.0
"""Seconds between checks of how long nobody has pressed a key."""

_LEAST = 50.0
"""Seconds of rest before the rule is read: no laptop locks in less than a minute."""


class IdleLock:
    """How long nobody has pressed a key, and whether that is long enough to lock."""

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time
    ) -> None:
        self._monotonic, self._wall = monotonic, wall
        self._limit = float("inf")
        self.noticed()

    def noticed(self) -> None:
        """Note that somebody has just pressed a key."""
        self._keyed, self._at = self._monotonic(), self._wall()

    @property
    def rested(self) -> float:
        """Seconds since the last key. A closed laptop stops one clock, and setting the time may turn the other back."""
        return max(self._monotonic() - self._keyed, self._wall() - self._at)

    @property
    def minutes(self) -> int:
        """The minutes after which to lock, 0 before the rule is read."""
        return 0 if self._limit == float("inf") else round(self._limit / 60)

    @property
    def is_due(self) -> bool:
        """Whether it is time to lock, by the rule as last read."""
        return self.rested >= self._limit

    @property
    def is_idle(self) -> bool:
        """Whether nobody has pressed a key for so long that the rule must be read."""
        return self.rested >= _LEAST

    def read(self, kit: Kit) -> None:
        """Read the rule. Call it in a thread."""
        self._limit = lock_minutes(kit) * 60.0
