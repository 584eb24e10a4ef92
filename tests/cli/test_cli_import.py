"""Importing on the command line: every row is stored or refused with its reason."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.records.schema.kind import kinds
from project_files import DATA, ROOT

COMMENTS = DATA / "fft-comments.csv"

CONFIRMED = ("--understood", "--consent", "signed forms")
"""Everything is as understood, and the people agreed."""

pytestmark = pytest.mark.usefixtures("surroundings")


def test_an_import_stores_or_refuses_every_row(run: Run, hub: Path, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("How was it?,Words = all,Day\n1,fine,1/2/2024\n7,odd,1/2/2024\n,,\n2,good,30/2/2024\n")
    arguments = (
        "record",
        "feedback",
        "--from",
        table,
        "--map",
        "How was it?=rating",
        "--map",
        "Words = all=experience",
        *CONFIRMED,
    )
    dry = run(*arguments, "--map", "Day=date", "--dry-run", "--json")
    assert dry.code == 3
    assert run("list", "feedback", "--json").json == []
    ran = run(*arguments, "--map", "Day=date", "--set", "provider=Trust", "--json")
    assert ran.code == 3
    assert (ran.json["rows"], ran.json["stored"], ran.json["refused"]) == (3, 1, 2)
    assert [problem["line"] for problem in ran.json["problems"]] == [3, 5]
    assert Path(ran.json["refused_file"]).name == "rows.refused.csv"
    assert run("list", "feedback", "--json").json[0]["provider"] == "Trust"
    output = run(*arguments, "--map", "Day=date").out
    assert "Line 3, How was it?: “7” is not one of the answers" in output
    assert "Line 5, Day: “30/2/2024” is not a date" in output
    summary = "3 rows: 1 stored as feedback, 2 refused"
    assert output.index("Line 5") < output.index(summary), "the counts stay in view below the problems"
    table.write_text("rating,experience\n1,fine\n")
    assert run("record", "feedback", "--from", table, *CONFIRMED).code == 0


def test_rows_come_by_standard_input(run: Run, hub: Path) -> None:
    ran = run("record", "feedback", "--from", "-", *CONFIRMED, "--json", piped="rating,experience\n1,fine\n")
    assert (ran.code, ran.json["stored"]) == (0, 1)


def test_the_real_file_is_stored_or_refused_row_by_row(run: Run, hub: Path, tmp_path: Path) -> None:
    copy = tmp_path / "fft.csv"
    copy.write_bytes(COMMENTS.read_bytes())
    columns = ("FFT categorical answer=rating", "FFT answer=experience", "Comment ID=reference", "Date=date")
    maps = [word for column in columns for word in ("--map", column)]
    ran = run("record", "feedback", "--from", copy, *maps, *CONFIRMED, "--json")
    assert ran.code == 3
    assert ran.json["rows"] == ran.json["stored"] + ran.json["refused"] == 420
    assert run("status", "--json").json["counts"]["feedback"] == ran.json["stored"]


def test_the_examples_of_the_readme(run: Run, hub: Path, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    lines = [line for line in readme.splitlines() if line.startswith("fieldkit record feedback --from")]
    (tmp_path / "fft-comments.csv").write_bytes(COMMENTS.read_bytes())
    dry, first, again = (run(*shlex.split(line)[1:], "--json") for line in lines)
    assert (dry.code, first.code, again.code) == (3, 3, 3)
    assert {item["column"] for item in dry.json["doubts"]} == {"Date", "FFT categorical answer"}
    [rating] = [item for item in dry.json["understood"] if item["field"] == "rating"]
    assert {"value": "5", "meaning": "very poor", "rows": 25, "problem": ""} in rating["values"]
    assert (first.json["rows"], first.json["stored"], first.json["refused"]) == (420, 386, 34)
    assert (again.json["stored"], again.json["here"], again.json["refused"]) == (0, 386, 34)
    assert run("status", "--json").json["counts"]["feedback"] == 386


def test_a_refused_row_shows_titles_of_fields_and_no_value_twice(run: Run, hub: Path, tmp_path: Path) -> None:
    long = "Podiatry and foot care for people with diabetes at the long valley clinic"
    rows = tmp_path / "rows.csv"
    rows.write_text(f"service,age\n{long},\nGP practice,\n", encoding="utf-8")
    ran = run("record", "feedback", "--from", rows, *CONFIRMED)
    assert ran.code == 3
    lines = [" ".join(line.split()) for line in ran.out.split("\n  Line ")]
    place = kinds()["feedback"].fields["experience"].title
    assert any(line.startswith(f"3, {place}: Nothing was said yet") for line in lines), ran.out
    assert sum(line.count("Podiatry") for line in lines if line.startswith("2, service")) == 1, ran.out
