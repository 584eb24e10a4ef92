"""Hostile .xls files that would take memory for far more cells or text than they hold, on systems without process limits."""

from __future__ import annotations

import struct
import tracemalloc
from typing import Any

import pytest

from fieldkit.importing.reading.workbook_parts import WorkbookRefused
from fieldkit.importing.reading.xls_sheets import read_xls


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def stream(cells: bytes, names: bytes = b"") -> bytes:
    """A workbook of BIFF8 with one sheet."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    bound = struct.pack("<IBBBB", 0, 0, 0, 1, 0) + b"S"
    before = record(0x0809, begin) + record(0x0042, struct.pack("<H", 1200))
    after = names + record(0x000A)
    start = len(before) + len(record(0x0085, bound)) + len(after)
    bound = struct.pack("<I", start) + bound[4:]
    sheet = record(0x0809, begin[:2] + b"\x10\0" + begin[4:]) + cells + record(0x000A)
    return before + record(0x0085, bound) + after + sheet


def number(row: int, column: int) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, 1.0))


def name(letter: str, formula: bytes) -> bytes:
    head = struct.pack("<HBBHHHBBBB", 0, 0, 1, len(formula), 0, 0, 0, 0, 0, 0)
    return record(0x0018, head + b"\0" + letter.encode() + formula)


def peak(content: bytes) -> int:
    rows: list[Any] = []
    tracemalloc.start()
    try:
        with pytest.raises(WorkbookRefused) as refused:
            read_xls(content, None, rows.append)
        assert refused.value.args[0] in {"damaged", "nothing in it", "too large"}
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_cells_far_to_the_right_take_no_memory_for_those_before() -> None:
    assert peak(stream(b"".join(number(row, 65_535) for row in range(2_000)))) < 5_000_000


def test_several_cells_in_one_record_far_to_the_right() -> None:
    cells = record(0x00BE, struct.pack("<HHHH", 0, 0, 0, 65_535))
    assert peak(stream(cells)) < 5_000_000


def test_names_made_of_names_are_not_worked_out() -> None:
    text = b"\x17" + bytes([100, 0]) + b"x" * 100
    names = name("a", text)
    for at in range(18):
        before = b"\x23" + struct.pack("<HH", at + 1, 0)
        names += name(chr(98 + at), before + before + b"\x08")
    assert peak(stream(b"", names)) < 5_000_000
