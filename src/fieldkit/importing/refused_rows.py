"""The file of the rows that an import refused, each with the reasons in front."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable
from pathlib import Path

from fieldkit.disk_errors import disk_error
from fieldkit.file_writing import NewFile
from fieldkit.importing.reading.cells import REFUSED_COLUMNS, Row
from fieldkit.spreadsheets import as_text, csv_cell


class RefusedWriter:
    """Writes refused rows to `NAME.refused.csv` beside the file they came from, to be corrected and imported again.

    Nothing is written before the first row; the file gets its name only once it is complete. An older file of that name may
    hold somebody's corrections: it is left alone, and the new one gets a number. Used as a context manager; an exception
    inside leaves no file.
    """

    def __init__(self, source: Path, *, folder: Path | None = None) -> None:
        self._base = (folder or source.parent) / f"{source.stem}.refused.csv"
        self._file: io.TextIOWrapper | None = None
        self.path: Path | None = None
        """The file of the rows, or None while there are none."""
        self.rows = 0

    def add(self, row: Row, problems: Iterable[tuple[str, object, str]]) -> None:
        """Write `row` once, with all its `problems`, each (column, value, reason).

        Raises:
            StorageError: the folder is not writable or the disk refuses.
        """
        columns, values, reasons = zip(*(list(problems) or [("", "", row.problem)]), strict=True)
        shown = "; ".join(as_text(value) for value in values)
        lead = [str(row.line), csv_cell("; ".join(columns)), csv_cell(shown), csv_cell(" ".join(reasons))]
        original = map(csv_cell, row.cells.values())
        if self._file is None:
            self._open([*REFUSED_COLUMNS, *map(csv_cell, row.cells)])
        self._write([*lead, *original, *map(csv_cell, row.extra)])
        self.rows += 1

    def _open(self, heading: list[str]) -> None:
        path = _free(self._base)
        try:
            self._new = NewFile(path)
            self._file = io.TextIOWrapper(self._new.file, encoding="utf-8-sig", newline="")
        except OSError as error:
            raise disk_error(error, path) from error
        self.path = path
        self._write(heading)

    def _write(self, cells: list[str]) -> None:
        assert self._file is not None
        try:
            csv.writer(self._file).writerow(cells)
        except OSError as error:
            raise disk_error(error, self.path or self._base) from error

    def close(self) -> None:
        """Give the file its name, once all of it is on the disk.

        Raises:
            StorageError: the disk refuses.
        """
        if self._file is None or self.path is None:
            return
        try:
            self._file.flush()
            self._new.keep()
        except OSError as error:
            refused = disk_error(error, self.path)
            self.discard()
            raise refused from error
        self._file = None

    def discard(self) -> None:
        """Leave no file behind, not even one that already has its name."""
        left = self.path if self._file is None else None
        # A disk that refused a write may also refuse the rest.
        with contextlib.suppress(OSError):
            if self._file is not None:
                self._file.close()
        if self._file is not None:
            self._new.discard()
        with contextlib.suppress(OSError):
            if left is not None:
                left.unlink()
        self._file, self.path = None, None

    def __enter__(self) -> RefusedWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()


def _free(path: Path) -> Path:
    """`path`, or the same with a number if that file exists."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free
