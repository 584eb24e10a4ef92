"""Reading files that anybody may have put there: only regular ones, and no more of them than is wanted.

A pipe would be waited on for ever, a device has no end, and a link may lead to either.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """A regular file, opened to be read. Links are followed; a pipe or a device is not opened or waited on.

    Raises:
        OSError: the disk refuses, or something else has that name: EISDIR for a folder, ENODEV for a pipe or a device.
    """
    _demand_regular(path, path.stat().st_mode)
    # The file may be replaced between this check and the opening: so opening does not wait, and the check is repeated.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _demand_regular(path, os.fstat(handle).st_mode)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: Path, most: int) -> bytes:
    """The first `most` bytes of a regular file. Raises OSError as `open_regular`."""
    with open_regular(path) as file:
        return file.read(most)


def _demand_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        number = errno.EISDIR if stat.S_ISDIR(mode) else errno.ENODEV
        raise OSError(number, os.strerror(number), str(path))
