"""Finding any record by words in it, as they are typed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Input, Static

from fieldkit.commands.command import FIND
from fieldkit.commands.table import bindings_for
from fieldkit.presentation.lists.record_search import (
    A_KIND,
    IN_VIEW,
    RecordMatch,
    RecordMatches,
    search_records,
)
from fieldkit.presentation.wording import counted
from fieldkit.screens.base.screen import BaseScreen, beside_keys, in_background
from fieldkit.widgets.inputs import PlainInput
from fieldkit.widgets.listing import NO_SUCH_WORDS, Listing
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, ListSource, Row

SLOW = 0.3
"""Seconds after which a running search says so."""

_FOR_MATCHES = frozenset({"enter", "up", "down", "pageup", "pagedown"})
_BESIDE = 37
"""Cells of a row beside a record's line, at most."""
_COLUMNS = (
    Column("kind", "What", 0, 18),
    Column("line", "Record", 1, 32),
    Column("when", "Changed", 0, 11, optional=True),
)


class FindScreen(BaseScreen):
    """An input, and the matches below it. The arrows move in the list, whatever has the focus."""

    CSS_PATH = "find_screen.tcss"
    COMMANDS_FOR = FIND
    PAGE_TITLE = "Find anything"
    HELP = (
        "Type a few words, or parts of words: every record with all of them is listed, whatever its kind. Worries "
        "and private notes are not searched."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(FIND),
        Binding("enter", "open", "open"),
        Binding("up", "move(-1)", "move", key_display="↑↓"),
        Binding("down", "move(1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._timer: Timer | None = None
        self._wanted = ""
        self._searching = False
        self._listed: str | None = None
        """The words whose matches are in view, None while they may have changed."""
        self._first_shown = ""
        """The words whose first matches are in view while their search continues."""
        self._whole: dict[str, str] = {}
        """What the rows name, by their ids, whole."""

    def body(self) -> ComposeResult:
        with Vertical(id="line"):
            yield PlainInput(placeholder="words to find", compact=True, select_on_focus=False, id="search")
        yield Static(id="sentence")
        yield Results(_COLUMNS, ListSource(), empty="", id="results")
        yield Static(id="whole")

    def on_mount(self) -> None:
        self.query_one("#search").focus()

    def on_screen_resume(self) -> None:
        self._listed = None
        self._search()  # what was opened may have been changed

    def waits_with(self, key: str) -> bool:
        """Whether the key is for matches that are not in view yet."""
        return key in _FOR_MATCHES and self._listed != self._wanted

    def on_input_changed(self, message: Input.Changed) -> None:
        self._wanted = message.value
        self.call_after_refresh(self._search)  # the letter is drawn before a search takes the processor

    def _search(self) -> None:
        # One search at a time, the latest words last, so that results stay in order; an earlier search is cancelled.
        if self._searching:
            return
        self._searching, self._first_shown, typed = True, "", self._wanted
        if typed.strip() and self._timer is None:
            self._timer = self.set_timer(SLOW, self._say_slow)
        self._find(typed)

    @in_background
    @beside_keys
    async def _find(self, typed: str) -> None:
        begun = False

        def go_on(matches: RecordMatches) -> bool:
            nonlocal begun
            if self._wanted != typed:
                return False
            if matches.records and not begun:
                begun = True
                self.call_later(self._show_first, typed, list(matches.records))
            return True

        try:
            in_view = max(IN_VIEW, self.size.width - _BESIDE)
            self._show(
                await self.kit_work(
                    lambda kit: search_records(kit, typed, in_view=in_view, go_on=go_on), "finding records"
                )
            )
        except BaseException:  # a cancelled search, too, must not stop the next one from starting
            self._end_search()
            self._listed = self._wanted
            raise

    def _end_search(self) -> None:
        self._searching = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _show(self, matches: RecordMatches) -> None:
        if matches.typed != self._wanted:
            self._searching = False
            self._search()
            return
        self._end_search()
        typed = bool(matches.typed.strip())
        rows = self._list(matches.records, keep_cursor=bool(typed and self._first_shown == matches.typed))
        records = counted(len(rows), "record")
        shown = f"{records}, at most {A_KIND} of a kind. Type another word." if matches.has_more else records
        self._show_state(shown if typed and rows else "")
        self.refresh_bindings()

    def _show_first(self, typed: str, records: list[RecordMatch]) -> None:
        """Show the first matches while the search continues."""
        if self._searching and typed == self._wanted and self.is_attached:
            self._first_shown = typed
            self._list(records)

    def _list(self, records: list[RecordMatch], *, keep_cursor: bool = False) -> list[Row]:
        self._listed = self._wanted
        rows = [
            Row(each.name, (each.kind_title, each.line, each.changed), "!" if each.in_conflict else "")
            for each in records
        ]
        self._whole = {each.name: each.whole for each in records}
        self.query_one(Results).show(
            ListSource(rows),
            empty=NO_SUCH_WORDS if self._wanted.strip() else "",
            keep_cursor=keep_cursor,
        )
        self._show_whole()  # a list without rows reports no move
        return rows

    def on_listing_moved(self) -> None:
        self._show_whole()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_whole)

    def _show_whole(self) -> None:
        """Show below the list what the row under the cursor names, if its line is cut."""
        results, below = self.query_one(Results), self.query_one("#whole", Static)
        row = results.current
        below.display = row is not None and results.is_cut
        below.update(plain(self._whole.get(row.id, "") if row is not None else ""))

    def _say_slow(self) -> None:
        if self._searching:  # a stopped timer may still have called, behind the matches
            self._show_state("Looking …")

    def _show_state(self, sentence: str) -> None:
        self.query_one("#sentence", Static).update(plain(sentence))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"open", "move"}:
            return self.is_mounted and self.query_one(Results).count > 0
        return super().check_action(action, parameters)

    def action_move(self, by: int) -> None:
        self.query_one(Results).cursor += by

    def action_open(self) -> None:
        if (row := self.query_one(Results).current) is not None:
            self.app.open_screen("record_view", row.id)

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.app.open_screen("record_view", message.id)


class Results(Listing, can_focus=False):
    """The matches. The focus stays in the input; a click still works."""
