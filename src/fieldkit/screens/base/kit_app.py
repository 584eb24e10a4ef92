"""The program as its screens see it: the open kit, whose laptop this is, and what one run of the program remembers."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.commands.table import keys_of_widgets
from fieldkit.screens.base.locking_app import LockingApp
from fieldkit.screens.base.theme_choice import chosen_theme, keep_theme, next_theme
from fieldkit.widgets.themes import DARK, THEMES

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity


class KitApp(LockingApp):
    """The program as its screens see it."""

    def __init__(self, folder: Path, secret: str | None = None, demo: bool = False) -> None:
        super().__init__(folder)
        self.secret = secret
        self.demo = demo
        self.throwaway = contextlib.ExitStack()
        """What is removed when the program ends: the folder of a kit that was made just to try."""
        self.known_people: Any = None
        """The names of all known people, once the stall board has read them."""
        self.undo_steps: dict[str, Any] = {}
        """Event id -> what can be undone and redone at its stall, back to the start of the program."""
        self.mentor = ""
        """Who mentors in this run of the program: a person's id, "" until somebody was asked."""
        self.mentee = ""
        """The mentorship last chosen or worked on in this run of the program, "" for none."""
        self.device_name = ""
        self.preferred_theme = ""
        """The theme in config.toml, "" for none; it overrides the one stored beside the kit."""

        self.keys_of_widgets = keys_of_widgets()
        """Name of a widget's binding -> its keys, as chosen in config.toml."""

    def on_mount(self) -> None:
        self.set_keymap(self.keys_of_widgets)
        if (theme := self.preferred_theme or chosen_theme(self.folder)) != DARK.name:
            self.theme = theme

    @property
    def palette_question(self) -> str:
        # Without an unlocked kit there are no records to find.
        return super().palette_question if self.me is not None else "Type a part of a command's name"

    def opened(self, kit: Kit, me: Identity | None) -> None:
        """The kit is open: go to the home screen, or set it up if it belongs to no network yet."""
        if me is None:
            self.kit = kit
            self.open_screen("first_run", instead=True)
        else:
            self.entered(kit, me)

    def entered(self, kit: Kit, me: Identity) -> None:
        """The kit is open and belongs to a network: go to the home screen."""
        self.kit, self.me, self.device_name, self.secret = kit, me, me.name, None
        self.take_window()
        self.begin_idle_lock()
        if self.theme in THEMES and self.theme not in (self.preferred_theme, chosen_theme(self.folder)):
            keep_theme(self.folder, self.theme)  # chosen before there was a kit
        home = self.screen
        if not hasattr(home, "kit_opened"):
            self.open_screen("home", instead=True)
        self._go_on_handed_over()  # before home shows anything of the records
        if hasattr(home, "kit_opened"):
            home.kit_opened()
        self.show_problems()

    def _go_on_handed_over(self) -> None:
        """Cover everything if this laptop was with a respondent when the program ended."""
        from fieldkit.presentation.kiosk.hand_over import resumed  # with the store, after the first frame

        assert self.kit is not None
        handed = resumed(self.kit)
        if handed is None:
            return
        if self.reads_only:
            self.push_screen(self.make_screen("locked"))  # the respondent is in the other window
        else:
            self.push_screen(self.make_screen("kiosk", handed, resumed=True), self.laptop_returned)

    def laptop_returned(self, how: str | None) -> None:
        """A volunteer has the laptop again; "next": hand it to the next person at once."""
        if how == "next":
            self.call_next(self._hand_to_next)

    async def _hand_to_next(self) -> None:
        hand_over = getattr(self.screen, "command_hand_over", None)
        if hand_over is not None:
            hand_over()

    def action_colours(self) -> None:
        """Show other colours; a box that names the key calls this, too."""
        self._answer(f"Colours: {self.next_colours()}.")

    def next_colours(self) -> str:
        """Show the next theme and keep the choice; returns what people call it."""
        self.theme = next_theme(self.theme)
        if not self.reads_only:
            keep_theme(self.folder, self.theme)
        name = THEMES[self.theme][1]
        if self.preferred_theme in ("", self.theme):
            return name
        return f"{name}; config.toml asks for {THEMES[self.preferred_theme][1]} again at the next start"
