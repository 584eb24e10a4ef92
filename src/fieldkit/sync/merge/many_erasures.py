"""Files that erase much: they wait until a person at a coordinator's laptop accepts or refuses the erasures.

A deputy may erase what any coordinator may. So one small file from a stolen deputy could erase everybody's text from every kit;
it erases nothing before somebody has looked at it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from sqlalchemy import Connection

from fieldkit.errors import BundleRefused
from fieldkit.quarantine_reasons import Reason
from fieldkit.records.schema.kind import kinds
from fieldkit.store.db.sql import execute
from fieldkit.store.journal.ingest import Ingested
from fieldkit.store.journal.merge_transaction import Merging
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Member
from fieldkit.sync.network.signed_statements import creators_order
from fieldkit.text import clean_line

#: A file waits if it erases more than FEW records and more than one in ONE_IN of those held here,
FEW, ONE_IN = 10, 10
#: or more than this, however many are held.
MOST = 1_000
#: Erasures without a question are added up over this many days, whoever sent them: a large file can be cut into small ones, and a
#: deputy can make more deputies.
DAYS = 7
_DAY = 86_400_000
#: The field of the network's rules that names refused orders by their hashes, and the most hashes in one record.
FIELD, _A_RECORD = "refused_orders", 200


class Erasing(Enum):
    """What to do with a file that erases much: let it wait, or as somebody has decided."""

    WAITS, LET, REFUSED = range(3)


def held_records(connection: Connection) -> int:
    """The number of records held, without the roster and the rules."""
    roster = {kind.name for kind in kinds().values() if kind.coordinator_only}
    rows = execute(connection, "SELECT kind, live + deleted FROM tally").fetchall()
    return sum(int(number) for kind, number in rows if kind not in roster)


def demand_decision(
    batch: Merging, member: Member, ingested: Ingested, held: int, now: int, *, coordinating: bool
) -> int:
    """Refuse a file from another coordinator's laptop that erases so much that a person must look at it; `held` records were held
    before it.

    Returns how many records it orders to erase. On a field laptop only records held there count, and nobody is asked there: what
    the coordinator accepts arrives with the coordinator's own network file.

    Raises:
        BundleRefused: many-erasures.
    """
    records = {(kind, record_id) for _, kind, record_id in ingested.orders}
    fresh = len(records) if coordinating else ingested.records.erased + ingested.records.redacted
    if not records or not fresh:
        return 0
    before = batch.erased_since(now - DAYS * _DAY)
    number = fresh + before
    # New records of the same days may have been invented, by this laptop or one that it trusted, to raise the bound.
    recent = batch.new_since(now - DAYS * _DAY)
    if number <= FEW or (number * ONE_IN <= held - recent + before and number <= MOST):
        return fresh
    also = f", after {before:,} in the last {DAYS} days" if before else ""
    raise BundleRefused(
        Reason.MANY_ERASURES.code,
        f"“{member.shown}” orders to erase {_counted(records)}{also}. {held:,} records were held here when it came.",
        kept="Nothing was erased. The file is quarantined until you decide.",
        hint="Ask its user. See them with: fieldkit quarantine --show NAME; erase them with: "
        "fieldkit quarantine --erase NAME; merge all but the erasures with: "
        "fieldkit quarantine --refuse NAME"
        if coordinating
        else "Merge the coordinator's newest network file: it brings what the coordinator has agreed to.",
    )


def _counted(records: Iterable[tuple[str, str]]) -> str:
    """12 feedback records, 3 events."""
    numbers = Counter(kind for kind, _ in records)
    return ", ".join(
        known.counted(number) if (known := kinds().get(kind)) else f"{number:,} {clean_line(kind)}"
        for kind, number in numbers.most_common()
    )


def state_refusal(kit: Kit, me: Identity, digests: Iterable[bytes]) -> None:
    """Tell every laptop that these orders are refused; others follow only the network's creator."""
    if not me.is_founder:
        return
    lines = sorted(digest.hex() for digest in digests)
    for start in range(0, len(lines), _A_RECORD):
        chunk = lines[start : start + _A_RECORD]
        kit.put("policy", f"refusal{chunk[0][:24]}", creators_order(me, FIELD, "\n".join(chunk)))
