"""Encrypting and decrypting bundles: age, to the keys of those who may read them.

Opening an age file takes time quadratic in its stanzas, so they are counted first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from io import BytesIO

from fieldkit.errors import BundleRefused
from fieldkit.sync.bundle.limits import LIMITS, Limits, damaged, too_large, too_much

BEGINNING = b"age-encryption.org/"
_STANZA = b"-> "
_TO_A_KEY = b"-> X25519 "
_END = b"--- "


def sealed_keys(payload: bytes | memoryview, limits: Limits = LIMITS) -> int:
    """The number of age public keys that the payload is sealed to. Stanzas of other types (some programs add them) count only
    towards the limit.

    Source: the age v1 format, "Header" (lines that begin with `-> ` open a stanza, one that begins with `---` ends the header).

    Raises:
        BundleRefused: damaged if it is not an age file, too-large beyond `limits.stanzas` or `limits.seal` bytes.
    """
    header = bytes(payload[: limits.seal])
    if not header.startswith(BEGINNING):
        # The library would also open armoured files, which have many spellings; the format allows one.
        raise damaged("its payload is not an age file")
    stanzas = keys = 0
    for line in header.split(b"\n")[1:]:
        if line.startswith(_END):
            return keys
        stanzas += line.startswith(_STANZA)
        keys += line.startswith(_TO_A_KEY)
        if stanzas > limits.stanzas:
            raise too_large(f"it is sealed to more than {limits.stanzas} keys")
    if len(payload) > limits.seal:
        raise too_large(f"its seal has more than {limits.seal >> 10} KB")
    raise damaged("its seal is cut short")


def encrypted(pieces: Iterator[bytes], recipients: Sequence[str], limits: Limits = LIMITS) -> bytes:
    """The pieces as an age file for `recipients` (age1… keys). Exceptions from `pieces` pass through.

    Raises:
        ValueError: a recipient is not a key.
        BundleRefused: too-large, more recipients than readers accept.
    """
    import pyrage

    try:
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError:
        raise ValueError("one of the recipients is not an age public key") from None
    if len(keys) >= limits.stanzas:
        # The library adds one stanza of its own.
        raise too_much()
    source, sink = _Pieces(pieces), BytesIO()
    try:
        pyrage.encrypt_io(source, sink, keys)
    except Exception:
        # pyrage replaces an exception of its reader by one of its own; raise the original.
        if source.failure:
            raise source.failure from None
        raise
    return sink.getvalue()


class _Pieces:
    """Pieces of bytes as a readable file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.failure: BaseException | None = None
        self._pieces = pieces
        self._rest = memoryview(b"")

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except BaseException as problem:
            self.failure = problem
            raise
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)


def decrypted(
    payload: bytes | memoryview, identities: Sequence[str], limits: Limits = LIMITS
) -> Iterator[bytes]:
    """The plain bytes of an age file, after all of it was authenticated."""
    import pyrage

    sealed_keys(payload, limits)
    try:
        keys = [pyrage.x25519.Identity.from_str(identity) for identity in identities]
    except pyrage.IdentityError:
        raise ValueError("one of the identities is not an age secret key") from None
    if not keys:
        raise not_for_us()
    plain = _Sink()
    try:
        pyrage.decrypt_io(_Source(payload), plain, keys)
    except (pyrage.DecryptError, OSError) as problem:
        if "No matching keys" in str(problem):
            raise not_for_us() from None
        raise damaged("its payload does not open as a whole") from problem
    return plain.drain()


class _Source:
    """A view of bytes as a readable file that copies only what is read."""

    def __init__(self, data: bytes | memoryview) -> None:
        self._rest = memoryview(data)

    def read(self, size: int) -> bytes:
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)


class _Sink(deque[bytes]):
    """A writable file that keeps its chunks, so that each can be freed once it is used."""

    def write(self, data: bytes) -> int:
        self.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def drain(self) -> Iterator[bytes]:
        while self:
            yield self.popleft()


def not_for_us() -> BundleRefused:
    """The error for a file that no key of this kit opens."""
    return BundleRefused(
        "not-for-us",
        "This file is sealed for somebody else, or to a key that this kit no longer has.",
        kept="Nothing in this kit was changed.",
        hint="Ask the sender to merge this network's newest file (.fkn) and to export once more.",
    )
