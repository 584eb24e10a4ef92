"""Retention: which free text is older than the network keeps it, and erasing it from its records."""

from __future__ import annotations

from datetime import UTC, date, datetime

from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit, Progress, Stored, no_progress
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.network_rules import demand_agreed_time, rules
from fieldkit.sync.network.roster import Roster

#: The end of 2105, in milliseconds since 1970. A laptop's clock may be beyond what a calendar can hold.
_LAST = 4_291_747_200_000
_PAGE = 1_000


def spoken_kinds() -> list[str]:
    """The kinds whose free text is erased after a time: those that travel and have free text, except those that everybody needs.

    Kinds that never leave their laptop are left to their writer.
    """
    return [
        name
        for name, kind in kinds().items()
        if not kind.keeps_text and any(spec.shape == "text" for spec in kind.fields.values())
    ]


def due(kit: Kit, months: int, today: date | None = None) -> dict[str, list[str]]:
    """Kind -> the ids of its records with free text older than this many months; kinds without any are left out.

    A record's age is that of its own date, else of its creation. Deleted records count, and so does text that a later change
    replaced:
    they are still held.
    """
    old_records = _old_records(kit, months, today)
    return {name: [record_id for _, record_id in aged] for name, aged in old_records.items() if aged}


def due_oldest_first(kit: Kit, months: int) -> list[tuple[str, str]]:
    """The records of `due`, (kind, id) each, ordered by the day that each is about."""
    old_records = _old_records(kit, months, None)
    aged = sorted(
        (day, name, record_id) for name, of_kind in old_records.items() for day, record_id in of_kind
    )
    return [(name, record_id) for _, name, record_id in aged]


def _old_records(kit: Kit, months: int, today: date | None) -> dict[str, list[tuple[str, str]]]:
    """Kind -> (day, id) of each record with free text older than this many months."""
    now = today or datetime.now(UTC).date()
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    limit = date(year, month + 1, min(now.day, 28)).isoformat()
    return {name: _older(kit, name, limit) for name in spoken_kinds()}


def _older(kit: Kit, name: str, limit: str) -> list[tuple[str, str]]:
    aged: list[tuple[str, str]] = []
    for deleted in (False, True):
        for offset in range(0, kit.count(name, deleted=deleted, apart=True), _PAGE):
            page = kit.page(name, offset, _PAGE, deleted=deleted, apart=True)
            days = {record.record_id: day for record in page if (day := day_of(record)) < limit}
            aged += [(days[record_id], record_id) for record_id in kit.with_free_text(name, list(days))]
    return aged


def day_of(record: Stored) -> str:
    """The day that a record of a known kind is about, `2026-10-27`: its first date field, else the day of its creation."""
    own = next((name for name, spec in kinds()[record.kind].fields.items() if spec.shape == "date"), "")
    made = datetime.fromtimestamp(min(record.created, _LAST) / 1000, UTC).date().isoformat()
    return str(record.values.get(own) or made)


def retain(kit: Kit, me: Identity, on_progress: Progress = no_progress) -> int:
    """Erase the free text of all records that are due; returns how many.

    Raises:
        Misuse: this laptop is not a coordinator's, the network keeps free text for good, or coordinators disagree about the time.
    """
    months = rules(kit).retention_months
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can erase old text.", kept="Nothing was changed.")
    demand_agreed_time(kit)
    if not months:
        raise Misuse(
            "This network keeps free text for good.",
            hint="Set a time with: fieldkit network rules --retention-months 24",
        )
    on_progress(0, 0, "looking for old text")
    return sum(kit.redact(name, ids, on_progress) for name, ids in due(kit, months).items())
