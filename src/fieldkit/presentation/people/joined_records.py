"""The other records of a person, and when two were joined or parted, for the person's page and history."""

from __future__ import annotations

from fieldkit.presentation.people.joining import SAME
from fieldkit.store.kit import Kit


def other_records(kit: Kit, person_id: str) -> list[tuple[str, str]]:
    """(title, words) of each record that is one person with this one."""
    records = [each for each in kit.same_people().records_of(person_id) if each != person_id]
    held = kit.many("person", records, apart=True)
    kept = kit.same_people().kept_of(person_id)
    return [
        (
            "Kept record" if each == kept else "Joined record",
            f"{held[each].values.get('name', '')} ({each[-8:]})",
        )
        for each in records
        if each in held and not held[each].deleted
    ]


def join_steps(kit: Kit, person_id: str) -> list[tuple[int, str, str]]:
    """(stamp, origin, words) of every decision on this record and another, the oldest first."""
    pairs = [
        (record, str(record.values.get(other) or ""))
        for field, other in (("one", "other"), ("other", "one"))
        for record in kit.page("same_person", 0, 1_000, where={field: person_id})
    ]
    held = kit.many("person", {other for _, other in pairs}, apart=True)
    steps = []
    for record, other in pairs:
        name = str(held[other].values.get("name", "")) if other in held else "a record that is not here"
        for step in kit.history(record.record_id, "same_person"):
            if "deleted" in step.fields:
                words = "join with {} undone" if step.fields["deleted"] else "join with {} restored"
            elif "decision" in step.fields:
                words = "joined with {}" if step.fields["decision"] == SAME else "parted from {}"
            else:
                continue
            steps.append((step.stamp, step.origin, words.format(name)))
    return sorted(steps)
