"""No key and no sequence of keys leads a respondent out of their questions, or shows anything but their own answers."""

from __future__ import annotations

import asyncio
import string
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.geometry import Size
from textual.keys import Keys, key_to_character
from textual.pilot import Pilot

from app_desk import SIZE, picture
from fieldkit.app import FieldkitApp
from fieldkit.screens.base.secret_lines import SecretInput
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.screens.kiosk.kiosk_screen import KioskScreen
from fieldkit.widgets.inputs import LineInput, WordsArea
from kiosk_desk import CANARIES, PIN, handed_over, kiosk

pytestmark = pytest.mark.journey

#: What a respondent may have in view: the page and, for a question, its name.
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
    (Stage.GUARDIAN, ""),
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
    """Every key that Textual names, with every modifier that a terminal may send."""
    named = {str(key.value) for key in Keys}
    named |= {*string.ascii_letters, *string.digits}
    named |= {modifier + letter for modifier, letter in product(("ctrl+", "alt+"), string.ascii_lowercase)}
    named |= {modifier + key for modifier, key in product(_MODIFIERS, [*_FUNCTION, *_NAMED, *_ARROWS])}
    named |= {key.value for keys in ANSI_SEQUENCES_KEYS.values() if isinstance(keys, tuple) for key in keys}
    return sorted(named)


#: Keys that have an effect somewhere in the program, for sequences of two.
STRONG = (
    "escape", "enter", "tab", "shift+tab", "ctrl+c", "ctrl+z", "ctrl+q", "ctrl+p", "ctrl+t", "ctrl+l", "ctrl+g", "ctrl+s",
    "ctrl+backslash", "f1", "f2", "f8", "f9", "f10", "question_mark", "slash", "q", "h", "u", "backspace", "up", "0",
)  # fmt: skip


OWN = "my own answer"
_SIZES = ((20, 5), (1, 1), (3, 2), (60, 20), (200, 50), (300, 2), (2, 90), (120, 40), SIZE)


def sequences() -> list[str]:
    """What a terminal may send: every sequence that Textual knows, of mice, pastes, focus, sizes, and broken ones."""
    # Newer terminals report a letter with modifiers like this: 5 is Ctrl, 6 Ctrl+Shift, 9 Super.
    reported = [
        form.format(code=code, modifier=modifier)
        for form in ("\x1b[{code};{modifier}u", "\x1b[27;{modifier};{code}~")
        for code in (9, 13, 27, 92, 127, *b"acdghlmpqtuvxz")
        for modifier in (5, 6, 9)
    ]
    mice = [
        f"\x1b[<{button};{x};{y}{end}"
        for button in (0, 1, 2, 16, 35, 64, 65)
        for x, y in ((1, 1), (40, 12), (79, 23))
        for end in "Mm"
    ]
    pastes = [
        f"\x1b[200~{typed}\x1b[201~"
        for typed in ("q", "\x10", "\x1b", PIN[:2], "[@click=app.quit]x[/]", "a\nb" * 50, "\x1b[21~q" * 20)
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
    return [*ANSI_SEQUENCES_KEYS, *reported, *mice, *pastes, *others]


def every_input() -> dict[str, list[events.Event]]:
    """All possible input: its meaning -> the events. Of sequences that mean the same key there is only one."""
    inputs: dict[str, list[events.Event]] = {}
    for key in every_key():
        inputs[f"{key} {key_to_character(key)}"] = [events.Key(key, key_to_character(key))]
    for sequence in sequences():
        parser: Any = XTermParser()
        inputs_given = [
            each for each in (*parser.feed(sequence), *parser.feed("")) if isinstance(each, events.Event)
        ]
        inputs_given = [each for each in inputs_given if not isinstance(each, events.Resize)]
        inputs.setdefault(" ".join(map(_meaning, inputs_given)), inputs_given)
    return inputs


def _meaning(event: events.Event) -> str:
    """What an event means to the program, which uses a key's name and the letter that it types."""
    if not isinstance(event, events.Key):
        return repr(event)
    return f"{event.key} {event.character if event.is_printable else None}"


class Respondent:
    """A respondent who tries to leave one page of the questions, in a program that was handed over."""

    def __init__(self, app: FieldkitApp, pilot: Pilot[object], stage: Stage, name: str) -> None:
        self.app, self.pilot, self.stage, self.name = app, pilot, stage, name

    async def turn_to_page(self) -> None:
        """Go to the page, with answers given; end whatever was begun elsewhere."""
        await self.app.workers.wait_for_complete()
        screen = kiosk(self.pilot)
        screen._form.values = {"consent_record": "Y", "rating": "2", "experience": OWN}
        if self.stage is Stage.GUARDIAN:
            screen._form.values |= {"age_band": "under-16", "guardian_present": "N"}
        screen._code = "K7Q2-M9XD-4TBW" if self.stage is Stage.THANKS else ""
        screen._before_pin, screen._busy, screen._is_locked = Stage.QUESTION, False, self.stage is Stage.LEFT
        screen._turn_to(self.stage, self.name)
        await self.pilot._wait_for_screen()

    @property
    def is_on_page(self) -> bool:
        """Whether the page is still in view."""
        screen = kiosk(self.pilot)
        question = screen.question
        return screen.stage is self.stage and (
            not self.name or (question is not None and question.name == self.name)
        )

    @property
    def state(self) -> object:
        """Everything that a key may change: the page, the answers, the text typed and its place, and the program's state."""
        screen, app = kiosk(self.pilot), self.app
        area, line = screen.query_one(WordsArea), screen.query_one("#answer-line", LineInput)
        return (
            {name: value for name, value in vars(screen).items() if isinstance(value, Stage | str | bool)},
            screen._at,
            dict(screen._form.values),
            (screen._form.asked, screen._form.catalogue.code, screen._form.says_more, screen._form.kind_of),
            (area.text, area.selection, line.value, line.selection, screen.query_one(SecretInput).value),
            (screen.focused, app.theme, app.clipboard, len(app.screen_stack), len(app._waits_uncovered)),
        )

    async def give(self, *given_events: events.Event) -> None:
        """Send events to the program, and wait until it has handled them."""
        for event in given_events:
            event.set_sender(self.app)
            self.app.post_message(event)
        if not all(isinstance(event, events.Key) for event in given_events):
            await self.pilot._wait_for_screen()
        await asyncio.sleep(0)
        async with asyncio.timeout(60):
            while not self.app.keys_are_done:
                await asyncio.sleep(0)
        self.app.screen._on_timer_update()

    async def press(self, *keys: str) -> None:
        """Press these keys."""
        for key in keys:
            await self.give(events.Key(key, key_to_character(key)))

    def sees_nothing_else(self, after: object) -> None:
        """Check that only the respondent's own page is in view."""
        assert self.app.is_running and not self.app._exit, after
        assert isinstance(self.app.screen, KioskScreen), (after, self.app.screen)
        assert self.app.screen.stage is not Stage.VOLUNTEER, after
        seen = picture(self.pilot)
        assert not any(canary in seen for canary in CANARIES), (after, seen)
        assert "AT THIS EVENT" not in seen and "Commands" not in seen, (after, seen)
        if self.stage in {Stage.LEFT, Stage.GUARDIAN}:
            assert OWN not in seen, (after, seen)  # nobody sees the answers without the PIN

    async def returns(self, after: object) -> None:
        """Check what the keys led to, and return to the page if it was left."""
        if not self.is_on_page:
            await self.pilot._wait_for_screen()
            self.sees_nothing_else(after)
            await self.turn_to_page()


@asynccontextmanager
async def respondent_on(folder: Path, stage: Stage, name: str) -> AsyncIterator[Respondent]:
    """A respondent on this page; at the end the program must have reported no faults."""
    async with handed_over(folder) as (app, pilot):
        respondent = Respondent(app, pilot, stage, name)
        await respondent.turn_to_page()
        assert respondent.is_on_page
        yield respondent
        await app.workers.wait_for_complete()
        await pilot.pause()
        respondent.sees_nothing_else("at the end")
        assert not app.faults
        await app.leave()


@pytest.mark.parametrize(("stage", "name"), PAGES, ids=NAMES)
async def test_nothing_that_a_terminal_sends_leads_out(planted_folder: Path, stage: Stage, name: str) -> None:
    inputs = every_input()
    assert len(every_key()) > 350 and len(inputs) > 400
    async with respondent_on(planted_folder, stage, name) as respondent:
        for what, given_events in inputs.items():
            await respondent.give(*given_events)
            respondent.sees_nothing_else(what)
            await respondent.returns(what)
        for width, height in _SIZES:
            await respondent.pilot.resize_terminal(width, height)
            await respondent.give(events.Resize(Size(width, height), Size(width, height)))
            for key in ("up", "f1", "ctrl+p"):
                await respondent.press(key)
                respondent.sees_nothing_else((width, height, key))
            await respondent.turn_to_page()


@pytest.mark.parametrize(
    ("stage", "name"), [PAGES[1], PAGES[4], PAGES[9], PAGES[13]], ids=["notice", "text", "code", "pin"]
)
async def test_no_two_keys_lead_out(planted_folder: Path, stage: Stage, name: str) -> None:
    async with respondent_on(planted_folder, stage, name) as respondent:
        for first in STRONG:
            before = respondent.state
            await respondent.press(first)
            respondent.sees_nothing_else(first)
            if respondent.state == before:
                continue  # alone it changes nothing: with a second key, it is the same as that key alone
            await respondent.turn_to_page()
            for second in STRONG:
                await respondent.press(first)
                respondent.sees_nothing_else(first)
                await respondent.press(second)
                respondent.sees_nothing_else((first, second))
                await respondent.returns((first, second))
