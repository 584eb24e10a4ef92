"""Reading the next bundle while this one is being stored: a helper process unpacks and checks it. It is given no keys.

Messages are frames: the length in four bytes, then MessagePack. The process ends when its input ends. It stores nothing and knows
no folder; whatever it fails to do, the caller does itself.
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

#: A merge of fewer bytes is finished before a helper process has started.
WORTHWHILE = 1_000_000
#: A payload larger than this is unpacked only in its turn, so that only one such payload is in memory.
LARGEST = 8_000_000
#: Seconds that the helper process may be silent, or not listen, before it is given up.
PATIENCE = 20.0
_HERE = b"here"


class HelperLost(Exception):
    """The helper process has ended, or never started: the caller has to do the work itself."""


class _Job(msgspec.Struct, array_like=True):
    number: int
    payload: bytes
    spans: list[Span]


class _Answer(msgspec.Struct, array_like=True):
    """An answer about one job: its header first, then batches, then an error or the end."""

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
    """The first line of a decrypted payload, and its ops in batches as `read_batches` gives them.

    Raises:
        BundleRefused: see `unpack` and `read_batches`.
    """
    lines = unpack_pieces(pieces)
    return next(lines, b""), read_batches(lines, spans)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Ahead:
    """The helper process, as the merge sees it."""

    def __init__(self) -> None:
        self._numbers = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started = False
        self._ready = threading.Event()

    def start(self) -> None:
        """Start the helper process, unless that was tried before; `ready` tells when it has started."""
        if self._started:
            return
        self._started = True
        with contextlib.suppress(OSError):
            # Room in the pipes for a few batches.
            self._process = helper_process.start("prefetch", pipe_size=1 << 20)
            self._waiting = threading.Thread(target=self._wait, name="bundles ahead", daemon=True)
            self._waiting.start()

    def wait(self, seconds: float) -> bool:
        """Wait until it has started; returns whether it has."""
        return self._ready.wait(seconds)

    def _wait(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        if helper_process.receive(self._process.stdout) == _HERE:
            self._ready.set()

    @property
    def pid(self) -> int:
        """The process id of the helper, 0 if there is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def ready(self) -> bool:
        """Whether it has started."""
        return self._ready.is_set()

    def ask(self, payload: bytes, spans: Sequence[Span]) -> int:
        """Request a payload to be unpacked and checked; returns the number of the request, 0 while the helper is not ready."""
        if not self.ready or self._process is None or self._process.stdin is None:
            return 0
        self._numbers += 1
        job = _encode(_Job(self._numbers, payload, list(spans)))
        try:
            with _patience(self._process):
                helper_process.send(self._process.stdin, job)
        except OSError:
            return 0
        return self._numbers

    def open_payload(self, number: int) -> tuple[bytes, Iterator[Batch]]:
        """The result of `open_payload` for the request with this number; earlier requests are forgotten.

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
                frame = helper_process.receive(self._process.stdout)
            if not frame:
                raise HelperLost
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
        """End the helper process."""
        if self._process is None:
            return
        self._process.kill()
        self._waiting.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # Data still on its way to a process that has ended is lost.
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()
        self._process = None


@contextlib.contextmanager
def _patience(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill the process if an operation on it takes too long: a stopped process would be waited for without end."""
    timer = threading.Timer(PATIENCE, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def serve(source: IO[bytes], to: IO[bytes]) -> None:
    """Answer the requests in `source` until it ends, which ends the process."""
    # Operations form no reference cycles, so the collector would find none.
    gc.disable()
    jobs: queue.Queue[bytes] = queue.Queue()

    def listen() -> None:
        # Read continuously, so that the caller never waits for room while this process waits to answer.
        while job := helper_process.receive(source):
            jobs.put(job)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    helper_process.send(to, _HERE)
    while True:
        job = _decode_job(jobs.get())
        try:
            header, batches = open_payload([job.payload], job.spans)
            helper_process.send(to, _encode(_Answer(job.number, header=header)))
            for batch in batches:
                helper_process.send(to, _encode(_Answer(job.number, batch=batch)))
        except BundleRefused as refused:
            message = (refused.reason, refused.message, refused.kept, refused.hint)
            helper_process.send(to, _encode(_Answer(job.number, refused=message)))
        else:
            helper_process.send(to, _encode(_Answer(job.number, ends=True)))
