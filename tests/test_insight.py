"""What the insight floor counts: ratings, themes, attendance, mentoring, and the tables for spreadsheets."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.errors import Misuse
from fieldkit.insight import tables as tables_module
from fieldkit.insight.figures import Change, Summary
from fieldkit.insight.frames import SEPARATOR, frame, frame_of, several
from fieldkit.insight.progress import ratings_over_time
from fieldkit.insight.ratings import by_provider, by_theme, overall, percent
from fieldkit.insight.summary import NOT_HELD, SMALL_NUMBERS, summarise, summary_of, wanted
from fieldkit.insight.tables import nhs_ethnic_category, tables, write
from fieldkit.records.codes import code_list
from fieldkit.records.kinds import kind, kinds
from fieldkit.store.kit import Kit

ORIGIN = "a" * 26 + ".00000001"


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    opened = Kit.create(tmp_path / "k", None)[0]
    opened.desk.set_setting("origin", ORIGIN)
    with opened:
        yield opened


def made(**records: list[dict[str, Any]]) -> Summary:
    """The summary of records given as dicts, kind by kind."""
    frames = {
        name: frame_of(
            kind(name), fields, [[row.get(field) for field in fields] for row in records.get(name, [])]
        )
        for name, fields in wanted().items()
    }
    return summary_of(frames)


def feedback_of(*rows: dict[str, Any]) -> Any:
    fields = wanted()["feedback"]
    return frame_of(kind("feedback"), fields, [[row.get(field) for field in fields] for row in rows])


# Ratings


def test_the_published_example_is_88_and_7_percent() -> None:
    counts = {"1": 171, "2": 43, "3": 10, "4": 9, "5": 9, "6": 2}
    rows = [{"rating": code} for code, number in counts.items() for _ in range(number)]
    found = overall(feedback_of(*rows, {"need": "x"}, {}))
    assert found.answers == counts
    assert (found.total, found.positive_percent, found.negative_percent, found.not_asked) == (244, 88, 7, 2)


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 8, 13), (3, 8, 38), (1, 200, 1), (0, 5, 0), (0, 0, None)]
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
    found = by_provider(feedback_of(*rows))
    assert len(found) == 22
    assert (found[0].label, found[0].total, found[0].not_asked) == ("St Luke's", 1, 2)
    assert [(row.label, row.total + row.not_asked) for row in found[-2:]] == [
        ("other providers", 6),
        ("provider not said", 1),
    ]


def test_themes_come_by_frequency_with_group_and_rating() -> None:
    both = ["staff-manner", "access-contact"]
    rows = [{"themes": both, "rating": "1"}, {"themes": ["access-contact"], "rating": "5"}]
    rows += [{"themes": ["access-contact"], "rating": "6"}, {"themes": ["access-contact"]}, {"rating": "2"}]
    found, without = by_theme(feedback_of(*rows))
    assert without == 1
    assert [(row.code, row.group, row.count, row.positive, row.negative, row.neither) for row in found] == [
        ("access-contact", "access", 4, 1, 1, 2),
        ("staff-manner", "staff", 1, 1, 0, 0),
    ]


# Attendance, mentoring, respondents


def test_attendance_by_event_with_feedback_and_what_has_no_event_here() -> None:
    found = made(
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
    assert [(row.title, row.date, row.named, row.counted, row.feedback) for row in found.events] == [
        ("Symposium", "2026-11-02", 0, 0, 1),
        ("Fair", "2026-10-27", 2, 86, 0),
        ("event not held here", "", 1, 0, 1),
        ("no event", "", 0, 0, 1),
    ]
    assert (found.first_day, found.last_day) == ("2026-10-27", "2026-10-27")


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

    found = made(
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
    second, not_given, gone = found.levels
    assert (second.code, second.mentorships, second.sessions, second.hours, second.no_length) == (
        "2",
        2,
        4,
        2.3,
        1,
    )
    assert second.confidence == Change(3.5, 6.0, 2.5, 2, 1)
    assert second.skills == Change(None, None, None, 0, 0)
    assert (not_given.label, not_given.mentorships, not_given.sessions) == ("level not given", 1, 0)
    assert (gone.code, gone.label, gone.sessions) == (NOT_HELD, "mentorship not held here", 1)
    assert (found.first_day, found.last_day) == ("2025-12-31", "2026-04-01")


def test_roles_and_coverage_keep_declined_and_not_asked_apart() -> None:
    found = made(
        feedback=[
            {"role": "carer", "religion": "I", "disability": ["02", "05"], "postcode_area": "B19"},
            {"role": "declined", "religion": "M", "disability": ["ZZ"], "postcode_area": "declined"},
            {"religion": "N", "disability": ["NN"]},
            {},
        ]
    )
    assert [(row.label, row.count) for row in found.roles] == [
        ("carer", 1),
        ("prefer not to say", 1),
        ("not asked", 2),
    ]
    covered = {row.field: (row.answered, row.declined, row.not_asked) for row in found.monitoring}
    assert covered["religion"] == (1, 1, 2)
    assert covered["disability"] == (2, 1, 1)
    assert covered["postcode_area"] == (1, 1, 2)
    assert "guardian_present" not in covered


def test_small_numbers_are_pointed_out_only_where_there_are_any() -> None:
    answers = [{"rating": "1", "service_area": "gp", "role": "carer", "provider": "A"} for _ in range(5)]
    assert made(feedback=answers).caveats == []
    assert made(feedback=answers[:4]).caveats == [SMALL_NUMBERS]
    assert made().caveats == []


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
    st.fixed_dictionaries({"event": _IDS, "head_count": st.integers(0, 90)}),
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
    found = made(
        feedback=feedback,
        attendance=attendance,
        session=session,
        event=[{"record_id": "here1", "title": "One"}, {"record_id": "here2"}],
        mentorship=[{"record_id": f"here{at}", "level": level} for at, level in enumerate(levels, start=1)],
    )
    for rows in (found.services, found.providers, [found.all_services]):
        assert sum(row.total + row.not_asked for row in rows) == len(feedback)
        assert all(row.total == sum(row.answers.values()) for row in rows)
    for code in code_list("fft_rating").codes:
        assert sum(row.answers[code] for row in found.services) == found.all_services.answers[code]
    assert sum(row.count for row in found.themes) == sum(len(row["themes"] or ()) for row in feedback)
    assert all(row.count == row.positive + row.negative + row.neither for row in found.themes)
    assert found.no_themes == sum(not row["themes"] for row in feedback)
    assert sum(row.named for row in found.events) == sum("person" in row for row in attendance)
    assert sum(row.counted for row in found.events) == sum(row.get("head_count", 0) for row in attendance)
    assert sum(row.feedback for row in found.events) == len(feedback)
    assert len({row.id for row in found.events}) == len(found.events)
    assert sum(row.mentorships for row in found.levels) == 2
    assert sum(row.sessions for row in found.levels) == len(session)
    assert sum(row.no_length for row in found.levels) == sum(row["minutes"] is None for row in session)
    assert sum(row.count for row in found.roles) == len(feedback)
    assert all(row.answered + row.declined + row.not_asked == len(feedback) for row in found.monitoring)
    json.dumps(found.as_dict(), allow_nan=False)


# Frames


def test_columns_are_small_and_keep_what_they_were_given() -> None:
    fields = ["record_id", "rating", "themes", "date", "experience", "created"]
    long = "x" * 500
    rows = [
        ("r1", "1", ["a", "b"], "2026-10-27", long, 5),
        ("r2", None, None, None, None, 6),
        ("r3", "1", ["b"], "1901-01-01", "y", 7),
    ]
    found = frame_of(kind("feedback"), fields, rows)
    assert [str(dtype) for dtype in found.dtypes] == [
        "object",
        "category",
        "category",
        "datetime64[s]",
        "object",
        "int64",
    ]
    assert found["rating"].cat.codes.tolist() == [0, -1, 0]
    assert found["themes"].cat.categories.tolist() == [f"a{SEPARATOR}b", "b"]
    assert several(found["themes"]).tolist() == ["a", "b", "b"]
    assert found["date"].isna().tolist() == [False, True, False]
    assert found["experience"][0] == long
    assert found["created"].tolist() == [5, 6, 7]


def test_frames_come_in_chunks_and_say_how_far_they_are(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.insight.frames.CHUNK", 2)
    kit.add_many("feedback", [{"rating": code} for code in "12345"])
    told: list[tuple[int, int, str]] = []
    found = frame(kit, "feedback", ["rating"], lambda *step: told.append(step))
    assert found["rating"].tolist() == list("12345")
    assert told == [(2, 5, "feedback"), (4, 5, "feedback"), (5, 5, "feedback")]


def test_a_field_that_is_none_is_refused(kit: Kit) -> None:
    with pytest.raises(Misuse):
        frame(kit, "feedback", ["rating; DROP TABLE"])


def test_importing_insight_loads_no_pandas() -> None:
    code = (
        "import sys, fieldkit.insight.summary, fieldkit.insight.tables, fieldkit.insight.progress\n"
        "print([name for name in ('pandas', 'numpy', 'textual', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# A kit, summarised


def test_a_kit_is_summarised_without_what_was_deleted(kit: Kit) -> None:
    event = kit.add("event", {"title": "Fair", "date": "2026-10-27"})
    kit.add("term", {"list_name": "service_area", "label": "eye clinic", "code": "eye-clinic"})
    kit.add(
        "feedback",
        {"rating": "1", "service_area": "eye-clinic", "event": event.record_id, "date": "2026-10-28"},
    )
    gone = kit.add("feedback", {"rating": "5", "service_area": "gp", "date": "2020-01-01"})
    kit.delete(gone.record_id)
    person = kit.add("person", {"name": "Anna"})
    kit.add("attendance", {"event": event.record_id, "person": person.record_id})
    told: list[tuple[int, int, str]] = []
    found = summarise(kit, lambda *step: told.append(step))
    assert [(row.code, row.label, row.total) for row in found.services] == [("eye-clinic", "eye clinic", 1)]
    assert (found.all_services.positive_percent, found.all_services.negative_percent) == (100, 0)
    assert [(row.id, row.title, row.named, row.feedback) for row in found.events] == [
        (event.record_id, "Fair", 1, 1)
    ]
    assert (found.first_day, found.last_day) == ("2026-10-27", "2026-10-28")
    assert found.records["feedback"] == 1 and found.records["person"] == 1
    assert "concern" not in found.records
    assert told[-1][:2] == (3, 3)
    kit.delete(event.record_id)
    assert [row.title for row in summarise(kit).events] == ["event not held here"]


def test_an_empty_kit_has_an_empty_summary(kit: Kit) -> None:
    found = summarise(kit)
    assert (
        found.services == found.providers == found.themes == found.events == found.levels == found.roles == []
    )
    assert found.all_services.total == 0 and found.all_services.positive_percent is None
    assert (found.first_day, found.last_day, found.caveats) == ("", "", [])
    json.dumps(found.as_dict())


def test_ratings_over_time_are_sorted_and_leave_out_what_was_deleted(kit: Kit) -> None:
    anna, bina = kit.add_many("person", [{"name": "Anna"}, {"name": "Bina"}])
    pair = kit.add("mentorship", {"mentor": anna.record_id, "mentee": bina.record_id}).record_id
    kit.add("session", {"mentorship": pair, "date": "2026-03-01", "confidence": 7, "skills": 0})
    kit.add(
        "session", {"mentorship": pair, "date": "2026-01-01", "confidence": 3, "knowledge": 4, "skills": 5}
    )
    kit.add("session", {"mentorship": pair, "date": "2026-02-01"})
    kit.delete(kit.add("session", {"mentorship": pair, "date": "2026-02-02", "confidence": 1}).record_id)
    assert ratings_over_time(kit, pair) == [("2026-01-01", 3, 4, 5), ("2026-03-01", 7, None, 0)]
    assert ratings_over_time(kit, "nobody00") == []


# Tables


def rows_of(kit: Kit, name: str) -> list[dict[str, Any]]:
    table = next(table for table in tables(kit) if table.name == name)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_tables_hold_codes_labels_links_and_where_from(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_module, "_CHUNK", 1)
    event = kit.add("event", {"title": "Fair", "date": "2026-10-27", "place": "Bradford"})
    kit.add("term", {"list_name": "service_area", "label": "eye clinic", "code": "eye-clinic"})
    kit.add(
        "feedback",
        {
            "rating": "1",
            "service_area": "eye-clinic",
            "event": event.record_id,
            "themes": ["staff-manner", "access-contact"],
            "ethnic_group": "16",
            "consent_quote": "N",
            "experience": "=1+1",
        },
    )
    kit.add("feedback", {"rating": "2", "event": "elsewhere0"})
    first, second = rows_of(kit, "feedback")
    assert (first["rating"], first["rating (label)"]) == ("1", "very good")
    assert (first["service_area"], first["service_area (label)"]) == ("eye-clinic", "eye clinic")
    assert first["themes"] == ["access-contact", "staff-manner"]
    assert first["themes (label)"] == "contacting services; manner & personal attributes"
    assert first["event"] == event.record_id and first["event (label)"].startswith("Fair")
    assert (first["ethnic_category"], first["ethnic_category (label)"]) == ("C", "any other White background")
    assert first["consent_quote (label)"] == "no"
    assert first["device"] == ORIGIN and first["device (label)"] == "not held here"
    assert first["created"].endswith("Z") and first["created"] == first["updated"]
    assert second["event (label)"] == "not held here"
    assert second["ethnic_category"] == "99" and second["ethnic_group (label)"] is None


def test_labels_reach_through_links_and_never_name_the_deleted(kit: Kit) -> None:
    anna, bina = kit.add_many("person", [{"name": "Anna"}, {"name": "Bina"}])
    pair = kit.add("mentorship", {"mentor": anna.record_id, "mentee": bina.record_id}).record_id
    kit.add("session", {"mentorship": pair, "date": "2026-03-01"})
    assert "Anna" in rows_of(kit, "session")[0]["mentorship (label)"]
    kit.delete(anna.record_id)
    assert "Anna" not in rows_of(kit, "session")[0]["mentorship (label)"]
    assert rows_of(kit, "mentorship")[0]["mentor (label)"] == "deleted"
    assert [row["name"] for row in rows_of(kit, "person")] == ["Bina"]


def test_the_device_is_named_by_the_roster(kit: Kit) -> None:
    device = {"name": "St Mary's laptop", "role": "field", "status": "trusted"}
    kit.put("device", ORIGIN.partition(".")[0], device | {"public_key": "ssh-ed25519 " + "A" * 68})
    kit.add("feedback", {"rating": "1"})
    assert "St Mary's laptop" in rows_of(kit, "feedback")[0]["device (label)"]


def test_nhs_ethnic_categories_tell_declined_from_not_asked() -> None:
    assert nhs_ethnic_category("Z") == "Z"
    assert nhs_ethnic_category(None) == "99"
    assert {nhs_ethnic_category(entry.code) for entry in code_list("ethnic_group").entries} <= (
        code_list("ethnic_category").codes - {"99"}
    )


def test_written_tables_are_one_for_each_shared_kind_and_safe(kit: Kit, tmp_path: Path) -> None:
    kit.add("concern", {"own_words": "a worry"})
    kit.add("feedback", {"experience": '=HYPERLINK("x")', "rating": "1"})
    told: list[tuple[int, int, str]] = []
    files = write(kit, tmp_path / "out", on_progress=lambda *step: told.append(step))
    assert sorted(file.stem for file in files) == sorted(
        kind.name for kind in kinds().values() if kind.shared
    )
    with (tmp_path / "out" / "feedback.csv").open(encoding="utf-8-sig", newline="") as handle:
        row = next(csv.DictReader(handle))
    assert row["experience"] == '\'=HYPERLINK("x")'
    assert (row["rating"], row["rating (label)"]) == ("1", "very good")
    assert told == [(1, 1, "feedback")]
    assert "a worry" not in "".join(file.read_text("utf-8-sig") for file in files)
    with pytest.raises(Misuse):
        write(kit, tmp_path / "out")
    assert write(kit, tmp_path / "all.xlsx") == [tmp_path / "all.xlsx"]
