"""Lines to type into while a kit is set up or unlocked; hidden where they hold a passphrase."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static


class SecretInput(Input):
    """A line for a passphrase: nobody reads it over a shoulder. Enter is the screen's."""

    def __init__(self, *, id: str, hidden: bool = True, value: str = "") -> None:
        super().__init__(value, password=hidden, compact=True, id=id, select_on_focus=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "submit"


def asked(id: str, title: str, hint: str, value: str = "", *, hidden: bool = False) -> list[Widget]:
    """A titled line called `id`."""
    line = SecretInput(id=id, hidden=hidden, value=value)
    line.placeholder = hint
    return [Horizontal(Static(title, classes="asked"), line, classes="line")]
