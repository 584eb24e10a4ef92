"""What distinguishes the people in a list from all others whose line is the same, also where records name them by links."""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.presentation.people.details_apart import details_apart
from fieldkit.presentation.record_names import lines_of
from fieldkit.records.schema.kind import kinds
from fieldkit.records.schema.parse import Terms
from fieldkit.store.kit import Kit, Stored

_PERSON = "person"


def people_apart(kit: Kit, records: Iterable[Stored], terms: Terms) -> dict[str, str]:
    """Person id -> the details in which they differ from everybody of their line, for the people of `records`, or whom
    these name. For a thread.
    """
    named, linked = [], set[str]()
    for record in records:
        if record.kind == _PERSON:
            named.append(record)
        elif kind := kinds().get(record.kind):
            links = [name for name in kind.label if kind.fields[name].link == _PERSON]
            linked.update(str(record.values[name]) for name in links if record.values.get(name))
    named += kit.many(_PERSON, linked).values()
    groups: dict[str, list[str]] = {}
    for name in {str(person.values.get("name") or "") for person in named} - {""}:
        for person_id, line in lines_of(kit, kit.alike(_PERSON, name), terms).items():
            groups.setdefault(line.casefold(), []).append(person_id)
    several = [group for group in groups.values() if len(group) > 1]
    return {
        person_id: details for group in details_apart(kit, several) for person_id, details in group.items()
    }
