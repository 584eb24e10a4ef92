"""The figures that a pack hides, listed in few lines."""

from __future__ import annotations

from fieldkit.presentation.pack.hidden_figures import coarser_lines, hidden_lines


def test_rows_that_are_hidden_alike_are_one_line() -> None:
    hidden = [("heard", f"Group {number}", "total", "it is a small number", "") for number in range(21)]
    hidden += [("rated", "Good", "total", "it is a small number", "x")]
    assert hidden_lines(hidden) == [
        ("heard", "21 rows", "total", "it is a small number"),
        ("rated", "Good", "total", "it is a small number"),
    ]


def test_tables_that_go_by_fewer_groups_are_named() -> None:
    assert coarser_lines({"themes": "total", "heard": "five groups"}) == [
        "heard: by five groups",
        "themes: everybody together",
    ]
