"""Checking people in at one event by name: who is here, who is new, and whom they look like. Call it in threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fieldkit.errors import FieldkitError
from fieldkit.presentation.people.person_joins import answer
from fieldkit.presentation.saving import store_linked
from fieldkit.presentation.stall.known_people import line_of_person
from fieldkit.presentation.stall.undo_stack import Step
from fieldkit.records.schema.kind import Values, kind
from fieldkit.records.schema.parse import parse
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity

UNKNOWN = "a person not known here yet"


@dataclass(frozen=True)
class CheckedIn:
    """The result of checking in. `again`: the person was here already; nothing was stored, so there is no step.

    `code` is the receipt code of a new person, "" for others.
    """

    line: str
    at: str
    again: bool = False
    step: Step | None = None
    code: str = ""


def arrivals(kit: Kit, event_id: str) -> dict[str, str]:
    """Everybody checked in by name at an event, on any laptop: id -> time, "" if not known."""
    rows = kit.columns("attendance", ("person", "arrived"), where={"event": event_id})
    times: dict[str, str] = {}
    for person, at in rows:
        if person and not times.get(person):
            times[person] = at or ""
    return times


def time_of(typed: str) -> str:
    """A time of day as people type it; "" if nothing is typed. 1015, 10.15 and 10:15 are `10:15`.

    Raises:
        FieldkitError: it is not a time.
    """
    try:
        return str(parse(kind("attendance").fields["arrived"], typed) or "") if typed.strip() else ""
    except ValueError as error:
        raise FieldkitError(str(error)) from None


def check_in(kit: Kit, event_id: str, person_id: str, at: str) -> CheckedIn:
    """Check in a person who came at `at` ("" if not known), unless they are here already."""
    person = kit.many("person", [person_id]).get(person_id)
    line = line_of_person(person.values) if person is not None else UNKNOWN
    before = kit.page("attendance", 0, 1, where={"person": person_id, "event": event_id})
    if before:
        return CheckedIn(line, str(before[0].values.get("arrived", "")), again=True)
    stored = kit.add("attendance", {"event": event_id, "person": person_id, "arrived": at or None})
    return CheckedIn(line, at, step=Step(_checked_in(line, at), stored.everything, (stored,), whom=line))


def check_in_new(kit: Kit, event_id: str, typed: str, consent: Values, at: str) -> CheckedIn:
    """Make a person from one line, `name` or `name, organisation`, and check them in: both are stored or neither.

    `consent` is what they were asked and answered (`NameConsent.values`, once they said yes).

    Raises:
        FieldkitError: no name was typed.
        InvalidRecord: there is no yes in `consent`; nothing is stored.
    """
    name, _, organisation = (part.strip() for part in typed.partition(","))
    if not name:
        raise FieldkitError("A name is needed.", hint="Type it, or count the person without a name.")
    values = {"name": name, **({"organisation": organisation} if organisation else {}), **consent}
    here = {"event": event_id, "arrived": at or None}
    stored, code = store_linked(
        kit, kind("person"), values, lambda person: [("attendance", {**here, "person": person})]
    )
    line = line_of_person(stored[0].values)
    refs = tuple(ref for record in stored for ref in record.everything)
    step = Step(_checked_in(f"{line}, a new person,", at), refs, tuple(reversed(stored)), whom=line)
    return CheckedIn(line, at, step=step, code=code)


def answer_look_alikes(
    kit: Kit, me: Identity, done: CheckedIn, look_alikes: Sequence[str], given: str
) -> CheckedIn:
    """Record that the new person is `different` from these known people (ids), or that nobody is sure (`not_sure`).

    Unsure pairs are listed for the coordinator. The answers belong to the step that checked the person in.
    """
    step = done.step
    if step is None:
        return done
    person = next(record.record_id for record in step.created if record.kind == "person")
    for known in look_alikes:
        answered = answer(kit, me, person, known, given)
        record = kit.get(answered.record_id, "same_person")
        step = replace(step, refs=(*step.refs, *answered.refs), created=(record, *step.created))
    return replace(done, step=step)


def _checked_in(line: str, at: str) -> str:
    return f"{line} checked in {at}".rstrip()
