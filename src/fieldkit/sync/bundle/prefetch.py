"""Reading the next bundle while this one is being stored: unpacking and checking in a helper process. It is given no keys.

Frames go in and out, each its length in four bytes, then MessagePack. It ends when its input does. It keeps nothing,
knows no folder, and whatever it can't do is done again by whoever asked it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import msgspec

from fieldkit import helper_process
from fieldkit.errors import BundleRefused
from fieldkit.store.journal.bundle_reader import Batch, Span, read_batches
from fieldkit.sync.bundle.payload import unpack_pieces

#: A merge of fewer bytes is done before a second process has started.
WORTHWHILE = 1_000_000
#: A payload larger than this is unpacked only when its turn comes, so that one at a time is in memory.
LARGEST = 8_000_000
#: Seconds that the other process may be silent, or not listen, before it is given up.
PATIENCE = 20.0
_HERE = b"here"


class Lost(Exception):
    """The other process has gone, or never came: what was asked of it has to be done here."""


class _Job(msgspec.Struct, array_like=True):
    number: int
    payload: bytes
    spans: list[Span]


class _Answer(msgspec.Struct, array_like=True):
    """Of one job: its header first, then batches, then a refusal or the end."""

    number: int
    header: bytes | None = None
    batch: Batch | None = None
    refused: tuple[str, str, str, str] | None = None
    """(reason, what happened, what was kept, what to do)."""
    ends: bool = False


_encode = msgspec.msgpack.Encoder().encode
_decode_job = msgspec.msgpack.Decoder(_Job).decode
_decode_answer = msgspec.msgpack.Decoder(_Answer).decode


def open_payload(pieces: Iterable[bytes], spans: Sequence[Span]) -> tuple[bytes, Iterator[Batch]]:
    """The first line of a payload that was opened, and its ops in batches as `read_batches` gives them.

    Raises:
        BundleRefused: see `unpack` and `read_batches`.
    """
    lines = unpack_pieces(pieces)
    return next(lines, b""), read_batches(lines, spans)


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Ahead:
    """The other process, as seen from the merge."""

    def __init__(self) -> None:
        self._numbers = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started = False
        self._ready = threading.Event()

    def start(self) -> None:
        """Start the other process, unless that was tried before; `ready` says when it has come up."""
        if self._started:
            return
        self._started = True
        with contextlib.suppress(OSError):
            # Room in the pipes for a few batches.
            self._process = helper_process.start("prefetch", pipe_size=1 << 20)
            self._waiting = threading.Thread(target=self._wait, name="bundles ahead", daemon=True)
            self._waiting.start()

    def wait(self, seconds: float) -> bool:
        """Wait until it has come up; returns whether it has."""
        return self._ready.wait(seconds)

    def _wait(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        if _receive(self._process.stdout) == _HERE:
            self._ready.set()

    @property
    def pid(self) -> int:
        """The other process's number, 0 where there is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def ready(self) -> bool:
        """Whether it has come up."""
        return self._ready.is_set()

    def ask(self, payload: bytes, spans: Sequence[Span]) -> int:
        """Have a payload unpacked and checked; returns the number to ask for it by, 0 while the other process isn't there yet."""
        if not self.ready or self._process is None or self._process.stdin is None:
            return 0
        self._numbers += 1
        job = _encode(_Job(self._numbers, payload, list(spans)))
        try:
            with _patience(self._process):
                _send(self._process.stdin, job)
        except OSError:
            return 0
        return self._numbers

    def open_payload(self, number: int) -> tuple[bytes, Iterator[Batch]]:
        """What `open_payload` gives, for what was asked under this number; earlier numbers are forgotten.

        Raises:
            BundleRefused: as `open_payload`, here or on the way.
            Lost: here or on the way.
        """
        answers = self._of(number)
        first = next(answers)
        return first.header or b"", (answer.batch for answer in answers if answer.batch is not None)

    def _of(self, number: int) -> Iterator[_Answer]:
        assert self._process is not None and self._process.stdout is not None
        while True:
            with _patience(self._process):
                frame = _receive(self._process.stdout)
            if not frame:
                raise Lost
            answer = _decode_answer(frame)
            if answer.number < number:
                continue
            if answer.refused is not None:
                reason, message, kept, hint = answer.refused
                raise BundleRefused(reason, message, kept=kept, hint=hint)
            if answer.ends:
                return
            yield answer

    def close(self) -> None:
        """End the other process."""
        if self._process is None:
            return
        self._process.kill()
        self._waiting.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # What is still on its way to a process that has ended goes nowhere.
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()
        self._process = None


@contextlib.contextmanager
def _patience(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End the process if what is done with it takes too long: one that was stopped would be waited for without end."""
    timer = threading.Timer(PATIENCE, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _send(to: IO[bytes], frame: bytes) -> None:
    to.write(len(frame).to_bytes(4, "big"))
    to.write(frame)
    to.flush()


def _receive(source: IO[bytes]) -> bytes:
    """The next frame; nothing once there are no more."""
    length = source.read(4)
    if len(length) < 4:
        return b""
    size = int.from_bytes(length, "big")
    frame = source.read(size)
    return frame if len(frame) == size else b""


def serve(source: IO[bytes], to: IO[bytes]) -> None:
    """Answer what is asked in `source` until it ends, which ends the process."""
    # Operations hold no rings, so looking for some finds none.
    gc.disable()
    jobs: queue.Queue[bytes] = queue.Queue()

    def listen() -> None:
        # Read all the time, so that whoever asks never waits for room while we wait to answer.
        while job := _receive(source):
            jobs.put(job)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    _send(to, _HERE)
    while True:
        job = _decode_job(jobs.get())
        try:
            header, batches = open_payload([job.payload], job.spans)
            _send(to, _encode(_Answer(job.number, header=header)))
            for batch in batches:
                _send(to, _encode(_Answer(job.number, batch=batch)))
        except BundleRefused as refused:
            message = (refused.reason, refused.message, refused.kept, refused.hint)
            _send(to, _encode(_Answer(job.number, refused=message)))
        else:
            _send(to, _encode(_Answer(job.number, ends=True)))
