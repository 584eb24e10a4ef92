"""Whatever goes wrong in reading one file is that file's refusal: the others are merged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError

from fieldkit.errors import BundleRefused, FieldkitError, StorageError, VaultError
from fieldkit.faultlog import log_fault
from fieldkit.sync.bundle.limits import damaged
from fieldkit.sync.bundle.prefetch import Lost
from fieldkit.sync.bundle.unsealed import NotOpened

#: What the database says of itself: of the disk, or of another program. Anything else it says of what it was given.
_OF_THE_DISK = (sqlcipher.OperationalError, sqlcipher.InternalError)


@contextlib.contextmanager
def one_file(folder: Path) -> Iterator[None]:
    """Turn an error that nobody foresaw into the refusal of the file being read, with a note in the kit's log of errors.

    Raises:
        BundleRefused: the file is refused, for its own reason or as damaged.
        StorageError, VaultError: the disk or the kit itself fails, which no other file would change.
    """
    try:
        yield
    except (BundleRefused, StorageError, VaultError, Lost, NotOpened):
        raise
    except Exception as error:
        raised = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(raised, _OF_THE_DISK) or type(raised) is sqlcipher.DatabaseError:
            raise
        log_fault(folder, "reading a file to merge", error)
        detail = "something in it can't be understood"
        if isinstance(error, MemoryError):
            detail = "reading it takes more memory than this laptop has"
        elif isinstance(error, FieldkitError):
            detail = "it holds what no kit would have written"
        raise damaged(detail) from error
