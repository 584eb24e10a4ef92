"""What the network has set for everybody, and taking free text out of old records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from fieldkit.errors import Misuse
from fieldkit.store.kit import Kit, Progress, Stored, no_progress
from fieldkit.sync.identity import Identity
from fieldkit.sync.roster import Roster

_RECORD = "networkpolicy"
#: The end of 2105, in milliseconds since 1970. A laptop's clock may say more than a calendar can.
_LAST = 4_291_747_200_000
#: The kind whose free text people said about themselves.
SPOKEN = "feedback"
_PAGE = 1_000


@dataclass(frozen=True)
class NetworkRules:
    """`retention_months` 0: free text is kept for good."""

    retention_months: int = 0
    confirm_days: int = 3
    backup_days: int = 30


def rules(kit: Kit) -> NetworkRules:
    """The network's rules as they stand here."""
    values = next(
        (record.values for record in kit.page("policy", limit=10) if record.record_id == _RECORD), {}
    )
    usual = NetworkRules()
    return NetworkRules(
        values.get("retention_months", usual.retention_months),
        values.get("confirm_days", usual.confirm_days),
        values.get("backup_days", usual.backup_days),
    )


def set_rules(kit: Kit, me: Identity, **values: int | None) -> NetworkRules:
    """Set some of the rules; they travel with the next network file.

    Raises:
        Misuse: this laptop is no coordinator's.
        InvalidRecord: a number out of range.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can set the network's rules.", kept="Nothing was changed.")
    kit.put("policy", _RECORD, dict(values))
    return rules(kit)


def due(kit: Kit, months: int, today: date | None = None) -> list[str]:
    """The ids of feedback with free text that is older than so many months: by their own date, else by when they were made.

    Deleted records count, and words that a later change replaced: they are still held.
    """
    now = today or datetime.now(UTC).date()
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    limit = date(year, month + 1, min(now.day, 28)).isoformat()
    found = []
    for deleted in (False, True):
        for offset in range(0, kit.count(SPOKEN, deleted=deleted), _PAGE):
            page = kit.page(SPOKEN, offset, _PAGE, deleted=deleted)
            found += kit.with_words(SPOKEN, [one.record_id for one in page if _day(one) < limit])
    return found


def _day(record: Stored) -> str:
    made = datetime.fromtimestamp(min(record.created, _LAST) / 1000, UTC).date().isoformat()
    return str(record.values.get("date") or made)


def retain(kit: Kit, me: Identity, on_progress: Progress = no_progress) -> int:
    """Take the free text out of all records that are due; returns how many.

    Raises:
        Misuse: this laptop is no coordinator's, or the network keeps free text for good.
    """
    months = rules(kit).retention_months
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can take out old words.", kept="Nothing was changed.")
    if not months:
        raise Misuse(
            "This network keeps free text for good.",
            hint="Set a time with: fieldkit network rules --retention-months 24",
        )
    on_progress(0, 0, "looking for old words")
    return kit.redact(SPOKEN, due(kit, months), on_progress)
