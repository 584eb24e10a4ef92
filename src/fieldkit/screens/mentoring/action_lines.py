"""The open actions of a pair as lines on a screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.presentation.mentoring.agreed_actions import AgreedAction
from fieldkit.records.schema.dates import spoken_date
from fieldkit.text import plural
from fieldkit.widgets.plain import cells, fit


def action_lines(actions: Sequence[AgreedAction], width: int, most: int) -> list[Content]:
    """At most `most` lines of `width` cells: those agreed first at the front, each with its day where there is room."""
    if not actions:
        return [Content.styled("  none", "$text-muted")]
    shown = actions if len(actions) <= most else actions[: most - 1]
    lines = []
    for action in shown:
        day = f"  {spoken_date(action.agreed)}" if action.agreed else ""
        what = fit(action.what, max(8, width - 4))
        beside = day if cells(what) + len(day) <= width - 4 else ""
        lines.append(Content.assemble("  • ", what, (beside, "$text-muted")))
    if more := len(actions) - len(shown):
        lines.append(Content.styled(plural(more, "  and 1 more", "  and {n} more"), "$text-muted"))
    return lines
