"""Workbooks made to hang, fill the memory or end the program: each is refused with a message, soon, in little memory."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.errors import FieldkitError
from fieldkit.importing.reading import workbooks
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.importing.reading.sheets import Sheet
from fieldkit.importing.reading.workbook_cells import column_letters
from project_files import DATA, ROOT, SUPPORT
from sheet_tables import ODS, values

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADING = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
ROW = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'
SOON = 20.0
"""Seconds. The machine may be busy with other tests."""


def xlsx(
    rows: str = HEADING + ROW,
    *,
    sheet: str = "worksheets/sheet1.xml",
    kept: str = "xl/worksheets/sheet1.xml",
    after: str = "",
    workbook: str = "",
    more: dict[str, str] | None = None,
) -> bytes:
    """A small .xlsx file: `sheet` is the part that the workbook names for the sheet, `kept` is where the sheet really is."""
    parts = {
        "xl/workbook.xml": workbook
        or f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{RELATION}/worksheet" Target="{sheet}"/>'
        f'<Relationship Id="r2" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        kept: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        **(more or {}),
    }
    return packed(parts)


def packed(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def ods(rows: str) -> bytes:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    table = f'<table:table table:name="S">{rows}</table:table>'
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return packed({"mimetype": ODS, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def ods_row(*texts: str, times: int = 1, across: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{across}">'
        f"<text:p>{text}</text:p></table:table-cell>"
        for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            xlsx(HEADING + ROW.replace(' r="A2"', "").replace(' r="B2"', "").replace(' r="2"', "")),
            id="without r=",
        ),
        pytest.param(xlsx(HEADING + ROW.replace("A2", "a2").replace("B2", "b2")), id="small letters"),
        pytest.param(xlsx(HEADING + ROW.replace("A2", " A2 ").replace("B2", "$B$2")), id="spaces"),
        pytest.param(xlsx(sheet="Worksheets/SHEET1.xml"), id="another case"),
        pytest.param(xlsx(sheet="/xl/worksheets/../worksheets/sheet1.xml"), id="path from the root"),
        pytest.param(xlsx(sheet="worksheets\\sheet1.xml"), id="backslash"),
    ],
)
def test_workbooks_written_in_an_unusual_way_are_read(content: bytes) -> None:
    sheet = read_sheet(content)
    assert (sheet.columns, values(sheet)) == (["a", "b"], [[1.0, 2.0]])


def circular_xls() -> bytes:
    content = bytearray((DATA / "workbooks" / "epoch.xls").read_bytes())
    # Change bytes in the table of short sectors and their chain so that they form a ring.
    content[1600], content[5568], content[5583] = 0o17, 0o360, 0o350
    return bytes(content)


FAR = '<row r="{row}"><c r="{cell}"><v>1</v></c></row>'
REFUSED: dict[str, Callable[[], bytes]] = {
    "far cell without r=": lambda: xlsx(
        HEADING + '<row r="1048576">' + "<c/>" * 16_383 + "<c><v>1</v></c></row>"
    ),
    "far cell in small letters": lambda: xlsx(HEADING + FAR.format(row=1_048_576, cell="xfd1048576")),
    "far cell with spaces": lambda: xlsx(HEADING + FAR.format(row=1_048_576, cell=" XFD1048576 ")),
    "far cell in a part of another case": lambda: xlsx(
        HEADING + FAR.format(row=1_048_576, cell="XFD1048576"), kept="XL/Worksheets/Sheet1.XML"
    ),
    "column beyond the last": lambda: xlsx(HEADING + FAR.format(row=2, cell="ZZZ2")),
    "row of 8 digits": lambda: xlsx(HEADING + FAR.format(row=12_345_678, cell="A12345678")),
    "row of 30 digits": lambda: xlsx(HEADING + FAR.format(row="9" * 30, cell="A" + "9" * 30)),
    "rows out of order": lambda: xlsx(
        HEADING + ROW.replace('"2"', '"5"').replace("A2", "A5").replace("B2", "B5") + ROW
    ),
    "a cell twice": lambda: xlsx(HEADING + ROW.replace("B2", "A2")),
    "text that is no number": lambda: xlsx(HEADING + ROW.replace("<v>1</v>", "<v>x</v>")),
    "shared text that is not there": lambda: xlsx(HEADING + ROW.replace('"A2"', '"A2" t="s"')),
    "sheets without end": lambda: xlsx(
        workbook=f'<workbook xmlns="{MAIN}">' + '<sheet name="S"/>' * 2_000_000 + "</workbook>"
    ),
    "thousands of sheets": lambda: xlsx(
        workbook=f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}">'
        + '<sheet name="S" r:id="r1"/>' * 50_000
        + "</workbook>"
    ),
    "shared texts without end": lambda: xlsx(
        more={"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">' + "<si><t>x</t></si>" * 2_000_000 + "</sst>"}
    ),
    "a text without end": lambda: xlsx(
        HEADING + f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * 40_000_000}</t></is></c></row>'
    ),
    "a tag without end": lambda: xlsx(HEADING + f'<row r="2" x="{"x" * 30_000_000}"/>'),
    "cells without end": lambda: xlsx(HEADING + '<row r="2">' + "<c/>" * 12_500_000 + "</row>"),
    "columns without end": lambda: xlsx(
        HEADING + ROW, after="<cols>" + '<col min="1" max="16384" hidden="1"/>' * 250_000 + "</cols>"
    ),
    "hidden columns before the rows": lambda: xlsx(
        more={
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><cols>'
            + '<col min="1" max="16384" hidden="1"/>' * 190_000
            + f"</cols><sheetData>{HEADING}{ROW}</sheetData></worksheet>"
        }
    ),
    "merged cells without end": lambda: xlsx(
        after="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 500_000 + "</mergeCells>"
    ),
    "merged cells over all columns and rows": lambda: xlsx(
        HEADING + "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(2, 3_000)),
        after="<mergeCells>"
        + "".join(
            f'<mergeCell ref="{column_letters(column)}1:{column_letters(column)}1048576"/>'
            for column in range(1, 16_385)
        )
        + "</mergeCells>",
    ),
    "entities": lambda: xlsx(
        more={
            "xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
            + "".join(
                f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
            )
            + f']><worksheet xmlns="{MAIN}"><sheetData>{HEADING}<row r="2"><c t="str"><v>&j;</v></c></row></sheetData>'
            + "</worksheet>"
        }
    ),
    "a sheet that is a zip file": lambda: packed(
        {"xl/workbook.xml": xlsx().decode("latin-1"), "xl/_rels/workbook.xml.rels": "x"}
    ),
    "ods rows without end": lambda: ods(ods_row("a", "b") + ods_row("1", "2", times=10**9)),
    "ods columns without end": lambda: ods(ods_row("a", "b") + ods_row("1", across=10**9)),
    "ods rows and columns": lambda: ods(ods_row("a", "b") + ods_row("1", times=10**6, across=16_384)),
    "ods spaces without end": lambda: ods(ods_row("a", "b") + ods_row('<text:s text:c="60000"/>' * 200_000)),
    "ods numbers of many digits": lambda: ods(ods_row("a", "b") + ods_row("1", times=int("9" * 40))),
    "xls whose chain of sectors goes in circles": lambda: circular_xls(),
    "xls that is noise": lambda: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + bytes(range(256)) * 400
    ),
}


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux says how much memory a process took"
)
@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_workbook_is_refused_soon_in_little_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "given.xlsx"
    path.write_bytes(REFUSED[name]())
    worker = SUPPORT / "workbook_worker.py"
    answer = subprocess.run(
        [sys.executable, str(worker), str(path)], capture_output=True, check=True, timeout=SOON
    )
    fields = json.loads(answer.stdout)
    assert "too large" in fields["message"] or "damaged" in fields["message"]
    assert fields["kept"] == "Nothing was stored." and fields["hint"]
    # A command on its own takes 70 MB.
    assert fields["helper"] < 186 << 20 and fields["here"] < 70 << 20


def test_a_text_longer_than_any_cell_is_a_fault() -> None:
    text = "".join(map(str, range(40_000)))
    (row,) = read_sheet(
        xlsx(
            HEADING
            + f'<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>{text}</t></is></c></row>'
        )
    ).rows()
    assert list(row.faults) == ["b"] and "B2" in row.faults["b"] and "100,000 characters" in row.faults["b"]


def test_blank_repetitions_are_no_rows() -> None:
    blank = '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell/></table:table-row>'
    assert values(read_sheet(ods(ods_row("a", "b") + ods_row("1", "2") + blank))) == [["1", "2"]]


def test_a_helper_that_ends_without_a_word_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "PATIENCE", 0.0)
    with pytest.raises(FieldkitError, match="damaged or too large") as caught:
        read_sheet(xlsx())
    assert caught.value.kept == "Nothing was stored." and caught.value.hint


def test_a_workbook_that_is_too_long_is_not_handed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_FILE", 1_000)
    monkeypatch.setattr(workbooks.helper_process, "start", None)
    path = tmp_path / "long.xlsx"
    path.write_bytes(xlsx() + bytes(1_000))
    with pytest.raises(FieldkitError, match="too large"):
        read_sheet(path)


def test_the_sheet_is_read_once_however_often_its_rows_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet: Sheet = read_sheet(xlsx())
    monkeypatch.setattr(workbooks.helper_process, "start", None)
    assert values(sheet) == values(sheet) == [[1.0, 2.0]]


def test_an_xls_whose_sectors_follow_each_other_in_a_ring_is_damaged() -> None:
    """The table of short sectors, in which each sector names the next, gives its short stream: the first names itself."""
    content = bytearray((ROOT / "tests/fuzz/corpus/workbook/xls").read_bytes())
    assert len(values(read_sheet(bytes(content)))) > 0
    (table,) = struct.unpack_from("<i", content, 60)
    struct.pack_into("<i", content, 512 * (table + 1), 0)
    with pytest.raises(FieldkitError, match="damaged or incomplete"):
        read_sheet(bytes(content))
