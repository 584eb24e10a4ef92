"""Decoding the bytes of a CSV file: byte order marks, UTF-8, UTF-16, Windows-1252, and bytes that can't be read."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from fieldkit.text import plural

_CHUNK = 1 << 20
_DAMAGED = "\ufffd"
#: The most lines with damaged characters that a note names.
_MOST_LINES = 5


@dataclass(frozen=True)
class Decoding:
    """How to decode a file, with a note if people should know."""

    encoding: str
    errors: str = "strict"
    note: str = ""

    def open(self, stream: BinaryIO) -> io.TextIOWrapper:
        """Open `stream` as text from its first byte, with line endings unchanged."""
        stream.seek(0)
        return io.TextIOWrapper(stream, encoding=self.encoding, errors=self.errors, newline="")


def find_decoding(stream: BinaryIO) -> Decoding:
    """How to read `stream` as text: by its byte order mark, or else as UTF-16, UTF-8 or Windows-1252.

    The note says if characters are damaged or the encoding was guessed.
    """
    stream.seek(0)
    head = stream.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    elif wide := wide_encoding(head):
        return Decoding(wide, "replace", _Damage(stream, wide).sentence())
    else:
        encoding = "utf-8"
    try:
        for _ in _decoded(stream, encoding, "strict"):
            pass
    except UnicodeDecodeError:
        return _without_utf8(stream, encoding)
    return Decoding(encoding)


def wide_encoding(head: bytes) -> str:
    """The UTF-32 or UTF-16 encoding of a file that begins with `head`, or "" for another encoding.

    UTF-16 without a byte order mark is recognised by its delimiters, blanks and line endings: one byte of each is zero.
    A few letters have their zero in the other byte.
    """
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    first, second = head[0::2].count(0), head[1::2].count(0)
    enough = max(4, len(head) // 20)
    if second >= enough and second > 4 * first and _wide_breaks(head[0::2], head[1::2]):
        return "utf-16-le"
    if first >= enough and first > 4 * second and _wide_breaks(head[1::2], head[0::2]):
        return "utf-16-be"
    return ""


def _wide_breaks(low: bytes, high: bytes) -> bool:
    """Whether the line endings have a zero byte beside them too: a faulty program may also leave zeros in cells.

    Not all line endings need one: half of a Gurmukhi letter looks like a line ending.
    """
    beside = [other for byte, other in zip(low, high, strict=False) if byte in b"\r\n"]
    return 4 * beside.count(0) >= 3 * len(beside)


def _older(error: UnicodeError) -> tuple[str, int]:
    """Decode bytes that are not UTF-8 as Windows-1252, for a file with some rows pasted from elsewhere."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_MIXED = "fieldkit-cp1252"
codecs.register_error(_MIXED, _older)


def _without_utf8(stream: BinaryIO, encoding: str) -> Decoding:
    """The decoding of bytes that are not all UTF-8: a few damaged characters, or another encoding altogether."""
    damage = _Damage(stream, encoding)
    if encoding == "utf-8-sig" or damage.letters > 10 * damage.count:
        return Decoding(encoding, "replace", damage.sentence())
    if damage.letters:
        return Decoding(
            encoding,
            _MIXED,
            f"Characters that are not in UTF-8 were read as Windows-1252: {damage.count} ({damage.where()}). "
            "Look whether they are right.",
        )
    note = (
        "The file is not in UTF-8; it was read as Windows-1252, which older spreadsheet programs write. "
        "If letters with accents look wrong, save it again as “CSV UTF-8”."
    )
    return Decoding("cp1252", "replace", note)


def ungarbled(text: str) -> tuple[str, str]:
    """A word of `text` whose letters were UTF-8 that some program took for Windows-1252, and that word as it was; else "".

    Such letters are everywhere in files that were opened and saved again: “cafÃ©” for “café”, “â€™” for an apostrophe.
    """
    if not text.isascii() and (run := _GARBLED.search(text)):
        for word in text.split():
            if run[0] in word:
                return word, _GARBLED.sub(_as_it_was, word)
    return "", ""


def _as_it_was(run: re.Match[str]) -> str:
    return b"".join(_BYTES[sign] for sign in run[0]).decode("utf-8", "replace")


_BYTES = {
    sign: bytes([byte])
    for byte in range(0x80, 0x100)
    for sign in {chr(byte), bytes([byte]).decode("cp1252", "replace")}
}
_AFTER = "".join(sign for sign, byte in _BYTES.items() if byte < b"\xc0" and sign != _DAMAGED)
# Only what no language has: capitals with a tilde or circumflex before a sign, and â before two of them.
_GARBLED = re.compile(f"(?:[ÂÃ][{re.escape(_AFTER)}]|â[{re.escape(_AFTER)}]{{1,2}})+")


class _Damage:
    """The characters of a file that an encoding can't read, and the lines of the first ones."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self.count = 0
        self.letters = 0
        """Characters outside ASCII that could be read."""
        self._lines: list[int] = []
        line, ends = 1, ""
        for text in _decoded(stream, encoding, "replace"):
            # Only very old programs end lines with a lone carriage return.
            ends = ends or ("\n" if "\n" in text else "\r" if "\r" in text else "")
            if not text.isascii():
                damaged = text.count(_DAMAGED)
                self.count += damaged
                self.letters += sum(character > "\x7f" for character in text) - damaged
                at = text.find(_DAMAGED)
                while at >= 0 and len(self._lines) <= _MOST_LINES:
                    here = line + (text.count(ends, 0, at) if ends else 0)
                    if here not in self._lines:
                        self._lines.append(here)
                    after = text.find(ends, at) if ends else -1
                    at = text.find(_DAMAGED, after) if after >= 0 else -1
            line += text.count(ends) if ends else 0

    def where(self) -> str:
        """The first lines with damaged characters, in words."""
        more = ", …" if len(self._lines) > _MOST_LINES else ""
        listed = ", ".join(f"{line:,}" for line in self._lines[:_MOST_LINES])
        return plural(len(self._lines), f"line {listed}{more}", f"lines {listed}{more}")

    def sentence(self) -> str:
        """A sentence about the damaged characters, "" if there are none."""
        if not self.count:
            return ""
        what = f"Characters that are damaged in the file and could not be read, shown as {_DAMAGED}"
        return f"{what}: {self.count} ({self.where()})."


def _decoded(stream: BinaryIO, encoding: str, errors: str) -> Iterator[str]:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    while chunk := stream.read(_CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
