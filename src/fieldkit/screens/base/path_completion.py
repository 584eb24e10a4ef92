"""Tab behind the beginning of a path; apart from `places`, which loads dialogs: the first frame needs none."""

from __future__ import annotations

import os

from fieldkit.paths import expanded
from fieldkit.removable_media import is_system_name


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
