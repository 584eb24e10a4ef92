"""Where to write a file: a typed name or folder."""

from __future__ import annotations

import os
from pathlib import Path

from fieldkit.disk_errors import disk_error
from fieldkit.errors import Misuse
from fieldkit.paths import expanded

_LONGEST_PART, _LONGEST_PATH = 255, 4_000


def path_of(typed: str | Path) -> Path:
    """A typed path, with ~ for the home folder if there is one.

    Raises:
        Misuse: it is longer than any disk allows.
    """
    path = Path(typed)
    if len(os.fsencode(path)) > _LONGEST_PATH or any(
        len(os.fsencode(part)) > _LONGEST_PART for part in path.parts
    ):
        raise Misuse("That name is too long for any disk.", kept="Nothing was changed.", hint="Check it.")
    return expanded(typed)


def demand_named(typed: str, example: str) -> None:
    """Raise Misuse if --out is given but empty (a script's unset variable, for example)."""
    if not typed.strip():
        raise Misuse(
            "No name follows --out.", kept="Nothing was written.", hint=f"For example: --out {example}"
        )


def target_of(typed: str, ending: str, what: str) -> Path:
    """The file or folder to write `what` (“a bundle”) to; a name that ends in a slash is a folder, made if needed.

    Raises:
        Misuse: nothing was named, or another sort of file is there.
        StorageError: the folder can't be made.
    """
    demand_named(typed, f"name{ending}")
    try:
        typed.encode()
    except UnicodeEncodeError:
        # The kit stores the names of the files that it wrote, and these characters can't be stored.
        raise Misuse(
            "That name holds characters that can't be shown.",
            kept="Nothing was written.",
            hint="Choose another name.",
        ) from None
    path = path_of(typed)
    if typed.endswith(("/", os.sep)):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error, path) from error
    elif _exists(path) and not path.is_dir() and not (path.is_file() and path.suffix.lower() == ending):
        raise Misuse(
            f"{path.name} is there already, and it is not {what}.",
            kept="It was left as it is.",
            hint=f"Choose another name; {what} ends in {ending}",
        )
    return path


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise disk_error(error, path) from error
