"""The page that ends an event: its totals, what is unfinished, what has not been sent."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import CLOSING
from fieldkit.commands.table import bindings_for, key_of
from fieldkit.presentation.stall.event_closing import Closing, closing, end_event
from fieldkit.screens.base.places import off_this_laptop
from fieldkit.screens.base.screen import BaseScreen, in_background, latest_only
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity
from fieldkit.text import plural
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import fit, wrapped

_MOST_UNFINISHED = 6
_BELOW = " " * 11
"""The indent of a line that belongs to the figure above it, as before the groups."""


class ClosingScreen(BaseScreen):
    """Ends with True once the event is ended, None if the person returns to the board."""

    CSS_PATH = "closing_screen.tcss"
    COMMANDS_FOR = CLOSING
    PAGE_TITLE = "End of the event"
    HELP = (
        "The totals of the event, what is unfinished, and what is not sent. Ending it changes nothing that was recorded: "
        "later records belong to no event, until one is chosen again."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(CLOSING)

    def __init__(self) -> None:
        super().__init__()
        self._totals: Closing | None = None
        self._ending = False
        self._lies = ""
        """The location of the last bundle."""

    def body(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=True):
            yield Static(id="totals")

    def on_resize(self) -> None:
        self._draw()

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        if (me := self.app.me) is None:
            return
        self._totals, self._lies = await self.kit_work(lambda kit: _read(kit, me), "adding up")
        if self._ending:
            return  # ending the event also leaves the page
        if self._totals is None:
            self.dismiss(None)
            return
        self.page_title = f"End of the event · {self._totals.event}"
        self.refresh_bindings()
        self._draw()

    def _draw(self) -> None:
        if (closing := self._totals) is not None and self.is_mounted:
            self.query_one("#totals", Static).update(_page(closing, self._lies, max(20, self.size.width - 8)))

    @in_background
    async def command_end(self) -> None:
        """End the event on this laptop; ask first while something is left to do."""
        if (totals := self._totals) is None:
            return
        if left := totals.left_undone:
            later = "finished" if totals.unsent is None else "finished and exported"
            text = f"{left} All of it stays on this laptop; it can be {later} later."
            asked = Confirm("End the event all the same?", text, yes="end it", no="go back")
            if not await self.app.push_screen_wait(asked):
                return
        self._ending = True
        await self.kit_work(end_event, "ending the event", saving=True)
        self.dismiss(True)

    def command_unfinished(self) -> None:
        """Continue unfinished entries."""
        self.app.open_screen("drafts")

    def command_export(self) -> None:
        """Write a bundle at once."""
        self.app.open_screen("sync", True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "end":
            return self._totals is not None
        if action == "command" and parameters[0] == "unfinished":
            return self._totals is not None and bool(self._totals.unfinished)
        if action == "command" and parameters[0] == "export":
            return self._totals is not None and self._totals.unsent is not None
        return super().check_action(action, parameters)

    def explains(self, command: str) -> bool:
        # A coordinator's laptop has nobody to send to.
        return command != "export" or bool(self.check_action("command", (command,)))


def _read(kit: Kit, me: Identity) -> tuple[Closing | None, str]:
    totals = closing(kit, me)
    if totals is None or not totals.last_bundle:
        return totals, ""
    folder = Path(totals.folder)
    if not totals.folder or not (folder / totals.last_bundle).exists():
        return totals, "which is no longer where it was written"
    return totals, str(folder) if off_this_laptop(folder) else f"on this laptop, not on a stick: {folder}"


def _page(closing: Closing, lies: str, width: int) -> Content:
    lines = [
        Content.styled("WHO CAME", "bold $text-muted"),
        _figure(closing.named, "checked in by name"),
        _figure(closing.counted, "counted without a name"),
        *(_figure(max(group.mine, group.others), f"  {group.label}", small=True) for group in closing.groups),
        _figure(closing.named + closing.counted, "in all"),
        Content(""),
        Content.styled("FEEDBACK", "bold $text-muted"),
        _figure(closing.feedback, "taken"),
        Content(""),
        Content.styled("STILL TO DO", "bold $text-muted"),
    ]
    unfinished = len(closing.unfinished)
    if unfinished:
        label = plural(unfinished, "unfinished entry", "unfinished entries")
        lines.append(_figure(unfinished, label, "unfinished"))
        shown = closing.unfinished[:_MOST_UNFINISHED]
        if more := unfinished - len(shown):
            shown = (*shown, f"{more:,} more")
        lines += [
            Content.styled(f"{_BELOW}{fit(line, width - len(_BELOW))}", "$text-muted") for line in shown
        ]
    if closing.unsent:
        label = plural(closing.unsent, "change in no bundle yet", "changes in no bundle yet")
        lines.append(_figure(closing.unsent, label, "export"))
        lines[-1] += Content(" export now")
    if not unfinished and not closing.unsent:
        done = "finished" if closing.unsent is None else "finished and in a bundle"
        lines.append(Content.styled(f"{_BELOW}nothing: all is {done}", "$text-muted"))
    if closing.last_bundle:
        in_view = wrapped(f"The last bundle is {closing.last_bundle}, {lies}.", width - len(_BELOW))
        lines += [Content.styled(f"{_BELOW}{line}", "$text-muted") for line in in_view]
    return Content("\n").join(lines)


def _figure(number: int, label: str, command: str = "", *, small: bool = False) -> Content:
    style = "" if small else "bold"
    key = key_name(key_of(command, CLOSING)) if command else ""
    return Content.assemble(
        (f"{number:>7,}", style), "  ", (label, "$text-muted" if small else ""), "   ", (key, "bold $accent")
    )
