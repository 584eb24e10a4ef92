"""The demonstration: a temporary kit with the framework's own events and partners, and real comments."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fieldkit.demo import content
from fieldkit.demo.comments import Comment, comments
from fieldkit.demo.cycles import make_cycles
from fieldkit.leftover_files import throwaway_folder
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit, Progress, Stored, no_progress
from fieldkit.store.local.drafts import Draft
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.setup import create_network, join, trust

_SEED = 2011
_STEPS = 6
#: The number of comments in the bundle of a laptop that is not trusted yet.
_WAITING = 20


def build(folder: Path, on_progress: Progress = no_progress) -> Kit:
    """Make the demonstration in `folder`: a kit without a passphrase, with the same content every time.

    It has one unfinished entry, one conflict and one file in quarantine, so that every screen has something to show.

    Raises:
        Misuse: `folder` holds a kit already.
        StorageError: the disk refuses.
    """
    kit, _ = Kit.create(folder, None)
    try:
        _fill(kit, on_progress)
    except BaseException:
        kit.close()
        raise
    return kit


def _fill(kit: Kit, on_progress: Progress) -> None:
    chance = random.Random(_SEED)
    me = create_network(kit, content.NETWORK)
    on_progress(0, _STEPS, "partners and events")
    kit.add_many("term", content.TERMS)
    events = _events(kit)
    on_progress(1, _STEPS, "people and mentoring")
    _people(kit, events, chance)
    on_progress(2, _STEPS, "real comments")
    recorded = comments()
    on_stick = [comment for comment in recorded if comment.service in {"111", "PTS - Patient Transport"}]
    in_car = [comment for comment in recorded if comment.service == "See and Convey"]
    here = [comment for comment in recorded if comment not in on_stick and comment not in in_car]
    unfinished = here.pop()
    kit.add_many("feedback", [comment.values for comment in [*here, *in_car[_WAITING:]]])
    _leave_unfinished(kit, unfinished)
    on_progress(3, _STEPS, "cycles")
    make_cycles(kit, date.today())
    on_progress(4, _STEPS, "a second laptop")
    with throwaway_folder() as scratch:
        _other_laptops(kit, me, scratch, events, on_stick, in_car[:_WAITING])
    on_progress(_STEPS, _STEPS, "ready")


def _events(kit: Kit) -> list[Stored]:
    partners = {
        partner.values["name"]: partner.record_id for partner in kit.add_many("partner", content.PARTNERS)
    }
    return kit.add_many(
        "event", [{**event, "partner": partners.get(event.get("partner", ""))} for event in content.EVENTS]
    )


def _people(kit: Kit, events: Sequence[Stored], chance: random.Random) -> None:
    mentors = kit.add_many("person", content.MENTORS)
    mentees = kit.add_many("person", content.MENTEES)
    guests = kit.add_many("person", [*content.VOLUNTEERS, *content.CHAMPIONS])
    kit.add_many("attendance", _attendance(events, [*guests, *mentees], chance))
    pairs = kit.add_many(
        "mentorship",
        [
            {
                "mentor": mentor.record_id,
                "mentee": mentee.record_id,
                "level": level,
                "status": "active",
                "start_date": "2011-06-20",
                "goals": goals,
                "code_of_conduct": "Y",
                "code_date": "2011-06-20",
            }
            for mentor, mentee, level, goals in zip(
                mentors, mentees, content.LEVELS, content.GOALS, strict=True
            )
        ],
    )
    rows = [session for number, pair in enumerate(pairs) for session in _sessions(number, pair, chance)]
    _agree_actions(kit, kit.add_many("session", rows))


def _attendance(
    events: Sequence[Stored], guests: Sequence[Stored], chance: random.Random
) -> list[dict[str, Any]]:
    """Head counts and a few named people for every event with a date, all made up."""
    groups = [code for code in code_list("attendee_group").codes if code not in {"all", "other", "under-16"}]
    rows: list[dict[str, Any]] = []
    for event in events:
        if "date" not in event.values:
            continue
        most = 30 if event.values["event_kind"] == "health-fair" else 12
        for group in chance.sample(groups, 4):
            rows.append(
                {
                    "event": event.record_id,
                    "attendee_group": group,
                    "head_count": chance.randint(3, most),
                    "arrived": "11:30",
                    "reference": "Example",
                }
            )
        for guest in chance.sample(list(guests), chance.randint(3, 8)):
            arrived = f"{chance.randint(10, 11)}:{chance.randint(0, 59):02}"
            rows.append(
                {
                    "event": event.record_id,
                    "person": guest.record_id,
                    "arrived": arrived,
                    "reference": "Example",
                }
            )
    return rows


def _sessions(number: int, pair: Stored, chance: random.Random) -> list[dict[str, Any]]:
    """One meeting every four weeks; the ratings move from the first to the last, not quite steadily."""
    first, last = content.RATINGS[number]
    meetings = len(content.TOPICS)
    day = date(2011, 6, 20) + timedelta(days=2 * number)
    rows = []
    for meeting, (topics, _, stages) in enumerate(content.TOPICS):
        ratings = [
            round(start + (end - start) * meeting / (meetings - 1))
            + (chance.choice((-1, 0, 0, 1)) if 0 < meeting < 5 else 0)
            for start, end in zip(first, last, strict=True)
        ]
        after = day + timedelta(weeks=4)
        rows.append(
            {
                "mentorship": pair.record_id,
                "date": day.isoformat(),
                "minutes": chance.choice((40, 45, 50, 60)),
                "mode": content.MODES[(meeting + number) % len(content.MODES)],
                **dict(zip(("confidence", "knowledge", "skills"), ratings, strict=True)),
                "topics": topics,
                "grow": stages,
                "next_date": after.isoformat() if meeting < meetings - 1 else None,
            }
        )
        day = after
    return rows


def _agree_actions(kit: Kit, sessions: Sequence[Stored]) -> None:
    """Store one action for each session, done by the next; those of the first and last session stay open."""
    meetings = len(content.TOPICS)
    rows = []
    for number, session in enumerate(sessions):
        meeting = number % meetings
        is_open = meeting in {0, meetings - 1}
        rows.append(
            {
                "mentorship": session.values["mentorship"],
                "session": session.record_id,
                "what": content.TOPICS[meeting][1],
                "agreed": session.values["date"],
                "state": "open" if is_open else "done",
                "closed": None if is_open else sessions[number + 1].values["date"],
            }
        )
    kit.add_many("action", rows)


def _leave_unfinished(kit: Kit, comment: Comment) -> None:
    asked = ("service_area", "provider", "date", "rating")
    kit.drafts.keep(
        Draft(
            "", "feedback", {name: comment.values[name] for name in asked if comment.values.get(name)}, step=1
        )
    )


def _other_laptops(
    kit: Kit,
    me: Identity,
    scratch: Path,
    events: Sequence[Stored],
    recorded: Sequence[Comment],
    waiting: Sequence[Comment],
) -> None:
    """Merge bundles of a trusted laptop, in conflict with this one over an event, and of a laptop not known yet."""
    invitation = invite(kit, me, scratch)
    fair = next(event for event in events if event.values.get("date") == content.CONFLICT_AT)
    ours, theirs = content.CONFLICT_NOTES
    kit.edit(fair, {"notes": ours})
    for name, feedback, note in (("Example laptop 2", recorded, theirs), ("Example laptop 3", waiting, "")):
        other, _ = Kit.create(scratch / name, None)
        with other:
            they = join(other, invitation, name)
            other.add_many("feedback", [comment.values for comment in feedback])
            if note:
                other.edit(other.get(fair.record_id), {"notes": note})
            bundle = export(other, they, scratch)[0].path
        if note:
            trust(kit, me, they.key.public.ssh_line(), name=name)
        merge(kit, me, [bundle])
