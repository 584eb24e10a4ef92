"""Ways in which small numbers leaked elsewhere, besides the folders of hostile tables: levels, subsets, rounding, means."""

from __future__ import annotations

from pathlib import Path

import pytest

import people_attack
import table_attack
from fieldkit.insight.disclosure.definitions import (
    TOTAL,
    Level,
    Mean,
    PeopleTable,
    Question,
    Respondent,
)
from fieldkit.insight.disclosure.plain_tables import protect_tables
from fieldkit.insight.disclosure.protection import Protected, protect
from fieldkit.insight.disclosure.thresholds import FFT, HES, TEN, Preset

PRESETS = pytest.mark.parametrize("preset", [FFT, TEN, HES], ids=lambda preset: preset.name)


def protected_tables(
    folder: Path, preset: Preset, tables: dict[str, str], relations: str
) -> dict[str, list[str]]:
    """What is written of plain tables, as lines by name, after checking that the attack pins nothing."""
    source, out = folder / "tables", folder / "out"
    source.mkdir()
    out.mkdir()
    for name, text in tables.items():
        (source / f"true-{name}.csv").write_text(text)
    (source / "relations.txt").write_text(relations)
    files = protect_tables(source, preset).files
    assert not table_attack.leaks(source, preset, files, out)
    return {name.removesuffix(".csv"): content.decode().splitlines() for name, content in files.items()}


@PRESETS
def test_three_levels_of_a_classification(tmp_path: Path, preset: Preset) -> None:
    fine = {
        "Other White": 22,
        "Traveller": 4,
        "Roma": 4,
        "Indian": 31,
        "Pakistani": 20,
        "Chinese": 3,
        "Other Asian": 13,
    }
    protected_tables(
        tmp_path,
        preset,
        {
            "nineteen": "\n".join([",people", *(f"{name},{number}" for name, number in fine.items())]) + "\n",
            "sixteen": ",people\nC,30\n",
            "five": ",people\nAsian,67\n",
        },
        "link sixteen[C|people] = nineteen[Other White|people] + nineteen[Traveller|people] + nineteen[Roma|people]\n"
        "link five[Asian|people] = nineteen[Indian|people] + nineteen[Pakistani|people] + nineteen[Chinese|people]"
        " + nineteen[Other Asian|people]\n",
    )


@PRESETS
def test_two_stars_and_their_total(tmp_path: Path, preset: Preset) -> None:
    written = protected_tables(
        tmp_path,
        preset,
        {"referrals": ",people\nward 1,4\nward 2,4\nAll,8\n"},
        "sum referrals row All = ward 1 + ward 2\n",
    )
    assert written["referrals"][1:3] == ["ward 1,*", "ward 2,*"]
    assert preset is not FFT or written["referrals"][3] == "All,8"


CARER = Question("carer", (Level("carers", {"Y": "carer", "N": "no carer"}),), monitoring=True)
RATING = Question("rating", (Level("two", {"1": "positive", "5": "negative"}),))
SERVICE = Question("service", (Level("service", {"GP": "GP", "dental": "dental"}),))
EVERYBODY = PeopleTable("all", "service", "rating")
CARERS = PeopleTable("carers", "service", "rating", (("carer", frozenset({"Y"})),))


def group(number: int, service: str, rating: str, carer: str) -> list[Respondent]:
    """`number` people with the same answers."""
    return [Respondent({"service": service, "rating": rating, "carer": carer}) for _ in range(number)]


def number(protected: Protected, table: str, row: str, column: str) -> int | None:
    """A printed number; None for a star."""
    text = protected.printed.get((table, row, column), "*")
    return None if text == "*" else int(text)


LEFT_OUT_AND_ALIKE = [
    *group(40, "GP", "1", "Y"),
    *group(30, "GP", "5", "Y"),
    *group(5, "GP", "5", "N"),
    *group(30, "dental", "1", "Y"),
    *group(30, "dental", "5", "Y"),
    *group(25, "dental", "1", "N"),
    *group(25, "dental", "5", "N"),
]
"""Carers and others; the five others at the GP are all negative."""


def left_out(protected: Protected, column: str) -> int | None:
    """The number of people in a column of the GP's row who are in the table of all but not in that of carers; None if unknown."""
    everybody, carers = (number(protected, table, "GP", column) for table in ("all", "carers"))
    return None if everybody is None or carers is None else everybody - carers


@pytest.mark.parametrize("preset", [FFT, TEN], ids=lambda preset: preset.name)
def test_people_left_out_of_a_subset_who_all_gave_one_answer(preset: Preset) -> None:
    questions, tables = [SERVICE, RATING, CARER], [EVERYBODY, CARERS]
    protected = protect(LEFT_OUT_AND_ALIKE, questions, tables, preset)
    assert not people_attack.leaks(
        LEFT_OUT_AND_ALIKE, questions, tables, preset, protected.levels, protected.printed
    )
    assert None in [left_out(protected, column) for column in ("negative", TOTAL)]


@pytest.mark.parametrize("preset", [FFT, TEN], ids=lambda preset: preset.name)
def test_people_left_out_of_a_subset_of_those_who_answered(preset: Preset) -> None:
    answered = ("rating", frozenset({"1", "5"}))
    tables = [
        PeopleTable("all", "service", "rating", (answered,)),
        PeopleTable("carers", "service", "rating", (answered, ("carer", frozenset({"Y"})))),
    ]
    protected = protect(LEFT_OUT_AND_ALIKE, [SERVICE, RATING, CARER], tables, preset)
    assert left_out(protected, "positive") is None
    assert None in [left_out(protected, column) for column in ("negative", TOTAL)]


def test_the_score_of_somebody_whom_a_subset_leaves_out() -> None:
    score = Question("rating", (Level("two", {"1": "positive", "5": "negative"}),), scores={"1": 5, "5": -5})
    people = [
        *group(30, "GP", "1", "Y"), *group(29, "GP", "5", "Y"), *group(1, "GP", "1", "N"),
        *group(25, "dental", "1", "Y"), *group(25, "dental", "5", "Y"),
    ]  # fmt: skip
    means = (Mean("mean", "rating", 2),)
    tables = [
        PeopleTable("all", "service", means=means),
        PeopleTable("carers", "service", where=(("carer", frozenset({"Y"})),), means=means),
    ]
    protected = protect(people, [SERVICE, score, CARER], tables, FFT)
    assert None in [number(protected, table, "GP", TOTAL) for table in ("all", "carers")]
    printed = [protected.printed[table, "GP", "mean"] for table in ("all", "carers")]
    assert "*" in printed or protected.printed["all", "GP", TOTAL] == "*"
