"""Helper processes: the one place that starts them, and the entry by which they come up.

Some work needs a process of its own: it holds the interpreter, or needs bounds of memory. An interpreter is started for
it where there is one; a packaged program has none, so there the program starts itself with `--helper NAME`.
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

from fieldkit.operating_system import disable_core_dumps, limit_resources

#: Each helper's module, whose `serve(source, to)` does the work: bytes in, bytes out, to the end of its input.
HELPERS = {
    "scrypt": "fieldkit.store.db.scrypt_process",
    "prefetch": "fieldkit.sync.bundle.prefetch",
    "workbook": "fieldkit.importing.reading.workbook_process",
}
#: The program's own hidden option that brings up a helper.
SWITCH = "--helper"

#: Worked out while the current folder is still the one that a relative name was given in.
_PACKAGE_AT = str(Path(__file__).absolute().parent.parent)

#: Where Python and its packages lie, by sysconfig's names: needed even where one of them is the current folder.
_LIBRARIES = ("stdlib", "platstdlib", "purelib", "platlib")

# Run by an interpreter: modules are looked for where the program itself does, such as in the archive that runs.
_ENTRY = (
    "import sys; arguments, sys.argv[1:] = sys.argv[1:], []; cut = arguments.index('--'); "
    "sys.path[:] = arguments[cut + 1:]; "
    "from fieldkit.helper_process import main; sys.exit(main(arguments[:cut]))"
)


def start(
    name: str, *, memory: int = 0, cpu_seconds: int = 0, pipe_size: int = -1
) -> subprocess.Popen[bytes]:
    """Start the helper `name`, with pipes to its input and from its output.

    `memory` (bytes) and `cpu_seconds` bound it where the system can (see `limit_resources`); the caller bounds the time it
    waits. `pipe_size` in bytes is granted by some systems.

    Raises:
        KeyError: there is no such helper.
        OSError: the system starts no process.
    """
    return subprocess.Popen(
        command(name, memory=memory, cpu_seconds=cpu_seconds),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        pipesize=pipe_size,
        # A window of its own would flash up on Windows.
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def run(
    name: str, data: bytes, *, memory: int = 0, cpu_seconds: int = 0, seconds: float | None = None
) -> bytes:
    """The whole answer of the helper `name` to `data`; what came before it stopped, if it did.

    Raises:
        OSError: the system starts no process.
        TimeoutError: no end within `seconds`; the helper was ended.
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
    """The command line that brings up the helper `name`.

    Raises:
        KeyError: there is no such helper.
        FileNotFoundError: this program runs in another that does not say where its interpreter is.
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
    # -P: a file called json.py in the current folder is not ours to run.
    return [sys.executable, "-P", "-c", _ENTRY, *arguments, "--", *_search_path()]


def _search_path() -> list[str]:
    """Where modules are looked for, without the current folder, which is searched for being that.

    A folder of libraries that happens to be the current one comes last.
    """
    try:
        current = str(Path.cwd())
        places = [str(Path(place).absolute()) for place in sys.path]
    except OSError:
        # The folder is gone, a stick pulled out: nothing in it can be loaded.
        current = ""
        places = [place for place in sys.path if Path(place).is_absolute()]
    needed = [_PACKAGE_AT, *(current for library in _LIBRARIES if current == sysconfig.get_path(library))]
    places = [place for place in places if place != current]
    return [*places, *dict.fromkeys(place for place in needed if place not in places)]


def _environment() -> dict[str, str]:
    """The environment without what was given to fieldkit alone, such as a passphrase."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("FIELDKIT_")}


def asked(arguments: Sequence[str]) -> bool:
    """Whether this program was started as a helper."""
    return list(arguments[:1]) == [SWITCH]


def main(arguments: Sequence[str]) -> int:
    """Be the helper that `arguments` name, as `command` puts it; returns the exit code."""
    disable_core_dumps()
    # Ctrl+C in a terminal reaches every process in it; the one that started this decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _, name, memory, cpu_seconds = arguments
        module, bounds = HELPERS[name], (int(memory), int(cpu_seconds))
    except (KeyError, ValueError):
        return 2
    served = importlib.import_module(module)
    # Numbers, not sys.stdin: a packaged program without a console has none.
    with os.fdopen(0, "rb", closefd=False) as source, os.fdopen(1, "wb", closefd=False) as to:
        if any(bounds):
            limit_resources(*bounds)
        with contextlib.suppress(BrokenPipeError):
            served.serve(source, to)
    return 0
