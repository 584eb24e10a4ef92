"""`fieldkit checkin`: checking people in at an event, in plain lines."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.parameters import flag, option
from fieldkit.cli.plain.check_in_lines import CheckInLines
from fieldkit.cli.plain.plain_lines import PlainLines
from fieldkit.errors import FieldkitError
from fieldkit.presentation.record_names import lines_of
from fieldkit.presentation.stall.board_state import state
from fieldkit.presentation.stall.event_day import events_of
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from fieldkit.store.record_finder import RecordFinder
from fieldkit.sync.network.identity import identity
from fieldkit.text import quoted

_MOST = 9
_WHOLE = 10_000
"""Characters of an event in the list: a long line goes on below it."""


@command(writes=True)
def checkin(
    kit: Kit,
    as_json: bool,
    event: Annotated[
        str | None, option("--event", "EVENT", "The event to record at from now on: its title, or its id.")
    ] = None,
    choose: Annotated[
        bool, flag("--choose", "Only choose the event to record at: from a list, or with --event.")
    ] = False,
) -> Answer:
    """Check people in at an event, and count heads, in plain lines.

    Names are taken one a line until a line is empty. Those who look alike are asked about, a new person is asked whether
    their name may be kept, and who says no is counted. What is done is stored at once, and - undoes it.
    """
    me = identity(kit)
    lines = PlainLines(sys.stderr if as_json else sys.stdout)
    if event is not None:
        try:
            kit.settings.put(EVENT, RecordFinder(kit).find("event", event))
        except ValueError as error:
            raise FieldkitError(
                str(error), kept="Nothing was changed.", hint="See them with: fieldkit list event"
            ) from None
    board = state(kit, me)
    if board is None or (choose and event is None):
        _choose_event(kit, lines)
        board = state(kit, me)
    if board is None:
        raise FieldkitError(
            "No event is chosen.", kept="Nothing was changed.", hint="Record one: fieldkit record event"
        )
    if not choose:
        CheckInLines(kit, me, board.event_id, lines).run()
        board = state(kit, me) or board
    return Answer(
        {"event": board.event_id, "named": board.named, "counted": board.counted},
        [f"{board.event}: {board.named} checked in by name, {board.counted} counted."],
    )


def _choose_event(kit: Kit, lines: PlainLines) -> None:
    """Let somebody choose among today's events and those recorded last."""
    events = {
        record.record_id: record for record in [*events_of(kit, date.today()), *kit.page("event", 0, _MOST)]
    }
    shown = list(events.values())[:_MOST]
    names = lines_of(kit, shown, kit.terms(), longest=_WHOLE)
    lines.say(*(f"  {number} {names[each.record_id]}" for number, each in enumerate(shown, 1)))
    by_number = {str(number): each for number, each in enumerate(shown, 1)}
    while by_number and (typed := lines.ask("Number of the event, or Enter alone to leave it: ").strip()):
        if chosen := by_number.get(typed):
            kit.settings.put(EVENT, chosen.record_id)
            return
        lines.say(f"{quoted(typed, 40)} is not in the list.")
