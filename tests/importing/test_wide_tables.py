"""Tables of very many columns or blank rows: read in a time that grows with their size, or refused with a sentence."""

from __future__ import annotations

from time import process_time

import pytest

from fieldkit.errors import FieldkitError
from fieldkit.importing.reading import sheets
from fieldkit.importing.reading.sheet_reader import read_sheet
from sheet_tables import table

SECONDS = 10.0
"""Of processor time. Each takes about one; the square of it would take minutes."""


def test_a_hundred_thousand_columns_of_one_name() -> None:
    started = process_time()
    sheet = table("a," * 99_999 + "a\n" + "1," * 99_999 + "2\n")
    (row,) = sheet.rows()
    assert row.cells["a (100000)"] == "2" and len(row.cells) == 100_000
    assert process_time() - started < SECONDS


def test_headings_that_nobody_knows_are_not_looked_for_in_wide_rows_for_long() -> None:
    started = process_time()
    sheet = read_sheet(("a," * 90_000 + "\n").encode() * 45, known=lambda cells, below: False)
    assert len(sheet.columns) == 90_001
    assert process_time() - started < SECONDS


def test_many_short_rows_under_many_columns_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_MOST_WIDE_CELLS", 10_000)
    sheet = table("a," * 2_999 + "a\n" + "1\n" * 10)
    with pytest.raises(FieldkitError, match="3,000 columns, which are too many") as caught:
        list(sheet.rows())
    assert caught.value.hint and "Nothing from there on" in caught.value.kept


def test_many_blank_rows_are_passed_over() -> None:
    started = process_time()
    sheet = table("a,b\n" + " ,\n" * 300_000 + "1,2\n")
    assert len(list(sheet.rows())) == 1 and sheet.blank_rows == 300_000
    assert process_time() - started < SECONDS
