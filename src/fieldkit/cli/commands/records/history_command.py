"""`fieldkit history`: what happened to a record."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.history_lines import history_as_data, history_lines
from fieldkit.cli.options import Id
from fieldkit.cli.record_arguments import record_named
from fieldkit.presentation.record_history import history as history_of
from fieldkit.store.kit import Kit


@command()
def history(kit: Kit, record_id: Id) -> Answer:
    """Every change of a record, the oldest first: who, when, what, and which values are current.

    Each change has a name, such as abc….1f2e3d4c:12; `undo` undoes it.
    """
    changes = history_of(kit, record_named(kit, record_id).name)
    return Answer(history_as_data(changes), history_lines(changes))
