"""A comparison of use in words and as a table, for a terminal."""

from __future__ import annotations

from fieldkit.insight.utilisation.group_use import GroupUse
from fieldkit.presentation.utilisation.use_caveats import DIMENSIONS
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.records.schema.parse import heading_in_words

TABLE = ("group", "shown", "per 1,000", "ratio", "range", "flag")


def heading(report: UseReport) -> list[str]:
    """What is compared with what, a line each."""
    use, basis = report.use, report.basis
    by = DIMENSIONS.get(use.dimension, use.dimension)
    who = basis.organisation_name or basis.organisation or basis.file
    lines = [", ".join(filter(None, (who, heading_in_words(basis.measure), basis.period)))]
    if use.population is None or use.rate is None:
        return [*lines, f"{use.stated:,} with the {by} stated."]
    year = f" ({basis.population_year})" if basis.population_year else ""
    return [
        *lines,
        f"{use.stated:,} with the {by} stated, of {use.population:,} residents of {', '.join(basis.districts)}{year}: "
        f"{use.rate:.2f} for each 1,000.",
        f"Ratio: for each 100 expected if all groups used the service alike, {'allowing for ages' if use.by_age else 'crude'}.",
        f"Range: 95 % limits{', with the rounding of the source' if basis.rounded_to else ''}. "
        "Flag: the limits at that level leave out 100.",
    ]


def table_rows(report: UseReport) -> list[list[str]]:
    """A row for each group in the order of the classification, uncertain recording last; then the broad groups."""
    use = report.use
    parts = (
        ("", [group for group in use.groups if not group.uncertain]),
        ("Recording uncertain", [group for group in use.groups if group.uncertain]),
        ("Together", [*use.five, *([use.all_but_reference] if use.all_but_reference else [])]),
    )
    rows: list[list[str]] = []
    for title, groups in parts:
        if title and groups:
            rows.append([f"{title}:", *[""] * (len(TABLE) - 1)])
        rows += [_row(group) for group in groups]
    return rows


def _row(group: GroupUse) -> list[str]:
    ratio = group.ratio.value if group.ratio else None
    limits = group.rounding_and_chance or ((group.ratio.lower, group.ratio.upper) if group.ratio else None)
    return [
        group.label,
        group.observed.shown,
        f"{group.rate.value:.2f}" if group.rate and group.rate.value is not None else "",
        "" if ratio is None else f"{ratio:.1f}",
        _span(limits),
        group.flag or ("" if group.ratio else "no ratio"),
    ]


def _span(limits: tuple[float | None, float | None] | None) -> str:
    if limits is None or limits[0] is None:
        return ""
    return f"{limits[0]:.1f} or more" if limits[1] is None else f"{limits[0]:.1f}-{limits[1]:.1f}"
