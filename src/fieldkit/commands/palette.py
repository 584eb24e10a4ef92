"""The palette: every command of the program from every screen, and the records that contain the typed words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from fieldkit.commands.command import EVERYWHERE, HOME, PLACES, Command
from fieldkit.commands.navigation import go_to_command, offers_command
from fieldkit.commands.screen_paths import elsewhere, verbs_of
from fieldkit.commands.table import commands_for
from fieldkit.spelling import folded_words

_EACH = 3
"""The most records of a kind among the commands; find shows more."""
_LETTERS = 2
"""The least number of letters from which records are searched as well."""
_RECORDS = 0.6
"""The score of records: after commands whose name fits, before those of which only the help fits."""


@dataclass(frozen=True)
class _Offer:
    """A command, the place named beside it unless that is the screen in view, and what runs it."""

    command: Command
    place: str
    verbs: str
    run: Callable[[], Any]

    def prompt(self) -> Content:
        """Its name, its key, and where it is."""
        key = (self.command.shown_keys, "bold")
        where = f"  {PLACES[self.place]}" if self.place else ""
        return Content.assemble(self.command.label, "  ", key, (where, "not bold"))

    def score(self, typed_words: list[str]) -> float:
        """How well it fits the folded words typed: near 1 if its name begins with them, 0 if any word is missing."""
        name = folded_words(self.command.label)
        everywhere = f" {name} {self.verbs} {folded_words(self.command.help)} {folded_words(self.place)}"
        if not all(f" {word}" in everywhere for word in typed_words):
            return 0
        near = 0.04 if not self.place else 0.02 if self.place == HOME else 0
        if all(f" {word}" in f" {name}" for word in typed_words):
            return (0.95 if name.startswith(typed_words[0]) else 0.85) + near
        return (0.75 if all(f" {word}" in f" {self.verbs}" for word in typed_words) else 0.4) + near


class KitCommands(Provider):
    """What the palette offers (`App.COMMANDS = {KitCommands}`), if it can be done now."""

    def _here(self) -> Iterator[_Offer]:
        screen = self.screen
        place = getattr(screen, "COMMANDS_FOR", "") or EVERYWHERE
        for command in commands_for(place):
            if (
                not command.built_in
                and hasattr(screen, "command_" + command.id.replace("-", "_"))
                and screen.check_action("command", (command.id,))
            ):
                run = partial(screen.run_action, f"command('{command.id}')")
                yield _Offer(command, "", " ".join(verbs_of(place, command.id)), run)

    def _elsewhere(self) -> Iterator[_Offer]:
        app: Any = self.app
        if not hasattr(app, "open_screen"):
            return
        for place, command in elsewhere(getattr(self.screen, "COMMANDS_FOR", "")):
            if offers_command(app, place, command.id):
                verbs = " ".join(verbs_of(place, command.id))
                yield _Offer(command, place, verbs, partial(go_to_command, app, place, command.id))

    async def discover(self) -> Hits:
        """The commands before anything is typed: those of the screen in view, then the others."""
        for offer in (*self._here(), *self._elsewhere()):
            yield DiscoveryHit(offer.prompt(), offer.run, offer.command.label, offer.command.help)

    async def search(self, query: str) -> Hits:
        """The commands and records that fit `query`."""
        typed_words = folded_words(query).split()
        for offer in (*self._here(), *self._elsewhere()) if typed_words else ():
            if score := offer.score(typed_words):
                yield Hit(score, offer.prompt(), offer.run, offer.command.label, offer.command.help)
        if len("".join(typed_words)) >= _LETTERS:
            async for hit in self._records(query):
                yield hit

    async def _records(self, query: str) -> Hits:
        kit, show = getattr(self.app, "kit", None), getattr(self.app, "open_screen", None)
        if kit is None or show is None:
            return
        from fieldkit.presentation.lists.record_search import (
            search_records,
        )  # loads the store, so only after the first frame

        matches = await asyncio.to_thread(search_records, kit, query, _EACH)
        for match in matches.records:
            prompt = Content.assemble((match.kind_title + "  ", "bold"), (match.line, "not bold"))
            run = partial(show, "record_view", match.name)
            yield Hit(_RECORDS, prompt, run, f"{match.kind_title} {match.line}", None)
