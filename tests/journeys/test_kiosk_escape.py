"""No key and no sequence of keys leads a respondent out of their questions, or shows anything but their own answers."""

from __future__ import annotations

import string
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.geometry import Size
from textual.keys import Keys
from textual.pilot import Pilot

from app_desk import SIZE, home, picture
from fieldkit.app import FieldkitApp
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.screens.kiosk.kiosk_screen import KioskScreen
from kiosk_desk import CANARIES, PIN, hand_over, kiosk, planted

pytestmark = [pytest.mark.usefixtures("short_waits"), pytest.mark.journey]

#: What a respondent may have in view, each by the page and, where it is a question, its name.
PAGES = (
    (Stage.LANGUAGE, ""),
    (Stage.NOTICE, ""),
    (Stage.QUESTION, "consent_record"),
    (Stage.QUESTION, "rating"),
    (Stage.QUESTION, "experience"),
    (Stage.QUESTION, "service_area"),
    (Stage.QUESTION, "language"),
    (Stage.QUESTION, "postcode_area"),
    (Stage.QUESTION, "disability"),
    (Stage.THANKS, ""),
    (Stage.REFUSED, ""),
    (Stage.FAILED, ""),
    (Stage.LEFT, ""),
    (Stage.PIN, ""),
)
NAMES = [f"{stage.value}-{name}" if name else stage.value for stage, name in PAGES]

_MODIFIERS = ("", "shift+", "ctrl+", "alt+", "ctrl+shift+", "super+")
_FUNCTION = [f"f{number}" for number in range(1, 25)]
_NAMED = [
    "escape",
    "enter",
    "tab",
    "space",
    "backspace",
    "delete",
    "insert",
    "home",
    "end",
    "pageup",
    "pagedown",
]
_ARROWS = ["up", "down", "left", "right"]


def every_key() -> list[str]:
    """Every key that Textual has a name for, with every modifier that a terminal may send."""
    named = {str(key.value) for key in Keys}
    named |= {*string.ascii_letters, *string.digits}
    named |= {modifier + letter for modifier, letter in product(("ctrl+", "alt+"), string.ascii_lowercase)}
    named |= {modifier + key for modifier, key in product(_MODIFIERS, [*_FUNCTION, *_NAMED, *_ARROWS])}
    named |= {key.value for keys in ANSI_SEQUENCES_KEYS.values() if isinstance(keys, tuple) for key in keys}
    return sorted(named)


#: Keys that do something somewhere in the program, for sequences of two.
STRONG = (
    "escape", "enter", "tab", "shift+tab", "ctrl+c", "ctrl+z", "ctrl+q", "ctrl+p", "ctrl+t", "ctrl+l", "ctrl+g", "ctrl+s",
    "ctrl+backslash", "f1", "f2", "f8", "f9", "f10", "question_mark", "slash", "q", "h", "u", "backspace", "up", "0",
)  # fmt: skip


async def _show(pilot: Pilot[object], stage: Stage, name: str) -> None:
    screen = kiosk(pilot)
    screen._values = {"consent_record": "Y", "rating": "2", "experience": "my own answer"}
    screen._code = "K7Q2-M9XD-4TBW" if stage is Stage.THANKS else ""
    screen._before_pin, screen._busy = Stage.QUESTION, False
    screen._turn_to(stage, name)
    await pilot.pause()


def _nothing_else(pilot: Pilot[object], what: object) -> None:
    """Nothing but the respondent's own page is in view."""
    app = pilot.app
    assert app.is_running and not app._exit, what
    assert isinstance(app.screen, KioskScreen), (what, app.screen)
    assert app.screen.stage is not Stage.VOLUNTEER, what
    seen = picture(pilot)
    assert not any(canary in seen for canary in CANARIES), (what, seen)
    assert "AT THIS EVENT" not in seen and "Commands" not in seen, (what, seen)


async def _is_on(pilot: Pilot[object], stage: Stage, name: str) -> bool:
    screen = kiosk(pilot)
    return screen.stage is stage and (
        not name or (screen.question is not None and screen.question.name == name)
    )


async def _handed(pilot: Pilot[object]) -> None:
    await home(pilot)
    pilot.app.copy_to_clipboard(CANARIES[0])  # a volunteer copied it from a record
    await hand_over(pilot)
    assert pilot.app.clipboard == ""


@pytest.fixture
def canary_kit(folder: Path) -> Path:
    """A kit full of what nobody may see."""
    planted(folder)
    return folder


@pytest.mark.parametrize(("stage", "name"), PAGES, ids=NAMES)
async def test_no_key_leads_out(canary_kit: Path, stage: Stage, name: str) -> None:
    app = FieldkitApp(canary_kit)
    async with app.run_test(size=SIZE) as pilot:
        await _handed(pilot)
        await _show(pilot, stage, name)
        keys = every_key()
        assert len(keys) > 350
        for key in keys:
            await pilot.press(key)
            _nothing_else(pilot, key)
            if not await _is_on(pilot, stage, name):
                await _show(pilot, stage, name)
        assert not app.faults
        await app.leave()


@pytest.mark.parametrize(
    ("stage", "name"), [PAGES[1], PAGES[4], PAGES[9], PAGES[13]], ids=["notice", "text", "code", "pin"]
)
async def test_no_two_keys_lead_out(canary_kit: Path, stage: Stage, name: str) -> None:
    app = FieldkitApp(canary_kit)
    async with app.run_test(size=SIZE) as pilot:
        await _handed(pilot)
        for first, second in product(STRONG, STRONG):
            await _show(pilot, stage, name)
            await pilot.press(first, second)
            _nothing_else(pilot, (first, second))
        assert not app.faults
        await app.leave()


def _sequences() -> list[str]:
    """What a terminal may send: every sequence that Textual knows, of mice, pastes, focus, sizes, and broken ones."""
    mice = [
        f"\x1b[<{button};{x};{y}{end}"
        for button in (0, 1, 2, 35, 64, 65)
        for x, y in ((1, 1), (40, 12), (79, 23))
        for end in "Mm"
    ]
    pastes = [
        f"\x1b[200~{words}\x1b[201~"
        for words in ("q", "\x10", "\x1b", PIN[:2], "[@click=app.quit]x[/]", "a\nb" * 50)
    ]
    others = [
        "\x1b[I",
        "\x1b[O",
        "\x1b[?1;2c",
        "\x1b[48;5;20;0;0t",
        "\x1b]52;c;aGk=\x07",
        "\x1b[",
        "\x1b\x1b",
        "\x1bO",
        "\x00",
    ]
    return [*ANSI_SEQUENCES_KEYS, *mice, *pastes, *others]


@pytest.mark.parametrize(("stage", "name"), PAGES, ids=NAMES)
async def test_no_sequence_of_a_terminal_leads_out(canary_kit: Path, stage: Stage, name: str) -> None:
    app = FieldkitApp(canary_kit)
    async with app.run_test(size=SIZE) as pilot:
        await _handed(pilot)
        await _show(pilot, stage, name)
        for sequence in _sequences():
            parser: Any = XTermParser()
            for event in [*parser.feed(sequence), *parser.feed("")]:
                if not isinstance(event, events.Resize):
                    event.set_sender(app)
                    app.post_message(event)
            await pilot.pause()
            _nothing_else(pilot, repr(sequence))
            if not await _is_on(pilot, stage, name):
                await _show(pilot, stage, name)
        assert not app.faults
        await app.leave()


@pytest.mark.parametrize(("stage", "name"), PAGES, ids=NAMES)
async def test_no_size_shows_more(canary_kit: Path, stage: Stage, name: str) -> None:
    app = FieldkitApp(canary_kit)
    async with app.run_test(size=SIZE) as pilot:
        await _handed(pilot)
        await _show(pilot, stage, name)
        for width, height in ((20, 5), (1, 1), (3, 2), (60, 20), (200, 50), (300, 2), (2, 90), (120, 40)):
            await pilot.resize_terminal(width, height)
            app.post_message(events.Resize(Size(width, height), Size(width, height)))
            await pilot.press("up", "f1", "ctrl+p")
            _nothing_else(pilot, (width, height))
            await _show(pilot, stage, name)
        assert not app.faults
        await app.leave()
