"""A screen that asks the questions of a form."""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.errors import FieldkitError, InvalidRecord
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.saved_texts import NOT_SAVED_YET
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.widgets import form_messages
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.form import Form


class FormScreen(BaseScreen):
    """Keys may come once a question of the form has the focus."""

    _still_wrong = False
    """Whether a notice says that the answers are not saved, until the problem in view is corrected."""

    def on_mount(self) -> None:
        """A message on an earlier entry is not about this one."""
        self.app.current_notice = ""

    @property
    def form(self) -> Form | None:
        """The form in view, None before it appears and after it was left."""
        return next(iter(self.query(Form)), None)

    @property
    def takes_keys(self) -> bool:
        """Whether a question has the focus."""
        return self.form is not None and self.form.takes_keys

    def show_why_not_saved(self, error: FieldkitError) -> bool:
        """Show problems beside their questions, or in a dialog if no question asks for them; returns whether beside them."""
        form = self.form
        problems = error.problems if isinstance(error, InvalidRecord) and form is not None else {}
        shown = {name: sentence for name, sentence in problems.items() if form and form.asks(name)}
        if form is None or not shown:
            self.app.report(error)
            return False
        form.show_problems(shown)
        self.show_notice(NOT_SAVED_YET, "warning")  # the form goes to the first of them
        return True

    def on_form_still_wrong(self, message: form_messages.StillWrong) -> None:
        """A key that saves is answered each time."""
        self._still_wrong = True
        self.show_notice(NOT_SAVED_YET, "warning")

    def on_form_given(self, message: form_messages.Given) -> None:
        """What was repeated goes with the problem."""
        if self._still_wrong and not message.form.has_problem:
            self.clear_notice(NOT_SAVED_YET)
            self._still_wrong = False

    def ask_to_save(
        self,
        title: str,
        text: str,
        then: Callable[[], object],
        *,
        save: str = "save it as it is",
        back: str = "go back and change it",
        otherwise: Callable[[], object] = lambda: None,
    ) -> None:
        """Ask whether to save in spite of what `text` says: `then` saves; any other answer calls `otherwise`."""

        def chosen(code: str | None) -> None:
            (then if code == "save" else otherwise)()

        self.app.push_screen(Choose(title, [Option("change", back), Option("save", save)], text), chosen)
