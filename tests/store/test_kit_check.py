"""Checking a kit finds every difference and changes nothing; folding it anew repairs what can be repaired."""

from __future__ import annotations

import pytest

from fieldkit.store.db.key_files import DATABASE
from fieldkit.store.db.sql import execute
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import PROJECTION


def test_an_older_kit_is_folded_anew_with_the_columns_of_today(kit: Kit) -> None:
    kit.add("event", {"title": "Fair", "place": "Leeds"})
    kit.add("note", {"notes": "mine"})
    before = (kit.state_hash(), kit.page("event"), kit.page("note"))
    with kit.writing() as connection:
        execute(connection, "ALTER TABLE event DROP COLUMN place")
        execute(connection, "ALTER TABLE event ADD COLUMN former TEXT")
        execute(connection, "DELETE FROM tally")
    kit.settings.put(PROJECTION, "another")
    kit.close()
    with Kit.open(kit.folder) as reopened:
        assert (reopened.state_hash(), reopened.page("event"), reopened.page("note")) == before
        assert reopened.check() == []
        assert reopened.count("event", text="leeds") == 1


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE event SET title = 'forged'",
        "UPDATE event SET deleted = 1",
        "DELETE FROM event",
        "INSERT INTO event (record_id, created, updated, origin, deleted, digest) "
        "VALUES ('x', 0, 0, '', 0, x'')",
        "UPDATE tally SET live = live + 1",
        "UPDATE tally SET total = x'00'",
        "DELETE FROM tally",
        "INSERT INTO conflict (record_id, field, kind) SELECT record_id, 'title', 'event' FROM event",
        "UPDATE op SET body = cast(replace(body, 'Fair', 'Fear') AS BLOB)",
        "UPDATE op SET hash = x'00' WHERE seq = 2",
        "DELETE FROM op WHERE seq = 2",
        "UPDATE note SET notes = 'forged'",
        "DELETE FROM note",
    ],
)
def test_check_finds_what_differs_and_changes_nothing(kit: Kit, harm: str) -> None:
    kit.add("event", {"title": "Fair"})
    kit.add("event", {"title": "Workshop"})
    kit.add("note", {"notes": "mine"})
    messages: list[tuple[int, int, str]] = []
    assert kit.check(lambda *step: messages.append(step)) == []
    assert messages
    with kit.writing() as connection:
        execute(connection, harm)
    problems = kit.check()
    assert problems
    assert kit.check() == problems
    assert all(sentence.endswith(".") for sentence in problems)
    if "UPDATE op" not in harm and "FROM op" not in harm:
        kit.rebuild()
        assert kit.check() == []


def test_check_lists_damage_inside_an_open_file(kit: Kit) -> None:
    kit.add_many("event", [{"title": f"Fair {number}", "notes": "word " * 50} for number in range(2_000)])
    kit.close()
    file = kit.folder / DATABASE
    content = bytearray(file.read_bytes())
    for at in range(len(content) // 2, len(content), 4_096):
        content[at] ^= 0xFF
    file.write_bytes(content)
    with Kit.open(kit.folder) as again:
        problems = again.check()
    assert problems
    assert "damaged" in problems[0]
