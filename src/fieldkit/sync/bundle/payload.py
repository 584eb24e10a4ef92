"""The inside of a bundle: JSON Lines, packed by zstd, sealed by age; both ways as streams, within bounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any

from fieldkit.errors import BundleRefused
from fieldkit.sync.bundle.encryption import BEGINNING, sealed_keys
from fieldkit.sync.bundle.limits import LIMITS, Limits, damaged, too_large

_LEVEL = 9
_WINDOW_LOG = 22  # 4 MiB, half of what readers must accept

#: Lines are handed to the packer, and taken from the unpacker, in pieces of about this many bytes.
_PIECE = 1 << 17

#: Packed bytes given to zstd at a time. Four of them can stand for a block of 128 KiB, and the library
#: returns everything that a call yields: from 128 bytes at most 4 MiB, from a whole bomb of 2 KB all its 64.
_STEP = 128


def pack(lines: Iterable[bytes], recipients: Sequence[str], limits: Limits = LIMITS) -> bytes:
    """Pack lines (without line breaks) and seal them to `recipients` (age1… keys); with none, all can read.

    Memory stays near the packed size, however many lines come. Raises ValueError for a line break inside a
    line or a recipient that is not a key, BundleRefused (too-large) when no reader would take the result;
    what `lines` itself raises passes through.
    """
    source = _Packing(lines, limits)
    if not recipients:
        return b"".join(source.pieces())
    import pyrage

    try:
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError:
        raise ValueError("one of the recipients is not an age public key") from None
    if len(keys) >= limits.stanzas:
        # One more stanza is the library's own.
        raise _too_much()
    sink = BytesIO()
    try:
        pyrage.encrypt_io(source, sink, keys)
    except Exception:
        # pyrage turns whatever its reader raises into an error of its own; the first one is the true one.
        if source.failure:
            raise source.failure from None
        raise
    if sink.tell() > limits.packed:
        raise _too_much()
    return sink.getvalue()


class _Packing:
    """Lines as a readable file of zstd-packed bytes."""

    def __init__(self, lines: Iterable[bytes], limits: Limits) -> None:
        self.failure: BaseException | None = None
        self._limits = limits
        self._pieces = _packed(lines, limits)
        self._rest = memoryview(b"")

    def pieces(self) -> Iterator[bytes]:
        return self._pieces

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
                raise _too_much()
            yield out
    last = packer.flush()
    if packed + len(last) > limits.packed or size > max(
        limits.any_ratio, limits.ratio * (packed + len(last))
    ):
        raise _too_much()
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
            raise _too_much()
        gathered.append(line)
        if size >= _PIECE:
            yield b"\n".join(gathered) + b"\n"
            total, size = total + size, 0
            gathered.clear()
    if gathered:
        yield b"\n".join(gathered) + b"\n"


def _too_much() -> BundleRefused:
    return BundleRefused(
        "too-large",
        "That is more than one bundle may hold.",
        kept="Everything recorded is still in this kit.",
        hint="Export it in several bundles.",
    )


def unpack(
    payload: bytes | memoryview, identities: Sequence[str] | None, limits: Limits = LIMITS
) -> Iterator[bytes]:
    """The lines of a payload, without line breaks, as they come out of the stream.

    `identities` are age secret keys (AGE-SECRET-KEY-1…); None for a payload that is not sealed. Opening
    happens in the call, unpacking as lines are taken: **lines come out before the end has been seen**, so
    nothing may be kept until the iterator has ended by itself. Raises BundleRefused, here or on the way:
    not-for-us when none of `identities` opens it, too-large beyond `limits`, damaged for anything that is not
    whole, and ValueError for an identity that is not one.
    """
    return unpack_pieces(unsealed(payload, identities, limits), limits)


def unsealed(
    payload: bytes | memoryview, identities: Sequence[str] | None, limits: Limits = LIMITS
) -> Iterable[bytes | memoryview]:
    """The packed bytes of a payload in pieces, after all of it proved whole. Arguments and refusals as for `unpack`."""
    if len(payload) > limits.packed:
        raise too_large("its payload is beyond the limit")
    if identities is not None:
        return _opened(payload, identities, limits)
    if bytes(payload[: len(BEGINNING)]) == BEGINNING:
        raise _not_for_us()
    return [payload]


def unpack_pieces(pieces: Iterable[bytes | memoryview], limits: Limits = LIMITS) -> Iterator[bytes]:
    """The lines of a payload that was opened, from its packed bytes in pieces; see `unpack`."""
    return _lines(_unpacked(pieces, limits), limits)


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


def _opened(
    payload: bytes | memoryview, identities: Sequence[str], limits: Limits = LIMITS
) -> Iterator[bytes]:
    """The plain bytes of an age file, after all of it proved whole."""
    import pyrage

    sealed_keys(payload, limits)
    try:
        keys = [pyrage.x25519.Identity.from_str(identity) for identity in identities]
    except pyrage.IdentityError:
        raise ValueError("one of the identities is not an age secret key") from None
    if not keys:
        raise _not_for_us()
    plain = _Sink()
    try:
        pyrage.decrypt_io(_Source(payload), plain, keys)
    except (pyrage.DecryptError, OSError) as problem:
        if "No matching keys" in str(problem):
            raise _not_for_us() from None
        raise damaged("its payload does not open as a whole") from problem
    return plain.drain()


def _unpacked(chunks: Iterable[bytes | memoryview], limits: Limits) -> Iterator[bytes]:
    """What the zstd frames hold, in pieces; a frame that is cut short or followed by rubbish is refused."""
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
        # A piece of line breaks alone would split into millions of lines at once: hence in slices.
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


def _not_for_us() -> BundleRefused:
    return BundleRefused(
        "not-for-us",
        "This file is sealed for somebody else, or to a key that this kit no longer has.",
        kept="Nothing in this kit was changed.",
        hint="Ask the sender to merge this network's newest file (.fkn) and to export once more.",
    )
