"""Everything recorded: the kinds of record, how many of each, and the way to their lists."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from fieldkit.commands.command import KINDS
from fieldkit.commands.table import bindings_for
from fieldkit.records.schema.kind import kinds
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("kind", "Kind", 0, 33),
    Column("count", "Records", 0, 9, "right"),
    Column("help", "", 6, 20),
)


class EverythingScreen(ListScreen[list[Row], str]):
    """One row for each kind of record."""

    COMMANDS_FOR = KINDS
    HELP = (
        "Every kind of record that this kit holds. Enter opens its list; notes kept on this "
        "laptop alone are last."
    )
    PAGE_TITLE, LIST_ID, READING = "Everything recorded", "kinds", "counting"
    COLUMNS, LISTING = _COLUMNS, Listing
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(KINDS)

    def read(self, kit: Kit) -> list[Row]:
        return _kinds(kit, self.me)

    def rows(self, state: list[Row]) -> list[tuple[Row, str]]:
        return [(row, row.id) for row in state]

    def detail(self, item: str) -> Content:
        # The list cuts it, and a small window leaves it out.
        return plain(kinds()[item].help)

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.app.open_screen("records", message.id)


def _kinds(kit: Kit, me: Identity) -> list[Row]:
    counts, coordinating = kit.counts(), Roster(kit, me).coordinating
    # A field laptop does not show the desk's kinds until it holds such records.
    offered = [kind for kind in kinds().values() if coordinating or not kind.desk or counts.get(kind.name)]
    ordered = sorted(offered, key=lambda kind: (not kind.shared, kind.desk))
    return [
        Row(
            kind.name,
            [kind.plural.capitalize(), f"{counts.get(kind.name, kit.count(kind.name)):,}", kind.help],
        )
        for kind in ordered
    ]
