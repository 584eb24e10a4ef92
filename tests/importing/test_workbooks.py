"""Workbooks as people make them: values keep their types, rows their numbers, and what is too large is refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.importing.reading.sheet_reader import read_sheet
from sheet_tables import ODS, values


def workbook(path: Path, *, fill: Callable[[xlsxwriter.Workbook], None]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


def test_a_workbook_keeps_its_types_and_row_numbers(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Blank")
        sheet = book.add_worksheet("Comments")
        book.add_worksheet("Notes").write(0, 0, "x")
        day, hour = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
        sheet.write_row(2, 1, ["Date", "At", "Rating", "Said", "Agreed", "Long"])
        sheet.write_datetime(4, 1, datetime(2024, 1, 2), day)
        sheet.write_datetime(4, 2, time(14, 3), hour)
        sheet.write_row(4, 3, [12.0, "two\nlines", True])
        sheet.write_number(4, 6, 1.25, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_formula(5, 3, "=1/0", None, "#DIV/0!")
        sheet.write(5, 4, "kept")

    sheet = read_sheet(workbook(tmp_path / "x.xlsx", fill=fill))
    rows = list(sheet.rows())
    assert [row.line for row in rows] == [5, 6]
    cells = rows[0].cells
    assert cells == {
        "Date": date(2024, 1, 2),
        "At": time(14, 3),
        "Rating": 12.0,
        "Said": "two\nlines",
        "Agreed": True,
        "Long": "30:00:00",
    }
    assert isinstance(cells["Rating"], float)
    assert "D6" in rows[1].faults["Rating"] and rows[1].cells["Said"] == "kept"
    assert sheet.blank_rows == 1
    assert len(sheet.notes) == 1 and "“Comments”" in sheet.notes[0] and "“Notes”" in sheet.notes[0]
    assert len(list(sheet.rows())) == 2


def test_a_sheet_can_be_named(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for name in ("One", "Two", "Empty"):
            sheet = book.add_worksheet(name)
            if name != "Empty":
                sheet.write_column(0, 0, ["Name", name])

    path = workbook(tmp_path / "x.xlsx", fill=fill)
    sheet = read_sheet(path, sheet="two")
    assert values(sheet) == [["Two"]] and sheet.notes == []
    with pytest.raises(Misuse, match="One, Two, Empty"):
        read_sheet(path, sheet="Three")
    with pytest.raises(Misuse, match="nothing in “Empty”"):
        read_sheet(path, sheet="Empty")
    with pytest.raises(Misuse, match="has no sheets"):
        read_sheet(b"a,b\n1,2\n", sheet="Two")


def test_an_ods_workbook(tmp_path: Path) -> None:
    def cell(kind: str, value: str, shown: str) -> str:
        typed = f'office:value-type="{kind}" {value}'
        return f"<table:table-cell {typed}><text:p>{shown}</text:p></table:table-cell>"

    heading = cell("string", "", "Day") + cell("string", "", "Rating")
    row = cell("date", 'office:date-value="2024-01-02"', "2 Jan") + cell("float", 'office:value="2"', "2")
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="One">'
        f"<table:table-row>{heading}</table:table-row><table:table-row>{row}</table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "x.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    (result,) = read_sheet(path).rows()
    assert result.line == 2 and result.cells == {"Day": date(2024, 1, 2), "Rating": 2.0}


def test_a_workbook_too_large_for_memory_is_refused(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["Name", "x"])
        sheet.write(1_048_575, 16_383, "far")

    path = workbook(tmp_path / "far.xlsx", fill=fill)
    with pytest.raises(FieldkitError, match="too large"):
        read_sheet(path)


def test_values_beyond_the_last_heading_are_shown(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, [1, 2, None, "over"])

    (row,) = read_sheet(workbook(tmp_path / "x.xlsx", fill=fill)).rows()
    assert row.extra == [None, "over"] and "to the right of the last heading" in row.problem
