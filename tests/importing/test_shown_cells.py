"""What a spreadsheet program shows in a cell is read or refused, in .xlsx, .xls and .ods alike.

The sheets were saved by LibreOffice (see data/workbooks/make.py).
"""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from test_hostile_workbooks import HEADING, ods, xlsx

from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.importing.reading.sheets import Sheet
from project_files import DATA

BOOKS = DATA / "workbooks"
FORMATS = ("xlsx", "xls", "ods")
FAULT = object()
"""Represents a cell that is refused whatever it holds."""
READ_AS = [
    3.0, 0.0, "50%", "00123", FAULT, "£5.00", "30 min", date(2026, 11, 2), FAULT, date(2026, 11, 2),
    datetime(2026, 11, 2, 14, 24), time(12), FAULT, "30:00:00", -5.0, 1_234_567.0, FAULT, FAULT, FAULT, FAULT, 0.3,
    123_456_789_012.0, FAULT, "07946001800", True, "00123", FAULT, FAULT, FAULT, FAULT, 0.0, "0:05:00", "yes", FAULT,
    "made of two", True, "12/05/1899", FAULT, " two\nlines ", None, time(23, 59, 59), 12.5, "in parts",
]  # fmt: skip
"""How each value of `SHOWN` in make.py is read."""


def rows_of(name: str, kind: str) -> list[Row]:
    return list(read_sheet(BOOKS / f"{name}.{kind}").rows())


@pytest.mark.parametrize("kind", FORMATS)
def test_every_kind_of_value_is_read_as_it_is_shown_or_refused(kind: str) -> None:
    rows = rows_of("shown", kind)
    assert len(rows) == len(READ_AS)
    for row, expected in zip(rows, READ_AS, strict=True):
        if expected is FAULT or (kind == "xls" and expected == "made of two"):
            # In .xls files LibreOffice stores a zero for the text of a formula, which is not its value.
            assert f"B{row.line} " in row.faults["value"], row
        else:
            assert (row.cells["value"], row.faults) == (expected, {}), row
            assert type(row.cells["value"]) is type(expected)
            assert row.cells["number"] == row.line


def test_the_three_formats_refuse_the_same_rows_for_the_same_reasons() -> None:
    def verdicts(kind: str) -> list[tuple[int, object]]:
        return [
            # LibreOffice shows a different error for what Excel calls #VALUE!.
            (row.line, row.faults.get("value", row.cells["value"]))
            for row in rows_of("shown", kind)
            if row.line not in (30, 36)
        ]

    assert verdicts("xlsx") == verdicts("xls") == verdicts("ods")


@pytest.mark.parametrize("kind", FORMATS)
def test_dates_shown_without_a_year_are_pointed_out(kind: str) -> None:
    assert any(
        "“value”" in note and "without a year" in note for note in read_sheet(BOOKS / f"shown.{kind}").notes
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_merged_cells_fill_their_rows_and_headings_their_columns(kind: str) -> None:
    sheet = read_sheet(BOOKS / f"merged.{kind}", known=lambda cells, below: below and "Rating" in cells)
    assert sheet.columns == ["Day", "Provider", "Ward", "Rating", "Comment"]
    assert sheet.paths == {
        "Provider": "Place / Provider",
        "Ward": "Place / Ward",
        "Rating": "Answer / Rating",
        "Comment": "Answer / Comment",
    }
    assert sheet.heading_rows == 2 and "“What people said”" in " ".join(sheet.notes)
    first, second, third, fourth, across, both, below = rows = list(sheet.rows())
    day, next_day = date(2026, 11, 2), date(2026, 11, 3)
    assert [list(row.cells.values()) for row in (first, second, third)] == [
        [day, "Hill Surgery", None, 1.0, "kind"],
        [day, "Hill Surgery", None, 2.0, "fine"],
        [day, "City Hospital", None, 3.0, "slow"],
    ]
    assert [row.filled for row in (first, second, third)] == [
        frozenset(),
        frozenset({"Day", "Provider"}),
        frozenset({"Day"}),
    ]
    # A record of two rows is one record; an error in a merged cell counts for its whole range.
    assert (fourth.line, fourth.cells["Day"], fourth.cells["Comment"]) == (
        8,
        next_day,
        "one record in two rows",
    )
    assert "C8 shows the error #N/A" in fourth.faults["Provider"]
    # Nobody knows to which column a value merged across columns belongs.
    assert across.cells["Day"] == "A line across" and set(across.faults) == {
        "Provider",
        "Ward",
        "Rating",
        "Comment",
    }
    assert both.cells["Provider"] == below.cells["Provider"] == "Both ways"
    assert set(both.faults) == set(below.faults) == {"Ward"} and "C11" in below.faults["Ward"]
    assert [row.line for row in rows] == [5, 6, 7, 8, 10, 11, 12]
    assert sheet.blank_rows == 0


def test_a_merged_error_is_one_in_every_row_of_its_range(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["provider", "rating"])
        sheet.merge_range("A2:A3", "")
        sheet.write_formula("A2", "=NA()", None, "#N/A")
        sheet.write_column("B2", [1, 2])
    assert ["A2" in row.faults["provider"] for row in read_sheet(tmp_path / "x.xlsx").rows()] == [True, True]


def test_a_cell_merged_over_columns_without_headings_is_one_value(tmp_path: Path) -> None:
    """Comments are often written across several columns."""
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "rating")
        sheet.merge_range("B1:F1", "experience")
        for row in (1, 2):
            sheet.write(row, 0, row)
            sheet.merge_range(row, 1, row, 5, f"said {row}")
    read = read_sheet(tmp_path / "x.xlsx")
    assert read.columns == ["rating", "experience"]
    assert [(row.cells["experience"], row.problem, row.faults) for row in read.rows()] == [
        ("said 1", "", {}),
        ("said 2", "", {}),
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_hidden_rows_columns_and_sheets_are_known(kind: str) -> None:
    sheet = read_sheet(BOOKS / f"hidden.{kind}")
    assert [row.hidden for row in sheet.rows()] == [True, False, True, False, True, False]
    assert sheet.hidden_rows == 3 and sheet.hidden_columns == ("rating",) and sheet.others == []
    assert "“rating”" in " ".join(sheet.notes)
    other = read_sheet(BOOKS / f"hidden.{kind}", sheet="out of sight")
    assert [row.hidden for row in other.rows()] == [True] and other.hidden_rows == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_days_may_be_counted_from_1904(kind: str) -> None:
    sheet = read_sheet(BOOKS / f"epoch.{kind}")
    assert sheet.epoch_1904
    assert [row.cells["date"] for row in sheet.rows()] == [date(2026, 11, 2), 44867.0]
    assert not read_sheet(BOOKS / f"shown.{kind}").epoch_1904


def test_formulas_that_nobody_worked_out_are_refused(tmp_path: Path) -> None:
    """Libraries don't calculate formulas: openpyxl stores nothing, xlsxwriter a zero, xlwt an empty text; .ods has no value."""
    with xlsxwriter.Workbook(tmp_path / "zero.xlsx") as book:
        book.add_worksheet().write_row("A1", ["a", "b"])
        book.worksheets()[0].write_row("A2", ["=1+3", 0])
    stored = xlsx(HEADING + '<row r="2"><c r="A2"><f>1+3</f><v/></c><c r="B2"><v>0</v></c></row>')
    formula = '<table:table-cell table:formula="of:=1+3"/>'
    zero = '<table:table-cell office:value-type="float" office:value="0"/>'
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in "ab"
    )
    in_ods = ods(
        f"<table:table-row>{texts}</table:table-row><table:table-row>{formula}{zero}</table:table-row>"
    )
    for source in (tmp_path / "zero.xlsx", stored, in_ods):
        (row,) = read_sheet(source).rows()
        assert "A2 has a formula without a stored value" in row.faults["a"]
        assert row.cells["b"] == 0 and "b" not in row.faults
    first, second = rows_of("formula-no-value", "xls")
    assert set(first.faults) == {"date", "rating"} and "B2" in first.faults["date"]
    assert (second.cells["rating"], second.faults) == (0.0, {})


def test_an_error_in_an_ods_file_is_refused() -> None:
    """As programs other than LibreOffice write it: a text without a value, or the number 0 beside the error."""
    cells = (
        '<table:table-cell office:value-type="string" office:string-value="" table:formula="of:=NA()"><text:p>#N/A</text:p>'
        '</table:table-cell><table:table-cell office:value-type="float" office:value="0" table:formula="of:=1/0">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in "ab"
    )
    (row,) = read_sheet(
        ods(f"<table:table-row>{texts}</table:table-row><table:table-row>{cells}</table:table-row>")
    ).rows()
    assert "A2 shows the error #N/A" in row.faults["a"] and "B2 shows the error #DIV/0!" in row.faults["b"]


def test_an_error_that_came_as_text_is_refused_too() -> None:
    sheet: Sheet = read_sheet(b"reference,rating\nr1,#N/A\nr2,Err:502\nr3,#1 in my list\n")
    faults = [row.faults for row in sheet.rows()]
    assert "“rating” shows the error #N/A" in faults[0]["rating"]
    assert list(faults[1]) == ["rating"] and faults[2] == {}


def test_texts_in_parts_and_how_they_are_said_aloud() -> None:
    phonetic = '<is><r><t>東</t></r><r><t xml:space="preserve">京 </t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is>'
    sheet = read_sheet(
        xlsx(
            HEADING + f'<row r="2"><c r="A2" t="inlineStr">{phonetic}</c><c r="B2" t="s"><v>0</v></c></row>',
            more={
                "xl/sharedStrings.xml": "<sst><si><r><t>two_x000D_\n</t></r><r><t>lines</t></r>"
                "<rPh><t>no</t></rPh></si></sst>"
            },
        )
    )
    (row,) = sheet.rows()
    assert row.cells == {"a": "東京 ", "b": "two\nlines"}
