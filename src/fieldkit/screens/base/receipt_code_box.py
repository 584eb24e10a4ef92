"""The receipt code in a dialog: of a person recorded on the way, or the last one again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from fieldkit.commands.command import EVERYWHERE, FORM
from fieldkit.commands.table import key_of
from fieldkit.errors import FieldkitError
from fieldkit.presentation.last_receipt_code import AGAIN, PURPOSE, STAYS, TITLE, framed, handed_over
from fieldkit.presentation.slips import write_slip
from fieldkit.screens.base.kit_app import KitApp
from fieldkit.screens.base.places import ask_folder
from fieldkit.screens.base.working_app import ScreenLeft, in_thread
from fieldkit.widgets.dialogs.dialog import Dialog
from fieldkit.widgets.large_text import large_text
from fieldkit.widgets.plain import plain

#: Keys that people press without looking. They never close a page with a code on it.
HASTY_KEYS = frozenset({"enter", "escape", "space"})


class ReceiptCodeBox(Dialog[None]):
    """Stays until the key beside "the person has it" is pressed, or Esc if somebody asked to see it again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key_of("has-code", FORM), "has_it", "the person has it"),
        Binding(key_of("slip", FORM), "slip", "slip to print"),
        Binding("escape", "back", "back"),
    ]

    def __init__(self, code: str, who: str = "", *, again: bool = False) -> None:
        """`who` is the line that names the record, "" for none. `again`: somebody asked to see it, so Esc goes back."""
        super().__init__(TITLE, who)
        self._code, self._again = code, again
        self.longest_line = max(map(cell_len, large_text(code, 10 * len(code))), default=0)

    def body(self) -> ComposeResult:
        yield Static(id="code")
        again = AGAIN.format(key_of("last-code", EVERYWHERE).upper())
        yield Static(plain(f"{PURPOSE} {again}"))
        yield Static(id="note")

    def on_mount(self) -> None:
        assert isinstance(self.app, KitApp)
        self.app.forget_keys()  # typed before the code was in view, they must not close it

    def fit(self) -> None:
        """Draw the code as large as the dialog has room for."""
        large = large_text(self._code, self.room.width)
        for code in self.query("#code").results(Static):
            lines = [self._code, "", *large, ""] if large else framed(self._code)
            code.update(Content.styled("\n".join(lines), "bold $accent"))
        super().fit()

    def on_key(self, event: events.Key) -> None:
        if event.key in HASTY_KEYS and not (event.key == "escape" and self._again):
            event.stop()
            self.query_one("#note", Static).update(plain(STAYS.format(key_of("has-code", FORM))))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._again if action == "back" else super().check_action(action, parameters)

    def action_back(self) -> None:
        self.dismiss(None)

    def action_has_it(self) -> None:
        assert isinstance(self.app, KitApp)
        self.takes_keys = False
        note_handed_over(self.app, self, self._code, lambda: self.dismiss(None))

    def action_slip(self) -> None:
        write_slip: Any = self._write_slip
        self.run_worker(write_slip, group="slip", exit_on_error=False)

    async def _write_slip(self) -> None:
        assert isinstance(self.app, KitApp)
        if sentence := await write_slip_where_asked(self.app, self._code):
            self.query_one("#note", Static).update(plain(sentence))


def note_handed_over(app: KitApp, screen: Screen[Any], code: str, then: Callable[[], object]) -> None:
    """Note that the person has the code, then close what shows it: the next screen already knows."""
    if app.kit is None:
        then()
        return

    kit = app.kit

    async def note() -> None:
        try:
            await app.work_for(screen, partial(handed_over, kit, code), "noting that the code was given")
        except FieldkitError as error:
            app.report(error)
        except ScreenLeft:
            pass
        else:
            then()

    steps: Any = note
    screen.run_worker(steps, exit_on_error=False)


async def write_slip_where_asked(app: KitApp, code: str) -> str:
    """Ask for a folder and write the slip there; returns a sentence that says where, "" if none was written."""
    folder = await ask_folder(app, "Where should the slip go?", "")
    if folder is None or app.kit is None:
        return ""
    try:
        path = await in_thread(partial(write_slip, app.kit, folder, code))
    except FieldkitError as error:
        app.report(error)
        return ""
    return f"Slip written to {path}: print it, then delete the file."
