"""Parts of .xlsx and .ods files: zip members of bounded size, and their XML, event by event.

The parser keeps nothing of a part but the current tag. Document types are refused, because they may define entities.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import BinaryIO, Literal
from xml.parsers import expat

Reason = Literal["damaged", "protected", "too large", "no such sheet", "nothing in it", "not a table"]
Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Characters = Callable[[str], None]

SMALL_PART = 16 << 20
"""The most bytes of a part that only lists the others."""
SHEET_PART = 320 << 20
"""The most bytes of a part that holds cells or their texts."""
_PLAIN_RATIO = 32 << 20
_HIGHEST_RATIO = 100
"""A part larger than `_PLAIN_RATIO` and compressed more tightly than this holds repetitions, not answers."""
_LONGEST_TAG = 1 << 20
_CHUNK = 1 << 16


class WorkbookRefused(Exception):
    """A workbook that can't be read. `detail` is the names of its sheets, or the kind of file."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.detail = detail


class Parts:
    """The members of a zip file. Names ignore case, since the programs that write them differ in it."""

    def __init__(self, stream: BinaryIO) -> None:
        """Raises WorkbookRefused: it is not a readable zip file."""
        try:
            self._archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise WorkbookRefused("damaged") from error
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._archive.infolist():
            self._members.setdefault(_folded(member.filename), member)

    def names(self) -> list[str]:
        """The members' names, in small letters."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._members

    def beginning(self, name: str, size: int = 1 << 20) -> bytes:
        """The first bytes of a part, b"" if there is no such part.

        Raises:
            WorkbookRefused: it can't be unpacked.
        """
        return self._open(name).read(size) if name in self else b""

    def parse(
        self,
        name: str,
        start: Start,
        end: End | None = None,
        characters: Characters | None = None,
        *,
        most: int = SMALL_PART,
        namespaces: bool = False,
    ) -> None:
        """Read the XML of a part. With `namespaces`, names are given as "namespace name", otherwise as written.

        Raises:
            WorkbookRefused: it has more than `most` bytes, is not XML, or there is no such part.
        """
        parser = expat.ParserCreate(namespace_separator=" " if namespaces else None)
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = characters
        parser.StartDoctypeDeclHandler = _refuse_document_type
        fed = 0
        try:
            with self._open(name, most) as part:
                while chunk := part.read(_CHUNK):
                    parser.Parse(chunk, False)
                    fed += len(chunk)
                    if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                        # The parser would scan the unfinished tag from its beginning for each further piece.
                        raise WorkbookRefused("too large")
                parser.Parse(b"", True)
        except (expat.ExpatError, zipfile.BadZipFile, EOFError, ValueError) as error:
            raise WorkbookRefused("damaged") from error

    def _open(self, name: str, most: int = SMALL_PART) -> zipfile.ZipExtFile:
        member = self._members.get(_folded(name))
        if member is None or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WorkbookRefused("damaged")
        if member.flag_bits & 1:
            raise WorkbookRefused("protected")
        # The zip reader unpacks no more than the size stated here.
        if member.file_size > most or (
            member.file_size > _PLAIN_RATIO and member.file_size > _HIGHEST_RATIO * member.compress_size
        ):
            raise WorkbookRefused("too large")
        try:
            return self._archive.open(member)  # type: ignore[return-value]  # in reading mode it is one
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise WorkbookRefused("damaged") from error


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _refuse_document_type(*_: object) -> None:
    raise WorkbookRefused("damaged")
