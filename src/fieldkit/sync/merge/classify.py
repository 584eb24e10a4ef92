"""The verdict on a file, from the file, the roster and the bundles merged before. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from fieldkit.errors import BundleRefused
from fieldkit.quarantine_reasons import Reason
from fieldkit.sync.bundle.limits import damaged
from fieldkit.sync.bundle.manifest import RECEIPT
from fieldkit.sync.merge.incoming_file import IncomingFile
from fieldkit.sync.merge.relevance import OWN, is_own, passes
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Member, Roster
from fieldkit.sync.network.sender_rights import trusted_sender


class Outcome(Enum):
    """What to do with a file."""

    SKIP = auto()
    """It is for others."""
    RECEIPT = auto()
    KNOWN = auto()
    """It was merged before."""
    MERGE = auto()
    REFUSE = auto()


@dataclass(frozen=True)
class Verdict:
    """The outcome with its details: the sender of a receipt or a bundle, why a file is skipped or refused."""

    outcome: Outcome
    member: Member | None = None
    sentence: str = ""
    refusal: BundleRefused | None = None


def classify(
    file: IncomingFile, roster: Roster, keys: frozenset[str], *, kept: bool, merged: Callable[[str], bool]
) -> Verdict:
    """The verdict on a file that was read.

    `keys` are this laptop's age public keys. `kept`: the file is in quarantine. `merged` returns for the id of a bundle whether
    it was merged before.
    """
    opened = file.opened
    if file.refusal is not None or opened is None:
        return refused(file.refusal or damaged("it can't be read"), file, roster.me)
    if sentence := passes(opened, roster, keys, kept=kept):
        return Verdict(Outcome.SKIP, sentence=sentence)
    receipt = opened.manifest.purpose == RECEIPT
    if not receipt and merged(opened.id):
        return Verdict(Outcome.KNOWN)
    try:
        member = trusted_sender(roster, opened)
    except BundleRefused as refusal:
        return refused(refusal, file, roster.me)
    if file.not_unsealed is not None:
        return refused(file.not_unsealed, file, roster.me, member)
    return Verdict(Outcome.RECEIPT if receipt else Outcome.MERGE, member)


def refused(
    refusal: BundleRefused, file: IncomingFile, me: Identity, member: Member | None = None
) -> Verdict:
    """The verdict on a file that is refused, perhaps only while it is merged."""
    opened = file.opened
    own = opened is not None and refusal.reason == Reason.NOT_FOR_US.code and is_own(opened, me)
    if own and not me.is_founder:
        # From before this laptop became a coordinator's.
        return Verdict(Outcome.SKIP, member, OWN)
    return Verdict(Outcome.REFUSE, member, refusal=refusal)
