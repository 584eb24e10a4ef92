"""Send and receive: what is in no bundle yet, what was sent, what needs attention, and this laptop's identity."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from fieldkit.commands.command import SYNC
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.exchange.written_bundles import changes_in, readers_lines
from fieldkit.presentation.wording import size_of, when
from fieldkit.screens.base.places import where_it_lies
from fieldkit.screens.base.screen import in_thread, latest_only
from fieldkit.screens.base.work_screen import QuietList, Working, WorkScreen, one_at_a_time
from fieldkit.screens.exchange.sync_panel import (
    State,
    lost_text,
    revoked_text,
    spoken_fingerprint,
    state_of,
    this_laptop,
    todo,
)
from fieldkit.store.journal.sync_log import Sent
from fieldkit.store.kit import Progress
from fieldkit.store.local.known_settings import EXPORT_FOLDER
from fieldkit.sync.export.export import Exported, export, invite
from fieldkit.sync.export.unpublished import note_written
from fieldkit.sync.peers.own_status import is_revoked
from fieldkit.sync.receipts.receipt_file import write_receipt
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.plain import Hanging
from fieldkit.widgets.sources import Column, ListSource, Row

_COLUMNS = (
    Column("number", "Bundle", 0, 6, "right"),
    Column("when", "Made", 0, 11),
    Column("ops", "Changes", 0, 8, "right"),
    Column("name", "File", 1, 20, path=True),
)


class SyncScreen(WorkScreen):
    """Bundles out and in. With `export_now` it asks at once where to write one, and then goes back."""

    CSS_PATH = "sync.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]
    COMMANDS_FOR = SYNC
    PAGE_TITLE = "Send and receive"
    HELP = (
        "A bundle is one file with everything that the coordinator has not confirmed. Carry it by stick, "
        "e-mail or shared folder: only the coordinator can read it. Writing one again does no harm, and a "
        "lost one costs nothing.\n\nWhen you send your first bundle, the coordinator asks for this laptop's "
        "six words: read them out."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(SYNC)

    def __init__(self, export_now: bool = False) -> None:
        super().__init__()
        self._export_now = export_now
        self._state: State | None = None

    def body(self) -> ComposeResult:
        yield Static(id="warning")
        with Horizontal(id="facts"):
            yield Static(id="todo")
            yield Static(id="self")
        yield Static("BUNDLES MADE HERE", id="made", classes="caption")
        yield QuietList(
            _COLUMNS, empty=with_keys("None yet. Press {sync[export-file]} to write the first."), id="sent"
        )
        yield Working()

    def on_mount(self) -> None:
        self.query_one(QuietList).focus()
        self.read_again()
        if self._export_now:
            self.command_export_file()

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        me = self.me
        state = await self.kit_work(lambda kit: state_of(kit, me), "reading what was sent")
        first = self._state is None or self._state.sent != state.sent
        self._state = state
        if first:
            self.query_one(QuietList).show(
                ListSource([_row(bundle, state.now) for bundle in state.sent]), keep_cursor=True
            )
        self._draw()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if (state := self._state) is None or not self.is_attached:
            return
        warning = self.query_one("#warning", Static)
        warning.display = state.revoked or state.lost
        if warning.display:
            warning.update(Hanging(revoked_text() if state.revoked else lost_text()))
        left, right = self.query_one("#todo", Static), self.query_one("#self", Static)
        left.update(todo(state, max(20, left.size.width)))
        right.update(this_laptop(self.me, state, max(20, right.size.width)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"invite", "receipt"}:
            return self._state is not None and self._state.coordinating
        return super().check_action(action, parameters)

    # Commands

    @one_at_a_time
    async def command_export_file(self) -> None:
        """Write a bundle for the coordinator."""
        kit, me = self.kit, self.me
        folder = await self.ask_where("Where should the bundle go?", EXPORT_FOLDER)
        if folder is None:
            if self._export_now:
                self.dismiss()
            return

        def work(on_progress: Progress) -> list[Exported]:
            written = export(kit, me, folder, on_progress=on_progress)
            if folder.is_dir():
                kit.settings.put(EXPORT_FOLDER, str(folder))
            return written

        bundles = await self.do("packing", work)
        revoked = await in_thread(lambda: is_revoked(kit, me))
        lies = await in_thread(lambda: where_it_lies(folder))
        if self._export_now and not revoked and not readers_lines(bundles):
            self.app.notice(" ".join(map(_written, bundles)) + lies)
            self.dismiss()
            return
        for bundle in bundles:
            self.show_notice(_written(bundle) + lies)
        for sentence in readers_lines(bundles):
            self.show_notice(sentence, "warning")
        self.read_again()
        if revoked:
            self.app.push_screen(Message("This laptop was revoked", revoked_text()))

    @one_at_a_time
    async def command_invite(self) -> None:
        """Write the network's file."""
        kit, me = self.kit, self.me
        folder = await self.ask_where("Where should the network file go?", EXPORT_FOLDER)
        if folder is None:
            return

        def work(on_progress: Progress) -> str:
            held = kit.ledger.origins()
            path = invite(kit, me, folder)
            note_written(kit, held)
            return str(path)

        path = await self.do("writing the network file", work)
        lies = await in_thread(lambda: where_it_lies(folder))
        self.show_notice(
            f"Network file written to {path}.{lies} New laptops join with it; the others merge it to be up to date."
        )
        self.read_again()

    @one_at_a_time
    async def command_receipt(self) -> None:
        """Write a receipt."""
        kit, me = self.kit, self.me
        folder = await self.ask_where("Where should the receipt go?", EXPORT_FOLDER)
        if folder is None:
            return

        path = await self.do("writing the receipt", lambda _: write_receipt(kit, me, folder))
        lies = await in_thread(lambda: where_it_lies(folder))
        self.show_notice(f"Receipt written to {path}.{lies} Each laptop merges it like any file.")

    def command_merge(self) -> None:
        """Merge files."""
        self.app.open_screen("merge")

    def command_conflicts(self) -> None:
        """Conflicts."""
        self.app.open_screen("conflicts")

    def command_quarantine(self) -> None:
        """Files in quarantine."""
        self.app.open_screen("quarantine")

    def command_laptops(self) -> None:
        """The roster."""
        self.app.open_screen("people_trust")

    def command_words(self) -> None:
        """This laptop's six words, one a line."""
        key = self.me.key.public
        self.app.push_screen(
            Message("The six words of this laptop", spoken_fingerprint(key.six_words, key.fingerprint))
        )


def _written(bundle: Exported) -> str:
    return f"Bundle {bundle.number} written: {changes_in(bundle)}, {size_of(bundle.size)}, to {bundle.path}."


def _row(bundle: Sent, now: int) -> Row:
    return Row(
        str(bundle.number), (str(bundle.number), when(bundle.made, now), f"{bundle.ops:,}", bundle.name)
    )
