"""The tables of a merge fit a box of any width: no line is broken, no name is cut."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from fieldkit.screens.exchange.merge_figures import MergeFigures
from fieldkit.sync.merge.report import LEFT, QUARANTINED, MergedFile, MergeReport

LONG = "The Long and Winding Walking Group of Airedale, second laptop (old ThinkPad)"


@pytest.mark.parametrize("width", [48, 50, 58, 78])
def test_no_line_is_broken_and_no_name_is_cut(width: int) -> None:
    files = [
        MergedFile("a.fkb", "/a.fkb", "merged", name, new_records=12_345)
        for name in (LONG, "St Mary's laptop", "محمد أحمد بن عبد الله")
    ]
    lines = str(MergeFigures("What was merged", MergeReport(files)).text_for(width)).split("\n")
    assert all(cell_len(line) <= width for line in lines)
    text = " ".join(" ".join(lines).split())
    assert LONG in text
    ends = {cell_len(line) for line in lines if line.endswith("0")}
    assert len(ends) == 1, "figures are below their headings, also below a name that has a line of its own"
    assert "St Mary's laptop 12,345 0 0 0" in text and "NOT MERGED" not in text


def test_figures_stay_beside_a_name_from_right_to_left() -> None:
    files = [MergedFile("a.fkb", "/a.fkb", "merged", "محمد", new_records=3)]
    lines = str(MergeFigures("What was merged", MergeReport(files)).text_for(78)).split("\n")
    row = next(line for line in lines if "محمد" in line)
    assert row.startswith("\u200e") and row.index("\u200e", 1) < row.index("3")


@pytest.mark.parametrize("width", [48, 78])
def test_files_not_merged_are_counted_in_the_words_of_the_screen(width: int) -> None:
    files = [
        MergedFile("a.fkb", "/a.fkb", QUARANTINED, "St Mary"),
        MergedFile("b.fkb", "/b.fkb", QUARANTINED, "St Mary"),
        MergedFile("c.fkbackup", "/c.fkbackup", LEFT),
    ]
    text = str(MergeFigures("What was merged", MergeReport(files)).text_for(width))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    assert lines[lines.index("FILES NOT MERGED quarantined left") :][:3] == [
        "FILES NOT MERGED quarantined left",
        "St Mary 2 0",
        "unknown laptop 0 1",
    ]
    assert "refused" not in text and all(cell_len(line) <= width for line in text.split("\n"))
