"""The command line's reports: summary, tables and check, and how it writes times and ranges."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli_kits import Kits, with_answers
from commanding import Run
from fieldkit.cli.output import iso_time
from fieldkit.presentation.wording import age, ago, date_and_time, runs_shown
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings")

DAY = 86_400_000


def test_summary_and_tables(run: Run, hub: Path, tmp_path: Path) -> None:
    assert "No feedback, attendance or mentoring is recorded yet." in run("summary").out
    run("record", "feedback", *with_answers("consent_record=Y", "rating=1", "service_area=diabetes"))
    assert "diabetes" in run("summary").out
    assert run("summary", "--json").json["all_services"]["total"] == 1
    assert run("tables", "-o", "out.xlsx").code == 0
    assert run("tables", "-o", "out.xlsx").code == 2
    assert run("tables", "-o", "out.xlsx", "--force").code == 0
    files = run("tables", "-o", f"{tmp_path / 'csv'}/", "--json").json["files"]
    assert tmp_path / "csv" / "feedback.csv" in [Path(name) for name in files]


@pytest.mark.parametrize("name", ["out.doc", "out.numbers", "out.xlsx.old", ""])
def test_tables_go_into_a_workbook_or_a_folder_and_nothing_else(
    run: Run, hub: Path, tmp_path: Path, name: str
) -> None:
    before = set(tmp_path.iterdir())
    ran = run("tables", "-o", name)
    assert ran.code == 2
    assert "Nothing was written." in ran.err
    assert set(tmp_path.iterdir()) == before
    if name:
        assert ".xlsx" in ran.err and f"{name}/" in ran.err
        assert run("tables", "-o", f"{name}/").code == 0
        assert (tmp_path / name / "feedback.csv").exists()
        assert run("tables", "-o", name, "--force").code == 0  # the target exists, and is a folder


def test_tables_name_the_option_that_writes_over(run: Run, kits: Kits) -> None:
    run("tables", "-o", "out.xlsx")
    assert "--force" in run("tables", "-o", "out.xlsx").err


def test_check_lists_what_it_finds(run: Run, hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check").out == "All is well.\n"
    monkeypatch.setattr(Kit, "check", lambda *_: ["The file is damaged."])
    ran = run("check", "--json")
    assert (ran.code, ran.json) == (1, {"ok": False, "findings": ["The file is damaged."], "unfinished": []})


def test_times_that_cannot_be_are_words() -> None:
    assert iso_time(0) is None
    assert iso_time(2**53 - 1) is None
    assert date_and_time(2**53 - 1) == "date not known"
    assert iso_time(1_700_000_000_000) == "2023-11-14T22:13:20Z"


def test_runs_are_written_as_people_write_them() -> None:
    assert runs_shown([(12, 12), (1_201, 1_350)]) == "12, 1201-1350"
    assert runs_shown([(n, n) for n in range(1, 24, 2)], most=2) == "1, 3 and 10 more"


@pytest.mark.parametrize(
    ("since", "long_ago", "old"),
    [
        (-5 * DAY, "today", "from today"),
        (0, "today", "from today"),
        (DAY - 1, "today", "from today"),
        (DAY, "1 day ago", "1 day old"),
        (12 * DAY, "12 days ago", "12 days old"),
    ],
)
def test_ages_are_as_old_as_they_say(since: int, long_ago: str, old: str) -> None:
    now = 1_800_000_000_000
    assert (ago(now - since, now), age(now - since, now)) == (long_ago, old)
