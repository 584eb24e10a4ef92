"""A pack of evidence, step by step: its audience, what is hidden and missing, where to write it, where it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from fieldkit.commands.command import PACK
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.insight.disclosure.thresholds import PRESETS, TEN
from fieldkit.paths import unused_path
from fieldkit.presentation.cycle.releases import demand_coordinator
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.pack.audiences import AUDIENCES, Audience
from fieldkit.presentation.pack.evidence_pack import Pack, prepare, write
from fieldkit.presentation.pack.pack_report_lines import (
    FROZEN,
    NOT_ENCRYPTED,
    folder_name,
    report_head,
    report_lines,
)
from fieldkit.screens.base.places import places
from fieldkit.screens.base.screen import in_thread
from fieldkit.screens.base.work_screen import StageList, Working, WorkScreen, one_at_a_time
from fieldkit.store.kit import Progress
from fieldkit.store.local.known_settings import EVIDENCE_FOLDER
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, ListSource, Row

_AUDIENCES = (
    Column("key", "Key", 0, 3, "right"),
    Column("audience", "Audience", 3, 32),
    Column("addressee", "Addressed to", 3, 30),
)
_REPORT = (Column("what", "What", 0, 8), Column("line", "Which, and why", 1, 40))
_FILES = (Column("file", "File", 2, 14), Column("what", "What it is", 4, 24))
_WHAT = (
    ("pack.html", "the pack: open it in a browser, or print it"),
    ("pack.docx", "the same, to be edited in Word"),
    ("pack.md", "the same as plain text"),
    ("tables.xlsx", "its tables as a workbook"),
    ("csv", "its tables as plain files, with their dictionary"),
    ("manifest.json", "what it was made from; “fieldkit evidence --verify” reads it"),
)
Step = Literal["audience", "report", "written"]


class PackSteps(StageList):
    """The audiences, what is hidden, or the files of a step, with what Enter does there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go('on')", "go on"),
        Binding("enter", "go('write')", "write it"),
        Binding("enter", "go('done')", "done"),
    ]


class PackScreen(WorkScreen):
    """Writes a pack of the cycle with the id `cycle`. The demonstration writes it at once, to a folder of its own."""

    CSS_PATH = "pack_screen.tcss"
    COMMANDS_FOR = PACK
    HELP = (
        "First choose whom the pack is for. Then look at what is hidden, why, and what is missing: only you see "
        f"this, the pack shows stars. Nothing is written before you chose a place. {NOT_ENCRYPTED} {FROZEN}"
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(PACK)

    def __init__(self, cycle: str) -> None:
        super().__init__()
        self.cycle = cycle
        self.step: Step = "audience"
        self._preset = TEN
        self._addressee = ""
        self._pack: Pack | None = None
        self._title = ""

    def body(self) -> ComposeResult:
        yield Static(id="head")
        yield PackSteps(_AUDIENCES, ListSource(), empty="Nothing to look at.", id="list")
        yield Static(id="note")
        yield Working()

    def on_mount(self) -> None:
        self.query_one(PackSteps).focus()
        self._audiences()
        self.start(self._begin)

    async def _begin(self) -> None:
        kit, me, cycle = self.kit, self.me, self.cycle

        def look() -> str:
            demand_coordinator(kit, me)
            return str(kit.get(cycle, "cycle").values.get("title") or "")

        self._title = await in_thread(look)
        if self.app.demo:
            await self._prepare(next(each for each in AUDIENCES if each.short == "board"))
            await self._write(await in_thread(_own_folder))

    # Whom it is for

    def _audiences(self) -> None:
        self.step, self._pack = "audience", None
        self.page_title = "Evidence pack"
        rows = [
            Row(
                str(at),
                (
                    str(at + 1),
                    audience.title.removeprefix("For ").removeprefix("the "),
                    self._addressee or audience.addressee,
                ),
            )
            for at, audience in enumerate(AUDIENCES)
        ]
        # In a small window the list has no room for the addressee.
        addressed = f"Addressed to: {self._addressee}\n" if self._addressee else ""
        self._show("Whom is it for?", _AUDIENCES, rows, f"{addressed}Small numbers: {self._preset.title}.")

    def command_preset(self) -> None:
        """Choose how small numbers are hidden."""
        offered = [preset for preset in PRESETS.values() if preset.offered]

        def chosen(code: str | None) -> None:
            if code is not None:
                self._preset = PRESETS[code]
                self._audiences()

        options = [Option(preset.name, preset.title) for preset in offered]
        start = offered.index(self._preset)
        self.app.push_screen(Choose("How are small numbers hidden?", options, start=start), chosen)

    def command_addressee(self) -> None:
        """Set the addressee."""

        def given(name: str | None) -> None:
            if name is not None:
                self._addressee = name.strip()
                self._audiences()

        text = "Bodies are renamed: write what it is called now. Empty: as the audience says."
        self.app.push_screen(AskLine("Addressed to", text, value=self._addressee, may_be_empty=True), given)

    async def _prepare(self, audience: Audience) -> None:
        kit, cycle, preset, addressee = self.kit, self.cycle, self._preset, self._addressee

        def work(on_progress: Progress) -> Pack:
            return prepare(kit, cycle, audience, preset, addressee=addressee, on_progress=on_progress)

        self._pack = await self.do("preparing the pack", work)
        self._report(self._pack)

    # What is hidden and missing

    def _report(self, pack: Pack) -> None:
        self.step = "report"
        self.short_title = "Evidence pack"
        self.page_title = f"Evidence pack · {pack.audience.title[:1].lower()}{pack.audience.title[1:]}"
        rows = [
            Row(
                str(at),
                (line.what, ": ".join(filter(None, (line.where, line.sentence)))),
                "!" if line.what in {"missing", "words", "look"} else "",
            )
            for at, line in enumerate(report_lines(pack))
        ]
        head = f"{report_head(pack)}\nEnter chooses a place and writes it. Only you see this page: the pack shows stars."
        self._show(head, _REPORT, rows, f"{NOT_ENCRYPTED} {FROZEN}")

    @one_at_a_time
    async def _ask_and_write(self) -> None:
        folder = await self.ask_where(
            "Where should the pack go?", EVIDENCE_FOLDER, NOT_ENCRYPTED, travels=False
        )
        if folder is not None:
            await self._write(folder)

    async def _write(self, place: Path) -> None:
        kit, pack = self.kit, self._pack
        assert pack is not None
        target = await in_thread(
            lambda: unused_path(place, folder_name(pack.audience.short, self._title, date.today()), "")
        )

        def work(on_progress: Progress) -> None:
            write(kit, pack, target)
            kit.settings.put(EVIDENCE_FOLDER, str(place))

        await self.do("writing the pack", work, saving=True)
        self._written(pack, target)

    # Where it is

    def _written(self, pack: Pack, folder: Path) -> None:
        self.step = "written"
        self.page_title = "Evidence pack · written"
        there = {name.partition("/")[0] for name in pack.files}
        rows = [Row(name, (name, what)) for name, what in _WHAT if name in there]
        head = f"Open pack.html in a browser. {report_head(pack)}\nWritten to {folder}"
        self._show(head, _FILES, rows, NOT_ENCRYPTED)

    # Keys

    def offers(self, what: str) -> bool:
        """Whether this is what Enter does at this step."""
        return not self.busy and what == {"report": "write", "written": "done"}.get(self.step, "on")

    def go(self, what: str) -> None:
        """What Enter does."""
        if what == "write":
            self._ask_and_write()
        elif what == "done":
            self.dismiss()
        elif (row := self.query_one(PackSteps).current) is not None:
            audience = AUDIENCES[int(row.id)]
            self.start(lambda: self._prepare(audience))

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """A click on the row under the cursor does what Enter does."""
        for what in ("on", "write", "done"):
            if self.offers(what):
                self.go(what)
                return

    def command_full(self) -> None:
        """The line under the cursor, in full."""
        row = self.query_one(PackSteps).current
        if row is not None:
            text = "\n".join(cell for cell in row.cells if cell)
            self.app.push_screen(Message("In full", plain(text)))

    def command_back(self) -> None:
        """Stop, or go back a step."""
        if not self.busy and self.step == "report":
            self._audiences()
        else:
            super().command_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"preset", "addressee"}:
            return self.step == "audience" and not self.busy
        if action == "command" and parameters[0] == "full":
            return self.step == "report" and self.query_one(PackSteps).current is not None
        return super().check_action(action, parameters)

    def _show(self, head: str, columns: tuple[Column, ...], rows: list[Row], note: str) -> None:
        self.query_one("#head", Static).update(plain(with_keys(head)))
        self.query_one("#note", Static).update(plain(note))
        listing = self.query_one(PackSteps)
        listing.columns = columns
        listing.show(ListSource(rows), empty="Nothing to look at: nothing is hidden, and nothing is missing.")
        self.refresh_bindings()


def _own_folder() -> Path:
    """The person's downloads, otherwise their own folder: no stick is written to without asking."""
    offered = [place.path for place in places() if not place.what.startswith("stick")]
    return offered[0] if offered else Path.home()
