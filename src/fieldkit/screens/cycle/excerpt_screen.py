"""Proposing part of an answer for print: the answer above, the excerpt below, edited only by cutting."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from fieldkit.commands.command import EXCERPT
from fieldkit.commands.table import bindings_for
from fieldkit.errors import FieldkitError
from fieldkit.presentation.cycle.quote_pages import HOW_TO_CUT, first_excerpt
from fieldkit.presentation.cycle.quotes import QuotableAnswer, propose
from fieldkit.presentation.model.form_plan import Option
from fieldkit.records.schema.codes import code_list
from fieldkit.screens.base.screen import BaseScreen, latest_only
from fieldkit.text import capitalised
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.edit_area import EditArea
from fieldkit.widgets.plain import plain


class ExcerptScreen(BaseScreen):
    """Proposes words of one answer."""

    CSS_PATH = "excerpt_screen.tcss"
    COMMANDS_FOR = EXCERPT
    PAGE_TITLE = "Propose a quote"
    HELP = f"{HOW_TO_CUT} Every other character stays as the person wrote it. A second person then checks the quote."
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(EXCERPT)

    def __init__(self, answer: QuotableAnswer) -> None:
        super().__init__()
        self._answer = answer

    def body(self) -> ComposeResult:
        answer = self._answer
        whose = "in their own words" if answer.own_words else "a volunteer's summary"
        yield Static(plain(f"{capitalised(answer.title)}, {whose}:"), classes="lead")
        with VerticalScroll(id="answer", can_focus=False):
            yield Static(plain(answer.answer))
        warnings = " ".join(
            f"“{answer.answer[span.start : span.end]}”: {span.sentence}" for span in answer.points_to
        )
        yield Static(plain(f"! {warnings}" if warnings else ""), id="warnings")
        yield Static(plain(HOW_TO_CUT), classes="lead")
        yield EditArea(first_excerpt(answer), id="excerpt")

    def on_mount(self) -> None:
        self.query_one("#warnings").display = bool(self._answer.points_to)
        self.query_one(EditArea).focus()

    @latest_only
    async def command_propose(self) -> None:
        """Propose the words."""
        answer, excerpt = self._answer, self.query_one(EditArea).text
        options = [Option(entry.code, entry.label) for entry in code_list("quote_attribute").entries]
        beside = await self.app.push_screen_wait(
            Choose(
                "What is printed beside it?",
                options,
                "Nothing is safest. Packs leave it out where few people share it.",
            )
        )
        if beside is None:
            return
        name = await self.app.push_screen_wait(
            AskLine("Who proposes it?", "Your name. Somebody else then checks the quote.")
        )
        if name is None:
            return
        try:
            await self.kit_work(
                lambda kit: propose(kit, answer.feedback_id, answer.field, excerpt, name, beside),
                "proposing the quote",
                saving=True,
            )
        except FieldkitError as error:
            self.show_notice(f"{error.message} {error.hint}".strip(), "warning")
        else:
            self.dismiss()
            self.app.notice("Proposed. A second person looks at it next.")
