"""What number formats show, and the value that a cell then has."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.importing.reading.number_cells import number_cell
from fieldkit.importing.reading.number_formats import number_format


@pytest.mark.parametrize(
    ("code", "value", "cell"),
    [
        ("0%", 0.5, "50%"),
        ("0.0%", 0.333, "33.3%"),
        ("00000", 123, "00123"),
        ("0.00", 5, 5.0),
        ("#,##0", 1_234_567, 1_234_567.0),
        ("[$£-809]#,##0.00;[Red]-[$£-809]#,##0.00", 1234.5, "£1,234.50"),
        ("#,##0_);(#,##0)", -5, -5.0),
        ('_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', 1234.5, 1234.5),
        ('0" people"', 5, "5 people"),
        ('General" min"', 30, "30 min"),
        ('[=1]"yes";[=0]"no";General', 0, "no"),
        ("[<=9999999]###-####;(###) ###-####", 2_079_460_018, "(207) 946-0018"),
        ("000-000", 123_456, "123-456"),
        ("# ?/?", 3, 3.0),
        ("0E+00", 100_000, 100_000.0),
        ("@", 12, 12.0),
        ("General", 0.1 + 0.2, 0.3),
        ("[$-809]dd mmmm yyyy;@", 46328, date(2026, 11, 2)),
        ('dd"."mm"."yyyy', 46328, date(2026, 11, 2)),
        ("ddmmyyyy", 46328, date(2026, 11, 2)),
        ("dddd d/m/yy", 46328, date(2026, 11, 2)),
        ("yyyy-mm-dd\\ hh:mm:ss", 46328.75, datetime(2026, 11, 2, 18)),
        ("h:mm AM/PM", 0.25, time(6)),
        ("hh:mm", 46328.5, time(12)),
        ("[h]:mm", 1.25, "30:00:00"),
        ("mm:ss", 5 / 1440, "0:05:00"),
    ],
)
def test_what_is_shown_is_read(code: str, value: float, cell: object) -> None:
    read, fault = number_format(code).cell(float(value))
    assert (read, fault) == (cell, "") and type(read) is type(cell)


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0", 2.6, "shows “3” but holds 2.6"),
        ("0%", 0.125, "shows “13%” but holds 0.125"),
        ("0.0", 4.333, "shows “4.3” but holds 4.333"),
        ("#,##0,", 1_234_567, "shows “1,235” but holds 1234567"),
        ("# ?/?", 0.5, "shows “1/2” but holds 0.5"),
        ("0.00E+00", 123_456, "shows “1.23E+05” but holds 123456"),
        (";;;", 5, "holds 5 but shows nothing"),
        ("0;-0;;@", 0, "holds 0 but shows nothing"),
        ("mmm yyyy", 46328, "shows “Nov 2026”"),
        ("dddd", 46328, "shows “Monday”"),
        ("hh:mm", 1.25, "shows “06:00” but holds 30:00:00"),
        ("hh:mm", -0.5, "below zero"),
        ("dd/mm/yyyy", 5, "before March 1900"),
        ("dd/mm/yyyy", -5, "before March 1900"),
        ("[h]:mm", 1e300, "which is not a time"),
        ("dd/mm/yyyy", 1e300, "before March 1900, or none at all"),
    ],
)
def test_what_shows_something_else_than_it_holds_has_a_fault(code: str, value: float, shown: str) -> None:
    assert shown in number_format(code).cell(float(value))[1]


@pytest.mark.parametrize("shown", ["1.234,5", "1 234,5", "1’234.5", "1,234.50", "−1,234.5", "(1,234.50)"])
def test_numbers_are_known_in_the_ways_that_countries_write_them(shown: str) -> None:
    value = -1234.5 if shown[0] in "−(" else 1234.5
    assert number_cell(value, shown) == (value, "")


@given(
    st.text(alphabet='0#?.,%/E+-;"\\_*[]<>=@ymdhsAPGeneral £$()', max_size=40),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_code_gives_a_value_or_a_fault(code: str, value: float) -> None:
    cell, fault = number_format(code).cell(value)
    assert fault or cell is not None
