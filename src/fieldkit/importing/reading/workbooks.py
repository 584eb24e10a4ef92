"""Sheets of .xlsx, .xlsm, .xls and .ods workbooks, read by a helper process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, NoReturn

import msgspec

from fieldkit import helper_process
from fieldkit.errors import FieldkitError, UnusableFile
from fieldkit.importing.reading.merged_ranges import MergedRanges
from fieldkit.importing.reading.workbook_cells import Range, SheetFacts
from fieldkit.importing.reading.workbook_process import (
    CPU_SECONDS,
    CPU_SECONDS_A_MEGABYTE,
    LARGEST_FILE,
    MEMORY,
    Outcome,
    Request,
    unpacked_rows,
)
from fieldkit.spreadsheets import Cell
from fieldkit.text import clean_line

KEPT = "Nothing was stored."
SAVE_AS = "Save it as CSV or .xlsx and try again."

PATIENCE = 240.0
"""Seconds after which a helper process that has not finished is stopped."""
_CHUNK = 1 << 20


@dataclass(slots=True)
class BookRow:
    """A row of a sheet that holds anything. Columns are counted from 1, the leftmost in use.

    `covered`: it shows only cells merged with others above it. `blank_above` counts the rows directly above it that show
    nothing.
    """

    number: int
    cells: list[Cell]
    hidden: bool
    faults: dict[int, str]
    filled: frozenset[int]
    covered: bool
    blank_above: int


@dataclass
class BookSheet:
    """One sheet as it was read, in packed form; `rows()` unpacks a piece at a time."""

    facts: SheetFacts
    frames: list[bytes] = field(default_factory=list, repr=False)

    @property
    def merged(self) -> list[Range]:
        """Merged ranges, with columns counted from the leftmost in use."""
        unused = self.facts.first_column - 1
        return [
            (top, left - unused, bottom, right - unused) for top, left, bottom, right in self.facts.merged
        ]

    def in_use(self, columns: list[int]) -> list[int]:
        """`columns` of the sheet, counted from the leftmost in use."""
        return [column - self.facts.first_column + 1 for column in columns]

    def rows(self) -> Iterator[BookRow]:
        """The rows that hold anything, from the top, with merged cells filled."""
        merged = MergedRanges(self.facts.merged)
        unused = self.facts.first_column - 1
        last = 0
        for frame in self.frames:
            for row in unpacked_rows(frame):
                blank = max(0, row.number - 1 - max(last, merged.reach))
                last = row.number
                if isinstance(row.cells, dict):
                    cells: list[Cell] = [None] * max(row.cells)
                    for column, value in row.cells.items():
                        cells[column - 1] = value
                else:
                    cells = row.cells
                covered, filled = merged.fill(row.number, cells, row.faults)
                faults = row.faults
                if unused:
                    cells = cells[unused:]
                    faults = {column - unused: fault for column, fault in faults.items()}
                    filled = frozenset(column - unused for column in filled)
                hidden = row.hidden or self.facts.hidden
                yield BookRow(row.number, cells, hidden, faults, filled, covered, blank)


def open_book_sheet(stream: BinaryIO, name: str, wanted: str | None) -> BookSheet:
    """The sheet called `wanted`, or else the first that holds anything; `name` is the file's, for messages.

    Raises:
        UnusableFile: no such sheet, nothing in it, or not a workbook.
        FieldkitError: damaged, protected with a password, or too large.
    """
    size = stream.seek(0, 2)
    if size > LARGEST_FILE:
        raise _too_large(name)
    stream.seek(0)
    frames: list[bytes] = []
    outcome = _read(stream, size, wanted, frames)
    if outcome is None:
        raise FieldkitError(
            f"“{name}” can't be read as a workbook: it is damaged or too large.",
            kept=KEPT,
            hint="Open it in your spreadsheet program, save the sheet as CSV and try again.",
        )
    if outcome.facts is None:
        _refuse(outcome, name, wanted)
    return BookSheet(outcome.facts, frames)


def _read(stream: BinaryIO, size: int, wanted: str | None, frames: list[bytes]) -> Outcome | None:
    """Let the helper process read `stream` of `size` bytes; add its rows to `frames`. None if it ended without an answer."""
    seconds = CPU_SECONDS + CPU_SECONDS_A_MEGABYTE * size // (1 << 20)
    process = helper_process.start("workbook", memory=MEMORY, cpu_seconds=seconds)
    timer = threading.Timer(PATIENCE, process.kill)
    timer.daemon = True
    assert process.stdin is not None and process.stdout is not None
    try:
        timer.start()
        # It answers once it has the whole file, so neither waits for the other. A process that has ended accepts no more.
        with contextlib.suppress(BrokenPipeError):
            _send(stream, wanted, process.stdin)
        while frame := helper_process.receive(process.stdout):
            if frame[:1] == b"E":
                return msgspec.msgpack.decode(frame[1:], type=Outcome)
            frames.append(frame[1:])
        return None
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()
        with contextlib.suppress(OSError):
            process.stdin.close()
        process.wait()


def _send(stream: BinaryIO, wanted: str | None, to: IO[bytes]) -> None:
    helper_process.send(to, msgspec.msgpack.encode(Request(wanted)))
    while chunk := stream.read(_CHUNK):
        to.write(chunk)
    to.close()


def _refuse(outcome: Outcome, name: str, wanted: str | None) -> NoReturn:
    if outcome.reason == "protected":
        raise FieldkitError(
            f"“{name}” is protected with a password, so it can't be read.",
            kept=KEPT,
            hint="Open it in your spreadsheet program, save a copy without a password and try again.",
        )
    if outcome.reason == "too large":
        raise _too_large(name)
    if outcome.reason == "no such sheet":
        raise UnusableFile(
            f"“{name}” has no sheet called “{clean_line(wanted or '')}”.",
            kept=KEPT,
            hint=f"Its sheets are: {', '.join(clean_line(sheet) for sheet in outcome.detail.splitlines())}.",
        )
    if outcome.reason == "nothing in it":
        raise UnusableFile(
            f"There is nothing in “{clean_line(wanted or name)}”.",
            kept=KEPT,
            hint="Look whether it is the right file and sheet.",
        )
    if outcome.reason == "not a table" and outcome.detail == "zip":
        raise UnusableFile(
            f"“{name}” is a zip archive, not a table.",
            kept=KEPT,
            hint="Unpack it and give one of its files.",
        )
    if outcome.reason == "not a table" and outcome.detail == "xlsb":
        raise UnusableFile(
            f"“{name}” is an .xlsb workbook, which fieldkit does not read.", kept=KEPT, hint=SAVE_AS
        )
    if outcome.reason == "not a table":
        raise UnusableFile(f"“{name}” is {outcome.detail}, not a table.", kept=KEPT, hint=SAVE_AS)
    raise FieldkitError(
        f"“{name}” looks like a spreadsheet but is damaged or incomplete.",
        kept=KEPT,
        hint="Copy it again from where it came, or open it in your spreadsheet program and save it as CSV.",
    )


def _too_large(name: str) -> FieldkitError:
    return FieldkitError(
        f"“{name}” is too large to be read as a workbook.",
        kept=KEPT,
        hint="Save the sheet as CSV and try again: a CSV file may be of any size.",
    )
