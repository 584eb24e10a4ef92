"""I am worried about somebody: what to do first, in plain steps, and then a note that stays on this
laptop.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands import WORRIED, bindings_for, with_keys
from fieldkit.screens.base.screen import BaseScreen, in_background
from fieldkit.store.local.setting import SAFEGUARDING_LEAD
from fieldkit.text import clean_line
from fieldkit.widgets.dialogs import AskLine
from fieldkit.widgets.plain import plain

_STEPS = (
    ("In immediate danger? Call 999 first.", "Everything else can wait."),
    ("Listen.", "Let them say it in their own words. Do not investigate."),
    ("Never promise to keep it secret.", "Say that you have to tell one person whose job it is."),
    (
        "Write down their own words, the time and the place.",
        "Press {worried[write]}: the note stays on this laptop, in no report.",
    ),
    ("Tell the safeguarding lead within one working day.", ""),
)


class WorriedScreen(BaseScreen):
    """The steps when somebody may come to harm."""

    CSS_PATH = "safeguarding.tcss"
    COMMANDS_FOR = WORRIED
    HELP = "What to do if you are worried that somebody may come to harm."
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(WORRIED)

    def body(self) -> ComposeResult:
        with VerticalScroll(id="steps"):
            yield Static(id="words")

    def on_mount(self) -> None:
        super().on_mount()
        self.page_title = "I am worried about somebody"
        self._show("")
        self._read()

    @in_background
    async def _read(self) -> None:
        self._show(
            await self.kit_work(
                lambda kit: kit.settings.get(SAFEGUARDING_LEAD), "looking up the safeguarding lead"
            )
        )

    def _show(self, lead: str) -> None:
        self._lead = lead
        parts: list[Content] = []
        for number, (step, more) in enumerate(_STEPS, 1):
            parts.append(Content.assemble((f"{number}  ", "bold $accent"), (step, "bold")))
            if more:
                parts.append(Content.assemble("   ", with_keys(more)))
            parts.append(Content(""))
        parts[-1] = (
            Content.assemble("   ", plain(lead, "bold"))
            if lead
            else Content(
                with_keys("   No name and number noted here yet: press {worried[lead]} to note them.")
            )
        )
        self.query_one("#words", Static).update(Content("\n").join(parts))

    def command_write(self) -> None:
        """Open the note's form."""
        self.app.open_screen("entry", "concern")

    @in_background
    async def command_lead(self) -> None:
        """Ask for the safeguarding lead."""
        asked = AskLine(
            "The safeguarding lead", "Name and telephone number, as you would ring them.", value=self._lead
        )
        typed = await self.app.push_screen_wait(asked)
        if typed is not None:
            lead = clean_line(typed)[:200]
            await self.kit_work(
                lambda kit: kit.settings.put(SAFEGUARDING_LEAD, lead),
                "noting the safeguarding lead",
                saving=True,
            )
            self._show(lead)
