"""Decrypted payloads that wait to be merged: a few in memory, the others sealed again in an unnamed temporary file.

Files are opened before the write lock on the kit is taken, so that nobody waits for a slow decryption. A dry run over many files
needs all of them opened at once.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from nacl.secret import SecretBox

from fieldkit.disk_errors import disk_error

#: The most bytes waiting in memory, of all files together.
MOST_IN_MEMORY = 16 << 20
_PIECE = 1 << 20


class NotOpened(Exception):
    """An accepted file was not opened before the write lock was taken; `paths` must be opened first."""

    def __init__(self, paths: set[Path]) -> None:
        super().__init__()
        self.paths = paths


class Unsealed:
    """The packed bytes of one payload."""

    def __init__(self, pieces: list[bytes] | None, stored: _Stored | None = None) -> None:
        self._pieces, self._stored = pieces, stored

    @property
    def in_memory(self) -> bool:
        """Whether it is in memory, not in the file."""
        return self._pieces is not None

    @property
    def size(self) -> int:
        """How many bytes of it are in memory."""
        return sum(map(len, self._pieces or ()))

    def pieces(self) -> Iterator[bytes]:
        """The bytes, one piece after another."""
        if self._pieces is not None:
            yield from self._pieces
        elif self._stored is not None:
            yield from self._stored.read()


class Waiting:
    """All waiting payloads; leave the block when they have been used."""

    def __init__(self) -> None:
        self._size = 0
        self._file: BinaryIO | None = None
        self._box = SecretBox(secrets.token_bytes(SecretBox.KEY_SIZE))

    def keep(self, pieces: Iterable[bytes]) -> Unsealed:
        """Store a payload.

        Raises:
            DiskFull, StorageError: there is no room for the file.
        """
        held = list(pieces)
        size = sum(map(len, held))
        # A large one is merged next, alone, so no other needs the room.
        if not self._size or self._size + size <= MOST_IN_MEMORY:
            self._size += size
            return Unsealed(held)
        try:
            return Unsealed(None, self._store(held))
        except OSError as error:
            raise disk_error(error, Path(tempfile.gettempdir())) from error

    def _store(self, pieces: list[bytes]) -> _Stored:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix=".fieldkit-")  # noqa: SIM115  # closed by `close`
        places = []
        for piece in pieces:
            for at in range(0, len(piece), _PIECE):
                sealed = self._box.encrypt(piece[at : at + _PIECE])
                places.append((self._file.seek(0, 2), len(sealed)))
                self._file.write(sealed)
        return _Stored(self._file, self._box, places)

    def close(self) -> None:
        """Release everything."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        self._file, self._size = None, 0


class _Stored:
    """Where the sealed pieces of one payload are stored."""

    def __init__(self, file: BinaryIO, box: SecretBox, places: list[tuple[int, int]]) -> None:
        self._file, self._box, self._places = file, box, places

    def read(self) -> Iterator[bytes]:
        for at, size in self._places:
            self._file.seek(at)
            yield self._box.decrypt(self._file.read(size))
