"""Differences between systems: each branch is run here, on whichever system runs the tests."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

import fieldkit
from fieldkit.operating_system import disable_core_dumps, limit_resources, locked, machine_id

#: Modules that Python has only on Linux and macOS.
NOT_ON_WINDOWS = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty", "syslog", "posix")


def test_linux_names_its_machine() -> None:
    files = {"/etc/machine-id": "abc\n", "/var/lib/dbus/machine-id": "def\n"}

    def read(path: Path) -> str:
        if str(path) not in files:
            raise FileNotFoundError(path)
        return files[str(path)]

    assert machine_id("linux", read=read) == "abc\n"
    del files["/etc/machine-id"]
    assert machine_id("linux", read=read) == "def\n"
    files.clear()
    assert machine_id("linux", read=read) == ""


def test_windows_names_its_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    class Key:
        def __init__(self, *arguments: object) -> None:
            asked.append(arguments)

        def __enter__(self) -> str:
            return "opened"

        def __exit__(self, *_: object) -> None:
            asked.append(("closed",))

    registry = ModuleType("winreg")
    vars(registry).update(
        HKEY_LOCAL_MACHINE=1,
        KEY_READ=2,
        KEY_WOW64_64KEY=256,
        OpenKey=Key,
        QueryValueEx=lambda key, name: (f"{key} {name}", 1),
    )
    monkeypatch.setitem(sys.modules, "winreg", registry)
    assert machine_id("win32") == "opened MachineGuid"
    assert asked == [(1, r"SOFTWARE\Microsoft\Cryptography", 0, 258), ("closed",)]


def test_macos_names_its_machine() -> None:
    listed = """+-o Mac  <class IOPlatformExpertDevice>
    {
      "board-id" = <"Mac-1">
      "IOPlatformUUID" = "0F0F-11"
    }
"""
    assert machine_id("darwin", ask=lambda command: listed) == "0F0F-11"
    assert machine_id("darwin", ask=lambda command: "") == ""


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_a_machine_without_a_name_of_its_own(system: str) -> None:
    def refuse(*_: object) -> str:
        raise OSError

    assert machine_id(system, registry=refuse, ask=refuse, read=refuse) == ""


def test_bounds_are_kept_where_the_system_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to: dict[str, tuple[int, int]] = {}
    most = {"memory": (-1, -1), "cpu": (90, 100)}
    resource = SimpleNamespace(
        RLIMIT_AS="memory",
        RLIMIT_CPU="cpu",
        RLIM_INFINITY=-1,
        getrlimit=most.__getitem__,
        setrlimit=set_to.__setitem__,
    )
    monkeypatch.setitem(sys.modules, "resource", resource)
    assert limit_resources(1_000, 200)
    # The limit that is already set can't be raised.
    assert set_to == {"memory": (1_000, 1_000), "cpu": (100, 100)}
    set_to.clear()
    assert limit_resources()
    assert set_to == {}


def test_systems_without_bounds_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert not limit_resources(1_000)
    disable_core_dumps()

    def refuse(*_: object) -> None:
        raise ValueError

    macos = SimpleNamespace(RLIMIT_AS=1, RLIM_INFINITY=-1, getrlimit=lambda _: (-1, -1), setrlimit=refuse)
    monkeypatch.setitem(sys.modules, "resource", macos)
    assert not limit_resources(1_000)
    assert not limit_resources(0, 1)


def test_a_crash_leaves_no_memory_behind() -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux says so of itself")
    code = (
        "import ctypes, resource; from fieldkit.operating_system import disable_core_dumps; disable_core_dumps(); "
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(0, 0) 0"


def test_every_module_loads_without_what_windows_has_not() -> None:
    names = [
        name
        for _, name, _ in pkgutil.walk_packages(fieldkit.__path__, "fieldkit.")
        if not name.endswith("__main__")
    ]
    assert len(names) > 200
    code = f"""
import importlib, sys
# What the libraries load is theirs: they have a version for Windows.
for name in ("asyncio", "subprocess", "textual.app", "sqlmodel", "pandas", "typer", "psutil", "platformdirs", "filelock",
             "tempfile", "shutil", "pathlib", "multiprocessing.pool", "xlsxwriter", "textual.drivers.linux_driver"):
    importlib.import_module(name)
for name in {NOT_ON_WINDOWS!r}:
    sys.modules[name] = None
for name in {names!r}:
    importlib.import_module(name)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_is_called_that_windows_has_not() -> None:
    """`os.getuid` and the like fail only when they are called: they are used after a check, or not at all."""
    calls = (
        "os.getuid",
        "os.geteuid",
        "os.getgid",
        "os.fork(",
        "os.fchmod",
        "os.chown",
        "signal.SIGHUP",
        "signal.SIGKILL",
    )
    for path in Path(fieldkit.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        assert not [call for call in calls if call in text], path


def test_the_place_of_a_kit_is_the_one_that_kits_remember(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An existing kit would count as moved if its machine's name were composed differently."""
    from hashlib import sha256

    from fieldkit.sync.network import location

    monkeypatch.setattr(location, "machine_id", lambda: "0f1e\n")
    monkeypatch.setattr("platform.node", lambda: "laptop")
    assert location._place(tmp_path) == sha256(f"laptop0f1e\n\0{tmp_path.resolve()}".encode()).hexdigest()


_HOLDS = """
import sys
from pathlib import Path
from fieldkit.operating_system import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_keeps_other_processes_out_until_its_holder_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(OSError), locked(path, wait=False):
            raise AssertionError("two hold one lock")
        other.kill()
    with locked(path, wait=False):
        pass
    with locked(path):
        pass


def test_a_lock_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "lock").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError), locked(tmp_path / "lock", wait=False):
        raise AssertionError("it went to where the link leads")
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_a_disk_without_locks_gives_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import filelock

    def refuse(*_: object, **__: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with locked(tmp_path / "lock", wait=False):
        entered = True
    assert entered
