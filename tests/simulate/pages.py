"""A reader of encrypted kits that shares no code with the library that writes them: SQLCipher's page format, version 4.

The file consists of pages of 4,096 bytes. Its first 16 bytes are a salt, in place of SQLite's own first 16. Each page
ends in 80 bytes: 16 of initialisation vector, then 64 of HMAC-SHA-512 over the ciphertext, the vector and the page number
(4 bytes, little-endian). The ciphertext is AES-256 in CBC mode under the raw key. The HMAC's key is PBKDF2-HMAC-SHA-512
of the raw key, 2 rounds, salted with the file's salt with every byte XORed with 0x3a. Pages in the write-ahead log are alike.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import hmac
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

PAGE, RESERVE, IV, SALT = 4096, 80, 16, 16
_MAGIC = b"SQLite format 3\0"
_LOG_HEADER, _FRAME_HEADER = 32, 24


class Damaged(Exception):
    """A page is not as it was written under this key."""


@cache
def _crypto() -> Any:
    name = ctypes.util.find_library("crypto")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    for made in ("EVP_CIPHER_CTX_new", "EVP_aes_256_cbc"):
        getattr(library, made).restype = ctypes.c_void_p
    return library


def readable() -> bool:
    """Whether this machine has OpenSSL's library, which deciphers the pages."""
    return _crypto() is not None


def _decipher(key: bytes, iv: bytes, content: bytes) -> bytes:
    library = _crypto()
    context = ctypes.c_void_p(library.EVP_CIPHER_CTX_new())
    out = ctypes.create_string_buffer(len(content) + 32)
    length = ctypes.c_int(0)
    try:
        library.EVP_DecryptInit_ex(context, ctypes.c_void_p(library.EVP_aes_256_cbc()), None, key, iv)
        library.EVP_CIPHER_CTX_set_padding(context, 0)
        library.EVP_DecryptUpdate(context, out, ctypes.byref(length), content, len(content))
    finally:
        library.EVP_CIPHER_CTX_free(context)
    return out.raw[: length.value]


def _hmac_key(key: bytes, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)


def _is_true(hmac_key: bytes, page: bytes, number: int) -> bool:
    """Whether a page carries the HMAC of its content."""
    start, end = SALT if number == 1 else 0, PAGE - RESERVE + IV
    made = hmac.digest(hmac_key, page[start:end] + number.to_bytes(4, "little"), "sha512")
    return hmac.compare_digest(made, page[end : end + 64])


def _plain(key: bytes, page: bytes, number: int) -> bytes:
    start, end = SALT if number == 1 else 0, PAGE - RESERVE
    return _decipher(key, page[end : end + IV], page[start:end])


def pages(database: Path, key: bytes) -> Iterator[bytes]:
    """The plaintext of each page of a file and each frame of its log, whatever their HMACs: for a search for traces."""
    content = database.read_bytes()
    for at in range(0, len(content), PAGE):
        yield _plain(key, content[at : at + PAGE], at // PAGE + 1)
    for number, page, _ in _frames(database):
        yield _plain(key, page, number)


def _frames(database: Path) -> Iterator[tuple[int, bytes, bytes]]:
    """(page number, its bytes, the frame's header) of every frame in the write-ahead log."""
    log = database.with_name(database.name + "-wal")
    content = log.read_bytes() if log.exists() else b""
    for at in range(_LOG_HEADER, len(content) - PAGE - _FRAME_HEADER + 1, PAGE + _FRAME_HEADER):
        head, page = content[at : at + _FRAME_HEADER], content[at + _FRAME_HEADER :][:PAGE]
        yield int.from_bytes(head[:4], "big"), page, head


def _committed(database: Path) -> tuple[dict[int, bytes], int]:
    """The pages that the log puts over the file's, and the number of pages that the database then has (0: not stated)."""
    log = database.with_name(database.name + "-wal")
    header = log.read_bytes()[:_LOG_HEADER] if log.exists() else b""
    if len(header) < _LOG_HEADER:
        return {}, 0
    order = "big" if header[3] & 1 else "little"
    sums = _checksum((0, 0), header[:24], order)
    held: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    count = 0
    if _as_bytes(sums) != header[24:32]:
        return {}, 0
    for number, page, head in _frames(database):
        sums = _checksum(_checksum(sums, head[:8], order), page, order)
        # Older frames, with other salts, follow the last one that counts.
        if head[8:16] != header[16:24] or _as_bytes(sums) != head[16:24]:
            break
        waiting[number] = page
        if size := int.from_bytes(head[4:8], "big"):
            held |= waiting
            waiting, count = {}, size
    return held, count


def _checksum(sums: tuple[int, int], content: bytes, order: Any) -> tuple[int, int]:
    """SQLite's running checksum over pairs of 32-bit words."""
    low, high = sums
    for at in range(0, len(content), 8):
        low = (low + int.from_bytes(content[at : at + 4], order) + high) & 0xFFFFFFFF
        high = (high + int.from_bytes(content[at + 4 : at + 8], order) + low) & 0xFFFFFFFF
    return low, high


def _as_bytes(sums: tuple[int, int]) -> bytes:
    return sums[0].to_bytes(4, "big") + sums[1].to_bytes(4, "big")


def as_plain(database: Path, key: bytes, target: Path) -> int:
    """Write the contents of an encrypted file and its log to `target`, a plain SQLite file; returns the number of pages.

    Raises:
        Damaged: a page's HMAC does not match its content, or the file is not a whole number of pages.
    """
    content = database.read_bytes()
    if not content or len(content) % PAGE:
        raise Damaged("the file is cut")
    newer, count = _committed(database)
    hmac_key = _hmac_key(key, content[:SALT])
    count = count or len(content) // PAGE
    with target.open("wb") as out:
        for number in range(1, count + 1):
            page = newer.get(number) or content[(number - 1) * PAGE : number * PAGE]
            if not _is_true(hmac_key, page, number):
                raise Damaged(f"page {number} is not what was written")
            plain = _plain(key, page, number) + bytes(RESERVE)
            # The plain file has no write-ahead log: bytes 18 and 19 say so.
            out.write(_MAGIC + plain[:2] + b"\1\1" + plain[4:] if number == 1 else plain)
    return count


def whole_folder(folder: Path, key: bytes) -> bytes:
    """All bytes in a kit's folder, with those of the database deciphered."""
    parts = [page for database in folder.glob("*.db") for page in pages(database, key)]
    parts += [
        path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and ".db" not in path.name
    ]
    return b"\n".join(parts)
