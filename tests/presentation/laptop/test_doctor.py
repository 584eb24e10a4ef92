"""`fieldkit doctor`: it finds each thing that may be wrong on a laptop, says what to do, and reveals nothing private."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.presentation.laptop import doctor
from fieldkit.presentation.laptop.cloud_folders import cloud_service
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.mark.parametrize(
    ("environment", "is_terminal", "encoding", "state"),
    [
        ({"TERM": "xterm-256color"}, True, "utf-8", "good"),
        ({}, True, "UTF-8", "good"),
        ({"TERM": "dumb"}, True, "utf-8", "look"),
        ({"TERM": "xterm"}, True, "ascii", "bad"),
        ({"TERM": "xterm"}, False, "utf-8", "look"),
    ],
)
def test_the_terminal(environment: dict[str, str], is_terminal: bool, encoding: str, state: str) -> None:
    assert doctor.terminal(environment, is_terminal, encoding).state == state


def test_colours_and_the_window() -> None:
    assert doctor.colours({"TERM": "xterm-256color"}).seen == "256"
    assert doctor.colours({"NO_COLOR": "1"}).state == "good"
    assert doctor.colours({"TERM": "vt100"}).state == "look"
    assert [doctor.size(*each).state for each in ((59, 24), (80, 19), (60, 20), (80, 24))] == [
        "bad",
        "bad",
        "look",
        "good",
    ]


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("OneDrive - NHS Trust/kit", "OneDrive"),
        ("Dropbox/fieldkit", "Dropbox"),
        ("Library/Mobile Documents/com~apple~CloudDocs/kit", "iCloud"),
        ("Google Drive/kit", "Google Drive"),
        ("Nextcloud/a/b", "Nextcloud"),
        ("drop box/kit", ""),
        ("onedrives/kit", ""),
    ],
)
def test_a_folder_that_a_service_copies(tmp_path: Path, folder: str, service: str) -> None:
    assert cloud_service(tmp_path / folder, {}) == service


def test_a_service_is_seen_by_its_marks_its_variable_and_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "work" / ".dropbox.cache").mkdir(parents=True)
    assert cloud_service(tmp_path / "work" / "kit", {}) == "Dropbox"
    assert cloud_service(tmp_path / "drive" / "kit", {"OneDrive": str(tmp_path / "drive")}) == "OneDrive"
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "OneDrive")
    assert cloud_service(tmp_path / "link" / "kit", {}) == "OneDrive"


def test_a_stick_that_takes_nothing(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert [each.state for each in doctor.media([tmp_path, gone])] == ["good", "look"]
    assert list(tmp_path.iterdir()) == []
    assert doctor.media([])[0].seen == "none is in"


def test_a_clock_that_can_not_be_right(hub: Path) -> None:
    assert doctor.clock(None, datetime(1980, 1, 1)).state == "bad"
    assert doctor.clock(None, datetime(2026, 11, 1)).state == "good"
    with Kit.open(hub) as kit:
        assert doctor.clock(kit).state == "good"


def test_the_command_answers_with_lines_json_and_a_code(run: Run, hub: Path) -> None:
    ran = run("doctor")
    assert ran.code == 0, ran.out
    looks = sum(line.startswith("look") for line in ran.out.splitlines())
    assert ("All is well." in ran.out) == (looks == 0), "nothing to look at is well, anything else is not"
    assert looks == 0 or f"{looks} to look at" in ran.out
    for subject in (
        "Terminal",
        "Colours",
        "Python",
        "Preferences",
        "Kit",
        "Cloud folder",
        "Disk",
        "Stick",
        "Clock",
        "Backup",
    ):
        assert f"  {subject}: " in ran.out
    assert {each["subject"] for each in run("doctor", "--json").json} >= {"Kit", "Clock", "Backup"}


def test_what_is_bad_is_said_with_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "OneDrive" / "kit"
    assert run("--kit", folder, "network", "create", "X", "--no-passphrase").code == 0
    (tmp_path / "config.toml").write_text("[keys.home]\nfeedback = 'a'\n")
    ran = run("--kit", folder, "doctor")
    assert ran.code == 1
    assert (
        "BAD   Cloud folder: OneDrive copies the kit's folder\n      Close fieldkit, move the folder"
        in ran.out
    )
    assert "look  Preferences: config.toml: a for home.feedback is the key of" in ran.out
    assert "1 to put right" in ran.out


def test_a_locked_kit_is_not_asked_about_and_no_secret_is_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "correct horse battery")
    folder = tmp_path / "locked"
    assert run("--kit", folder, "network", "create", "X").code == 0
    opened = run("--kit", folder, "doctor")
    assert "correct horse" not in opened.out + opened.err
    assert "never tested" in opened.out or "none yet" in opened.out
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "quite another thing")
    assert "it can't be opened" in run("--kit", folder, "doctor").out
    monkeypatch.delenv("FIELDKIT_PASSPHRASE")
    locked = run("--kit", folder, "doctor", typed="")
    assert "not known while the kit is locked" in locked.out
    assert "Passphrase" not in locked.err


def test_no_kit_is_no_fault(run: Run) -> None:
    ran = run("doctor")
    assert ran.code == 0
    assert "there is none in" in ran.out
