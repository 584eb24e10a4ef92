"""A bulletin: drafted from a period, edited here as text, checked while edited, and written. Figures can't be edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import BULLETIN
from fieldkit.commands.table import bindings_for
from fieldkit.insight.disclosure.thresholds import TEN
from fieldkit.presentation.bulletin.bulletin_figures import BulletinFigures, bulletin_figures
from fieldkit.presentation.bulletin.bulletin_files import ENDINGS, write_bulletin
from fieldkit.presentation.bulletin.bulletin_text import MOST_WORDS, document_of, draft, problems
from fieldkit.presentation.cycle.releases import demand_coordinator
from fieldkit.presentation.model.form_plan import Option
from fieldkit.records.schema.dates import parse_date, short_date
from fieldkit.screens.base.screen import latest_only
from fieldkit.screens.base.work_screen import Working, WorkScreen, one_at_a_time
from fieldkit.store.kit import Progress
from fieldkit.store.local.known_settings import EVIDENCE_FOLDER
from fieldkit.text import quoted
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.edit_area import EditArea
from fieldkit.widgets.plain import Hanging, plain

_FORMATS = {
    ".docx": "Word (.docx), to be laid out further",
    ".html": "web page (.html)",
    ".md": "plain text (.md)",
}
_DAYS = 91
"""The days that a bulletin covers by default: about a quarter."""
_HOW = (
    "Edit the text; figures in « » stay as they are, or are left out. # begins a heading, - a line of a list."
)
_WIDE = 72
"""The width of a window in which the dates fit beside the number of words."""
_NOT_ENCRYPTED = "A bulletin is for everybody: it is not encrypted."


class BulletinScreen(WorkScreen):
    """Drafts a bulletin of the last quarter, or of other dates."""

    CSS_PATH = "bulletin_screen.tcss"
    COMMANDS_FOR = BULLETIN
    PAGE_TITLE = "Bulletin"
    HELP = f"{_HOW} It is one page: {MOST_WORDS} words at most, in sentences that are easy to read. {_NOT_ENCRYPTED}"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(BULLETIN)

    def __init__(self, first: str = "", last: str = "") -> None:
        super().__init__()
        today = date.today()
        self._from_day = first or (today - timedelta(days=_DAYS)).isoformat()
        self._to_day = last or today.isoformat()
        self._figures: BulletinFigures | None = None
        self._drafted = ""

    def body(self) -> ComposeResult:
        yield Static(plain(_HOW), id="how")
        yield EditArea(id="text")
        yield Static(id="problems")
        yield Working()

    def on_mount(self) -> None:
        self.query_one(EditArea).focus()
        self.start(self._draft)

    async def _draft(self) -> None:
        kit, me, first, last = self.kit, self.me, self._from_day, self._to_day

        def work(on_progress: Progress) -> BulletinFigures:
            demand_coordinator(kit, me)
            return bulletin_figures(kit, first, last, TEN, on_progress)

        self._figures = await self.do("counting", work)
        self._drafted = draft(self._figures)
        self._name_page()
        self.query_one(EditArea).load_text(self._drafted)
        self._look()

    def _name_page(self) -> None:
        """Name the page, with its dates if they fit: the text begins with them too."""
        dates = f"Bulletin · {short_date(self._from_day)} to {short_date(self._to_day)}"
        self.page_title = dates if self.size.width >= _WIDE else "Bulletin"

    def on_resize(self) -> None:
        if self._figures is not None:
            self._name_page()

    def on_text_area_changed(self) -> None:
        self._look()

    def _look(self) -> None:
        figures = self._figures
        if figures is None:
            return
        text = self.query_one(EditArea).text
        self.page_note = f"{len(text.split()):,} of {MOST_WORDS} words"
        self.query_one("#problems", Static).update(Hanging(_lines(problems(text, figures))))
        self.refresh_bindings()

    # Dates

    @property
    def takes_keys(self) -> bool:
        """Whether the screen is ready for keys."""
        return super().takes_keys and (self._figures is not None or not self.busy)

    @one_at_a_time
    async def command_dates(self) -> None:
        """Other dates."""
        if not await self._may_go():
            return
        first = await self._day("From which day?", self._from_day)
        last = await self._day("To which day?", self._to_day) if first else ""
        if not first or not last:
            return
        if first > last:
            self.show_notice("The first day comes after the last. Nothing was changed.", "warning")
            return
        self._from_day, self._to_day = first, last
        await self._draft()

    async def _day(self, title: str, value: str) -> str:
        def wrong(typed: str) -> str:
            return "" if parse_date(typed) else f"{quoted(typed, 30)} is not a date: for example 1/4/2025."

        asked = AskLine(title, "For example 1/4/2025.", value=short_date(value), check=wrong)
        typed = await self.app.push_screen_wait(asked)
        return (parse_date(typed) or "") if typed is not None else ""

    @one_at_a_time
    async def command_again(self) -> None:
        """Draft the text again."""
        if await self._may_go():
            await self._draft()

    async def _may_go(self) -> bool:
        """Whether edits may be thrown away."""
        if not self._drafted or self.query_one(EditArea).text == self._drafted:
            return True
        asked: Any = Confirm(
            "Throw away what you edited?",
            "The text is drafted anew.",
            yes="throw it away",
            careful=True,
        )
        return bool(await self.app.push_screen_wait(asked))

    # Writing

    @one_at_a_time
    async def command_write(self) -> None:
        """Write it."""
        kit, figures, text = self.kit, self._figures, self.query_one(EditArea).text
        if figures is None:
            return
        document = document_of(text, figures)
        ending = await self.app.push_screen_wait(
            Choose("In which format?", [Option(ending, label) for ending, label in _FORMATS.items()])
        )
        if ending is None:
            return
        folder = await self.ask_where(
            "Where should the bulletin go?", EVIDENCE_FOLDER, _NOT_ENCRYPTED, travels=False
        )
        if folder is None:
            return
        named = folder.suffix.lower() in ENDINGS
        target = folder if named else folder / f"bulletin-{self._from_day}-{self._to_day}{ending}"

        def work(on_progress: Progress) -> None:
            write_bulletin(kit, document, figures, target)
            kit.settings.put(EVIDENCE_FOLDER, str(target.parent))

        await self.do("writing the bulletin", work, saving=True)
        self._drafted = text
        self.show_notice(f"Written to {target}")

    def command_back(self) -> None:
        """Stop, or go back; edits are thrown away only after asking."""
        if self.busy:
            super().command_back()
        else:
            self._leave()

    @latest_only
    async def _leave(self) -> None:
        if await self._may_go():
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"write", "again"}:
            return self._figures is not None and not self.busy
        return super().check_action(action, parameters)


def _lines(problems_left: Sequence[str]) -> Content:
    """The first problem that keeps the text from being written, and how many more there are."""
    if not problems_left:
        return Content.styled("Ready to go.", "$text-muted")
    more = f" (and {len(problems_left) - 1} more)" if len(problems_left) > 1 else ""
    return Content.assemble(("! ", "bold $warning"), f"{problems_left[0]}{more}")
