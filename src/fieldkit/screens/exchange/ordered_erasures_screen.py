"""The records that a file in quarantine would erase, before somebody decides about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from fieldkit.commands.command import QUARANTINE
from fieldkit.commands.table import bindings_for
from fieldkit.presentation.exchange.ordered_erasures import OrderedErasure, ordered_erasures
from fieldkit.presentation.wording import counted
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.store.journal.merge_transaction import QuarantinedFile
from fieldkit.store.kit import Kit
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, Row


class OrderedErasuresScreen(ListScreen[Sequence[OrderedErasure], OrderedErasure]):
    """What `file` orders to erase."""

    COMMANDS_FOR = QUARANTINE
    HELP = "If you let the file erase, these records lose their words for good, on every laptop. Nothing is erased here."
    PAGE_TITLE, LIST_ID, READING = "What it would erase", "ordered-erasures", "looking into the file"
    COLUMNS, LISTING = (Column("kind", "Kind", 1, 12), Column("line", "Record", 4, 20)), Listing
    EMPTY = "The file erases nothing any more."
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(QUARANTINE)

    def __init__(self, file: QuarantinedFile) -> None:
        super().__init__()
        self._file = file

    def read(self, kit: Kit) -> Sequence[OrderedErasure]:
        return ordered_erasures(kit, self.me, self._file)

    def rows(self, state: Sequence[OrderedErasure]) -> Iterable[tuple[Row, OrderedErasure]]:
        self.page_title = f"It would erase {counted(len(state), 'record')}"
        return [(Row(each.name, [each.kind, each.line]), each) for each in state]

    def detail(self, item: OrderedErasure) -> Content:
        return plain(item.line)

    def on_listing_chosen(self) -> None:
        if (ordered := self.current) is not None and ordered.held:
            self.app.open_screen("record_view", ordered.name)
