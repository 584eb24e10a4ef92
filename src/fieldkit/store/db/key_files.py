"""The key files in a kit's folder. The first frame asks for them; `vault`, which opens them, needs the cryptography."""

from __future__ import annotations

from pathlib import Path

from fieldkit.disk_errors import disk_error
from fieldkit.operating_system import read_regular
from fieldkit.store.db.folder_swap import finish

OPEN_KEY = "key.not-encrypted"
BY_PASSPHRASE = "key.passphrase.age"
BY_RECOVERY = "key.recovery.age"
DATABASE = "fieldkit.db"
KEY_FILES = (OPEN_KEY, BY_PASSPHRASE, BY_RECOVERY)
#: The most bytes of a key file: its header has one stanza, and it holds 32 bytes.
MOST_KEY_FILE = 4 << 10


class KeyFiles:
    """The key files of one kit folder, as stored."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether a kit has been set up here; an interrupted restore is finished first.

        Raises:
            StorageError: this user may not look into the folder.
        """
        try:
            finish(self.folder)
            keys = (OPEN_KEY, BY_PASSPHRASE, *((BY_RECOVERY,) if self.database.exists() else ()))
            return any((self.folder / key).exists() for key in keys)
        except OSError as error:
            raise disk_error(error, self.folder) from error

    def demand_access(self) -> None:
        """Return if this user may look into the folder, whether or not it holds a kit.

        Raises:
            StorageError: they may not.
        """
        _ = self.exists

    @property
    def database(self) -> Path:
        """The encrypted file that the key opens."""
        return self.folder / DATABASE

    @property
    def locked(self) -> bool:
        """Whether a passphrase or recovery code is needed."""
        return not (self.folder / OPEN_KEY).exists()

    def locks(self) -> dict[str, bytes]:
        """The key files by name, {} for none: while they are the same, so are passphrase and recovery code."""
        paths = [self.folder / name for name in KEY_FILES]
        try:
            return {path.name: read_regular(path, MOST_KEY_FILE) for path in paths if path.exists()}
        except OSError as error:
            raise disk_error(error, self.folder) from error
