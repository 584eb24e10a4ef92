"""SSH signatures of files (SSHSIG), as `ssh-keygen -Y sign` writes and `ssh-keygen -Y verify` checks them."""

from __future__ import annotations

import hashlib
from base64 import b64encode

from fieldkit.store.oplog.device_ids import ALGORITHM
from fieldkit.sync.bundle.keys import (
    PublicKey,
    SigningKey,
    ssh_string,
    strict_base64,
    take_ssh_string,
)

_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_BEGIN = b"-----BEGIN SSH SIGNATURE-----"
_END = b"-----END SSH SIGNATURE-----"
_LINE_LENGTH = 70
_HASHES = (b"sha256", b"sha512")

#: An armoured Ed25519 signature has about 300 bytes; much more is not one.
_LONGEST = 4096


def sign(key: SigningKey, message: bytes, namespace: str) -> bytes:
    """An armoured signature (SHA-512) over `message`, valid only for `namespace`."""
    space = namespace.encode()
    blob = (
        _MAGIC
        + _VERSION
        + ssh_string(key.public.blob)
        + ssh_string(space)
        + ssh_string(b"")
        + ssh_string(b"sha512")
        + ssh_string(ssh_string(ALGORITHM) + ssh_string(key.sign(_signed(message, space, b"sha512"))))
    )
    text = b64encode(blob)
    lines = [text[at : at + _LINE_LENGTH] for at in range(0, len(text), _LINE_LENGTH)]
    return b"\n".join([_BEGIN, *lines, _END, b""])


def verify(signature: bytes, message: bytes, namespace: str) -> PublicKey:
    """The key that signed `message` for `namespace`; the caller decides whether to trust that key.

    Only Ed25519 with SHA-256 or SHA-512 is accepted. Raises ValueError with the problem in a few words.
    """
    blob = _unarmoured(signature)
    head = len(_MAGIC) + len(_VERSION)
    if blob[:head] != _MAGIC + _VERSION:
        raise ValueError("it is not an SSH signature of version 1")
    key_blob, at = take_ssh_string(blob, head)
    space, at = take_ssh_string(blob, at)
    reserved, at = take_ssh_string(blob, at)
    hash_name, at = take_ssh_string(blob, at)
    inner, at = take_ssh_string(blob, at)
    if at != len(blob):
        raise ValueError("something follows the signature")
    if space != namespace.encode():
        raise ValueError("it was made for another purpose")
    if reserved:
        raise ValueError("its reserved part is not empty")
    if hash_name not in _HASHES:
        raise ValueError("its hash is neither SHA-256 nor SHA-512")
    key = PublicKey.from_blob(key_blob)
    algorithm, at = take_ssh_string(inner, 0)
    value, at = take_ssh_string(inner, at)
    if algorithm != ALGORITHM or at != len(inner) or len(value) != 64:
        raise ValueError("it is not a whole Ed25519 signature")
    if not key.verify(value, _signed(message, space, hash_name)):
        raise ValueError("it does not fit what was signed")
    return key


def _signed(message: bytes, space: bytes, hash_name: bytes) -> bytes:
    """The bytes that the Ed25519 signature actually covers."""
    digest = hashlib.new(hash_name.decode(), message).digest()
    return _MAGIC + ssh_string(space) + ssh_string(b"") + ssh_string(hash_name) + ssh_string(digest)


def _unarmoured(signature: bytes) -> bytes:
    if len(signature) > _LONGEST:
        raise ValueError("it is too long for a signature")
    # A single line break may end the file, as programs differ in that; nothing else may surround the armour.
    lines = bytes(signature).removesuffix(b"\n").split(b"\n")
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise ValueError("it is not an SSH signature")
    return strict_base64(b"".join(lines[1:-1]))
