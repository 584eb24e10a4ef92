"""What the records say at a glance: ratings, themes, attendance, mentoring, and who spoke."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import SUMMARY
from fieldkit.commands.table import bindings_for
from fieldkit.insight.summary_model import Summary
from fieldkit.insight.table_files import write
from fieldkit.presentation.summary_texts import read_summary
from fieldkit.presentation.wording import counted
from fieldkit.screens.base.places import ask_workbook
from fieldkit.screens.base.work_screen import Working, WorkScreen, one_at_a_time
from fieldkit.screens.summary import summary_pages as pages
from fieldkit.store.kit import Progress
from fieldkit.store.local.known_settings import TABLES_FOLDER
from fieldkit.widgets.plain import Hanging


class SummaryScreen(WorkScreen):
    """The summary, one section at a time."""

    CSS_PATH = "summary_screen.tcss"
    COMMANDS_FOR = SUMMARY
    PAGE_TITLE = "Summary"
    HELP = (
        "Everything that this laptop holds, deleted records left out. Ratings and themes count people: several "
        "comments with one respondent ID are one person's. Good means very good or good, poor means poor or very "
        "poor, of all six answers. Section 6 says what these figures leave out. Small numbers can point to one "
        "person: don't publish them without protection."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(SUMMARY),
        Binding("1", "section(0)", "section", key_display="1-6"),
        *(
            Binding(str(number + 1), f"section({number})", show=False)
            for number in range(1, len(pages.SECTIONS))
        ),
        Binding("tab", "turn(1)", "next", show=False),
        Binding("shift+tab", "turn(-1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._summary: Summary | None = None
        self._at = 0

    def body(self) -> ComposeResult:
        yield Static(id="sections")
        yield Static(id="caveat")
        with VerticalScroll(id="page", can_focus=True):
            yield Static(id="section")
        yield Working()

    def on_mount(self) -> None:
        self.query_one("#page").focus()
        self.start(self._count)

    async def _count(self) -> None:
        kit = self.kit

        def work(on_progress: Progress) -> Summary:
            return read_summary(kit, on_progress)

        self._draw()
        self._summary = await self.do("counting", work)
        self.page_title = f"Summary · {pages.period(self._summary)}"
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        width = max(40, self.size.width - 5)
        self.query_one("#sections", Static).update(pages.sections(self._at, width))
        caveat = self.query_one("#caveat", Static)
        warning = pages.warning(self._at, self._summary) if self._summary else ""
        caveat.display = bool(warning)
        caveat.update(Hanging(Content.assemble(("! ", "bold $warning"), warning)))
        page = pages.page(self._at, self._summary, width) if self._summary else Content("")
        self.query_one("#section", Static).update(page)

    def on_resize(self) -> None:
        self._draw()

    # Keys

    def action_section(self, number: int) -> None:
        self._at = number
        self._draw()
        self.query_one("#page", VerticalScroll).scroll_home(animate=False)

    def action_turn(self, by: int) -> None:
        self.action_section((self._at + by) % len(pages.SECTIONS))

    def command_again(self) -> None:
        """Count again, and say when: the figures are often the same."""
        self.start(self._count_again)

    async def _count_again(self) -> None:
        await self._count()
        self.show_notice(f"Counted again, {datetime.now():%H:%M}.")

    @one_at_a_time
    async def command_tables(self) -> None:
        """Write the tables."""
        kit = self.kit
        text = "The workbook is not encrypted: whoever has the file can read it."
        folder = await self.ask_where("Where should the tables go?", TABLES_FOLDER, text, travels=False)
        if folder is None:
            return
        workbook = await ask_workbook(self.app, folder, f"fieldkit-tables-{date.today().isoformat()}.xlsx")
        if workbook is None:
            return
        target, exists = workbook

        def work(on_progress: Progress) -> list[Path]:
            written = write(kit, target, overwrite=exists, on_progress=on_progress)
            kit.settings.remember(TABLES_FOLDER, str(target.parent))
            return written

        await self.do("writing tables", work)
        number = sum(self._summary.records.values()) if self._summary else 0
        self.show_notice(f"{counted(number, 'record')} written to {target}")
