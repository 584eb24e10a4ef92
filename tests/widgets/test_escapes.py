"""Esc and a key that the terminal sends right behind it are two keys."""

from __future__ import annotations

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from fieldkit.widgets.terminal_input import as_pressed, keep_escapes


def pressed(sent: str, *bound: str) -> list[str]:
    """The keys that a terminal's characters mean where the keys `bound` do something."""
    keep_escapes()
    keep_escapes()
    parser = XTermParser()
    read = [event for event in (*parser.feed(sent), *parser.feed("")) if isinstance(event, events.Key)]
    return [key.key for event in read for key in as_pressed(event, bound)]


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1bd", ["escape", "d"]),
        ("\x1bD", ["escape", "D"]),
        ("\x1bé", ["escape", "é"]),
        ("\x1bf", ["escape", "f"]),
        ("\x1bb", ["escape", "b"]),
        ("\x1b1", ["escape", "1"]),
        ("\x1b/", ["escape", "slash"]),
        ("\x1b?", ["escape", "question_mark"]),
        ("\x1b ", ["escape", "space"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1b\x1bq", ["escape", "escape", "q"]),
        ("\x1bnew", ["escape", "n", "e", "w"]),
    ],
)
def test_esc_is_not_lost_in_a_key_right_behind_it(sent: str, keys: list[str]) -> None:
    assert pressed(sent) == keys


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1b", ["escape"]),
        ("\x1b[A", ["up"]),
        ("\x1bOP", ["f1"]),
        ("\x1b[Z", ["shift+tab"]),
        ("\x1b\x7f", ["ctrl+w"]),
        ("\x1b[100;3u", ["alt+d"]),
        ("d1£", ["d", "1", "pound_sign"]),
    ],
)
def test_keys_that_are_one_key_stay_one(sent: str, keys: list[str]) -> None:
    assert pressed(sent) == keys


def test_what_is_bound_to_a_key_with_alt_stays() -> None:
    assert pressed("\x1bd", "alt+d") == ["alt+d"]
    assert pressed("\x1b\r", "alt+enter") == ["alt+enter"]
    assert pressed("\x1bf\x1bb", "ctrl+right", "ctrl+left") == ["ctrl+right", "ctrl+left"]
