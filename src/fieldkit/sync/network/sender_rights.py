"""What a laptop may send: its own entries, or everybody's if it is a coordinator's; and what only coordinators may change."""

from __future__ import annotations

from fieldkit.errors import BundleRefused
from fieldkit.records.schema.kind import kinds
from fieldkit.store.oplog.coordinators_only import coordinators_alone
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import DELETED, ERASED, Op
from fieldkit.sync.bundle.keys import PublicKey
from fieldkit.sync.bundle.manifest import Opened
from fieldkit.sync.network.roster import COORDINATING, Member, Roster, key_of
from fieldkit.sync.network.sealing_keys import states_unsigned_key


def trusted_sender(roster: Roster, opened: Opened) -> Member:
    """The sender of a bundle, if this network trusts it to send what the manifest lists.

    Raises:
        BundleRefused: wrong-network, unknown-sender, revoked-sender or not-allowed.
    """
    if opened.manifest.network != roster.me.network:
        raise BundleRefused(
            "wrong-network",
            "This file belongs to another network.",
            kept="It is quarantined, unopened.",
            hint="Was it meant for another coordinator?",
        )
    member = roster.members.get(opened.signer.device_id)
    if member is None or member.key != opened.signer:
        raise BundleRefused(
            "unknown-sender",
            f"Its laptop is not on the roster yet. Its six words are: {opened.signer.six_words}.",
            kept="It is quarantined, unopened, and is merged once you trust the laptop.",
            hint=f"Ask the sender to read theirs out; if they are the same: fieldkit devices trust {opened.signer.fingerprint}",
        )
    if member.status != "trusted":
        raise BundleRefused(
            "revoked-sender",
            f"The laptop “{member.shown}” was revoked in this network.",
            kept="What it sent before stays; this file is quarantined, unopened.",
            hint=f"To trust it again: fieldkit devices trust {member.key.fingerprint}",
        )
    if member.role not in COORDINATING and any(
        device_of(span_range.origin) != member.device for span_range in opened.manifest.ranges
    ):
        raise BundleRefused(
            "not-allowed",
            f"The laptop “{member.shown}” may send its own entries alone, but this file holds others'.",
            kept="It is quarantined, whole.",
            hint="Ask its user where the file comes from. If it was a deputy until now: let it merge the newest "
            "network file, and export again.",
        )
    return member


def check_right(roster: Roster, op: Op, sender: Member) -> None:
    """Refuse a new op that its sender may not send: one of a private kind, or a change that only coordinators may make.

    Ops have no signature of their own: a coordinator's laptop is responsible for what it relays. Whether the op's writer is on
    this roster can't be checked: a newcomer knows only the founder yet.

    Raises:
        BundleRefused: not-allowed.
    """
    kind = kinds().get(op.kind)
    if kind is not None and not kind.shared:
        raise _forbidden("holds private notes, which never leave a laptop")
    if kind is not None and kind.coordinator_only and not _is_in_order(roster, op):
        raise _forbidden("changes the roster in a way that no fieldkit does")
    if sender.role in COORDINATING:
        return
    if coordinators_alone(kind, op):
        raise _forbidden(
            "changes what only a coordinator may change",
            f"If “{sender.shown}” was a deputy when it did that, and was right: make it one again, merge this file, "
            "then make it a field laptop.",
        )


def _is_in_order(roster: Roster, op: Op) -> bool:
    if not _is_well_formed(op):
        return False
    if op.kind != "device":
        return True
    member = roster.members.get(op.record_id)
    key = key_of(op.fields.get("public_key")) or (member and member.key)
    return not key or not states_unsigned_key(op, key, roster.me.founder)


def _forbidden(what: str, hint: str = "Ask its user where the file comes from.") -> BundleRefused:
    return BundleRefused(
        "not-allowed",
        f"This file {what}.",
        kept="Nothing of it was stored; it is quarantined, whole.",
        hint=hint,
    )


def _is_well_formed(op: Op) -> bool:
    """Whether an op on the roster or the rules is one that coordinators' commands write: laptops are revoked and never deleted,
    and a record's id is derived from its key.
    """
    if DELETED in op.fields or ERASED in op.fields:
        return False
    if op.kind != "device" or "public_key" not in op.fields:
        return True
    try:
        return PublicKey.from_ssh_line(op.fields["public_key"]).device_id == op.record_id
    except (ValueError, AttributeError):
        return False
