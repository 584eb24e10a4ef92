"""Reading a workbook in a helper process with bounds on memory and time: whatever happens there, the program continues.

The input is a request (its length in four bytes, then one MessagePack value) and then the whole file. The output is
frames, each after its length in four bytes: rows, packed with zstd, while they are read; at the end facts or a refusal.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import IO, Any

import msgspec
import zstandard

from fieldkit import helper_process
from fieldkit.importing.reading.ods_sheets import read_ods
from fieldkit.importing.reading.workbook_cells import MOST_COLUMNS, Emit, SheetFacts, SheetRow, check_ranges
from fieldkit.importing.reading.workbook_parts import Parts, Reason, WorkbookRefused
from fieldkit.importing.reading.xls_sheets import read_xls
from fieldkit.importing.reading.xlsx_sheets import read_xlsx

MEMORY = 180 << 20
"""Bytes of address space."""
CPU_SECONDS = 5
"""Seconds of processor time for the smallest file; each megabyte adds `CPU_SECONDS_A_MEGABYTE`."""
CPU_SECONDS_A_MEGABYTE = 24
LARGEST_FILE = 64 << 20
"""Bytes. A workbook of this size holds a million rows of answers."""
_LARGEST_ANSWER = 64 << 20
_BATCH_ROWS = 500
_BATCH_CELLS = 20_000
FRAME_ROWS = 64 << 20
"""The most bytes that one frame of rows unpacks to."""
_DATE, _DATETIME, _TIME = 1, 2, 3


class Request(msgspec.Struct, array_like=True):
    """What to read: the sheet of that name, or (None) the first that holds anything."""

    sheet: str | None


class WireRow(msgspec.Struct, array_like=True):
    """A `SheetRow` in transit: cells from the first column on or, if only few are filled, by column."""

    number: int
    hidden: bool
    cells: list[Any] | dict[int, Any]
    faults: dict[int, str]


class Outcome(msgspec.Struct, array_like=True):
    """The last frame: facts about the sheet, or why it can't be read."""

    facts: SheetFacts | None = None
    reason: Reason | None = None
    detail: str = ""


_encode = msgspec.msgpack.Encoder().encode


def serve(source: IO[bytes], to: IO[bytes]) -> None:
    """Read the workbook in `source` and write its rows."""
    answer = _Answer(to)
    try:
        request = msgspec.msgpack.decode(helper_process.receive(source), type=Request)
        facts = read_workbook(source.read(LARGEST_FILE + 1), request.sheet, answer.add)
        answer.flush()
        check_ranges(facts.merged, answer.last_row)
        facts.hidden_rows, facts.first_column = answer.hidden_rows, answer.first_column
        outcome = Outcome(facts=facts)
    except WorkbookRefused as refused:
        outcome = Outcome(reason=refused.reason, detail=refused.detail)
    except (MemoryError, RecursionError):
        outcome = Outcome(reason="too large")
    except BrokenPipeError:
        return
    except Exception:
        # A broken file may fail anywhere in the readers; this process exists to contain that.
        outcome = Outcome(reason="damaged")
    answer.send(b"E" + _encode(outcome))


def read_workbook(content: bytes, wanted: str | None, emit: Emit) -> SheetFacts:
    """Give the rows of a sheet of the workbook `content` to `emit`.

    Raises:
        WorkbookRefused: it is not a workbook, or can't be read.
    """
    if len(content) > LARGEST_FILE:
        raise WorkbookRefused("too large")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise WorkbookRefused("protected")
        if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
            raise WorkbookRefused("not a table", "a document of an older office program")
        return read_xls(content, wanted, emit)
    parts = Parts(io.BytesIO(content))
    kind = parts.beginning("mimetype", 200).decode("ascii", "replace")
    if "opendocument.spreadsheet" in kind:
        if b"encryption-data" in parts.beginning("META-INF/manifest.xml"):
            raise WorkbookRefused("protected")
        return read_ods(parts, wanted, emit)
    names = parts.names()
    if "xl/workbook.bin" in names:
        raise WorkbookRefused("not a table", "xlsb")
    if "xl/workbook.xml" in names or ("[content_types].xml" in names and _holds_spreadsheet(parts)):
        return read_xlsx(parts, wanted, emit)
    raise WorkbookRefused("not a table", _other_kind(names, kind))


def _holds_spreadsheet(parts: Parts) -> bool:
    return b"spreadsheetml.sheet" in parts.beginning("[Content_Types].xml")


def _other_kind(names: list[str], kind: str) -> str:
    if any(name.startswith("word/") for name in names) or "opendocument.text" in kind:
        return "a text document"
    if any(name.startswith("ppt/") for name in names) or "opendocument.presentation" in kind:
        return "a presentation"
    if any(name.endswith(".iwa") for name in names):
        return "a document of Apple Numbers, Pages or Keynote"
    return "zip"


class _Answer:
    """Sends rows, a few hundred per frame."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to = to
        self._batch: list[WireRow] = []
        self._cells = self._sent = 0
        self.hidden_rows = self.last_row = 0
        self.first_column = MOST_COLUMNS
        self._pack = zstandard.ZstdCompressor(level=1).compress

    def add(self, row: SheetRow) -> None:
        last = max(row.cells)
        self.hidden_rows += row.hidden
        self.last_row = max(self.last_row, row.number)
        self.first_column = min(self.first_column, *row.cells)
        cells: list[Any] | dict[int, Any]
        if last > 64 and len(row.cells) * 4 < last:
            cells = {column: _plain(value) for column, value in row.cells.items()}
        else:
            cells = [_plain(row.cells.get(column)) for column in range(1, last + 1)]
        self._batch.append(WireRow(row.number, row.hidden, cells, row.faults))
        self._cells += len(cells) + sum(
            len(value) >> 5 for value in row.cells.values() if isinstance(value, str)
        )
        if len(self._batch) >= _BATCH_ROWS or self._cells > _BATCH_CELLS:
            self.flush()

    def flush(self) -> None:
        if self._batch:
            packed = self._pack(_encode(self._batch))
            self._sent += len(packed)
            if self._sent > _LARGEST_ANSWER:
                raise WorkbookRefused("too large")
            self.send(b"R" + packed)
        self._batch, self._cells = [], 0

    def send(self, frame: bytes) -> None:
        helper_process.send(self._to, frame)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return msgspec.msgpack.Ext(_DATETIME, value.isoformat().encode())
    if isinstance(value, date):
        return msgspec.msgpack.Ext(_DATE, value.isoformat().encode())
    if isinstance(value, time):
        return msgspec.msgpack.Ext(_TIME, value.isoformat().encode())
    if isinstance(value, str):
        # A lone surrogate can't be encoded, and is not a character.
        return value.encode("utf-8", "replace").decode() if not value.isascii() else value
    return value


def _value(code: int, data: memoryview) -> date | datetime | time:
    text = bytes(data).decode()
    if code == _DATE:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if code == _DATETIME else time.fromisoformat(text)


_decode_rows = msgspec.msgpack.Decoder(list[WireRow], ext_hook=_value).decode


def unpacked_rows(packed: bytes) -> list[WireRow]:
    """The rows of a frame.

    Raises:
        ValueError: it is not such a frame.
    """
    return _decode_rows(zstandard.ZstdDecompressor().decompress(packed, max_output_size=FRAME_ROWS))
