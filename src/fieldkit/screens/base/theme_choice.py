"""The colours chosen for this laptop: stored beside the kit, so that they apply before it is unlocked."""

from __future__ import annotations

import contextlib
from pathlib import Path

from fieldkit.file_writing import write_private_file
from fieldkit.operating_system import read_regular
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.widgets.themes import DARK, THEMES

_FILE = "colours"


def chosen_theme(folder: Path) -> str:
    """The name of the theme chosen for the kit in `folder`; the dark one if none was chosen, or the file can't be read."""
    with contextlib.suppress(OSError):
        name = read_regular(folder / _FILE, 64).decode("ascii", "replace").strip()
        if name in THEMES:
            return name
    return DARK.name


def next_theme(name: str) -> str:
    """The name of the theme after this one."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]


def keep_theme(folder: Path, name: str) -> None:
    """Store the choice; without a kit, or if nothing can be written, it lasts for this run of the program."""
    if KeyFiles(folder).exists:
        with contextlib.suppress(OSError):
            write_private_file(folder / _FILE, name.encode())
