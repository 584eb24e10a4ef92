"""Two calm themes with one accent colour each, and one of high contrast. No sign is a colour alone, so any terminal will do."""

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
    variables={
        "border": "#6fb8a8",
        "border-blurred": "#4a5054",
        "text-muted": "#9aa19d",
        "text-disabled": "#9aa19d",
    },
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
    variables={
        "border": "#0f6b5e",
        "border-blurred": "#a9a598",
        "text-muted": "#5d625f",
        "text-disabled": "#5d625f",
    },
)


CONTRAST = Theme(
    name="fieldkit-contrast",
    primary="#ffe600",
    secondary="#ffe600",
    accent="#ffe600",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#262626",
    warning="#ffb000",
    error="#ff8a8a",
    success="#ffe600",
    dark=True,
    variables={
        "border": "#ffe600",
        "border-blurred": "#ffffff",
        "text-muted": "#e6e6e6",
        "text-disabled": "#e6e6e6",
    },
)

#: Every theme by its name, in the order in which one key goes through them, and what people call it.
THEMES = {DARK.name: (DARK, "dark"), LIGHT.name: (LIGHT, "light"), CONTRAST.name: (CONTRAST, "high contrast")}


def use_themes(app: App[Any], *, dark: bool = True) -> None:
    """Give a running `app` every theme and turn one on."""
    for theme, _ in THEMES.values():
        app.register_theme(theme)
    app.theme = DARK.name if dark else LIGHT.name
