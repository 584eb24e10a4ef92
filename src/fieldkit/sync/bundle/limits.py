"""The limits of a bundle, and the two errors for exceeding them."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.errors import BundleRefused

_KIB, _MIB = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Limits:
    """The most that a bundle may hold; sizes in bytes."""

    packed: int = 64 * _MIB
    """The payload as stored in the file."""
    unpacked: int = 512 * _MIB
    any_ratio: int = 64 * _MIB
    """Unpacked bytes that are always allowed, however well they are packed."""
    ratio: int = 200
    """Beyond that, unpacked bytes for each packed byte: every operation has about 20 random bytes."""
    ops: int = 1_000_000
    """Operations, one a line; the payload has one more line."""
    withdrawals: int = 10_000
    """Operations on withdrawals: hashing a receipt code takes a third of a millisecond, on purpose."""
    line: int = 256 * _KIB
    field: int = 64 * _KIB
    depth: int = 8
    """Levels of JSON inside JSON."""
    window: int = 8 * _MIB
    """The window size that a zstd frame may require of its reader."""
    frames: int = 1_000
    """Consecutive zstd frames; millions of empty ones would only waste time."""
    manifest: int = 4 * _MIB
    """Also the payload's first line, which repeats its ranges."""
    signature: int = 4 * _KIB
    seal: int = 64 * _KIB
    """The header of an age file, which lists the recipients."""
    stanzas: int = 64
    """Stanzas of that header: opening a file takes time quadratic in them."""
    padding: int = _MIB
    """Headers and padding of the tar itself."""

    @property
    def file(self) -> int:
        """The largest file worth reading."""
        return self.packed + self.manifest + self.signature + self.padding


LIMITS = Limits()


def damaged(detail: str) -> BundleRefused:
    """The error for a damaged file; `detail` ends the sentence and holds no text from the file."""
    return BundleRefused(
        "damaged",
        f"This file is damaged or is not from fieldkit: {detail}.",
        kept="Nothing in this kit was changed.",
        hint="Copy it again from where it came, or ask the sender to export once more.",
    )


def too_large(detail: str) -> BundleRefused:
    """The error for a file beyond the limits; `detail` ends the sentence and holds no text from the file."""
    return BundleRefused(
        "too-large",
        f"This file is larger than any that fieldkit makes: {detail}.",
        kept="Nothing in this kit was changed.",
        hint="Ask the sender what it is before you try it again.",
    )


def too_much() -> BundleRefused:
    """The error for making a bundle that no reader would accept."""
    return BundleRefused(
        "too-large",
        "That is more than one bundle may hold.",
        kept="Everything recorded is still in this kit.",
        hint="Export it in several bundles.",
    )
