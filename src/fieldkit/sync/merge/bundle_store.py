"""Storing one bundle: its changes under their own savepoint, and its entry in the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from fieldkit.store.journal.bundle_reader import Batch
from fieldkit.store.journal.ingest import Ingested
from fieldkit.store.journal.merge_transaction import Merging
from fieldkit.store.journal.refused_orders import (
    drop,
    dropped_spans,
    refuse,
    refused_orders,
    stated_drops,
    stated_refusals,
)
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.manifest import RECORDS, Opened, check_header
from fieldkit.sync.merge.after_commit import AfterCommit
from fieldkit.sync.merge.many_erasures import FIELD, Erasing, demand_decision, held_records
from fieldkit.sync.merge.quotas import demand_roster, demand_share, early
from fieldkit.sync.merge.report import KNOWN, MergedFile
from fieldkit.sync.network.floods import DROPPED
from fieldkit.sync.network.identity import Identity, sealing_key
from fieldkit.sync.network.roster import COORDINATING, Member, Roster
from fieldkit.sync.network.sender_rights import check_right
from fieldkit.sync.network.signed_statements import creator_signed
from fieldkit.sync.peers.reports import reports_in
from fieldkit.text import clean_line, is_seen

#: The first line of a payload, and its ops in batches.
Unpacked = tuple[bytes, Iterator[Batch]]


class BundleStore:
    """Stores the bundles of one run; `after` collects the work that follows their commit."""

    def __init__(self, kit: Kit, me: Identity, erasing: Erasing, after: AfterCommit) -> None:
        self._kit, self._me, self._erasing, self._after = kit, me, erasing, after

    def store(
        self,
        batch: Merging,
        opened: Opened,
        unpack: Callable[[], Unpacked],
        member: Member,
        roster: Roster,
        result: MergedFile,
    ) -> Roster | None:
        """Store a bundle of `member`. Returns the roster if the bundle changed it.

        Raises:
            BundleRefused: nothing of it is stored.
        """
        result.ops = opened.ops
        # The network rests on its creator's word; large erasures by any other coordinator are checked.
        own = member.device in (self._me.device, self._me.founder.device_id)
        asks = member.role in COORDINATING and not own
        erasing = 0
        held = held_records(batch.connection) if asks else 0
        with batch.bundle():
            first, batches = unpack()
            header = check_header(first, opened)
            refusing = asks and self._erasing is Erasing.REFUSED
            intake = batch.intake(
                opened.spans,
                lambda op: check_right(roster, op, member),
                refusing=refusing,
                relayer="" if own else member.device,
            )
            ingested = intake.ingest_all(early(batches, member))
            if not own:
                demand_share(batch, member, ingested, self._me.founder.device_id)
                demand_roster(batch, member, ingested)
            self._obey_refusals(batch, ingested)
            if asks and self._erasing is Erasing.WAITS:
                erasing = demand_decision(
                    batch, member, ingested, held, self._kit.clock(), coordinating=roster.coordinating
                )
            batch.record(opened.id, result.name, member.device, opened.ops, ingested, erasing)
            # Everything that may fail because of the file comes before its savepoint is released.
            relays = member.role in COORDINATING
            tells = opened.manifest.purpose == RECORDS
            reports = list(reports_in(header, opened, self._kit.clock(), relays=relays)) if tells else []
            # A laptop revoked by this file can do nothing in the next; other changes of this transaction are not visible yet.
            changed = Roster(self._kit, self._me, batch.connection) if "device" in ingested.kinds else None
        result.new_ops, result.known_ops = ingested.ops, ingested.known
        result.kinds = {kind: dict(counted) for kind, counted in ingested.records.kinds.items()}
        result.new_records, result.changed_records = ingested.records.new, ingested.records.changed
        result.new_conflicts, result.not_understood = ingested.records.conflicts, ingested.not_understood
        result.erased, result.redacted = ingested.records.erased, ingested.records.redacted
        if self._erasing is Erasing.LET:
            result.orders = [(kind, record_id) for _, kind, record_id in ingested.orders]
        if ingested.parted:
            result.parted = dict(ingested.parted)
            result.sentence = (
                f"The folder of the laptop “{member.shown}” was copied, or restored from an old backup: two laptops "
                f"wrote change {min(ingested.parted.values()):,} differently."
            )
            result.kept = "Both laptops' entries were kept."
            result.hint = (
                "Write a receipt for it: once that is merged, each copy goes on under a name of its own."
            )
        if not ingested.ops:
            result.status = KNOWN
        self._after.reports += reports
        if is_seen(name := clean_line(header.device_name)[:80]):
            self._after.names[member.device] = name
            if not member.named:
                result.device = roster.calling_itself(member, name).shown
        if age := sealing_key(header.age):
            self._after.ages[member.device] = age
        elif header.age and member.role in COORDINATING and not result.sentence:
            result.sentence = f"The laptop “{member.shown}” sent a key that is not valid."
            result.kept = "Its entries were merged. Bundles are not sealed to that key."
            result.hint = "Look at that laptop: its program may be damaged."
        self._after.note(ingested)
        return changed

    def _obey_refusals(self, batch: Merging, ingested: Ingested) -> None:
        """Refuse the orders of this bundle that are to be refused, and those that the network's creator refused."""
        refused = set(ingested.refused)
        if "policy" in ingested.kinds:
            refused |= stated_refusals(batch.connection, partial(creator_signed, self._me, FIELD), FIELD)
            refused -= refused_orders(batch.connection)
            known = {
                (origin, *run) for origin, runs in dropped_spans(batch.connection).items() for run in runs
            }
            stated = stated_drops(batch.connection, partial(creator_signed, self._me, DROPPED), DROPPED)
            if spans := stated - known:
                drop(batch.connection, spans)
                self._after.erased = True
        if refused:
            refuse(batch.connection, refused)
            ingested.orders = [order for order in ingested.orders if order[0] not in refused]
            self._after.erased = True
