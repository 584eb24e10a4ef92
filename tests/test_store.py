"""The kit from outside: records, pages, searching, drafts, settings, several writers, disks that refuse."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from conftest import ORIGIN
from fieldkit.errors import FieldkitError, InvalidRecord, Misuse, NotFound, StorageError, VaultError
from fieldkit.store import queries
from fieldkit.store.desk import Draft
from fieldkit.store.engine import open_engine
from fieldkit.store.kit import Kit
from fieldkit.store.schema import PROJECTION_VERSION
from fieldkit.store.sql import execute
from fieldkit.store.vault import DATABASE
from streams import Stream, carry, parcels, take

WORDS = "ਮੇਲਾ میلہ মেলা 健康 [/] [@click=app.quit]x[/] 100% a_b \\ 'quoted' \"twice\" 🎪"


# Records


def test_a_record_comes_back_as_it_was_given(kit: Kit) -> None:
    added = kit.add(
        "feedback", {"experience": f"  {WORDS}\r\nnext\x1b[2J ", "themes": ["staff-manner", "access-contact"]}
    )
    assert added.values["experience"] == f"{WORDS}\nnext[2J"
    got = kit.get(added.record_id)
    assert got.values == added.values
    assert got.heads == added.heads
    assert (got.created, got.updated, got.origin) == (added.created, added.created, ORIGIN)
    assert got.values["themes"] == sorted(got.values["themes"])
    assert kit.page("feedback")[0].values == got.values
    assert kit.many("feedback", [added.record_id, "no-such-id"]) == {added.record_id: kit.page("feedback")[0]}
    assert got.as_dict()["experience"] == got.values["experience"]


def test_a_record_that_breaks_a_rule_stores_nothing(kit: Kit) -> None:
    with pytest.raises(InvalidRecord) as caught:
        kit.add("event", {"date": "soon", "cost": 5})
    assert set(caught.value.problems) == {"date", "cost"}
    with pytest.raises(InvalidRecord):
        kit.add_many("event", [{"title": "Fair"}, {"place": "a title is needed"}])
    assert kit.counts()["event"] == 0
    assert parcels(kit) == []


def test_an_edit_writes_what_differs_and_nothing_else(kit: Kit) -> None:
    event = kit.get(kit.add("event", {"title": "Fair", "place": "Leeds"}).record_id)
    assert kit.edit(event, {"title": "Fair ", "place": "Leeds"}) is event
    changed = kit.edit(event, {"title": "Fair", "place": None, "date": "2011-05-01"})
    assert changed.values == {"title": "Fair", "date": "2011-05-01"}
    assert [step.fields for step in kit.history(event.record_id)] == [
        {"title": "Fair", "place": "Leeds"},
        {"date": "2011-05-01", "place": None},
    ]
    with pytest.raises(InvalidRecord):
        kit.edit(changed, {"title": ""})
    assert kit.check() == []


def test_an_edit_of_a_record_from_a_page_replaces_what_the_page_showed(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    (from_page,) = kit.page("event")
    kit.edit(from_page, {"title": "Health fair"})
    assert kit.conflict_count() == 0
    # The same page again: what it shows is no longer current, so both values stand.
    kit.edit(from_page, {"title": "Wellbeing fair"})
    (clash,) = kit.conflicts()
    assert [claim.value for claim in clash.claims] == ["Wellbeing fair", "Health fair"]


def test_a_record_with_an_older_gap_can_be_corrected_elsewhere(kit: Kit) -> None:
    stream = Stream()
    stream.write("event000", {"place": "Leeds"})
    take(kit, stream.parcel())
    assert kit.edit(kit.get("event000"), {"place": "Bradford"}).values == {"place": "Bradford"}
    with pytest.raises(InvalidRecord):
        kit.edit(kit.get("event000"), {"date": "soon"})


def test_ids_are_found_by_their_beginning_or_end(kit: Kit) -> None:
    stream = Stream()
    for record_id in ("abcd0000wxyz", "abcd1111wxyz", "efgh2222"):
        stream.write(record_id, {"title": record_id})
    take(kit, stream.parcel())
    for words in ("abcd0", "0000wxyz", "ABCD0000WXYZ", "  efgh ", "2222", "abcd0000wxyz"):
        assert kit.get(words).values["title"].startswith(words.strip().lower()[:4]) or words in {
            "0000wxyz",
            "2222",
        }
    for words in (
        "abcd",
        "wxyz",
        "abc",
        "",
        "nothing",
        "%%%%",
        "____",
        "abcd%",
        "\udcff\udcfe12",
        "é" * 5,
        "a" * 10_000,
    ):
        with pytest.raises(NotFound) as caught:
            kit.get(words)
        str(caught.value).encode()


def test_counts_and_pages_know_live_from_deleted(kit: Kit) -> None:
    ids = [one.record_id for one in kit.add_many("event", [{"title": f"Fair {n}"} for n in range(10)])]
    for record_id in ids[::2]:
        kit.delete(record_id)
    assert (kit.count("event"), kit.count("event", deleted=True)) == (5, 5)
    assert [one.values["title"] for one in kit.page("event")] == [f"Fair {n}" for n in (9, 7, 5, 3, 1)]
    assert all(one.deleted for one in kit.page("event", deleted=True))
    assert kit.count("event", text="fair", deleted=True) == 5
    kit.restore(ids[0])
    assert kit.counts()["event"] == kit.count("event") == 6
    assert [row[0] for row in kit.columns("event", ["record_id"])] == [ids[n] for n in (0, 1, 3, 5, 7, 9)]
    kit.delete(ids[0])
    assert kit.delete(ids[0]).deleted
    assert kit.check() == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 8),
        ("   ", 8),
        ("100%", 1),
        ("%", 1),
        ("_", 1),
        ("a_b", 1),
        ("\\", 1),
        ("[/]", 1),
        ("[@click=app.quit]", 1),
        ("leeds fair", 1),
        ("FAIR", 2),
        ("ਮੇਲਾ", 1),
        ("'; DROP TABLE event; --", 0),
        ("\udcff", 8),
        ("\x00", 8),
        ("word " * 500, 0),
        ("x" * 100_000, 0),
    ],
)
def test_searching_takes_every_sign_as_itself(kit: Kit, text: str, found: int) -> None:
    titles = ("100% sure", "a_b", "back\\slash", "[/] x", "[@click=app.quit]x", "Fair", "fair", "ਮੇਲਾ")
    kit.add_many(
        "event", [{"title": title, "place": "Leeds" if title == "Fair" else None} for title in titles]
    )
    assert kit.count("event", text=text) == len(kit.page("event", text=text)) == found


def test_where_asks_for_equal_fields(kit: Kit) -> None:
    kit.add_many(
        "feedback", [{"rating": "1", "themes": ["staff-manner"]}, {"rating": "5"}, {"experience": "Fine"}]
    )
    rating = kit.page("feedback")[0]
    assert rating.values == {"experience": "Fine"}
    assert kit.count("feedback", where={"rating": "5"}) == 1
    assert kit.count("feedback", where={"rating": None}) == 1
    assert kit.count("feedback", where={"themes": ["staff-manner"]}) == 1
    assert kit.count("feedback", where={"origin": ORIGIN}, text="fine") == 1
    for name in ("row", "digest", 'title" OR 1=1 --', "nothing"):
        with pytest.raises(Misuse):
            kit.page("feedback", where={name: 1})
        with pytest.raises(Misuse):
            list(kit.columns("feedback", [name]))
    with pytest.raises(NotFound):
        kit.page("lantern")


def test_a_deep_page_is_the_right_one(kit: Kit) -> None:
    stream = Stream()
    for number in range(3_000):
        stream.write(f"event{number:05}", {"title": f"Fair {number}"})
    take(kit, stream.parcel())
    assert [one.record_id for one in kit.page("event", 2_990, 256)] == [
        f"event{n:05}" for n in range(9, -1, -1)
    ]
    assert [one.record_id for one in kit.page("event", 1_000, 2)] == ["event01999", "event01998"]
    assert kit.page("event", 3_000) == []
    assert len(kit.page("event")) == 256
    assert [one.record_id for one in kit.page("event", 1, 1, text="Fair 299")] == ["event02998"]


def test_put_makes_a_record_under_a_given_id_or_changes_it(kit: Kit) -> None:
    kit.put("partner", "gurdwara-1".replace("-", "0"), {"name": "Gurdwara"})
    kit.put("partner", "gurdwara01", {"name": "Gurdwara", "town": "Leeds"})
    kit.put("partner", "gurdwara01", {"name": "Gurdwara", "town": "Leeds"})
    assert len(kit.history("gurdwara01")) == 2
    assert kit.get("gurdwara01").values == {"name": "Gurdwara", "town": "Leeds"}


def test_terms_of_the_network_are_read_by_list(kit: Kit) -> None:
    kit.add("term", {"list_name": "service_area", "label": "Eye clinic", "code": "eye-clinic"})
    assert kit.terms() == {"service_area": {"eye-clinic": "Eye clinic"}}


def test_nothing_shared_can_be_recorded_without_a_network(kit: Kit) -> None:
    kit.desk.set_setting("origin", None)
    with pytest.raises(Misuse):
        kit.add("event", {"title": "Fair"})
    assert kit.add("note", {"notes": "mine"}).values == {"notes": "mine"}


# What belongs to this laptop


def test_settings_keep_any_value_of_json(kit: Kit) -> None:
    for value in (None, True, 0, "", WORDS, "\ud800", [1, {"a": None}], 2**70):
        kit.desk.set_setting("key", value)
        assert kit.desk.setting("key", "default") == value
    assert kit.desk.setting("other", "default") == "default"
    kit.desk.set_settings({"one": 1, "two": 2})
    assert (kit.desk.setting("one"), kit.desk.setting("two")) == (1, 2)


def test_drafts_are_kept_until_dropped(kit: Kit) -> None:
    clock = iter(range(1, 9))
    kit.desk = type(kit.desk)(kit.reading, kit.writing, lambda: next(clock))
    one = kit.desk.keep_draft(Draft("", "feedback", {"experience": "Half a sent"}, seen={"rating": ["x:1"]}))
    two = kit.desk.keep_draft(Draft("", "event", {"title": WORDS}, "event000", step=2))
    assert one.id and two.id and one.id != two.id
    assert kit.desk.drafts() == [two, one]
    again = kit.desk.keep_draft(
        Draft(one.id, "feedback", {"experience": "Half a sentence"}, seen=one.seen, step=1)
    )
    assert kit.desk.drafts() == [again, two]
    kit.desk.drop_draft(two.id)
    kit.desk.drop_draft("no such draft")
    with Kit.open(kit.folder) as reopened:
        assert reopened.desk.drafts() == [again]
    assert kit.counts()["feedback"] == 0


# Folding anew


def test_an_older_kit_is_folded_anew_with_the_columns_of_today(kit: Kit) -> None:
    kit.add("event", {"title": "Fair", "place": "Leeds"})
    kit.add("note", {"notes": "mine"})
    before = (kit.state_hash(), kit.page("event"), kit.page("note"))
    with kit.writing() as connection:
        execute(connection, "ALTER TABLE event DROP COLUMN place")
        execute(connection, "ALTER TABLE event ADD COLUMN former TEXT")
        execute(connection, "DELETE FROM tally")
    kit.desk.set_setting("projection", PROJECTION_VERSION - 1)
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
    said: list[tuple[int, int, str]] = []
    assert kit.check(lambda *step: said.append(step)) == []
    assert said
    with kit.writing() as connection:
        execute(connection, harm)
    found = kit.check()
    assert found
    assert kit.check() == found
    assert all(sentence.endswith(".") for sentence in found)
    if "UPDATE op" not in harm and "FROM op" not in harm:
        kit.rebuild()
        assert kit.check() == []


# Several at once


def test_threads_that_write_at_once_lose_nothing(kit: Kit) -> None:
    def write(number: int) -> list[str]:
        return [kit.add("event", {"title": f"Fair {number} {n}"}).record_id for n in range(8)]

    with ThreadPoolExecutor(16) as pool:
        ids = [record_id for some in pool.map(write, range(16)) for record_id in some]
    assert len(set(ids)) == 128
    assert kit.count("event") == 128
    ((span, _),) = parcels(kit)
    assert (span.first, span.last) == (1, 128)
    assert kit.check() == []


_OTHER = """
import sys
from pathlib import Path
from fieldkit.store.kit import Kit
with Kit.open(Path(sys.argv[1])) as kit:
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(40):
        print(kit.add("event", {"title": f"{sys.argv[2]} {number}"}).record_id, flush=True)
"""


def test_processes_that_write_at_once_lose_nothing(kit: Kit) -> None:
    others = [
        subprocess.Popen(
            [sys.executable, "-c", _OTHER, str(kit.folder), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
    # Both are ready: now both write, and so does this process.
    said = []
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(other.communicate, "go\n", 60) for other in others]
        said += [kit.add("event", {"title": f"here {number}"}).record_id for number in range(40)]
        for answer in answers:
            said += answer.result()[0].split()
    assert [other.returncode for other in others] == [0, 0]
    assert len(set(said)) == 120
    assert set(kit.many("event", said)) == set(said)
    ((span, _),) = parcels(kit)
    assert (span.first, span.last) == (1, 120)
    assert kit.check() == []


def test_a_reader_sees_one_moment_while_others_write(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    with kit.reading() as connection:
        before = queries.state_hash(connection)
        kit.add("event", {"title": "Meanwhile"})
        assert queries.state_hash(connection) == before
    assert kit.state_hash() != before
    rows = kit.columns("event", ["title"])
    assert next(rows) == ("Fair",)
    kit.add("event", {"title": "And again"})
    assert list(rows) == [("Meanwhile",)]


def test_an_error_inside_a_transaction_undoes_all_of_it(kit: Kit) -> None:
    with pytest.raises(RuntimeError), kit.writing() as connection:
        execute(connection, "INSERT INTO setting (key, value) VALUES ('half', '1')")
        raise RuntimeError
    assert kit.desk.setting("half") is None
    kit.add("event", {"title": "Fair"})


def test_a_kit_that_stays_locked_says_so(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.store.engine.BUSY_MS", 50)
    with Kit.open(kit.folder) as other, kit.writing():
        with pytest.raises(StorageError) as caught:
            other.add("event", {"title": "Fair"})
        assert "Another fieldkit" in str(caught.value)
        assert other.counts()["event"] == 0
    assert kit.add("event", {"title": "Fair"}).values


# Disks and files that refuse


def test_a_full_disk_keeps_what_was_saved(small_disk: Path, kit_template: Path) -> None:
    folder = small_disk / "kit"
    shutil.copytree(kit_template, folder)
    saved: list[str] = []
    with Kit.open(folder) as kit:
        with pytest.raises(StorageError) as caught:
            for number in range(5_000):
                saved.append(kit.add("feedback", {"experience": f"{number} " + "word " * 800}).record_id)
        assert "full" in str(caught.value)
        assert "safe" in str(caught.value)
        assert kit.count("feedback") == len(saved) > 10
        assert kit.check() == []
        with pytest.raises(StorageError):
            kit.add_many("feedback", [{"experience": f"{number} " + "word " * 800} for number in range(300)])
        assert kit.count("feedback") == len(saved)
    with Kit.open(folder) as kit:
        assert set(kit.many("feedback", saved)) == set(saved)
        assert kit.check() == []


def test_no_kit_is_left_half_made_on_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(b"\0" * (2 * 1024 * 1024 - 40 * 1024))
    with pytest.raises(StorageError) as caught:
        Kit.create(small_disk / "kit", None)
    assert "full" in str(caught.value)
    filler.unlink()
    kit, _ = Kit.create(small_disk / "kit", None)
    with kit:
        assert kit.check() == []


def test_a_full_disk_ends_a_merge_and_leaves_what_was_held(small_disk: Path, kit_template: Path) -> None:
    folder = small_disk / "kit"
    shutil.copytree(kit_template, folder)
    stream = Stream()
    for number in range(2_000):
        stream.write(f"feedback{number:05}", {"experience": "word " * 800}, kind="feedback")
    with Kit.open(folder) as kit:
        kit.add("event", {"title": "Fair"})
        before = (kit.state_hash(), kit.ledger.origins())
        with pytest.raises(StorageError):
            take(kit, stream.parcel())
        assert (kit.state_hash(), kit.ledger.origins()) == before
        assert kit.check() == []
        assert take(kit, stream.parcel(1, 10)).ops == 10


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    for folder in (file, file / "kit"):
        with pytest.raises(StorageError):
            Kit.create(folder, None)
        with pytest.raises(FieldkitError):
            Kit.open(folder)
    with pytest.raises(StorageError):
        open_engine(file / "kit" / DATABASE, b"k" * 32)
    assert file.read_text() == "in the way"


def test_a_disk_that_can_only_be_read_is_said_in_words(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.add("event", {"title": "Fair"})
    with kit.reading() as connection:
        execute(connection, "PRAGMA query_only = ON")
    kit._engine.dispose()

    def read_only(*_: object) -> Any:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("fieldkit.store.engine.os.open", read_only)
    with pytest.raises(StorageError) as caught:
        open_engine(kit.folder / "new.db", b"k" * 32)
    assert "only be read" in str(caught.value)


def _refusal(folder: Path) -> FieldkitError:
    """What opening and using the kit in `folder` says; everything that is tried must end in words."""
    with pytest.raises(FieldkitError) as caught, Kit.open(folder) as kit:
        kit.counts()
        kit.page("event")
        kit.state_hash()
        if found := kit.check():
            raise VaultError(found[0])
        kit.add("event", {"title": "Fair"})
    return caught.value


@pytest.fixture
def damaged(kit: Kit) -> Path:
    """The database of a closed kit that holds records."""
    kit.add_many("event", [{"title": f"Fair {number}", "notes": "word " * 50} for number in range(300)])
    kit.close()
    return kit.folder / DATABASE


@pytest.mark.parametrize("at", [0, 20, 100, 4_000, 4_100, 12_000, 50_000, -5_000, -1])
def test_a_damaged_database_is_said_in_words(damaged: Path, at: int) -> None:
    content = bytearray(damaged.read_bytes())
    content[at] ^= 0xFF
    damaged.write_bytes(content)
    error = _refusal(damaged.parent)
    assert error.message
    assert damaged.read_bytes()[:16] == bytes(content[:16])


def test_an_overwritten_or_shortened_database_is_said_in_words(damaged: Path) -> None:
    content = damaged.read_bytes()
    for harmed in (
        b"\0" * len(content),
        b"SQLite format 3\0" + content[16:],
        content[:5_000],
        content[:-4_096],
        b"x",
    ):
        damaged.write_bytes(harmed)
        assert _refusal(damaged.parent).message


def test_an_empty_or_missing_database_is_not_taken_for_a_new_kit(damaged: Path) -> None:
    damaged.write_bytes(b"")
    assert "missing or empty" in str(_refusal(damaged.parent))
    damaged.unlink()
    assert "missing or empty" in str(_refusal(damaged.parent))
    assert not damaged.exists()
    damaged.mkdir()
    assert "missing or empty" in str(_refusal(damaged.parent))


def test_a_folder_in_place_of_a_file_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(FieldkitError):
        Kit.create(tmp_path, None)


def test_check_lists_damage_inside_an_open_file(kit: Kit) -> None:
    kit.add_many("event", [{"title": f"Fair {number}", "notes": "word " * 50} for number in range(300)])
    kit.close()
    file = kit.folder / DATABASE
    content = bytearray(file.read_bytes())
    for at in range(len(content) // 2, len(content), 4_096):
        content[at] ^= 0xFF
    file.write_bytes(content)
    with Kit.open(kit.folder) as again:
        found = again.check()
    assert found
    assert "damaged" in found[0]


def test_files_are_for_this_user_alone(kit: Kit, tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        made, _ = Kit.create(tmp_path / "new" / "kit", None)
        with made:
            made.desk.set_setting("origin", ORIGIN)
            made.add("event", {"title": "Fair"})
            folder = made.folder
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    finally:
        os.umask(previous)
    assert DATABASE + "-wal" in modes
    assert set(modes.values()) == {0o600}


def test_carrying_there_and_back_changes_nothing(new_kit: Callable[..., Kit]) -> None:
    one, two = new_kit(), new_kit("c" * 26 + ".00000001")
    one.add("event", {"title": "Fair"})
    carry(one, two)
    two.add("event", {"title": "Workshop"})
    carry(two, one, one)
    carry(one, two)
    assert one.state_hash() == two.state_hash()
    assert sorted(one.ledger.origins()) == sorted(two.ledger.origins())


def test_what_was_made_lately_is_counted_from_the_latest_changes(kit: Kit) -> None:
    origin = kit.origin
    for number in range(5):
        kit.add("feedback", {"experience": f"words {number}"})
    made = [one.created for one in kit.page("feedback", 0, 10)][::-1]
    kit.add("event", {"title": "Fair"})
    kinds = ("feedback", "session")
    assert kit.made_since(kinds, origin, made[0], 100) == (5, False)
    assert kit.made_since(kinds, origin, made[2], 100) == (3, False)
    assert kit.made_since(kinds, origin, made[0], 4) == (4, True)
    assert kit.made_since(kinds, origin, made[4], 3) == (1, False)
    assert kit.made_since(kinds, "b" * 26 + ".00000001", 0, 100) == (0, False)
    latest = kit.page("feedback", 0, 1)[0]
    kit.edit(kit.get(latest.record_id), {"rating": "2"})
    kit.delete(kit.page("feedback", 1, 1)[0].record_id)
    assert kit.made_since(kinds, origin, made[0], 100) == (4, False)


def test_a_clash_in_what_this_version_does_not_know_is_settled_by_choosing(
    new_kit: Callable[..., Kit],
) -> None:
    kit, other = new_kit(), new_kit()
    streams = Stream(), Stream("c")
    for stream, colour in zip(streams, ("red", "blue"), strict=True):
        stream.write("lantern0", {"colour": colour}, kind="lantern")
        stream.write(
            "record00", {"experience": "same", "later": {"shade": colour}}, kind="feedback", schema=2
        )
        stream.write("record11", {"rating": {"shade": colour}}, kind="feedback", schema=2)
        for one in (kit, other):
            take(one, stream.parcel(len(stream.lines) - 2))
    assert [(clash.kind, clash.record_id, clash.field) for clash in kit.conflicts()] == [
        ("lantern", "lantern0", "colour"),
        ("feedback", "record00", "later"),
        ("feedback", "record11", "rating"),
    ]
    for clash in kit.conflicts()[:2]:
        kit.choose(clash, 1)
    with pytest.raises(Misuse):
        kit.choose(kit.conflicts()[0], 0)
    with pytest.raises(Misuse):
        kit.choose(kit.conflicts()[0], 2)
    assert [clash.field for clash in kit.conflicts()] == ["rating"]
    carry(kit, other)
    assert other.state_hash() == kit.state_hash()
    assert kit.get("record00").extra == {"later": {"shade": "red"}}
    assert kit.check() == other.check() == []
