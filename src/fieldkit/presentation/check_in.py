"""Checking in and counting heads at one event: what the attendance screen does in threads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fieldkit.errors import FieldkitError
from fieldkit.presentation.check_in_undo import Step
from fieldkit.presentation.event_figures import event_figures, head_counts
from fieldkit.presentation.name_consent import NameConsent, name_consent
from fieldkit.presentation.saving import store_new
from fieldkit.records.head_counts import EVERYBODY, HeadCount, heads_of
from fieldkit.records.label import describe
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.kind import Values, kind
from fieldkit.spelling import folded_words
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.setting import EVENT

MOST_MATCHES = 8
LATEST = 5
_MOST_FOUND = 100
_MOST = 20_000
_OTHERS = "other"
"""The group of those who are in none of the groups named."""


@dataclass(frozen=True)
class Match:
    """A person who fits the letters; `since` is when they were checked in here ("" if they were not)."""

    person_id: str
    line: str
    here: bool
    since: str
    same: bool = False
    """Whether the name typed is this person's, in whatever spelling."""


@dataclass(frozen=True)
class Group:
    """A group that is counted: `mine` on this laptop, `others` the greatest count of another laptop.

    The two are not added: both may have counted the same people. The greater counts.
    """

    code: str
    label: str
    mine: int
    others: int


@dataclass(frozen=True)
class State:
    """Who is at the event, as far as this laptop knows."""

    event_id: str
    event: str
    named: int
    counted: int
    groups: Sequence[Group]
    latest: Sequence[tuple[str, str]]
    """(time, person), the latest first."""
    consent: NameConsent
    """What a new person is asked, and what their yes stores."""


@dataclass(frozen=True)
class CheckedIn:
    """What checking in did. `again`: the person was here already, and nothing was stored, so there is no step.

    `code` is the receipt code of a new person, "" for others.
    """

    line: str
    at: str
    again: bool = False
    step: Step | None = None
    code: str = ""


def state(kit: Kit, origin: str) -> State | None:
    """Everything on the screen; None while no event is chosen."""
    event_id = kit.settings.get(EVENT)
    event = kit.many("event", [event_id]).get(event_id)
    if event is None or event.deleted:
        return None
    terms = kit.terms()
    here = {"event": event_id}
    figures = event_figures(kit, event_id)
    recent = kit.page("attendance", 0, LATEST, where={**here, "attendee_group": None})
    people = kit.many("person", [str(one.values.get("person", "")) for one in recent])
    latest = [
        (str(one.values.get("arrived", "")), _name(people.get(str(one.values.get("person", "")))))
        for one in recent
    ]
    return State(
        event_id,
        describe(kind("event"), event.values, terms),
        figures.people,
        figures.heads.total,
        counted_groups(kit, event_id, origin),
        latest,
        name_consent(kit),
    )


def counted_groups(kit: Kit, event_id: str, origin: str) -> list[Group]:
    """Every group that is counted at events, with the heads at this one."""
    counts: dict[str, dict[str, list[HeadCount]]] = {}
    for count in head_counts(kit, event_id):
        counts.setdefault(count.group, {}).setdefault(count.laptop, []).append(count)
    known = {entry.code: entry.label for entry in code_list("attendee_group").entries}
    known |= kit.terms().get("attendee_group", {})
    labels = known | {code: code for code in counts if code not in known}
    groups = []
    for code, label in labels.items():
        heads = {laptop: heads_of(own).total for laptop, own in counts.get(code, {}).items()}
        mine = heads.pop(origin, 0)
        groups.append(Group(code, label, mine, max(heads.values(), default=0)))
    return groups


def counted_in_all(counts: Iterable[tuple[str, int, int]]) -> int:
    """How many people were counted at an event, from each group's (code, this laptop's count, the greatest other)."""
    return heads_of(HeadCount(code, max(mine, others), "") for code, mine, others in counts).total


def _name(person: Stored | None) -> str:
    return str(person.values.get("name", "")) if person is not None else "somebody not known here yet"


def matches(kit: Kit, event_id: str, typed: str) -> list[Match]:
    """People who fit what was typed, in whatever spelling: who is called so first. Those already here are marked."""
    same = {person.record_id: person for person in kit.alike("person", _name_in(typed))}
    people = same | {person.record_id: person for person in kit.page("person", 0, _MOST_FOUND, text=typed)}
    ordered = sorted(
        people.values(), key=lambda person: (person.record_id not in same, not _begins(person, typed))
    )
    found = []
    for person in ordered[:MOST_MATCHES]:
        organisation = person.values.get("organisation", "")
        line = " · ".join(str(part) for part in (person.values.get("name", ""), organisation) if part)
        before = _arrival(kit, event_id, person.record_id)
        found.append(
            Match(
                person.record_id,
                line,
                before is not None,
                str(before.values.get("arrived", "")) if before else "",
                person.record_id in same,
            )
        )
    return found


def _name_in(typed: str) -> str:
    """The name in a line of `name` or `name, organisation`."""
    return typed.partition(",")[0].strip()


def _begins(person: Stored, typed: str) -> bool:
    """Whether a word of the name begins with what was typed first: those people come first."""
    first, _, _ = folded_words(typed).partition(" ")
    return any(word.startswith(first) for word in folded_words(str(person.values.get("name", ""))).split())


def _arrival(kit: Kit, event_id: str, person_id: str) -> Stored | None:
    found = kit.page("attendance", 0, 1, where={"person": person_id, "event": event_id})
    return found[0] if found else None


def check_in(kit: Kit, event_id: str, person_id: str) -> CheckedIn:
    """Check a person in, unless they are here already."""
    person = kit.many("person", [person_id]).get(person_id)
    line = _name(person)
    if (before := _arrival(kit, event_id, person_id)) is not None:
        return CheckedIn(line, str(before.values.get("arrived", "")), again=True)
    now = _now()
    stored = kit.add("attendance", {"event": event_id, "person": person_id, "arrived": now})
    return CheckedIn(line, now, step=Step(f"{line} checked in {now}", stored.everything, (stored,)))


def check_in_new(kit: Kit, event_id: str, typed: str, consent: Values) -> CheckedIn:
    """Make a person from one line, `name` or `name, organisation`, and check them in.

    `consent` is what they were asked and answered (`NameConsent.values`, once they said yes).

    Raises:
        FieldkitError: no name was typed.
        InvalidRecord: there is no yes in `consent`; nothing is stored.
    """
    name, _, organisation = (part.strip() for part in typed.partition(","))
    if not name:
        raise FieldkitError("A name is needed.", hint="Type it, or count the person without a name.")
    values = {"name": name, **({"organisation": organisation} if organisation else {}), **consent}
    person, code = store_new(kit, kind("person"), values)
    done = replace(check_in(kit, event_id, person.record_id), code=code)
    if done.step is None:
        return done
    what = f"{done.line}, a new person, checked in {done.at}"
    return replace(done, step=Step(what, (*person.everything, *done.step.refs), (*done.step.created, person)))


def count_heads(kit: Kit, origin: str, event_id: str, group: str, heads: int, what: str = "") -> Step | None:
    """Make `heads` this laptop's count of a group at the event; None where it was that already. `what` are words for the step."""
    own = [
        one
        for one in kit.page("attendance", 0, _MOST, where={"event": event_id, "attendee_group": group})
        if one.origin == origin
    ]
    before, now = heads_of(map(_counted, own)).total, _now()
    if heads == before:
        return None
    step = Step(f"{what}, {now}" if what else _count_in_words(kit, group, before, heads, now), ())
    if not own:
        values = {"event": event_id, "attendee_group": group, "head_count": heads, "arrived": now}
        stored = kit.add("attendance", values)
        return replace(step, refs=stored.everything, created=(stored,))
    # Entries made elsewhere on this laptop (a form, an import) keep their figures; the first takes the
    # difference.
    rest = heads_of(map(_counted, own[1:])).total
    changed = kit.edit(kit.get(own[0].record_id, own[0].kind), {"head_count": max(0, heads - rest)})
    return replace(step, refs=tuple(changed.heads.get("head_count", ())))


def count_unnamed(kit: Kit, origin: str, event_id: str) -> Step | None:
    """Count one person more who gives no name: among everybody, or among the others where groups alone are counted.

    Everybody is the whole, so it becomes one more than all that was counted up to now.
    """
    mine = {group.code: group.mine for group in counted_groups(kit, event_id, origin)}
    everybody = mine.pop(EVERYBODY, 0)
    parts = sum(mine.values())
    what = "1 person counted without a name"
    if parts and not everybody:
        return count_heads(kit, origin, event_id, _OTHERS, mine.get(_OTHERS, 0) + 1, what)
    return count_heads(kit, origin, event_id, EVERYBODY, max(everybody, parts) + 1, what)


def _counted(count: Stored) -> HeadCount:
    values = count.values
    return HeadCount(
        str(values.get("attendee_group") or EVERYBODY),
        int(values.get("head_count", 0)),
        count.origin,
        values.get("reference"),
    )


def _count_in_words(kit: Kit, group: str, before: int, heads: int, now: str) -> str:
    known = code_list("attendee_group")
    label = (
        known.label(group)
        if group in known.codes
        else kit.terms().get("attendee_group", {}).get(group, group)
    )
    if before or heads == 1:
        return f"{label} {before:,} → {heads:,}, {now}"
    return f"{heads:,} {'in all' if group == EVERYBODY else label} counted {now}"


def _now() -> str:
    return datetime.now().strftime("%H:%M")
