"""Two records of different kinds under one id, as a hostile laptop may make them: each keeps its own line and opens itself."""

from __future__ import annotations

from fieldkit.presentation.lists.record_search import search_records
from fieldkit.presentation.record_names import lines_by_name, lines_of_links
from fieldkit.presentation.record_page import read
from fieldkit.presentation.trash import trash
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.record_rows import rows_of
from fieldkit.screens.safety.retention import DueSource
from fieldkit.store.kit import Kit, Stored


def _two(kit: Kit) -> tuple[Stored, Stored]:
    """A comment and a session under one id, each with old text."""
    feedback = kit.add("feedback", {"rating": "1", "experience": "Left alone", "date": "2020-01-01"})
    values = {"mentorship": feedback.record_id, "date": "2020-01-02", "mode": "telephone", "minutes": 45}
    kit.put("session", feedback.record_id, {**values, "next_actions": "Left for a room"})
    return feedback, kit.get(feedback.record_id, "session")


def test_each_has_its_own_line_where_kinds_are_mixed(kit: Kit) -> None:
    feedback, session = _two(kit)
    lines = lines_by_name(kit, [feedback, session], kit.terms())
    assert set(lines) == {feedback.name, session.name}
    assert lines[feedback.name] != lines[session.name]


def test_old_text_is_listed_by_kind_and_id_with_its_own_line(kit: Kit) -> None:
    feedback, session = _two(kit)
    due = [(feedback.kind, feedback.record_id), (session.kind, session.record_id)]
    first, second = DueSource(kit, due).rows(0, 2)
    assert [first.id, second.id] == [feedback.name, session.name]
    assert "1 very good" in str(first.cells[2]) and "1 very good" not in str(second.cells[2])


def test_the_trash_names_each_by_its_own_line(kit: Kit) -> None:
    feedback, session = _two(kit)
    for record in (feedback, session):
        kit.delete(record.name)
    deleted = {each.record.name: each.listed for each in trash(kit)}
    assert set(deleted) == {feedback.name, session.name}
    assert deleted[feedback.name] != deleted[session.name]


def test_both_are_found_and_each_match_names_its_kind(kit: Kit) -> None:
    feedback, session = _two(kit)
    assert {match.name for match in search_records(kit, "left").records} == {feedback.name, session.name}


def test_two_linked_records_of_one_id_keep_their_own_lines(kit: Kit) -> None:
    event = kit.add("event", {"title": "Quill fair", "date": "2026-10-27"})
    kit.put("person", event.record_id, {"name": "Amina Khan", "consent_record": "Y"})
    came = kit.add("attendance", {"event": event.record_id, "person": event.record_id})
    names = lines_of_links(kit, [came], kit.terms())
    assert "Quill fair" in names[event.name]
    assert "Amina Khan" in names[f"person:{event.record_id}"]
    shown = {title: text for _, title, text, _ in read(kit, came.name).answers}
    assert "Quill fair" in shown["Event"] and "Amina Khan" in shown["Person"]
    [row] = rows_of(kit, kind("attendance"), [came])
    assert "Quill fair" in row.cells[0] and "Amina Khan" in row.cells[1]
