"""One list for every kind of record, with columns taken from the model."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from fieldkit.commands.command import LIST
from fieldkit.commands.table import bindings_for, key_of, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.presentation.record_history import form_makes
from fieldkit.presentation.record_names import line_of
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.screens.base.record_rows import KitSource, columns_of
from fieldkit.screens.base.screen import in_background, writing
from fieldkit.screens.records.list_view import ListViewScreen
from fieldkit.screens.records.nearest_events import EventSource
from fieldkit.store.local.known_settings import EVENT
from fieldkit.text import ended
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.inputs import PlainInput
from fieldkit.widgets.listing import NOTHING_YET, Listing

_EMPTY = "Nothing here yet. Press {list[new]} to record the first."


class ChoosingList(Listing):
    """The list of events: Enter chooses the event to record at."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "record here")]


class FilterLine(PlainInput):
    """The words to filter by; arrows and Enter go back to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.to_list", "to the list"),
        Binding("down", "screen.to_list", "to the list", show=False),
        Binding("escape", "screen.end_filter", "show all"),
    ]


class RecordsScreen(ListViewScreen):
    """Every record of one kind, the newest first; events to choose from, by date."""

    CSS_PATH = "records_screen.tcss"
    COMMANDS_FOR = LIST
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(LIST),
        Binding(key_of("back", LIST), "end_filter", "show all"),
    ]

    def __init__(
        self,
        kind: str,
        *,
        choosing: bool = False,
        where: dict[str, Any] | None = None,
        presets: dict[str, Any] | None = None,
        title: str = "",
        hint: str = "",
    ) -> None:
        """`choosing`: Enter chooses the event to record at. `where` narrows the list, `presets` begin a new record.

        `hint` is a sentence to begin with; it goes when the screen does.
        """
        super().__init__(kind_named(kind), where or {})
        self.SOURCE = EventSource if choosing else KitSource
        self._choosing = choosing
        self._presets = presets or {}
        self._hint = hint
        self._title = title or self._kind.plural.capitalize()
        self._deleted: list[tuple[str, str]] = []
        """What was deleted here, (id, its row in words), the latest last."""

    HELP = with_keys(
        "Move with the arrows, record a new one with {list[new]}. Filter by words with {list[filter]}, sort with {list[sort]}, "
        "choose the columns with {list[columns]}. Tick rows with {list[tick]}, and write them as a table with {list[table]}. "
        "An exclamation mark is a conflict."
    )

    def body(self) -> ComposeResult:
        made = ChoosingList if self._choosing else Listing
        with Horizontal(id="filter"):
            yield Static("/ ", id="slash")
            yield FilterLine(compact=True, select_on_focus=False)
        self.read_columns()
        yield made(
            columns_of(self._kind, self._chosen),
            self.source(),
            empty=with_keys(_EMPTY) if form_makes(self._kind) else NOTHING_YET,
        )

    @property
    def takes_keys(self) -> bool:
        """Whether the rows have been read, if keys are for them."""
        return super().takes_keys and (self.focused is not self.listing or self.listing.loaded)

    def on_mount(self) -> None:
        self.page_title = self._title
        self.listing.focus()
        if self._hint:
            self.show_notice(self._hint)

    def on_listing_loaded(self, message: Listing.Loaded) -> None:
        self.page_note = self.note_of(message.count)
        self.refresh_bindings()

    # Opening and making

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        if self._choosing:
            self._record_here(message.id)
        else:
            self.app.open_screen("record_view", f"{self._kind.name}:{message.id}", then=self._again)

    def _made(self, record_id: str | None) -> None:
        self.listing.reload(at=record_id or "")  # what was just recorded is what Enter opens

    def _again(self, _: object = None) -> None:
        self.listing.reload()

    @writing
    @in_background
    async def _record_here(self, record_id: str) -> None:
        await self.kit_work(lambda kit: kit.settings.put(EVENT, record_id), "choosing the event", saving=True)
        self.dismiss(record_id)

    def command_look(self) -> None:
        """Open the event under the cursor."""
        if (row := self.listing.current) is not None:
            self.app.open_screen("record_view", f"{self._kind.name}:{row.id}", then=self._again)

    def command_new(self) -> None:
        """Record a new one."""
        self.app.open_screen("entry", self._kind.name, presets=self._presets, then=self._made)

    def command_names(self) -> None:
        """The names that feedback uses for providers."""
        self.app.open_screen("provider_names", then=self._again)

    # Deleting, and restoring what was deleted

    @writing
    @in_background
    async def command_delete(self) -> None:
        """Delete the record under the cursor, after asking."""
        row = self.listing.current
        if row is None:
            return
        kind = self._kind.name
        label = await self.kit_work(
            lambda kit: line_of(kit, kit.get(row.id, kind), kit.terms()), "reading the record"
        )
        asked = Confirm(
            f"Delete this {self._kind.title.lower()}?",
            f"{label}\n\n" + with_keys("It can be restored with {list[undo]} here."),
            yes="delete",
            no="keep",
            careful=True,
        )
        if not await self.app.push_screen_wait(asked):
            return
        await self.kit_work(lambda kit: kit.delete(row.id, kind), "deleting", saving=True)
        self._deleted.append((row.id, label))
        self.refresh_bindings()
        self.show_notice(ended(f"Deleted: {label}") + with_keys(" Press {list[undo]} to restore it."))
        self._again()

    @writing
    @in_background
    async def command_undo(self) -> None:
        """Restore what was deleted last."""
        if not self._deleted:
            return
        deleted = self._deleted.pop()
        (record_id, label), kind = deleted, self._kind.name
        try:
            await self.kit_work(lambda kit: kit.restore(record_id, kind), "restoring it", saving=True)
        except FieldkitError:
            self._deleted.append(deleted)
            raise
        self.refresh_bindings()
        self.show_notice(ended(f"Restored: {label}"))
        self._again()

    # Filtering

    def command_filter(self) -> None:
        """Show the line for the words to filter by."""
        self.add_class("-filtering")
        self.query_one(FilterLine).focus()

    def on_input_changed(self) -> None:
        # The list reads one view at a time, the latest last.
        self._filter()

    def _filter(self) -> None:
        text = self.query_one(FilterLine).value.strip()
        if text != self._text:
            self._text = text
            self.show_view()

    def action_to_list(self) -> None:
        """Leave the filter as it is and go to the list."""
        self._filter()
        self.listing.focus()

    def action_end_filter(self) -> None:
        """Remove the filter."""
        self.query_one(FilterLine).value = ""
        self._filter()
        self.remove_class("-filtering")
        self.listing.focus()

    def explains(self, command: str) -> bool:
        match command:
            case "look" | "record-here":
                return self._choosing
            case "open":
                return not self._choosing
            case "names":
                return self._kind.name == "provider"
            case "new" | "delete":
                return form_makes(self._kind)
            case "table":
                return self._kind.shared
        return super().explains(command)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "end_filter":
            return bool(self._text)
        if action == "command":
            has_rows = self.is_mounted and self.listing.count > 0
            if parameters[0] == "undo":
                return bool(self._deleted)
            if parameters[0] == "names":
                return self._kind.name == "provider"
            if parameters[0] == "new":
                return form_makes(self._kind)
            if parameters[0] == "delete":
                return has_rows and form_makes(self._kind)
            if parameters[0] == "filter":
                return (has_rows or bool(self._text)) and not isinstance(self.focused, FilterLine)
            if parameters[0] == "back":
                return not self._text
            if parameters[0] == "look":
                return self._choosing and has_rows
        return super().check_action(action, parameters)
