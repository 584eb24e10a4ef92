"""The other records of a person, and when records were joined or parted, for the person's page and history."""

from __future__ import annotations

from typing import NamedTuple

from fieldkit.presentation.people.person_joins import SAME
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.record_ids import short_id


class JoinStep(NamedTuple):
    """One decision on a record and another: `title` says which decision, `name` is the other record's."""

    stamp: int
    origin: str
    ref: str
    title: str
    name: str
    current: bool


def other_records(kit: Kit, person_id: str) -> list[tuple[str, str]]:
    """(title, words) of each record that belongs to the same person as this one."""
    records = [each for each in kit.same_people().records_of(person_id) if each != person_id]
    held = kit.many("person", records, apart=True)
    kept = kit.same_people().kept_of(person_id)
    return [
        (
            "Kept record" if each == kept else "Joined record",
            f"{held[each].values.get('name', '')} ({short_id(each)})",
        )
        for each in records
        if each in held and not held[each].deleted
    ]


def join_steps(kit: Kit, person_id: str) -> list[JoinStep]:
    """Every decision on this record and another, the oldest first."""
    pairs = [
        (record, str(record.values.get(other) or ""))
        for field, other in (("one", "other"), ("other", "one"))
        for deleted in (False, True)
        for record in kit.page("same_person", 0, 1_000, where={field: person_id}, deleted=deleted)
    ]
    held = kit.many("person", {other for _, other in pairs}, apart=True)
    steps = []
    for record, other in pairs:
        name = str(held[other].values.get("name", "")) if other in held else "a record that is not here"
        for step in kit.history(record.record_id, "same_person"):
            if "deleted" in step.fields:
                title = "Join undone with" if step.fields["deleted"] else "Join restored with"
                current = "deleted" in step.current
            elif "decision" in step.fields:
                title = "Joined with" if step.fields["decision"] == SAME else "Parted from"
                current = "decision" in step.current
            else:
                continue
            steps.append(JoinStep(step.stamp, step.origin, step.ref, title, name, current))
    return sorted(steps)
