"""How a list of records is viewed: its order, its columns, the ticked rows, and the table written from them."""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldkit.insight.table_files import write_some
from fieldkit.presentation.lists.sort_order import SortOrder
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.kind import Kind
from fieldkit.screens.base.places import ask_folder, ask_workbook
from fieldkit.screens.base.record_rows import KitSource, columns_of, shown_fields
from fieldkit.screens.base.screen import BaseScreen, in_background, in_thread
from fieldkit.store.local.known_settings import LIST_COLUMNS, TABLES_FOLDER
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.choosing_several import ChooseSeveral
from fieldkit.widgets.listing import NO_SUCH_WORDS, Listing

_NEWEST = "-"
_TEXT = "text"


class ListViewScreen(BaseScreen):
    """A list of one kind that can be sorted, and whose columns and rows can be chosen."""

    SOURCE: type[KitSource] = KitSource

    def __init__(self, kind: Kind, where: dict[str, Any]) -> None:
        super().__init__()
        self._kind = kind
        self._where = where
        self._text = ""
        self._order: SortOrder | None = None
        self._chosen: list[str] = []

    @property
    def listing(self) -> Listing:
        """The list."""
        return self.query_one(Listing)

    def source(self) -> KitSource:
        """The rows in the present view."""
        return self.SOURCE(
            self.kit, self._kind, self._text, self._where, order=self._order, chosen=self._chosen
        )

    def read_columns(self) -> None:
        """Show the columns that this laptop chose."""
        self._chosen = self.kit.settings.get(LIST_COLUMNS).get(self._kind.name, [])

    def show_view(self, *, keep_cursor: bool = False) -> None:
        """Show the list again after its order, columns or words have changed."""
        self.listing.columns = tuple(columns_of(self._kind, self._chosen, self._order))
        empty = NO_SUCH_WORDS if self._text else None
        self.listing.show(self.source(), empty=empty, keep_cursor=keep_cursor)

    def note_of(self, rows: int) -> str:
        """What the top line says about the list."""
        number = f"{rows:,} with these words" if self._text else f"{rows:,} in all"
        return f"{len(self.listing.ticked):,} ticked, {number}" if self.listing.ticked else number

    # Order

    @in_background
    async def command_sort(self) -> None:
        """Ask for the field to sort by; choosing the same one again reverses the order."""
        fields = [spec for spec in self._kind.fields.values() if spec.shape != _TEXT]
        shown = [spec.name for spec in shown_fields(self._kind, self._chosen)]
        fields.sort(key=lambda spec: shown.index(spec.name) if spec.name in shown else len(shown))
        options = [Option(spec.name, spec.title) for spec in fields]
        if self._order is not None:
            options.insert(0, Option(_NEWEST, "the newest first, as at the beginning"))
        chosen = await self.app.push_screen_wait(Choose("Sort by", options))
        if chosen is None:
            return
        before = self._order
        turned = before is not None and before.field == chosen and not before.reverse
        self._order = None if chosen == _NEWEST else SortOrder(chosen, turned)
        self.show_view()

    # Columns

    @in_background
    async def command_columns(self) -> None:
        """Ask which fields to show, and store the answer on this laptop."""
        options = [Option(spec.name, spec.title) for spec in self._kind.fields.values()]
        ticked = {spec.name for spec in shown_fields(self._kind, self._chosen)}
        text = "Ticked fields are columns, as far as there is room. None ticked: as at the beginning."
        chosen = await self.app.push_screen_wait(ChooseSeveral("Columns", options, ticked, text))
        if chosen is None:
            return
        self._chosen = chosen
        kept = {**self.kit.settings.get(LIST_COLUMNS), self._kind.name: chosen}
        await self.kit_work(lambda kit: kit.settings.remember(LIST_COLUMNS, kept), "keeping the columns")
        self.show_view(keep_cursor=True)

    # Ticks, and a table of what is ticked

    def command_tick(self) -> None:
        """Tick or untick the row under the cursor, and go to the next."""
        if (row := self.listing.current) is not None:
            self.listing.ticked ^= {row.id}
            self._ticks_changed()
            self.listing.action_move(1)

    @in_background
    async def command_tick_all(self) -> None:
        """Tick all rows, or untick them if they are all ticked."""
        source = self.source()
        ids = set(await self.thread_work(lambda: (source.count(), source.ids())[1], "ticking"))
        self.listing.ticked = (
            self.listing.ticked - ids if ids <= self.listing.ticked else self.listing.ticked | ids
        )
        self._ticks_changed()

    def _ticks_changed(self) -> None:
        self.page_note = self.note_of(self.listing.count)
        self.listing.refresh()
        self.refresh_bindings()

    @in_background
    async def command_table(self) -> None:
        """Write the ticked rows, or all listed ones, to a workbook."""
        kit, kind, source = self.kit, self._kind, self.source()
        ids = self.listing.ticked or set(
            await self.thread_work(lambda: (source.count(), source.ids())[1], "reading the list")
        )
        title = f"{counted(len(ids), 'record')} as a table: where to?"
        text = "The workbook is not encrypted: whoever has the file can read it."
        last = await in_thread(lambda: kit.settings.get(TABLES_FOLDER))
        folder = await ask_folder(self.app, title, last, text)
        if folder is None:
            return
        name = f"{kind.plural.replace(' ', '-')}-{date.today().isoformat()}.xlsx"
        if (workbook := await ask_workbook(self.app, folder, name)) is None:
            return
        target, exists = workbook
        with self.keys_meanwhile():
            await self.thread_work(lambda: write_some(kit, kind, ids, target, exists), "writing the table")
        await self.kit_work(
            lambda kit: kit.settings.remember(TABLES_FOLDER, str(target.parent)), "keeping the folder"
        )
        self.show_notice(f"{counted(len(ids), 'record')} written to {target}")

    def names_key(self, action: str, usually: bool) -> bool:
        """Ticks are there for the table."""
        return usually or (action == "command('table')" and bool(self.listing.ticked))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"sort", "tick", "tick-all", "table"}:
            rows = self.is_mounted and self.listing.count > 0
            return rows and (parameters[0] != "table" or self._kind.shared)
        return super().check_action(action, parameters)
