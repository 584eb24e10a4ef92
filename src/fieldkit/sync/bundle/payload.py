"""The inside of a bundle: JSON Lines, compressed with zstd, encrypted if it is sealed; streamed both ways, within limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fieldkit.sync.bundle.encryption import BEGINNING, decrypted, encrypted, not_for_us
from fieldkit.sync.bundle.limits import LIMITS, Limits, damaged, too_large, too_much

_LEVEL = 9
_WINDOW_LOG = 22  # 4 MiB, half of what readers must accept

#: Lines are passed to the compressor, and read from the decompressor, in pieces of about this many bytes.
_PIECE = 1 << 17

#: Packed bytes given to zstd at a time. Four bytes can represent a block of 128 KiB, and the library returns everything that a
#: call yields: 128 bytes yield at most 4 MiB, while a whole bomb of 2 KB would yield all its 64.
_STEP = 128


def pack(lines: Iterable[bytes], recipients: Sequence[str], limits: Limits = LIMITS) -> bytes:
    """Pack lines (without line breaks) and seal them to `recipients` (age1… keys); without recipients, anybody can read them.

    Memory stays near the packed size, however many lines there are. Raises ValueError for a line break inside a line or a
    recipient that is not a key, BundleRefused (too-large) if no reader would accept the result. Exceptions from `lines` pass
    through.
    """
    pieces = _packed(lines, limits)
    if not recipients:
        return b"".join(pieces)
    sealed = encrypted(pieces, recipients, limits)
    if len(sealed) > limits.packed:
        raise too_much()
    return sealed


def _packed(lines: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """The pieces of one zstd frame over the lines; never an empty piece."""
    import zstandard

    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, window_log=_WINDOW_LOG, write_checksum=True, write_content_size=False
    )
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = size = 0
    for piece in _joined(lines, limits):
        size += len(piece)
        if out := packer.compress(piece):
            packed += len(out)
            if packed > limits.packed:
                raise too_much()
            yield out
    last = packer.flush()
    if packed + len(last) > limits.packed or size > max(
        limits.any_ratio, limits.ratio * (packed + len(last))
    ):
        raise too_much()
    yield last


def _joined(lines: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    gathered: list[bytes] = []
    size = total = count = 0
    for line in lines:
        if b"\n" in line:
            raise ValueError("a line holds a line break")
        count, size = count + 1, size + len(line) + 1
        if (
            len(line) > (limits.line if count > 1 else limits.manifest)
            or count > limits.ops + 1
            or total + size > limits.unpacked
        ):
            raise too_much()
        gathered.append(line)
        if size >= _PIECE:
            yield b"\n".join(gathered) + b"\n"
            total, size = total + size, 0
            gathered.clear()
    if gathered:
        yield b"\n".join(gathered) + b"\n"


def unpack(
    payload: bytes | memoryview, identities: Sequence[str] | None, limits: Limits = LIMITS
) -> Iterator[bytes]:
    """The lines of a payload, without line breaks, as they are unpacked.

    `identities` are age secret keys (AGE-SECRET-KEY-1…); None for a payload that is not sealed. It is decrypted in the call, and
    unpacked as lines are taken: **lines are yielded before the end has been seen**, so the caller may keep nothing until the
    iterator is exhausted. Raises BundleRefused, here or on the way: not-for-us if none of `identities` opens it, too-large beyond
    `limits`, damaged for anything incomplete. Raises ValueError for an invalid identity.
    """
    return unpack_pieces(unsealed(payload, identities, limits), limits)


def unsealed(
    payload: bytes | memoryview, identities: Sequence[str] | None, limits: Limits = LIMITS
) -> Iterable[bytes | memoryview]:
    """The packed bytes of a payload in pieces, once all of it was authenticated. Arguments and errors as for `unpack`."""
    if len(payload) > limits.packed:
        raise too_large("its payload is beyond the limit")
    if identities is not None:
        return decrypted(payload, identities, limits)
    if bytes(payload[: len(BEGINNING)]) == BEGINNING:
        raise not_for_us()
    return [payload]


def unpack_pieces(pieces: Iterable[bytes | memoryview], limits: Limits = LIMITS) -> Iterator[bytes]:
    """The lines of a decrypted payload, from its packed bytes in pieces; see `unpack`."""
    return _lines(_unpacked(pieces, limits), limits)


def _unpacked(chunks: Iterable[bytes | memoryview], limits: Limits) -> Iterator[bytes]:
    """The content of the zstd frames, in pieces; a frame that is cut short or followed by rubbish is refused."""
    import zstandard

    library = zstandard.ZstdDecompressor(max_window_size=limits.window)
    frame: Any = None
    frames = total = size = packed = 0
    gathered: list[bytes] = []
    try:
        for chunk in chunks:
            view, at = memoryview(chunk), 0
            while at < len(view):
                if frame is None:
                    frame, frames = library.decompressobj(), frames + 1
                    if frames > limits.frames:
                        raise too_large("its payload is in too many parts")
                step = view[at : at + _STEP]
                at += len(step)
                packed += len(step)
                if out := frame.decompress(step):
                    gathered.append(out)
                    size += len(out)
                    if total + size > limits.unpacked:
                        raise too_large(f"it unpacks to more than {limits.unpacked >> 20} MB")
                    if total + size > max(limits.any_ratio, limits.ratio * packed):
                        raise too_large("it unpacks to far more than people write")
                    if size >= _PIECE:
                        yield b"".join(gathered)
                        total, size = total + size, 0
                        gathered.clear()
                if frame.eof:
                    at -= len(frame.unused_data)
                    frame = None
    except zstandard.ZstdError as problem:
        if "too much memory" in str(problem):
            raise too_large("unpacking it needs too much memory") from problem
        raise damaged("its payload does not unpack") from problem
    if frame is not None or not frames:
        raise damaged("its payload is cut short")
    yield b"".join(gathered)


def _lines(pieces: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    rest, count = b"", 0
    for piece in pieces:
        # Split in slices: a piece of nothing but line breaks would split into millions of lines at once.
        for at in range(0, len(piece), _PIECE):
            lines = (rest + piece[at : at + _PIECE]).split(b"\n")
            # The first line repeats the manifest's ranges and may be as long as they are.
            if len(lines[0]) > (limits.line if count else limits.manifest) or any(
                len(line) > limits.line for line in lines[1:]
            ):
                raise too_large(f"one of its lines has more than {limits.line >> 10} KB")
            rest = lines.pop()
            count += len(lines)
            if count > limits.ops + 1:
                raise too_large(f"it holds more than {limits.ops:,} changes")
            yield from lines
    if rest:
        raise damaged("its last line is cut short")
