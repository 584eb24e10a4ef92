"""Places for files that travel: sticks that are plugged in, the folder used last, or a typed path."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from textual.app import App

from fieldkit.errors import PlaceRefused
from fieldkit.paths import BUNDLE_ENDINGS, expanded
from fieldkit.presentation.model.form_plan import Option
from fieldkit.removable_media import example_of_path, is_gone, is_system_name, name_of, sticks, takes_files
from fieldkit.widgets.dialogs.ask_line import AskLine, demanded
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm

_DEEPEST = 4
_MOST_LOOKED_AT = 5_000
_LAST = "as last time"
_TYPED, _LOOK_AGAIN = "typed", "look-again"
_NO_STICK = "No stick is in."
_PUT_IT_IN = (
    "Put it in, and choose 1 once its light is on. A folder of this laptop is offered, too; "
    "what is written there stays here until somebody copies it."
)


@dataclass(frozen=True)
class Place:
    """A folder that files can be written to or read from, and what it means to the person."""

    path: Path
    what: str


@dataclass(frozen=True)
class ListedFile:
    """A file at a place. `when` is its modification time in milliseconds since 1970."""

    path: Path
    size: int
    when: int


def places(last: str = "") -> list[Place]:
    """Where files may be written to or read from: sticks first, then the folder used last, then the user's own."""
    known_places = [Place(path, "stick") for path in sticks()]
    if last and (path := Path(last)).is_dir() and not is_gone(path):
        known = [place for place in known_places if path.is_relative_to(place.path)]
        known_places = [Place(path, f"{known[0].what}, {_LAST}" if known else _LAST)] + [
            place for place in known_places if place.path != path
        ]
    for path, what in ((Path.home() / "Downloads", "downloads"), (Path.home(), "your own folder")):
        if path.is_dir() and all(place.path != path for place in known_places):
            known_places.append(Place(path, what))
    return known_places


def files_at(place: Place, endings: tuple[str, ...] = BUNDLE_ENDINGS) -> list[ListedFile]:
    """The files with these endings at a place, the newest first; a stick is searched in depth, a home folder is not."""
    deep = _DEEPEST if place.what.startswith("stick") or place.what == _LAST else 0
    files: list[ListedFile] = []
    for path in _walk(place.path, endings, deep, [_MOST_LOOKED_AT]):
        try:
            about = path.stat()
        except OSError:
            continue
        files.append(ListedFile(path, about.st_size, int(about.st_mtime * 1000)))
    return sorted(files, key=lambda file: (-file.when, file.path.name))


def _walk(folder: Path, endings: tuple[str, ...], deep: int, left: list[int]) -> Iterator[Path]:
    """Files with these endings; `left` holds how many more names to look at, so that nobody waits long."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if is_system_name(entry.name):
            continue
        left[0] -= 1
        if left[0] < 0:
            return
        try:
            if entry.is_file() and entry.name.lower().endswith(endings):
                yield Path(entry.path)
            elif deep and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), endings, deep - 1, left)
        except OSError:
            continue


def typed_path(typed: str) -> Path:
    """A path as a person types it: without a file manager's quotes, with ~ for their own folder; whole, as it is kept."""
    return expanded(typed.strip().strip("'\"").strip()).absolute()


def off_this_laptop(path: Path) -> bool:
    """Whether a path is on a stick that is plugged in, or on another disk than the user's own folder."""
    return _on_another_disk(path) or any(path.is_relative_to(stick) for stick in sticks())


def where_it_lies(path: Path, it_is: str = "It is") -> str:
    """Behind a sentence that names a file which is to travel: that it is on this laptop, "" if it is not."""
    return "" if off_this_laptop(path) else f" {it_is} on this laptop, not on a stick."


async def ask_folder(
    app: App[object], title: str, last: str, text: str = "", *, travels: bool = False
) -> Path | None:
    """Ask where to write; None if the person went back. Await it in a worker of the app's own loop.

    `travels`: the file is meant to be carried away. Then sticks come first, and a missing stick is mentioned.
    """
    no_stick = _NO_STICK
    while True:
        offered, closed = await asyncio.to_thread(_by_use, last, travels=travels)
        options = [
            Option(str(number), name_of(place.path), _beside(place, travels=travels))
            for number, place in enumerate(offered)
        ]
        options.append(Option(_TYPED, "another place: type it"))
        parts = [
            text,
            *(f"Nothing can be written to {name_of(place.path)}, so it is left out." for place in closed),
        ]
        if travels and not any(_is_stick(place) for place in offered):
            options.insert(0, Option(_LOOK_AGAIN, "look for the stick again"))
            parts.insert(0, f"{no_stick} {_PUT_IT_IN}")
            no_stick = f"{_NO_STICK[:-1]} yet, looked for at {datetime.now():%H:%M:%S}."
        asked = Choose(title, options, "\n\n".join(filter(None, parts)), paths=True)
        chosen = await app.push_screen_wait(asked)
        if chosen is None:
            return None
        if chosen == _TYPED:
            return await ask_path(app, title, _demand_writable)
        if chosen != _LOOK_AGAIN:
            return offered[int(chosen)].path


async def ask_workbook(app: App[object], chosen: Path, name: str) -> tuple[Path, bool] | None:
    """Where a workbook is to be written, and whether it replaces a file; None if the person keeps that file.

    `chosen` is its folder, or the workbook itself; `name` is what it is called in a folder.
    """
    target = chosen if chosen.suffix.lower() == ".xlsx" else chosen / name
    if not await asyncio.to_thread(target.exists):
        return target, False
    asked = Confirm("Write over it?", f"{target.name} is there already.", yes="write over it", careful=True)
    return (target, True) if await app.push_screen_wait(asked) else None


def _is_stick(place: Place) -> bool:
    return place.what.startswith("stick")


def _beside(place: Place, *, travels: bool) -> str:
    if _is_stick(place) or not travels:
        return place.what
    return "on another disk" if _on_another_disk(place.path) else "on this laptop"


def _on_another_disk(path: Path) -> bool:
    """Whether a path is on another disk than the user's own folder: an unrecognised stick, or a server's disk."""
    try:
        return path.stat().st_dev != Path.home().stat().st_dev
    except OSError:
        return False


def _by_use(last: str, *, travels: bool) -> tuple[list[Place], list[Place]]:
    """The places that files can be written to, and those that exist but refuse writing."""
    offered: list[Place] = []
    closed: list[Place] = []
    for place in places(last):
        (offered if takes_files(place.path) else closed).append(place)
    if travels:
        offered.sort(key=_is_stick, reverse=True)
    return offered, closed


def _demand_writable(path: Path) -> None:
    """Check that files can be written to a folder, or that it can be made.

    Raises:
        PlaceRefused: they can't.
    """
    known = next((part for part in (path, *path.parents) if os.access(part, os.F_OK)), path)
    if not takes_files(known) or (known != path and not known.is_dir()):
        raise PlaceRefused(f"Nothing can be written to {name_of(known)}.", hint="Check the name.")


async def ask_path(
    app: App[object], title: str, demand: Callable[[Path], object], text: str = ""
) -> Path | None:
    """Ask for a path; None if the person went back. `demand` raises if a path can't be used: the box then says why and stays."""
    wrong = demanded(lambda typed: demand(typed_path(typed)))
    hint = text or f"For example {example_of_path()}, or ~/Desktop."
    typed = await app.push_screen_wait(AskLine(title, hint, check=wrong))
    return typed_path(typed) if typed is not None else None
