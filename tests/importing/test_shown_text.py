"""What a published cell shows, as an interval: every row of the table, and signs that must not be guessed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from fieldkit.importing.figures.figure_sources import SOURCES
from fieldkit.importing.figures.shown_text import CountRules, read_count, shown_of, sign_of
from fieldkit.intervals import Interval
from fieldkit.spreadsheets import Cell

EXACT = CountRules()
TT, FFT, HES, TEN = (SOURCES[name].rules for name in ("tt", "fft", "hes", "ten"))


def interval(cell: Cell, rules: CountRules = EXACT) -> Interval | None:
    return read_count(cell, rules).interval


@pytest.mark.parametrize(
    ("rules", "cell", "low", "high"),
    [
        (EXACT, "0", 0, 0),
        (EXACT, "17", 17, 17),
        (TT, "5", 5, 7),
        (TT, "10", 8, 12),
        (TT, "21995", 21993, 21997),
        (HES, "0", 0, 0),
        (HES, "10", 8, 12),
        (CountRules(None, None, 5, 0), "0", 0, 2),
        (CountRules(None, None, 10, 0), "20", 15, 25),
        (CountRules(None, None, 3, 0), "9", 8, 10),
        (FFT, "*", 1, 4),
        (HES, "*", 1, 7),
        (TT, "*", 0, 4),
        (TEN, "*", 1, 9),
        (CountRules(0, None), "*", 0, None),
        (EXACT, "*", 0, None),
        (EXACT, "c", 0, None),
        (TT, "[c]", 0, 4),
        (EXACT, "<5", 0, 4),
        (FFT, "< 5", 1, 4),
        (EXACT, "<8", 0, 7),
        (EXACT, "≤7", 0, 7),
        (EXACT, "<= 7", 0, 7),
        (EXACT, "1-4", 1, 4),
        (EXACT, "1–4", 1, 4),
        (EXACT, "1 to 4", 1, 4),
        (EXACT, "under 10", 0, 9),
        (EXACT, "Fewer than 10", 0, 9),
        (EXACT, "10+", 10, None),
        (EXACT, "more than 1,000", 1001, None),
        (EXACT, "~5", 5, 5),
        (EXACT, "12.0", 12, 12),
        (EXACT, "1,234", 1234, 1234),
        (EXACT, "1 234", 1234, 1234),
        (EXACT, "1\u202f234\u202f567", 1234567, 1234567),
        (EXACT, "1\xa0234", 1234, 1234),
        (EXACT, "12 [r]", 12, 12),
        (EXACT, "12 [note 3]", 12, 12),
        (EXACT, "\u202e12\u202c", 12, 12),
        (EXACT, "\u200f\u0661\u0662", 12, 12),
        (EXACT, "１２", 12, 12),
        (EXACT, 12, 12, 12),
        (EXACT, 12.0, 12, 12),
        (TT, 10.0, 8, 12),
    ],
)
def test_shown_text_is_an_interval(rules: CountRules, cell: Cell, low: int, high: int | None) -> None:
    assert interval(cell, rules) == Interval(low, high)


@pytest.mark.parametrize(
    "cell", [None, "", "  ", "..", "…", ":", "x", "[x]", "z", "[z]", "NULL", "n/a", "N/A", float("nan")]
)
def test_what_is_not_available_is_no_count(cell: Cell) -> None:
    assert read_count(cell, TT).state == "missing"
    assert interval(cell, TT) is None


@pytest.mark.parametrize("sign", ["-", "–", "—", "−", "--", " - ", "suppressed", "#", "S", "†"])
def test_a_sign_that_nobody_explained_is_unknown_and_taken_as_it_is_explained(sign: str) -> None:
    assert read_count(sign, TT).state == "unknown"
    assert interval(sign, TT) is None
    assert interval(sign, TT.meaning(sign, "zero")) == Interval(0, 0)
    assert interval(sign, TT.meaning(sign, "star")) == Interval(0, 4)
    assert read_count(sign, TT.meaning(sign, "missing")).state == "missing"


def test_every_dash_is_one_sign() -> None:
    assert {sign_of(dash) for dash in ("-", "–", "—", "−", "--")} == {"-"}


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("12.5", "not a whole number"),
        (12.5, "not a whole number"),
        ("12,5", "not a whole number"),
        ("1.234", "not a whole number"),
        ("1.000", "not a whole number"),
        ("12,34", "not a whole number"),
        ("1e3", "not a whole number"),
        ("65%", "percentage"),
        ("65 %", "percentage"),
        ("-5", "below zero"),
        ("(5)", "below zero"),
        (-5, "below zero"),
        ("12²", "not a number that can be read"),
        ("½", "not a number that can be read"),
        ("12 (a)", "not a number that can be read"),
        ("4-1", "end is before"),
        ("9" * 30, "too large"),
        (10**30, "too large"),
        (True, "TRUE or FALSE"),
        (date(2024, 4, 1), "date"),
        (datetime(2024, 4, 1), "date"),
        ("=1+1", "not a number that can be read"),
    ],
)
def test_what_is_no_count_is_refused_with_a_reason(cell: Cell, says: str) -> None:
    reading = read_count(cell, EXACT)
    assert reading.state == "refused" and reading.interval is None
    assert says in reading.problem


def test_a_number_that_contradicts_the_rules_is_refused() -> None:
    assert "multiple of 5" in read_count("43", TT).problem
    assert "below 5" in read_count("0", TT).problem


def test_a_huge_cell_is_judged_quickly_and_shown_in_one_line() -> None:
    assert read_count("1," * 200_000, EXACT).state == "refused"
    assert read_count("x" * 1_000_000, EXACT).state == "unknown"
    assert "\n" not in shown_of("5\n6")
