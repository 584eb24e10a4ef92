"""The program on the screen: the first screen, the keys that work everywhere, the theme."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.reactive import Reactive
from textual.screen import Screen
from textual.theme import Theme

from fieldkit.commands.command import EVERYWHERE
from fieldkit.commands.table import key_of
from fieldkit.screens.base.screen import KitApp
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.widgets.terminal_input import keep_escapes, keep_pastes_whole
from fieldkit.widgets.themes import DARK, THEMES, theme_called

_HERE = Path(__file__).parent
_OWN_THEMES = {name: theme for name, (theme, _) in THEMES.items()}


def _commands() -> type[Provider]:
    from fieldkit.commands.palette import KitCommands  # when the palette is opened, after the first frame

    return KitCommands


class FieldkitApp(KitApp):
    """The kit in `folder`. Nothing heavy is loaded before the first frame."""

    TITLE = "fieldkit"
    # The first screen exists before any is pushed, so the app loads its stylesheet.
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        _HERE / "app.tcss",
        _HERE / "screens" / "setup" / "first_run.tcss",
        _HERE / "screens" / "setup" / "unlock.tcss",
        _HERE / "screens" / "home" / "home_screen.tcss",
    ]
    COMMANDS = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "leave", show=False, priority=True),
    ]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = key_of("palette", EVERYWHERE)
    NOTIFICATION_TIMEOUT = 6

    # Set before the first stylesheet is parsed: choosing a theme later would parse all of them again.
    theme = Reactive(DARK.name)

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's own themes and the kit's."""
        return {**super().available_themes, **_OWN_THEMES}

    def get_theme(self, theme_name: str) -> Theme | None:
        """The theme of this name. It is looked up for each colour, so the list of all themes is not built."""
        return _OWN_THEMES.get(theme_name) or super().get_theme(theme_name)

    def on_ready(self) -> None:
        """The first frame is drawn: collect garbage from now on, except the objects that modules created."""
        gc.freeze()
        gc.enable()

    def get_default_screen(self) -> Screen[Any]:
        """The first screen itself, so that no empty one is laid out before it."""
        key_files = KeyFiles(self.folder)
        if not key_files.exists:
            return self.make_screen("first_run")
        if key_files.locked and self.secret is None:
            return self.make_screen("unlock")
        return self.make_screen("home")


def run(
    folder: Path,
    secret: str | None = None,
    demo: bool = False,
    colours: str = "",
    problems: Sequence[str] = (),
) -> int:
    """Run the program on the kit in `folder`; returns the exit code.

    `secret` is its passphrase or recovery code, if it was given beforehand. `demo`: if there is no kit, create
    a throwaway one for demonstration. `colours` is the theme preferred on this laptop, "" for none;
    `problems` are sentences on its preferences, shown once the kit is open.

    Raises:
        StorageError: this user may not read the folder; no screen was drawn.
    """
    KeyFiles(folder).demand_access()
    keep_pastes_whole()
    keep_escapes()
    app = FieldkitApp(folder, secret, demo)
    app.preferred_theme, app.problems = theme_called(colours), list(problems)
    try:
        result = app.run()
    finally:
        app.throwaway.close()
    return result if isinstance(result, int) else app.return_code or 0


__all__ = ["FieldkitApp", "run"]
