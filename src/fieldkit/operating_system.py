"""The differences between Linux, macOS and Windows: the only module that asks which of them runs.

Everything it needs of a system is passed in or looked up at the call, so that tests reach each branch on any system.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO


def disable_core_dumps() -> None:
    """Prevent a crash from dumping this process's memory, which holds keys and what people said.

    If a collector receives core files, Linux asks only whether the process may be dumped at all; so both are set. A
    system without either setting is left unchanged.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


#: From Linux's prctl.h.
_PR_SET_DUMPABLE = 4


def limit_resources(memory: int = 0, cpu_seconds: int = 0) -> bool:
    """Limit this process: `memory` in bytes of address space, `cpu_seconds` of processor time; 0 means no limit.

    Beyond the first, an allocation fails with MemoryError; beyond the second, the system kills the process. Returns
    whether the system enforces such limits: Windows enforces none, macOS only the second.
    """
    try:
        import resource
    except ImportError:
        return False
    kept = True
    for name, limit in (("RLIMIT_AS", memory), ("RLIMIT_CPU", cpu_seconds)):
        if not limit:
            continue
        try:
            number = getattr(resource, name)
            most = resource.getrlimit(number)[1]
            limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
            resource.setrlimit(number, (limit, limit))
        except (AttributeError, OSError, ValueError):
            kept = False
    return kept


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of the file `path` (created with mode 0600 if missing), exclusively among all processes.

    The system releases it when the program ends, however it ends. A disk without locks gives none.

    Raises:
        TimeoutError: another process has it and `wait` is False.
        OSError: the disk refuses.
    """
    # Loaded on first use: the first frame needs none.
    from filelock import FileLock

    lock = FileLock(path, mode=0o600, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire(timeout=-1 if wait else 0)
    except NotImplementedError:
        yield
        return
    try:
        yield
    finally:
        lock.release(force=True)


def machine_id(
    system: str = "",
    *,
    read: Callable[[Path], str] = lambda path: path.read_text("ascii", "replace"),
    registry: Callable[[str, str], str] | None = None,
    ask: Callable[[list[str]], str] | None = None,
) -> str:
    """The system's unique name for this computer, "" if it has none.

    Linux: the text of `machine-id` with its line end; macOS: IOPlatformUUID; Windows: MachineGuid of the registry.
    `system` is as `sys.platform`; the others read a file, a registry value and a program's output.
    """
    system = system or sys.platform
    with contextlib.suppress(OSError, ImportError, subprocess.SubprocessError):
        if system == "win32":
            return (registry or _registry_value)(r"SOFTWARE\Microsoft\Cryptography", "MachineGuid")
        if system == "darwin":
            listed = (ask or _output)(["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"])
            values = [
                line.partition("=")[2].strip(' "') for line in listed.splitlines() if "IOPlatformUUID" in line
            ]
            return values[0] if values else ""
    for name in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        with contextlib.suppress(OSError):
            return read(Path(name))
    return ""


def _registry_value(key: str, name: str) -> str:
    """A text value of this machine's part of the registry.

    Raises:
        ImportError: this system has no registry.
        OSError: there is no such value.
    """
    winreg = importlib.import_module("winreg")
    # A 32-bit program would see its own view, which lacks this value.
    with winreg.OpenKey(
        winreg.HKEY_LOCAL_MACHINE, key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY
    ) as opened:
        return str(winreg.QueryValueEx(opened, name)[0])


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    return done.stdout


def open_regular(path: Path) -> BinaryIO:
    """A regular file, opened to be read. Links are followed; a pipe is not waited on, and a device, which has no end, not opened:
    anybody may have put either there, or a link to it.

    Raises:
        OSError: the disk refuses, or something else has that name: EISDIR for a folder, ENODEV for a pipe or a device.
    """
    _demand_regular(path, path.stat().st_mode)
    # The file may be replaced between this check and the opening: so opening does not wait, and the check is repeated.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _demand_regular(path, os.fstat(handle).st_mode)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: Path, most: int) -> bytes:
    """The first `most` bytes of a regular file. Raises OSError as `open_regular`."""
    with open_regular(path) as file:
        return file.read(most)


def _demand_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        number = errno.EISDIR if stat.S_ISDIR(mode) else errno.ENODEV
        raise OSError(number, os.strerror(number), str(path))
