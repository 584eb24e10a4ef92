"""A new incarnation of this laptop: what it writes from now on bears another name than what a copy of its kit writes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from fieldkit.store.kit import Kit

#: So many former origins of a laptop are remembered.
_MOST = 32


def former_of(kit: Kit) -> list[str]:
    """The origins that this kit wrote under before, or that the kits bore whose place it took; the latest first."""
    found: list[str] = kit.desk.setting("former", [])
    return found


def renew(kit: Kit, replaced: Iterable[str] = ()) -> None:
    """Give the laptop of this kit a new origin, and count that it has one. Nothing happens before it joins a network.

    What it wrote before stays its own. What was erased since the backup that this kit comes from is erased anew.
    `replaced` are the present and former origins of the kit whose place this one takes.
    """
    stored = kit.desk.setting("identity")
    if stored is None:
        return
    incarnation = secrets.token_hex(4)
    kit.desk.set_settings(
        {
            "identity": {**stored, "incarnation": incarnation},
            "origin": f"{kit.origin.partition('.')[0]}.{incarnation}",
            "epoch": int(kit.desk.setting("epoch", 0)) + 1,
            "former": list(dict.fromkeys([*replaced, kit.origin, *former_of(kit)]))[:_MOST],
        }
    )
    kit.erase_again()
