"""A mentee's confidence, knowledge and skills, session by session."""

from __future__ import annotations

from typing import NamedTuple

from fieldkit.store.kit import Kit


class Ratings(NamedTuple):
    """The ratings of one session, each 0 to 10; None if it was not asked."""

    date: str
    """YYYY-MM-DD."""
    confidence: int | None
    knowledge: int | None
    skills: int | None


def ratings_over_time(kit: Kit, mentorship_id: str) -> list[Ratings]:
    """The ratings of a mentorship's live sessions, the earliest first; those without any rating are left out.

    An unknown id gives an empty list: a session may have arrived before its mentorship.
    """
    where = {"mentorship": mentorship_id}
    sessions = kit.page("session", 0, kit.count("session", where=where), where=where)
    sessions.sort(key=lambda session: (str(session.values.get("date", "")), session.created))
    every = [
        Ratings(
            str(session.values.get("date", "")),
            session.values.get("confidence"),
            session.values.get("knowledge"),
            session.values.get("skills"),
        )
        for session in sessions
    ]
    return [ratings for ratings in every if any(rating is not None for rating in ratings[1:])]
