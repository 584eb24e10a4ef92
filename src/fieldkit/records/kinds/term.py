"""Terms: answers that a network adds to an open list."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, line
from fieldkit.records.schema.kind import Kind, Record, register

TERM = Kind(
    "term",
    "Term",
    "terms",
    "An answer that this network adds to an open list, such as a service or a kind of event.",
    network=True,
    label=("label", "list_name"),
)


@register(TERM)
class Term(Record, table=True):
    """One added answer. `code` is what records then hold, `label` what screens show."""

    list_name: str | None = choice("open_list", "List", "The list that it joins.", required=True, listed=True)
    label: str | None = line(
        "Words", "What people choose on the screen.", length=80, required=True, listed=True
    )
    code: str | None = line(
        "Code",
        "A short word for files, such as eye-clinic. It stays as it is once used.",
        length=80,
        required=True,
        listed=True,
    )
