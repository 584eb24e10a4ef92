"""The folder of a pack, verified: whether it is as it was written."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from fieldkit.errors import Misuse, NotFound
from fieldkit.presentation.pack.pack_manifest import FORMAT, MANIFEST, pack_id

_LARGEST = 200_000_000
"""Bytes of one file of a pack: what is larger is not read."""


def verify_folder(folder: Path) -> list[str]:
    """What differs between a pack and its manifest, a sentence each; nothing where all is as it was written.

    Raises:
        NotFound: there is no pack.
        Misuse: its manifest can't be read.
    """
    content = _read_manifest(folder)
    found = []
    if content.get("pack_id") != pack_id(content):
        found.append(f"{MANIFEST} was changed: it does not give its own id.")
    listed = content.get("files")
    known = listed if isinstance(listed, dict) else {}
    here = dict(_files(folder))
    for name in sorted(known):
        path = here.get(name)
        if path is None:
            found.append(f"{_quoted(name)} is missing.")
        elif (
            path.is_symlink()
            or path.stat().st_size > _LARGEST
            or sha256(path.read_bytes()).hexdigest() != known[name]
        ):
            found.append(f"{_quoted(name)} was changed.")
    found += [
        f"{_quoted(name)} does not belong to the pack."
        for name in sorted(here.keys() - known.keys() - {MANIFEST})
    ]
    return found


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise NotFound(
            f"“{folder.name}” holds no pack: there is no {MANIFEST}.",
            hint="Name the folder that the pack was written to.",
        )
    try:
        content = json.loads(path.read_bytes()) if path.stat().st_size <= _LARGEST else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Misuse(
            f"{MANIFEST} can't be read: it was changed, or another version of fieldkit wrote it.",
            kept="Nothing was changed.",
        )
    return content


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for at, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(at) / name
            yield path.relative_to(folder).as_posix(), path


def _quoted(name: object) -> str:
    from fieldkit.text import clean_line

    return f"“{clean_line(str(name))[:100]}”"
