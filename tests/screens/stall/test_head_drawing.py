"""The head counts are drawn whole in as little room as they need, and say what the figures in brackets are."""

from __future__ import annotations

import pytest

from fieldkit.screens.stall.head_drawing import Counted, drawn, needed_width

LABELS = ("patients", "carers", "family members", "members of staff", "children under 16", "others")
LOW = 12
"""Rows in which no large figures fit."""


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
