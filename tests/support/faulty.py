"""Disks that fail on purpose: small ones, read-only ones, steps that raise an error, files that can't grow."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from tools import lacking

#: The steps of writing a file to disk, any of which may fail. Removing is left out: that is the clean-up.
STEPS = ("open", "write", "fsync", "replace", "rename", "mkdir")


@contextlib.contextmanager
def disk(place: Path, options: str = "size=2m") -> Iterator[Path]:
    """A separate file system at `place`, in memory; without the right to mount, the test is skipped or fails."""
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None:
        lacking("there is no mount here, so a full disk could not be tried")
    command = [mount, "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        lacking("mounting is not allowed here, so a full disk could not be tried")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def remount(place: Path, options: str) -> None:
    """Change a mounted disk: `ro`, `rw`, or another `size=`."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def fill(place: Path, leave: int = 0) -> Path:
    """Fill the disk at `place` up to `leave` bytes, with a file that can be removed again."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        free = shutil.disk_usage(place).free - leave
        while free > 0:
            free -= file.write(bytes(min(free, 1 << 16)))
    return filler


class _Half(io.FileIO):
    """A file whose writes are steps; the one that fails has first written half of its content."""

    steps: Failing

    def write(self, content: Any) -> int:
        try:
            self.steps.take("write")
        except OSError:
            super().write(bytes(content)[: len(content) // 2])
            raise
        return super().write(content)


class Failing:
    """While entered, step number `at` (from 0) of writing a file to disk fails with `error`.

    Afterwards `count` is the number of steps, and `failed` the one that failed, "" if none did.
    """

    def __init__(self, at: int, error: int = errno.EIO) -> None:
        self.at, self.error = at, error
        self.count, self.failed = 0, ""
        self._honest: dict[str, Callable[..., Any]] = {}

    def take(self, step: str) -> None:
        """Count one step; raises OSError if it is the one to fail."""
        self.count += 1
        if self.count - 1 == self.at:
            self.failed = step
            raise OSError(self.error, os.strerror(self.error))

    def __enter__(self) -> Failing:
        for name in ("open", "fdopen", "fsync", "replace", "rename", "mkdir"):
            self._honest[name] = getattr(os, name)
            setattr(os, name, getattr(self, f"_{name}", None) or self._plain(name))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, honest in self._honest.items():
            setattr(os, name, honest)

    def _plain(self, name: str) -> Callable[..., Any]:
        def step(*given: Any, **more: Any) -> Any:
            self.take(name)
            return self._honest[name](*given, **more)

        return step

    def _open(self, path: Any, flags: int, *given: Any, **more: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            self.take("open")
        handle: int = self._honest["open"](path, flags, *given, **more)
        return handle

    def _fsync(self, handle: int) -> None:
        # Not every file system can flush a folder, so a failure there is ignored.
        self.take("fsync of a folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "fsync")
        self._honest["fsync"](handle)

    def _fdopen(self, handle: int, mode: str = "r", *given: Any, **more: Any) -> Any:
        if mode != "wb":
            return self._honest["fdopen"](handle, mode, *given, **more)
        raw = _Half(handle, "wb")
        raw.steps = self
        return io.BufferedWriter(raw)


class Worker:
    """`fault_worker.py` and its answers."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        assert self._answer()["said"] == "ready"

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the worker stopped by itself"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def life(self, what: str, kit: Path, path: Path, calls: list[str], error: int) -> dict[str, Any]:
        """The result of `what` while `calls` fail with `error`."""
        asked = {"what": what, "kit": str(kit), "path": str(path), "calls": calls, "error": error}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.process.stdin.flush()
        answer = self._answer()
        if answer["said"] == "no filter":
            lacking(f"the kernel takes no filter here ({answer['why']}), so failing calls could not be tried")
        return answer


@contextlib.contextmanager
def working() -> Iterator[Worker]:
    """A worker that is ready; it ends with the context."""
    command = [sys.executable, str(Path(__file__).with_name("fault_worker.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Worker(process)
        assert process.stdin is not None
        process.stdin.close()
