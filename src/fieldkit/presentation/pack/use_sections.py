"""Sections on how far each community uses the service: table, dot plot, funnel, and how many fewer than expected."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.documents.blocks import Block, Cell, Chart, Column, Heading, Items, Note, Paragraph, Table
from fieldkit.documents.charts.chart_kinds import DotPlot, Funnel, FunnelLine, Ratio, in_parts, ratio_ends
from fieldkit.insight.utilisation.comparison import MOST_NOT_STATED
from fieldkit.insight.utilisation.group_use import GroupUse
from fieldkit.presentation.cycle.supporting_group import supporting_group
from fieldkit.presentation.pack.material import Material
from fieldkit.presentation.pack.phrases import DIFFERENCE, decimal, places, population_name, use_sentence
from fieldkit.presentation.utilisation.use_caveats import DIMENSIONS
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.printed_figure import STAR, Shown
from fieldkit.records.schema.parse import heading_in_words
from fieldkit.text import capitalised

NONE_YET = (
    "No figures of the provider are matched to groups yet, so use can't be compared with who lives here."
)
SOURCE_STAR = "* Hidden by the publisher of the figures."
_KEY = (
    "Mark: use for every 100 expected. Line: 95 % interval. Band: what rounding in the source leaves open.",
)
_HOLLOW = "Hollow: ages are not allowed for."
_GREY = "Grey diamond: recording of this group agrees badly with the census."


def use(material: Material) -> list[Block]:
    """Each group's use compared with what is expected: dot plots above one table, with caveats beside them."""
    reports = _compared(material)
    if not reports:
        return material.lacks("Use of the service", NONE_YET)
    blocks: list[Block] = [Heading("Use of the service")]
    for number, report in enumerate(reports, 1):
        blocks += _report(report, number, material)
    return blocks


def not_compared(report: UseReport) -> str:
    """Why a comparison prints no ratio, in a sentence; "" if it prints ratios."""
    groups = report.use.groups
    if sum(group.ratio is not None for group in groups) > 1:
        return ""
    reasons = {group.no_ratio for group in groups if group.no_ratio}
    if "not stated" in reasons:
        return f"For more than {MOST_NOT_STATED} % the group is not stated, so no group's use can be compared with the others'."
    if "several" in reasons:
        return "A person may be in several groups, so no group's use can be compared with the others'."
    if all(group.observed.number is None for group in groups):
        return "Every number is hidden by the publisher, so no group's use can be compared with the others'."
    if "no population" in reasons:
        return "The residents of these groups are not known, so use can't be compared with who lives here."
    return "Fewer than two groups have a number and residents, so there is nothing to compare."


def funnel(material: Material) -> list[Block]:
    """The same ratios plotted over expected numbers, with control limits."""
    reports = _with_ratios(material)
    if not reports:
        return []
    blocks: list[Block] = [
        Heading("Could chance explain the differences?"),
        Paragraph(
            "Marks between the dashed lines differ no more than chance would make them in 95 of 100 cases; between the "
            "dotted lines, in 998 of 1,000. Small numbers vary more, so the lines are wider on the left."
        ),
    ]
    for number, report in enumerate(reports, 1):
        marks = [mark for mark in _marks(report) if mark.expected != STAR and mark.value != STAR]
        parts = in_parts(marks)
        table = _use_table(report, number)
        for part, part_marks in enumerate(parts, 1):
            blocks.append(
                Chart(
                    f"funnel-{number}-{part}",
                    _part(f"{_title(report)}: ratio over the number expected", part, len(parts)),
                    "Each mark is a group, with its code. Across: the number expected. Up: use for every 100 expected. "
                    "The lines are 95 % and 99.8 % control limits around 100.",
                    Funnel(
                        part_marks,
                        _lines(part_marks),
                        f"Expected {report.basis.unit or 'number'} (logarithmic)",
                    ),
                    table,
                    (
                        *(f"{mark.code} = {mark.label}" for mark in part_marks if mark.code),
                        *(_marks_key(part_marks)),
                        _source(report),
                    ),
                )
            )
    return blocks


def shortfall(material: Material) -> list[Block]:
    """How many fewer than if all groups used the service alike; the cost of that only if the ratio allows for ages."""
    rows: list[tuple[Cell, ...]] = []
    for report in _with_ratios(material):
        for group in _sorted(report.use.groups):
            if group.shortfall is None or group.uncertain or not group.flag.startswith("low"):
                continue
            low, value, high = (decimal(max(each, 0.0), 0) or STAR for each in group.shortfall)
            rows.append(
                (_named(group), _observed(group), decimal(group.expected, 0) or STAR, value, low, high)
            )
    blocks: list[Block] = [Heading("How many fewer than expected")]
    if not rows:
        compared = _compared(material)
        sentence = (
            "No group's use is below what chance would explain."
            if _with_ratios(material)
            else not_compared(compared[0])
            if compared
            else NONE_YET
        )
        return [*blocks, Paragraph(sentence)]
    units = {report.basis.unit for report in _compared(material)}
    unit = units.pop() if len(units) == 1 else ""
    table = Table(
        "shortfall",
        "How many fewer, by group",
        (
            Column("Group"),
            Column("Observed", unit),
            Column("Expected", unit),
            Column("Fewer", unit),
            Column("95 % from", unit),
            Column("95 % to", unit),
        ),
        tuple(rows),
        "Fewer than if all groups used the service alike; not people in need",
        ("Fewer: the number expected less the number observed, with its 95 % interval.",),
    )
    crude = any(not report.use.by_age for report in _compared(material))
    cost = (
        "No cost is estimated: the ratios do not allow for ages, so a cost would rest on a guess."
        if crude
        else "No prices are recorded, so no cost is estimated."
    )
    return [*blocks, table, Note(cost, "Cost")]


def headline(material: Material) -> tuple[UseReport, GroupUse] | None:
    """The group for the first page, with its report: one whose figure supports a change; otherwise the one furthest from
    expected.

    Groups whose recording is uncertain, or whose difference may be chance, are never chosen.
    """
    reports = _with_ratios(material)
    for row in material.facts.view.rows:
        for figure in row.figures:
            if (supporting := supporting_group(reports, figure)) is not None and _may_lead(supporting[1]):
                return supporting
    flagged = [
        (report, group)
        for report in reports
        for group in report.use.groups
        if _may_lead(group) and group.flag and group.expected
    ]
    return max(flagged, key=lambda each: (_distance(each[1]), each[1].code), default=None)


def _compared(material: Material) -> list[UseReport]:
    return [report for report in material.facts.uses if report.use.groups]


def _may_lead(group: GroupUse) -> bool:
    return group.ratio is not None and not group.uncertain


def _distance(group: GroupUse) -> float:
    return abs((group.observed.number or 0) - (group.expected or 0))


def _with_ratios(material: Material) -> list[UseReport]:
    return [report for report in _compared(material) if not not_compared(report)]


def _report(report: UseReport, number: int, material: Material) -> list[Block]:
    table = _use_table(report, number)
    marks = _marks(report)
    blocks: list[Block] = [Heading(_title(report), 2)]
    spoken = headline(material)
    if spoken is not None and spoken[0] is report:
        blocks.append(Paragraph(f"{use_sentence(spoken[1], report.basis.unit)} {DIFFERENCE}"))
    else:
        blocks.append(Paragraph(not_compared(report) or DIFFERENCE))
    if not not_compared(report):
        parts, ends = in_parts(marks), ratio_ends(marks)
        for part, part_marks in enumerate(parts, 1):
            blocks.append(
                Chart(
                    f"use-{number}-{part}",
                    _part("Use for every 100 expected", part, len(parts)),
                    "Each row is a group. The line at 100 is where a group would be if all used the service alike. "
                    "The table beneath holds the same numbers.",
                    DotPlot(part_marks, _axis(report), ends=ends),
                    table,
                    (*_KEY, *_marks_key(part_marks), _source(report)) if part == len(parts) else (),
                )
            )
    else:
        blocks.append(table)
    blocks.append(Heading("Before you use these figures", 2))
    blocks.append(Items(tuple(report.caveats)))
    return blocks


def _axis(report: UseReport) -> str:
    return f"{capitalised(_unit(report))} for every 100 expected (logarithmic)"


def _unit(report: UseReport) -> str:
    return report.basis.unit or "use"


def _marks_key(marks: Sequence[Ratio]) -> tuple[str, ...]:
    """What the shapes of these marks mean, in one line."""
    parts = (
        _HOLLOW if any(mark.hollow for mark in marks) else "",
        _GREY if any(mark.grey for mark in marks) else "",
    )
    return (" ".join(filter(None, parts)),) if any(parts) else ()


def _source(report: UseReport) -> str:
    basis = report.basis
    residents = f" Residents: {population_name(basis.population_file)}." if basis.population_file else ""
    return f"Source: {basis.file}{f', {basis.period}' if basis.period else ''}.{residents}"


def _title(report: UseReport) -> str:
    basis = report.basis
    by = DIMENSIONS.get(report.use.dimension, report.use.dimension)
    measure = heading_in_words(basis.measure)
    return ", ".join(filter(None, (f"{capitalised(measure)} by {by}", basis.period)))


def _part(title: str, part: int, parts: int) -> str:
    return title if parts == 1 else f"{title}, part {part} of {parts}"


def _sorted(groups: Sequence[GroupUse]) -> list[GroupUse]:
    """Sorted by what is printed: uncertain recording last, hidden numbers by name."""

    def place(group: GroupUse) -> tuple[bool, bool, float, str]:
        value = group.ratio.value if group.ratio is not None else None
        shown = round(value, 1) if value is not None else 0.0
        return group.uncertain, value is None, -shown, group.label

    return sorted(groups, key=place)


def _marks(report: UseReport) -> list[Ratio]:
    marks = []
    for group in _sorted(report.use.groups):
        ratio = group.ratio
        low, high = (None, None) if ratio is None else (ratio.lower, ratio.upper)
        band = group.rounding if ratio is not None else None
        marks.append(
            Ratio(
                _named(group),
                decimal(ratio.value if ratio else None) or STAR,
                decimal(low) or STAR,
                decimal(high) or STAR,
                (decimal(band[0]) or "") if band else "",
                (decimal(band[1]) or "") if band else "",
                decimal(group.expected, 0) or STAR,
                group.code,
                hollow=not report.use.by_age,
                grey=group.uncertain,
            )
        )
    return marks


def _use_table(report: UseReport, number: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for group, mark in zip(_sorted(report.use.groups), _marks(report), strict=True):
        people = group.population
        rows.append(
            (
                _named(group),
                _observed(group),
                "" if people is None else Shown(people),
                decimal(group.rate.value if group.rate else None, 2) or "",
                mark.value if group.ratio else "",
                mark.low if group.ratio else "",
                mark.high if group.ratio else "",
                mark.expected if group.ratio else "",
                group.flag or ("" if group.ratio else _why(group)),
            )
        )
    unit = report.basis.unit or "unit not known"
    compared = not not_compared(report)
    flag = "Flag: use is higher or lower than expected by more than chance explains, at the 95 % or 99.8 % level."
    notes = [flag] if compared else []
    if any(group.observed.number is None for group in report.use.groups):
        notes.insert(0, SOURCE_STAR)
    columns = (
        Column("Group"),
        Column("Observed", unit),
        Column("Residents", "people", "census"),
        Column("Rate", "per 1,000", "residents"),
        Column("Ratio", "per 100", "expected"),
        Column("95 % from", "per 100", "expected"),
        Column("95 % to", "per 100", "expected"),
        Column("Expected", unit),
        Column("Flag"),
    )
    # Without a comparison, show counts, and residents and rates if known.
    known = [at for at in range(4) if any(row[at] != "" for row in rows)]
    return Table(
        f"use-{report.use.dimension}-{number}",
        _title(report),
        columns if compared else tuple(columns[at] for at in known),
        tuple(rows) if compared else tuple(tuple(row[at] for at in known) for row in rows),
        f"{capitalised(unit)} of {report.basis.organisation_name or report.basis.organisation or 'the provider'}; "
        f"residents of {places(report.basis.districts) or 'the area'}",
        tuple(notes),
    )


def _named(group: GroupUse) -> str:
    return capitalised(group.label)


def _observed(group: GroupUse) -> Cell:
    number = group.observed.number
    return STAR if number is None else Shown(number)


def _why(group: GroupUse) -> str:
    return {"hidden": "no ratio: hidden", "nobody": "nobody of it lives here"}.get(group.no_ratio, "no ratio")


def _lines(marks: Sequence[Ratio]) -> tuple[FunnelLine, ...]:
    """The control limits over the printed expected numbers."""
    from fieldkit.insight.statistics.estimates import LEVEL_95, LEVEL_998
    from fieldkit.insight.statistics.funnel import ratio_line

    expected = [float(mark.expected.value) for mark in marks if isinstance(mark.expected, Shown)]
    if not expected:
        return ()
    return tuple(
        FunnelLine(
            label,
            tuple(ratio_line(max(expected), upper=False, level=level)),
            tuple(ratio_line(max(expected), upper=True, level=level)),
        )
        for label, level in (("95 %", LEVEL_95), ("99.8 %", LEVEL_998))
    )
