"""Every byte of an encrypted kit, deciphered page by page: free pages and the write-ahead log too."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

PAGE, RESERVE, IV, SALT = 4096, 80, 16, 16


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


def _page(key: bytes, page: bytes, number: int) -> bytes:
    start = SALT if number == 1 else 0
    end = PAGE - RESERVE
    return _decipher(key, page[end : end + IV], page[start:end])


def pages(database: Path, key: bytes) -> Iterator[bytes]:
    """The plain content of each page of an SQLCipher file and of each frame of its write-ahead log."""
    content = database.read_bytes()
    for at in range(0, len(content), PAGE):
        yield _page(key, content[at : at + PAGE], at // PAGE + 1)
    log = database.with_name(database.name + "-wal")
    content = log.read_bytes() if log.exists() else b""
    for at in range(32, len(content) - PAGE - 23, PAGE + 24):
        number = int.from_bytes(content[at : at + 4], "big")
        yield _page(key, content[at + 24 : at + 24 + PAGE], number)


def whole_folder(folder: Path, key: bytes) -> bytes:
    """Everything that lies in a kit's folder, deciphered where it is the database's."""
    parts = [page for database in folder.glob("*.db") for page in pages(database, key)]
    parts += [
        path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and ".db" not in path.name
    ]
    return b"\n".join(parts)
