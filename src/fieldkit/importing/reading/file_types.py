"""The type of a file: text with a table, a workbook, or not a spreadsheet, which a sentence then names."""

from __future__ import annotations

from typing import BinaryIO, Literal

from fieldkit.errors import FieldkitError, UnusableFile
from fieldkit.importing.reading.encoding import wide_encoding
from fieldkit.importing.reading.workbooks import KEPT, SAVE_AS

Family = Literal["text", "workbook"]

_HEAD = 8192
_FEW = 100
_MAGIC = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture, a sound or a film"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf", "a compressed file (7-Zip)"),
    (b"Rar!", "a compressed file (RAR)"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)"),
    (b"SQLite format 3", "a database"),
    (b"age-encryption.org", "an encrypted file"),
    (b"-----BEGIN", "a key or an encrypted file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")
_CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\r\x0b\x0c\x1a\x1b"))


def family(stream: BinaryIO, name: str) -> Family:
    """Whether to read `stream` as text (CSV) or as a workbook, judged by its content, not its name.

    Raises:
        UnusableFile: it is not a table.
        FieldkitError: it is empty.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FieldkitError(f"“{name}” is empty.", kept=KEPT, hint="Look whether it is the right file.")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        # The reader of workbooks says what it holds.
        return "workbook"
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise _is(name, what)
    if head[257:262] == b"ustar":
        raise UnusableFile(
            f"“{name}” is an archive, perhaps a bundle of this kit, not a table.",
            kept=KEPT,
            hint="To take in a bundle use “fieldkit merge”.",
        )
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:9].lower().startswith(_MARKUP):
        raise _is(name, "a web page or another file with markup, whatever its name says")
    if start.startswith((b'{"', b"[{", b"[ {", b"[\n", b"{\n", b"{\r\n")):
        raise _is(name, "a JSON file")
    # Half of the bytes of UTF-16, and more of UTF-32, are not characters by themselves, so they can't be judged one by one.
    controls = sum(head.count(control) for control in _CONTROLS)
    if controls > max(_FEW, len(head) // 20) and not wide_encoding(head):
        raise _is(name, "not a text file")
    return "text"


def _is(name: str, what: str) -> UnusableFile:
    what = what if what.startswith("not ") else f"{what}, not a table"
    return UnusableFile(f"“{name}” is {what}.", kept=KEPT, hint=SAVE_AS)
