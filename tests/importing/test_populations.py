"""The shipped census and files like it: districts by name or code, sums, ages."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import Misuse
from fieldkit.importing.figures.areas import NoSuchArea
from fieldkit.importing.figures.populations import open_population

DATA = Path(__file__).parents[1] / "data"
AGES = """Lower tier local authorities Code,Lower tier local authorities,Ethnic group (20 categories),Age,Observation
E08000025,Birmingham,White: Irish,Aged 15 years and under,10
E08000025,Birmingham,White: Irish,Aged 16 to 24 years,20
E08000025,Birmingham,White: Irish,Aged 25 years and over,300
E08000025,Birmingham,Other ethnic group: Arab,Aged 15 years and under,40
E08000025,Birmingham,Other ethnic group: Arab,Aged 16 to 24 years,50
E08000025,Birmingham,Other ethnic group: Arab,Aged 25 years and over,60
"""


def test_the_shipped_census_is_the_default() -> None:
    people = open_population().people("Birmingham,Solihull")
    assert people.total == 1_361_162
    assert (people.year, people.scheme, people.groups["4"]) == ("2021", "census19", 202_710)
    assert sum(people.nhs16.values()) == people.total
    assert people.nhs16["C"] == 760 + 1_890 + 51_134 and people.nhs16["S"] == 20_084 + 35_157


def test_the_shipped_census_is_read_once() -> None:
    assert open_population() is open_population()


@pytest.mark.parametrize(
    ("wanted", "collected"),
    [
        ("birmingham ; SOLIHULL", ["Birmingham", "Solihull"]),
        ("E08000025", ["Birmingham"]),
        ("Bristol, City of, Leeds", ["Bristol, City of", "Leeds"]),
        ("Bristol,Leeds", ["Bristol, City of", "Leeds"]),
        ("Bournemouth, Christchurch and Poole", ["Bournemouth, Christchurch and Poole"]),
        ("St Helens,St. Helens", ["St. Helens"]),
    ],
)
def test_districts_are_found_by_name_or_code(wanted: str, collected: list[str]) -> None:
    assert [area.name for area in open_population().people(wanted).areas] == collected


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("Brimingham", "Birmingham"),
        ("Bradford District and Craven", "Bradford"),
        ("QHL", "Birmingham,Solihull"),
        ("Leeds,Atlantis", "fieldkit figures districts"),
        ("", "--districts"),
    ],
)
def test_a_district_that_is_not_there_stops_with_a_suggestion(wanted: str, hint: str) -> None:
    with pytest.raises(NoSuchArea) as refused:
        open_population().people(wanted)
    assert hint in refused.value.hint


def test_ages_are_cut_where_the_bands_allow() -> None:
    file = open_population(AGES.encode())
    assert file.has_ages
    assert file.people("Birmingham").groups == {"14": 330, "18": 150}
    adults = file.people("Birmingham", ages=(16, None))
    assert adults.groups == {"14": 320, "18": 110}
    assert adults.by_age["18", (16, 24)] == 50
    with pytest.raises(Misuse, match="can't be cut at 18 and over"):
        file.people("Birmingham", ages=(18, None))
    with pytest.raises(Misuse, match="no ages"):
        open_population().people("Birmingham", ages=(16, None))


def test_a_population_with_stars_or_unmatched_groups_is_refused() -> None:
    head = "area code,area name,ethnic group,value\nE1,Here,White: Irish,"
    with pytest.raises(Misuse, match="whole number"):
        open_population(f"{head}*\nE1,Here,White: Roma,5\n".encode()).people("Here")
    with pytest.raises(Misuse, match="matched to no group"):
        open_population(f"{head}5\nE1,Here,White: Iirsh,5\n".encode()).people("Here")


def test_what_is_shipped_is_what_was_published() -> None:
    from importlib.resources import files

    shipped = (
        files("fieldkit.importing.figures").joinpath("census-2021-ethnic-group-by-district.csv").read_bytes()
    )
    assert shipped == (DATA / "census-2021-ethnic-group-by-district.csv").read_bytes()
    assert "Open\nGovernment Licence v3.0" in files("fieldkit.importing.figures").joinpath(
        "SOURCES.md"
    ).read_text("utf-8")


TWICE = """area_code,area_name,ethnic_group,{0},value
E1,Here,White: British,{1},600
E1,Here,White: British,{2},300
E1,Here,White: British,{3},900
E1,Here,White: Irish,{1},60
E1,Here,White: Irish,{2},30
E1,Here,White: Irish,{3},90
"""


@pytest.mark.parametrize(
    ("column", "parts", "sentence"),
    [
        ("age", ("0-15", "16-64", "16+"), "share ages: 16-64 and 16+"),
        ("age", ("0-64", "65+", "18-64"), "share ages: 0-64 and 18-64"),
        ("sex", ("Male", "Female", "X"), "as many people of the sex “X” as of the others together"),
        ("year", ("2011", "2021", "2023"), "several periods: 2011, 2021, 2023"),
        ("measure", ("Residents", "Workers", "Both"), "several measures: Residents, Workers, Both"),
        ("notes", ("", "", ""), "3 numbers of “White: British” for one place"),
    ],
)
def test_nobody_is_counted_twice(column: str, parts: tuple[str, str, str], sentence: str) -> None:
    population = open_population(TWICE.format(column, *parts).encode())
    with pytest.raises(Misuse) as problem:
        population.people("Here")
    assert sentence in problem.value.message and problem.value.hint


@pytest.mark.parametrize(
    ("column", "parts"),
    [
        ("age", ("0-15", "16+", "All ages")),
        ("sex", ("Male", "Female", "Persons")),
        ("sex", ("M", "F", "T")),
        ("sex", ("Men", "Women", "Both sexes")),
    ],
)
def test_a_total_beside_its_parts_is_left_out(column: str, parts: tuple[str, str, str]) -> None:
    assert open_population(TWICE.format(column, *parts).encode()).people("Here").total == 990
