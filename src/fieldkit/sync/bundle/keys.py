"""Signing keys (Ed25519) of devices, and the short forms of a public key that people read, type and say."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256

from nacl.exceptions import CryptoError
from nacl.exceptions import ValueError as NaclValueError
from nacl.signing import SigningKey as Nacl
from nacl.signing import VerifyKey

from fieldkit.errors import Misuse
from fieldkit.store.oplog.device_ids import ALGORITHM, device_id, key_blob
from fieldkit.text import quoted

WORDS_SHOWN = 6
_BITS_A_WORD = 11

_SSH_FINGERPRINT = re.compile(r"SHA256:([A-Za-z0-9+/]{43})=?(?![A-Za-z0-9+/=])", re.IGNORECASE)
_DEVICE_ID = re.compile(r"[a-z2-7]{26}\Z")


def ssh_string(value: bytes) -> bytes:
    """`value` as SSH writes a string: its length in four bytes, then its bytes."""
    return len(value).to_bytes(4, "big") + value


def take_ssh_string(data: bytes, at: int) -> tuple[bytes, int]:
    """The SSH string that begins at byte `at`, and where the next one begins; ValueError when cut short."""
    start = at + 4
    end = start + int.from_bytes(data[at:start], "big")
    if start > len(data) or end > len(data):
        raise ValueError("it is cut short")
    return data[start:end], end


def strict_base64(text: str | bytes) -> bytes:
    """Decode base64 in its canonical spelling: no odd characters, no spare bits; ValueError otherwise."""
    try:
        value = b64decode(text, validate=True)
        spelt = text.encode("ascii") if isinstance(text, str) else text
    except (Base64Error, UnicodeError, ValueError):
        raise ValueError("its base64 is broken") from None
    if b64encode(value) != spelt:
        raise ValueError("its base64 is broken")
    return value


@dataclass(frozen=True)
class PublicKey:
    """The public half of a device's key: `raw` is its 32 bytes; ValueError for another length."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 32:
            raise ValueError("an Ed25519 public key has 32 bytes")

    @classmethod
    def from_blob(cls, blob: bytes) -> PublicKey:
        """Read the SSH wire form; ValueError with a plain reason for anything but one Ed25519 key."""
        name, at = take_ssh_string(blob, 0)
        if name != ALGORITHM:
            raise ValueError("it is not an Ed25519 key")
        raw, at = take_ssh_string(blob, at)
        if at != len(blob) or len(raw) != 32:
            raise ValueError("it is not a whole Ed25519 key")
        return cls(raw)

    @classmethod
    def from_ssh_line(cls, line: str) -> PublicKey:
        """Read `ssh-ed25519 AAAA… comment`, as in a .pub file; ValueError for anything else."""
        parts = line.split(None, 2)
        if len(parts) < 2 or parts[0] != ALGORITHM.decode():
            raise ValueError("it is not an ssh-ed25519 line")
        return cls.from_blob(strict_base64(parts[1]))

    def ssh_line(self, comment: str = "") -> str:
        """`ssh-ed25519 AAAA… comment`, without a line break; ValueError for a comment of several lines."""
        if not comment.isprintable():
            raise ValueError("a key's comment is one printable line")
        return f"{ALGORITHM.decode()} {b64encode(self.blob).decode()} {comment}".rstrip()

    @cached_property
    def blob(self) -> bytes:
        """The key as SSH writes it on the wire."""
        return key_blob(self.raw)

    @cached_property
    def _hash(self) -> bytes:
        return sha256(self.blob).digest()

    @cached_property
    def fingerprint(self) -> str:
        """`SHA256:…`, the same as `ssh-keygen -lf` prints."""
        return "SHA256:" + b64encode(self._hash).decode().rstrip("=")

    @cached_property
    def device_id(self) -> str:
        """26 lower-case base32 characters: the first 16 bytes of the fingerprint's hash."""
        return device_id(self.raw)

    @cached_property
    def six_words(self) -> str:
        """Six English words (the first 66 bits of the fingerprint's hash), for comparing by telephone."""
        bits = int.from_bytes(self._hash, "big") >> (256 - WORDS_SHOWN * _BITS_A_WORD)
        numbers = (bits >> (_BITS_A_WORD * place) & 0x7FF for place in reversed(range(WORDS_SHOWN)))
        return " ".join(_word_list()[number] for number in numbers)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (64 bytes) is this key's over `message`."""
        try:
            VerifyKey(self.raw).verify(message, signature)
        except (CryptoError, NaclValueError):
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A device's secret key. Its representation never shows the seed."""

    _key: Nacl = field(repr=False)

    @classmethod
    def generate(cls) -> SigningKey:
        """A new key from the system's random source."""
        return cls(Nacl.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """The key derived from these 32 bytes; ValueError for another length."""
        if len(seed) != 32:
            raise ValueError("a signing key grows from 32 bytes")
        return cls(Nacl(seed))

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes from which this key can be made again."""
        return bytes(self._key)

    @cached_property
    def public(self) -> PublicKey:
        return PublicKey(bytes(self._key.verify_key))

    def sign(self, message: bytes) -> bytes:
        """A plain Ed25519 signature, 64 bytes; files hold signatures by `sshsig.sign`."""
        return self._key.sign(message).signature


@dataclass(frozen=True)
class Fingerprint:
    """A fingerprint that a person typed. `shown` is its normalised spelling."""

    shown: str
    _of: Callable[[PublicKey], str] = field(repr=False)

    def matches(self, key: PublicKey) -> bool:
        """Whether it is the fingerprint of `key`, in full: a part of a fingerprint never matches."""
        return self._of(key) == self.shown


def parse_fingerprint(text: str) -> Fingerprint:
    """Read `SHA256:…`, a device's 26 characters, its six words or its ssh-ed25519 line, as people type them.

    Capitals, spaces, hyphens and commas don't matter where they carry no meaning; four letters of a word are enough. Raises
    Misuse with a sentence for anything else.
    """
    spelled = " ".join(text.split())
    if spelled.startswith("ssh-"):
        try:
            key = PublicKey.from_ssh_line(spelled)
        except ValueError as problem:
            raise Misuse(f"That line is not a device's key: {problem}.", hint=_HINT) from None
        return Fingerprint(key.fingerprint, lambda key: key.fingerprint)
    if match := _SSH_FINGERPRINT.search(spelled):
        return Fingerprint("SHA256:" + match[1], lambda key: key.fingerprint)
    parts = re.split(r"[\s,.\-–]+", spelled.lower().strip(" ,.-–"))
    if _DEVICE_ID.match(joined := "".join(parts)) and not _look_like_words(parts):
        return Fingerprint(joined, lambda key: key.device_id)
    if len(parts) == WORDS_SHOWN:
        return Fingerprint(" ".join(_whole_word(part) for part in parts), lambda key: key.six_words)
    raise Misuse("That is not a device's fingerprint.", hint=_HINT)


_HINT = "Give the six words, the 26 letters and digits, or what begins with SHA256: as the device shows it."


@cache
def _word_list() -> list[str]:
    # Imported here because few commands show or read words.
    from mnemonic import Mnemonic

    return list(Mnemonic("english").wordlist)


@cache
def _words_by_beginning() -> dict[str, str]:
    # The first four letters identify every word of the list.
    return {word[:4]: word for word in _word_list()}


def _find_word(part: str) -> str | None:
    word = _words_by_beginning().get(part[:4])
    return word if word and word.startswith(part) else None


def _look_like_words(parts: list[str]) -> bool:
    # Half of them are enough, so that an error in one word gets its own message.
    return len(parts) == WORDS_SHOWN and sum(_find_word(part) is not None for part in parts) >= 3


def _whole_word(part: str) -> str:
    if word := _find_word(part):
        return word
    from difflib import get_close_matches

    near = get_close_matches(part, _word_list(), 1)
    hint = f"Did you mean “{near[0]}”?" if near else _HINT
    raise Misuse(f"{quoted(part, 30)} is not one of the words that fingerprints are made of.", hint=hint)
