"""A record's history as lines of text and as JSON, the oldest change first."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from fieldkit.cli.output import iso_time
from fieldkit.presentation.record_history import CURRENT, IN_CONFLICT, REPLACED, Change, History
from fieldkit.presentation.wording import date_and_time
from fieldkit.text import shortened, titled

_LONGEST = 200
_STATES = {
    CURRENT: "current",
    IN_CONFLICT: "in conflict with another value",
    REPLACED: "replaced later",
}


def _by_op(history: History) -> list[list[Change]]:
    return [list(changes) for _, changes in groupby(history.changes, key=lambda change: change.ref)][::-1]


def history_lines(history: History) -> list[str]:
    """A line for each op, and a line for each value that it set."""
    lines = []
    for changes in _by_op(history):
        first = changes[0]
        lines.append(f"{date_and_time(first.stamp)}, {first.who}, change {first.ref}")
        lines += [
            "  " + titled(change.title, f"{shortened(change.label, _LONGEST)} ({_STATES[change.state]})")
            for change in changes
        ]
    return lines


def history_as_data(history: History) -> list[dict[str, Any]]:
    """An object for each op."""
    return [
        {
            "ref": changes[0].ref,
            "at": iso_time(changes[0].stamp),
            "stamp": changes[0].stamp,
            "origin": changes[0].origin,
            "who": changes[0].who,
            "fields": {change.field: change.value for change in changes},
            "current": sorted(change.field for change in changes if change.state != REPLACED),
            "changes": [
                {
                    "field": change.field,
                    "title": change.title,
                    "value": change.value,
                    "label": change.label,
                    "current": change.state != REPLACED,
                }
                for change in changes
            ],
        }
        for changes in _by_op(history)
    ]
