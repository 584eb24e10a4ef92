"""Undoing a whole import, or everything from one bundle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from fieldkit.commands.command import UNDOING
from fieldkit.commands.table import bindings_for
from fieldkit.presentation.undoable_changes import Undoable, undo_received, undoables, undone_sentence
from fieldkit.presentation.wording import counted, when
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.screens.base.work_screen import one_at_a_time
from fieldkit.store.kit import Kit
from fieldkit.text import ended
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("what", "What", 2, 21),
    Column("name", "File", 3, 18, path=True),
    Column("who", "By", 2, 10, optional=True),
    Column("number", "Changes", 0, 8, "right", optional=True),
    Column("when", "When", 0, 11, optional=True),
    Column("back", "Undone", 0, 11),
)


class UndoScreen(ListScreen[tuple[list[Undoable], int], Undoable]):
    """Imports and merges, the latest first."""

    CSS_PATH = "undo_screen.tcss"
    COMMANDS_FOR = UNDOING
    HELP = (
        "Undoes one import or one bundle. Its new records are deleted, and can be restored. "
        "What it changed goes back to what it was, unless somebody has changed it since. "
        "An answer about consent that is no stays no. Nothing is removed from the history, and the undo travels like any change."
    )
    PAGE_TITLE, LIST_ID, READING = "Undo", "changes", "looking for imports"
    COLUMNS, EMPTY = _COLUMNS, "Nothing was imported or merged here."
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(UNDOING)

    def read(self, kit: Kit) -> tuple[list[Undoable], int]:
        return undoables(kit, self.me)

    def rows(self, state: tuple[list[Undoable], int]) -> Iterator[tuple[Row, Undoable]]:
        merged, now = state
        for at, undoable in enumerate(merged):
            undone = when(undoable.undone, now) if undoable.undone else ""
            yield (
                Row(
                    str(at),
                    (
                        undoable.what,
                        undoable.name,
                        undoable.who,
                        f"{undoable.number:,}",
                        when(undoable.at, now),
                        undone,
                    ),
                    "✓" if undone else "",
                ),
                undoable,
            )

    def detail(self, item: Undoable) -> Content:
        # The list cuts long names, and a small window leaves columns out.
        return plain(_named(item))

    def names_key(self, action: str, usually: bool) -> bool:
        """What was undone has nothing left to undo, except for what was restored since."""
        return usually and not (action == "command('undo')" and self.current and self.current.undone)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "undo":
            return self.current is not None and not self.busy
        return super().check_action(action, parameters)

    @one_at_a_time
    async def command_undo(self) -> None:
        """Undo the import or merge under the cursor."""
        undoable, kit = self.current, self.kit
        if undoable is None:
            return
        text = (
            f"{_named(undoable)}\n\nNew records are deleted and can be restored; changed ones go back to what they were, "
            "unless somebody has changed them since. An answer about consent that is no stays no."
        )
        back = f"It was undone here ({when(undoable.undone, kit.clock())})" if undoable.undone else ""
        if back:
            text = f"{back}. Only what was restored since is undone again.\n\n{text}"
        asked = Confirm(f"Undo this {undoable.what}?", text, yes="undo it", no="leave it", careful=True)
        if not await self.app.push_screen_wait(asked):
            return

        undone = await self.do("undoing it", lambda _: undo_received(kit, undoable), saving=True)
        nothing = "There was nothing to undo: it was undone, changed or erased since."
        if back:
            nothing = f"There is nothing left to undo. {back}."
        self.show_notice(undone_sentence(undone, nothing))
        self.read_again()


def _named(undoable: Undoable) -> str:
    return ended(f"{undoable.name}: {counted(undoable.number, 'change')} by {undoable.who}")
