"""The id of a device, worked out from its public key: nobody can bear another's."""

from __future__ import annotations

from base64 import b32encode
from hashlib import sha256

ALGORITHM = b"ssh-ed25519"


def key_blob(public: bytes) -> bytes:
    """A public key (32 bytes) as SSH writes it on the wire (RFC 8709)."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (ALGORITHM, public))


def device_id(public: bytes) -> str:
    """26 lower-case base32 characters: the first 16 bytes of the SHA-256 of the key's wire form."""
    return b32encode(sha256(key_blob(public)).digest()[:16]).decode().rstrip("=").lower()


def device_of(origin: str) -> str:
    """The id of the device that writes under this name: what stands before the incarnation."""
    return origin.partition(".")[0]
