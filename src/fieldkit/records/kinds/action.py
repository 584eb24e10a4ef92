"""Actions agreed in mentoring: each is a separate record and stays until it is done or dropped."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, day, line, link
from fieldkit.records.schema.kind import Kind, Record, register

ACTION = Kind(
    "action",
    "Mentoring action",
    "mentoring actions",
    "What a mentor and a mentee agreed to do. It stays on their list until it is done or dropped.",
    says_where=True,
    label=("what", "mentorship"),
)


@register(ACTION)
class Action(Record, table=True):
    """One action of a mentor or a mentee."""

    mentorship: str | None = link(
        "mentorship", "Mentor and mentee", "Which pair agreed it.", required=True, listed=True
    )
    what: str | None = line(
        "Action",
        "Who does what, in words that may be shared.",
        required=True,
        listed=True,
        length=500,
    )
    state: str | None = choice("action_state", "State", "Is it done?", default="open", listed=True)
    agreed: str | None = day("Agreed", "The day on which they agreed it.", listed=True)
    closed: str | None = day("Closed", "The day on which it was done or dropped.", listed=True)
    session: str | None = link("session", "Mentoring session", "The session in which they agreed it.")
