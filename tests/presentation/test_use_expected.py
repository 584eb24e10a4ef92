"""The use of talking therapies in Birmingham and Solihull against values computed in two other ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit.presentation.utilisation.use_files import UseRequest, read_use

DATA = Path(__file__).parents[1] / "data"
EXPECTED = json.loads((DATA / "utilisation-expected.json").read_text("utf-8"))["talking_therapies"]
MEASURES = sorted(EXPECTED)
FLAGS = {
    "High (0.001)": "high 99.8",
    "High (0.025)": "high 95",
    "Low (0.001)": "low 99.8",
    "Low (0.025)": "low 95",
    "Not significant": None,
}
FIVE = {
    "White": "white",
    "Mixed": "mixed",
    "Asian or Asian British": "asian",
    "Black or Black British": "black",
    "Other Ethnic Groups": "other",
}


@pytest.fixture(scope="module", params=MEASURES)
def both(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The expected values of a measure, and the computed ones."""
    report = read_use(
        UseRequest(
            DATA / "talking-therapies-2024-25-birmingham-solihull.csv",
            ("Birmingham,Solihull",),
            DATA / "census-2021-ethnic-group-by-district.csv",
            "QHL",
            request.param,
        )
    )
    return EXPECTED[request.param], report.as_dict()


def near(value: Any) -> Any:
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)


def test_the_whole(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    expected, counted = both
    for name in ("stated", "population", "rate_per_1000", "not_stated_percent"):
        assert counted[name] == near(expected[name]), name
    assert counted["not_stated"]["shown"] == expected["not_stated"]
    assert counted["hidden"] == expected["suppressed_groups"]
    assert list(counted["groups"]) == list(expected["groups"])
    for name in ("k", "phi", "chi_square", "tau2_sqrt_scale"):
        assert counted["overdispersion"][name] == near(expected["overdispersion"][name])


def test_every_group(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    expected, counted = both
    for code, wanted in expected["groups"].items():
        group = counted["groups"][code]
        assert group["shown"] == wanted["shown"]
        assert group["observed"] == wanted["observed_interval"]
        assert group["rounding"] == near(wanted["isr_rounding_range"])
        assert group["rounding_and_chance"] == near(wanted["isr_rounding_and_chance_range"])
        for name, other in (
            ("rate_ratio_to_white_british", "rate_ratio_vs_white_british"),
            ("rate_ratio_to_rest", "rate_ratio_vs_rest"),
        ):
            values = wanted.get(other)
            assert group[name] == (values and near([values["value"], values["lower_95"], values["upper_95"]]))
        for name in (
            "isr_if_none_of_the_not_stated",
            "not_stated_needed_for_100",
            "not_stated_needed_for_100_percent",
        ):
            assert group[name] == near(wanted[name])
        assert group["adult_share_for_100"] == near(wanted["adult_share_relative_to_all_for_100"])
        compare(group, wanted)


def test_the_broad_groups(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    expected, counted = both
    assert list(counted["five"]) == [FIVE[name] for name in expected["five"]]
    for name, wanted in expected["five"].items():
        assert counted["five"][FIVE[name]]["shown"] == wanted["shown"]
        compare(counted["five"][FIVE[name]], wanted)
    compare(counted["all_but_white_british"], expected["all_but_white_british"])


def compare(group: dict[str, Any], wanted: dict[str, Any]) -> None:
    for name in ("population", "rate_per_1000", "expected", "isr"):
        assert group[name] == near(wanted[name]), name
    assert group["rate_95"] == near([wanted["rate_lower_95"], wanted["rate_upper_95"]])
    assert group["isr_95"] == near([wanted["isr_lower_95"], wanted["isr_upper_95"]])
    assert group["isr_998"] == near([wanted["isr_lower_998"], wanted["isr_upper_998"]])
    assert group["flag"] == FLAGS[wanted["funnel"]]
