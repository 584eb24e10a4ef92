"""Tables and relations that can't be read: a message names file and line, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.insight.disclosure.exact_tables import TablesRefused
from fieldkit.insight.disclosure.plain_tables import protect_tables
from fieldkit.insight.disclosure.thresholds import FFT, TEN

TABLE = ",good,poor + very poor,total,% good\nGP,40,12,52,77%\nA / E,30,15,45,67%\nAll,70,27,97,72%\n"
RELATIONS = """# what readers know
sum ratings col total = good + poor + very poor
sum ratings row All = GP + A / E
pct ratings % good = good / total

watch ratings[GP|good]
"""


def folder_of(place: Path, table: str = TABLE, relations: str = RELATIONS) -> Path:
    """A folder of one table."""
    (place / "true-ratings.csv").write_text(table, encoding="utf-8")
    (place / "relations.txt").write_text(relations, encoding="utf-8")
    return place


def test_labels_may_hold_the_signs_of_the_grammar(tmp_path: Path) -> None:
    protected = protect_tables(folder_of(tmp_path), FFT)
    assert protected.files["ratings.csv"].decode().splitlines()[0] == ",good,poor + very poor,total,% good"
    assert ("ratings", "GP", "good") in {(star.table, star.row, star.column) for star in protected.starred}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("sum ratings", "line 2: this line is written “sum TABLE col NAME = PART + PART”"),
        ("sum ratings col total", "line 2: this line is written “sum TABLE col NAME = PART + PART”"),
        ("add ratings col total = good", "relations.txt, line 2: a line begins with sum, pct"),
        ("sum rating col total = good", "relations.txt, line 2: no table has the name “rating”"),
        ("sum ratings up total = good", "line 2: after the table comes “col” or “row”"),
        ("sum ratings col sum = good", "line 2: “sum” is no column of “ratings”"),
        ("sum ratings col total = good + bad", "line 2: “bad” is no column of “ratings”"),
        ("sum ratings col total = total + good", "line 2: “total” is a part of itself"),
        ("sum ratings col total = good + good", "line 2: a part is there twice"),
        ("sum ratings col total = good", "line 2: the true tables contradict this: ratings[GP|total] is 52"),
        ("sum ratings col total = good + % good", "line 2: a column of percentages is no part of a sum"),
        ("pct ratings % good = good", "line 2: after “=” come the parts"),
        ("pct ratings % bad = good / total", "line 2: “% bad” is no column"),
        ("pct ratings % good = % good / total", "line 2: “% good” is a percentage itself"),
        ("link ratings[GP|good] ratings[All|good]", "line 2: a link is written"),
        ("link ratings[GP|fair] = x", "line 2: “ratings” has no cell [GP|fair]."),
        ("link rating[GP|good] = x", "line 2: no table has the name “rating”"),
        ("link ratings[GP] = x", "line 2: “ratings[GP]” is not written TABLE[row|column]"),
        ("link ratings[GP|good] >= ratings[All|good]", "line 2: the true tables contradict this"),
        ("know ratings[GP|good] 1", "line 2: this line is written “know SUM LOW HIGH”"),
        ("know ratings[GP|good] 9 1", "line 2: 9 is greater than 1"),
        ("know ratings[GP|good] 1 9", "line 2: the true tables contradict this: ratings[GP|good] is 40"),
        ("know nobody 1 9", "line 2: no link has a number with the name “nobody”"),
        ("watch ratings[GP|% good]", "line 2: “ratings[GP|% good]” is a percentage"),
        ("star 5", "line 2: this line is written “star LOW HIGH”"),
        ("star 5 x", "line 2: “x” is not a whole number"),
        ("round 0 5", "line 2: the base for rounding is at least 1"),
    ],
)
def test_a_line_that_can_not_be_read_is_named(line: str, sentence: str, tmp_path: Path) -> None:
    relations = f"pct ratings % good = good / total\n{line}\n"
    with pytest.raises(TablesRefused) as refusal:
        protect_tables(folder_of(tmp_path, relations=relations), TEN)
    assert sentence in str(refusal.value)
    assert "Nothing was written." in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("40", "*", "true-ratings.csv, line 2: “*” in column “good” is not a whole number."),
        ("40", "40.5", "line 2: “40.5” in column “good” is not a whole number."),
        ("40", "-4", "line 2: “-4” in column “good” is not a whole number."),
        ("77%", "most", "line 2: “most” in column “% good” is not a percentage"),
        ("77%", "78%", "line 2: “% good” is 78%, but 40 of 52 is 77%."),
        ("A / E,", "GP,", "line 3: the row “GP” is there twice."),
        ("A / E,", ",", "line 3: a row has no name."),
        (",good,", ",total,", "line 1: the column “total” is there twice."),
        ("52,77%", "52", "line 2: 3 cells follow the row's name; 4 have a column."),
        ("52,77%", '52,"77%', "this is no CSV"),
        (TABLE, "", "line 1: the first line has no column names."),
        (TABLE, ",good\n", "no rows follow"),
    ],
)
def test_a_table_that_can_not_be_read_is_named(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(TablesRefused) as refusal:
        protect_tables(folder_of(tmp_path, TABLE.replace(old, new, 1)), TEN)
    assert sentence in str(refusal.value)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(TablesRefused, match="no folder"):
        protect_tables(tmp_path / "gone", TEN)
    with pytest.raises(TablesRefused, match="Name each table"):
        protect_tables(tmp_path, TEN)
    (tmp_path / "true-a.csv").write_text(TABLE)
    with pytest.raises(TablesRefused, match="this file is missing"):
        protect_tables(tmp_path, TEN)
    (tmp_path / "relations.txt").write_bytes("know Zo\u00eb 1 2".encode("latin-1"))
    with pytest.raises(TablesRefused, match="not in UTF-8"):
        protect_tables(tmp_path, TEN)


def test_labels_that_act_as_formulas_are_inert(tmp_path: Path) -> None:
    table = TABLE.replace("GP", "=HYPERLINK(1)")
    relations = RELATIONS.replace("GP", "=HYPERLINK(1)")
    written = protect_tables(folder_of(tmp_path, table, relations), TEN).files["ratings.csv"].decode()
    assert "\n'=HYPERLINK(1)," in written
