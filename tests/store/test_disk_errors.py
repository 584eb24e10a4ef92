"""An error of the operating system about a path is reported as what it is: its box is about the place, or about the disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from fieldkit.disk_errors import disk_error
from fieldkit.errors import DiskFull, PlaceRefused

PATH = Path("/media/stick/out")


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (errno.ENOENT, "That place does not exist"),
        (errno.ENOTDIR, "Part of that path is a file, not a folder"),
        (errno.EISDIR, "That is a folder, not a file"),
        (errno.EACCES, "This user may not use that place"),
        (errno.EPERM, "This user may not use that place"),
        (errno.EROFS, "That disk can only be read"),
        (errno.EEXIST, "Something else has that name"),
        (errno.ENAMETOOLONG, "That name is too long"),
        (errno.ELOOP, "That path leads back to itself"),
    ],
)
def test_a_place_that_can_not_be_used_is_no_fault_of_the_disk(number: int, what: str) -> None:
    error = disk_error(OSError(number, os.strerror(number)), PATH)
    assert isinstance(error, PlaceRefused)
    assert error.title == "That place can't be used"
    assert error.message == f"{what}: {PATH}."
    assert error.kept and error.hint


def test_a_full_disk_says_so_in_its_title() -> None:
    error = disk_error(OSError(errno.ENOSPC, ""), PATH)
    assert isinstance(error, DiskFull)
    assert error.title == "There is no room"


def test_only_what_the_disk_refused_is_blamed_on_the_disk() -> None:
    for number in (errno.EIO, errno.ENXIO):
        assert disk_error(OSError(number, ""), PATH).title == "The disk would not take that"
