"""Headings below titles, and the choice of a sheet in a workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.store.kit import Kit
from import_steps import bring, import_understood

pytestmark = pytest.mark.usefixtures("in_a_folder")


@pytest.mark.parametrize(
    "text",
    [
        "Friends and Family Test\n\nScore,Comment\n1,Kind\n7,Slow\n",
        "Friends and Family Test, October,,\nprinted 1/11/2026,,\nScore,Comment,Ward\n1,Kind,A\n7,Slow,B\n",
        "Friends and Family Test\tOctober\nScore;Comment\n1;Kind\n7;Slow\n",
        "About,About\nScore,Comment\n1,Kind\n7,Slow\n",
        '"A title\nof two lines"\nScore|Comment\n1|Kind\n7|Slow\n',
    ],
)
def test_headings_that_were_asked_for_are_found_under_a_title(kit: Kit, text: str) -> None:
    done = bring(kit, text, mapping={"comment": "experience", "Score": "rating"})
    assert (done.rows, done.stored, done.refused) == (2, 1, 1)
    assert [record.values["experience"] for record in kit.page("feedback")] == ["Kind"]
    lines = text.splitlines()
    assert done.problems[0].line == 1 + next(n for n, line in enumerate(lines) if line.startswith("7"))
    heading = 1 + next(n for n, line in enumerate(lines) if line.startswith("Score"))
    assert f"The headings were found in line {heading}" in done.notes[0]


def test_one_column_under_a_title_keeps_its_commas(kit: Kit) -> None:
    done = bring(kit, "Our comments\nComment\nKind, very kind\n", mapping={"Comment": "experience"})
    assert (done.stored, done.refused) == (1, 0)
    assert kit.page("feedback")[0].values["experience"] == "Kind, very kind"


def test_headings_that_name_fields_are_found_under_a_title(kit: Kit, tmp_path: Path) -> None:
    done = bring(kit, "Our comments\nrating,experience\n1,Kind\n")
    assert done.stored == 1
    book = xlsxwriter.Workbook(tmp_path / "title.xlsx")
    sheet = book.add_worksheet()
    sheet.merge_range("A1:B1", "Our comments")
    sheet.write_row("A3", ["rating", "experience"])
    sheet.write_row("A4", ["1", "Kind"])
    sheet.write_row("A5", ["x", "Slow"])
    book.close()
    done = import_understood(kit, "feedback", tmp_path / "title.xlsx")
    assert (done.rows, done.stored, done.problems[0].line) == (2, 1, 5)
    again = import_understood(kit, "feedback", Path(done.refused_file))
    assert (again.rows, again.problems[0].value) == (1, "x")


def test_a_first_row_that_is_known_is_the_heading_whatever_comes_below(kit: Kit) -> None:
    done = bring(kit, "experience,x\nrating,experience\n1,2\n")
    assert (done.rows, done.stored) == (2, 2)
    with pytest.raises(Misuse) as caught:
        bring(kit, "Our comments\nNote,Score\nKind,1\n")
    assert "delete the lines above" in caught.value.hint
    with pytest.raises(Misuse) as caught:
        bring(kit, "Our comments\nNote,Score\nKind,1\n", mapping={"Remark": "experience"})
    assert "delete the lines above" in caught.value.hint


def test_the_wrong_sheet_is_named(kit: Kit, tmp_path: Path) -> None:
    for cells in (["Read me first"], ["Read me first", "Please"]):
        book = xlsxwriter.Workbook(tmp_path / "cover.xlsx")
        cover = book.add_worksheet("Cover")
        cover.write_column("A1", cells)
        book.add_worksheet("Rows").write_row("A1", ["experience"])
        book.close()
        with pytest.raises(FieldkitError) as caught:
            import_understood(kit, "feedback", tmp_path / "cover.xlsx")
        assert "“Rows”" in str(caught.value) and "--sheet" in str(caught.value)
