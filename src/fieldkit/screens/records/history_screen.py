"""Every change of one record: who, when, which value is current; one key restores an older value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from fieldkit.commands.command import HISTORY
from fieldkit.commands.table import bindings_for, key_of, with_keys
from fieldkit.presentation.record_history import (
    CURRENT,
    IN_CONFLICT,
    REPLACED,
    Change,
    History,
    history,
    is_current,
    restore_value,
    restoring,
    undo_change,
    values_before,
)
from fieldkit.presentation.wording import when
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.screens.base.screen import in_background, writing
from fieldkit.store.kit import Kit
from fieldkit.text import plural, titled
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain, wrapped
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("when", "When", 0, 11),
    Column("who", "Who", 2, 12),
    Column("field", "What", 2, 12),
    Column("value", "Value", 4, 16),
    Column("state", "Now", 0, 8),
)
_MARKS = {CURRENT: "▪", IN_CONFLICT: "!", REPLACED: ""}
_FRAME = 4
"""Rows of the window that are not its body."""


class Values(Listing):
    """The values; Enter shows one in full."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "in full")]


class HistoryScreen(ListScreen[History, Change]):
    """The changes of one record, the latest first."""

    CSS_PATH = "history_screen.tcss"
    COMMANDS_FOR = HISTORY
    HELP = (
        "Every value that was ever set in this record, with who set it and when. Nothing is ever overwritten: "
        "restoring a value or undoing a change is one more change, and travels like any other."
    )
    PAGE_TITLE, LIST_ID, READING = "History", "changes", "reading the history"
    COLUMNS, EMPTY, LISTING = _COLUMNS, "Nothing.", Values
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(HISTORY)

    def __init__(self, record: str) -> None:
        super().__init__()
        self._record = record
        self._history: History | None = None

    def read(self, kit: Kit) -> History:
        return history(kit, self._record)

    def rows(self, state: History) -> Iterator[tuple[Row, Change]]:
        self._history, now = state, self.kit.clock()
        self.page_title = f"History · {state.title}"
        for change in state.changes:
            cells = (when(change.stamp, now), change.who, change.title, change.label, change.state)
            # A copied laptop may give the same number to two changes.
            name = f"{change.ref} {change.stamp} {change.field} {change.label}"
            yield Row(name, cells, _MARKS[change.state]), change

    def _when(self, change: Change) -> str:
        return when(change.stamp, self.kit.clock())

    def detail(self, item: Change) -> Content:
        width = max(20, self.size.width - 6)
        locked = self._history is None or self._history.locked or not item.known
        key = key_name(key_of("restore", HISTORY))
        sentence = "" if locked else restoring(item, self._history.changes if self._history else (), key)
        sentences = wrapped(sentence, width)
        # The value has what the title and the sentence leave of half the body, the list the other half.
        room = max(2, (self.size.height - _FRAME) // 2 - 2 - len(sentences))
        lines = wrapped(item.label, width)
        if len(lines) > room:
            lines = [*lines[: room - 1], "… press Enter to see it in full"]
        return Content.assemble(
            (f"{item.title}\n", "bold"), plain("\n".join(lines)), "\n", plain("\n".join(sentences))
        )

    def on_listing_chosen(self) -> None:
        if (change := self.current) is not None:
            content = Content.assemble(
                plain(f"{self._when(change)}, {change.who}", "$text-muted"), "\n\n", plain(change.label)
            )
            self.app.push_screen(Message(change.title, content))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"restore", "undo"}:
            change, history = self.current, self._history
            if change is None or history is None or history.locked:
                return False
            if parameters[0] == "restore":
                return change.known and not is_current(change, history.changes)
            return history.shared and change.state != REPLACED
        return super().check_action(action, parameters)

    # Commands

    @writing
    @in_background
    async def command_restore(self) -> None:
        """Make the value under the cursor the current one."""
        change, record = self.current, self._record
        if change is None:
            return

        await self.kit_work(lambda kit: restore_value(kit, record, change), "restoring it", saving=True)
        self.show_notice(f"Restored. {titled(change.title, change.label)}")
        self.read_again()

    @writing
    @in_background
    async def command_undo(self) -> None:
        """Undo the change under the cursor, after asking."""
        change, history, record = self.current, self._history, self._record
        if change is None or history is None:
            return
        back: list[str] = []
        text = with_keys(
            "It made the record, so the record is deleted. It can be restored with {record[restore]} on its page."
        )
        if change.ref != history.changes[-1].ref:
            back = await self.kit_work(
                lambda kit: values_before(kit, record, change), "reading what comes back"
            )
            before = plural(len(back), "The value before it comes back:", "The values before it come back:")
            text = "\n\n".join([before, "\n".join(back)])

        asked = Confirm(f"Undo this change of {self._when(change)}?", text, yes="undo it", no="leave it")
        if not await self.app.push_screen_wait(asked):
            return
        changed = await self.kit_work(lambda kit: undo_change(kit, record, change), "undoing it", saving=True)
        done = f"Undone. {back[0]}" if len(back) == 1 else "Undone."
        self.show_notice(done if changed else "There was nothing to undo any more.")
        self.read_again()
