"""Going to a command from any screen: home's commands run at once, others on the screen of their place."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from textual.screen import Screen

from fieldkit.commands.command import HOME
from fieldkit.commands.screen_paths import PANELS, SCREEN_OF
from fieldkit.commands.table import commands_for
from fieldkit.widgets.frame import KitScreen


class Program(Protocol):
    """The part of the program that navigation needs."""

    kit: Any
    me: Any

    @property
    def screen(self) -> Screen[Any]:
        """The screen in view."""
        ...

    @property
    def screen_stack(self) -> list[Screen[Any]]:
        """All open screens, the one in view last."""
        ...

    def open_screen(self, name: str, *args: Any) -> None:
        """Show the screen of that name."""
        ...

    def run_worker(self, work: Any, *, exit_on_error: bool) -> Any:
        """Run `work` in the background."""
        ...


#: Screens that home may have a reason not to open now -> the command of home that opens them.
_BY_HOME = {"stall": "stall", "cycles": "cycles", "figures_import": "figures"}
_LOOKS = 150
_BETWEEN_LOOKS = 0.02
"""Seconds between two checks whether the opened screen is ready; after `_LOOKS` checks it is left alone."""


def _home(app: Program) -> Screen[Any] | None:
    return next((each for each in app.screen_stack if getattr(each, "COMMANDS_FOR", "") == HOME), None)


def offers_command(app: Program, place: str, id: str) -> bool:
    """Whether the user can go to this command now."""
    home = _home(app)
    if app.kit is None or app.me is None or home is None:
        return False
    if place == HOME:
        return bool(home.check_action("command", (id,)))
    way = SCREEN_OF.get(place, "")
    return bool(way) and (way not in _BY_HOME or bool(home.check_action("command", (_BY_HOME[way],))))


async def go_to_command(app: Program, place: str, id: str) -> None:
    """Run the command if nothing must be chosen first; otherwise open the screen for choosing, and name the key."""
    way, home = SCREEN_OF.get(place, ""), _home(app)
    before = app.screen
    if isinstance(home, KitScreen) and (place == HOME or way in _BY_HOME):
        await home.action_command(id if place == HOME else _BY_HOME[way])
    elif way:
        app.open_screen(way)
    screen = app.screen
    if place != HOME and screen is not before and isinstance(screen, KitScreen):
        app.run_worker(_then(screen, place, id), exit_on_error=False)


async def _then(screen: KitScreen, place: str, id: str) -> None:
    """Run the command of a panel once the screen is ready; for other places, say which key it has."""
    for _ in range(_LOOKS):
        await asyncio.sleep(_BETWEEN_LOOKS)
        if screen.app.screen is not screen:
            return
        if not screen.takes_keys:
            continue
        if place not in PANELS or place != screen.COMMANDS_FOR:
            command = next(each for each in commands_for(place) if each.id == id)
            there = "Choose it first; then" if place == screen.COMMANDS_FOR else "Open it first; then"
            screen.show_notice(f"{there} {command.shown_keys.split(', ')[0]}: {command.help}")
            return
        if screen.check_action("command", (id,)):
            await screen.action_command(id)
            return
