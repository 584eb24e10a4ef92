"""Two calm themes with one accent colour each, one of high contrast, and the terminal's own colours. Nothing is shown by colour
alone, so any terminal will do.
"""

from __future__ import annotations

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
        "scrollbar-background": "#2a2e31",
        "scrollbar-background-hover": "#2a2e31",
        "scrollbar-background-active": "#2a2e31",
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
        "scrollbar-background": "#e4e1d7",
        "scrollbar-background-hover": "#e4e1d7",
        "scrollbar-background-active": "#e4e1d7",
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
        "scrollbar-background": "#262626",
        "scrollbar-background-hover": "#262626",
        "scrollbar-background-active": "#262626",
    },
)

TERMINAL = Theme(
    name="fieldkit-terminal",
    primary="ansi_cyan",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_cyan",
    dark=True,
    ansi=True,
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border": "ansi_cyan",
        "border-blurred": "ansi_default",
        "text-muted": "ansi_default",
        "text-disabled": "ansi_default",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
    },
)
"""The person's own terminal colours: if they can read their terminal, they can read this."""

#: Every theme by its name, in the order in which one key cycles through them, with what people call it.
THEMES = {
    DARK.name: (DARK, "dark"),
    LIGHT.name: (LIGHT, "light"),
    CONTRAST.name: (CONTRAST, "high contrast"),
    TERMINAL.name: (TERMINAL, "the terminal's own"),
}
_IN_PREFERENCES = {
    "high-contrast": CONTRAST.name,
    **{name: f"fieldkit-{name}" for name in ("dark", "light", "terminal")},
}


def theme_called(name: str) -> str:
    """The theme that preferences call `name`, "" if there is none."""
    return _IN_PREFERENCES.get(name, "")
