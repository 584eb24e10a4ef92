"""The whole program from its start, driven by keys: waiting for a screen, typing, and reading what is on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Static

from desk import text
from fieldkit.app import FieldkitApp
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from waiting import until

SIZE = (80, 24)


@asynccontextmanager
async def running(folder: Path, passphrase: str | None = None, **options: Any) -> AsyncIterator[Pilot[None]]:
    """Run the program on a kit, and leave it at the end; it must have reported no faults."""
    app = FieldkitApp(folder, passphrase, **options)
    async with app.run_test(size=SIZE) as pilot:
        yield pilot
        await app.leave()
    assert app.faults == []


@asynccontextmanager
async def at_home(folder: Path, passphrase: str | None = None) -> AsyncIterator[Pilot[None]]:
    """Run the program on a kit until home is in view, and leave it at the end."""
    async with running(folder, passphrase) as pilot:
        await home(pilot)
        yield pilot


async def on(pilot: Pilot[object], screen: type[object]) -> None:
    """Wait until a screen of this type is in view."""
    await until(pilot, lambda: isinstance(pilot.app.screen, screen), screen.__name__)


async def home(pilot: Pilot[object]) -> None:
    """Wait until the home screen shows its figures; if an event is chosen, its board opens first and is left."""

    def board_or_figures() -> bool:
        screen = pilot.app.screen
        if isinstance(screen, StallBoard):
            return screen.takes_keys
        return isinstance(screen, HomeScreen) and "RECORD" in shown(pilot, "#left")

    await until(pilot, board_or_figures, "home or the board")
    if isinstance(pilot.app.screen, StallBoard):
        await pilot.press("escape")
    await on(pilot, HomeScreen)
    await until(pilot, lambda: "RECORD" in shown(pilot, "#left"), "the figures")


async def form(pilot: Pilot[object], *keys: str) -> None:
    """Press these keys, if any, and wait until a form takes keys."""
    if keys:
        await pilot.press(*keys)
    await on(pilot, EntryScreen)

    def ready() -> bool:
        screen = pilot.app.screen
        assert isinstance(screen, EntryScreen)
        return screen.form is not None and screen.form.question is not None

    await until(pilot, ready, "the form")


async def type_in(pilot: Pilot[object], text: str) -> None:
    """Type `text`."""
    await pilot.press(*("space" if letter == " " else letter for letter in text))


def shown(pilot: Pilot[object], selector: str) -> str:
    """The text of a Static."""
    return str(pilot.app.screen.query_one(selector, Static).content)


def picture(pilot: Pilot[object]) -> str:
    """Everything that is in view, as text."""
    return text(pilot.app)


def records(folder: Path, kind: str) -> list[dict[str, object]]:
    """The values of every record of a kind, read from the disk, the newest first."""
    with Kit.open(folder) as kit:
        return [record.values for record in kit.page(kind)]


async def saved(pilot: Pilot[object]) -> None:
    """Wait until the form says that it was saved."""
    await until(pilot, lambda: "saved" in shown(pilot, "#done"), "the save")


async def save_and_close(pilot: Pilot[object]) -> None:
    """Save a form, and leave the page that confirms it."""
    await pilot.press("f2")
    await saved(pilot)
    await pilot.press("enter")


async def agree_and_save(pilot: Pilot[object]) -> None:
    """Save a form with an unanswered consent question: it opens there, the person says yes, and it is saved."""
    await pilot.press("f2")
    await until(
        pilot,
        lambda: "kept only with a yes" in " ".join(picture(pilot).replace("▌", " ").split()),
        "the question about consent",
    )
    await pilot.press("1", "f2")
    await saved(pilot)


async def agree_at_once(pilot: Pilot[object]) -> None:
    """Answer yes in a form that begins with the consent question, and save it."""
    await until(pilot, lambda: "May we keep what you said?" in picture(pilot), "the question about consent")
    await pilot.press("1", "f2")
    await saved(pilot)


def form_values(pilot: Pilot[object]) -> dict[str, object]:
    """The answers of the form in view."""
    screen = pilot.app.screen
    assert isinstance(screen, EntryScreen) and screen.form is not None
    return dict(screen.form.values)


def asked(pilot: Pilot[object]) -> str:
    """The name of the question being answered."""
    screen = pilot.app.screen
    assert isinstance(screen, EntryScreen) and screen.form is not None and screen.form.question is not None
    return screen.form.question.name
