"""Which columns a list leaves out, and which it cuts: what a record is called and its short answers go last."""

from __future__ import annotations

import pytest

from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.record_rows import columns_of
from fieldkit.screens.mentoring.mentees_screen import _COLUMNS as MENTEES
from fieldkit.screens.safety.undo_screen import _COLUMNS as IMPORTS
from fieldkit.widgets.rows.row_pages import RowPages
from fieldkit.widgets.sources import Column, Row

_NARROW, _MIDDLE = 54, 74
"""The cells of rows at 60x20 and at 80x24."""
_LONG = "I rang three times, and each time another person told me that my letter had been sent to the old address."


def _shown(
    columns: list[Column] | tuple[Column, ...], rows: list[tuple[str, ...]], width: int
) -> dict[str, int]:
    pages = RowPages()
    pages.take(0, [Row(str(at), cells) for at, cells in enumerate(rows)], len(columns))
    widths = pages.widths(columns, width)
    return {column.title: cells for column, cells in zip(columns, widths, strict=False) if cells}


def _actions() -> list[tuple[str, ...]]:
    pair = "Example mentor {} · Example mentee {} · level 4 (bands 8-9)"
    return [
        (
            pair.format(at % 4, at % 4),
            f"Mentee writes application {at % 6}; mentor reads it.",
            "done" if at > 7 else "still open",
            f"{at + 1} Oct 2011",
            f"{at + 1} Nov 2011" if at > 7 else "",
        )
        for at in range(24)
    ]


def _feedback() -> list[tuple[str, ...]]:
    services = "emergency care", "patient transport", "community health services"
    return [
        (
            services[at % 3],
            f"NEAS PTS - Patient Transport {at % 7}",
            f"{at % 28 + 1} Mar 2022",
            "1 very good" if at % 8 else "3 neither good nor poor",
            f"{at} {_LONG}" if at % 2 == 0 else "",
        )
        for at in range(100)
    ]


def _attendances() -> list[tuple[str, ...]]:
    event = "Knowledge Sharing Symposium: Translating Policy into Practice, Birmingham {}"
    return [
        (
            event.format(at % 9),
            f"Example patient champion {at % 17}" if at % 5 > 1 else "",
            "" if at % 5 > 1 else "healthcare workers",
            "" if at % 5 > 1 else str(at),
            f"10:{at:02}",
        )
        for at in range(50)
    ]


@pytest.mark.parametrize("width", [_NARROW, _MIDDLE])
def test_a_list_of_actions_shows_the_action(width: int) -> None:
    shown = _shown(columns_of(kind("action")), _actions(), width)
    assert shown["Action"] >= 16
    assert shown["State"] >= len("still open")
    assert "Closed" not in shown or "Agreed" in shown


@pytest.mark.parametrize("width", [_NARROW, _MIDDLE])
def test_a_list_of_feedback_shows_the_day_the_rating_whole_and_the_comment(width: int) -> None:
    shown = _shown(columns_of(kind("feedback")), _feedback(), width)
    assert shown["Rating"] >= len("1 very good") and shown["What happened"] >= 15
    assert shown["Date"] >= len("28 Mar 2022") and shown["Service"] >= len("emergency …")


def test_a_list_of_people_leaves_out_a_nearly_empty_column_before_the_part_they_play() -> None:
    rows = [
        (f"Example patient champion {at}", "comes to events; mentor", "", "band 8" if at % 5 == 0 else "")
        for at in range(20)
    ]
    assert list(_shown(columns_of(kind("person")), rows, _NARROW)) == ["Name", "Part they play"]


def test_names_are_whole_where_nearly_empty_columns_can_be_left_out() -> None:
    shown = _shown(columns_of(kind("attendance")), _attendances(), _MIDDLE)
    assert shown["Person"] >= len("Example patient champion 1") and "Group" not in shown


@pytest.mark.parametrize("width", [_NARROW, _MIDDLE])
def test_the_mentor_of_a_pair_is_whole(width: int) -> None:
    rows = [
        (f"Example mentee {at}", "144 days overdue", "11 Nov 2011", "2", "6", f"Example mentor {at}")
        for at in range(5)
    ]
    assert _shown(MENTEES, rows, width)["Mentor"] >= len("Example mentor 1")


@pytest.mark.parametrize("width", [_NARROW, _MIDDLE])
def test_a_list_of_imports_shows_which_are_undone_and_what_each_is(width: int) -> None:
    rows = [
        ("merge", "fieldkit-example-2026-11-27.fkb", "Example laptop", "131", "5 min ago", ""),
        (
            "import of data sheets",
            "talking-therapies-2024-25.csv",
            "Coordinator",
            "65",
            "5 min ago",
            "just now",
        ),
    ]
    shown = _shown(IMPORTS, rows, width)
    assert shown["Undone"] >= len("just now") and shown["What"] >= len("import of data sheets")


def test_on_a_wide_screen_columns_stay_near_each_other() -> None:
    rows = [(f"Person {at}", "comes to events", "Mosque", "band 8") for at in range(20)]
    columns = columns_of(kind("person"))
    wide, wider = (_shown(columns, rows, width) for width in (154, 194))
    assert wide == wider
    for at, column in enumerate(columns):
        widest = max(len(column.title), *(len(row[at]) for row in rows))
        assert widest <= wide[column.title] <= widest + 8
