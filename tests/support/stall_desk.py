"""The stall board in tests: an event of today, the board in view, and what is on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app_desk import on, records, shown, type_in
from fieldkit.screens.stall.name_line import NameLine
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from fieldkit.widgets.key_hints import hints_of
from waiting import until


@pytest.fixture
def fair(folder: Path) -> Path:
    """A kit with an event of today."""
    hold_today(folder)
    return folder


#: The fixture for a module of such tests to import: `(fair,) = FIXTURES`.
FIXTURES = (fair,)


@pytest.fixture
def field_fair(pair: tuple[Path, Path, str]) -> Path:
    """The kit of a field laptop, which sends what it records to its coordinator, with an event of today."""
    folder, _, event_id = pair
    with Kit.open(folder) as kit:
        kit.settings.put(EVENT, event_id)
    hold_today(folder)
    return folder


#: The same for a field laptop: `(field_fair,) = FIELD_FIXTURES`.
FIELD_FIXTURES = (field_fair,)


def hold_today(folder: Path) -> str:
    """Move the chosen event to today; returns its id."""
    with Kit.open(folder) as kit:
        event_id = kit.settings.get(EVENT)
        kit.edit(kit.get(event_id), {"date": date.today().isoformat()})
    return event_id


def add_people(folder: Path, names: Sequence[str]) -> list[str]:
    """Add people with these names; returns their ids."""
    with Kit.open(folder) as kit:
        people = kit.add_many("person", [{"name": name, "consent_record": "Y"} for name in names])
        return [person.record_id for person in people]


async def board(pilot: Pilot[object]) -> StallBoard:
    """Wait until the board takes keys."""
    await on(pilot, StallBoard)
    screen = pilot.app.screen
    assert isinstance(screen, StallBoard)
    await until(pilot, lambda: screen.takes_keys, "the event on the board")
    return screen


def line(pilot: Pilot[object]) -> str:
    """What is typed on the name line."""
    return pilot.app.screen.query_one(NameLine).value


def undo_words(pilot: Pilot[object]) -> str:
    """The text of what undo and redo would do."""
    return shown(pilot, "#undo")


async def type_name(pilot: Pilot[object], letters: str, shows: str) -> None:
    """Type letters, and wait until `shows` appears below the line."""
    await type_in(pilot, letters)
    await until(pilot, lambda: line(pilot) == letters and shows in shown(pilot, "#rows"), shows)


async def undone_to(pilot: Pilot[object], sentence: str) -> None:
    """Wait until undo names `sentence` next."""
    await until(pilot, lambda: sentence in undo_words(pilot), sentence)


def counted(folder: Path) -> dict[str, int]:
    """Group -> heads, for every stored count."""
    return {
        str(row["attendee_group"]): int(str(row["head_count"]))
        for row in records(folder, "attendance")
        if row.get("head_count")
    }


def names(folder: Path) -> list[str]:
    """The names of all stored people."""
    return [str(person["name"]) for person in records(folder, "person")]


def foot(pilot: Pilot[None]) -> dict[str, str]:
    """Key -> its label at the foot."""
    return {hint.key: hint.label for hint in hints_of(pilot.app.screen)}
