"""The box of the palette: what is typed, what fits, and the keys that go on and back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.command import CommandInput, CommandList, CommandPalette
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import LoadingIndicator, Static

_KEYS = (("enter", "do it"), ("↑↓", "choose"), ("esc", "back"))


class PaletteBox(CommandPalette):
    """Textual's palette with its keys beside what they do, and without a picture that some terminals lack."""

    def compose(self) -> ComposeResult:
        parts: list[str | tuple[str, str]] = []
        for key, does in _KEYS:
            parts += ["   " if parts else "", (key, "bold $accent"), f" {does}"]
        with Vertical(id="--container"):
            yield Static(Content.assemble(*parts), id="palette-keys")
            with Horizontal(id="--input"):
                yield CommandInput(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield CommandList()
                yield LoadingIndicator()
