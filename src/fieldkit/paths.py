"""Where a kit is stored, and the meaning of typed paths."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from fieldkit.disk_errors import disk_error

#: Extensions of files that a merge accepts: bundles, network files, receipts.
BUNDLE_ENDINGS = (".fkb", ".fkn", ".fkr")
BACKUP_ENDING = ".fkbackup"
#: Extensions of files that an import may read; whether it can is judged by what is in them.
SPREADSHEET_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")


def expanded(typed: str | Path) -> Path:
    """A path as typed, with a leading ~ expanded to a home folder; ./~ and the ~ of unknown users are ordinary names."""
    path = Path(typed)
    if str(typed).startswith("~"):
        with contextlib.suppress(RuntimeError):  # ~name/… for a name without a home here
            return path.expanduser()
    return path


def kit_folder(chosen: str | None = None) -> Path:
    """The kit's folder: `chosen`, otherwise FIELDKIT_HOME, otherwise the platform's data folder. It is not created.

    A link is resolved: a restored kit is stored on the same disk as the previous one.
    """
    if typed := chosen or os.environ.get("FIELDKIT_HOME"):
        return real(expanded(typed))
    import platformdirs

    return Path(platformdirs.user_data_dir("fieldkit", appauthor=False))


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a file called `path` is, or would be, in `folder` or below it, with all links resolved."""
    return real(path.parent).is_relative_to(real(folder))


def real(path: Path) -> Path:
    """The target of a path with links resolved; for circular links, one of them (`resolve` raises)."""
    return Path(os.path.realpath(path))


def unused_path(folder: Path, name: str, ending: str) -> Path:
    """A free path in a folder: `name` with its `ending`, or with the first free number after it.

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
