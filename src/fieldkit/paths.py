"""Where a kit lies, and what paths mean that were typed."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from fieldkit.disk_errors import disk_error

#: How the names of files end that a merge takes: bundles, network files, receipts.
BUNDLE_ENDINGS = (".fkb", ".fkn", ".fkr")


def expanded(typed: str | Path) -> Path:
    """A path as it was typed, with ~ at its beginning for a home folder; ./~ and the ~ of nobody are names like others."""
    path = Path(typed)
    if str(typed).startswith("~"):
        with contextlib.suppress(RuntimeError):  # ~name/… where nobody of that name has a home here
            return path.expanduser()
    return path


def kit_folder(chosen: str | None = None) -> Path:
    """The kit's folder: `chosen`, else the environment's FIELDKIT_HOME, else the platform's data folder. Not created.

    A link stands for the folder that it leads to: a restored kit lies on the same disk as the one before.
    """
    if typed := chosen or os.environ.get("FIELDKIT_HOME"):
        return real(expanded(typed))
    import platformdirs

    return Path(platformdirs.user_data_dir("fieldkit", appauthor=False))


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a file called `path` is, or would be, in `folder` or below it, whatever links lead there."""
    return real(path.parent).is_relative_to(real(folder))


def real(path: Path) -> Path:
    """The place that a path leads to through links; of links that lead round in a ring, one of them (`resolve` raises)."""
    return Path(os.path.realpath(path))


def unused_path(folder: Path, name: str, ending: str) -> Path:
    """`name` with its `ending` in a folder, or with the first number behind it under which nothing lies there.

    Raises:
        StorageError: the folder can't be read.
    """
    number, path = 1, folder / f"{name}{ending}"
    try:
        while path.exists() or path.is_symlink():
            number += 1
            path = folder / f"{name}-{number}{ending}"
    except OSError as error:
        raise disk_error(error, path) from error
    return path
