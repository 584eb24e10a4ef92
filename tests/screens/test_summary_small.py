"""The summary in windows of several widths: figures are below their headings, and their basis is below them."""

from __future__ import annotations

import pytest
from textual.content import Content

from fieldkit.insight.summary_model import Change, Rating
from fieldkit.presentation.summary_texts import change_in_brackets
from fieldkit.screens.summary.summary_pages import _beside_or_below, _change, _rating_rows


def test_what_a_change_rests_on_is_indented_where_it_does_not_fit_beside_it() -> None:
    change = Change(3.0, 7.0, 4.0, 1, 1, rose=1)
    assert len(_change("confidence", change, 100).plain.splitlines()) == 1
    first, second = _change("confidence", change, 56).plain.splitlines()
    assert first.startswith("  confidence")
    assert second.startswith("    1 of 1 pair")


@pytest.mark.parametrize("width", [56, 76, 116])
def test_the_heads_say_that_the_brackets_hold_a_95_per_cent_interval(width: int) -> None:
    answers = {"1": 40, "2": 20, "3": 10, "4": 5, "5": 3, "6": 2}
    rating = Rating("gp", "general practice", answers, 80, 75, 10, 0, "", "", (64.5, 83.2), (5.2, 18.5))
    lines = "\n".join(line.plain for line in _rating_rows("BY SERVICE", [rating], width)[1:]).splitlines()
    head, figures = lines[0], lines[-1]
    assert "good, 95 % interval" in head and "poor, 95 % interval" in head
    for share in ("good", "poor"):
        start = head.index(f"{share}, 95")
        assert "(" in figures[start : start + len("good, 95 % interval") + 1], (
            "each head is above its figures"
        )
    assert all(len(line) <= width for line in lines)


def test_the_signs_of_bars_are_explained_only_where_there_are_bars() -> None:
    answers = {"1": 40, "2": 20, "3": 10, "4": 5, "5": 3, "6": 2}
    rating = Rating("gp", "general practice", answers, 80, 75, 10, 0, "", "", (64.5, 83.2), (5.2, 18.5))
    for width in (60, 76, 116):
        title, *rows = _rating_rows("BY SERVICE", [rating], width)
        bars = any("█" in row.plain for row in rows)
        assert title.plain == "BY SERVICE" + "   █ good  ░ poor" * bars
    assert bars, "there is room for them in a wide window"


def test_what_a_mean_change_may_be_by_chance_is_called_an_interval() -> None:
    assert (
        change_in_brackets(Change(3.0, 4.0, 1.0, 12, 12, interval=(0.2, 1.8))) == "95 % interval +0.2 to +1.8"
    )


def test_good_and_poor_are_below_each_other_where_a_line_has_no_room_for_both() -> None:
    good, poor = Content("good 81 % (95 % interval 76-86)"), Content("poor 12 % (95 % interval 9-16)")
    assert _beside_or_below([good, poor], 56) == [good, poor]
    (line,) = _beside_or_below([good, poor], 76)
    assert line.plain == f"{good.plain}    {poor.plain}"
