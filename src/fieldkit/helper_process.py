"""Helper processes: the only place that starts them, and their entry point.

Some work needs its own process: it blocks the interpreter, or needs a memory limit. Usually an interpreter is started; a
packaged program has none, so the program starts itself with `--helper NAME`.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from fieldkit.operating_system import disable_core_dumps, limit_resources

#: Each helper's module, whose `serve(source, to)` does the work: bytes in, bytes out, to the end of its input.
HELPERS = {
    "scrypt": "fieldkit.store.db.scrypt_process",
    "prefetch": "fieldkit.sync.bundle.prefetch",
    "workbook": "fieldkit.importing.reading.workbook_process",
}
#: The hidden option that starts the program as a helper.
SWITCH = "--helper"

#: Computed while the current folder is still the one that a relative name refers to.
_PACKAGE_AT = str(Path(__file__).absolute().parent.parent)

#: The folders of Python and its packages, by sysconfig's names: needed even if one of them is the current folder.
_LIBRARIES = ("stdlib", "platstdlib", "purelib", "platlib")

# Run by an interpreter: it searches for modules where the program does, such as in the running archive.
_ENTRY = (
    "import sys; arguments, sys.argv[1:] = sys.argv[1:], []; cut = arguments.index('--'); "
    "sys.path[:] = arguments[cut + 1:]; "
    "from fieldkit.helper_process import main; sys.exit(main(arguments[:cut]))"
)


def start(
    name: str, *, memory: int = 0, cpu_seconds: int = 0, pipe_size: int = -1
) -> subprocess.Popen[bytes]:
    """Start the helper `name`, with pipes to its input and from its output.

    `memory` (bytes) and `cpu_seconds` limit it if the system can (see `limit_resources`); the caller limits its own waiting.
    Some systems grant `pipe_size`, in bytes.

    Raises:
        KeyError: there is no such helper.
        OSError: the system can't start a process.
    """
    return subprocess.Popen(
        command(name, memory=memory, cpu_seconds=cpu_seconds),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        pipesize=pipe_size,
        # Its own window would flash up on Windows.
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def run(
    name: str, data: bytes, *, memory: int = 0, cpu_seconds: int = 0, seconds: float | None = None
) -> bytes:
    """The whole answer of the helper `name` to `data`; if it stopped early, the part before that.

    Raises:
        OSError: the system can't start a process.
        TimeoutError: it did not finish within `seconds`; the helper was killed.
    """
    with start(name, memory=memory, cpu_seconds=cpu_seconds) as process:
        try:
            answer, _ = process.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise TimeoutError(name) from None
        except BaseException:
            process.kill()
            raise
    return answer


def command(name: str, *, memory: int = 0, cpu_seconds: int = 0) -> list[str]:
    """The command line that starts the helper `name`.

    Raises:
        KeyError: there is no such helper.
        FileNotFoundError: this program is embedded in another that does not say where its interpreter is.
    """
    HELPERS[name]
    arguments = [SWITCH, name, str(memory), str(cpu_seconds)]
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    if "__compiled__" in globals():
        # Nuitka: `sys.executable` names an interpreter that was not packed.
        return [str(Path(sys.argv[0]).absolute()), *arguments]
    if not sys.executable:
        raise FileNotFoundError("no interpreter")
    # -P: never import a json.py from the current folder.
    return [sys.executable, "-P", "-c", _ENTRY, *arguments, "--", *_search_path()]


def _search_path() -> list[str]:
    """The module search path without the current folder where it is listed as such.

    A library folder that happens to be the current one comes last.
    """
    try:
        current = str(Path.cwd())
        places = [str(Path(place).absolute()) for place in sys.path]
    except OSError:
        # The folder is gone, such as an unplugged stick: nothing can be loaded from it.
        current = ""
        places = [place for place in sys.path if Path(place).is_absolute()]
    needed = [_PACKAGE_AT, *(current for library in _LIBRARIES if current == sysconfig.get_path(library))]
    places = [place for place in places if place != current]
    return [*places, *dict.fromkeys(place for place in needed if place not in places)]


def _environment() -> dict[str, str]:
    """The environment without values meant for fieldkit alone, such as a passphrase."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("FIELDKIT_")}


def asked(arguments: Sequence[str]) -> bool:
    """Whether this program was started as a helper."""
    return list(arguments[:1]) == [SWITCH]


def send(to: IO[bytes], frame: bytes) -> None:
    """Write bytes that `receive` reads at once at the other end."""
    to.write(len(frame).to_bytes(4, "big") + frame)
    to.flush()


def receive(source: IO[bytes]) -> bytes:
    """What the other end sent next; empty if nothing more comes, or only a part of it."""
    length = source.read(4)
    if len(length) < 4:
        return b""
    size = int.from_bytes(length, "big")
    frame = source.read(size)
    return frame if len(frame) == size else b""


def main(arguments: Sequence[str]) -> int:
    """Run as the helper in `arguments`, as given by `command`; returns the exit code."""
    disable_core_dumps()
    # Ctrl+C in a terminal reaches all its processes; the parent decides what happens to this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _, name, memory, cpu_seconds = arguments
        module, bounds = HELPERS[name], (int(memory), int(cpu_seconds))
    except (KeyError, ValueError):
        return 2
    served = importlib.import_module(module)
    # File descriptors, not sys.stdin: a packaged program without a console has none.
    with os.fdopen(0, "rb", closefd=False) as source, os.fdopen(1, "wb", closefd=False) as to:
        if any(bounds):
            limit_resources(*bounds)
        with contextlib.suppress(BrokenPipeError):
            served.serve(source, to)
    return 0
