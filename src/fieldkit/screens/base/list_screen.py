"""A list with details of the row under the cursor: what all screens of this form share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.table import with_keys
from fieldkit.errors import NotFound
from fieldkit.screens.base.screen import latest_only
from fieldkit.screens.base.work_screen import QuietList, Working, WorkScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets.listing import LOOKING, NOTHING_YET, Listing
from fieldkit.widgets.plain import Hanging, plain
from fieldkit.widgets.sources import Column, ListSource, Row

Item = TypeVar("Item")
State = TypeVar("State")


class ListScreen(WorkScreen, Generic[State, Item]):
    """Reads `State` from the kit whenever it comes into view, and shows an `Item` in each row.

    Subclasses define the constants, `read` and `rows`, and `detail` if there is more to say about an item.
    """

    DEFAULT_CSS = "ListScreen #detail { height: auto; padding: 1 2 0 2; }"
    COLUMNS: ClassVar[Sequence[Column]]
    EMPTY: ClassVar[str] = NOTHING_YET
    READING: ClassVar[str]
    """Ends "Something went wrong while …"."""
    LIST_ID: ClassVar[str]
    WHOLE: ClassVar[Sequence[str]] = ()
    """The columns whose text begins the detail where the list cuts it: what people know a row by."""
    LISTING: ClassVar[type[Listing]] = QuietList
    """`QuietList`: Enter does nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, Item] = {}

    def read(self, kit: Kit) -> State:
        """What the screen shows. Runs in a thread."""
        raise NotImplementedError

    def rows(self, state: State) -> Iterable[tuple[Row, Item]]:
        """A row for each item; sets the title if that depends on them."""
        raise NotImplementedError

    def detail(self, item: Item) -> Content:
        """What to say about the item under the cursor."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        yield self.LISTING(self.COLUMNS, ListSource(), empty=LOOKING, id=self.LIST_ID)
        yield from self.below()
        yield Working()

    def below(self) -> ComposeResult:
        """The part below the list: the `detail`, if the subclass has one."""
        if type(self).detail is not ListScreen.detail:
            yield Static(id="detail")

    def on_mount(self) -> None:
        self.listing.focus()

    @property
    def cursor_wanted(self) -> str:
        """The id of the row to put the cursor on when the list is read; "" leaves it on its row."""
        return ""

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now; the cursor stays on its row."""
        try:
            state = await self.kit_work(self.read, self.READING)
        except NotFound:
            self.dismiss()
            raise
        rows = list(self.rows(state))
        self._items = {row.id: item for row, item in rows}
        source = ListSource([row for row, _ in rows])
        self.listing.show(source, empty=with_keys(self.EMPTY), keep_cursor=True, at=self.cursor_wanted)
        self.draw()

    @property
    def listing(self) -> Listing:
        """The list."""
        return self.query_one(Listing)

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        row = self.listing.current if self.is_mounted else None
        return self._items.get(row.id) if row is not None else None

    def on_listing_moved(self) -> None:
        self.draw()

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)  # which columns are cut is known once the list has its new size

    def draw(self) -> None:
        """Show the detail of the item under the cursor, and the keys that apply to it."""
        if not self.is_mounted:
            return
        for place in self.query("#detail").results(Static):
            item = self.current
            place.update(Hanging(Content("") if item is None else self._below_cut(self.detail(item))))
        self.refresh_bindings()

    def _below_cut(self, detail: Content) -> Content:
        """`detail`, below what the row under the cursor cuts of `WHOLE`."""
        row = self.listing.current
        if row is None or not self.WHOLE:
            return detail
        cut = self.listing.cut_columns
        whole = [
            plain(text, "bold")
            for column, text in zip(self.listing.columns, row.cells, strict=False)
            if column.key in self.WHOLE and column.key in cut
        ]
        return Content("\n").join([*whole, detail])
