"""Tars in the form of bundles: a valid one, its parts, and means to make invalid ones."""

from __future__ import annotations

import io
import tarfile

from fieldkit.sync.bundle import sshsig
from fieldkit.sync.bundle.container import (
    MANIFEST,
    NAMESPACE,
    SEALED_PAYLOAD,
    SIGNATURE,
    digest,
    read_container,
)
from fieldkit.sync.bundle.keys import SigningKey

KEY = SigningKey.from_seed(bytes(range(32)))
CONTENT = b"what a payload holds"
PARTS = {
    MANIFEST: b'{"sha256": "%s"}' % digest(CONTENT).encode(),
    SIGNATURE: sshsig.sign(KEY, b'{"sha256": "%s"}' % digest(CONTENT).encode(), NAMESPACE),
    SEALED_PAYLOAD: CONTENT,
}


def tar_of(parts: dict[str, bytes], format: int = tarfile.USTAR_FORMAT, **more: object) -> bytes:
    """A tar made by the standard library; `more` sets attributes of its first member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as tar:
        for number, (name, content) in enumerate(parts.items()):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for attribute, value in more.items() if number == 0 else ():
                setattr(info, attribute, value)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def block(name: bytes, size: bytes = b"%011o\0" % 0, kind: bytes = b"0", link: bytes = b"") -> bytes:
    """A tar header with a valid checksum, whatever its fields hold."""
    head = name.ljust(100, b"\0") + b"0000600\0" + b"0000000\0" * 2 + size + b"%011o\0" % 0
    tail = kind + link.ljust(100, b"\0") + b"ustar\x0000" + bytes(247)
    whole = head + b" " * 8 + tail
    return head + b"%06o\0 " % sum(whole) + tail


GOOD = tar_of(PARTS)
END = bytes(1024)


def described(records: bytes) -> bytes:
    """The valid tar after an extended header that consists of these records."""
    return block(b"x", b"%011o\0" % len(records), b"x") + records.ljust(512, b"\0") + GOOD


def opened_in_full(data: bytes) -> tuple[bytes, bytes]:
    """Manifest and payload after every check that needs no network, as in a merge."""
    container = read_container(data)
    assert sshsig.verify(container.signature, container.manifest, NAMESPACE) == KEY.public
    if digest(container.payload).encode() not in container.manifest:
        raise ValueError("another payload")
    return container.manifest, bytes(container.payload)
