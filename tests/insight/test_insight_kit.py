"""A kit's records as frames, and a whole kit summarised."""

from __future__ import annotations

import json

import pytest

from fieldkit.errors import Misuse
from fieldkit.insight.frames import SEPARATOR, frame, frame_of, several
from fieldkit.insight.progress import ratings_over_time
from fieldkit.insight.summary import summarise
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit

# Frames


def test_columns_are_small_and_keep_what_they_were_given() -> None:
    fields = ["record_id", "rating", "themes", "date", "experience", "created"]
    long = "x" * 500
    rows = [
        ("r1", "1", ["a", "b"], "2026-10-27", long, 5),
        ("r2", None, None, None, None, 6),
        ("r3", "1", ["b"], "1901-01-01", "y", 7),
    ]
    table = frame_of(kind("feedback"), fields, rows)
    assert [str(dtype) for dtype in table.dtypes] == [
        "object",
        "category",
        "category",
        "datetime64[s]",
        "object",
        "int64",
    ]
    assert table["rating"].cat.codes.tolist() == [0, -1, 0]
    assert table["themes"].cat.categories.tolist() == [f"a{SEPARATOR}b", "b"]
    assert several(table["themes"]).tolist() == ["a", "b", "b"]
    assert table["date"].isna().tolist() == [False, True, False]
    assert table["experience"][0] == long
    assert table["created"].tolist() == [5, 6, 7]


def test_frames_come_in_chunks_and_say_how_far_they_are(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.insight.frames.CHUNK", 2)
    kit.add_many("feedback", [{"rating": code} for code in "12345"])
    steps: list[tuple[int, int, str]] = []
    table = frame(kit, "feedback", ["rating"], lambda *step: steps.append(step))
    assert table["rating"].tolist() == list("12345")
    assert steps == [(2, 5, "feedback"), (4, 5, "feedback"), (5, 5, "feedback")]


def test_a_field_that_is_none_is_refused(kit: Kit) -> None:
    with pytest.raises(Misuse):
        frame(kit, "feedback", ["rating; DROP TABLE"])


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
    steps: list[tuple[int, int, str]] = []
    summary = summarise(kit, lambda *step: steps.append(step))
    assert [(row.code, row.label, row.total) for row in summary.services] == [("eye-clinic", "eye clinic", 1)]
    assert (summary.all_services.answers["1"], summary.all_services.total) == (1, 1)
    assert (summary.all_services.positive_percent, summary.all_services.no_percent) == (None, "base below 10")
    assert [(row.id, row.title, row.named, row.feedback) for row in summary.events] == [
        (event.record_id, "Fair", 1, 1)
    ]
    assert (summary.first_day, summary.last_day) == ("2026-10-27", "2026-10-28")
    assert summary.records["feedback"] == 1 and summary.records["person"] == 1
    assert "concern" not in summary.records
    assert steps[-1][:2] == (4, 4)
    kit.delete(event.record_id)
    assert [row.title for row in summarise(kit).events] == ["event not held here"]


def test_an_empty_kit_has_an_empty_summary(kit: Kit) -> None:
    summary = summarise(kit)
    assert (
        summary.services
        == summary.providers
        == summary.themes
        == summary.events
        == summary.levels
        == summary.roles
        == []
    )
    assert summary.all_services.total == 0 and summary.all_services.positive_percent is None
    assert (summary.first_day, summary.last_day, summary.caveats) == ("", "", [])
    json.dumps(summary.as_dict())


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
