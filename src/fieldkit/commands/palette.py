"""The commands of the screen in view, for the palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from fieldkit.commands.command import EVERYWHERE, Command
from fieldkit.commands.table import commands_for


class KitCommands(Provider):
    """The commands of the screen in view (`App.COMMANDS = {KitCommands}`), as far as it offers them now."""

    def _offered(self) -> list[tuple[Command, Callable[[], Any]]]:
        screen = self.screen
        place = getattr(screen, "COMMANDS_FOR", "")
        return [
            (command, partial(screen.run_action, f"command('{command.id}')"))
            for command in commands_for(place or EVERYWHERE)
            if not command.built_in
            and hasattr(screen, "command_" + command.id.replace("-", "_"))
            and screen.check_action("command", (command.id,))
        ]

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command, run in self._offered():
            yield DiscoveryHit(_named(command), run, command.label, command.help)

    async def search(self, query: str) -> Hits:
        """Those that fit `query`."""
        matcher = self.matcher(query)
        for command, run in self._offered():
            score = max(matcher.match(command.label), matcher.match(command.help) / 2)
            if score > 0:
                yield Hit(score, _named(command), run, command.label, command.help)


def _named(command: Command) -> Content:
    return Content.assemble(command.label, "  ", (command.shown_keys, "bold"))
