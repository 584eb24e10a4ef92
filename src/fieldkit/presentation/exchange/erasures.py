"""Erasures and withdrawals in words, and which laptops have not confirmed each yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.exchange.devices import ALONE
from fieldkit.presentation.wording import counted, date_and_time
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.record_ids import short_id
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.peers import erasure_status
from fieldkit.sync.receipts.receipts import progress_of_change

WITHDRAWAL, OLD_TEXT, ERASURE = "withdrawal", "words", "erasure"


@dataclass(frozen=True)
class ErasedRecord:
    """One erasure. `what` is one of withdrawal, words (of old text), erasure; `where` is "" if it came from elsewhere.

    `status` says who has confirmed it, or how far it has got from this laptop.
    """

    erasure: erasure_status.Erasure
    what: str
    where: str
    status: str


@dataclass(frozen=True)
class Erasures:
    """All erasures, the latest last, and remarks on the laptops that are not counted."""

    rows: list[ErasedRecord]
    remarks: list[str]
    coordinating: bool


def erasures(kit: Kit, me: Identity, alone: str = ALONE) -> Erasures:
    """Read the whole journal for them; `alone`: how to say that one copy of a laptop is left. For a thread."""
    erased = erasure_status.erasures(kit, me)
    coordinating = DeviceNames(kit).coordinating
    rows = []
    for erasure in erased:
        what = WITHDRAWAL if erasure.kind == WITHDRAWAL else OLD_TEXT if erasure.text_only else ERASURE
        where = progress_of_change(kit, me, erasure.record_id, erasure.kind)
        if not coordinating:
            status = where or "from another laptop"
        elif erasure.waiting:
            status = f"not confirmed yet by {', '.join(erasure.waiting)}"
        else:
            status = erasure.confirmed
        rows.append(ErasedRecord(erasure, what, where, status))
    return Erasures(rows, list(erasure_status.remarks(erased, alone)) if coordinating else [], coordinating)


def lines_of(listed: Erasures) -> list[str]:
    """Two lines for each erasure, and for those that are alike together; then the remarks."""
    alike: dict[tuple[str, ...], list[ErasedRecord]] = {}
    for row in listed.rows:
        erasure = row.erasure
        same = row.what, erasure.kind, date_and_time(erasure.stamp), erasure.by, row.status
        alike.setdefault(same, []).append(row)
    lines = [line for rows in alike.values() for line in (_line_of(rows), f"    {rows[0].status}")]
    return [*lines, *listed.remarks] if listed.rows else ["Nothing was erased or withdrawn."]


def _line_of(alike: Sequence[ErasedRecord]) -> str:
    """What was erased, when and by whom: one record by the end of its id, several by their number."""
    first, number = alike[0].erasure, len(alike)
    kind = kinds().get(first.kind)
    if number == 1:
        named = f"{kind.title.lower() if kind else 'a record'} {short_id(first.record_id)}"
    else:
        named = kind.counted(number) if kind else counted(number, "record")
    lead = {
        WITHDRAWAL: "Withdrawn by receipt code" if number == 1 else f"{number:,} withdrawn by receipt code",
        OLD_TEXT: f"Old text erased from {named}",
        ERASURE: f"Erased: {named}",
    }[alike[0].what]
    return f"{lead}, {date_and_time(first.stamp)}, by {first.by}"
