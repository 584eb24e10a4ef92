"""The figures of a merge as two tables in a box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from fieldkit.presentation.exchange.merge_report import plural_of
from fieldkit.sync.merge.report import MergeReport
from fieldkit.widgets.plain import cells, pad

_KINDS = (("new", "new"), ("changed", "changed"), ("conflicts", "conflicts"))
_LAPTOPS = (*_KINDS, ("identical", "same"), ("refused", "refused"))
_NAME = 20


def figures(report: MergeReport) -> Content:
    """Two tables, for a box: records by kind, and by laptop with changes held already and files refused."""
    by_kind = {plural_of(kind): counted for kind, counted in report.by_kind().items()}
    return Content("\n").join(
        [
            *_table("BY KIND, IN RECORDS", _KINDS, by_kind),
            Content(""),
            *_table("BY LAPTOP", _LAPTOPS, report.by_device()),
            Content(""),
            Content.styled("same: changes that are here already. refused: files.", "$text-muted"),
        ]
    )


def _table(
    title: str, columns: Sequence[tuple[str, str]], rows: Mapping[str, Mapping[str, int]]
) -> list[Content]:
    titles = "".join(f"{head:>{_wide(head)}}" for _, head in columns)
    lines = [Content.assemble((pad(title, _NAME), "bold $text-muted"), (titles, "$text-muted"))]
    for name, figures in sorted(rows.items()):
        shown = (f"{figures.get(key, 0):>{_wide(head)},}" for key, head in columns)
        lines.append(Content.assemble(pad(name, _NAME), "".join(shown)))
    return lines if rows else [*lines, Content.styled("nothing", "$text-muted")]


def _wide(head: str) -> int:
    return max(6, cells(head) + 1)
