"""The file of a backup: a tar of a note, key files and the database, read strictly and within bounds.

A backup may come from a stranger. So its members are plain files with known names, each at most once. Extended headers, long
names and sparse files, which `tarfile` would follow into memory or onto the disk, are refused before anything is written.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from fieldkit.errors import DiskFull, FieldkitError, Misuse, StorageError
from fieldkit.leftover_files import open_new
from fieldkit.store.db.key_files import DATABASE, KEY_FILES, MOST_KEY_FILE, OPEN_KEY
from fieldkit.store.oplog.ops import LARGEST
from fieldkit.strict_json import read_json

FORMAT = "fieldkit-backup@v1"
NOTE = "backup.json"
_BLOCK = tarfile.BLOCKSIZE
_PIECE = 1 << 20
_MOST_NOTE = 1 << 20
#: The most zero bytes at the end of a tar: programs pad it to a round size.
_MOST_ENDING = 20 * _BLOCK
#: Bytes that unpacking a backup leaves free on the disk.
_LEFT_FREE = 1 << 20


@dataclass(frozen=True)
class BackupNote:
    """What a backup states about its contents."""

    format: str
    made: int
    counts: dict[str, int]
    state_hash: str


def write(file: BinaryIO, note: BackupNote, keys: dict[str, bytes], database: Path) -> None:
    """Write a backup: its note, the key files by name, and the database."""
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in {NOTE: json.dumps(asdict(note)).encode(), **keys}.items():
            member = _member(name, len(content))
            tar.addfile(member, io.BytesIO(content))
        with database.open("rb") as records:
            tar.addfile(_member(DATABASE, database.stat().st_size), records)


def is_locked(source: Path) -> bool:
    """Whether a backup needs a passphrase or recovery code; also True for a file that is not a backup."""
    try:
        with source.open("rb") as file:
            return OPEN_KEY not in {name for name, _ in _members(file, source)}
    except (OSError, FieldkitError):
        return True


def unpack(source: Path, folder: Path) -> BackupNote:
    """Write the members of a backup as files of `folder`, mode 0600.

    Raises:
        StorageError: it is not a backup.
        DiskFull: there is less room than the backup states it needs.
        Misuse: a newer fieldkit made it.
        OSError: the disk refuses.
    """
    note: BackupNote | None = None
    with source.open("rb") as file:
        for name, size in _members(file, source):
            if name == NOTE:
                note = _read_note(file.read(size), source)
                continue
            if shutil.disk_usage(folder).free < size + _LEFT_FREE * (name == DATABASE):
                raise DiskFull(
                    f"The disk has too little room for “{source.name}”: it takes {max(1, size >> 20):,} MB.",
                    kept="Nothing was changed.",
                    hint="Free some space, or choose another folder. If the backup is that large unexpectedly, don't use it.",
                )
            _copy(file, size, folder / name, source)
    if note is None or not (folder / DATABASE).exists():
        raise no_backup(source)
    return note


def no_backup(source: Path) -> FieldkitError:
    """The error for a file that is not a backup, or not a complete one."""
    return StorageError(
        f"“{source.name}” is not a whole backup of a kit.",
        kept="Nothing was changed.",
        hint="Try another backup.",
    )


def _members(file: BinaryIO, source: Path) -> Iterator[tuple[str, int]]:
    """Yield (name, size) of each member, with the file at its first byte. The caller may stop reading anywhere."""
    bounds = {NOTE: _MOST_NOTE, **dict.fromkeys(KEY_FILES, MOST_KEY_FILE), DATABASE: LARGEST}
    end, at = file.seek(0, os.SEEK_END), 0
    while True:
        file.seek(at)
        header = file.read(_BLOCK)
        if header == bytes(_BLOCK):
            if end - at > _MOST_ENDING or any(file.read(_MOST_ENDING)):
                raise no_backup(source)
            return
        try:
            member = tarfile.TarInfo.frombuf(header, "ascii", "strict")
        except (tarfile.HeaderError, UnicodeError, ValueError):
            raise no_backup(source) from None
        start = at + _BLOCK
        at = start + member.size + -member.size % _BLOCK
        plain = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE)
        most = bounds.pop(member.name, -1)
        if not plain or not 0 < member.size <= most or start + member.size > end:
            raise no_backup(source)
        file.seek(start)
        yield member.name, member.size


def _copy(file: BinaryIO, size: int, target: Path, source: Path) -> None:
    with os.fdopen(open_new(target), "wb") as copy:
        while size:
            piece = file.read(min(size, _PIECE))
            if not piece:
                raise no_backup(source)
            copy.write(piece)
            size -= len(piece)
        copy.flush()
        os.fsync(copy.fileno())


def _read_note(content: bytes, source: Path) -> BackupNote:
    try:
        note = msgspec.convert(read_json(content), BackupNote)
    except (ValueError, msgspec.MsgspecError) as error:
        raise no_backup(source) from error
    if not 0 <= note.made < LARGEST:
        raise no_backup(source)
    if note.format != FORMAT:
        raise Misuse(
            "A newer fieldkit made this backup; this one can't read it.",
            kept="Nothing was changed.",
            hint="Install the newer fieldkit.",
        )
    return note


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member
