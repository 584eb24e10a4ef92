"""A program that is ended while it writes readable text leaves none: the next start removes it, wherever it is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run
from fieldkit import leftover_files
from fieldkit.file_writing import NewFile

pytestmark = pytest.mark.journey

COMMENT = "precious words of a patient"

#: The program, ended before a new file gets its name.
_ENDED = """
import os, sys
from fieldkit import file_writing
def ended(*_, **__):
    os._exit(9)
file_writing.replace_file = ended
import fieldkit.output_folder as output
output.replace_file = ended
from fieldkit.__main__ import main
if "slip" in sys.argv:
    from pathlib import Path
    from fieldkit.presentation.slips import write_slip
    from fieldkit.store.kit import Kit
    with Kit.open(Path(sys.argv[2])) as kit:
        write_slip(kit, Path(sys.argv[4]), "K7Q2-M9XD-4TBW")
main(sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def noted_anew() -> Iterator[None]:
    """Forget after each test where this process notes new files."""
    yield
    leftover_files._notes = None


@pytest.fixture
def kit(run: Run, tmp_path: Path) -> Path:
    assert run("network", "create", "Fair", "--no-passphrase").code == 0
    added = run(
        "record", "feedback", *with_answers(f"experience={COMMENT}", "consent_record=yes", "rating=2")
    )
    assert added.code == 0
    (tmp_path / "stick").mkdir()
    return tmp_path / "hub"


WRITERS = [
    ("tables", "-o", "{}/csv-folder"),
    ("tables", "-o", "{}/tables.xlsx"),
    ("backup", "-o", "{}/kit.fkbackup"),
    ("backup", "-o", "{}/kit.fkbackup", "--test"),
    ("export", "-o", "{}"),
    ("network", "invite", "-o", "{}/net.fkn"),
    ("receipt", "-o", "{}/receipt.fkr"),
    ("bulletin", "--from", "2026-01-01", "--to", "2026-12-31", "-o", "{}/bulletin.md"),
    ("bulletin", "--from", "2026-01-01", "--to", "2026-12-31", "-o", "{}/bulletin.docx"),
    # A row is refused, and the list of refused rows is written.
    ("record", "feedback", "--from", "{}/answers.csv", "--map", "Rating=rating", "--map", "Words=experience"),
    ("slip", "{}"),
    ("forms", "-o", "{}/forms"),
    # It opens no kit, but the kit given with --kit still notes its files.
    ("protect", "--tables", "{}/exact", "-o", "{}/protected"),
]


@pytest.mark.parametrize("arguments", WRITERS)
def test_what_an_ended_program_left_goes_with_the_next_start(
    run: Run, kit: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    stick = tmp_path / "stick"
    (stick / "csv-folder").mkdir()
    (stick / "answers.csv").write_text(f"Rating,Words\n2,fine\nperhaps,{COMMENT}\n")
    (stick / "exact").mkdir()
    (stick / "exact" / "true-t.csv").write_text("row,A,Total\nx,3,10\ny,40,50\nTotal,43,60\n")
    (stick / "exact" / "relations.txt").write_text("sum t row Total = x + y\n")
    given = [argument.format(stick) for argument in arguments]
    if arguments[0] == "record":
        given += ["--understood", "--consent", "none"]
    done = subprocess.run(
        [sys.executable, "-c", _ENDED, "--kit", str(kit), *given], capture_output=True, check=False
    )
    assert done.returncode == 9, done.stderr
    assert list(stick.rglob(".fieldkit-*"))
    status = run("status")
    assert status.code == 0
    assert "was removed" in status.err and str(stick) in status.err
    assert not list(stick.rglob(".fieldkit-*"))
    assert not list(kit.glob(".fieldkit-*"))
    assert "removed" not in run("status").err


def test_a_stick_that_is_out_is_told_by_check_and_cleared_when_it_is_back(
    run: Run, kit: Path, tmp_path: Path
) -> None:
    stick, away = tmp_path / "stick", tmp_path / "away"
    given = ["tables", "-o", str(stick / "tables.xlsx")]
    subprocess.run(
        [sys.executable, "-c", _ENDED, "--kit", str(kit), *given], capture_output=True, check=False
    )
    stick.rename(away)
    checked = run("check")
    assert checked.code == 0
    assert "can't be reached now" in checked.out and str(stick) in checked.out
    assert run("check", "--json").json["unfinished"]
    away.rename(stick)
    assert list(stick.glob(".fieldkit-*"))
    assert "All is well" in run("check").out
    assert not list(stick.glob(".fieldkit-*"))


#: The program, ended while a demonstration is open.
_TRIED = """
import os, sys
from fieldkit.cli.commands.network import demo_command
def ended(folder, on_progress):
    folder.mkdir()
    (folder / "words").write_text("typed to try")
    os._exit(9)
demo_command.build = ended
from fieldkit.__main__ import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("has_kit", [True, False])
def test_a_demonstration_that_was_ended_is_thrown_away_all_the_same(
    run: Run, kit: Path, tmp_path: Path, has_kit: bool
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    tried = [
        sys.executable,
        "-c",
        _TRIED,
        "--kit",
        str(kit if has_kit else tmp_path / "none"),
        "--plain",
        "demo",
    ]
    done = subprocess.run(
        tried, capture_output=True, check=False, env={**os.environ, "TMPDIR": str(temporary)}
    )
    assert done.returncode == 9, done.stderr
    (first,) = temporary.iterdir()
    if has_kit:
        assert str(temporary) in run("status").err
    else:
        subprocess.run(tried, capture_output=True, check=False, env={**os.environ, "TMPDIR": str(temporary)})
    assert not first.exists()


def test_a_file_that_another_program_is_writing_is_left_alone(run: Run, kit: Path, tmp_path: Path) -> None:
    leftover_files.clear_unfinished(kit)
    with NewFile(tmp_path / "stick" / "letter.csv") as new:
        new.file.write(COMMENT.encode())
        assert run("status").code == 0
        assert new.path.exists()
        new.keep()
    assert (tmp_path / "stick" / "letter.csv").read_text() == COMMENT
    assert not list(kit.glob(".fieldkit-*"))


def test_a_note_that_somebody_forged_removes_nothing_else(run: Run, kit: Path, tmp_path: Path) -> None:
    other = tmp_path / "stick" / "own-file"
    other.write_text("own")
    (kit / ".fieldkit-forged.note").write_text(str(other))
    (kit / ".fieldkit-odd.note").write_bytes(b"\0\xff" * 9)
    assert run("status").code == 0
    assert other.exists()
