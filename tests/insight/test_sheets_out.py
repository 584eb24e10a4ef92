"""Tables written for spreadsheets, as a workbook or a folder of CSV: they only show, and run nothing."""

from __future__ import annotations

import stat
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from faulty import fill
from fieldkit.errors import DiskFull, Misuse, StorageError
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.insight import workbook as sheets_out
from fieldkit.insight.workbook import Table, write_tables
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import parse
from fieldkit.spreadsheets import neutralise, restore
from sheet_tables import values


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "  =1",
        "\xa0=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹦1",
        "﹢1",
        "﹣1",
        "﹫x",
        "⁼1",
    ],
)
def test_text_that_would_act_gets_an_apostrophe(text: str) -> None:
    assert neutralise(text) == "'" + text
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["=1", "'=1", "＝1", "\u200b=1", "﹦1", "-x"])
def test_what_a_table_holds_is_read_back_as_it_was(text: str) -> None:
    assert parse(kind("feedback").fields["experience"], neutralise(text)) == text


def test_nothing_that_is_not_drawn_hides_a_formula() -> None:
    unseen = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"}
    ]
    unseen += ["\u115f", "\u3164", "\u2800", "\ufffc", "\U0001d159"]
    assert len(unseen) > 2_000
    for letter in unseen:
        assert neutralise(f"{letter}=1+1") == f"'{letter}=1+1", hex(ord(letter))
        assert neutralise(f"a{letter}=1") == f"a{letter}=1"


@pytest.mark.parametrize("value", ["plain", "a=b", "'quoted'", "", -5, -1.5, None, True])
def test_other_values_stay_as_they_are(value: object) -> None:
    assert neutralise(value) is value


@given(st.text("'=+-@ \t\ra＝"))
def test_restoring_is_exact(text: str) -> None:
    assert restore(neutralise(text)) == text


def grid(path: Path, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()  # type: ignore[return-value]


ROWS: list[list[object]] = [
    ["=HYPERLINK(1)", -5, 1.5, date(2024, 1, 2), datetime(2024, 1, 2, 3, 4), True],
    ["[/] https://x.org", 2**60, float("nan"), date(1850, 1, 1), time(9, 30), None],
    ["two\nlines 🙂", "007", ["a", "b"], None, "-x", False],
]
COLUMNS = ["Said", "Count", "Mean", "Day", "At", "@Agreed"]


def test_a_workbook_holds_every_value_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    tables = [Table("Feedback", COLUMNS, iter(ROWS)), Table("Events", ["Name"], [])]
    assert write_tables(tables, path) == [path]
    assert grid(path, "Feedback") == [
        ["Said", "Count", "Mean", "Day", "At", "@Agreed"],
        ["=HYPERLINK(1)", -5, 1.5, date(2024, 1, 2), datetime(2024, 1, 2, 3, 4), True],
        ["[/] https://x.org", str(2**60), "", "1850-01-01", time(9, 30), ""],
        ["two\nlines 🙂", "007", "a; b", "", "-x", False],
    ]
    assert grid(path, "Events") == [["Name"]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_holds_one_csv_each(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paths = write_tables(
        [Table("Feedback", COLUMNS, ROWS), Table("feedback", ["a"], []), Table("../x", ["a"], [])], folder
    )
    assert [path.name for path in paths] == ["Feedback.csv", "feedback (2).csv", "-x.csv"]
    assert {path.parent for path in paths} == {folder}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in paths)
    assert sorted(folder.iterdir()) == sorted(paths)
    assert paths[0].read_bytes().startswith(b"\xef\xbb\xbfSaid,Count")
    assert values(read_sheet(paths[0])) == [
        ["'=HYPERLINK(1)", "-5", "1.5", "2024-01-02", "2024-01-02 03:04:00", "TRUE"],
        ["[/] https://x.org", str(2**60), "", "1850-01-01", "09:30:00", ""],
        ["two\nlines 🙂", "007", "a; b", "", "'-x", "FALSE"],
    ]


def test_a_full_sheet_goes_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_out, "MOST_ROWS", 3)
    path = tmp_path / "out.xlsx"
    long = "A very long name: of more than 31 [characters]"
    write_tables([Table(long, ["n"], ([n] for n in range(5))), Table("history", ["n"], [[1], [2]])], path)
    names = CalamineWorkbook.from_path(path).sheet_names
    assert names == [
        "A very long name of more than 3",
        "A very long name of more th (2)",
        "A very long name of more th (3)",
        "history (2)",
    ]
    assert [grid(path, name)[1:] for name in names[:3]] == [[[0], [1]], [[2], [3]], [[4]]]


def test_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    write_tables([Table("t", ["n"], [["🙂" * 20_000], ["x" * 32_767]])], tmp_path / "out.xlsx")
    cut, whole = (str(row[0]) for row in grid(tmp_path / "out.xlsx", "t")[1:])
    assert cut.endswith("🙂… (cut: the whole text is in the CSV)")
    assert len(cut.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert whole == "x" * 32_767


def test_what_is_there_is_overwritten_only_when_asked(tmp_path: Path) -> None:
    path, folder = tmp_path / "out.xlsx", tmp_path / "out"
    for target in (path, folder):
        write_tables([Table("t", ["n"], [[1]])], target)
        with pytest.raises(Misuse, match="already"):
            write_tables([Table("new", ["n"], [[2]]), Table("t", ["n"], [[2]])], target)
        write_tables([Table("t", ["n"], [[3]])], target, overwrite=True)
    assert grid(path, "t") == [["n"], [3]]
    assert values(read_sheet(folder / "t.csv")) == [["3"]]
    assert [written.name for written in folder.iterdir()] == ["t.csv"]


@pytest.mark.parametrize("name", ["out.xlsx", "out"])
def test_rows_that_fail_leave_nothing_and_keep_the_old(tmp_path: Path, name: str) -> None:
    write_tables([Table("t", ["n"], [[1]])], tmp_path / name)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def failing() -> Iterator[list[object]]:
        yield ["x"]
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        write_tables([Table("t", ["n"], failing())], tmp_path / name, overwrite=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["out.xlsx", "deep/out"])
@pytest.mark.parametrize("leave", [0, 20_000])
def test_a_full_disk_is_stated_and_nothing_is_left(small_disk: Path, name: str, leave: int) -> None:
    filler = fill(small_disk, leave)
    rows = [[f"{number} " * 40] for number in range(2_000)]
    with pytest.raises(DiskFull) as refused:
        write_tables([Table("t", ["n"], rows)], small_disk / name)
    assert str(small_disk / name) in refused.value.message and ".scratch" not in refused.value.message
    assert list(small_disk.iterdir()) == [filler]


def test_places_that_can_not_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_tables([], tmp_path / "gone" / "out.xlsx")
    for name in ("out.csv", "out.ods"):
        with pytest.raises(Misuse, match=r"\.xlsx"):
            write_tables([], tmp_path / name)
    with pytest.raises(Misuse, match="columns"):
        write_tables([Table("t", ["n"] * 16_385, [])], tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []
