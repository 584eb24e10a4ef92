"""Tables of very many columns or blank rows: read in time proportional to their size, or refused with a message."""

from __future__ import annotations

from time import process_time

import pytest

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.importing.choices import Choices
from fieldkit.importing.columns import Plan, demand_plan, plan_of
from fieldkit.importing.reading import sheets
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.records.schema.kind import kind
from sheet_tables import table

SECONDS = 10.0
"""Of processor time. Each table takes about one; quadratic time would be minutes."""


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


@pytest.mark.parametrize(
    "text",
    [
        ",".join(["a"] * 1_900_000) + "\n1\n",
        "Rating," + "ж" * 3_900_000 + "\n1,a\n",
        "Rating,Comment\n1,a\n1," + "ж" * 3_900_000 + "\n",
    ],
)
def test_a_line_that_would_take_the_memory_is_no_row(text: str) -> None:
    with pytest.raises(FieldkitError, match="more than 1,500,000 characters"):
        list(table(text).rows())


def test_more_columns_than_any_table_has_are_refused() -> None:
    with pytest.raises(FieldkitError, match="200,000 columns; the limit is 150,000") as caught:
        table("a," * 199_999 + "a\n1\n")
    assert caught.value.kept == "Nothing was stored."


def test_of_very_many_columns_a_sentence_names_the_first() -> None:
    sheet = table(
        ",".join(f"Question {number}" for number in range(1, 60_001)) + "\n" + "1," * 59_999 + "1\n"
    )
    feedback = kind("feedback")
    for act in (
        lambda: demand_plan(feedback, sheet, Plan()),
        lambda: plan_of(feedback, sheet, {"Comment": "experience"}, Choices(), {}),
    ):
        with pytest.raises(Misuse) as caught:
            act()
        assert "Question 50 and 59,950 more." in caught.value.hint
        assert len(caught.value.hint) < 2_000


def test_many_blank_rows_are_passed_over() -> None:
    started = process_time()
    sheet = table("a,b\n" + " ,\n" * 300_000 + "1,2\n")
    assert len(list(sheet.rows())) == 1 and sheet.blank_rows == 300_000
    assert process_time() - started < SECONDS
