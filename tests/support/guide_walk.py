"""Walks through a guide in Markdown: presses its keys, types its text, and looks for what it says is shown.

`boxed` is a key, *slanted* is typed, **bold** is on the screen before the next key. A comment `<!-- walk: … -->`, which no
printed page shows, holds what the reader does besides: further steps with the same marks. Text between
`<!-- not walked -->` and `<!-- walked -->` is not carried out; its keys need only be keys of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from textual.pilot import Pilot
from textual.screen import Screen

from desk import text
from fieldkit.commands.table import COMMANDS
from fieldkit.screens.home.home_screen import HomeScreen
from waiting import drawn, until

STEP = re.compile(
    r"<!-- (?P<comment>.*?) -->|`(?P<key>[^`]+)`|\*\*(?P<says>[^*]+)\*\*|\*(?P<types>[^*\n]+)\*", re.DOTALL
)
KEYS = {
    "esc": "escape",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
    "/": "slash",
    "+": "plus",
    "-": "minus",
    "=": "equals_sign",
    "?": "question_mark",
}


@dataclass(frozen=True)
class Step:
    """One step of a guide, with its line number."""

    kind: Literal["key", "says", "types", "told"]
    text: str
    line: int


def steps_of(guide: str) -> Iterator[Step]:
    """The steps of a guide in order."""
    walked = True
    for match in STEP.finditer(guide):
        line = guide.count("\n", 0, match.start()) + 1
        if (comment := match["comment"]) is not None:
            if comment in {"not walked", "walked"}:
                walked = comment == "walked"
            elif comment.startswith("walk:"):
                for more in STEP.finditer(comment):
                    yield _step(more, line, True)
            continue
        yield _step(match, line, walked)


def _step(match: re.Match[str], line: int, walked: bool) -> Step:
    for kind in ("key", "says", "types"):
        if (step_text := match[kind]) is not None:
            return Step(kind if walked else "told", " ".join(step_text.split()), line)  # type: ignore[arg-type]
    raise AssertionError(match[0])


def is_key(text: str) -> bool:
    """Whether this is a key that the program answers, or one of its commands."""
    known = {
        key for command in COMMANDS for key in (*command.shown_keys.split(", "), *command.keys.split(","))
    }
    return (
        text in known
        or (len(text) == 1 and text.isalnum())
        or text in {"enter", "esc", "tab", "shift+tab", "↑", "↓", "+"}
        or text.startswith("fieldkit")
    )


async def walk(guide: Path, pilot: Pilot[Any]) -> int:
    """Do what the guide says; returns the number of keys pressed. Fails at the first step that does not work."""
    keys = 0
    for step in steps_of(guide.read_text("utf-8")):
        where = f"{guide.name}:{step.line}: “{step.text}”"
        match step.kind:
            case "key":
                assert is_key(step.text), where
                await _ready(pilot, where)
                await pilot.press(KEYS.get(step.text, step.text))
                keys += 1
            case "types":
                await _ready(pilot, where)
                for letter in step.text:
                    await pilot.press("space" if letter == " " else KEYS.get(letter, letter))
                keys += len(step.text)
            case "says":
                await _see(pilot, step.text, where)
    return keys


async def _ready(pilot: Pilot[Any], where: str) -> None:
    """Wait until the screen takes keys, as a reader of the guide does."""

    def ready() -> bool:
        screen = pilot.app.screen
        drawn = not isinstance(screen, HomeScreen) or "RECORD" in text(pilot.app)
        return type(screen) is not Screen and getattr(screen, "takes_keys", True) and drawn

    await drawn(pilot)
    await until(pilot, ready, f"{where}: the screen to take keys")


async def _see(pilot: Pilot[Any], shown: str, where: str) -> None:
    def seen() -> bool:
        return " ".join(shown.split()) in " ".join(text(pilot.app).replace("│", " ").split())

    await until(pilot, seen, where)
