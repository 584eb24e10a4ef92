"""A new incarnation of this laptop: what it writes from now on bears another name than what a copy of its kit writes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from fieldkit.store.kit import Kit
from fieldkit.store.local.setting import EPOCH, FORMER, IDENTITY, ORIGIN

#: So many former origins of a laptop are remembered.
_MOST = 32


def former_of(kit: Kit) -> list[str]:
    """The origins that this kit wrote under before, or that the kits bore whose place it took; the latest first."""
    found: list[str] = kit.settings.get(FORMER)
    return found


def renew(kit: Kit, replaced: Iterable[str] = ()) -> None:
    """Give the laptop of this kit a new origin, and count that it has one. Nothing happens before it joins a network.

    What it wrote before stays its own. What was erased since the backup that this kit comes from is erased anew.
    `replaced` are the present and former origins of the kit whose place this one takes.
    """
    stored = kit.settings.get(IDENTITY)
    if stored is None:
        return
    incarnation = secrets.token_hex(4)
    kit.settings.put_all(
        {
            IDENTITY: {**stored, "incarnation": incarnation},
            ORIGIN: f"{kit.origin.partition('.')[0]}.{incarnation}",
            EPOCH: kit.settings.get(EPOCH) + 1,
            FORMER: list(dict.fromkeys([*replaced, kit.origin, *former_of(kit)]))[:_MOST],
        }
    )
    kit.erase_again()
