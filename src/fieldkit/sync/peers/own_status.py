"""This laptop's status in its network, by the network files it has, and the sentence for a revoked one."""

from __future__ import annotations

from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.known_replicas import KnownReplicas

TRUSTED, REVOKED, UNKNOWN = "trusted", "revoked", "unknown"

REVOKED_SENTENCE = (
    "The coordinator revoked this laptop: what it records now is quarantined there until it is trusted again. "
    "Ask them; keep recording if you must."
)

_LOST = (
    "Other laptops hold changes from this one that were lost when it was restored, possibly erasures. Merge the newest network "
    "file (.fkn) that it wrote, and other coordinators' bundles. If no other copy of this kit is in use, {}."
)


def trust_status(roster: Roster) -> str:
    """trusted, revoked, or unknown if no network file has named this laptop yet."""
    mine = roster.members.get(roster.me.device)
    if mine is None:
        return UNKNOWN
    return TRUSTED if mine.status == "trusted" else REVOKED


def lost_sentence(alone: str) -> str:
    """The sentence on a laptop that lost changes of its own; `alone`: how to say that no other copy is in use."""
    return _LOST.format(alone)


def has_lost(kit: Kit, roster: Roster) -> bool:
    """Whether a coordinator's laptop lacks changes of its own that others hold, as far as this can be mended from here."""
    return roster.coordinating and bool(KnownReplicas(kit).lost_here())


def is_revoked(kit: Kit, me: Identity) -> bool:
    """Whether this laptop knows that it was revoked."""
    return trust_status(Roster(kit, me)) == REVOKED
