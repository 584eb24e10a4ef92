"""The rules that the network has set for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldkit.errors import Misuse
from fieldkit.records.network_defaults import BACKUP_DAYS, CONFIRM_DAYS, IDLE_LOCK_MINUTES
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import LOCK_MINUTES
from fieldkit.store.oplog.ops import DELETED
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster

_RECORD = "networkpolicy"

DISAGREE = "Coordinators disagree about how long free text is kept."


@dataclass(frozen=True)
class NetworkRules:
    """`retention_months` 0: free text is kept for good."""

    retention_months: int = 0
    confirm_days: int = CONFIRM_DAYS
    backup_days: int = BACKUP_DAYS
    lock_minutes: int = IDLE_LOCK_MINUTES
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


def time_disputed(kit: Kit) -> bool:
    """Whether coordinators set different times for free text at once: nothing is erased until one of them decides."""
    record = kit.many("policy", [_RECORD]).get(_RECORD)
    return record is not None and not {"retention_months", DELETED}.isdisjoint(record.conflicts)


def demand_agreed_time(kit: Kit) -> None:
    """Refuse to erase text by a time that coordinators disagree about.

    Raises:
        Misuse: they do.
    """
    if time_disputed(kit):
        raise Misuse(
            DISAGREE,
            kept="Nothing was changed.",
            hint="See both with: fieldkit conflicts. Set the time with: fieldkit network rules --retention-months N",
        )


def lock_minutes(kit: Kit) -> int:
    """Minutes without a key until this laptop's screen locks: the network's, or its own if shorter."""
    everybody, own = rules(kit).lock_minutes, kit.settings.get(LOCK_MINUTES)
    return min(everybody, own) if own > 0 else everybody


def set_rules(kit: Kit, me: Identity, **values: Any) -> NetworkRules:
    """Set some of the rules, which decides conflicts about them; they travel with the next network file.

    Raises:
        Misuse: this laptop is not a coordinator's.
        InvalidRecord: a number out of range.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can set the network's rules.", kept="Nothing was changed.")
    kit.put(
        "policy",
        _RECORD,
        {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()},
        decides=True,
    )
    return rules(kit)
