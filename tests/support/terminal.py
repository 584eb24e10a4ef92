"""A real terminal for tests: the installed program in a pseudo-terminal, its screen as rows of characters."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from types import TracebackType
from unicodedata import category, normalize

import pexpect  # type: ignore[import-untyped]
import pyte

#: The longest wait of a test for something on the screen, in seconds: far longer than it ever takes.
PATIENCE = 20.0

KEYS = {
    "enter": b"\r",
    "esc": b"\x1b",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "backspace": b"\x7f",
    "f1": b"\x1bOP",
    "f2": b"\x1bOQ",
    "f3": b"\x1bOR",
    "f4": b"\x1bOS",
    "f5": b"\x1b[15~",
    "f6": b"\x1b[17~",
    "f7": b"\x1b[18~",
    "f8": b"\x1b[19~",
    "f9": b"\x1b[20~",
    "f10": b"\x1b[21~",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "delete": b"\x1b[3~",
    "ctrl+pageup": b"\x1b[5;5~",
    "ctrl+pagedown": b"\x1b[6;5~",
    "ctrl+a": b"\x01",
    "ctrl+g": b"\x07",
    "ctrl+k": b"\x0b",
    "ctrl+l": b"\x0c",
    "ctrl+p": b"\x10",
    "ctrl+s": b"\x13",
    "ctrl+t": b"\x14",
    "ctrl+y": b"\x19",
    "ctrl+z": b"\x1a",
    "ctrl+c": b"\x03",
    "ctrl+q": b"\x11",
    "ctrl+j": b"\n",
}


def program() -> list[str]:
    """The installed `fieldkit`, the script beside this Python; if there is none, its module."""
    script = shutil.which("fieldkit", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "fieldkit"]


def environment(home: Path, **more: str) -> dict[str, str]:
    """This process's variables, with `home` as the user's home folder and without settings for another kit."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FIELDKIT", "XDG_", "TEXTUAL"))
        and name not in {"NO_COLOR", "COLORTERM", "COLUMNS", "LINES"}
    }
    # LINES and COLUMNS of the test process are not those of this terminal.
    # Escape alone must not wait long for the rest of a sequence that never comes.
    return {**kept, "HOME": str(home), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **more}


def grey(colour: str) -> bool:
    """Whether a colour, as the emulator names it, is black, white or grey."""
    return colour == "default" or (len(colour) == 6 and colour[:2] == colour[2:4] == colour[4:])


class Emulator(pyte.Screen):
    """A screen that draws vowel signs, as most terminals do: pyte itself drops a sign and everything after it in the same write.

    A sign beside its letter (Unicode category Mc) takes a cell, a sign above or below it does not.
    """

    def draw(self, data: str) -> None:
        """Draw letters at the cursor."""
        for takes, run in groupby(data, key=_cells_taken):
            text = "".join(run)
            if takes is None:
                super().draw(text)
            elif takes:
                for sign in text:
                    super().draw("x")
                    self._change_last(lambda _, sign=sign: sign)
            elif self.cursor.x:
                self._change_last(lambda before, text=text: normalize("NFC", before + text))

    def _change_last(self, change: Callable[[str], str]) -> None:
        row, at = self.buffer[self.cursor.y], self.cursor.x - 1
        at -= not row[at].data and at > 0  # the second cell of a wide letter
        row[at] = row[at]._replace(data=change(row[at].data))


def _cells_taken(letter: str) -> int | None:
    """The cells taken by a sign that pyte may not know how to draw; None for a letter."""
    if letter.isascii():
        return None
    kind = category(letter)
    return 1 if kind == "Mc" else 0 if kind in {"Mn", "Me", "Cf"} else None


class Terminal:
    """The program on a screen of `columns` by `rows` characters."""

    def __init__(
        self,
        arguments: Sequence[str],
        home: Path,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._screen = Emulator(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._ended = self._hung_up = False
        command = [*program(), *arguments]
        self.process: pexpect.spawn[bytes] = pexpect.spawn(
            command[0],
            command[1:],
            env=environment(home, **(env or {})),
            cwd=str(home),
            dimensions=(rows, columns),
            timeout=PATIENCE,
            # What runs in the background passes on that Ctrl+C is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.process.delaybeforesend = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            rows = "\n".join(row for row in self.lines if row)
            error.add_note(f"The screen was:\n{rows}")
        if not self._hung_up:
            try:
                self.process.close(force=True)
            except pexpect.ExceptionPexpect:
                self.process.ptyproc.wait()  # killed, but a busy machine has not ended it yet

    # What is on it

    @property
    def lines(self) -> list[str]:
        """Its rows, without trailing blanks."""
        return [row.rstrip() for row in self._screen.display]

    @property
    def text(self) -> str:
        """The whole screen as text."""
        return "\n".join(self.lines)

    def line(self, shown: str) -> str:
        """The first row that contains `shown`; "" if there is none."""
        return next((row for row in self.lines if shown in row), "")

    def colours(self) -> set[str]:
        """The colours of its letters and backgrounds."""
        cells = [cell for row in self._screen.buffer.values() for cell in row.values()]
        return {cell.fg for cell in cells} | {cell.bg for cell in cells}

    @property
    def cells(self) -> list[list[pyte.screens.Char]]:
        """Its rows of cells: letters with their colours. The second cell of a wide letter is empty."""
        rows = range(self._screen.lines)
        return [[self._screen.buffer[y][x] for x in range(self._screen.columns)] for y in rows]

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Column and row of the cursor; None if it is hidden."""
        cursor = self._screen.cursor
        return None if cursor.hidden else (cursor.x, cursor.y)

    def until_still(self, quiet: float = 0.4) -> None:
        """Read until nothing has come for `quiet` seconds, or the program has ended."""
        end = time.monotonic() + PATIENCE
        before = None
        while before != (before := self.text) and not self._ended and time.monotonic() < end:
            self._read(quiet)

    def until_another(self, before: str, seconds: float) -> None:
        """Read until the screen differs from `before`, or `seconds` have passed."""
        end = time.monotonic() + seconds
        while self.text == before and not self._ended and time.monotonic() < end:
            self._read(0.05)

    def _read(self, seconds: float) -> None:
        """Wait for output, and read all of it."""
        try:
            while True:
                self._stream.feed(self.process.read_nonblocking(65536, seconds))
                seconds = 0
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            # pexpect looks for output, then whether the program runs: what came in between is still unread.
            with suppress(pexpect.EOF):
                while True:
                    self._stream.feed(self.process.read_nonblocking(65536, 0))
            self._ended = True

    def until(self, holds: Callable[[str], bool], what: str) -> str:
        """Read until `holds` is true of the screen; returns its text."""
        end = time.monotonic() + PATIENCE
        while not holds(self.text):
            if self._ended:
                raise AssertionError(f"The program ended before this was seen: {what}")
            if time.monotonic() > end:
                raise AssertionError(f"Never seen: {what}")
            self._read(0.05)
        return self.text

    def sees(self, *texts: str) -> str:
        """Wait until all `texts` are on the screen; returns its text."""
        return self.until(lambda text: all(word in text for word in texts), " and ".join(texts))

    def at(self, shown: str) -> None:
        """Wait until the cursor is in a row that contains `shown`."""
        self.until(lambda _: shown in self.lines[self._screen.cursor.y], f"the cursor at “{shown}”")

    def sees_no(self, shown: str) -> str:
        """Wait until `shown` is gone."""
        return self.until(lambda text: shown not in text, f"no “{shown}”")

    # Input

    def type(self, text: str) -> None:
        """Type letters."""
        self.process.send(text.encode())

    def press(self, *keys: str) -> None:
        """Press keys, by the names in KEYS or as the letter itself."""
        for key in keys:
            self.process.send(KEYS.get(key) or key.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self._screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.kill(number)

    def hang_up(self) -> None:
        """Close the window while the program runs, and wait until the program has ended."""
        self._hung_up = True
        self.process.ptyproc.fileobj.close()
        pid = self.process.pid
        # Nothing is left for pexpect to close or reap.
        self.process.child_fd = self.process.ptyproc.fd = -1
        self.process.closed = self.process.terminated = True
        self.process.ptyproc.closed = self.process.ptyproc.terminated = True
        end = time.monotonic() + PATIENCE
        pause = threading.Event()
        while os.waitpid(pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > end:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                raise AssertionError("The program went on without a window.")
            pause.wait(0.02)

    def wait(self) -> int:
        """Wait until the program has ended; returns its exit code, or minus the signal that ended it."""
        end = time.monotonic() + PATIENCE
        while not self._ended and time.monotonic() < end:
            self._read(0.05)
        assert self._ended, "The program did not end."
        self.process.wait()
        code = self.process.exitstatus
        return int(-self.process.signalstatus if code is None else code)
