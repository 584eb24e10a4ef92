"""What the summary counts: ratings, themes, attendance, mentoring and who spoke; and that rows add up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.insight.attendance_counts import NOT_HELD
from fieldkit.insight.frames import frame_of
from fieldkit.insight.people import with_person
from fieldkit.insight.ratings import by_provider, by_theme, overall
from fieldkit.insight.statistics.proportions import percent
from fieldkit.insight.summary import summary_of, wanted
from fieldkit.insight.summary_model import Change, Summary
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.kind import kind

TODAY = date(2026, 12, 1)


def made(**records: list[dict[str, Any]]) -> Summary:
    """The summary of records given as dicts, kind by kind."""
    return summary_of({name: rows_of(name, records.get(name, [])) for name in wanted()}, today=TODAY)


def rows_of(name: str, rows: Sequence[dict[str, Any]]) -> Any:
    """A frame of one kind, in the form that a kit gives."""
    fields = wanted()[name]
    given = [{"record_id": f"id{at:06}", "created": at, **row} for at, row in enumerate(rows)]
    return frame_of(kind(name), fields, [[row.get(field) for field in fields] for row in given])


def feedback_of(*rows: dict[str, Any]) -> Any:
    return with_person(rows_of("feedback", rows))


# Ratings


def test_the_published_example_is_88_and_7_percent() -> None:
    counts = {"1": 171, "2": 43, "3": 10, "4": 9, "5": 9, "6": 2}
    rows = [{"rating": code} for code, number in counts.items() for _ in range(number)]
    rating = overall(feedback_of(*rows, {"need": "x"}, {}))
    assert rating.answers == counts
    assert (rating.total, rating.positive_percent, rating.negative_percent, rating.not_asked) == (
        244,
        88,
        7,
        2,
    )


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(1, 8, 13), (3, 8, 38), (1, 200, 1), (0, 5, 0), (0, 0, None)],
)
def test_halves_go_up(part: int, whole: int, expected: int | None) -> None:
    assert percent(part, whole) == expected


def test_providers_are_the_most_spoken_of_then_others_then_not_said() -> None:
    rows = [{"provider": f"Trust {number:02}", "rating": "1"} for number in range(25)]
    rows += [
        {"provider": "St Luke's", "rating": "5"},
        {"provider": "st  luke's"},
        {"provider": "St Luke's"},
        {},
    ]
    providers = by_provider(feedback_of(*rows))
    assert len(providers) == 22
    assert (providers[0].label, providers[0].total, providers[0].not_asked) == ("St Luke's", 1, 2)
    assert [(row.label, row.total + row.not_asked) for row in providers[-2:]] == [
        ("other providers", 6),
        ("provider not said", 1),
    ]


def test_themes_come_by_frequency_with_group_and_rating() -> None:
    both = ["staff-manner", "access-contact"]
    rows = [{"themes": both, "rating": "1"}, {"themes": ["access-contact"], "rating": "5"}]
    rows += [{"themes": ["access-contact"], "rating": "6"}, {"themes": ["access-contact"]}, {"rating": "2"}]
    themes, without = by_theme(feedback_of(*rows))
    assert without == 1
    assert [(row.code, row.group, row.count, row.positive, row.negative, row.neither) for row in themes] == [
        ("access-contact", "access", 4, 1, 1, 2),
        ("staff-manner", "staff", 1, 1, 0, 0),
    ]


# Attendance, mentoring, respondents


def test_attendance_by_event_with_feedback_and_what_has_no_event_here() -> None:
    summary = made(
        event=[
            {"record_id": "event1", "title": "Fair", "date": "2026-10-27"},
            {"record_id": "event2", "title": "Symposium", "date": "2026-11-02"},
            {"record_id": "event3", "title": "Nobody came"},
        ],
        attendance=[
            {"event": "event1", "person": "anna"},
            {"event": "event1", "person": "bina"},
            {"event": "event1", "attendee_group": "all", "head_count": 40},
            {"event": "event1", "attendee_group": "carer", "head_count": 46},
            {"event": "elsewhere", "person": "anna"},
        ],
        feedback=[{"event": "event2", "rating": "1"}, {"rating": "2"}, {"event": "gone", "rating": "2"}],
    )
    assert [(row.title, row.date, row.named, row.counted, row.feedback) for row in summary.events] == [
        ("Symposium", "2026-11-02", 0, 0, 1),
        ("Fair", "2026-10-27", 2, 46, 0),
        ("event not held here", "", 1, 0, 1),
        ("no event", "", 0, 0, 1),
    ]
    assert (summary.first_day, summary.last_day) == ("2026-10-27", "2026-10-27")


def test_sessions_by_level_take_first_and_latest_by_date_not_by_arrival() -> None:
    def session(
        mentorship: str, date: str, confidence: int | None, minutes: int | None = None
    ) -> dict[str, Any]:
        return {
            "mentorship": mentorship,
            "date": date,
            "created": 1,
            "confidence": confidence,
            "minutes": minutes,
        }

    summary = made(
        mentorship=[
            {"record_id": "one", "level": "2"},
            {"record_id": "two", "level": "2"},
            {"record_id": "three"},
        ],
        session=[
            session("one", "2026-03-01", 8, 45),
            session("one", "2026-01-01", 3, 60),
            session("one", "2026-04-01", None),
            session("two", "2026-01-01", 4, 30),
            session("gone", "2025-12-31", 5, 60),
        ],
    )
    second, not_given, gone = summary.levels
    assert (second.code, second.mentorships, second.sessions, second.hours, second.no_length) == (
        "2",
        2,
        4,
        2.3,
        1,
    )
    assert second.confidence == Change(3.0, 8.0, 5.0, 2, 1, rose=1)  # one of two pairs was rated twice
    assert second.skills == Change(None, None, None, 0, 0)
    assert (not_given.label, not_given.mentorships, not_given.sessions) == ("level not given", 1, 0)
    assert (gone.code, gone.label, gone.sessions) == (NOT_HELD, "mentorship not held here", 1)
    assert (summary.first_day, summary.last_day) == ("2025-12-31", "2026-04-01")


def test_roles_and_coverage_keep_declined_and_not_asked_apart() -> None:
    summary = made(
        feedback=[
            {"role": "carer", "religion": "I", "disability": ["02", "05"], "postcode_area": "B19"},
            {"role": "declined", "religion": "M", "disability": ["ZZ"], "postcode_area": "declined"},
            {"religion": "N", "disability": ["NN"]},
            {},
        ]
    )
    assert [(row.label, row.count) for row in summary.roles] == [
        ("carer", 1),
        ("prefer not to say", 1),
        ("not asked", 2),
    ]
    covered = {row.field: (row.answered, row.declined, row.not_asked) for row in summary.monitoring}
    assert covered["religion"] == (1, 1, 2)
    assert covered["disability"] == (2, 1, 1)
    assert covered["postcode_area"] == (1, 1, 2)
    assert "guardian_present" not in covered


# Rows add up
_IDS = st.sampled_from([None, "here1", "here2", "gone1", "gone2"])
_FEEDBACK = st.fixed_dictionaries(
    {
        "service_area": st.sampled_from([None, "gp", "diabetes", "eye-clinic"]),
        "provider": st.sampled_from([None, "A", "a", "Trust B", "others", "C D"]),
        "role": st.sampled_from([None, "carer", "declined"]),
        "rating": st.sampled_from([None, "1", "2", "3", "4", "5", "6"]),
        "event": _IDS,
        "themes": st.sampled_from([None, ["staff-manner"], ["access-contact", "staff-manner"]]),
        "religion": st.sampled_from([None, "A", "M", "N"]),
    }
)
_ATTENDANCE = st.one_of(
    st.fixed_dictionaries({"event": _IDS, "person": st.sampled_from(["p1", "p2"])}),
    st.fixed_dictionaries(
        {
            "event": _IDS,
            "attendee_group": st.sampled_from(["all", "carer"]),
            "head_count": st.integers(0, 90),
            "origin": st.sampled_from(["a", "b"]),
        }
    ),
)
_SESSION = st.fixed_dictionaries(
    {
        "mentorship": _IDS,
        "date": st.sampled_from(["2026-01-01", "2026-02-01"]),
        "created": st.integers(0, 9),
        "minutes": st.one_of(st.none(), st.integers(1, 600)),
        "confidence": st.one_of(st.none(), st.integers(0, 10)),
    }
)


@settings(max_examples=60, deadline=None)
@given(
    feedback=st.lists(_FEEDBACK, max_size=12),
    attendance=st.lists(_ATTENDANCE, max_size=12),
    session=st.lists(_SESSION, max_size=12),
    levels=st.lists(st.sampled_from([None, "1", "4"]), min_size=2, max_size=2),
)
def test_rows_add_up_to_everything_recorded(
    feedback: list[dict[str, Any]],
    attendance: list[dict[str, Any]],
    session: list[dict[str, Any]],
    levels: list[str | None],
) -> None:
    summary = made(
        feedback=feedback,
        attendance=attendance,
        session=session,
        event=[{"record_id": "here1", "title": "One"}, {"record_id": "here2"}],
        mentorship=[{"record_id": f"here{at}", "level": level} for at, level in enumerate(levels, start=1)],
    )
    for rows in (summary.services, summary.providers, [summary.all_services]):
        assert sum(row.total + row.not_asked for row in rows) == summary.people == len(feedback)
        assert all(row.total == sum(row.answers.values()) for row in rows)
    for code in code_list("fft_rating").codes:
        assert sum(row.answers[code] for row in summary.services) == summary.all_services.answers[code]
    assert sum(row.count for row in summary.themes) == sum(len(row["themes"] or ()) for row in feedback)
    assert all(row.count == row.positive + row.negative + row.neither for row in summary.themes)
    assert summary.no_themes == sum(not row["themes"] for row in feedback)
    visits = {(row["event"], row["person"]) for row in attendance if "person" in row}
    assert sum(row.named for row in summary.events) == summary.visits == len(visits)
    assert summary.named_people == len({person for _, person in visits})
    counted = sum(row.get("head_count", 0) for row in attendance)
    assert sum(row.counted for row in summary.events) <= counted
    assert sum(row.feedback for row in summary.events) == len(feedback)
    assert len({row.id for row in summary.events}) == len(summary.events)
    assert sum(row.mentorships for row in summary.levels) == 2
    assert sum(row.sessions for row in summary.levels) == len(session)
    assert sum(row.no_length for row in summary.levels) == sum(row["minutes"] is None for row in session)
    assert sum(row.count for row in summary.roles) == len(feedback)
    assert all(row.answered + row.declined + row.not_asked == len(feedback) for row in summary.monitoring)
    json.dumps(summary.as_dict(), allow_nan=False)


_SURVEY = st.fixed_dictionaries(
    {
        "provider": st.sampled_from([None, "St Mary's", "ST MARYS", "NHFT"]),
        "respondent": st.sampled_from([None, "1", "2"]),
        "reference": st.sampled_from([None, "r1", "r2"]),
        "service_area": st.sampled_from([None, "cancer", "prostate-cancer", "gp"]),
        "rating": st.sampled_from([None, "1", "5"]),
        "date": st.sampled_from([None, "2026-01-01", "2026-02-01"]),
        "role": st.sampled_from([None, "carer", "patient"]),
        "themes": st.sampled_from([None, ["staff-manner"], ["access-contact", "staff-manner"]]),
        "created": st.integers(0, 3),
    }
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(_SURVEY, max_size=10).flatmap(
        lambda rows: st.tuples(st.just(rows), st.permutations(range(len(rows))))
    )
)
def test_the_order_of_records_changes_nothing_and_each_person_is_in_one_row(
    both: tuple[list[dict[str, Any]], list[int]],
) -> None:
    rows = [{"record_id": f"id{at:06}", **row} for at, row in enumerate(both[0])]
    summary = made(feedback=rows)
    assert summary == made(feedback=[rows[at] for at in both[1]])
    assert summary.comments == len(rows) - sum(double.records - 1 for double in summary.doubles)
    assert summary.people <= summary.comments
    assert sum(row.total + row.not_asked for row in summary.providers) == summary.people
    assert sum(row.count for row in summary.roles) == summary.people
    assert all(row.answered + row.declined + row.not_asked == summary.people for row in summary.monitoring)
    assert summary.all_services.total + summary.all_services.not_asked == summary.people
    assert all(
        theme.count <= min(theme.comments, summary.people - summary.no_themes) for theme in summary.themes
    )
    inside = {row.code: row.total + row.not_asked for row in summary.services}
    assert inside.get("cancer", 0) >= inside.get("prostate-cancer", 0)
