"""Whatever goes wrong in reading one file refuses only that file: the others are merged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError

from fieldkit.errors import BundleRefused, FieldkitError, StorageError, VaultError
from fieldkit.faultlog import log_fault
from fieldkit.sync.bundle.limits import damaged
from fieldkit.sync.bundle.prefetch import HelperLost
from fieldkit.sync.bundle.unsealed import NotOpened

#: Database errors about the disk or another program. All other errors are about the data.
_OF_THE_DISK = (sqlcipher.OperationalError, sqlcipher.InternalError)


@contextlib.contextmanager
def one_file(folder: Path) -> Iterator[None]:
    """Turn an unforeseen error into the refusal of the file being read, with a note in the kit's error log.

    Raises:
        BundleRefused: the file is refused, for its own reason or as damaged.
        StorageError, VaultError: the disk or the kit itself fails, as it would with any other file.
    """
    try:
        yield
    except (BundleRefused, StorageError, VaultError, HelperLost, NotOpened):
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
