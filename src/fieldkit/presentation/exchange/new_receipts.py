"""What a receipt tells this laptop, in words; and writing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldkit.presentation.wording import counted, runs_shown, when
from fieldkit.quarantine_reasons import reason_at_sender
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.receipts.receipt_file import Receipt
from fieldkit.sync.receipts.receipts import receipts

CONFIRMED = "Confirmed:"
"""The start of the line that says what a receipt confirmed."""


@dataclass(frozen=True)
class ReceiptNews:
    """What one receipt tells this laptop: runs of its changes as (origin, first seq, last seq), files quarantined there as name
    (of the bundle here, "" if it was not made here), sha256, reason and sentence, and the ids of records in conflict there.
    `made` is in milliseconds since 1970.
    """

    coordinator: str
    device: str
    made: int
    confirmed: list[tuple[str, int, int]]
    wanted: list[tuple[str, int, int]]
    quarantined: list[dict[str, Any]]
    own_changes: int
    conflicts: list[Any]

    def lines(self, now: int, export: str) -> list[str]:
        """The changes in sentences; `export` says how to write the next bundle: a key or a command."""
        number = sum(last - first + 1 for _, first, last in self.confirmed)
        lines = [
            f"Written {when(self.made, now)}.",
            f"{CONFIRMED} {number:,} of this laptop's {counted(self.own_changes, 'change')}.",
        ]
        if self.wanted:
            runs = runs_shown((first, last) for _, first, last in self.wanted)
            lines.append(f"Wanted again: {runs}. The next bundle takes them ({export}).")
        for file in self.quarantined:
            lines.append(f"Quarantined there: {file['name'] or 'a file of this laptop'}. {file['sentence']}")
        if self.conflicts:
            lines.append(
                f"There, {counted(len(self.conflicts), 'conflict waits', 'conflicts wait')} for a decision."
            )
        return lines


def news_since(kit: Kit, me: Identity, before: list[Receipt]) -> list[ReceiptNews]:
    """The news in the receipts that were not held `before`. Call it in a thread."""
    roster = Roster(kit, me)
    # A copy of this laptop's folder has streams of its own; they do not count here.
    last_of = {
        origin: last
        for origin, last in kit.ledger.origins().items()
        if device_of(origin) == me.device and last
    }
    return [_news_of(kit, receipt, me, roster, last_of) for receipt in receipts(kit) if receipt not in before]


def _news_of(
    kit: Kit, receipt: Receipt, me: Identity, roster: Roster, last_of: dict[str, int]
) -> ReceiptNews:
    own = {origin: runs for origin, runs in receipt.held.items() if origin in last_of}
    return ReceiptNews(
        roster.name_of(receipt.device),
        receipt.device,
        receipt.made,
        [(origin, *run) for origin, runs in own.items() for run in runs],
        [(origin, *run) for origin in last_of for run in receipt.missing.get(origin, [])],
        [_refused(kit, file) for file in receipt.quarantined if file["device"] == me.device],
        sum(last_of.values()),
        receipt.conflicts,
    )


def _refused(kit: Kit, file: dict[str, str]) -> dict[str, str]:
    digest, reason = file.get("sha256", ""), file.get("reason", "")
    return {
        "name": kit.ledger.sent_name(digest),
        "sha256": digest,
        "reason": reason,
        "sentence": reason_at_sender(reason),
    }
