"""A new replica of this laptop: from now on it writes under another origin than a copy of its kit does."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import (
    ANCESTORS,
    ENDED_REPLICAS,
    FORMER,
    IDENTITY,
    ORIGIN,
    RECEIPT_MADE,
    Ancestor,
)
from fieldkit.store.oplog.device_ids import device_of, is_origin
from fieldkit.store.oplog.ops import LARGEST

#: The most ancestors that are remembered.
MOST_ANCESTORS = 32
#: The fork number of a replica that is no longer in use: nothing that it wrote later counts.
ENDED = LARGEST - 1
#: The fork number of a replica that is in use, whatever its number.
ONGOING = -1


def ancestors(kit: Kit) -> list[Ancestor]:
    """The replicas that this one descends from, the nearest first."""
    stored = kit.settings.get(ANCESTORS)
    known = {ancestor.origin for ancestor in stored}
    # Earlier versions kept only the names, and regarded each as no longer in use.
    return [
        *stored,
        *(Ancestor(name, ENDED, ENDED) for name in kit.settings.get(FORMER) if name not in known),
    ]


def stated_ancestors(kit: Kit) -> list[Ancestor]:
    """What this replica states in its files: its ancestors, and other replicas of the laptop that are no longer in use."""
    ended = (Ancestor(origin, ENDED, ENDED) for origin in kit.settings.get(ENDED_REPLICAS))
    return _merged([*ended, *ancestors(kit)])


def replica(kit: Kit) -> Ancestor:
    """This replica as an ancestor of a replica that forks from it now."""
    return Ancestor(kit.origin, kit.ledger.next_number() - 1, kit.settings.get(RECEIPT_MADE))


def renew(kit: Kit, parent: Ancestor | None = None, replaced: Iterable[Ancestor] = ()) -> None:
    """Make the laptop of this kit continue as a new replica. Nothing happens before it joins a network.

    What it wrote before remains its own. What was erased since the backup that this kit comes from is erased anew. `parent` is
    the replica that it forks from, by default this one; `replaced` are the replica and the ancestors of the kit whose place this
    one takes.
    """
    stored = kit.settings.get(IDENTITY)
    if stored is None:
        return
    incarnation = secrets.token_hex(4)
    kit.settings.put_all(
        {
            IDENTITY: {**stored, "incarnation": incarnation},
            ORIGIN: f"{device_of(kit.origin)}.{incarnation}",
            ANCESTORS: _merged([*replaced, parent or replica(kit), *ancestors(kit)]),
        }
    )
    kit.erase_again()


def end_others(kit: Kit, origins: Iterable[str]) -> None:
    """Note that other replicas of this laptop are no longer in use: its next files state it."""
    kit.settings.put(ENDED_REPLICAS, list(dict.fromkeys([*origins, *kit.settings.get(ENDED_REPLICAS)])))


def stated_by(device: str, stated: Iterable[Ancestor], origin: str) -> list[Ancestor]:
    """What a file of this device may state: replicas of its own laptop other than its writer `origin`, with numbers in range."""
    return [
        Ancestor(ancestor.origin, _number(ancestor.bundle), _number(ancestor.receipt))
        for ancestor in stated
        if is_origin(ancestor.origin, device) and ancestor.origin != origin
    ][:MOST_ANCESTORS]


def _number(stated: int) -> int:
    return max(ONGOING, min(stated, ENDED))


def _merged(listed: Iterable[Ancestor]) -> list[Ancestor]:
    """Each ancestor once, in its first place, with the greatest of its numbers."""
    merged: dict[str, Ancestor] = {}
    for ancestor in listed:
        known = merged.get(ancestor.origin, ancestor)
        merged[ancestor.origin] = Ancestor(
            ancestor.origin, max(known.bundle, ancestor.bundle), max(known.receipt, ancestor.receipt)
        )
    return list(merged.values())[:MOST_ANCESTORS]
