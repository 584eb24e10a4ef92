"""One record, readable: every answer in words, what is in conflict, and who changed what."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import RECORD
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.presentation.record_page import Shown, read
from fieldkit.presentation.wording import counted
from fieldkit.screens.base.screen import BaseScreen, in_background, latest_only, writing
from fieldkit.store.local.known_settings import EVENT
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.plain import beside, fit, pad, plain, wrapped

_TITLE = 26
#: Cells that words of several lines take beside the titles; with fewer they are below their own.
_ROOMY = 30


class RecordViewScreen(BaseScreen):
    """Shows one record. Ends with its id."""

    CSS_PATH = "record_screen.tcss"
    COMMANDS_FOR = RECORD
    HELP = "All answers of this record. An exclamation mark is an answer that two laptops changed."
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(RECORD)

    def __init__(self, record: str) -> None:
        """The record by its id or `kind:id`."""
        super().__init__()
        self._record = record
        self._shown: Shown | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(id="record"):
            yield Static(id="answers")

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        record = self._record
        try:
            shown = await self.kit_work(lambda kit: read(kit, record), "reading the record")
        except FieldkitError:
            self.dismiss(None)
            raise
        self._shown = shown
        self.page_title = shown.title
        self._draw()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        shown = self._shown
        if shown is None:
            return
        width = min(116, self.size.width - 6)
        column = min(_TITLE, max((cell_len(title) for _, title, _, _ in shown.answers), default=0))
        lines: list[Content] = []
        if shown.deleted:
            lines += [
                Content.styled(
                    with_keys("This record is deleted. Press {record[restore]} to restore it."),
                    "bold $warning",
                ),
                Content(""),
            ]
        if shown.disputed:
            conflicts = "! Conflict: one laptop deleted it, another changed it. See the conflicts."
            lines += [Content.styled(conflicts, "bold $warning"), Content("")]
        step_before = ""
        for step, title, value, conflict in shown.answers:
            if step != step_before:
                lines += ([Content("")] if step_before else []) + [
                    Content.styled(step.upper(), "bold $text-muted")
                ]
                step_before = step
            sign = ("! ", "bold $warning") if conflict else ("  ", "")
            head, left = title, column
            if cell_len(title) > column:
                lines.append(Content.assemble(sign, (fit(title, width - 2), "$text-muted")))
                # Below a title that has a line of its own, words need not be squeezed beside the other titles.
                head, left = "", column if width - column - 4 >= _ROOMY else 2
            for number, line in enumerate(wrapped(value, max(16, width - left - 4))):
                first = number == 0 and head
                lines.append(
                    Content.assemble(
                        sign if first else "  ",
                        (pad(head if first else "", left), "$text-muted"),
                        "  ",
                        line,
                    )
                )
        if any(conflict for *_, conflict in shown.answers):
            sentence = with_keys(
                "Laptops changed this differently; every value is kept. "
                "Press {record[history]}, then {history[restore]} on the value to keep."
            )
            lines.append(Content(""))
            lines += [
                Content.assemble(("  " if number else "! ", "bold $warning"), line)
                for number, line in enumerate(wrapped(sentence, width - 3))
            ]
        if shown.unknown:
            lines += [
                Content(""),
                Content(
                    f"  {counted(shown.unknown, 'more answer')} that only another version of fieldkit knows: "
                    "kept, not counted here."
                ),
            ]
        if shown.where:
            lines += [Content(""), Content.assemble(("WHERE IT IS", "bold $text-muted"))]
            lines.append(Content.assemble("  ", plain(shown.where)))
        lines += [Content(""), Content.styled("HISTORY", "bold $text-muted")]
        broadest = max((cell_len(at) for at, _, _ in shown.steps), default=0)
        lines += [
            beside(f"  {pad(at, broadest)}  ", "$text-muted", f"{who}: {what}", "", width)
            for at, who, what in shown.steps
        ]
        self.query_one("#answers", Static).update(Content("\n").join(lines))

    # Commands

    def command_edit(self) -> None:
        """Change this record."""
        self.app.open_screen("entry", record=self._record)

    @writing
    @in_background
    async def command_delete(self) -> None:
        """Delete this record, after asking."""
        asked = Confirm(
            "Delete this record?",
            with_keys("It can be restored with {record[restore]} on this page."),
            yes="delete",
            no="keep",
            careful=True,
        )
        if await self.app.push_screen_wait(asked):
            record = self._record
            await self.kit_work(lambda kit: kit.delete(record), "deleting", saving=True)
            self.read_again()

    @writing
    @in_background
    async def command_restore(self) -> None:
        """Restore this record."""
        record = self._record
        await self.kit_work(lambda kit: kit.restore(record), "restoring it", saving=True)
        self.read_again()

    def command_history(self) -> None:
        """Every change of this record."""
        self.app.open_screen("history", self._record)

    @writing
    @in_background
    async def command_here(self) -> None:
        """From now on, record at this event."""
        record_id = self._shown.record_id if self._shown else ""
        await self.kit_work(lambda kit: kit.settings.put(EVENT, record_id), "choosing the event", saving=True)
        self.show_notice("From now on you record at this event.")

    def command_up(self) -> None:
        """Scroll up."""
        self.query_one("#record", VerticalScroll).scroll_up(animate=False)

    def command_down(self) -> None:
        """Scroll down."""
        self.query_one("#record", VerticalScroll).scroll_down(animate=False)

    def explains(self, command: str) -> bool:
        # Its kind, and who may change it, stay as they are while the page is open; a deletion does not.
        if (shown := self._shown) is not None:
            if command == "here":
                return shown.kind == "event"
            if command in {"edit", "delete", "restore"}:
                return not shown.locked
        return super().explains(command)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command":
            shown = self._shown
            if parameters[0] in {"edit", "delete"}:
                return shown is not None and not shown.deleted and not shown.locked
            if parameters[0] == "restore":
                return shown is not None and shown.deleted and not shown.locked
            if parameters[0] == "here":
                return shown is not None and shown.kind == "event" and not shown.deleted
        return super().check_action(action, parameters)
