"""The bytes and the text of a file with a table; disk errors become messages for people."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from fieldkit.errors import FieldkitError, NotFound, UnusableFile
from fieldkit.importing.reading.csv_rows import (
    LONGEST_ROW,
    RowTooLong,
)
from fieldkit.importing.reading.encoding import Decoding
from fieldkit.importing.reading.workbooks import KEPT, BookSheet
from fieldkit.text import clean_line, displayed_line

KEPT_BEFORE = "Nothing from there on was stored."


@contextmanager
def opened(source: Path | BinaryIO | BookSheet, name: str) -> Iterator[BinaryIO]:
    """The bytes of `source`, closed again if they were opened here; errors become messages for people."""
    assert not isinstance(source, BookSheet)
    try:
        if not isinstance(source, Path):
            yield source
            return
        mode = source.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnusableFile(f"“{name}” is a folder, not a file.", kept=KEPT, hint="Give one file of it.")
        if not stat.S_ISREG(mode):
            raise UnusableFile(
                f"“{name}” is not a file with rows in it.", kept=KEPT, hint="Give a CSV or .xlsx file."
            )
        with source.open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        raise NotFound(
            f"There is no file “{name}”.", kept=KEPT, hint="Check the name and the folder."
        ) from error
    except OSError as error:
        raise FieldkitError(
            f"“{name}” can't be read: {error.strerror or 'the disk does not answer'}.",
            kept=KEPT_BEFORE,
            hint="Copy it to this laptop, check that you may open it, and try again.",
        ) from error
    except RowTooLong as error:
        raise FieldkitError(
            f"Line {error.line} of “{name}” has more than {LONGEST_ROW:,} characters: no row of a table has.",
            kept=KEPT_BEFORE,
            hint="Look whether it is the right file.",
        ) from error


def checksum(source: Path | bytes, prefix: str = "") -> str:
    """The SHA-256 of a file, in hexadecimal digits, as if its content began with `prefix`.

    Raises:
        NotFound: no such file. UnusableFile: a folder, or not a file. FieldkitError: not readable.
    """
    digest = sha256(prefix.encode())
    if isinstance(source, bytes):
        digest.update(source)
        return digest.hexdigest()
    with opened(source, clean_line(source.name or str(source))) as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def demand_unchanged(source: Path | bytes, before: str, prefix: str = "") -> None:
    """Check that a file has the `checksum` that it had before it was read: what was shown of it is then what is stored.

    Raises:
        FieldkitError: it is another file now, for example one that is still being copied.
    """
    if isinstance(source, Path) and checksum(source, prefix) != before:
        raise FieldkitError(
            f"“{displayed_line(source.name)}” changed while it was read.",
            kept=KEPT,
            hint="Wait until nothing writes to it any more, such as a download or a spreadsheet program. Then import it again.",
        )


@contextmanager
def decoded(stream: BinaryIO, decoding: Decoding) -> Iterator[io.TextIOWrapper]:
    text = decoding.open(stream)
    try:
        yield text
    finally:
        text.detach()  # otherwise, when it is deleted, it would close the caller's stream
