"""The head counts are drawn completely in little room, with an explanation of the figures in brackets."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from app_desk import picture, running
from fieldkit.presentation.stall.known_people import Match
from fieldkit.presentation.stall.undo_stack import Step, Undone, UndoStack
from fieldkit.screens.stall.board_lines import alike_rows, latest_rows, match_rows, new_rows, undo_line
from fieldkit.screens.stall.head_counter import Counts
from fieldkit.screens.stall.head_drawing import Counted, drawn, needed_width
from stall_desk import FIXTURES, add_people, board, type_name
from waiting import until

pytestmark = pytest.mark.usefixtures("short_waits")
(fair,) = FIXTURES

LABELS = ("patients", "carers", "family members", "members of staff", "children under 16", "others")
LOW = 12
"""Rows in which no large figures fit."""


def _names_width(pilot: Pilot[None]) -> int:
    return pilot.app.screen.query_one("#names").size.width


def _counts_width(pilot: Pilot[None]) -> int:
    return pilot.app.screen.query_one(Counts).size.width


def _rows(others: int = 0) -> list[Counted]:
    groups = [Counted(at, label, 7 * at, others, False) for at, label in enumerate(LABELS, 1)]
    return [*groups, Counted(0, "everybody", 0, 0, False)]


def _drawn(rows: list[Counted], width: int, height: int = LOW) -> list[str]:
    counted = [(row.label, row.mine, row.others) for row in rows[:-1]]
    return drawn(rows, counted, width, height, typing=False).plain.splitlines()


@pytest.mark.parametrize("others", [0, 8, 12_345])
def test_no_label_is_cut_in_the_width_that_is_needed(others: int) -> None:
    rows = _rows(others)
    lines = _drawn(rows, needed_width(rows))
    assert all(any(label in line for line in lines) for label in LABELS)
    assert "…" not in "\n".join(lines)
    assert max(map(len, lines)) <= needed_width(rows)


def test_figures_stand_below_each_other_and_not_far_from_their_labels() -> None:
    rows = _rows()
    rows[1] = rows[1]._replace(others=117)
    lines = [line.rstrip() for line in _drawn(rows, 60)]
    ends = {
        line.index(str(row.mine)) + len(str(row.mine)) for row, line in zip(rows, lines[1:7], strict=False)
    }
    assert len(ends) == 1
    assert max(map(len, lines)) <= 36


@pytest.mark.parametrize("height", [LOW, 40])
def test_the_heading_says_what_is_in_brackets(height: int) -> None:
    assert "(other laptop)" in _drawn(_rows(8), 66, height)[0]
    assert "laptop" not in _drawn(_rows(), 66, height)[0]


def test_large_figures_have_a_space_between_their_labels() -> None:
    lines = "\n".join(_drawn(_rows(), 64, 40))
    assert "children under 16  6 others" in lines


async def test_the_cursor_is_at_the_group_whose_number_is_typed(fair: Path) -> None:
    for size in ((60, 20), (120, 40)):
        async with running(fair) as pilot:
            await pilot.resize_terminal(*size)
            await board(pilot)
            await pilot.press("tab", "down", "down")
            await until(pilot, lambda pilot=pilot: "▸ family members" in picture(pilot), "the group")
            cell = pilot.app.cursor_position
            assert picture(pilot).splitlines()[cell.y][cell.x] == "▸"
            await pilot.press("tab")


def test_the_answers_on_a_look_alike_are_not_broken_in_a_narrow_pane() -> None:
    for width in (27, 32, 80):
        lines = [line.plain for line in alike_rows([Match("id", "Amina Khan", False, "")], 0, width)]
        assert max(map(cell_len, lines)) <= width
        assert any(line.endswith("3 not sure") for line in lines)
        assert "↑↓" not in lines[0], "there is nobody else to point at"


def test_of_several_look_alikes_the_question_names_the_keys_that_point_at_another() -> None:
    two = [Match("id", "Amina Khan", False, ""), Match("other", "Amina Kahn", False, "")]
    for width in (27, 31, 80):
        lines = [line.plain for line in alike_rows(two, 0, width)]
        assert max(map(cell_len, lines)) <= width
        assert "↑↓ point" in lines[0] or (width == 27 and lines[0].strip() == "Is it this person?")


def test_names_are_whole_where_there_are_rows_for_them() -> None:
    people = [
        Match("1", "Mohammed Iqbal · Al-Huda Community Centre of Highfields", True, "10:15"),
        Match("2", "Mohammed Iqbal", False, ""),
    ]
    for draw in (match_rows(people, "iqbal", 0, 36, 12), alike_rows(people, 0, 36, 12)):
        lines = [line.plain for line in draw]
        assert max(map(cell_len, lines)) <= 36 and not any("…" in line for line in lines)
        assert "Highfields" in "".join(lines) and lines[0 if "▸" in lines[0] else 1].endswith("here 10:15")
        assert any("Al-Huda Community Centre of" in line for line in lines), "below the time there is room"
    asked = [line.plain for line in alike_rows(people, 0, 36, 6)]
    assert len(asked) == 6 and "Highfields" in "".join(asked), "no row is left empty below a name that is cut"
    assert len(match_rows(people, "iqbal", 0, 36, 3)) == 3, "each on one row where there is no room"
    beside_new = [line.plain for line in match_rows(people, "iqbal", 2, 36, 7)]
    assert len(beside_new) <= 7 and beside_new[-1] == "    a name.", "what Enter does stays in view"
    new = [line.plain for line in new_rows(people[0].line, "", 36, marked=False)]
    assert not any("…" in line for line in new) and "Highfields" in "".join(new)
    assert new_rows(people[0].line, "", 36, marked=False, alike=True)[-1].plain.endswith(
        "the name may be kept"
    )
    latest = [line.plain for line in latest_rows([("10:15", people[0].line), ("", "Asha")], 36, 5)]
    assert "Highfields" in "".join(latest) and latest[-1] == f"{' ' * 9}Asha"
    long = "Wilhelmina Anastasia Konstantinopoulou-Featherstonehaugh van der Westhuizen"
    few = [line.plain for line in latest_rows([("10:15", long), ("10:14", "Asha"), ("", long)], 36, 4)]
    assert few[1:] == [
        "  10:15  Wilhelmina Anastasia",
        "         Konstantinopoulou-Feather…",
        "  10:14  Asha",
    ]


@pytest.mark.parametrize("width", [56, 80, 116])
def test_what_undo_does_has_the_room_that_redo_leaves(width: int) -> None:
    whom = "Wilhelmina Anastasia Konstantinopoulou"
    name = Step(f"{whom} checked in 16:12", (), whom=whom)
    count = Step("patients 0 → 1", ())
    for done, undone in ((name, count), (count, name), (name, name)):
        stack = UndoStack(0, [done], [Undone(undone, (), ())])
        line = undo_line(stack, width).plain
        assert cell_len(line) <= width
        if done is not undone:
            assert count.what in line
        if done is name:
            assert "checked in 16:12" in line and ": Wi" in line
        if width == 116 and done is not undone:
            assert "…" not in line


def test_nothing_counted_is_a_small_figure_and_no_empty_box() -> None:
    groups = [Counted(1, "patients", 0, 0, False), Counted(2, "carers", 10, 0, False)]
    groups.append(Counted(0, "everybody", 0, 0, False))
    counts = [("patient", 0, 0), ("carer", 10, 0), ("all", 0, 0)]
    large = drawn(groups, counts, 42, 20, typing=False).plain
    assert "\n   0 " in large, "patients"
    assert large.count("┏━┓") == 2, "the 0 of carers and of everybody"


async def test_small_counts_leave_the_room_that_they_do_not_need_to_the_names(fair: Path) -> None:
    name = "Gwendolen Featherstonehaugh-Cholmondeley"
    add_people(fair, [name])
    for size, least in (((80, 20), 48), ((100, 20), 68)):
        async with running(fair) as pilot:
            await pilot.resize_terminal(*size)
            await board(pilot)
            await until(
                pilot, lambda pilot=pilot, least=least: _names_width(pilot) >= least, "room for names"
            )
            await type_name(pilot, "gwen", name)
            assert "children under 16" in picture(pilot)
            await pilot.press("escape")


async def test_counts_grow_with_the_window_and_shrink_again(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        for size, wide in (((80, 50), 42), ((80, 20), 0), ((60, 50), 0), ((80, 50), 42)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda wide=wide: (_counts_width(pilot) == 42) == bool(wide), "the width")
