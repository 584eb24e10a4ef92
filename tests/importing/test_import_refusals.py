"""Rows and files that can't be imported: each gets a reason, and nothing of them is stored."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.store.kit import Kit
from import_steps import bring, import_understood

pytestmark = pytest.mark.usefixtures("in_a_folder")


def test_every_reason_of_a_row_is_named_and_the_others_are_kept(kit: Kit) -> None:
    done = bring(
        kit,
        "rating,date,experience\n9,31/31/2026,x\n1,2026-01-01,ok\n,,\n2,,too,many\n",
    )
    assert (done.rows, done.stored) == (3, 1)
    assert [problem.line for problem in done.problems] == [2, 5]
    assert "9" in done.problems[0].value
    assert any("blank" in note for note in done.notes)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"mapping": {"Nope": "experience"}}, "no column"),
        ({"mapping": {"words": "nope"}}, "not a field"),
        ({"settings": {"rating": "77"}}, "77"),
        ({"settings": {"nope": "1"}}, "not a field"),
        ({}, "No column"),
    ],
)
def test_misuse_is_stated_before_anything_is_stored(kit: Kit, more: dict[str, object], text: str) -> None:
    with pytest.raises(Misuse, match=text):
        import_understood(kit, "feedback", b"words\nx\n", **{"mapping": {}, **more})  # type: ignore[arg-type]
    assert kit.counts()["feedback"] == 0


def test_unknown_kinds_and_files(kit: Kit, tmp_path: Path) -> None:
    for act in (
        lambda: import_understood(kit, "nonsense", b"a\n1\n"),
        lambda: import_understood(kit, "feedback", tmp_path / "missing.csv"),
        lambda: import_understood(kit, "feedback", tmp_path),
        lambda: import_understood(kit, "feedback", b""),
        lambda: import_understood(kit, "feedback", b"%PDF-1.4 nothing"),
    ):
        with pytest.raises(FieldkitError):
            act()
    assert kit.check() == []


def test_a_stick_that_can_only_be_read_gets_no_file(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, here = tmp_path / "stick", tmp_path / "here"
    stick.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != stick)
    path = stick / "rows.csv"
    path.write_text("rating\n1\n9\n")
    done = import_understood(kit, "feedback", path)
    assert (done.stored, done.refused) == (1, 1)
    assert Path(done.refused_file).parent == here


def test_days_that_a_spreadsheet_counted_are_stated_to_be_so(kit: Kit, tmp_path: Path) -> None:
    done = bring(kit, "date,experience\n45567,Kind\n45567.5,Slow\n123,Odd\n")
    assert done.refused == 3
    for problem in done.problems[:2]:
        assert "2 Oct 2024" in problem.reason and "as a date" in problem.reason
    assert "write day/month/year" in done.problems[2].reason
    book = xlsxwriter.Workbook(tmp_path / "days.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row("A1", ["date", "experience"])
    sheet.write_row("A2", [45567, "Kind"])
    book.close()
    done = import_understood(kit, "feedback", tmp_path / "days.xlsx")
    assert "2 Oct 2024" in done.problems[0].reason


def test_a_column_of_dates_is_read_in_one_order(kit: Kit) -> None:
    done = bring(kit, "date,experience\n31/02/2025,a\nnever,b\n2025-13-01,c\n")
    assert done.refused == 3
    done = bring(kit, "rating,date,experience\n9,10/27/2025,a\n1,1-31-25,b\n1,3/4/2025,c\n")
    assert (done.stored, done.refused) == (2, 1)
    assert {record.values["date"] for record in kit.page("feedback")} == {"2025-01-31", "2025-03-04"}
    done = bring(kit, "date,experience\n10/27/2025,a\n\n27/10/2025,c\n3/4/2025,d\n")
    assert (done.stored, done.refused) == (2, 1)
    assert {record.values["date"] for record in kit.page("feedback", limit=2)} == {"2025-10-27", "2025-04-03"}
    assert "1 blank row was skipped." in done.notes


def test_the_value_of_a_refused_cell_is_shown_as_the_spreadsheet_shows_it(kit: Kit, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "seven.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row("A1", ["rating", "experience"])
    sheet.write_row("A2", [7, "Kind"])
    book.close()
    assert import_understood(kit, "feedback", tmp_path / "seven.xlsx").problems[0].value == "7"


def test_what_people_wrote_who_did_not_agree_is_copied_nowhere(kit: Kit, in_a_folder: None) -> None:
    done = bring(
        kit,
        "experience,rating,consent_record\nKind nurse,very good,yes\nSECRET words,poor,no\nLate,sometimes,yes\n"
        "SECRET too,sometimes,prefer not to say\n",
        refused_to=Path("answers.csv"),
    )
    assert (done.stored, done.refused) == (1, 3)
    assert not any("SECRET" in str(problem) for problem in done.problems)
    assert [problem.line for problem in done.problems] == [3, 4, 5]
    assert any("2 people did not agree" in note for note in done.notes)
    assert "SECRET" not in Path("answers.refused.csv").read_text("utf-8-sig")
    assert "Late" in Path("answers.refused.csv").read_text("utf-8-sig")
