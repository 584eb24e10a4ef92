"""Figures under two rows of headings: the upper one names the measure or the year of those below, wherever it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import FieldkitError
from fieldkit.importing.figures.figure_rows import open_figures
from fieldkit.presentation.utilisation.use_files import UseRequest, read_use

BODY = "".join(
    f"{label},{number},{number + 1},{number + 2},{number + 3}\n"
    for label, number in (
        ("White: Irish", 20),
        ("Asian: Indian", 40),
        ("Asian: Pakistani", 60),
        ("Not stated", 80),
    )
)


def figures(path: Path, text: str) -> set[tuple[str, str, str]]:
    """(measure, period, shown) of White Irish."""
    path.write_text(text)
    return {
        (row.measure, row.period, row.shown)
        for row in open_figures(path).rows()
        if row.label == "White: Irish"
    }


MEASURE_AND_YEAR = {
    ("Referrals", "2023-24", "20"),
    ("Referrals", "2024-25", "21"),
    ("Recovered", "2023-24", "22"),
    ("Recovered", "2024-25", "23"),
}


@pytest.mark.parametrize(
    "headings",
    [
        ",Referrals,Referrals,Recovered,Recovered\nEthnic group,2023-24,2024-25,2023-24,2024-25\n",
        ",Referrals,,Recovered,\nEthnic group,2023-24,2024-25,2023-24,2024-25\n",
        "Table 1: use of the service,,,,\n,,,,\n,Referrals,,Recovered,\nEthnic group,2023-24,2024-25,2023-24,2024-25\n",
        "Ethnic group,Referrals,,Recovered,\n,2023-24,2024-25,2023-24,2024-25\n",
    ],
)
def test_a_measure_above_years_is_a_measure_with_two_periods(tmp_path: Path, headings: str) -> None:
    assert figures(tmp_path / "f.csv", headings + BODY) == MEASURE_AND_YEAR


def test_a_year_above_measures_is_a_period_with_two_measures(tmp_path: Path) -> None:
    headings = "Ethnic group,2023-24,,2024-25,\n,Referrals,Recovered,Referrals,Recovered\n"
    assert figures(tmp_path / "f.csv", headings + BODY) == {
        ("Referrals", "2023-24", "20"),
        ("Recovered", "2023-24", "21"),
        ("Referrals", "2024-25", "22"),
        ("Recovered", "2024-25", "23"),
    }


def test_measure_and_year_are_chosen_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(",Referrals,,Recovered,\nEthnic group,2023-24,2024-25,2023-24,2024-25\n" + BODY)
    report = read_use(
        UseRequest(path, ("Birmingham",), measure="recovered", period="2024-25", source="exact")
    )
    assert [group.observed.shown for group in report.use.groups] == ["23", "43", "63"]


def test_two_tables_side_by_side_are_refused_not_read_by_half(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(
        "Ethnic group,Number,,Ethnic group,Number\n"
        "White: Irish,20,,White: Irish,2\nAsian: Indian,40,,Asian: Indian,4\n"
    )
    with pytest.raises(FieldkitError, match="two tables side by side"):
        open_figures(path)
    assert open_figures(path, roles={"value": "Number (2)", "label": "Ethnic group (2)"}).layout.values == (
        "Number (2)",
    )


def test_words_in_a_column_of_numbers_are_not_called_a_dash(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Ethnic group,Referrals\nWhite: Irish,20\nAsian: Indian,many\nAsian: Pakistani,7\n")
    with pytest.raises(FieldkitError) as raised:
        read_use(UseRequest(path, ("Birmingham",)))
    sentence = str(raised.value)
    assert "many" in sentence and "dash" not in sentence
