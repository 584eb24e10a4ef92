"""Mentoring: the pairs, with their sessions and what comes next."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from fieldkit.commands import MENTORING, bindings_for, with_keys
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.screens.people.pairs import PAIR_COLUMNS, PairSource
from fieldkit.text import plural
from fieldkit.widgets.listing import Listing

_EMPTY = "No pairs yet. Press {mentoring[pair]} to record a mentor and a mentee."


class MentoringScreen(BaseScreen):
    """Every pair, the newest first."""

    COMMANDS_FOR = MENTORING
    HELP = (
        "Mentors and their mentees. Enter opens a pair: its sessions, its ratings over time and "
        "the next actions."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(MENTORING)

    def body(self) -> ComposeResult:
        yield Listing(
            PAIR_COLUMNS,
            PairSource(self.kit),
            empty=with_keys(_EMPTY),
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.page_title = "Mentoring"
        self.query_one(Listing).focus()

    def _again(self, _: object = None) -> None:
        self.query_one(Listing).reload()

    def on_listing_loaded(self, message: Listing.Loaded) -> None:
        self.page_note = plural(message.count, "1 pair", "{n} pairs")
        self.refresh_bindings()

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.app.open_screen("pair", message.id, then=self._again)

    def command_log(self) -> None:
        """Log a session of the pair under the cursor."""
        if (row := self.query_one(Listing).current) is not None:
            self.app.open_screen("entry", "session", presets={"mentorship": row.id}, then=self._again)

    def command_pair(self) -> None:
        """Record a new pair."""
        self.app.open_screen("entry", "mentorship", then=self._again)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "log":
            return self.is_mounted and self.query_one(Listing).count > 0
        return super().check_action(action, parameters)
