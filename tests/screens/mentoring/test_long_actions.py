"""Open actions on the screens of mentoring: whole where there is room."""

from __future__ import annotations

import pytest

from fieldkit.presentation.mentoring.agreed_actions import AgreedAction
from fieldkit.screens.mentoring.action_lines import action_lines
from fieldkit.screens.mentoring.mentees_screen import _COLUMNS
from fieldkit.widgets.sources import column_widths

LONG = "Ask the ward manager whether she may chair the meeting in April, and write down what was said."


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (5, ["  • Ask the ward manager whether", "    she may chair the meeting in", "    April, and write down what",
             "    was said.", "  • Read it"]),
        (3, ["  • Ask the ward manager whether", "    she may chair the meeting…", "  • Read it"]),
    ],
)  # fmt: skip
def test_an_action_is_whole_where_all_of_them_have_room(room: int, shown: list[str]) -> None:
    actions = [AgreedAction("1", "pair", LONG), AgreedAction("2", "pair", "Read it")]
    assert [line.plain for line in action_lines(actions, 32, room)] == shown


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("Read it", ["  • Read it  2 Mar 2026"]),
        ("Ask her whether she may", ["  • Ask her whether she may", "    2 Mar 2026"]),
        ("Ask her whether she may chair it", ["  • Ask her whether she may", "    chair it  2 Mar 2026"]),
    ],
)
def test_the_day_of_an_action_is_said_however_long_its_words_are(what: str, shown: list[str]) -> None:
    actions = [AgreedAction("1", "pair", what, agreed="2026-03-02")]
    assert [line.plain for line in action_lines(actions, 30, 5)] == shown


def test_the_days_that_a_pair_is_overdue_are_whole_on_a_small_screen() -> None:
    widest = [40, len("144 days overdue"), len("11 Nov 2026"), 4, 8, 16]
    widths = column_widths(_COLUMNS, 56, widest, [6] * 6, widest)
    assert widths[1] == len("144 days overdue") and widths[0] >= 18
