"""Files that are not spreadsheets: the message names what they are."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from fieldkit.errors import FieldkitError, Misuse, NotFound
from fieldkit.importing.reading.sheet_reader import read_sheet
from sheet_tables import ODS


def packed(*names: str, mimetype: str = "", content: str = "x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
        (b"a,b\n", "heading but no rows"),
        (b"a,b\n,\n\n", "heading but no rows"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"%PDF-1.7\n" + bytes(50), "a PDF document"),
        (b"\x1f\x8b\x08" + bytes(50), "compressed"),
        (b"<!DOCTYPE html><table><tr><td>a</td></tr></table>", "web page"),
        (b'[{"a": 1}]', "JSON"),
        (bytes(range(256)) * 8, "not a text file"),
        (packed("word/document.xml"), "text document"),
        (packed("photo.jpg"), "zip archive"),
        (packed("xl/workbook.bin"), "xlsb workbook"),
        (packed("a.xlsx", "b.xlsx"), "zip archive"),
        (packed("xl/workbook.xml"), "damaged"),
        (packed("content.xml", mimetype=ODS), "damaged"),
        (packed("META-INF/manifest.xml", mimetype=ODS, content="<encryption-data/>"), "password"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older office program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), "damaged"),
        (bytes(257) + b"ustar" + bytes(300), "bundle"),
        (b'"a,b\n1,2\n', "heading .* can't be read"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, text: str, tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(content)
    with pytest.raises(FieldkitError, match=text) as caught:
        read_sheet(path)
    assert "given.csv" in caught.value.message
    assert caught.value.kept == "Nothing was stored."
    assert caught.value.hint


def test_folders_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="is a folder"):
        read_sheet(tmp_path)
    with pytest.raises(NotFound, match=r"no file “gone\.csv”"):
        read_sheet(tmp_path / "gone.csv")


def test_a_file_that_the_system_refuses_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FieldkitError, match="can't be read: Permission denied"):
        read_sheet(path)
