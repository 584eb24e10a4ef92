"""What repeats on every sheet of a pile, asked once."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from fieldkit.commands.command import FORM
from fieldkit.commands.table import bindings_for
from fieldkit.errors import InvalidRecord
from fieldkit.presentation.model.form_plan import Values
from fieldkit.presentation.paper.pile_set_up import begin, set_up_form
from fieldkit.screens.base.form_screen import FormScreen
from fieldkit.screens.base.question_help import question_help
from fieldkit.screens.base.screen import in_background
from fieldkit.widgets import form_messages
from fieldkit.widgets.form import Form


class PileSetUpScreen(FormScreen):
    """Ends with the id of the pile that was begun, None if none was."""

    COMMANDS_FOR = FORM
    PAGE_TITLE = "A pile of paper"
    HELP = "What is the same on every sheet of the pile. It is stored with each of them."
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(FORM)

    def on_mount(self) -> None:
        self._open()

    @in_background
    async def _open(self) -> None:
        plan = await self.kit_work(set_up_form, "opening the form")
        self.query_one("#body").mount(Form(plan))
        self.refresh_bindings()

    def on_form_submitted(self, message: form_messages.Submitted) -> None:
        self._begin(dict(message.values))

    @in_background
    async def _begin(self, answers: Values) -> None:
        try:
            pile = await self.kit_work(lambda kit: begin(kit, answers), "beginning a pile", saving=True)
        except InvalidRecord as error:
            if self.form is not None:
                self.form.show_problems(error.problems)
        else:
            self.dismiss(pile.id)

    def on_form_left(self) -> None:
        self.dismiss(None)

    def on_form_help_wanted(self, message: form_messages.HelpWanted) -> None:
        self.app.push_screen(question_help(message.question, leaving="Leave; no pile is begun."))
