"""A quote before its second person: the words alone, and one question. Once that is answered, what was decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import QUOTE
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.presentation.cycle.quote_pages import NEIGHBOUR, QuoteLine, printed_before
from fieldkit.presentation.cycle.quotes import approve, refuse
from fieldkit.screens.base.screen import BaseScreen, latest_only
from fieldkit.store.kit import Kit, Stored
from fieldkit.text import capitalised
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.plain import plain

_Decision = Callable[[Kit], Stored]
_NAME = "Your name. It must not be the person who proposed the quote."


class QuoteScreen(BaseScreen):
    """Shows the words of one quote, and nothing else of the record."""

    CSS_PATH = "quote_screen.tcss"
    COMMANDS_FOR = QUOTE
    PAGE_TITLE = "A quote, and nothing else"
    HELP = (
        "Read the quote as a neighbour of this person would. A place, a date, a rare illness or a way of speaking can point "
        "to them. If in doubt, refuse: another quote can be proposed."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(QUOTE)

    def __init__(self, line: QuoteLine) -> None:
        super().__init__()
        self._line = line

    def body(self) -> ComposeResult:
        quote = self._line.quote
        with VerticalScroll(id="text", can_focus=True):
            text = f"“{quote.words}”" if quote.own_words else f"A volunteer's summary: {quote.words}"
            yield Static(plain(text if quote.words else "The text is not here any more."))
        if self._may_be_approved:
            yield Static(Content.styled(NEIGHBOUR, "bold"), id="question")
        yield Static(id="note")

    def on_mount(self) -> None:
        self.query_one("#text").focus()
        line = self._line
        notes = [f"{capitalised(line.state)}. {line.why}".strip(), printed_before(line)]
        if not line.why and self._may_be_approved:
            notes[0] = with_keys(
                "If nobody could, approve it for print with {quote[approve]}. "
                "If somebody could, refuse it with {quote[refuse]}, and give the reason."
            )
        self.query_one("#note", Static).update(plain("\n".join(filter(None, notes))))

    @property
    def _may_be_approved(self) -> bool:
        return self._line.state == "waiting" and not self._line.quote.against

    @latest_only
    async def command_approve(self) -> None:
        """Approve the words for print."""
        quote_id = self._line.quote.quote_id
        name = await self._ask("Who checked the quote?", _NAME)
        if name is not None:
            await self._decide(lambda kit: approve(kit, quote_id, name, date.today()), "It may be printed.")

    @latest_only
    async def command_refuse(self) -> None:
        """Refuse the words."""
        quote_id = self._line.quote.quote_id
        reason = await self._ask(
            "Why must it not be printed?", "One sentence, for the person who proposed it."
        )
        if reason is None:
            return
        name = await self._ask("Who checked the quote?", "Your name.")
        if name is not None:
            await self._decide(
                lambda kit: refuse(kit, quote_id, name, date.today(), reason),
                "Refused: no later pack prints it.",
            )

    async def _ask(self, title: str, text: str) -> str | None:
        if not self.app.may_write_or_says():
            return None
        return await self.app.push_screen_wait(AskLine(title, text))

    async def _decide(self, work: _Decision, sentence: str) -> None:
        try:
            await self.kit_work(work, "deciding on the quote", saving=True)
        except FieldkitError as error:
            self.show_notice(f"{error.message} {error.hint}".strip(), "warning")
        else:
            self.dismiss()
            self.app.notice(sentence)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "approve":
            return self._may_be_approved
        if action == "command" and parameters[0] == "refuse":
            return self._line.state != "refused"
        return super().check_action(action, parameters)
