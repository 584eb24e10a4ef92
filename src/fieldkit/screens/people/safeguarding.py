"""I am worried about somebody: what to do first, in plain steps, and then a note that stays on this laptop."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import SAFEGUARDING
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.safeguarding_notes import NO_LEAD, lead_of, not_passed_on, note_lead, write_note
from fieldkit.records.schema.dates import short_date
from fieldkit.screens.base.places import ask_folder
from fieldkit.screens.base.screen import BaseScreen, in_background, latest_only, writing
from fieldkit.store.kit import Kit, Stored
from fieldkit.text import plural
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.plain import beside

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

_ROOMY = 24
"""From this screen height on, there are empty rows between the steps."""
_FORM_STAYS = "What you typed in the form stays there: {worried[back]} goes back to it."


class WorriedScreen(BaseScreen):
    """The steps to take when somebody may come to harm."""

    CSS_PATH = "safeguarding.tcss"
    COMMANDS_FOR = SAFEGUARDING
    PAGE_TITLE = "I am worried about somebody"
    HELP = "What to do if you are worried that somebody may come to harm."
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(SAFEGUARDING)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_ROOMY, "-roomy")]

    def __init__(self) -> None:
        super().__init__()
        self._lead: str | None = None
        """The safeguarding lead, "" if nobody is noted, None before the kit was asked."""
        self._notes: list[Stored] = []
        """The notes not passed on yet, the oldest first."""

    def body(self) -> ComposeResult:
        with VerticalScroll(id="steps"):
            yield Static(id="text")

    def on_mount(self) -> None:
        self._show(None)

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""

        def read(kit: Kit) -> tuple[str, list[Stored]]:
            return lead_of(kit), not_passed_on(kit)

        lead, self._notes = await self.kit_work(read, "looking up the safeguarding lead")
        self._show(lead)
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.call_after_refresh(lambda: self._show(self._lead))

    def _show(self, lead: str | None) -> None:
        self._lead = lead
        is_roomy = self.size.height >= _ROOMY
        width = max(20, min(90, self.size.width - (8 if is_roomy else 4)))
        parts = self._parts(width, apart=is_roomy)
        room = self.query_one("#steps").content_size.height
        if room and sum(part.plain.count("\n") + 1 for part in parts) > room:
            parts = self._parts(width, apart=False)  # showing everything matters more than the gaps
        self.query_one("#text", Static).update(Content("\n").join(parts))

    def _parts(self, width: int, *, apart: bool) -> list[Content]:
        """The steps, and what else to know, in lines of `width` cells."""
        lead = self._lead
        gap = [Content("")] if apart else []
        parts: list[Content] = []
        for number, (step, more) in enumerate(_STEPS, 1):
            parts.append(beside(f"{number}  ", "bold $accent", step, "bold", width))
            if more:
                parts.append(beside("   ", "", with_keys(more), "", width))
            if number == len(_STEPS) and lead is not None:
                nobody = with_keys(f"{NO_LEAD} Note the lead with {{worried[lead]}}.")
                parts.append(beside("   ", "", lead or nobody, "bold" if lead else "", width))
            parts += gap
            if number == 1 and self._notes:
                parts += [*self._waiting(width), *gap]
        if self._covers_form:
            parts.append(beside("   ", "", with_keys(_FORM_STAYS), "", width))
        return parts

    def _waiting(self, width: int) -> list[Content]:
        """The notes not passed on yet: below the danger to life, above everything that may be out of view."""
        waiting = plural(
            len(self._notes), "1 note has not been passed on yet.", "{n} notes have not been passed on yet."
        )
        keys = with_keys(
            "Press {worried[passed-on]} once the lead knows, {worried[print]} for a page to print."
        )
        return [
            beside("!  ", "bold $warning", waiting, "bold", width),
            beside("   ", "", keys, "", width),
        ]

    @property
    def _covers_form(self) -> bool:
        """Whether somebody was typing into a form when they opened this page."""
        below = self.app.screen_stack[:-1]
        return bool(below) and getattr(below[-1], "form", None) is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"passed-on", "print"}:
            return bool(self._notes)
        return super().check_action(action, parameters)

    async def _which(self, title: str) -> Stored | None:
        """Ask which note is meant, unless there is only one; None if the person went back."""
        if len(self._notes) == 1:
            return self._notes[0]
        options = [
            Option(
                note.record_id,
                str(note.values.get("own_words", "")),
                short_date(str(note.values.get("date") or "")),
            )
            for note in self._notes
        ]
        chosen = await self.app.push_screen_wait(Choose(title, options))
        return next((note for note in self._notes if note.record_id == chosen), None)

    @in_background
    async def command_passed_on(self) -> None:
        """Write down whom you told."""
        if (note := await self._which("Which note did you pass on?")) is not None:
            self.app.open_screen("entry", record=f"concern:{note.record_id}", at="told")

    @in_background
    async def command_print(self) -> None:
        """Write a note as a page to print."""
        if (note := await self._which("Which note?")) is None:
            return
        text = "The page holds what was said. Delete the file once it is printed."
        folder = await ask_folder(self.app, "Where should the page go?", "", text)
        if folder is not None:
            path = await self.kit_work(
                lambda kit: write_note(kit, folder, note.record_id), "writing the page"
            )
            self.show_notice(f"Page written to {path}: print it, then delete the file.")

    def command_write(self) -> None:
        """Open the note's form."""
        self.app.open_screen("entry", "concern")

    @writing
    @in_background
    async def command_lead(self) -> None:
        """Ask for the safeguarding lead."""
        asked = AskLine(
            "The safeguarding lead",
            "Name and telephone number, as you would ring them.",
            value=self._lead or "",
        )
        typed = await self.app.push_screen_wait(asked)
        if typed is not None:
            await self.kit_work(
                lambda kit: note_lead(kit, typed), "noting the safeguarding lead", saving=True
            )
            # What was being read since the box closed is older than the lead.
            self.read_again()
