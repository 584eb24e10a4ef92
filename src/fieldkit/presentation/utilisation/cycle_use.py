"""A cycle's stored data sets compared with who lives in its area: the same figures on its board and in its packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fieldkit.errors import FieldkitError
from fieldkit.importing.figures.age_bands import age_span
from fieldkit.importing.figures.figure_rows import FigureRow
from fieldkit.importing.figures.figure_storage import dataset_rows, decisions
from fieldkit.importing.figures.populations import Population, PopulationFile, open_population
from fieldkit.importing.figures.schemes import FIVE
from fieldkit.importing.figures.shown_text import CountRules
from fieldkit.presentation.utilisation.use_comparison import ALL_AGES, basis_of, compared, only_counted
from fieldkit.presentation.utilisation.use_figures import Figures
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit

_WHOLE = {five: scheme for scheme, five in FIVE.items()}
_FIELDS = (
    *("record_id", "created", "title", "role", "cycle", "measure", "unit", "who", "area", "period_from"),
    *("period_to", "star_low", "star_high", "round_base", "round_least"),
)


def uses_of_cycle(kit: Kit, cycle_id: str, dimensions: Sequence[str] = ()) -> list[UseReport]:
    """Every data set of counts of a cycle, for each of `dimensions` that it has, the oldest data set first.

    Without `dimensions`, those of the cycle are used. Residents are those of the cycle's districts (otherwise the data set's),
    from the first source that has them: the cycle's populations, the newest first; populations that serve every cycle; the
    shipped census. If no source has them, figures are only counted, and the caveats say why. Call it in a thread.

    Raises:
        NotFound: there is no such cycle.
    """
    cycle = kit.get(cycle_id, "cycle").values
    held, known = _datasets(kit), decisions(kit)
    populations = _populations(kit, held, cycle_id)
    reports = []
    for dataset in held:
        if dataset["cycle"] != cycle_id or dataset["role"] == "population":
            continue
        rows = dataset_rows(kit, dataset["record_id"], known)
        there = {row.dimension for row in rows if not row.derived}
        districts = _names_of(kit, cycle.get("area") or dataset["area"] or ())
        for dimension in dimensions or cycle.get("dimension") or ("ethnic",):
            if dimension in there:
                reports.append(_report(dataset, rows, dimension, populations, districts))
    return reports


def _datasets(kit: Kit) -> list[dict[str, Any]]:
    rows = [dict(zip(_FIELDS, values, strict=True)) for values in kit.columns("dataset", _FIELDS)]
    return sorted(rows, key=lambda row: (row["created"], row["record_id"]))


def _names_of(kit: Kit, districts: Sequence[str]) -> list[str]:
    """Districts by their codes in the list; those that the network added, by their names."""
    listed, terms = code_list("district").codes, kit.terms().get("district", {})
    return [code if code in listed else terms.get(code, code) for code in districts]


def _report(
    dataset: Mapping[str, Any],
    rows: Sequence[FigureRow],
    dimension: str,
    populations: Sequence[PopulationFile],
    districts: Sequence[str],
) -> UseReport:
    rules = CountRules(
        dataset["star_low"], dataset["star_high"], dataset["round_base"] or 0, dataset["round_least"] or 0
    )
    counts = [row for row in rows if not row.derived]
    figures = Figures(str(dataset["title"]), rules, _scheme(counts, dimension), dimension, counts)
    unit = "" if dataset["unit"] == "unknown" else str(dataset["unit"] or "")
    basis = replace(
        basis_of(figures, counts[0], unit), period=_period(dataset), dataset=str(dataset["record_id"])
    )
    who = age_span(code_list("age_cover").label(str(dataset["who"] or "")))
    problem = ""
    for population in (*populations, open_population()):
        if dimension not in population.dimensions and not (dimension == "age" and population.has_ages):
            continue
        ages = who if who and population.has_ages else ALL_AGES
        try:
            return compared(figures, basis, population, districts, ages)
        except FieldkitError as error:
            problem = problem or error.message
    return only_counted(figures, basis, problem)


def _scheme(rows: Sequence[FigureRow], dimension: str) -> str:
    """The classification of most figures of a dimension; for broad groups, the full classification that they belong to."""
    schemes = Counter(
        _WHOLE.get(row.scheme, row.scheme) for row in rows if row.dimension == dimension and row.scheme
    )
    return min(schemes, key=lambda scheme: (-schemes[scheme], scheme), default="")


def _period(dataset: Mapping[str, Any]) -> str:
    days = [short_date(str(day)) for day in (dataset["period_from"], dataset["period_to"]) if day]
    return " to ".join(dict.fromkeys(days))


def _populations(kit: Kit, held: Sequence[Mapping[str, Any]], cycle: str | None) -> list[PopulationFile]:
    """The cycle's populations, the newest first, then those of no cycle."""
    there = [dataset for dataset in reversed(held) if dataset["role"] == "population"]
    fitting = [each for each in there if cycle and each["cycle"] == cycle]
    fitting += [each for each in there if not each["cycle"]]
    names, files = code_list("district"), []
    for population in fitting:
        rows = [
            replace(row, organisation_name=names.label(row.organisation))
            for row in dataset_rows(kit, population["record_id"])
        ]
        schemes = {row.dimension: _scheme(rows, row.dimension) for row in rows}
        year = str(population["period_from"] or "")[:4]
        files.append(PopulationFile(str(population["title"]), rows, schemes, year))
    return files


def residents_of_cycle(kit: Kit, cycle_id: str, dimension: str) -> Population | None:
    """Who lives in the cycle's districts, by the groups of a dimension; None if no population has them. Call it in a thread.

    Raises:
        NotFound: there is no such cycle.
    """
    cycle = kit.get(cycle_id, "cycle").values
    districts = _names_of(kit, cycle.get("area") or ())
    for population in (*_populations(kit, _datasets(kit), cycle_id), open_population()):
        if districts and dimension in population.dimensions:
            try:
                return population.people(districts, dimension=dimension)
            except FieldkitError:
                continue
    return None
