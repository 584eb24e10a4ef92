"""Backups as a stranger makes them: the tar is written byte by byte, the database changed with the driver alone."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

NOTE = {"format": "fieldkit-backup@v1", "made": 1_800_000_000_000, "counts": {}, "state_hash": ""}


def header(name: str, size: int, kind: bytes = b"0") -> bytes:
    """A ustar header with a valid checksum."""
    block = bytearray(512)
    block[:100] = name.encode().ljust(100, b"\0")
    block[100:108], block[108:116], block[116:124] = b"0000600\0", b"0000000\0", b"0000000\0"
    block[124:136] = b"%011o\0" % size
    block[136:148], block[148:156], block[156:157] = b"00000000000\0", b" " * 8, kind
    block[257:265] = b"ustar\x0000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def tar_of(path: Path, members: dict[str, bytes], *, end: bytes = bytes(1024)) -> Path:
    """A tar of plain members."""
    parts = [
        header(name, len(content)) + content + bytes(-len(content) % 512) for name, content in members.items()
    ]
    path.write_bytes(b"".join(parts) + end)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    """The members of a backup."""
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


class ForeignBackup:
    """An unlocked backup unpacked into a folder, to be changed and packed again."""

    def __init__(self, source: Path, folder: Path) -> None:
        folder.mkdir()
        self.folder, self.parts = folder, parts_of(source)
        self.database = folder / "changed.db"
        self.database.write_bytes(self.parts["fieldkit.db"])

    def connect(self) -> sqlcipher.Connection:
        connection = sqlcipher.connect(self.database)
        connection.execute(f"PRAGMA key = \"x'{self.parts['key.not-encrypted'].decode()}'\"")
        return connection

    def change(self, *statements: str) -> None:
        """Run statements on the database."""
        connection = self.connect()
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def setting(self, key: str, value: object) -> None:
        connection = self.connect()
        connection.execute(
            "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, json.dumps(value))
        )
        connection.commit()
        connection.close()

    def settings(self) -> dict[str, object]:
        connection = self.connect()
        held = {key: json.loads(value) for key, value in connection.execute("SELECT key, value FROM setting")}
        connection.close()
        return held

    def written(self, name: str = "foreign.fkbackup", **members: bytes) -> Path:
        """Pack the backup again."""
        parts = {**self.parts, "fieldkit.db": self.database.read_bytes(), **members}
        return tar_of(self.folder / name, parts)
