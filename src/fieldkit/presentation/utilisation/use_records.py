"""A comparison of use from records: a cycle's data sets, and its population or else the shipped census."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fieldkit.errors import FieldkitError, NotFound
from fieldkit.importing.figures.age_bands import age_span
from fieldkit.importing.figures.figure_rows import FigureRow
from fieldkit.importing.figures.figure_storage import dataset_rows
from fieldkit.importing.figures.populations import PopulationFile, open_population
from fieldkit.importing.figures.schemes import FIVE
from fieldkit.importing.figures.shown_text import CountRules
from fieldkit.presentation.utilisation.use_figures import Figures
from fieldkit.presentation.utilisation.use_joining import ALL_AGES, basis_of, compared
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import spoken_date
from fieldkit.store.kit import Kit
from fieldkit.text import clean_line

_WHOLE = {five: scheme for scheme, five in FIVE.items()}
_FIELDS = (
    *(
        "record_id",
        "created",
        "title",
        "role",
        "cycle",
        "measure",
        "unit",
        "who",
        "area",
        "period_from",
        "period_to",
    ),
    *("star_low", "star_high", "round_base", "round_least"),
)


@dataclass(frozen=True)
class DatasetUse:
    """One data set of a cycle, compared in one dimension; `problem` says why it can't be."""

    dataset: str
    dimension: str
    report: UseReport | None
    problem: str = ""


def cycle_uses(kit: Kit, cycle_id: str) -> list[DatasetUse]:
    """Every data set of counts of a cycle in each dimension that the cycle looks at, the oldest data set first.

    Residents are those of the cycle's districts: of its own population, else of one that serves every cycle, else of the
    shipped census. For a thread.

    Raises:
        NotFound: there is no such cycle.
    """
    cycle = kit.get(cycle_id, "cycle").values
    held = _datasets(kit)
    found = []
    for dataset in held:
        if dataset["cycle"] != cycle_id or dataset["role"] == "population":
            continue
        rows = dataset_rows(kit, dataset["record_id"])
        there = {row.dimension for row in rows}
        for dimension in cycle.get("dimension") or ("ethnic",):
            if dimension in there:
                found.append(_use(kit, held, dataset, rows, dimension, cycle.get("area") or ()))
    return found


def dataset_use(
    kit: Kit, dataset_id: str, dimension: str = "ethnic", districts: Sequence[str] = ()
) -> UseReport:
    """One data set compared in one dimension with the residents of `districts`, else of its own.

    Raises:
        FieldkitError: there is no such data set, or it can't be compared.
    """
    held = _datasets(kit)
    rows = dataset_rows(kit, dataset_id)
    dataset = next(each for each in held if each["record_id"] == dataset_id)
    return _report(kit, held, dataset, rows, dimension, districts or dataset["area"] or ())


def _datasets(kit: Kit) -> list[dict[str, Any]]:
    rows = [dict(zip(_FIELDS, values, strict=True)) for values in kit.columns("dataset", _FIELDS)]
    return sorted(rows, key=lambda row: (row["created"], row["record_id"]))


def _use(
    kit: Kit,
    held: Sequence[dict[str, Any]],
    dataset: dict[str, Any],
    rows: Sequence[FigureRow],
    dimension: str,
    districts: Sequence[str],
) -> DatasetUse:
    try:
        report = _report(kit, held, dataset, rows, dimension, districts or dataset["area"] or ())
    except FieldkitError as error:
        return DatasetUse(dataset["record_id"], dimension, None, error.message)
    return DatasetUse(dataset["record_id"], dimension, report)


def _report(
    kit: Kit,
    held: Sequence[dict[str, Any]],
    dataset: dict[str, Any],
    rows: Sequence[FigureRow],
    dimension: str,
    districts: Sequence[str],
) -> UseReport:
    rules = CountRules(
        dataset["star_low"], dataset["star_high"], dataset["round_base"] or 0, dataset["round_least"] or 0
    )
    rows = [row for row in rows if not row.derived]
    if not any(row.dimension == dimension for row in rows):
        raise NotFound(f"“{clean_line(str(dataset['title']))}” has no figures by {dimension}.")
    figures = Figures(str(dataset["title"]), rules, _scheme(rows, dimension), dimension, rows)
    population = _population(kit, held, dataset["cycle"])
    span = age_span(str(dataset["who"] or "").replace("-over", "+")) if population.has_ages else None
    unit = str(dataset["unit"] or "")
    return compared(
        figures,
        replace(basis_of(figures, rows[0], "" if unit == "unknown" else unit), period=_period(dataset)),
        population,
        districts,
        span or ALL_AGES,
    )


def _scheme(rows: Sequence[FigureRow], dimension: str) -> str:
    """The classification of most figures of a dimension; that of broad groups is the whole that they belong to."""
    schemes = Counter(
        _WHOLE.get(row.scheme, row.scheme) for row in rows if row.dimension == dimension and row.scheme
    )
    return min(schemes, key=lambda scheme: (-schemes[scheme], scheme), default="")


def _period(dataset: dict[str, Any]) -> str:
    first, last = dataset["period_from"], dataset["period_to"]
    if not first or first == last:
        return spoken_date(str(first)) if first else ""
    return (
        f"{spoken_date(str(first))} to {spoken_date(str(last))}"
        if last
        else f"from {spoken_date(str(first))}"
    )


def _population(kit: Kit, held: Sequence[dict[str, Any]], cycle: str | None) -> PopulationFile:
    """The newest population of the cycle, else of none; the shipped census without one."""
    there = [dataset for dataset in held if dataset["role"] == "population"]
    fitting = [each for each in there if each["cycle"] == cycle] or [
        each for each in there if not each["cycle"]
    ]
    if not fitting:
        return open_population()
    population, names = fitting[-1], code_list("district")
    rows = [
        replace(row, organisation_name=names.label(row.organisation))
        for row in dataset_rows(kit, population["record_id"])
    ]
    schemes = {row.dimension: _scheme(rows, row.dimension) for row in rows}
    return PopulationFile(str(population["title"]), rows, schemes, str(population["period_from"] or "")[:4])
