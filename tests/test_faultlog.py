"""The notes on unforeseen errors: where they arose, but never any recorded text."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fieldkit import faultlog
from fieldkit.faultlog import log_fault


def test_places_and_types_are_written_and_no_words(tmp_path: Path) -> None:
    try:
        try:
            raise KeyError("secret words")
        except KeyError as first:
            raise ValueError("more secret words") from first
    except ValueError as error:
        path = Path(log_fault(tmp_path, "saving", error))
        again = log_fault(tmp_path, "merging", error)
    assert again == str(path) == str(tmp_path / "errors.log")
    log = path.read_text()
    assert "UTC while saving\nValueError\n" in log
    assert "while merging" in log
    assert "KeyError\n" in log
    assert "test_faultlog.py:" in log
    assert "secret" not in log
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_error_that_led_to_itself_ends(tmp_path: Path) -> None:
    error, other = ValueError(), KeyError()
    error.__cause__, other.__cause__ = other, error
    assert log_fault(tmp_path, "saving", error)


def test_no_folder_is_made_for_a_note(tmp_path: Path) -> None:
    assert log_fault(tmp_path / "nowhere", "saving", ValueError()) == ""
    assert not (tmp_path / "nowhere").exists()
    (tmp_path / "errors.log").mkdir()
    assert log_fault(tmp_path, "saving", ValueError()) == ""


def test_the_log_has_a_bound_and_keeps_the_latest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faultlog, "LONGEST", 2_000)
    for number in range(200):
        faultlog.log_fault(tmp_path, f"reading file {number}", ValueError())
    log = tmp_path / faultlog.ERRORS_FILE
    assert log.stat().st_size < 4_000
    assert "while reading file 199" in log.read_text()
