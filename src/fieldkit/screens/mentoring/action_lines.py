"""The open actions of a pair as lines on a screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.presentation.mentoring.agreed_actions import AgreedAction
from fieldkit.records.schema.dates import short_date
from fieldkit.text import plural
from fieldkit.widgets.plain import first_lines, wrapped

_FEWEST_EACH, _MOST_EACH = 2, 12
_MOST_ACTIONS = 5


def action_lines(actions: Sequence[AgreedAction], width: int, room: int) -> list[Content]:
    """The first actions in lines of `width` cells: those agreed first at the front, each with the day of that.

    Each takes two lines or less, or as many as it needs where all of them then have `room`. A day follows the last
    word, or on a line of its own; only where an action is cut does it make room for the words.
    """
    if not actions:
        return [Content.styled("  none", "$text-muted")]
    shown = actions if len(actions) <= _MOST_ACTIONS else actions[: _MOST_ACTIONS - 1]
    inner = max(8, width - 4)
    whole = [_with_day(action, inner) for action in shown]
    each = next(
        (
            rows
            for rows in range(_MOST_EACH, _FEWEST_EACH, -1)
            if sum(min(rows, len(n)) for n in whole) <= room
        ),
        _FEWEST_EACH,
    )
    lines = []
    for action, with_day in zip(shown, whole, strict=True):
        drawn = with_day if len(with_day) <= each else map(Content, first_lines(action.what, inner, each))
        for place, line in enumerate(drawn):
            lines.append(Content.assemble("    " if place else "  • ", line))
    if more := len(actions) - len(shown):
        lines.append(Content.styled(plural(more, "  and 1 more", "  and {n} more"), "$text-muted"))
    return lines


def _with_day(action: AgreedAction, width: int) -> list[Content]:
    """All lines of an action, with the day on which it was agreed."""
    lines = [Content(line) for line in wrapped(action.what, width)]
    if action.agreed:
        day = Content.styled(short_date(action.agreed), "$text-muted")
        if lines[-1].cell_length + 2 + day.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], "  ", day)
        else:
            lines.append(day)
    return lines
