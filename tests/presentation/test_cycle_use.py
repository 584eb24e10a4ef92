"""The comparison of use in a cycle: the same figures from records as from the original files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli_kits import with_answers
from commanding import Run
from fieldkit.presentation.utilisation.cycle_use import uses_of_cycle
from fieldkit.presentation.utilisation.use_files import UseRequest, read_use
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.store.kit import Kit
from use_cycle import MEASURES, TALKING, record_use_cycle

AREA = ("Birmingham", "Solihull")
_ALIKE = (
    "stated",
    "population",
    "rate_per_1000",
    "not_stated",
    "not_stated_percent",
    "population_year",
    "overdispersion",
)


@pytest.fixture
def held(run: Run, hub: Path) -> Path:
    """The coordinator's kit with a cycle of two measures."""
    record_use_cycle(run)
    return hub


def of_cycle(folder: Path) -> list[UseReport]:
    with Kit.open(folder) as kit:
        (cycle,) = kit.columns("cycle", ("record_id",))
        return uses_of_cycle(kit, cycle[0])


def alike(from_records: dict[str, Any], from_files: dict[str, Any]) -> None:
    for name in _ALIKE:
        assert (
            from_records[name] == pytest.approx(from_files[name], rel=1e-12)
            if isinstance(from_files[name], float)
            else from_records[name] == from_files[name]
        ), name
    assert list(from_records["groups"]) == list(from_files["groups"])
    for code, group in from_files["groups"].items():
        same = {
            name: value
            for name, value in from_records["groups"][code].items()
            if name not in {"label", "caveats"}
        }
        assert same == {name: value for name, value in group.items() if name in same}


def test_records_give_what_their_files_give(held: Path) -> None:
    reports = {(report.basis.measure, report.use.dimension): report for report in of_cycle(held)}
    assert set(reports) == {
        (measure, dimension) for measure in MEASURES for dimension in ("ethnic", "religion")
    }
    for (measure, dimension), report in reports.items():
        files = read_use(UseRequest(TALKING, AREA, measure=measure, dimension=dimension))
        alike(report.as_dict(), files.as_dict())


def test_a_population_of_the_cycle_counts_before_the_shipped_one(run: Run, held: Path) -> None:
    done = run(
        *("figures", "import", "--population", "--districts", "Birmingham,Solihull"),
        *("--cycle", "Talking therapies", "--yes"),
    )
    assert done.code == 0, done.err
    for report in of_cycle(held):
        use = report.use
        files = read_use(UseRequest(TALKING, AREA, measure=report.basis.measure, dimension=use.dimension))
        alike(report.as_dict(), files.as_dict())
        if use.dimension == "ethnic":
            assert report.basis.districts == AREA
            assert report.basis.population_file == "Census 2021, ethnic group by district"


def test_without_districts_figures_are_counted_and_the_caveat_says_why(run: Run, hub: Path) -> None:
    assert (
        run(
            "record",
            "cycle",
            *with_answers("title=No area", "service_area=gp", "date_from=2024-04-01", "date_to=2025-03-31"),
        ).code
        == 0
    )
    assert (
        run(
            "figures", "import", TALKING, "--cycle", "No area", "--measure", "referrals_received", "--yes"
        ).code
        == 0
    )
    (report,) = of_cycle(hub)
    assert {group.no_ratio for group in report.use.groups} == {"no population"}
    assert any("No district is named" in caveat for caveat in report.caveats)
