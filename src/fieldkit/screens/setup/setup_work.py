"""The threads' part of setting up: making the kit, creating or joining the network, and looking for invitations."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.paths import expanded
from fieldkit.removable_media import is_system_name
from fieldkit.store.db.passphrases import SHORTEST, weakness

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity

_STRONG, _FAIR = 20, 12


@dataclass(frozen=True)
class Ready:
    """A kit that was set up."""

    kit: Kit
    me: Identity


@dataclass(frozen=True)
class UnjoinedKit:
    """A kit that was made, but belongs to no network because the second step failed with `error`."""

    kit: Kit
    error: Exception


def strength(passphrase: str, names: Iterable[str] = ()) -> str:
    """How hard a passphrase is to guess, in words; `names` are those of the network and the laptop."""
    if not passphrase:
        return ""
    if len(passphrase.strip()) < SHORTEST:
        return f"Too short: at least {SHORTEST} characters"
    word_count = len(passphrase.split())
    if reason := weakness(passphrase, names):
        return f"Too easy to guess: {reason}"
    if len(passphrase) >= _STRONG or word_count >= 4:
        return "Strong"
    if len(passphrase) >= _FAIR or word_count >= 2:
        return "Fair; another word makes it strong"
    return "Weak; two or three more words make it strong"


def make(
    folder: Path,
    kit: Kit | None,
    passphrase: str | None,
    join_network: Callable[[Kit], Identity],
    names: Iterable[str] = (),
    code: str = "",
) -> Ready | UnjoinedKit:
    """Make the kit, unless an interrupted set-up left one, then bring it into its network with `join_network`.

    `code` is the recovery code, which was shown already.

    Raises:
        FieldkitError: the kit could not be made; the folder is empty.
    """
    from fieldkit.store.kit import Kit as TheKit
    from fieldkit.sync.network.location import check_place

    if kit is None:
        kit, _ = TheKit.create(folder, passphrase, names, code)
    try:
        me = join_network(kit)
        check_place(kit)
        return Ready(kit, me)
    except Exception as error:
        return UnjoinedKit(kit, error)


def invitations(here: Path) -> list[Path]:
    """Invitation files in the usual places: sticks, downloads, the user's own folder, the folder the program started in."""
    from fieldkit.screens.base.places import Place, files_at, places

    paths: list[Path] = []
    for place in [*places(), Place(here, "here")]:
        for file in files_at(place):
            if file.path.suffix.lower() == ".fkn" and file.path not in paths:
                paths.append(file.path)
    return paths


def completed(typed: str, ending: str) -> str:
    """A typed path, completed with the letters that are common to all folders, and files with this ending, that it may mean."""
    path = expanded(typed)
    folder, start = (path, "") if typed.endswith("/") else (path.parent, path.name)
    try:
        names = [
            entry.name + ("/" if entry.is_dir() else "")
            for entry in os.scandir(folder)
            if entry.name.startswith(start)
            and (entry.is_dir() or entry.name.lower().endswith(ending))
            and (start or not entry.name.startswith("."))
            and not is_system_name(entry.name)
        ]
    except OSError:
        return typed
    common = _common(names)
    return str(folder / common) + ("/" if common.endswith("/") else "") if len(common) > len(start) else typed


def _common(names: list[str]) -> str:
    """The characters that all names begin with."""
    first, last = min(names, default=""), max(names, default="")
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[:same]
