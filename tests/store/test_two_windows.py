"""Two windows on one kit: the second says so and only reads, until the first is closed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app_desk import SIZE, form, home, on, picture, records, saved, shown, type_in
from commanding import Run
from fieldkit.app import FieldkitApp
from fieldkit.errors import InUse
from fieldkit.screens.base.screen_table import WRITES
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.records.records_screen import RecordsScreen
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.store.window_lock import HOLDER, LOCK, Holder, WindowLock
from fieldkit.widgets.dialogs.message_box import Message
from waiting import until


async def _refused(pilot: Pilot[object], key: str) -> None:
    """Press a key and read that the other window records."""
    await pilot.press(key)
    await on(pilot, Message)
    assert "open in another window (since " in picture(pilot)
    assert "process " in picture(pilot) and "This window only reads" in " ".join(picture(pilot).split())
    await pilot.press("escape")


async def test_the_second_window_only_reads_and_leaves_the_first_its_entry(folder: Path) -> None:
    first, second = FieldkitApp(folder), FieldkitApp(folder)
    async with first.run_test(size=SIZE) as entry:
        await home(entry)
        await entry.press("p")
        await on(entry, RecordsScreen)
        await entry.press("n")
        await form(entry)
        await type_in(entry, "Zainab")
        assert first.kit is not None
        await until(entry, lambda: first.kit is not None and first.kit.drafts.all(), "the draft")
        async with second.run_test(size=SIZE) as two:
            await home(two)
            await until(two, lambda: "Open in another window since" in picture(two), "the note")
            assert "unfinished" not in shown(two, "#right")
            for key in ("f", "u", "y", "x"):
                await _refused(two, key)
                await on(two, HomeScreen)
            await two.press("p")
            await on(two, RecordsScreen)
            await until(two, lambda: "Amina Khan" in picture(two), "the people")
            await _refused(two, "n")
            await on(two, RecordsScreen)
            await two.press("escape")
            await home(two)
            await two.press("w")
            await on(two, Message)
            await two.press("escape")
            await on(two, HomeScreen)
            assert second.kit is not None
            with pytest.raises(InUse):
                second.kit.add("person", {"name": "Nobody"})
            assert len(second.kit.drafts.all()) == 1
            await entry.press("tab", "f2")
            screen = first.screen
            assert isinstance(screen, EntryScreen)
            if screen.form is not None:
                screen.form.set_answer("consent_record", "Y")
                await entry.press("f2")
            await saved(entry)
            await first.leave()
            await until(two, lambda: not (folder / HOLDER).exists(), "the first to end")
            await two.press("w")
            # Its board opens once it records.
            await on(two, StallBoard)
            await home(two)
            await second.leave()
    assert first.faults == second.faults == []
    assert [record["name"] for record in records(folder, "person")].count("Zainab") == 1
    with Kit.open(folder) as kit:
        assert kit.drafts.all() == []


async def test_what_would_be_written_next_is_allowed_once_the_other_window_is_gone(folder: Path) -> None:
    other = WindowLock(folder)
    assert other.acquire() is None
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await _refused(pilot, "f")
        other.release()
        await pilot.press("f")
        await form(pilot)
        await app.leave()
    assert not app.faults
    assert WindowLock(folder).acquire() is None


def test_a_window_that_was_killed_locks_nobody_out(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fieldkit.store.window_lock import WindowLock\n"
        f"assert WindowLock.acquire(lock := WindowLock(Path({str(tmp_path)!r}))) is None\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as held:
        assert held.stdout is not None and held.stdout.readline() == b"held\n"
        mine = WindowLock(tmp_path)
        holder = mine.acquire()
        assert holder is not None and holder.process == held.pid
        assert f"process {held.pid}" in str(holder.refusal())
        held.kill()
    assert (tmp_path / HOLDER).exists(), "what it said of itself stays, and holds nothing"
    assert mine.acquire() is None
    mine.release()
    assert not (tmp_path / HOLDER).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"process": "x", "since": "y"}',
        b"[" * 900,
        json.dumps({"since": 3}).encode(),
    ],
)
def test_what_stands_about_the_holder_is_not_trusted(tmp_path: Path, content: bytes) -> None:
    held, mine = WindowLock(tmp_path), WindowLock(tmp_path)
    assert held.acquire() is None
    (tmp_path / HOLDER).write_bytes(content)
    assert mine.acquire() == Holder()
    assert str(Holder().refusal()).startswith("This kit is open in another window. This window only reads.")
    held.release()


def test_a_folder_that_takes_no_lock_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()
    assert WindowLock(tmp_path).acquire() is None
    assert WindowLock(tmp_path / "missing" / "folder").acquire() is None


async def test_a_window_over_a_kit_that_was_replaced_never_records(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "backup"
    shutil.copytree(folder, copy)
    first, second = FieldkitApp(folder), FieldkitApp(folder)
    async with first.run_test(size=SIZE) as entry:
        await home(entry)
        async with second.run_test(size=SIZE) as two:
            await home(two)
            await until(two, lambda: "Open in another window since" in picture(two), "the note")
            await first.leave()
            # What a restore does once no window records any more.
            folder.rename(tmp_path / "kit.before-restore")
            copy.rename(folder)
            for key in ("w", "f", "p"):
                await two.press(key)
                if key == "p":
                    await on(two, RecordsScreen)
                    await two.press("n")
                await on(two, Message)
                assert "This kit was replaced" in picture(two)
                assert "The kit in this folder was replaced" in picture(two)
                await two.press("escape")
            await two.press("escape")
            await on(two, HomeScreen)
            await until(two, lambda: "shows a kit that was replaced meanwhile" in picture(two), "the note")
            assert second.reads_only and "w record here" not in picture(two)
            await second.leave()
    assert WindowLock(folder).acquire() is None, "a window opened now records"


def test_every_screen_that_writes_is_known() -> None:
    from fieldkit.screens.base.screen_table import SCREENS

    assert set(SCREENS) >= WRITES


def test_commands_go_on_beside_an_open_window(folder: Path, run: Run) -> None:
    window = WindowLock(folder)
    assert window.acquire() is None
    run("--kit", folder, "record", "event", "--set", "title=Second fair")
    window.release()
    assert "Second fair" in {record["title"] for record in records(folder, "event")}


def test_no_backup_takes_the_place_of_a_kit_that_is_open_in_a_window(
    folder: Path, tmp_path: Path, run: Run
) -> None:
    assert run("--kit", folder, "backup", "--out", tmp_path / "b.fkbackup").code == 0
    window = WindowLock(folder)
    assert window.acquire() is None
    refused = run("--kit", folder, "restore", tmp_path / "b.fkbackup", "--yes")
    assert refused.code == 1
    assert "This kit is open in a window (since " in refused.err and "Close that window" in refused.err
    window.release()
    assert run("--kit", folder, "restore", tmp_path / "b.fkbackup", "--yes").code == 0
