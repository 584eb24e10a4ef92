"""`fieldkit protect`: plain tables in, and out what may be shown of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from project_files import DATA

FOLDER = DATA / "hostile-tables" / "02-two-margins"


def run(*arguments: object, place: Path) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a separate folder."""
    environment = {**os.environ, "FIELDKIT_HOME": str(place / "kit")}
    return subprocess.run(
        [sys.executable, "-m", "fieldkit", "protect", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_the_folder_holds_the_tables_with_stars_and_nothing_else(tmp_path: Path) -> None:
    done = run("--tables", FOLDER, "--preset", "fft", "-o", tmp_path / "out", "--json", place=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["shown"] + len(answer["hidden"]) == answer["figures"] == 16
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["ratings.csv"]
    written = (tmp_path / "out" / "ratings.csv").read_text()
    assert written.count("*") == len(answer["hidden"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]  # no kit is made


def test_a_folder_with_files_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    done = run("--tables", FOLDER, "-o", tmp_path / "out", place=tmp_path)
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_fault_in_the_tables_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "true-a.csv").write_text(",x\nGP,many\n")
    (tmp_path / "in" / "relations.txt").write_text("")
    done = run("--tables", tmp_path / "in", "-o", tmp_path / "out", place=tmp_path)
    assert done.returncode == 1
    assert "true-a.csv, line 2" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_preset_for_reading_is_refused(tmp_path: Path) -> None:
    done = run("--tables", FOLDER, "--preset", "tt", "-o", tmp_path / "out", place=tmp_path)
    assert done.returncode == 2
    assert "fft, ten, hes" in done.stderr


def test_zeros_are_hidden_in_tables_about_the_person(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "true-a.csv").write_text(",yes,no,total\nRoma,0,12,12\nIrish,20,30,50\nAll,20,42,62\n")
    (tmp_path / "in" / "relations.txt").write_text(
        "sum a col total = yes + no\nsum a row All = Roma + Irish\n"
    )
    arguments = ("--tables", tmp_path / "in", "--preset", "ten")
    plain = run(*arguments, "-o", tmp_path / "plain", place=tmp_path)
    assert "All in a, Roma gave one answer" in plain.stderr
    assert (tmp_path / "plain" / "a.csv").read_text().splitlines()[1] == "Roma,0,12,12"
    run(*arguments, "--monitoring", "-o", tmp_path / "person", place=tmp_path)
    assert (tmp_path / "person" / "a.csv").read_text().splitlines()[1] == "Roma,*,*,*"


KILLED = """
import os, signal, sys
from fieldkit import output_folder
write, seen = output_folder.write_private_file, []
def once_more(path, content):
    if seen:
        os.kill(os.getpid(), signal.SIGKILL)
    write(path, content)
    seen.append(path)
output_folder.write_private_file = once_more
from fieldkit.__main__ import main
sys.exit(main())
"""


def test_a_command_that_is_killed_leaves_no_true_number_and_the_next_removes_the_rest(tmp_path: Path) -> None:
    folder, arguments = (
        DATA / "hostile-tables" / "06-two-releases",
        ("--preset", "fft", "-o", tmp_path / "out"),
    )
    environment = {**os.environ, "FIELDKIT_HOME": str(tmp_path / "kit")}
    command = [sys.executable, "-c", KILLED, "protect", "--tables", str(folder), *map(str, arguments)]
    assert subprocess.run(command, env=environment, check=False).returncode == -9
    assert not (tmp_path / "out").exists()
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ".csv"]
    assert run("--tables", folder, *arguments, place=tmp_path).returncode == 0
    for path in left:
        assert not path.exists()
    assert sorted(path.name for path in tmp_path.rglob("*.csv")) == ["october.csv", "september.csv"]


def test_help_shows_how_relations_are_written(tmp_path: Path) -> None:
    done = run("--help", place=tmp_path)
    assert "sum TABLE row NAME = PART + PART        in each column" in done.stdout
