"""The outside of a bundle: a tar of a manifest, its signature and a payload, read strictly, written durably.

Nothing here trusts the file or looks inside its members. The reader is our own small one: `tarfile` follows long names, lets
extended headers rename members, stops silently at rubbish, and in older releases loops for ever on a negative size. A bundle
needs three plain files, and everything else is refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from fieldkit.disk_errors import disk_error
from fieldkit.errors import BundleRefused, StorageError
from fieldkit.file_writing import NewFile
from fieldkit.sync.bundle.limits import LIMITS, Limits, damaged, too_large
from fieldkit.text import displayed_line

__all__ = [
    "LIMITS",
    "NAMESPACE",
    "PAYLOAD",
    "SEALED_PAYLOAD",
    "Container",
    "Limits",
    "digest",
    "read_container",
    "read_file",
    "write_container",
]

NAMESPACE = "fieldkit-bundle@v1"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
PAYLOAD = "payload.jsonl.zst"
SEALED_PAYLOAD = "payload.jsonl.zst.age"

_MIB = 1 << 20
_BLOCK = 512
_ZEROS = bytes(_BLOCK)
_LONGEST_DESCRIPTION = 1 << 16
_NO_BUNDLE = "it is not a bundle at all"


@dataclass(frozen=True)
class Container:
    """A bundle's three members, unchecked. `payload` is a view into the file's bytes, not a copy."""

    manifest: bytes
    signature: bytes
    payload: memoryview
    payload_name: str

    @property
    def sealed(self) -> bool:
        """Whether the payload's name says that it is encrypted."""
        return self.payload_name == SEALED_PAYLOAD


def digest(payload: bytes | memoryview) -> str:
    """The SHA-256 of a payload as 64 hexadecimal digits, as the manifest gives it."""
    return sha256(payload).hexdigest()


def _most(name: str, limits: Limits) -> int:
    """The largest size allowed for the member of that name."""
    return {MANIFEST: limits.manifest, SIGNATURE: limits.signature}.get(name, limits.packed)


# Reading


def read_container(source: str | Path | bytes, limits: Limits = LIMITS) -> Container:
    """Read a bundle from a file or from its bytes, once, and split it into its members.

    Raises BundleRefused: too-large beyond `limits`, damaged for everything that is not a tar of exactly the three plain files. A
    folder, device, pipe or missing file is refused without waiting for it.
    """
    data = source if isinstance(source, bytes) else read_file(Path(source), limits)
    if len(data) > limits.file:
        raise too_large(f"it has more than {limits.file // _MIB} MB")
    members: dict[str, memoryview] = {}
    for name, content in _members(data):
        if name in members:
            raise damaged("one of its parts is there twice")
        if len(content) > _most(name, limits):
            raise too_large("one of its parts is beyond its limit")
        members[name] = content
    payloads = [name for name in (PAYLOAD, SEALED_PAYLOAD) if name in members]
    if MANIFEST not in members or SIGNATURE not in members or len(payloads) != 1:
        raise damaged("it does not hold exactly a manifest, a signature and a payload")
    return Container(bytes(members[MANIFEST]), bytes(members[SIGNATURE]), members[payloads[0]], payloads[0])


def begins_like_a_bundle(data: bytes) -> bool:
    """Whether `data` may be a bundle, whole or damaged: a tar that begins with a bundle member or an extended header."""
    names = (MANIFEST, SIGNATURE, PAYLOAD, SEALED_PAYLOAD)
    name = data[:100].partition(b"\0")[0].removeprefix(b"./")
    return data[257:262] == b"ustar" and (
        data[156:157] in b"xg" or name in {entry.encode() for entry in names}
    )


def read_file(path: Path, limits: Limits = LIMITS) -> bytes:
    """All bytes of a regular file; never waits on a pipe and never opens a device.

    Raises BundleRefused: too-large beyond `limits`, damaged for a file that can't be read.
    """
    limit = limits.file
    try:
        if path.is_dir():
            os.scandir(path).close()  # an unreadable folder raises here
        _demand_regular(path.stat().st_mode)
        # The file may be replaced between this check and the opening: so opening does not wait, and the check is repeated.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            _demand_regular(status.st_mode)
            if status.st_size > limit:
                raise too_large(f"it has more than {limit // _MIB} MB")
            return file.read(status.st_size + 1)
    except (OSError, ValueError) as problem:
        missing = isinstance(problem, FileNotFoundError)
        raise BundleRefused(
            "damaged",
            f"There is no file “{_shown(path)}”." if missing else f"The file “{_shown(path)}” can't be read.",
            kept="Nothing in this kit was changed.",
            hint="Is the stick still in? Check the name."
            if missing
            else "Copy it to this laptop and try again from there.",
        ) from problem


def _demand_regular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise BundleRefused(
            "damaged",
            f"That is {what}, not a file.",
            kept="Nothing in this kit was changed.",
            hint="Give the name of a file that ends in .fkb or .fkn.",
        )


def _members(data: bytes) -> Iterator[tuple[str, memoryview]]:
    """Name and content of each member of a tar; BundleRefused for anything unusual."""
    view = memoryview(data)
    at, described, members = 0, False, 0
    while (header := data[at : at + _BLOCK]) != _ZEROS:
        if len(header) < _BLOCK:
            raise damaged(
                "it is cut short" if at or _begins_a_name(data) else _NO_BUNDLE if data else "it is empty"
            )
        size = _checked_size(header)
        start, at = at + _BLOCK, at + _BLOCK + size + -size % _BLOCK
        if at > len(data):
            raise damaged("it is cut short")
        if any(view[start + size : at]):
            raise damaged("something is hidden between its parts")
        kind = header[156:157]
        if kind in b"xg" and not described and size <= _LONGEST_DESCRIPTION:
            _demand_harmless(data[start : start + size])
            described = True
        elif kind in (b"0", b"\0") and members < 3:
            yield _member_name(header), view[start : start + size]
            described, members = False, members + 1
        else:
            raise damaged("it holds something other than its three parts")
    if described:
        raise damaged("it is cut short")
    # Two blocks of zeros end a tar; programs pad it to a round size with more of them.
    end = len(data) - at
    if end < 2 * _BLOCK or end % _BLOCK:
        raise damaged("it is cut short")
    if data.count(0, at) != end:
        raise damaged("something follows its end")


def _begins_a_name(data: bytes) -> bool:
    """Whether a short file is the beginning of a tar of a bundle."""
    names = (b"manifest.json", b"./manifest.json")
    return any(data.startswith(name) or name.startswith(data) for name in names if data)


def _checked_size(header: bytes) -> int:
    """The size in a header, after checking its checksum; BundleRefused for anything unusual."""
    if header[257:262] != b"ustar":
        raise damaged(_NO_BUNDLE)
    if _octal(header[148:156]) != sum(header) - sum(header[148:156]) + 8 * 32:
        raise damaged("a header in it is broken")
    return _octal(header[124:136])


def _octal(digits: bytes) -> int:
    text = digits.rstrip(b" \0")
    if not text or text.strip(b" 01234567") or b" " in text.lstrip(b" "):
        raise damaged("a number in it is broken")
    return int(text, 8)


def _member_name(header: bytes) -> str:
    """Which of the known names a header holds; no other name is ever used, least of all as a path."""
    name = header[:100].rstrip(b"\0").removeprefix(b"./")
    for known in (MANIFEST, SIGNATURE, PAYLOAD, SEALED_PAYLOAD):
        if name == known.encode() and not header[345:500].strip(b"\0") and not header[157:257].strip(b"\0"):
            return known
    raise damaged("it holds something other than its three parts")


_HARMLESS = {b"mtime", b"atime", b"ctime", b"uid", b"gid", b"uname", b"gname", b"comment"}
_HARMLESS_BEGINNINGS = (b"SCHILY.xattr.", b"LIBARCHIVE.xattr.", b"LIBARCHIVE.creationtime", b"RHT.security.")


def _demand_harmless(records: bytes) -> None:
    """Refuse an extended header (`LENGTH KEY=VALUE\\n` …) that could change a name, a size or a meaning."""
    at = 0
    while at < len(records):
        digits, _, _ = records[at : at + 8].partition(b" ")
        length = int(digits) if digits.isdigit() else 0
        record = records[at : at + length]
        key, equals, _ = record[len(digits) + 1 :].partition(b"=")
        if not equals or len(record) != length or not record.endswith(b"\n"):
            raise damaged("a header in it is broken")
        if key not in _HARMLESS and not key.startswith(_HARMLESS_BEGINNINGS):
            raise damaged("a header in it asks for something unusual")
        at += length


# Writing


def write_container(
    path: Path,
    manifest: bytes,
    signature: bytes,
    payload: bytes | memoryview | Path,
    payload_name: str = SEALED_PAYLOAD,
    limits: Limits = LIMITS,
) -> None:
    """Write a bundle so that `path` is either the whole new file (mode 0600) or what it was before.

    The bundle is written to a temporary file (see `NewFile`), flushed, read back from the disk, compared and only then renamed.
    `payload` is the bytes or the file that holds them. The same input gives the same file, byte for byte. Raises StorageError
    when the disk refuses or returns something else, BundleRefused (too-large) if every reader would refuse it, ValueError for an
    unknown `payload_name`.
    """
    if payload_name not in (PAYLOAD, SEALED_PAYLOAD):
        raise ValueError(f"not a name for a payload: {payload_name!r}")
    try:
        size = payload.stat().st_size if isinstance(payload, Path) else len(payload)
        sizes = {MANIFEST: len(manifest), SIGNATURE: len(signature), payload_name: size}
        if any(size > _most(name, limits) for name, size in sizes.items()):
            raise too_large("it would be refused wherever it arrives")
        with NewFile(path) as new:
            written = _write_members(new.file, manifest, signature, payload, payload_name, size)
            new.finish()
            if not _reads_back(new.path, (manifest, signature, written), limits):
                raise StorageError(
                    f"The disk gave back something other than what was written: {_shown(path)}.",
                    kept="Everything recorded is still in this kit.",
                    hint="Choose another folder or stick, then try again.",
                )
            new.keep()
    except OSError as problem:
        raise disk_error(problem, path) from problem


def _write_members(
    file: BinaryIO,
    manifest: bytes,
    signature: bytes,
    payload: bytes | memoryview | Path,
    payload_name: str,
    size: int,
) -> str:
    """Write the tar and flush it to the disk; returns the payload's SHA-256 as written."""
    _add(file, MANIFEST, len(manifest), [manifest])
    _add(file, SIGNATURE, len(signature), [signature])
    hashed = _add(file, payload_name, size, _pieces(payload))
    file.write(2 * _ZEROS)
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "posix_fadvise"):
        # So that the bytes are read back from the disk, not from the page cache.
        with suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return hashed


def _reads_back(part: Path, expected: tuple[bytes, bytes, str], limits: Limits) -> bool:
    try:
        container = read_container(part, limits)
    except BundleRefused:
        return False
    return (container.manifest, container.signature, digest(container.payload)) == expected


def _pieces(payload: bytes | memoryview | Path) -> Iterator[bytes | memoryview]:
    if not isinstance(payload, Path):
        yield payload
        return
    with payload.open("rb") as file:
        while piece := file.read(_MIB):
            yield piece


def _add(file: BinaryIO, name: str, size: int, pieces: list[bytes] | Iterator[bytes | memoryview]) -> str:
    """Append one member; returns the SHA-256 of its content."""
    from tarfile import USTAR_FORMAT, TarInfo

    info = TarInfo(name)
    info.size, info.mode = size, 0o600
    file.write(info.tobuf(USTAR_FORMAT))
    hashed = sha256()
    for piece in pieces:
        hashed.update(piece)
        file.write(piece)
    file.write(bytes(-size % _BLOCK))
    return hashed.hexdigest()


def _shown(path: Path) -> str:
    """A path as text for a sentence: control characters are removed, and a long path is cut at its beginning."""
    shown = displayed_line(os.fspath(path))
    return shown if len(shown) <= 120 else "…" + shown[-120:]
