"""The changes of a cycle: owner, status, due date, support, and the provider's answer. You said, we did."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import CHANGES
from fieldkit.commands.table import bindings_for, key_of, with_keys
from fieldkit.presentation.cycle.change_rows import ChangeRow, change_rows
from fieldkit.presentation.cycle.change_story import NO_CHANGES, change_story, is_late, support_sides
from fieldkit.presentation.cycle.cycle_facts import changes_of
from fieldkit.records.schema.dates import short_date
from fieldkit.screens.base.screen import BaseScreen, latest_only
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain, wrapped
from fieldkit.widgets.sources import Column, ListSource, Row

_COLUMNS = (
    Column("number", "No.", 0, 3, "right"),
    Column("title", "Change", 4, 22),
    Column("status", "Status", 0, 9),
    Column("owner", "Owner", 2, 8),
    Column("due", "Due", 0, 11),
    Column("support", "Rests on", 0, 12),
)
_Shown = list[tuple[ChangeRow, list[tuple[str, str]]]]


class ChangeList(Listing):
    """The changes; Enter opens the form of one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "edit")]


class ChangesScreen(BaseScreen):
    """The changes of the cycle with the id `cycle`, and below them the story of the one under the cursor."""

    CSS_PATH = "changes_screen.tcss"
    COMMANDS_FOR = CHANGES
    PAGE_TITLE = "Changes: you said, we did"
    HELP = (
        "Each change needs an owner, an answer of the provider, and support from figures and from feedback. An "
        "exclamation mark is a change that is overdue, or whose answer is late. Declined changes stay, with their reason."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(CHANGES)

    def __init__(self, cycle: str) -> None:
        super().__init__()
        self.cycle = cycle
        self._shown: _Shown = []

    def body(self) -> ComposeResult:
        yield ChangeList(_COLUMNS, ListSource(), empty="Looking …", id="changes")
        with VerticalScroll(id="pane", can_focus=False):
            yield Static(id="story")

    def on_mount(self) -> None:
        self.query_one(Listing).focus()

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        cycle = self.cycle

        def read(kit: Kit) -> _Shown:
            rows = change_rows(kit, changes_of(kit, cycle), date.today())
            return [(row, change_story(kit, row)) for row in rows]

        self._show(await self.kit_work(read, "reading the changes"))

    def _show(self, shown: _Shown) -> None:
        self._shown = shown
        today = date.today().isoformat()
        rows = [
            Row(
                str(at),
                (
                    f"{row.number}",
                    row.title,
                    row.status_label,
                    row.owner,
                    short_date(row.due),
                    support_sides(row),
                ),
                "!" if is_late(row, today) else "",
            )
            for at, (row, _) in enumerate(shown)
        ]
        empty = NO_CHANGES + with_keys(" Press {changes[new]}.")
        self.query_one(Listing).show(ListSource(rows), empty=empty, keep_cursor=True)
        self._draw()
        self.refresh_bindings()

    @property
    def current(self) -> tuple[ChangeRow, list[tuple[str, str]]] | None:
        """The change under the cursor and its story."""
        row = self.query_one(Listing).current if self.is_mounted else None
        return self._shown[int(row.id)] if row is not None and int(row.id) < len(self._shown) else None

    def on_listing_moved(self) -> None:
        self._draw()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        current, width = self.current, max(36, self.size.width - 5)
        lines: list[Content] = []
        for heading, text in current[1] if current else ():
            lines.append(Content.styled(heading, "bold $text-muted"))
            lines += [Content(f"  {line}") for line in wrapped(text, width - 2)]
        pane = self.query_one("#pane", VerticalScroll)
        if lines and len(lines) > pane.size.height:
            in_full = key_name(key_of("full", CHANGES))
            lines[0] = Content.assemble(lines[0], "   ", (in_full, "bold $accent"), " in full")
        self.query_one("#story", Static).update(Content("\n").join(lines))
        pane.scroll_home(animate=False)

    # Commands

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        self.app.open_screen("entry", record=f"change:{self._shown[int(event.id)][0].change_id}")

    def command_new(self) -> None:
        """Propose a change."""
        self.app.open_screen("entry", "change", presets={"cycle": self.cycle})

    def command_support(self) -> None:
        """Choose what the change rests on."""
        if (current := self.current) is not None:
            self.app.open_screen("support", self.cycle, current[0].change_id)

    def command_answer(self) -> None:
        """Record the awaited answer, or that one was asked for."""
        if (current := self.current) is None:
            return
        row = current[0]
        if row.waiting is not None and row.waiting.response_id:
            self.app.open_screen("entry", record=f"response:{row.waiting.response_id}")
        else:
            presets = {"change": row.change_id}
            if not row.answers:
                presets["asked_on"] = date.today().isoformat()
            self.app.open_screen("entry", "response", presets=presets)

    def command_full(self) -> None:
        """Show the whole change."""
        if (current := self.current) is not None:
            row, story = current
            text = "\n\n".join(f"{heading}\n{paragraph}" for heading, paragraph in story)
            self.app.push_screen(Message(f"{row.number} {row.title}", plain(text)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"support", "answer", "full"}:
            return self.current is not None
        return super().check_action(action, parameters)
