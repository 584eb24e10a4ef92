"""Verifying the folder of a pack: whether it is as it was written."""

from __future__ import annotations

import stat
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from fieldkit.disk_errors import disk_error
from fieldkit.errors import Misuse, NotFound
from fieldkit.presentation.pack.pack_manifest import FORMAT, MANIFEST, pack_id
from fieldkit.strict_json import read_json
from fieldkit.text import quoted

_LARGEST, _LARGEST_MANIFEST = 200_000_000, 4_000_000
"""The most bytes in a file of a pack, and in its manifest: larger files are not read. The longest manifests have a few hundred
KB.
"""


def verify_folder(folder: Path) -> list[str]:
    """How a pack differs from its manifest, a sentence each; empty if nothing differs.

    Raises:
        NotFound: there is no pack.
        Misuse: its manifest can't be read.
        StorageError: the disk refuses.
    """
    content = _read_manifest(folder)
    differences = []
    if content.get("pack_id") != pack_id(content):
        differences.append(f"{MANIFEST} was changed: it does not give its own id.")
    listed = content.get("files")
    known = listed if isinstance(listed, dict) else {}
    try:
        here = dict(_entries(folder))
        for name in sorted(known):
            entry = here.get(name)
            sentence = "is missing." if entry is None else _difference(entry, known[name])
            if sentence:
                differences.append(f"{_quoted(name)} {sentence}")
    except OSError as error:
        raise disk_error(error, folder) from error
    in_order = sorted(known)
    for name in sorted(here.keys() - known.keys() - {MANIFEST}):
        # A folder that belongs to the pack is not an addition, but a link in its place leads elsewhere.
        listed_below = _is_listed_below(name, in_order)
        if listed_below and stat.S_ISDIR(here[name].mode):
            continue
        what = "is a link, not a folder." if listed_below else "does not belong to the pack."
        differences.append(f"{_quoted(name)} {what}")
    return differences


def _is_listed_below(folder: str, in_order: list[str]) -> bool:
    """Whether the manifest lists a file below a folder of this name; its names are sorted."""
    at = bisect_left(in_order, f"{folder}/")
    return at < len(in_order) and in_order[at].startswith(f"{folder}/")


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if path.is_symlink() or not path.is_file():
        raise NotFound(
            f"“{folder.name}” holds no pack: there is no {MANIFEST}.",
            hint="Name the folder that the pack was written to.",
        )
    try:
        content = read_json(path.read_bytes()) if path.stat().st_size <= _LARGEST_MANIFEST else None
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Misuse(
            f"{MANIFEST} can't be read: it was changed, or another version of fieldkit wrote it.",
            kept="Nothing was changed.",
        )
    return content


@dataclass(frozen=True)
class _Entry:
    """A file, folder, link or anything else below the folder: its path, mode and size. Links are not followed."""

    path: Path
    mode: int
    size: int


def _difference(entry: _Entry, checksum: object) -> str:
    """What is wrong with a file of the pack, "" if nothing is. Reads only plain files of a limited size."""
    if stat.S_ISLNK(entry.mode):
        return "is a link, not a file."
    if not stat.S_ISREG(entry.mode):
        return "is not a file."
    if entry.size > _LARGEST:
        return "was changed: it is larger than any file of a pack."
    with entry.path.open("rb") as file:
        return "" if file_digest(file, "sha256").hexdigest() == checksum else "was changed."


def _entries(folder: Path) -> Iterator[tuple[str, _Entry]]:
    """Everything below `folder` by its name in the pack; links are not followed. Raises OSError."""
    waiting = [folder]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            status = path.lstat()
            yield path.relative_to(folder).as_posix(), _Entry(path, status.st_mode, status.st_size)
            if stat.S_ISDIR(status.st_mode):
                waiting.append(path)


def _quoted(name: object) -> str:
    return f"{quoted(str(name), 100)}"
