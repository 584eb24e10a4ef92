"""The open actions of a pair as lines on a screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from fieldkit.presentation.mentoring.agreed_actions import AgreedAction
from fieldkit.records.schema.dates import short_date
from fieldkit.text import plural
from fieldkit.widgets.plain import first_lines, wrapped

_FEWEST_EACH, _MOST_EACH = 2, 12
_MOST_ACTIONS = 5


def action_lines(actions: Sequence[AgreedAction], width: int, room: int) -> list[Content]:
    """The first actions in lines of `width` cells: those agreed first at the front, with the day where it fits.

    Each takes two lines or less, or as many as it needs where all of them then have `room`.
    """
    if not actions:
        return [Content.styled("  none", "$text-muted")]
    shown = actions if len(actions) <= _MOST_ACTIONS else actions[: _MOST_ACTIONS - 1]
    lengths = [len(wrapped(action.what, max(8, width - 4))) for action in shown]
    each = next(
        (rows for rows in range(_MOST_EACH, _FEWEST_EACH, -1) if sum(min(rows, n) for n in lengths) <= room),
        _FEWEST_EACH,
    )
    lines = []
    for action in shown:
        first, *rest = first_lines(action.what, max(8, width - 4), each)
        day = f"  {short_date(action.agreed)}" if action.agreed and not rest else ""
        beside = day if cell_len(first) + len(day) <= width - 4 else ""
        lines.append(Content.assemble("  • ", first, (beside, "$text-muted")))
        lines += [Content.assemble("    ", line) for line in rest]
    if more := len(actions) - len(shown):
        lines.append(Content.styled(plural(more, "  and 1 more", "  and {n} more"), "$text-muted"))
    return lines
