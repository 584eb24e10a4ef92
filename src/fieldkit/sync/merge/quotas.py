"""Quotas for what a field laptop may add to every laptop of the network: partners, events, terms, withdrawals, names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from fieldkit.errors import BundleRefused
from fieldkit.records.schema.kind import kinds
from fieldkit.store.journal.bundle_reader import Batch
from fieldkit.store.journal.ingest import Ingested
from fieldkit.store.journal.merge_transaction import Merging
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL
from fieldkit.sync.bundle.limits import LIMITS, too_large
from fieldkit.sync.network.let_in import trusted_through
from fieldkit.sync.network.roster import COORDINATING, Member

#: The most changes of network kinds by one field laptop, in all its bundles together.
MOST_CHANGES = 20_000
#: Their bytes.
MOST_BYTES = 16 << 20
#: The most withdrawals by one field laptop: each costs every laptop of the network some time, on purpose.
MOST_WITHDRAWALS = 2_000
#: The most withdrawals in one file, whoever signed it.
MOST_IN_FILE = LIMITS.withdrawals
#: Laptops trusted by one deputy may together add this multiple, so that one of them can't use up the quota of the others.
MOST_TOGETHER = 5
#: The most names that a laptop wrote under, a new one for each copy, move or restore of its kit: whoever merges tracks each of
#: them.
MOST_STREAMS = 2_000
#: The most laptops in a roster, and records of the rules, once a laptop other than the creator's adds any: every command reads
#: them.
MOST_ROSTER = 5_000


def early(batches: Iterable[Batch], member: Member) -> Iterator[Batch]:
    """The batches of a bundle, until it exceeds the withdrawals allowed for its sender or for any file: hashing each takes time,
    on purpose.

    Raises:
        BundleRefused: too-large.
    """
    withdrawals = 0
    for batch in batches:
        withdrawals += batch.gathered.kinds.get(WITHDRAWAL, 0)
        if withdrawals > MOST_WITHDRAWALS and member.role not in COORDINATING:
            raise _too_much(member, f"more than {MOST_WITHDRAWALS:,} withdrawals")
        if withdrawals > MOST_IN_FILE:
            raise too_large(f"more than {MOST_IN_FILE:,} withdrawals")
        yield batch


def demand_share(batch: Merging, member: Member, ingested: Ingested, creator: str) -> None:
    """Refuse a bundle that takes its sender beyond the quotas of a field laptop. For a coordinator's bundles the quotas apply to
    ops under the names of laptops that are not on the roster. Laptops that one deputy trusted share a quota, `MOST_TOGETHER`
    times that of one. `creator` is the device of the network's creator.

    Raises:
        BundleRefused: too-large.
    """
    network = [kind.name for kind in kinds().values() if kind.network]
    coordinates = member.role in COORDINATING
    if not coordinates and ingested.spans and (streams := batch.streams(member.device)) > MOST_STREAMS:
        raise _too_much(member, f"changes under {streams:,} names; a laptop may have {MOST_STREAMS:,}")
    if not ingested.kinds.keys() & set(network):
        return
    if coordinates:
        _demand_unlisted(batch, member, ingested, network)
    else:
        changes, size = batch.share([member.device], network)
        withdrawals, _ = batch.share([member.device], [WITHDRAWAL])
        if withdrawals > MOST_WITHDRAWALS:
            excess = f"{withdrawals:,} withdrawals; a laptop may send {MOST_WITHDRAWALS:,}"
            raise _too_much(member, excess)
        if changes > MOST_CHANGES or size > MOST_BYTES:
            raise _too_much(member, "more partners, events and terms than a laptop may add to a network")
    _demand_together(batch, member, ingested, network, trusted_through(batch.connection, creator))


def _demand_together(
    batch: Merging, member: Member, ingested: Ingested, network: Sequence[str], under: Mapping[str, str]
) -> None:
    """Refuse if the laptops that one deputy trusted, with unlisted ones relayed by them or it, exceed their shared quota."""
    root = under.get(member.device, member.device)
    if not (devices := sorted(device for device in under if under[device] == root)):
        return

    def held(kinds: Sequence[str]) -> tuple[int, int]:
        own, unlisted = (
            batch.share(devices, kinds),
            batch.share_of_unlisted([root, *devices], ingested.spans, kinds),
        )
        return own[0] + unlisted[0], own[1] + unlisted[1]

    changes, size = held(network)
    if changes <= MOST_TOGETHER * MOST_CHANGES and size <= MOST_TOGETHER * MOST_BYTES:
        most = MOST_TOGETHER * MOST_WITHDRAWALS
        if changes <= most or held([WITHDRAWAL])[0] <= most:
            return
    raise BundleRefused(
        "too-large",
        f"With this file, laptops that one deputy let in, “{member.shown}” among them, would add too much to the network."
        if member.device in under
        else f"With this file, laptops that “{member.shown}” let in would add too much to the network.",
        kept="Nothing of the file was stored. What they sent before stays.",
        hint="Trust each that you know, on the laptop of the network's creator: fieldkit devices trust NAME. If the deputy's "
        "laptop was stolen: fieldkit devices revoke, then fieldkit devices drop.",
    )


def _demand_unlisted(batch: Merging, member: Member, ingested: Ingested, network: Sequence[str]) -> None:
    changes, size = batch.share_of_unlisted([member.device], ingested.spans, network)
    if changes <= MOST_CHANGES and size <= MOST_BYTES:
        if changes <= MOST_WITHDRAWALS:
            return
        withdrawals, _ = batch.share_of_unlisted([member.device], ingested.spans, [WITHDRAWAL])
        if withdrawals <= MOST_WITHDRAWALS:
            return
    raise BundleRefused(
        "too-large",
        f"With this file, “{member.shown}” would bring too many changes of laptops that are not on the roster.",
        kept="Nothing of the file was stored. What the laptop sent before stays.",
        hint="Ask who uses that laptop. If it was stolen: fieldkit devices revoke, then fieldkit devices drop.",
    )


def demand_roster(batch: Merging, member: Member, ingested: Ingested) -> None:
    """Refuse a coordinator's bundle, unless it is the creator's, that takes the roster or the rules beyond their bounds.

    Raises:
        BundleRefused: too-large.
    """
    for kind in (kind for kind in kinds().values() if kind.coordinator_only and kind.network):
        if kind.name not in ingested.kinds:
            continue
        records, size = batch.held(kind.name)
        if records > MOST_ROSTER or size > MOST_BYTES:
            raise BundleRefused(
                "too-large",
                f"With this file, “{member.shown}” would make {kind.counted(records)} of the network; "
                f"it may have {MOST_ROSTER:,}, in {MOST_BYTES >> 20} MB.",
                kept="Nothing of the file was stored. What the laptop sent before stays.",
                hint="Ask who uses that laptop. If it was stolen: fieldkit devices revoke. The laptop of the network's creator "
                "can still trust and revoke laptops and set rules.",
            )


def _too_much(member: Member, excess: str) -> BundleRefused:
    return BundleRefused(
        "too-large",
        f"With this file, “{member.shown}” would send {excess}.",
        kept="Nothing of the file was stored. What the laptop sent before stays.",
        hint="Ask who uses that laptop. If it was stolen: fieldkit devices revoke. If the file is right, make the "
        "laptop a deputy and merge the file again.",
    )
