"""A question with a yes or a no."""

from __future__ import annotations

from fieldkit.widgets.dialogs.dialog import Dialog


class Confirm(Dialog[bool]):
    """Yes or no. Enter means yes unless `careful`; then only the y key does, so that haste destroys nothing."""

    def __init__(
        self, title: str, text: str = "", *, yes: str = "yes", no: str = "no", careful: bool = False
    ) -> None:
        super().__init__(title, text)
        self._bindings.bind("y" if careful else "y,enter", "answer(True)", yes)
        self._bindings.bind("n,escape", "answer(False)", no)

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)
