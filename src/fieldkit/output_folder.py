"""A folder of files that is written whole or not at all, and never among other files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fieldkit.disk_errors import disk_error
from fieldkit.errors import Misuse, StorageError
from fieldkit.file_writing import (
    make_private_folder,
    private_folder,
    replace_file,
    sync_folder,
    write_private_file,
)
from fieldkit.leftover_files import scratch_folder
from fieldkit.text import clean_line


def demand_free(folder: Path) -> None:
    """Check before the work whether files may be written to `folder`: it must be missing or empty.

    Raises:
        Misuse: something is there.
        StorageError: the disk refuses.
    """
    name = clean_line(folder.name or str(folder))
    try:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise Misuse(
                f"“{name}” is not a folder.", kept="It was left as it is.", hint="Choose another name."
            )
        if folder.is_dir() and any(folder.iterdir()):
            raise Misuse(
                f"The folder “{name}” is not empty.",
                kept="It was left as it is.",
                hint="Choose a new folder, so that files never mix.",
            )
    except OSError as error:
        raise disk_error(error, folder) from error


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their names below `folder`, to a new private folder that is renamed once complete.

    Raises:
        Misuse: something is there by now.
        StorageError: the disk refuses; nothing is left behind.
    """
    with private_folder(folder.parent):
        demand_free(folder)
        try:
            with scratch_folder(folder.parent) as scratch:
                new = scratch / "new"
                make_private_folder(new)
                for name, content in files.items():
                    target = new / name
                    make_private_folder(target.parent)
                    write_private_file(target, content)
                if folder.is_dir():
                    folder.rmdir()
                replace_file(new, folder)
            sync_folder(folder.parent)
        except StorageError as error:
            # It names a file in the scratch folder, which nobody knows.
            if isinstance(error.__cause__, OSError):
                raise disk_error(error.__cause__, folder) from error
            raise
        except OSError as error:
            raise disk_error(error, folder) from error
