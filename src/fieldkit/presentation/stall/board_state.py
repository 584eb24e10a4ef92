"""Everything that the stall board shows about its event, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldkit.presentation.event_figures import feedback_at
from fieldkit.presentation.exchange.unsent_changes import unsent_changes
from fieldkit.presentation.last_receipt_code import last_code
from fieldkit.presentation.name_consent import NameConsent, name_consent
from fieldkit.presentation.stall.check_in import UNKNOWN, arrivals
from fieldkit.presentation.stall.event_day import day_in_words, events_of, is_under_way
from fieldkit.presentation.stall.head_count_groups import Group, counted_groups, counted_in_all
from fieldkit.presentation.stall.known_people import line_of_person
from fieldkit.presentation.stall.undo_stack import Step, UndoStack
from fieldkit.records.label import IN_LIST, describe
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.location import last_written
from fieldkit.sync.network.roster import Roster

LATEST = 40
_MOST_FEEDBACK = 200


@dataclass(frozen=True)
class State:
    """Who is at the event, as far as this laptop knows, and what has not been sent."""

    event_id: str
    event: str
    values: Mapping[str, Any]
    """The answers about the event."""
    others_today: Sequence[tuple[str, str]]
    """Other events on the day on which this was read: (id, line)."""
    arrivals: Mapping[str, str]
    """Everybody checked in by name: id -> time."""
    counted: int
    groups: Sequence[Group]
    latest: Sequence[tuple[str, str]]
    """(time, person), the latest first."""
    feedback: int
    unsent: int | None
    """Changes that are in no bundle yet; None on a coordinator's laptop."""
    drafts: int
    saved: int
    """When this laptop last stored something, in milliseconds since 1970; 0 for never."""
    consent: NameConsent
    """What a new person is asked, and what their yes stores."""
    code: str
    """The receipt code of the latest new person, until the next entry begins; "" for none."""
    code_for: str

    def is_under_way(self, now: datetime) -> bool:
        """Whether the event is under way, so that the clock gives arrival times. If not, the board asks for the time."""
        return is_under_way(self.values, now)

    def today(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Other events of today, if this one is of another day: (id, line)."""
        return () if self.is_under_way(now) else self.others_today

    def time_of_day(self, now: datetime) -> str:
        """The time to store for what happens now; "" at an event of another day, since the clock can't tell."""
        return f"{now:%H:%M}" if self.is_under_way(now) else ""

    def another_day(self, now: datetime) -> str:
        """A clause on the other day that the event is on; "" while it is under way."""
        if self.is_under_way(now):
            return ""
        verb = "is" if str(self.values["date"]) > now.date().isoformat() else "was"
        return f"This event {verb} on {day_in_words(self.values)}"

    @property
    def named(self) -> int:
        """How many people were checked in by name."""
        return len(self.arrivals)


def state(kit: Kit, me: Identity) -> State | None:
    """Everything on the board; None while no event is chosen."""
    event_id = kit.settings.get(EVENT)
    event = kit.many("event", [event_id]).get(event_id)
    if event is None or event.deleted:
        return None
    now = datetime.now()
    terms = kit.terms()
    groups = counted_groups(kit, event_id, me.origin)
    code, code_for = _code_of_a_person(kit)
    return State(
        event_id,
        describe(kind("event"), event.values, terms, longest=IN_LIST),
        event.values,
        [
            (each.record_id, describe(kind("event"), each.values, terms))
            for each in events_of(kit, now.date())
            if each.record_id != event_id
        ],
        arrivals(kit, event_id),
        counted_in_all((group.code, group.mine, group.others) for group in groups),
        groups,
        _latest(kit, event_id),
        feedback_at(kit, event_id),
        unsent_changes(kit, Roster(kit, me)),
        0 if kit.written_by else len(kit.drafts.all()),
        last_written(kit),
        name_consent(kit),
        code,
        code_for,
    )


def _latest(kit: Kit, event_id: str) -> list[tuple[str, str]]:
    recent = kit.page("attendance", 0, LATEST, where={"event": event_id, "attendee_group": None})
    people = kit.many("person", [str(each.values.get("person", "")) for each in recent])
    lines = []
    for each in recent:
        person = people.get(str(each.values.get("person", "")))
        line = line_of_person(person.values) if person is not None else UNKNOWN
        lines.append((str(each.values.get("arrived", "")), line))
    return lines


def _code_of_a_person(kit: Kit) -> tuple[str, str]:
    last = last_code(kit)
    if last is None or last.kind != "person":
        return "", ""
    person = kit.get(last.record_id, last.kind)
    # The time distinguishes two people with similar names.
    return (
        last.code,
        f"{line_of_person(person.values)}, {datetime.fromtimestamp(person.created / 1000):%H:%M}",
    )


def new_feedback(kit: Kit, origin: str, event_id: str, stack: UndoStack) -> list[Step]:
    """A step for each feedback that this laptop took at the event since `stack` began, unless it is a step already.

    The words give only the time: the person who gave the feedback may be standing in front of the screen.
    """
    steps = []
    for record in kit.page("feedback", 0, _MOST_FEEDBACK, where={"event": event_id}):
        if record.created < stack.since:
            break
        if record.origin == origin and record.record_id not in stack.noted:
            stored = kit.get(record.record_id, record.kind)
            at = datetime.fromtimestamp(record.created / 1000)
            steps.append(Step(f"feedback taken {at:%H:%M}", stored.everything, (stored,)))
    return steps[::-1]
