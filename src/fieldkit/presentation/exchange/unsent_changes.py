"""How much of what this laptop recorded has not been sent to a coordinator."""

from __future__ import annotations

from fieldkit.store.kit import Kit
from fieldkit.sync.network.roster import Roster


def unsent_changes(kit: Kit, roster: Roster) -> int | None:
    """The changes of this laptop that are in no bundle yet; None on a coordinator's laptop: the others send to it."""
    return None if roster.coordinating else kit.ledger.unsent(roster.me.origin).ops
