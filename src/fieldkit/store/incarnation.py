"""A new incarnation of this laptop: what it writes from now on bears another name than what a copy of its kit writes."""

from __future__ import annotations

import secrets

from fieldkit.store.kit import Kit


def renew(kit: Kit) -> None:
    """Give the laptop of this kit a new origin, and count that it has one. Nothing happens before it joins a network.

    What it wrote before stays its own. What was erased since the backup that this kit comes from is erased anew.
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
        }
    )
    kit.erase_again()
