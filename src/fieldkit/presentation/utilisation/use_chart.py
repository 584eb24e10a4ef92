"""A comparison of use as the rows of a chart, and the published figures and residents behind each row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldkit.importing.figures.figure_storage import dataset_rows, decisions
from fieldkit.importing.figures.schemes import five_of, nhs16_of
from fieldkit.insight.utilisation.group_use import GroupUse
from fieldkit.presentation.utilisation.use_caveats import DIMENSIONS
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.records.schema.parse import heading_in_words
from fieldkit.store.kit import Kit
from fieldkit.text import capitalised

NO_FIGURES = "No figures of the provider are here yet for this cycle."
_WHY_NOT = {
    "hidden": "* hidden by the publisher",
    "nobody": "nobody of this group lives here",
    "nothing": "nothing was counted",
    "no population": "no population to compare with",
    "not stated": "too many are not stated",
    "several": "a person may be in several groups",
}


@dataclass(frozen=True)
class ChartRow:
    """One group of a chart, with a note ("" if it has a ratio) and a sentence on its figure."""

    group: GroupUse
    note: str
    sentence: str


@dataclass(frozen=True)
class CellLine:
    """One published figure: the id of its record, its label, its text as published, and how it is read."""

    record_id: str
    label: str
    ages: str
    shown: str
    read_as: str


def title_of(report: UseReport) -> str:
    """The title of a comparison, to choose it by: measure, dimension, period."""
    by = DIMENSIONS.get(report.use.dimension, report.use.dimension)
    measure = heading_in_words(report.basis.measure)
    line = f"{measure} by {by}, {report.basis.period}".strip(", ")
    return capitalised(line)


def chart_rows(report: UseReport) -> list[ChartRow]:
    """Groups in the order of the classification; uncertain recording later, and stars last, by name."""

    def place(group: GroupUse) -> tuple[bool, bool, str]:
        starred = group.observed.number is None
        return starred, group.uncertain, group.label if starred else ""

    return [_row(report, group) for group in sorted(report.use.groups, key=place)]


def label_of(group: GroupUse) -> str:
    """The name of a group at the start of a line."""
    return capitalised(group.label)


def with_separators(shown: str) -> str:
    """Whole numbers in a published text with separators: 21,995 for 21995."""
    return re.sub(r"(?<![\d.,])\d{4,}(?![\d.,])", lambda number: f"{int(number[0]):,}", shown)


def _row(report: UseReport, group: GroupUse) -> ChartRow:
    note = ""
    if group.observed.number is None:
        note = _WHY_NOT["hidden"]
    elif group.ratio is None or group.ratio.value is None:
        note = _WHY_NOT.get(group.no_ratio, "no ratio")
    unit = report.basis.unit or "counted"
    parts = [f"{label_of(group)}: {with_separators(group.observed.shown)} {unit}"]
    if group.population is not None:
        parts.append(f"{group.population:,} residents")
    if group.expected is not None:
        parts.append(f"{group.expected:,.0f} expected")
    return ChartRow(group, note, ", ".join(parts) + (f". {capitalised(note)}." if note else "."))


def cells_of(kit: Kit, report: UseReport, code: str) -> list[CellLine]:
    """The published figures behind a group's figure, including those that were added up. Call it in a thread."""
    dataset, dimension = report.basis.dataset, report.use.dimension
    rows = dataset_rows(kit, dataset, decisions(kit))
    ids = [
        record_id for record_id, *_ in sorted(kit.columns("cell", ("record_id",), where={"dataset": dataset}))
    ]
    cells = []
    for record_id, row in zip(ids, rows, strict=True):
        if row.dimension != dimension or row.derived:
            continue
        codes = {row.code, nhs16_of(row.code) if row.code else "", row.label}
        if row.code and row.scheme:
            codes.add(five_of(row.scheme, row.code))
        if code in codes:
            cells.append(
                CellLine(record_id, row.label, row.age, row.shown, with_separators(str(row.interval)))
            )
    return cells


def caveat_line(report: UseReport) -> str:
    """The most serious caveats in a few words, for a line that is always in view."""
    use, basis = report.use, report.basis
    parts = []
    if use.rate is not None:
        parts.append("use, not need")
        parts.append(
            "ages allowed for"
            if use.by_age
            else f"residents of {basis.ages}"
            if basis.ages
            else "crude: all ages"
        )
    if basis.unit != "people":
        parts.append(f"{basis.unit}, not people" if basis.unit else "unit not known")
    if use.not_stated_percent is not None:
        parts.append(f"not stated {use.not_stated_percent:.0f} %")
    line = " · ".join(parts)
    return capitalised(line)
