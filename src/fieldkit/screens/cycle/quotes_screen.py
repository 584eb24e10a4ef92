"""Quotes of a cycle on three pages: answers that may be quoted, waiting quotes, and quotes already decided on."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import QUOTES
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.cycle.quote_pages import (
    ANSWERS,
    DECIDED,
    EMPTY,
    PAGES,
    WAITING,
    QuoteLine,
    QuotePages,
    quote_pages,
)
from fieldkit.screens.base.screen import BaseScreen, latest_only
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import in_lines
from fieldkit.widgets.sources import Column, ListSource, Row

_COLUMNS = {
    ANSWERS: (
        Column("words", "Words", 5, 30), Column("field", "Answer to", 0, 20, optional=True),
        Column("proposed", "Quotes", 0, 6, "right"),
    ),
    WAITING: (Column("words", "Words", 5, 30), Column("by", "Proposed by", 2, 12)),
    DECIDED: (Column("words", "Words", 4, 24), Column("state", "State", 0, 20), Column("why", "Why", 3, 12)),
}  # fmt: skip


class QuotesScreen(BaseScreen):
    """The quotes of the cycle with the id `cycle`."""

    CSS_PATH = "quotes_screen.tcss"
    COMMANDS_FOR = QUOTES
    PAGE_TITLE = "Quotes"
    HELP = (
        "A person is quoted only if they agreed to it. One person proposes a quote, and a second person checks it alone. A "
        "quote leaves every later pack when the person withdraws, or the comment changes."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(QUOTES),
        Binding("tab", "turn(1)", "next list"),
        Binding("shift+tab", "turn(-1)", show=False),
    ]

    def __init__(self, cycle: str) -> None:
        super().__init__()
        self.cycle = cycle
        self._pages: QuotePages | None = None
        self._page = 0

    def body(self) -> ComposeResult:
        yield Static(id="tabs")
        yield Listing(_COLUMNS[ANSWERS], ListSource(), empty="Looking …", id="quotes")

    def on_mount(self) -> None:
        self.query_one(Listing).focus()

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        cycle = self.cycle
        self._show(
            await self.kit_work(lambda kit: quote_pages(kit, cycle, date.today()), "reading the quotes")
        )

    def _show(self, pages: QuotePages) -> None:
        if self._pages is None and pages.waiting:
            self._page = 1  # what waits for somebody comes first
        self._pages = pages
        self._draw(keep=True)

    def on_resize(self) -> None:
        self._draw(keep=True)

    def _draw(self, *, keep: bool) -> None:
        pages = self._pages
        if pages is None:
            return
        numbers = (len(pages.answers), len(pages.waiting), len(pages.decided))
        tabs = [
            Content.styled(f" {title} {number:,} ", "bold reverse" if at == self._page else "$text-muted")
            for at, (title, number) in enumerate(zip(PAGES, numbers, strict=True))
        ]
        self.query_one("#tabs", Static).update(in_lines(tabs, self.size.width - 4, 2))
        title = PAGES[self._page]
        listing = self.query_one(Listing)
        listing.columns = _COLUMNS[title]
        empty = EMPTY[title]
        if title == WAITING and pages.answers:
            empty += with_keys(" Press {quotes[turn]} for the answers that may be quoted.")
        listing.show(ListSource(self._rows(title, pages)), empty=empty, keep_cursor=keep)
        self.refresh_bindings()

    def _rows(self, title: str, pages: QuotePages) -> list[Row]:
        if title == ANSWERS:
            return [
                Row(
                    str(at),
                    (each.answer[:200], each.title, f"{each.proposed}" if each.proposed else ""),
                    "!" if each.points_to else "",
                )
                for at, each in enumerate(pages.answers)
            ]
        lines = pages.waiting if title == WAITING else pages.decided
        if title == WAITING:
            return [
                Row(str(at), (_quote_text(line), line.quote.proposed_by), "!" if line.why else "")
                for at, line in enumerate(lines)
            ]
        return [Row(str(at), (_quote_text(line), line.state, line.why)) for at, line in enumerate(lines)]

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        pages, at = self._pages, int(event.id)
        if pages is None:
            return
        if PAGES[self._page] == ANSWERS:
            self.app.open_screen("excerpt", pages.answers[at])
        else:
            lines = pages.waiting if PAGES[self._page] == WAITING else pages.decided
            self.app.open_screen("quote", lines[at])

    def action_turn(self, by: int) -> None:
        self._page = (self._page + by) % len(PAGES)
        self._draw(keep=False)


def _quote_text(line: QuoteLine) -> str:
    return line.quote.words or "(the text is not here any more)"
