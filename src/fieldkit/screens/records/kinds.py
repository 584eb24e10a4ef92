"""Everything recorded: the kinds of record, how many of each, and the way into their lists."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from fieldkit.commands import KINDS, bindings_for
from fieldkit.records.schema.kind import kinds
from fieldkit.screens.base.screen import BaseScreen, latest_only
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.sources import Column, ListSource, Row


class EverythingScreen(BaseScreen):
    """One row for each kind of record."""

    COMMANDS_FOR = KINDS
    HELP = (
        "Every kind of record that this kit holds. Enter opens its list; notes kept on this "
        "laptop alone are last."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(KINDS)

    def body(self) -> ComposeResult:
        yield Listing(
            [
                Column("kind", "Kind", 2, 18),
                Column("count", "Records", 0, 9, "right"),
                Column("help", "", 6, 20),
            ]
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.page_title = "Everything recorded"
        self.query_one(Listing).focus()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if (me := self.app.me) is not None:
            self._read(me)

    @latest_only
    async def _read(self, me: Identity) -> None:
        rows = await self.kit_work(lambda kit: _kinds(kit, me), "counting")
        self.query_one(Listing).show(ListSource(rows), keep_cursor=True)

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.app.open_screen("records", message.id)


def _kinds(kit: Kit, me: Identity) -> list[Row]:
    counts, coordinating = kit.counts(), Roster(kit, me).coordinating
    # A field laptop is not bothered with the work of a desk until it holds some.
    offered = [kind for kind in kinds().values() if coordinating or not kind.desk or counts.get(kind.name)]
    ordered = sorted(offered, key=lambda kind: (not kind.shared, kind.desk))
    return [
        Row(
            kind.name,
            [kind.plural.capitalize(), f"{counts.get(kind.name, kit.count(kind.name)):,}", kind.help],
        )
        for kind in ordered
    ]
