"""Merging files: choose them, see what they would change, then merge; unknown laptops are trusted here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import MERGE
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.exchange.merge_report import (
    confirms,
    done_sentence,
    preview_sentence,
    together,
    unknown_sentence,
    untrusted_sentence,
)
from fieldkit.presentation.exchange.new_receipts import news_since
from fieldkit.presentation.opening import identity_of
from fieldkit.presentation.people.look_alike_search import after_merge
from fieldkit.presentation.people.person_joins import erasures_waiting
from fieldkit.removable_media import example_of_path
from fieldkit.screens.base.places import ask_path
from fieldkit.screens.base.work_screen import Working, WorkScreen, one_at_a_time
from fieldkit.screens.exchange.file_list import FileList
from fieldkit.screens.exchange.laptop_trust import trust_laptop
from fieldkit.screens.exchange.merge_figures import MergeFigures
from fieldkit.screens.exchange.merge_files import (
    CHOICES,
    FILES,
    Choice,
    Seen,
    choice_row,
    choices,
    detail_of,
    file_row,
    label_of,
    look,
    merged_sentence,
    note_copies,
    seen,
)
from fieldkit.store.kit import Kit, Progress
from fieldkit.store.local.known_settings import MERGE_FOLDER
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.merge.report import MergedFile, MergeReport
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.copies import copies
from fieldkit.sync.receipts.receipt_file import write_receipt
from fieldkit.sync.receipts.receipts import receipts
from fieldkit.widgets.plain import Hanging, plain
from fieldkit.widgets.sources import Column, ListSource, Row

Stage = Literal["choose", "preview", "done"]

_NOTHING = with_keys(
    "No bundles were found on a stick, in the folder used last or in Downloads. Put the stick in and "
    "press {merge[again]}, or press {merge[other]} to type where they are."
)


class MergeScreen(WorkScreen):
    """With `paths` it goes straight to the preview of these files."""

    CSS_PATH = "merge_screen.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]
    COMMANDS_FOR = MERGE
    PAGE_TITLE = "Merge files"
    HELP = (
        "Nothing is stored before you have seen what would change. Merging a file again does no harm. What "
        "can't be accepted is quarantined with its reason; it never stops the other files."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(MERGE)

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        super().__init__()
        self._paths = list(paths)
        self.stage: Stage = "choose"
        self._rows: list[Choice] = []
        self._seen: list[Seen] = []
        self._coordinating = False
        self._report: MergeReport | None = None
        self._before: list[MergedFile] = []

    def body(self) -> ComposeResult:
        yield Static(id="head")
        yield FileList(CHOICES, ListSource(), empty="Looking …", id="files")
        yield Static(id="detail")
        yield Working()

    def on_mount(self) -> None:
        self.query_one(FileList).focus()
        self.start(self._preview if self._paths else self._look_around)

    # Choosing

    async def _look_around(self) -> None:
        kit, me = self.kit, self.me

        def read() -> tuple[list[Choice], bool, int]:
            coordinating = Roster(kit, me).coordinating
            return choices(kit.settings.get(MERGE_FOLDER), me), coordinating, kit.clock()

        self._turn("choose")
        self._head(
            "Choose what to merge; you will see what it changes before anything is stored. "
            "Press {merge[again]} to look at the sticks again."
        )
        offered, self._coordinating, now = await self.look_around(read, lambda: self.stage == "choose")
        if self.stage != "choose":
            return  # a path was typed meanwhile
        self._rows = offered
        rows = [choice_row(number, choice, now) for number, choice in enumerate(self._rows)]
        self._list(CHOICES, rows, _NOTHING)

    def command_again(self) -> None:
        """Search the places again."""
        self.start(self._look_around)

    @one_at_a_time
    async def command_other(self) -> None:
        """Type a path."""
        text = (
            f"A bundle, a network file, or a folder of them: for example {example_of_path()} or ~/Downloads."
        )
        path = await ask_path(self.app, "Which file or folder?", lambda path: files_in([path]), text)
        if path is not None:
            self._paths = [path]
            await self._preview()

    # Preview

    async def _preview(self, at: str = "") -> None:
        """Show what would change, with the cursor on the file whose path is `at`, if it is among them."""
        kit, me, paths = self.kit, self.me, tuple(self._paths)

        def read(on_progress: Progress) -> tuple[MergeReport, list[Seen], bool]:
            report, seen = look(kit, me, paths, on_progress)
            return report, seen, Roster(kit, me).coordinating

        report, self._seen, self._coordinating = await self.do("looking into the files", read)
        self._report = together(report, self._before)
        self._seen = self._with_those_before(self._seen)
        self._turn("preview")
        unknown = [file for file in self._seen if file.fingerprint]
        only = len(unknown) == len(self._seen) > 0
        self._head(
            unknown_sentence(len(unknown), self._coordinating)
            if only
            else preview_sentence(report, self._before) + untrusted_sentence(len(unknown), self._coordinating)
        )
        self._show_files(at)

    def _with_those_before(self, seen: list[Seen]) -> list[Seen]:
        """The files, including those merged when a laptop was trusted, each once."""
        kept = together(self._report, self._before).files if self._report else []
        return [
            *(Seen(file, before=True) for file in self._before),
            *(file for file in seen if file.file in kept),
        ]

    def _show_files(self, at: str = "") -> None:
        rows = [file_row(number, file, self.stage == "done") for number, file in enumerate(self._seen)]
        at_row = next(
            (row.id for row, file in zip(rows, self._seen, strict=True) if file.file.path == at), ""
        )
        self._list(FILES, rows, "No files.", at=at_row)
        self._detail()

    # Merging

    async def _merge(self) -> None:
        kit, me, paths = self.kit, self.me, tuple(self._paths)

        def work(on_progress: Progress) -> tuple[MergeReport, list[Seen], Identity | None, str]:
            before, known = receipts(kit), copies(kit)
            report = merge(kit, me, files_in(paths), on_progress=on_progress)
            now = kit.clock()
            receipts_said = {
                receipt_news.coordinator: "\n".join(
                    receipt_news.lines(now, with_keys("{sync[export-file]} on “send and receive”"))
                )
                for receipt_news in news_since(kit, me, before)
            }
            self._remember(kit)
            files = [seen(file) for file in report.files]
            for file in files:
                file.receipt = receipts_said.get(file.file.device, "") * file.is_receipt
            note_copies(kit, me, files, known)
            if alike := after_merge(kit, me, report):
                alike = with_keys(f" {alike} Compare them from home: {{home[look-alikes]}}.")
            if waiting := erasures_waiting(kit, me):
                alike += f" {waiting}"
            return report, files, identity_of(kit), alike

        report, self._seen, self.app.me, alike = await self.do("merging", work, saving=True)
        self._report = report = together(report, self._before)
        self._seen = self._with_those_before(self._seen)
        self._turn("done")
        merged = merged_sentence(self._seen, report)
        self._head(f"{merged}{done_sentence(report, self._coordinating)}{alike}")
        self._show_files()

    async def _trust(self) -> None:
        seen = self._under_cursor()
        if seen is None or not seen.fingerprint:
            return
        # Files in this preview are counted again and stored by Enter; files quarantined earlier are merged at once.
        came = await trust_laptop(
            self, seen.key, file=label_of(seen.file.name, is_known=bool(seen.file.device))
        )
        if came is not None:
            self._before += came.files
            await self._preview(at=seen.file.path)

    def _remember(self, kit: Kit) -> None:
        """Store the folder that the files came from, to offer it first next time. Call it in a thread."""
        first = self._paths[0]
        kit.settings.put(MERGE_FOLDER, str(first if first.is_dir() else first.parent))

    # Keys

    def offers(self, what: str) -> bool:
        """Whether Enter can `look`, `merge`, `quarantine` or be `done` now."""
        if self.busy:
            return False
        if what == "look":
            return self.stage == "choose" and bool(self._rows)
        statuses = {file.file.status for file in self._seen if not file.before} - {
            "nothing new",
            "not for this laptop",
            "left where it is",
        }
        if what == "merge":
            return self.stage == "preview" and bool(statuses - {"quarantined"})
        if what == "quarantine":
            return self.stage == "preview" and statuses == {"quarantined"}
        return self.stage == "done" or (self.stage == "preview" and not statuses)

    def go(self, what: str) -> None:
        """What Enter does."""
        if what in {"merge", "quarantine"}:
            self.start(self._merge)
        elif what == "done":
            self.dismiss()
        elif (row := self.query_one(FileList).current) is not None:
            self._paths = list(self._rows[int(row.id)].paths)
            self.start(self._preview)

    def command_trust(self) -> None:
        """Trust the laptop that the file under the cursor comes from."""
        self.start(self._trust)

    def command_conflicts(self) -> None:
        """Look at the conflicts."""
        self.app.open_screen("conflicts")

    def command_figures(self) -> None:
        """Show the figures by kind and by laptop."""
        if self._report is not None:
            title = "What would change" if self._report.dry_run else "What was merged"
            self.app.push_screen(MergeFigures(title, self._report))

    @one_at_a_time
    async def command_receipt(self) -> None:
        """Write a receipt to the place that the files came from."""
        kit, me, first = self.kit, self.me, self._paths[0]
        folder = first if first.is_dir() else first.parent
        path = await self.do("writing the receipt", lambda _: write_receipt(kit, me, folder))
        self.show_notice(f"Receipt written to {path}. Each laptop merges it like any file.")

    def command_back(self) -> None:
        """From the preview return to the choice; from other stages leave."""
        if not self.busy and self.stage == "preview":
            self.start(self._look_around)
        else:
            super().command_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command":
            if parameters[0] == "trust":
                seen = self._under_cursor()
                return self._coordinating and seen is not None and bool(seen.fingerprint)
            if parameters[0] in {"other", "again"}:
                return self.stage == "choose"
            if parameters[0] == "figures":
                return self.stage != "choose" and self._report is not None
            if parameters[0] == "receipt":
                report = self._report
                return self.stage == "done" and self._coordinating and report is not None and confirms(report)
            if parameters[0] == "conflicts":
                return any(
                    file.file.new_conflicts for file in self._seen if file.before or self.stage == "done"
                )
        return super().check_action(action, parameters)

    def on_listing_moved(self) -> None:
        self._detail()
        self.refresh_bindings()

    # Showing

    def _turn(self, stage: Stage) -> None:
        if stage != self.stage:
            self.clear_notice()  # it was about the stage before
        self.stage = stage
        if stage == "choose":
            self._seen, self._before = [], []
        self.page_title = {"choose": "Merge files", "preview": "What would change", "done": "Merged"}[stage]
        self._detail()
        self.refresh_bindings()

    def _head(self, sentence: str) -> None:
        self.query_one("#head", Static).update(plain(with_keys(sentence)))

    def _list(self, columns: Sequence[Column], rows: Sequence[Row], empty: str, *, at: str = "") -> None:
        files = self.query_one(FileList)
        files.columns = tuple(columns)
        files.show(ListSource(rows), empty=empty, at=at)
        self.refresh_bindings()

    def _under_cursor(self) -> Seen | None:
        if self.stage == "choose" or not self.is_mounted:
            return None
        row = self.query_one(FileList).current
        return self._seen[int(row.id)] if row is not None and int(row.id) < len(self._seen) else None

    def _detail(self) -> None:
        seen = self._under_cursor()
        self.query_one("#detail", Static).update(
            Hanging(detail_of(seen, self._coordinating) if seen else Content(""))
        )
