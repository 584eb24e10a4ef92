"""The file of refused rows: it can be corrected and imported again, and it overwrites nothing."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from fieldkit.errors import StorageError
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.importing.refused_rows import RefusedWriter
from sheet_tables import values


def refuse_all(path: Path) -> Path | None:
    sheet = read_sheet(path)
    with RefusedWriter(path) as refused:
        for row in sheet.rows():
            refused.add(row, [] if row.problem else [("b", row.cells["b"], "Not a rating.")])
    return refused.path


def test_refused_rows_can_be_mended_and_read_again(tmp_path: Path) -> None:
    source = tmp_path / "fair.csv"
    source.write_text('a,b,reason\n=1+1,"7\nx",why\n\'-ok,-5,\nzoë,8,r,over\n', encoding="utf-8")
    path = refuse_all(source)
    assert path == tmp_path / "fair.refused.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfline,column,value,reason,a,b,reason\r\n2,b,")
    assert b"'=1+1" in content
    again = read_sheet(path)
    assert again.columns == ["a", "b", "reason"] and again.refused
    assert values(again) == [["=1+1", "7\nx", "why"], ["'-ok", "-5", ""], ["zoë", "8", "r", "over"]]
    assert [bool(row.problem) for row in again.rows()] == [False, False, True]
    assert not list(tmp_path.glob("*.part"))


def test_nothing_refused_leaves_no_file(tmp_path: Path) -> None:
    with RefusedWriter(tmp_path / "fair.csv") as refused:
        pass
    assert refused.path is None and list(tmp_path.iterdir()) == []


def test_mending_from_an_earlier_time_is_not_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "fair.csv"
    source.write_text("a,b\n1,2\n")
    first, second = refuse_all(source), refuse_all(source)
    assert (first, second) == (tmp_path / "fair.refused.csv", tmp_path / "fair.refused (2).csv")


def test_a_failing_import_leaves_no_file_of_refused_rows(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), RefusedWriter(tmp_path / "fair.csv") as refused:
        refused.add(Row(2, {"a": date(2024, 1, 2)}), [("a", None, "No.")])
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError), RefusedWriter(tmp_path / "gone" / "fair.csv") as refused:
        refused.add(Row(2, {"a": "x"}), [("a", "x", "No."), ("a", "x", "Never.")])


def test_cells_refused_in_a_workbook_are_refused_again_until_they_are_corrected(tmp_path: Path) -> None:
    """A cell that shows nothing of its own, such as a formula without a value, must not return as an empty one."""
    with xlsxwriter.Workbook(tmp_path / "fair.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["a", "b", "c"])
        sheet.write_row("A2", ["error", "=1/0", "x"])
        sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
        sheet.write_row("A3", ["no value", "=1+1", "x"])
        sheet.merge_range("A4:B4", "across")
        sheet.write("C4", "x")
        sheet.write_row("A5", ["fine", 1, "x"])
    with RefusedWriter(tmp_path / "fair.xlsx") as refused:
        for row in read_sheet(tmp_path / "fair.xlsx").rows():
            if row.faults:
                refused.add(row, [(column, row.cells[column], fault) for column, fault in row.faults.items()])
    assert refused.path is not None and refused.rows == 3
    again = read_sheet(refused.path)
    assert again.columns == ["a", "b", "c"]
    assert [list(row.faults) for row in again.rows()] == [["b"], ["b"], ["b"]]
    assert "without a stored value" in list(again.rows())[1].faults["b"]
    text = refused.path.read_text(encoding="utf-8-sig")
    refused.path.write_text(
        text.replace(",#DIV/0!,x", ",1,x").replace(",#NO VALUE!,x", ",2,x").replace(",#MERGED!,x", ",3,x")
    )
    corrected = list(read_sheet(refused.path).rows())
    assert [row.cells["b"] for row in corrected] == ["1", "2", "3"] and not any(
        row.faults for row in corrected
    )
