"""The trash: every deleted record, and one key that restores the one under the cursor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType

from fieldkit.commands.command import TRASH
from fieldkit.commands.table import bindings_for
from fieldkit.presentation.trash import EMPTY, Deleted, restore, trash
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.screens.base.work_screen import one_at_a_time
from fieldkit.store.kit import Kit
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("kind", "Kind", 1, 16),
    Column("line", "Record", 4, 20),
    Column("when", "Deleted", 0, 11),
)


class TrashScreen(ListScreen[list[Deleted], Deleted]):
    """The deleted records, latest first. Nothing is erased here: that takes a receipt code, or the coordinator."""

    COMMANDS_FOR = TRASH
    HELP = "Deleted records are in no list and no count. Restoring one brings it into both again, on every laptop."
    PAGE_TITLE, LIST_ID, READING = "Trash", "trash", "looking for deleted records"
    COLUMNS, EMPTY, LISTING = _COLUMNS, EMPTY, Listing
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(TRASH)

    def read(self, kit: Kit) -> list[Deleted]:
        return trash(kit)

    def rows(self, state: list[Deleted]) -> Iterable[tuple[Row, Deleted]]:
        return [(Row(each.record.name, [each.kind, each.listed, each.when]), each) for each in state]

    def on_listing_chosen(self) -> None:
        if (deleted := self.current) is not None:
            self.app.open_screen("record_view", deleted.record.name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "restore":
            return self.current is not None
        return super().check_action(action, parameters)

    @one_at_a_time
    async def command_restore(self) -> None:
        """Restore the record under the cursor."""
        if (deleted := self.current) is None:
            return
        await self.kit_work(lambda kit: restore(kit, deleted.record), "restoring it", saving=True)
        self.show_notice(f"Restored: {deleted.name}")
        self.read_again()
