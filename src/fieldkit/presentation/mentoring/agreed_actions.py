"""The actions of a mentorship: records of their own, and lines in the sessions of earlier kits.

A line of a session's `next_actions` is an action too. Once somebody answers it, a record with the same session and the same
(folded) text holds its state. Two laptops may both have made that record: the latest state counts for all of them, so the
order of merging does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fieldkit.spelling import folded
from fieldkit.store.kit import Kit

OPEN, DONE, DROPPED = "open", "done", "dropped"
_BULLETS = "-–—•*· \t"


@dataclass(frozen=True)
class AgreedAction:
    """One action. `agreed` and `closed` are YYYY-MM-DD, "" if not known; `records` are the ids that hold its state."""

    key: str
    mentorship: str
    what: str
    state: str = OPEN
    agreed: str = ""
    closed: str = ""
    session: str = ""
    records: tuple[str, ...] = ()


def lines_of_text(text: str) -> list[str]:
    """The actions in a text, one per line, without list bullets."""
    lines = (line.strip(_BULLETS) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def actions_of(kit: Kit, mentorship_id: str = "") -> dict[str, list[AgreedAction]]:
    """Mentorship -> its actions, the earliest agreed first; of one mentorship or of all."""
    where = {"mentorship": mentorship_id} if mentorship_id else None
    records = kit.columns(
        "action",
        ("record_id", "updated", "mentorship", "session", "what", "state", "agreed", "closed"),
        where=where,
    )
    sessions = kit.columns("session", ("record_id", "mentorship", "date", "next_actions"), where=where)
    by_mentorship: dict[str, list[AgreedAction]] = {}
    for action in _without_doubles(records, sessions):
        by_mentorship.setdefault(action.mentorship, []).append(action)
    for actions in by_mentorship.values():
        actions.sort(key=lambda action: (action.agreed, folded(action.what), action.key))
    return by_mentorship


def open_actions(actions: Iterable[AgreedAction]) -> list[AgreedAction]:
    """The actions that are neither done nor dropped."""
    return [action for action in actions if action.state == OPEN]


def _without_doubles(
    records: Iterable[tuple[Any, ...]], sessions: Iterable[tuple[Any, ...]]
) -> Iterable[AgreedAction]:
    """Records and lines of sessions, with each action once."""
    latest: dict[str, tuple[tuple[int, str], AgreedAction]] = {}
    ids: dict[str, list[str]] = {}
    for record_id, updated, mentorship, session, what, state, agreed, closed in records:
        key = _key(session, what) if session else str(record_id)
        ids.setdefault(key, []).append(str(record_id))
        action = AgreedAction(
            key,
            str(mentorship or ""),
            str(what or ""),
            str(state or OPEN),
            str(agreed or ""),
            str(closed or ""),
            str(session or ""),
        )
        age = (int(updated), str(record_id))
        if key not in latest or age > latest[key][0]:
            latest[key] = (age, action)
    for session, mentorship, date, text in sessions:
        for line in lines_of_text(str(text or "")):
            key = _key(session, line)
            if key not in latest:
                action = AgreedAction(
                    key, str(mentorship or ""), line, agreed=str(date or ""), session=str(session)
                )
                latest[key] = ((0, ""), action)
    for key, (_, action) in latest.items():
        yield AgreedAction(**{**vars(action), "records": tuple(sorted(ids.get(key, ())))})


def _key(session: object, what: object) -> str:
    return "a" + sha256(f"{session}\n{folded(str(what or ''))}".encode()).hexdigest()[:16]


def record_of(action: AgreedAction, state: str, closed: str) -> Mapping[str, Any]:
    """The values of a new record for the state of a line that had no record before."""
    return {
        "mentorship": action.mentorship,
        "session": action.session,
        "what": action.what[:500],
        "agreed": action.agreed or None,
        "state": state,
        "closed": closed,
    }


def close(kit: Kit, action: AgreedAction, state: str, day: str) -> None:
    """Mark an action as done or dropped on `day` (YYYY-MM-DD), in every record that holds its state."""
    for record_id in action.records:
        kit.edit(kit.get(record_id, "action"), {"state": state, "closed": day})
    if not action.records:
        kit.add("action", {name: value for name, value in record_of(action, state, day).items() if value})
