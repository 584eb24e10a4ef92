"""A group that supports a change is that of its own data set and dimension, in words, in the choices and in a pack."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from commanding import Run
from fieldkit.presentation.cycle.change_rows import ChangeRow, change_rows
from fieldkit.presentation.cycle.change_story import change_story
from fieldkit.presentation.cycle.cycle_facts import changes_of
from fieldkit.presentation.cycle.support_choices import add_figure, support_choices
from fieldkit.presentation.cycle.supporting_group import supporting_group
from fieldkit.presentation.pack.change_sections import you_said
from fieldkit.presentation.pack.use_sections import headline
from fieldkit.presentation.utilisation.cycle_use import uses_of_cycle
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.store.kit import Kit
from use_cycle import MEASURES, record_use_cycle

TODAY = date(2026, 6, 1)


class Cycle:
    """The cycle, its reports on use, and one change without support."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        ((self.cycle_id,),) = kit.columns("cycle", ("record_id",))
        change = {
            "cycle": self.cycle_id,
            "title": "Open on Saturdays",
            "what": "Open on Saturdays, too.",
            "status": "proposed",
        }
        self.change = kit.add("change", change).record_id
        self.uses = uses_of_cycle(kit, self.cycle_id)

    def report(self, measure: str, dimension: str) -> UseReport:
        (report,) = [
            each for each in self.uses if (each.basis.measure, each.use.dimension) == (measure, dimension)
        ]
        return report

    def support(self, report: UseReport, code: str, dimension: str = "") -> None:
        group = {"dataset": report.basis.dataset, "group_code": code} | (
            {"dimension": dimension} if dimension else {}
        )
        self.kit.add("support", {"change": self.change, "support_kind": "dataset", **group})

    @property
    def row(self) -> ChangeRow:
        (row,) = change_rows(self.kit, changes_of(self.kit, self.cycle_id), TODAY)
        return row

    @property
    def material(self) -> Any:
        view = SimpleNamespace(rows=(self.row,))
        return SimpleNamespace(
            facts=SimpleNamespace(uses=self.uses, view=view), quotes=(), audience=SimpleNamespace(ratios=True)
        )

    def showed(self) -> str:
        return dict(change_story(self.kit, self.row))["THE FIGURES SHOWED"]


@pytest.fixture
def cycle(run: Run, hub: Path) -> Any:
    record_use_cycle(run)
    with Kit.open(hub) as kit:
        yield Cycle(kit)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_group_is_that_of_its_own_data_set(cycle: Cycle, measure: str) -> None:
    report = cycle.report(measure, "ethnic")
    cycle.support(report, "J", "ethnic")
    (figure,) = cycle.row.figures
    supporting = supporting_group(cycle.uses, figure)
    assert supporting is not None and supporting[0] is report and supporting[1].code == "J"
    lead = headline(cycle.material)
    assert lead is not None and lead[0] is report and lead[1] is supporting[1]


def test_a_code_that_two_dimensions_have_names_the_group_of_the_recorded_one(cycle: Cycle) -> None:
    by_religion, by_ethnic = (cycle.report(MEASURES[0], each) for each in ("religion", "ethnic"))
    shared = {group.code for group in by_religion.use.groups} & {group.code for group in by_ethnic.use.groups}
    assert "C" in shared, shared
    cycle.support(by_religion, "C", "religion")
    supporting = supporting_group(cycle.uses, cycle.row.figures[0])
    assert supporting is not None and supporting[0] is by_religion
    assert "Christian (C)" in cycle.showed()


def test_where_the_dimension_is_not_recorded_a_code_of_several_is_not_guessed(cycle: Cycle) -> None:
    report = cycle.report(MEASURES[0], "religion")
    cycle.support(report, "C")
    assert supporting_group(cycle.uses, cycle.row.figures[0]) is None
    assert cycle.showed().endswith(": C")
    assert cycle.row.figures[0].title in cycle.showed()


def test_where_the_dimension_is_not_recorded_a_code_of_one_is_known(cycle: Cycle) -> None:
    report = cycle.report(MEASURES[0], "ethnic")
    cycle.support(report, "P")
    supporting = supporting_group(cycle.uses, cycle.row.figures[0])
    assert supporting is not None and supporting[0] is report
    assert "any other Black background (P)" in cycle.showed()


def test_a_chosen_figure_is_recorded_with_its_dimension(cycle: Cycle) -> None:
    choices = support_choices(cycle.kit, cycle.cycle_id, cycle.change, TODAY)
    chosen = next(each for each in choices.figures if (each.dimension, each.code) == ("religion", "C"))
    add_figure(cycle.kit, cycle.change, chosen)
    after = support_choices(cycle.kit, cycle.cycle_id, cycle.change, TODAY)
    assert [(each.dataset, each.dimension, each.code) for each in after.figures if each.taken] == [
        (chosen.dataset, "religion", "C")
    ]


def test_what_the_figures_showed_is_said_of_the_group_that_supports(cycle: Cycle) -> None:
    second = cycle.report(MEASURES[1], "ethnic")
    group = next(each for each in second.use.groups if each.code == "J")
    cycle.support(second, "J", "ethnic")
    page = str(you_said(cycle.material))
    first = next(each for each in cycle.report(MEASURES[0], "ethnic").use.groups if each.code == "J")
    assert group.ratio is not None and first.ratio is not None
    assert group.ratio.value is not None and first.ratio.value is not None
    assert f"{group.ratio.value:.0f}" in page and f"{first.ratio.value:.0f}" not in page
