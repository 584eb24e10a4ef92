"""The person, or one record of a person, that somebody names: by a name in any spelling, or by an id."""

from __future__ import annotations

from fieldkit.errors import Misuse, NotFound
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.record_ids import short_id
from fieldkit.store.record_finder import RecordFinder
from fieldkit.text import capitalised


def person_named(kit: Kit, typed: str) -> str:
    """The id of the record that is shown for a person.

    Raises:
        NotFound: nobody has that name, or several people do.
    """
    try:
        return RecordFinder(kit).find("person", typed)
    except ValueError as error:
        raise NotFound(capitalised(str(error)), kept="Nothing was changed.") from None


def records_named(kit: Kit, typed: str, other: str = "") -> tuple[str, str]:
    """Two records of a joined person: the one shown and the one that `other` names; if there are only two, both.

    Raises:
        NotFound: nobody has that name.
        Misuse: the person has one record, or `other` does not say which.
    """
    people, person = kit.same_people(), person_named(kit, typed)
    records = people.records_of(person)
    if len(records) == 1:
        raise Misuse("That person has one record: there is nothing to part.", kept="Nothing was changed.")
    held = kit.many("person", records, apart=True)
    asked = folded(other)
    named = [
        each
        for each in records[1:]
        if not asked
        or each.endswith(asked)
        or each.startswith(asked)
        or (each in held and folded(str(held[each].values.get("name", ""))) == asked)
    ]
    if len(named) != 1:
        listed = "; ".join(
            f"{held[each].values.get('name', '')} ({short_id(each)})" for each in records[1:] if each in held
        )
        raise Misuse(
            f"The person has {len(records)} records.",
            kept="Nothing was changed.",
            hint=f"Say which to part: {listed}",
        )
    return person, named[0]
