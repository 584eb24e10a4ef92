"""The group of published figures that supports a change: in the reports on its data set, and in words."""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.importing.figures.schemes import codes_of, whole_scheme, with_code
from fieldkit.insight.utilisation.group_use import GroupUse
from fieldkit.presentation.cycle.change_rows import FigureSupport
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.store.kit import Kit


def supporting_group(
    reports: Iterable[UseReport], figure: FigureSupport
) -> tuple[UseReport, GroupUse] | None:
    """The group that supports a change, with the report on it. None if no report has it, or if several have it, since it
    is not recorded which is meant.
    """
    supporting = [
        (report, group)
        for report in reports
        for group in report.use.groups
        if figure.may_be(report.basis.dataset, report.use.dimension, group.code)
    ]
    return supporting[0] if len(supporting) == 1 else None


def group_label(kit: Kit, figure: FigureSupport) -> str:
    """The name of the group that supports a change, as `Bangladeshi (K)`; "" for all groups.

    It is the code alone if this kit does not know the classification, or if the code names groups of several of them.
    """
    code = figure.group_code
    if not code:
        return ""
    where = {"dataset": figure.dataset} | ({"dimension": figure.dimension} if figure.dimension else {})
    schemes = {whole_scheme(scheme) for (scheme,) in kit.columns("cell", ("scheme",), where=where) if scheme}
    labels = {label for scheme in schemes if (label := codes_of(scheme).get(code))}
    return with_code(labels.pop(), code) if len(labels) == 1 else code
