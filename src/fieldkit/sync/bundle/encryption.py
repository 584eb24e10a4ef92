"""The header of an age file, counted before the file is opened: opening takes time with the square of its stanzas."""

from __future__ import annotations

from fieldkit.sync.bundle.limits import LIMITS, Limits, damaged, too_large

BEGINNING = b"age-encryption.org/"
_STANZA = b"-> "
_TO_A_KEY = b"-> X25519 "
_END = b"--- "


def sealed_keys(payload: bytes | memoryview, limits: Limits = LIMITS) -> int:
    """How many age public keys the payload is sealed to. Stanzas of other types (programs add some) count only towards the
    bound.

    Source: the age v1 format, "Header" (lines that begin with `-> ` open a stanza, one that begins with `---` ends the header).

    Raises:
        BundleRefused: damaged where it is no age file, too-large beyond `limits.stanzas` or `limits.seal` bytes.
    """
    header = bytes(payload[: limits.seal])
    if not header.startswith(BEGINNING):
        # The library would open armoured files too, which have many spellings; the format has one.
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
