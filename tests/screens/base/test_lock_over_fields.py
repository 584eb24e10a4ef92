"""Unlocking returns to the same field, with its text and cursor, wherever somebody was typing."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widget import Widget
from textual.widgets import Input, TextArea

from app_desk import SIZE, home, on, picture, type_in
from fieldkit.app import FieldkitApp
from fieldkit.screens.base.idle_lock import IdleLock
from fieldkit.screens.safety.lock_screen import LockScreen
from kiosk_desk import PIN
from waiting import until

#: The keys that lead from home to a field.
WAYS = {
    "find anything": ("slash",),
    "the palette": ("ctrl+p",),
    "the stall board": ("a",),
    "a filter over a list": ("p", "slash"),
    "own words in feedback": ("f", "1", "1", "1", "enter"),
    "a new person": ("p", "n"),
    "a new partner": ("o", "n"),
    "a new event": ("e", "n"),
    "a note on somebody at risk": ("f9", "n"),
    "a mentoring session": ("m", "enter", "n"),
    "the place of an export": ("x", "3"),
    "the place of bundles": ("y", "m", "o"),
    "the place of figures": ("i", "o"),
    "a receipt code to withdraw": ("b", "w"),
    "a passphrase": ("b", "p"),
    "a new cycle": ("r", "n"),
}


def _typed(widget: Widget | None) -> tuple[str, object] | None:
    """The text of a widget and its cursor, or None if nothing can be typed there."""
    if isinstance(widget, Input):
        return widget.value, widget.selection
    return (widget.text, widget.selection) if isinstance(widget, TextArea) else None


@pytest.mark.parametrize("what", WAYS)
async def test_unlocking_returns_to_the_very_field(planted_folder: Path, what: str) -> None:
    app = FieldkitApp(planted_folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        for key in WAYS[what]:
            await pilot.press(key)
            await until(pilot, lambda: app.keys_are_done, f"what {key} does")
        await until(pilot, lambda: _typed(app.focused) is not None, "a field")
        await pilot.press("k", "h", "a", "left")
        await until(pilot, lambda: "kh" in str(_typed(app.focused)), "what was typed")
        screen, field, before = app.screen, app.focused, _typed(app.focused)
        now = [0.0]
        app.idle = IdleLock(lambda: now[0], lambda: now[0])
        now[0] = 10_000.0
        await app.look_whether_idle()
        await on(pilot, LockScreen)
        await until(pilot, lambda: isinstance(app.focused, Input), "the line for the PIN")
        assert "kha" not in picture(pilot)
        await type_in(pilot, PIN)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen, "the field again")
        assert app.focused is field and _typed(field) == before
        await pilot.press("x")
        await until(pilot, lambda: "khxa" in str(_typed(field)), "a letter where the cursor was")
        await app.leave()
    assert not app.faults
