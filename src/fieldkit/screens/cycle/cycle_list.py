"""The cycles of the kit: the stage of each, what is missing, and which answers are late."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from fieldkit.commands.command import CYCLES
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.cycle.cycle_actions import SIGNS, STARTING
from fieldkit.presentation.cycle.cycle_view import CycleLine, cycle_lines
from fieldkit.screens.base.screen import BaseScreen, latest_only
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, ListSource, Row

_COLUMNS = (
    Column("title", "Cycle", 3, 28),
    Column("stage", "Stage", 0, 22),
    Column("missing", "Missing", 0, 7, "right"),
    Column("late", "Late", 0, 4, "right"),
)


class CycleListScreen(BaseScreen):
    """Every cycle, the newest first. If there is only one, its board opens at once."""

    CSS_PATH = "cycle_list.tcss"
    COMMANDS_FOR = CYCLES
    PAGE_TITLE = "Commissioning cycles"
    HELP = STARTING + with_keys(
        " Enter opens its board: four stages, what is missing in each, and the way to do it. Begin another with {cycles[new]}."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(CYCLES)

    def __init__(self) -> None:
        super().__init__()
        self._opened = False

    def body(self) -> ComposeResult:
        yield Static(plain(STARTING), id="about")
        empty = with_keys("There is no cycle yet. Press {cycles[new]} to begin one.")
        yield Listing(_COLUMNS, ListSource(), empty=empty, id="cycles")

    def on_mount(self) -> None:
        self.query_one(Listing).empty = "Looking …"
        self.query_one(Listing).focus()

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        lines = await self.kit_work(lambda kit: cycle_lines(kit, date.today()), "reading the cycles")
        self._show(lines)

    def _show(self, lines: list[CycleLine]) -> None:
        rows = [
            Row(
                line.record_id,
                (
                    line.title,
                    f"{SIGNS[line.state]} {line.stage}, {line.state}",
                    f"{line.missing:,}" if line.missing else "",
                    f"{line.late:,}" if line.late else "",
                ),
                "!" if line.late else "",
            )
            for line in lines
        ]
        empty = with_keys("There is no cycle yet. Press {cycles[new]} to begin one.")
        self.query_one(Listing).show(ListSource(rows), empty=empty, keep_cursor=True)
        self.refresh_bindings()
        first, self._opened = not self._opened, True
        if len(lines) == 1 and first:
            self._open(lines[0].record_id)

    def _open(self, cycle: str) -> None:
        self.app.open_screen("cycle", cycle)

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        self._open(event.id)

    def command_new(self) -> None:
        """Begin a cycle."""

        def saved(record_id: str | None) -> None:
            if record_id:
                self._opened = True
                self._open(record_id)

        self.app.open_screen("entry", "cycle", then=saved)

    def command_bulletin(self) -> None:
        """Write a bulletin."""
        self.app.open_screen("bulletin")
