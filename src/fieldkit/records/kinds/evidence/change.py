"""Changes: what a cycle asks a provider to do, and its progress."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, day, line, link, many, text
from fieldkit.records.schema.kind import Kind, Record, Values, register


def _reason_for_declining(values: Values) -> dict[str, str]:
    if values.get("status") == "declined" and not values.get("reason"):
        return {"reason": "A declined change is printed with its reason: write down why it was declined."}
    return {}


CHANGE = Kind(
    "change",
    "Change",
    "changes",
    "A change that a cycle proposes to a provider, with its owner and status.",
    label=("title", "status"),
    rules=(_reason_for_declining,),
    desk=True,
    lasting=True,
)


@register(CHANGE)
class Change(Record, table=True):
    """One proposed change. Its support and the provider's responses are separate records."""

    cycle: str | None = link(
        "cycle", "Cycle", "The cycle that it came from.", step="Change", required=True, listed=True
    )
    title: str | None = line("Title", "The change in a few words.", step="Change", required=True, listed=True)
    what: str | None = text("What", "What should be done, by whom and where.", step="Change", required=True)
    actions: list[str] | None = many(
        "framework_action", "Actions", "The actions of the framework that it belongs to.", step="Change"
    )
    owner: str | None = line(
        "Owner", "The role that will do it, for example head of access.", step="State", listed=True
    )
    due: str | None = day("Due", "The day by which it is to be done.", step="State", listed=True)
    status: str | None = choice(
        "change_status",
        "Status",
        "How far it has come.",
        step="State",
        required=True,
        default="proposed",
        listed=True,
    )
    status_date: str | None = day("Status since", "The day of the latest change of status.", step="State")
    reason: str | None = text(
        "Reason",
        "Why it was declined. It is printed beside the change.",
        step="State",
        only_if=("status", ("declined",)),
    )
