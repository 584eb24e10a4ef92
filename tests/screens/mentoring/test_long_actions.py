"""Open actions on the screens of mentoring: whole where there is room."""

from __future__ import annotations

import pytest

from fieldkit.presentation.mentoring.agreed_actions import AgreedAction
from fieldkit.screens.mentoring.action_lines import action_lines

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
    assert [line.plain for line in action_lines(actions, 32, 5, room)] == shown
