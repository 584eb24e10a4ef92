"""The key of the encrypted file: random, wrapped with age, stored beside the file, opened by passphrase or recovery code."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from fieldkit.disk_errors import disk_error
from fieldkit.errors import Misuse, StorageError, VaultError, WrongPassphrase
from fieldkit.file_writing import close_to_others, make_private_folder, sync_folder, write_private_file
from fieldkit.operating_system import read_regular
from fieldkit.store.db import recovery_codes, scrypt_process
from fieldkit.store.db.key_files import (
    BY_PASSPHRASE,
    BY_RECOVERY,
    DATABASE,
    MOST_KEY_FILE,
    OPEN_KEY,
    KeyFiles,
)
from fieldkit.store.db.passphrases import demand_strong

AS_BEFORE = "The kit opens with the passphrase and the recovery code that it had."
"""What is kept when a new passphrase could not be written."""
OLD_PASSPHRASE_NEW_CODE = "The kit opens with the passphrase that it had, and with the new recovery code."
"""What is kept when the disk also refused to undo what was written of a new passphrase."""


def _whole(key: bytes) -> bytes:
    if len(key) != 32:
        raise ValueError("a key is 32 bytes long")
    return key


def _read(path: Path) -> bytes:
    """The content of a key file.

    Raises:
        ValueError: it is longer than any key file.
        OSError: the disk refuses.
    """
    content = read_regular(path, MOST_KEY_FILE + 1)
    if len(content) > MOST_KEY_FILE:
        raise ValueError("a key file is short")
    return content


def _key_missing(folder: Path) -> VaultError:
    return VaultError(
        f"There are records in {folder}, but the key that opens them is missing.",
        kept="They were left as they are.",
        hint="Restore the key files from a backup, or choose another folder.",
    )


class Vault(KeyFiles):
    """The key files of one kit folder: creating, opening and rewrapping them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.renewed = False
        """Whether `unlock` found a weak lock and renewed it."""

    def create(self, passphrase: str | None, names: Iterable[str] = (), code: str = "") -> tuple[bytes, str]:
        """Make the key; return it with the recovery code, "" for a kit without a passphrase.

        `names` are the network's and the laptop's, which are not accepted as passphrases. `code` is the recovery code, which
        was shown already; without it, one is made that nobody has seen.

        Raises:
            Misuse: there is a kit here already, or the passphrase is easily guessed.
            StorageError: the disk refuses.
        """
        if self.exists:
            raise Misuse(
                f"There is a kit in {self.folder} already.",
                kept="It was left as it is.",
                hint="Open it with: fieldkit",
            )
        if (self.folder / DATABASE).exists():
            raise _key_missing(self.folder)
        if passphrase is not None:
            demand_strong(passphrase, names)
        make_private_folder(self.folder)
        if not close_to_others(self.folder):
            raise Misuse(
                f"Other users of this laptop can write to {self.folder}, and the folder is not yours to change.",
                kept="Nothing was written.",
                hint="Choose another folder with --kit, or one that is not there yet.",
            )
        key = secrets.token_bytes(32)
        if passphrase is None:
            write_private_file(self.folder / OPEN_KEY, key.hex().encode())
            return key, ""
        code = code or recovery_codes.new_code()
        self._wrap(key, passphrase, code)
        return key, code

    def _wrap(self, key: bytes, passphrase: str, code: str) -> None:
        # The code is on paper by now, so its lock comes first: between the two, the passphrase until now opens the kit, and
        # the paper does. In a new kit the passphrase file, which makes this folder a kit, is the last, too.
        secrets_of = {BY_RECOVERY: code, BY_PASSPHRASE: passphrase}
        before = {name: path.read_bytes() for name in secrets_of if (path := self.folder / name).exists()}
        # One after the other: in parallel they would take twice the memory.
        wrapped = {name: scrypt_process.wrap(key, secret) for name, secret in secrets_of.items()}
        try:
            for name, content in wrapped.items():
                write_private_file(self.folder / name, content)
        except StorageError as error:
            # Keep both old secrets or both new ones.
            for name in wrapped:
                with contextlib.suppress(OSError, StorageError):
                    if name in before:
                        if (self.folder / name).read_bytes() != before[name]:
                            write_private_file(self.folder / name, before[name])
                    else:
                        (self.folder / name).unlink(missing_ok=True)
            if before:
                changed = self.locks().get(BY_RECOVERY) == wrapped[BY_RECOVERY]
                error.kept = OLD_PASSPHRASE_NEW_CODE if changed else AS_BEFORE
            raise

    def unlock(self, secret: str | None = None, *, renew: bool = True) -> bytes:
        """The key, by passphrase or by recovery code (12 words).

        A lock that is weaker than those made now is renewed with the secret that opened it, if the folder is writable, unless
        `renew` is False. `renewed` tells whether it was.

        Raises:
            WrongPassphrase: neither fits.
            VaultError: there is no kit here, or its key file or database is missing or damaged.
        """
        try:
            self._look()
            if not self.locked:
                return _whole(bytes.fromhex(_read(self.folder / OPEN_KEY).decode()))
            if secret is None:
                raise VaultError(
                    "This kit is locked.",
                    hint="Give its passphrase with FIELDKIT_PASSPHRASE or --passphrase-file.",
                )
            if (self.folder / BY_RECOVERY).exists() and (code := recovery_codes.code_in(secret)):
                # Twelve words that the user chose may look like a recovery code and be the passphrase.
                with contextlib.suppress(WrongPassphrase):
                    return self._opened(BY_RECOVERY, code, renew)
            if not (self.folder / BY_PASSPHRASE).exists():
                raise VaultError(
                    "The file that the passphrase opens is missing.",
                    kept="The records were left as they are.",
                    hint="Use the recovery code, 12 words printed when the kit was made.",
                )
            return self._opened(BY_PASSPHRASE, secret, renew)
        except WrongPassphrase as error:
            if secret is not None and (advice := recovery_codes.advice_on(secret)):
                error.hint = advice
            raise
        except OSError as error:
            raise disk_error(error, self.folder) from error
        except ValueError as error:
            raise VaultError(
                "The kit's key file is damaged.",
                kept="The records were left as they are.",
                hint="Use the other of passphrase and recovery code, or restore the key file from a backup.",
            ) from error

    def _opened(self, name: str, secret: str, renew: bool) -> bytes:
        """The key from one of its two files."""
        path = self.folder / name
        wrapped = _read(path)
        key = _whole(scrypt_process.unwrap(wrapped, secret))
        if renew and scrypt_process.is_weak(wrapped) and os.access(self.folder, os.W_OK):
            # If renewing fails now, it is tried again next time.
            with contextlib.suppress(StorageError, VaultError):
                write_private_file(path, scrypt_process.wrap(key, secret))
                self.renewed = True
        return key

    def _look(self) -> None:
        """Raise VaultError unless both the key and the database are here."""
        key, size = self.exists, self.database.stat().st_size if self.database.exists() else 0
        if key and size and self.database.is_file():
            return
        if key:
            raise VaultError(
                f"There is a kit in {self.folder}, but the file with its records is missing or empty.",
                kept="Its key was left as it is.",
                hint=f"Restore {DATABASE} from a backup. "
                "If nothing was recorded yet, remove the folder and start again.",
            )
        if size:
            raise _key_missing(self.folder)
        raise VaultError(
            f"There is no kit in {self.folder}.",
            hint="Start one with: fieldkit network create NAME, or: fieldkit join FILE.fkn --as NAME",
        )

    def undo(self) -> None:
        """Undo `create`, if the database that the key was for could not be made."""
        names = (DATABASE, DATABASE + "-wal", DATABASE + "-shm", OPEN_KEY, BY_PASSPHRASE, BY_RECOVERY)
        for name in names:
            with contextlib.suppress(OSError):
                (self.folder / name).unlink()

    def change_passphrase(self, key: bytes, passphrase: str, code: str, names: Iterable[str] = ()) -> None:
        """Rewrap `key`; the data is untouched. `code` is the new recovery code, which was shown already.

        Whoever never saw the new code would be left with an old one that opens nothing: so it is shown first.

        Raises:
            Misuse: the passphrase is easily guessed, or is one of `names`.
            StorageError: the disk refuses; `kept` says what opens the kit now.
        """
        demand_strong(passphrase, names)
        self._wrap(key, passphrase, code)
        try:
            (self.folder / OPEN_KEY).unlink(missing_ok=True)
        except OSError as error:
            raise disk_error(error, self.folder / OPEN_KEY) from error
        sync_folder(self.folder)
