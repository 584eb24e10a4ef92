"""What the network has set for everybody, and taking free text out of old records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit, Progress, Stored, no_progress
from fieldkit.store.local.setting import LOCK_MINUTES
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster

_RECORD = "networkpolicy"
#: The end of 2105, in milliseconds since 1970. A laptop's clock may say more than a calendar can.
_LAST = 4_291_747_200_000
_PAGE = 1_000


@dataclass(frozen=True)
class NetworkRules:
    """`retention_months` 0: free text is kept for good."""

    retention_months: int = 0
    confirm_days: int = 3
    backup_days: int = 30
    lock_minutes: int = 5
    head_count_groups: tuple[str, ...] = ()
    """The groups that the stall board counts; empty: the usual ones."""


def rules(kit: Kit) -> NetworkRules:
    """The network's rules as this kit knows them."""
    record = kit.many("policy", [_RECORD]).get(_RECORD)
    values = record.values if record is not None and not record.deleted else {}
    usual = NetworkRules()
    return NetworkRules(
        values.get("retention_months", usual.retention_months),
        values.get("confirm_days", usual.confirm_days),
        values.get("backup_days", usual.backup_days),
        values.get("lock_minutes", usual.lock_minutes),
        tuple(values.get("head_count_groups") or ()),
    )


def lock_minutes(kit: Kit) -> int:
    """Minutes without a key until this laptop's screen locks: the network's, or its own where that is sooner."""
    everybody, own = rules(kit).lock_minutes, kit.settings.get(LOCK_MINUTES)
    return min(everybody, own) if own > 0 else everybody


def set_rules(kit: Kit, me: Identity, **values: Any) -> NetworkRules:
    """Set some of the rules; they travel with the next network file.

    Raises:
        Misuse: this laptop is no coordinator's.
        InvalidRecord: a number out of range.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can set the network's rules.", kept="Nothing was changed.")
    kit.put(
        "policy",
        _RECORD,
        {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()},
    )
    return rules(kit)


def spoken_kinds() -> list[str]:
    """The kinds whose free text goes after a time: those that travel and have any, but for what everybody needs.

    Kinds that never leave their laptop are their writer's alone.
    """
    return [
        name
        for name, kind in kinds().items()
        if not kind.keeps_text and any(spec.shape == "text" for spec in kind.fields.values())
    ]


def due(kit: Kit, months: int, today: date | None = None) -> dict[str, list[str]]:
    """Kind -> the ids of its records with free text that is older than so many months; kinds without any are left out.

    Records are as old as their own date, else as their making. Deleted ones count, and words that a later change
    replaced: they are still held.
    """
    now = today or datetime.now(UTC).date()
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    limit = date(year, month + 1, min(now.day, 28)).isoformat()
    old_records = {name: _older(kit, name, limit) for name in spoken_kinds()}
    return {name: ids for name, ids in old_records.items() if ids}


def _older(kit: Kit, name: str, limit: str) -> list[str]:
    record_ids: list[str] = []
    for deleted in (False, True):
        for offset in range(0, kit.count(name, deleted=deleted, apart=True), _PAGE):
            page = kit.page(name, offset, _PAGE, deleted=deleted, apart=True)
            record_ids += kit.with_free_text(
                name, [record.record_id for record in page if day_of(record) < limit]
            )
    return record_ids


def day_of(record: Stored) -> str:
    """The day that a record of a known kind is about, `2026-10-27`: the first date that it asks for, else when it was made."""
    own = next((name for name, spec in kinds()[record.kind].fields.items() if spec.shape == "date"), "")
    made = datetime.fromtimestamp(min(record.created, _LAST) / 1000, UTC).date().isoformat()
    return str(record.values.get(own) or made)


def retain(kit: Kit, me: Identity, on_progress: Progress = no_progress) -> int:
    """Take the free text out of all records that are due; returns how many.

    Raises:
        Misuse: this laptop is no coordinator's, or the network keeps free text for good.
    """
    months = rules(kit).retention_months
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can erase old text.", kept="Nothing was changed.")
    if not months:
        raise Misuse(
            "This network keeps free text for good.",
            hint="Set a time with: fieldkit network rules --retention-months 24",
        )
    on_progress(0, 0, "looking for old text")
    return sum(kit.redact(name, ids, on_progress) for name, ids in due(kit, months).items())
