"""The themes of the program for an app of a test."""

from __future__ import annotations

from typing import Any

from textual.app import App

from fieldkit.widgets.themes import DARK, THEMES


def use_themes(app: App[Any]) -> None:
    """Give a running `app` every theme and turn the dark one on."""
    for theme, _ in THEMES.values():
        app.register_theme(theme)
    app.theme = DARK.name
