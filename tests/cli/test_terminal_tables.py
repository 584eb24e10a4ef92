"""Tables on a terminal: file names are whole at any width, since people look for them and copy them."""

from __future__ import annotations

import pytest

from fieldkit.cli.terminal_output import draw_table, progress_bar
from fieldkit.text import cells

COLUMNS = ("number", "file", "kind", "records", "when", "undone")
LONG = "sign-in-sheets_health-and-wellbeing-fair_2026-11-27.xlsx"
ROWS = [
    ("1", "fair.csv", "attendance", "120", "27 Nov 2026, 08:30", ""),
    ("2", LONG, "attendance", "7", "27 Nov 2026, 08:31", "27 Nov 2026, 08:40"),
]


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_the_name_of_a_file_is_never_broken_over_lines(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    draw_table(COLUMNS, ROWS, (0, 3))
    lines = capsys.readouterr().out.splitlines()
    assert f"file     {LONG}" in lines
    assert lines[:5] == [
        "number   1",
        "file     fair.csv",
        "kind     attendance",
        "records  120",
        "when     27 Nov 2026, 08:30",
    ]
    assert lines[5] == "", "what is empty is left out, and the next row is apart"


def test_a_table_for_which_there_is_room_is_drawn_as_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    draw_table(COLUMNS, ROWS, (0, 3))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all(word in lines[0] for word in COLUMNS)
    assert LONG in lines[3] and "27 Nov 2026, 08:40" in lines[3]


def test_columns_without_a_value_leave_a_narrow_window_to_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ("id", "Name", "Part they play", "Organisation", "Pay band")
    rows = [
        ("mwbwjqfx", "Siobhán O’Brien-Ní Dhomhnaill", "", "", ""),
        ("y3qzpse8", "Harprit Kaur", "", "", "5"),
    ]
    for width, titles in ((60, False), (120, True)):
        monkeypatch.setenv("COLUMNS", str(width))
        draw_table(columns, rows, (4,))
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 4 and rows[0][1] in lines[2]
        assert ("Organisation" in lines[0]) == titles and lines[3].rstrip().endswith("5")
    draw_table(columns, [], (4,))
    assert "Organisation" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_no_word_is_ever_broken_over_lines(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ("id", "Title", "Kind", "Date", "Place", "Region", "")
    rows = [
        ("fk81avt8", "Community Partners Workshop", "community partners workshop", "8 Jul 2011",
         "BME cancer communities, NCVS, 7 Mansfield Road, Nottingham", "East Midlands", ""),
        ("tcf4t9az", "Leadership Workshop", "leadership workshop", "27 Oct 2011", "Luton", "East of England", "conflict"),
    ]  # fmt: skip
    monkeypatch.setenv("COLUMNS", str(width))
    draw_table(columns, rows, ())
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= max(
        width, 70
    )  # line by line, a terminal breaks the longest itself
    printed = set(shown.split())
    assert {word for row in rows for cell in row for word in cell.split()} <= printed


def test_a_bar_is_drawn_only_once_there_is_something_to_tell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    with progress_bar():
        pass
    assert "0/?" not in capsys.readouterr().err
    with progress_bar() as on_progress:
        on_progress(3, 9, "importing")
    assert "importing" in capsys.readouterr().err


def test_rows_printed_line_by_line_break_between_words_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = "BME cancer communities, NCVS, 7 Mansfield Road, Nottingham"
    monkeypatch.setenv("COLUMNS", "40")
    draw_table(
        ("id", "Title", "Date", "Place", "Region"),
        [("fk81avt8", "Community Partners Workshop", "8 Jul 2011", place, "East Midlands")],
        (),
    )
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 40
    start = next(at for at, line in enumerate(lines) if line.startswith("Place"))
    assert " ".join(line[8:].strip() for line in lines[start:-1]) == place


def test_vowel_signs_beside_their_letters_have_their_cells_in_tables(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    names = ["ਹਰਪ੍ਰੀਤ ਕੌਰ ਗਿੱਲ", "Harprit Kaur Gill"]
    draw_table(("Name", "Part they play"), [(name, "volunteer") for name in names], ())
    rows = capsys.readouterr().out.splitlines()[2:]
    assert len({cells(row.partition("volunteer")[0]) for row in rows}) == 1
