"""The network's own rules: how long free text is kept, and when a laptop should warn."""

from __future__ import annotations

from fieldkit.records.network_defaults import BACKUP_DAYS, CONFIRM_DAYS, IDLE_LOCK_MINUTES
from fieldkit.records.schema.field import line, many, number, text
from fieldkit.records.schema.kind import Kind, Record, register

POLICY = Kind(
    "policy",
    "Network rules",
    "network rules",
    "What the coordinator has set for everybody: one record for the whole network.",
    network=True,
    coordinator_only=True,
    by_command="fieldkit network rules",
    counted_as=("set of network rules", "sets of network rules"),
    label=("retention_months",),
)


@register(POLICY)
class Policy(Record, table=True):
    """The rules are one record, under a fixed id; a rule that it leaves out has its default. Other records name refused orders
    and dropped changes.
    """

    retention_months: int | None = number(
        "Months that free text is kept",
        "After that free text is taken out of what people recorded; codes, numbers and dates stay. Empty: kept for good.",
        minimum=1,
        maximum=600,
        heading="Text kept, months",
        listed=True,
    )
    confirm_days: int | None = number(
        "Days until unconfirmed is overdue",
        f"How long entries may wait for the coordinator's receipt before home warns. Usually {CONFIRM_DAYS}.",
        minimum=1,
        maximum=365,
        heading="Overdue, days",
        listed=True,
    )
    refused_orders: str | None = text(
        "Refused erasures",
        "Orders to erase that the coordinator refused, by their hashes: no laptop obeys them.",
    )
    dropped: str | None = text(
        "Dropped changes",
        "Runs of changes that a laptop flooded the network with and the coordinator dropped.",
    )
    order_signature: str | None = line(
        "Signature",
        "The network's creator signs what is refused and dropped: no other laptop's word counts.",
    )
    lock_minutes: int | None = number(
        "Minutes until the screen locks",
        f"How long a screen may be left before it locks. A laptop may lock sooner, not later. Usually {IDLE_LOCK_MINUTES}.",
        step="Laptops and events",
        minimum=1,
        maximum=120,
        heading="Lock, minutes",
        listed=True,
    )
    head_count_groups: list[str] | None = many(
        "attendee_group",
        "Groups counted at events",
        "Which groups the stall board counts, in the order of the list. Empty: the usual ones.",
        step="Laptops and events",
    )
    backup_days: int | None = number(
        "Days between tested backups",
        f"How old the last tested backup may be before home warns. Usually {BACKUP_DAYS}.",
        step="Laptops and events",
        minimum=1,
        maximum=3650,
        heading="Backup, days",
        listed=True,
    )
