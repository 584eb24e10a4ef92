"""Waiting for a program on the screen: until something holds, and until the screen shows what follows from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.pilot import Pilot

_TURNS = 3_000
"""How often to look, each time 10 ms apart."""

_ROUNDS = 50
"""How often messages may lead to further messages."""


async def until(pilot: Pilot[Any], holds: Callable[[], object], what: str = "") -> None:
    """Wait until `holds()` is true and everything that follows from it at once is in view. Otherwise fail, and name `what`
    was awaited; a condition that raises counts as false.
    """
    last: Exception | None = None
    for _ in range(_TURNS):
        try:
            if holds():
                await drawn(pilot)
                return
        except Exception as error:
            last = error
        else:
            last = None
        await asyncio.sleep(0.01)
    raise AssertionError(
        f"waited in vain for {what or 'a condition'} (last error: {last!r}):\n{_lines(pilot.app)}"
    )


async def drawn(pilot: Pilot[Any]) -> None:
    """Wait until every message of the screen is handled, those that follow from it too, and all of it is drawn.

    A pause of the pilot alone takes a program for idle if it gets little of the processor, as on a busy machine.
    """
    for _ in range(_ROUNDS):
        await pilot._wait_for_screen()
        if not pilot.app.screen_stack:
            return
        screen = pilot.app.screen
        screen._on_timer_update()
        if not any(node._message_queue.qsize() or node._next_callbacks for node in _nodes(pilot.app)):
            return


def _nodes(app: App[Any]) -> list[Any]:
    return [app, *app.screen.walk_children(with_self=True)]


def _lines(app: App[Any]) -> str:
    if not app.screen_stack:
        return "(no screen)"
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())
