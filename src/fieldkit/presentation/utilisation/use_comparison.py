"""Figures and residents joined in one report: which residents count, the comparison, and its caveats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fieldkit.errors import Misuse
from fieldkit.importing.figures.areas import boards
from fieldkit.importing.figures.figure_rows import FigureRow
from fieldkit.importing.figures.populations import Ages, PopulationFile
from fieldkit.insight.utilisation.comparison import Residents, compare
from fieldkit.presentation.utilisation.use_caveats import caveats, group_caveats
from fieldkit.presentation.utilisation.use_figures import Figures, MatchedResidents, matched_residents
from fieldkit.presentation.utilisation.use_report import Basis, UseReport

ALL_AGES: Ages = (0, None)


def basis_of(figures: Figures, row: FigureRow, unit: str) -> Basis:
    """What is known about the figures themselves; `row` is any of them, `unit` is "" if not known."""
    return Basis(
        figures.name,
        row.organisation,
        row.organisation_name,
        row.measure,
        unit,
        row.period,
        rounded_to=figures.rules.round_base,
        rules_known=figures.rules.star_low is not None,
        left_out=tuple(figures.left_out),
        added=tuple(figures.added),
        not_available=tuple(figures.not_available),
        missing=tuple(figures.missing()),
    )


def compared(
    figures: Figures, basis: Basis, population: PopulationFile, districts: Sequence[str], ages: Ages
) -> UseReport:
    """The comparison with the residents of some districts and ages. It has only counts if no residents are known by its
    dimension.

    Raises:
        NoSuchArea: a district is not in the population.
        Misuse: no district is named, or the groups or ages can't be matched.
    """
    return _report(figures, *_residents(figures, basis, population, districts, ages))


def only_counted(figures: Figures, basis: Basis, problem: str) -> UseReport:
    """The counts alone; `problem` says why there are no residents to compare with."""
    return _report(figures, None, replace(basis, problem=problem))


def _report(figures: Figures, residents: MatchedResidents | None, basis: Basis) -> UseReport:
    counts = figures.counts(residents.scheme if residents else figures.scheme)
    use = compare(counts, Residents(residents.groups, residents.by_age) if residents else None)
    return UseReport(
        use,
        basis,
        caveats(use, basis),
        {group.code: group_caveats(group, use, basis) for group in (*use.groups, *use.five)},
    )


def _residents(
    figures: Figures, basis: Basis, population: PopulationFile, districts: Sequence[str], ages: Ages
) -> tuple[MatchedResidents | None, Basis]:
    by_age = figures.dimension == "age" and population.has_ages
    if figures.dimension not in population.dimensions and not by_age:
        return None, replace(basis, population_file=population.name)
    if not any(name.strip() for name in districts):
        raise _no_districts(basis)
    people = population.people(
        districts,
        dimension="ethnic" if by_age else figures.dimension,
        ages=ALL_AGES if by_age else ages,
    )
    matched = matched_residents(figures, people)
    return matched, replace(
        basis,
        districts=tuple(area.name for area in people.areas),
        population_file=people.source,
        population_year=people.year,
        ages=""
        if ages == ALL_AGES
        else f"{ages[0]} and over"
        if ages[1] is None
        else f"{ages[0]} to {ages[1]}",
        added_up=matched.added_up,
    )


def _no_districts(basis: Basis) -> Misuse:
    board = boards().get(basis.organisation.upper())
    if board is None:
        return Misuse(
            "No district is named, and residents are counted by district.", kept="Nothing was stored.",
            hint="Name them, for example --districts Birmingham,Solihull",
        )  # fmt: skip
    places = ",".join(board.districts)
    return Misuse(
        f"No district is named. The places of {board.name} are {', '.join(board.districts)}.", kept="Nothing was stored.",
        hint=f'Use --districts "{places}". {board.note}'.strip(),
    )  # fmt: skip
