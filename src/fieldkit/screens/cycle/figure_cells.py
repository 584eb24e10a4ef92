"""The published figures behind one group's ratio, in a dialog; Enter opens the record of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from fieldkit.presentation.utilisation.use_chart import CellLine, ChartRow, label_of
from fieldkit.widgets.dialogs.dialog import Dialog
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, ListSource, Row

_COLUMNS = (
    Column("label", "Label as published", 3, 20),
    Column("ages", "Ages", 0, 6),
    Column("shown", "Shown", 0, 8, "right"),
    Column("read", "Read as", 1, 14),
)


class FigureCells(Dialog[None]):
    """What was published about the group of a row, and the caveats of its ratio."""

    CSS_PATH = "figure_cells.tcss"
    AUTO_FOCUS = "Listing"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "back")]

    def __init__(self, chosen: ChartRow, cells: Sequence[CellLine], caveats: Sequence[str]) -> None:
        super().__init__(label_of(chosen.group), plain("\n".join([chosen.sentence, *caveats])))
        self._cells = cells

    def body(self) -> ComposeResult:
        yield Static("Published figures:", classes="lead")
        rows = [
            Row(cell.record_id, (cell.label, cell.ages, cell.shown, cell.read_as)) for cell in self._cells
        ]
        yield Listing(_COLUMNS, ListSource(rows), empty="The source has no figure of this group.")

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        open_screen = getattr(self.app, "open_screen", None)
        if open_screen is not None:
            open_screen("record_view", f"cell:{event.id}")

    def action_back(self) -> None:
        self.dismiss(None)
