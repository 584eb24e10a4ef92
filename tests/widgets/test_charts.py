"""Charts: they keep to their width, line up, and show every value above zero."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fieldkit.widgets.plots.charts import Bar, Series, bar, bars, rated, ratings


@given(st.floats(0, 1e6), st.floats(1, 1e6), st.integers(1, 80), st.booleans())
def test_bars_keep_to_their_width_and_show_anything_above_nothing(
    value: float, most: float, width: int, ascii: bool
) -> None:
    drawn = bar(value, most, width, ascii=ascii)
    assert cell_len(drawn) <= width
    assert bool(drawn) == (value > 0)
    assert not ascii or drawn.isascii()


def test_charts_line_up() -> None:
    drawn = bars([Bar("診療所 [/]", 3), Bar("GP practice", 12), Bar("none", 0)], 40).plain.splitlines()
    assert [line.index(figure) for line, figure in zip(drawn, (" 3", "12", " 0"), strict=True)]
    starts = {cell_len(line[: line.index("█")]) for line in drawn[:2]}
    assert len(starts) == 1
    assert all(cell_len(line) <= 40 for line in drawn)
    series = [
        Series("c", "confidence", [("2026-09-01", 3), ("2026-10-01", 6)]),
        Series("k", "knowledge", [("2026-09-01", 3), ("2026-10-01", 8)]),
        Series("s", "skills", [("2026-09-01", None), ("2026-10-01", 10)]),
    ]
    lines = ratings(series, 60).plain.splitlines()
    assert len(lines) == 14
    assert lines[0].rstrip().endswith("s")
    assert "ck" in lines[7]
    assert "1 Sep 2026" in lines[12]
    figures = rated(series, 60).plain.splitlines()
    assert [line.split() for line in figures[1:3]] == [["knowledge", "3", "8"], ["skills", "–", "10"]]
    assert figures[3].strip() == "1 Sep 2026 – 1 Oct 2026"
    assert rated([], 60).plain == "No ratings yet."
    assert "s skills" in lines[13]
    assert ratings([], 60).plain == "No ratings yet."
    many = [Series("c", "c", [(f"2026-{m:02}-{d:02}", d % 11) for m in range(1, 13) for d in range(1, 28)])]
    assert all(cell_len(line) <= 40 for line in rated(many, 40).plain.splitlines())
    assert all(cell_len(line) <= 40 for line in ratings(many, 40, 8).plain.splitlines())


def test_what_the_signs_mean_is_whole_in_a_narrow_plot() -> None:
    series = [
        Series(name[0].upper(), name, [(f"2026-0{month}-01", 5) for month in (1, 2, 3)])
        for name in ("confidence", "knowledge", "skills")
    ]
    lines = [line.strip() for line in ratings(series, 50).plain.splitlines()]
    assert lines[13:] == ["C confidence · K knowledge · S skills", "each step is one session"]


def test_two_sessions_of_one_day_stand_beside_each_other() -> None:
    days = ["2026-09-01", "2026-09-01", "2026-10-01"]
    series = [
        Series("C", "confidence", list(zip(days, (2, 9, 5), strict=True))),
        Series("K", "knowledge", list(zip(days, (None, 7, 5), strict=True))),
    ]
    lines = ratings(series, 60).plain.splitlines()
    columns = {line.index("C", 5) for line in lines[:11] if "C" in line[5:]}
    assert len(columns) == 3
    # The second session's ratings share a column: the first has no knowledge.
    assert lines[1].index("C") == lines[3].index("K")
    figures = rated(series, 60).plain.splitlines()
    assert figures[0].split() == ["confidence", "2", "9", "5"]
    assert figures[1].split() == ["knowledge", "–", "7", "5"]
    same_day = rated([Series("C", "confidence", [(days[0], 2), (days[1], 9)])], 60).plain.splitlines()
    assert same_day[-1].strip() == "1 Sep 2026"


def test_a_long_time_without_a_session_is_shown_as_a_gap() -> None:
    days = ["2011-01-05", "2011-02-09", "2026-02-02", "2026-02-16", "2026-07-01"]
    series = [Series("C", "confidence", list(zip(days, (2, 3, 4, 5, 6), strict=True)))]
    lines = ratings(series, 80).plain.splitlines()
    marks = [column for column, sign in enumerate(lines[0]) if sign == "┊"]
    assert len(marks) == 2 and all(line[mark] == "┊" for line in lines[:11] for mark in marks)
    columns = sorted(line.index("C", 5) for line in lines[:11] if "C" in line[5:])
    assert columns[1] < marks[0] < columns[2] < columns[3] < marks[1] < columns[4]
    assert lines[12].split()[:3] == ["5", "Jan", "2011"] and "15 years" in lines[12]
    assert "each step is one session, ┊ a gap" in "\n".join(lines[13:])
    figures = rated(series, 80).plain.splitlines()
    assert figures[0].split() == ["confidence", "2", "3", "┊", "4", "5", "┊", "6"]
    near = [Series("C", "confidence", [("2026-09-01", 3), ("2026-10-01", 6)])]
    assert "┊" not in ratings(near, 60).plain and "┊" not in rated(near, 60).plain


@given(st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=1, max_size=80), st.integers(30, 120))
def test_a_plot_keeps_to_its_width_whatever_the_gaps(days: list[date], width: int) -> None:
    series = [
        Series(sign, sign, [(day.isoformat(), number % 11) for number, day in enumerate(sorted(days))])
        for sign in "CKS"
    ]
    assert all(cell_len(line) <= width for line in ratings(series, width).plain.splitlines())
    assert all(cell_len(line) <= width for line in rated(series, width).plain.splitlines())
