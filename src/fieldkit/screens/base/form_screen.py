"""A screen that asks the questions of a form."""

from __future__ import annotations

from fieldkit.screens.base.screen import BaseScreen
from fieldkit.widgets.form import Form


class FormScreen(BaseScreen):
    """Keys may come once a question of the form has the focus."""

    @property
    def form(self) -> Form | None:
        """The form in view, None before it has come and after it was left."""
        return next(iter(self.query(Form)), None)

    @property
    def takes_keys(self) -> bool:
        """Whether a question has the focus."""
        return self.form is not None and self.form.takes_keys
