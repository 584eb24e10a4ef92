"""The id of a device, derived from its public key: nobody can bear another's."""

from __future__ import annotations

import re
from base64 import b32encode
from hashlib import sha256

ALGORITHM = b"ssh-ed25519"
_DEVICE = re.compile(r"[a-z2-7]{26}\Z")
_ORIGIN = re.compile(r"[a-z2-7]{26}\.[0-9a-f]{8}\Z")


def key_blob(public: bytes) -> bytes:
    """A public key (32 bytes) as SSH writes it on the wire (RFC 8709)."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (ALGORITHM, public))


def device_id(public: bytes) -> str:
    """26 lower-case base32 characters: the first 16 bytes of the SHA-256 of the key's wire form."""
    return b32encode(sha256(key_blob(public)).digest()[:16]).decode().rstrip("=").lower()


def is_device_id(text: str) -> bool:
    """Whether a text may be the id of a device, or of a network, which is that of its creator's."""
    return bool(_DEVICE.match(text))


def device_of(origin: str) -> str:
    """The id of the device that writes under this origin: the part before the incarnation."""
    return origin.partition(".")[0]


def is_origin(origin: str, device: str) -> bool:
    """Whether the device may write under this origin: its id and eight hexadecimal digits."""
    return bool(_ORIGIN.match(origin)) and device_of(origin) == device
