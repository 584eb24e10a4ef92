"""age files encrypted to a passphrase, with a work factor that we choose.

Format: the age specification, version 1 (https://age-encryption.org/v1), its scrypt recipient. The library chooses the work
factor by how fast this laptop is at that moment: a busy laptop makes locks that stay easy to break, and refuses to open
sound ones. Files written here open with the `age` program, and the other way round.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_decrypt,
    crypto_aead_chacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

#: The highest work factor accepted from a file: 2^18 steps, which take 256 MiB. The `age` program makes such locks.
HIGHEST_WORK = 18

_SALT_LABEL = b"age-encryption.org/v1/scrypt"
_CHUNK, _TAG = 64 << 10, 16
_HEADER = re.compile(
    rb"(age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]{0,2})\n([A-Za-z0-9+/]{43})\n---) "
    rb"([A-Za-z0-9+/]{43})\n"
)


class Wrong(Exception):
    """The file appears whole, but the passphrase is wrong."""


class TooMuchWork(Exception):
    """The file asks for more than HIGHEST_WORK, or for more memory than there is."""


def work_factor(file: bytes) -> int:
    """The work factor of a file: guessing one passphrase takes 2^factor steps of scrypt.

    Raises:
        ValueError: it is not a file that one passphrase opens.
    """
    return int(_header(file)[3])


def lock(secret: bytes, passphrase: str, work: int) -> bytes:
    """`secret` as an age file that `passphrase` opens."""
    file_key, salt, nonce = (secrets.token_bytes(16) for _ in range(3))
    wrapped = crypto_aead_chacha20poly1305_ietf_encrypt(
        file_key, None, bytes(12), _wrap_key(passphrase, salt, work)
    )
    header = b"age-encryption.org/v1\n-> scrypt %b %d\n%b\n---" % (_base64(salt), work, _base64(wrapped))
    payload_key = _derived(file_key, nonce, b"payload")
    chunks = [secret[at : at + _CHUNK] for at in range(0, len(secret), _CHUNK)] or [b""]
    body = [
        crypto_aead_chacha20poly1305_ietf_encrypt(chunk, None, _nonce(number, len(chunks)), payload_key)
        for number, chunk in enumerate(chunks)
    ]
    return header + b" " + _base64(_mac(file_key, header)) + b"\n" + nonce + b"".join(body)


def unlock(file: bytes, passphrase: str) -> bytes:
    """The secret that was given to `lock`.

    Raises:
        Wrong: the passphrase does not open it.
        TooMuchWork: it asks for more than any laptop has.
        ValueError: it is damaged, or not a file that one passphrase opens.
    """
    header = _header(file)
    work = int(header[3])
    if work > HIGHEST_WORK:
        raise TooMuchWork
    try:
        wrap_key = _wrap_key(passphrase, _bytes(header[2]), work)
        file_key = crypto_aead_chacha20poly1305_ietf_decrypt(_bytes(header[4]), None, bytes(12), wrap_key)
    except CryptoError:
        raise Wrong from None
    if not hmac.compare_digest(_mac(file_key, header[1]), _bytes(header[5])):
        raise ValueError("its header was changed")
    nonce, body = file[header.end() : header.end() + 16], file[header.end() + 16 :]
    step = _CHUNK + _TAG
    chunks = [body[at : at + step] for at in range(0, len(body), step)]
    if len(nonce) < 16 or not chunks:
        raise ValueError("it is cut short")
    key = _derived(file_key, nonce, b"payload")
    try:
        plain = [
            crypto_aead_chacha20poly1305_ietf_decrypt(chunk, None, _nonce(number, len(chunks)), key)
            for number, chunk in enumerate(chunks)
        ]
    except CryptoError:
        raise ValueError("its content was changed, or is cut short") from None
    if len(plain) > 1 and not plain[-1]:
        raise ValueError("its last part is empty")
    return b"".join(plain)


def _header(file: bytes) -> re.Match[bytes]:
    match = _HEADER.match(file)
    if match is None:
        raise ValueError("it is not a file that a passphrase opens")
    return match


def _wrap_key(passphrase: str, salt: bytes, work: int) -> bytes:
    # scrypt takes 128 * r * N bytes and a little more.
    memory = (128 * 8 << work) + (1 << 20)
    try:
        return hashlib.scrypt(
            passphrase.encode("utf-8", "surrogatepass"),
            salt=_SALT_LABEL + salt,
            n=1 << work,
            r=8,
            p=1,
            maxmem=memory,
            dklen=32,
        )
    except (MemoryError, OverflowError):
        raise TooMuchWork from None
    except ValueError as error:
        if "memory" in str(error):
            raise TooMuchWork from None
        raise


def _derived(key: bytes, salt: bytes, label: bytes) -> bytes:
    """32 bytes by HKDF-SHA-256 (RFC 5869): one block is enough."""
    inner = hmac.digest(salt or bytes(32), key, "sha256")
    return hmac.digest(inner, label + b"\1", "sha256")


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), header, "sha256")


def _nonce(number: int, of: int) -> bytes:
    """The chunk's number in 11 bytes, then one byte: whether it is the last."""
    return number.to_bytes(11, "big") + bytes([number == of - 1])


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    """Decode unpadded base64, accepting only its canonical spelling."""
    data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    if _base64(data) != text:
        raise ValueError("its header was changed")
    return data
