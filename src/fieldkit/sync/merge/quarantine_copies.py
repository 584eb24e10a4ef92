"""The copies of refused files in the kit's quarantine folder, sealed with a key that only the open kit has."""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from fieldkit.disk_errors import disk_error
from fieldkit.errors import BundleRefused, StorageError
from fieldkit.file_writing import make_private_folder, write_private_file
from fieldkit.paths import real
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.container import read_file
from fieldkit.sync.bundle.limits import LIMITS, damaged

_ENDING = ".sealed"
#: The ending of unsealed copies by earlier versions.
_OPEN_ENDING = ".fkb"
#: The beginning of a copy: sealed in pieces, so that a large one is in memory only once; earlier versions sealed it whole.
_BEGINNING, _WHOLE = b"fieldkit-quarantine@v2\n", b"fieldkit-quarantine@v1\n"
_PIECE = 1 << 20
_LABEL = b"fieldkit quarantine"


def quarantine_folder(kit: Kit) -> Path:
    """The folder for copies of files that could not be accepted."""
    return kit.folder / "quarantine"


class Copies:
    """The copies of one kit, by the SHA-256 of the file (hexadecimal).

    The sender of a file is not known until it is trusted, and the file may not be encrypted. Nobody who finds the laptop can read
    the copy: its key is derived from the kit's own key, which the passphrase protects.
    """

    def __init__(self, kit: Kit) -> None:
        self.folder = quarantine_folder(kit)
        self._box = SecretBox(hmac.digest(kit.key, _LABEL, "sha256"))

    def path(self, digest: str) -> Path | None:
        """The copy of a file, None if there is none."""
        paths = (self.folder / f"{digest}{ending}" for ending in (_ENDING, _OPEN_ENDING))
        return next((path for path in paths if path.exists()), None)

    def holds(self, path: Path) -> bool:
        """Whether a file is one of the copies."""
        return real(path).parent == real(self.folder)

    def write(self, digest: str, data: bytes) -> None:
        """Store a copy of a file.

        Raises:
            StorageError: the disk refuses.
        """
        make_private_folder(self.folder)
        if self.path(digest) is None:
            write_private_file(self.folder / f"{digest}{_ENDING}", self._sealed(data))

    def _sealed(self, data: bytes) -> Iterator[bytes]:
        yield _BEGINNING
        view = memoryview(data)
        for at in range(0, len(view), _PIECE):
            yield self._box.encrypt(bytes(view[at : at + _PIECE]))

    def _opened(self, path: Path) -> Iterator[bytes]:
        """The pieces of a copy; CryptoError, ValueError or OSError if it is damaged or can't be read."""
        sealed_piece = _PIECE + SecretBox.NONCE_SIZE + SecretBox.MACBYTES
        with path.open("rb") as file:
            beginning = file.read(len(_BEGINNING))
            if beginning == _WHOLE:
                yield self._box.decrypt(file.read(LIMITS.file + sealed_piece))
            elif beginning != _BEGINNING:
                raise ValueError("no copy of a file in quarantine")
            while piece := file.read(sealed_piece):
                yield self._box.decrypt(piece)

    def seal(self) -> None:
        """Seal the copies that an earlier version stored unsealed. If the disk refuses, this is tried again later."""
        with contextlib.suppress(OSError, StorageError, BundleRefused):
            for path in sorted(self.folder.glob(f"*{_OPEN_ENDING}")):
                if not path.is_symlink() and path.is_file():
                    data = read_file(path, LIMITS)
                    write_private_file(path.with_suffix(_ENDING), self._sealed(data))
                path.unlink()

    def read(self, path: Path) -> bytes:
        """The original file of a copy.

        Raises:
            BundleRefused: the copy is damaged, or can't be read.
        """
        if path.suffix != _ENDING or path.is_symlink() or not path.is_file():
            return read_file(path, LIMITS)
        plain = bytearray()
        try:
            for piece in self._opened(path):
                plain += piece
                if len(plain) > LIMITS.file:
                    break
        except (CryptoError, ValueError, OSError):
            plain.clear()
        if sha256(plain).hexdigest() != path.stem:
            raise damaged("its copy in quarantine was changed")
        return bytes(plain)

    def remove(self, digest: str) -> None:
        """Remove the copy of a file, if there is one.

        Raises:
            StorageError: the disk refuses.
        """
        while path := self.path(digest):
            try:
                path.unlink()
            except OSError as error:
                raise disk_error(error, path) from error

    def sizes(self) -> dict[str, int]:
        """Digest -> bytes of its copy."""
        by_digest: dict[str, int] = {}
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.suffix in {_ENDING, _OPEN_ENDING}:
                    with contextlib.suppress(OSError):
                        by_digest[path.stem] = by_digest.get(path.stem, 0) + path.lstat().st_size
        return by_digest
