"""Files on a shared stick that are not for this laptop: its own, and those sealed for others.

Such a file is no problem, so nobody is asked to do anything about it and no copy is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.quarantine_reasons import Reason
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.manifest import RECORDS, Opened
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster

OWN = "It is this laptop's own, for the coordinator."
OTHERS = "It is for the coordinator."

#: Harmless reasons for a laptop's own file to be in its quarantine; with any other reason, something is wrong with it.
_NO_TROUBLE = frozenset(
    reason.code for reason in Reason if reason.roster_cures or reason is Reason.NOT_FOR_US
)


def open_keys(secrets: Sequence[str]) -> frozenset[str]:
    """The age public keys of these secret ones."""
    import pyrage

    return frozenset(str(pyrage.x25519.Identity.from_str(secret).to_public()) for secret in secrets)


def is_own(opened: Opened, me: Identity) -> bool:
    """Whether this laptop signed the file, in any of its incarnations."""
    return opened.signer == me.key.public and opened.manifest.network == me.network


def passes(opened: Opened, roster: Roster, keys: frozenset[str], *, kept: bool = False) -> str:
    """Why a file does not concern this laptop, as a sentence; "" if it is to be examined.

    `keys` are this laptop's age public keys. A coordinator examines everything: a restored kit has to merge again what it sent
    itself, and the key to another's bundle may arrive later. `kept`: the file is in quarantine and may exist nowhere else, so it
    is not skipped as somebody else's.
    """
    if roster.coordinating or opened.manifest.network != roster.me.network:
        return ""
    if is_own(opened, roster.me):
        return OWN
    sealed = opened.manifest.purpose == RECORDS and opened.container.sealed
    return OTHERS if sealed and not kept and keys.isdisjoint(opened.manifest.recipients) else ""


def own_quarantined(kit: Kit, me: Identity) -> list[str]:
    """The SHA-256 of each quarantined file that this laptop signed itself and that has nothing wrong with it."""
    mine = me.key.public.ssh_line()
    return [
        file.sha256 for file in kit.ledger.quarantine() if file.device == mine and file.reason in _NO_TROUBLE
    ]
