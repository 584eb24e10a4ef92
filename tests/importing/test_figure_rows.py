"""Files of figures as plain rows: the real ones, and layouts of other publishers."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.importing.figures.figure_rows import FigureRow, open_figures
from fieldkit.importing.figures.shown_text import CountRules
from fieldkit.intervals import Interval

DATA = Path(__file__).parents[1] / "data"
TALKING = DATA / "talking-therapies-2024-25-birmingham-solihull.csv"


def figures(text: str, **options: object) -> list[FigureRow]:
    return list(open_figures(text.encode(), **options).rows())  # type: ignore[arg-type]


def test_every_figure_of_the_talking_therapies_file() -> None:
    file = open_figures(TALKING)
    rows = list(file.rows())
    assert len(rows) == 910
    assert file.source is not None and file.source.name == "tt"
    assert all(row.code for row in rows)
    assert sum(row.derived for row in rows) == 325
    assert all(row.interval is None for row in rows if row.derived)
    referrals = [row for row in rows if row.measure == "referrals_received"]
    pakistani = next(row for row in referrals if row.label == "Pakistani")
    assert (pakistani.organisation, pakistani.period, pakistani.dimension) == ("QHL", "2024-25", "ethnic")
    assert (pakistani.group, pakistani.shown, pakistani.code) == ("Asian or Asian British", "5730", "J")
    assert pakistani.interval == Interval(5728, 5732)
    groups = [row for row in referrals if row.dimension == "ethnic" and row.level == "group"]
    assert "".join(sorted(row.code for row in groups)) == "ABCDEFGHJKLMNPRS"
    assert sum(int(row.shown) for row in groups) == 43740
    assert [row.shown for row in referrals if row.code == "unknown-mixed" and row.dimension == "ethnic"] == [
        "6605"
    ]
    jain = next(row for row in referrals if row.label == "Jain")
    assert (jain.shown, jain.interval, jain.state) == ("*", Interval(0, 4), "star")


def test_labels_down_with_measures_across_below_a_title() -> None:
    rows = figures(
        "Use of the service by ethnic group\n\n"
        "Ethnic group,Referrals,Finished course,% recovered\n"
        "White - British,120,60,51%\nAsian or Asian British - Indian,*,-,n/a\nNot stated,9,3,\n",
        rules=CountRules(1, 4),
    )
    assert [(row.measure, row.code, row.shown, row.interval) for row in rows if not row.derived] == [
        ("Referrals", "A", "120", Interval(120, 120)),
        ("Finished course", "A", "60", Interval(60, 60)),
        ("Referrals", "H", "*", Interval(1, 4)),
        ("Finished course", "H", "-", None),
        ("Referrals", "Z", "9", Interval(9, 9)),
        ("Finished course", "Z", "3", Interval(3, 3)),
    ]
    assert [row.shown for row in rows if row.derived] == ["51%", "n/a", ""]


def test_labels_across_with_two_rows_of_headings() -> None:
    rows = figures(
        "Provider,White,,Asian,\n,British,Irish,Indian,Other\nQHL,5,6,7,8\nQOP,1,2,3,4\n",
        rules=CountRules(0, 0),
    )
    assert [(row.organisation, row.group, row.code, row.shown) for row in rows[:4]] == [
        ("QHL", "White", "A", "5"),
        ("QHL", "White", "B", "6"),
        ("QHL", "Asian", "H", "7"),
        ("QHL", "Asian", "L", "8"),
    ]


def test_a_count_and_a_percentage_beside_it() -> None:
    rows = figures("Religion,Number,Percent\nHindu,12,40\nSikh,18,60\n")
    assert [(row.dimension, row.code, row.shown, row.derived) for row in rows] == [
        ("religion", "D", "12", False),
        ("religion", "D", "40", True),
        ("religion", "I", "18", False),
        ("religion", "I", "60", True),
    ]


def test_a_census_table_with_ages() -> None:
    rows = figures(
        "Lower tier local authorities Code,Lower tier local authorities,Ethnic group (20 categories) Code,"
        "Ethnic group (20 categories),Age (6 categories) Code,Age (6 categories),Observation\n"
        "E08000025,Birmingham,-8,Does not apply,1,Aged 15 years and under,0\n"
        'E08000025,Birmingham,1,"Asian, Asian British or Asian Welsh: Bangladeshi",1,Aged 15 years and under,17000\n'
        'E08000025,Birmingham,1,"Asian, Asian British or Asian Welsh: Bangladeshi",2,Aged 16 to 24 years,7000\n'
    )
    assert [(row.organisation, row.organisation_name, row.code, row.age, row.shown) for row in rows] == [
        ("E08000025", "Birmingham", "not-applicable", "Aged 15 years and under", "0"),
        ("E08000025", "Birmingham", "1", "Aged 15 years and under", "17000"),
        ("E08000025", "Birmingham", "1", "Aged 16 to 24 years", "7000"),
    ]


@pytest.mark.parametrize(
    "text", ["Name,Town\nAnn,Leeds\nBea,York\n", "Ethnic group,Note\nWhite,none\nMixed,many\n"]
)
def test_a_table_without_numbers_is_refused_with_a_way_on(text: str) -> None:
    from fieldkit.importing.figures.figure_layouts import NoFigures

    with pytest.raises(NoFigures, match="--column value="):
        figures(text)
