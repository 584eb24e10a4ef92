"""Dates, times and long numbers of files, as people and spreadsheet programs write them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from fieldkit.importing.importer import import_rows
from fieldkit.store.kit import Kit
from import_steps import bring, doubts, understood, values

pytestmark = pytest.mark.usefixtures("in_a_folder")


@pytest.mark.parametrize(
    ("days", "doubtful", "first"),
    [
        (("27/10/2025", "03/11/2025"), False, "2025-10-27"),
        (("10/27/2025", "11/03/2025"), True, "2025-10-27"),
        (("01/02/2025", "02/02/2025", "03/02/2025"), False, "2025-02-01"),
        (("02/01/2025", "02/02/2025", "02/03/2025"), True, "2025-01-02"),
        (("03/04/2025",), True, "2025-04-03"),
        (("3 April 2025", "2025-04-05"), False, "2025-04-03"),
        (("\u200e03/\u200e04/\u200e2025",), True, "2025-04-03"),
        (("\u200e10/\u200e27/\u200e2025", "11/03/2025"), True, "2025-10-27"),
        (("Monday 27/10/2025", "28/10/2025"), False, "2025-10-27"),
        (("31/10/2025", "10/31/2025", "01/02/2025"), True, "2025-10-31"),
        (
            ("13/10/2025", "14/10/2025", "15/10/2025", "16/10/2025", "20/10/2025", "10/01/2025"),
            False,
            "2025-10-13",
        ),
        (
            ("13/10/2025", "14/10/2025", "15/10/2025", "16/10/2025", "20/11/2025", "11/02/2025"),
            True,
            "2025-10-13",
        ),
        (("12/05/1926", "30/05/1926"), True, "1926-05-12"),
    ],
)
def test_dates_of_a_column(kit: Kit, days: tuple[str, ...], doubtful: bool, first: str) -> None:
    text = "experience,date\n" + "".join(f"x{number},{day}\n" for number, day in enumerate(days))
    assert bool(doubts(kit, text)) == doubtful
    bring(kit, text)
    assert values(kit, "date")[0] == first


@pytest.mark.parametrize("day", ["Tuesday 27/10/2025", "Sun 28 October 2025", "Fri, 2025-10-27"])
def test_a_day_of_the_week_that_the_date_does_not_have(kit: Kit, day: str) -> None:
    done = bring(kit, f'experience,date\nx,"{day}"\n')
    assert done.refused == 1
    assert "contradicts itself" in done.problems[0].reason


@pytest.mark.parametrize(
    ("start", "end", "doubtful"),
    [
        ("10.00", "4.00", True),
        ("2:00", "4:00", True),
        ("14:00", "16:00", False),
        ("09:00", "12:30", False),
        ("2pm", "4pm", False),
        ("20:00", "01:00", True),
    ],
)
def test_times_without_am_or_pm(kit: Kit, start: str, end: str, doubtful: bool) -> None:
    assert bool(doubts(kit, f"title,starts,ends\nx,{start},{end}\n", "event")) == doubtful


def test_the_evening_may_end_after_midnight(kit: Kit) -> None:
    assert bring(kit, "title,starts,ends\nx,20:00,01:00\n", "event").stored == 1
    assert kit.page("event")[0].values["ends"] == "01:00"


@pytest.mark.parametrize(
    ("cells", "expected", "doubtful"),
    [
        ([(2025, 5, 10), "10/19/2025"], ["2025-10-05", "2025-10-19"], True),
        ([(2025, 3, 4), "13/04/2025"], ["2025-04-03", "2025-04-13"], True),
        ([(2025, 3, 4), "05/04/2025"], ["2025-03-04", "2025-04-05"], True),
        ([(2025, 3, 14), "13/04/2025"], ["2025-03-14", "2025-04-13"], False),
        ([(2025, 3, 4), (2025, 3, 5)], ["2025-03-04", "2025-03-05"], False),
    ],
)
def test_real_dates_among_texts(
    kit: Kit, tmp_path: Path, cells: list[Any], expected: list[str], doubtful: bool
) -> None:
    with xlsxwriter.Workbook(tmp_path / "days.xlsx") as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["experience", "date"])
        for row, cell in enumerate(cells, 1):
            sheet.write(row, 0, f"words {row}")
            if isinstance(cell, str):
                sheet.write_string(row, 1, cell)
            else:
                sheet.write_datetime(row, 1, datetime.datetime(*cell), form)
    choices = understood(understood=False)
    imported = import_rows(kit, "feedback", tmp_path / "days.xlsx", choices=choices, dry_run=True)
    assert bool(imported.doubts) == doubtful
    assert import_rows(kit, "feedback", tmp_path / "days.xlsx", choices=understood()).stored == 2
    assert values(kit, "date") == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2026-13-02", "2026-03-02"), {"year-day-month"}),
        (("2026-03-02", "2026-10-15"), set()),
        (("2/11/2016", "13/10/2026", "15/10/2026"), {"century"}),
        (("1/1/99", "13/10/2026"), {"century"}),
        (("13/10/2019", "15/10/2026"), set()),
        (("13/10/2026",), set()),
    ],
)
def test_years_far_from_the_others_and_days_in_the_middle(
    kit: Kit, days: tuple[str, ...], expected: set[str]
) -> None:
    text = "date,rating\n" + "".join(f"{day},good\n" for day in days)
    assert {code for code, _ in doubts(kit, text)} == expected


@pytest.mark.parametrize("day", ["02/11/2569", "1448-05-13"])
def test_a_year_of_another_calendar_is_named(kit: Kit, day: str) -> None:
    done = bring(kit, f"date,rating\n{day},good\n13/10/2026,good\n")
    [problem] = done.problems
    assert f"the year {'2569' if '2569' in day else '1448'}" in problem.reason


def test_a_shortened_number_is_refused_and_a_name_like_one_is_not(kit: Kit) -> None:
    text = "name,telephone\nAnn,4.47701E+11\nCy,1.23456789012346e+18\nBea,+447700900123\n1E5,07700 900456\n"
    done = bring(kit, text, "person")
    assert (done.stored, done.refused) == (2, 2)
    assert all("digits are lost" in problem.reason for problem in done.problems)


def test_digits_that_a_workbook_has_lost(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            [("reference", "rating"), (1234567890123456789, "good"), (447701000123, "good")]
        ):
            sheet.write_row(row, 0, cells)
    done = import_rows(kit, "feedback", path, choices=understood())
    assert (done.stored, done.refused) == (1, 1)
    assert "more than 15 digits" in done.problems[0].reason
    assert values(kit, "reference") == ["447701000123"]
