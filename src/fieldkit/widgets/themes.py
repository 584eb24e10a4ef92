"""Two calm themes with one accent colour each. Nothing is told by colour alone, so any terminal will do."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.theme import Theme

DARK = Theme(
    name="fieldkit-dark",
    primary="#6fb8a8",
    secondary="#6fb8a8",
    accent="#6fb8a8",
    foreground="#d8dbd6",
    background="#17191b",
    surface="#212528",
    panel="#2a2e31",
    warning="#d9b36c",
    error="#e08a80",
    success="#6fb8a8",
    dark=True,
    variables={"border": "#6fb8a8", "border-blurred": "#4a5054", "text-muted": "#9aa19d"},
)

LIGHT = Theme(
    name="fieldkit-light",
    primary="#0f6b5e",
    secondary="#0f6b5e",
    accent="#0f6b5e",
    foreground="#22272a",
    background="#faf9f5",
    surface="#f1efe8",
    panel="#e4e1d7",
    warning="#8a5a00",
    error="#a5322a",
    success="#0f6b5e",
    dark=False,
    variables={"border": "#0f6b5e", "border-blurred": "#a9a598", "text-muted": "#5d625f"},
)


def use_themes(app: App[Any], *, dark: bool = True) -> None:
    """Give a running `app` both themes and turn one on."""
    app.register_theme(DARK)
    app.register_theme(LIGHT)
    app.theme = DARK.name if dark else LIGHT.name
