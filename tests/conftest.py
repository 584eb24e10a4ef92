"""Fixtures that many tests share: kits without a passphrase, ready to record; networks of kits; commands; the program."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import quick_textual
from cli_kits import with_answers
from commanding import Keyboard, Ran, Run
from faulty import disk
from fieldkit.__main__ import main
from fieldkit.store.db import scrypt_process
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.known_settings import EVENT, ORIGIN, PLACE
from fieldkit.sync.network import location
from fieldkit.sync.setup import create_network
from kiosk_desk import planted
from networks import Laptop, Network

# Machines are slow and shared, so the time of an example proves nothing.
settings.register_profile("fieldkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fieldkit")

# Explain failing asserts in these helpers as in the tests themselves.
pytest.register_assert_rewrite("hostile", "import_steps", "redacted", "streams", "tars")

#: Each test process opens kits, programs and terminals: beyond this number they wait for the disk, not for a processor.
MOST_PROCESSES = 8


#: The files with the longest tests, the longest first.
LONGEST = (
    "test_terminal_event.py",
    "test_terminal.py",
    "test_demonstration_packs.py",
    "test_written_packs.py",
    "test_kiosk_escape.py",
    "test_terminal_cycle.py",
    "test_hostile_backups.py",
    "test_reading_window.py",
    "test_terminal_safety.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The number of processes that share the tests; 0 for a single file. It is one more than there are processors, since one
    process is always waiting for the disk or for a program that it started.
    """
    if len(config.args) == 1 and Path(config.args[0].partition("::")[0]).is_file():
        return 0
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available + 1, MOST_PROCESSES)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first, journeys among them, so that no processor waits for them at the end; then the other tests, and
    the other journeys last: other tests find the same faults sooner, and explain them better.
    """
    items.sort(key=lambda item: item.get_closest_marker("journey") is not None)
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


# Nearly everything made before the tests are collected stays in use to the end.
gc.disable()


def pytest_collection_finish() -> None:
    """Freeze what collecting made, so that the garbage collector need not scan all of it again and again.

    It also runs less often: a program on the screen makes thousands of objects that are in use until it ends.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


#: The origin under which `kit` writes.
DEVICE_ORIGIN = "a" * 26 + ".00000001"


@pytest.fixture(scope="session", autouse=True)
def quick_locks() -> None:
    """Make locks and PINs cheap in this process: 2^10 steps of scrypt. `test_lock_work.py` and `test_pin.py` check the
    program's own work factor.
    """
    scrypt_process.WORK = 10
    pin.WORK = 10


@pytest.fixture(scope="session")
def kit_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed, empty kit of a network; copying it is quicker than making one."""
    folder = tmp_path_factory.mktemp("template") / "kit"
    kit, _ = Kit.create(folder, None)
    with kit:
        kit.settings.put(ORIGIN, DEVICE_ORIGIN)
    return folder


@pytest.fixture
def new_kit(kit_template: Path, tmp_path: Path) -> Iterator[Callable[..., Kit]]:
    """A function that opens another empty kit; `origin` is the one under which it writes."""
    opened: list[Kit] = []

    def make(origin: str = DEVICE_ORIGIN) -> Kit:
        folder = tmp_path / f"kit-{len(opened)}"
        shutil.copytree(kit_template, folder)
        kit = Kit.open(folder)
        opened.append(kit)
        if origin != DEVICE_ORIGIN:
            kit.settings.put(ORIGIN, origin)
        return kit

    yield make
    for kit in opened:
        kit.close()


@pytest.fixture
def kit(new_kit: Callable[..., Kit]) -> Kit:
    """An empty kit of a network."""
    return new_kit()


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """A network with only its coordinator; laptops join it during a test."""
    made = Network.create(tmp_path / "network")
    yield made
    made.close()


@pytest.fixture
def laptop(network: Network) -> Laptop:
    """A field laptop of that network that the coordinator trusts."""
    return network.joins("A", trusted="field")


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    """A coordinator and one trusted laptop."""
    made = Network.create(tmp_path / "net")
    made.joins("laptop a", trusted="field")
    yield made
    made.close()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Iterator[date]:
    """The date, in a time zone where it is about noon: no midnight falls into the test, in the programs that it starts either.

    A running program on Windows keeps its time zone.
    """
    if not hasattr(time, "tzset"):
        yield date.today()
        return
    with monkeypatch.context() as zone:
        zone.setenv("TZ", f"NOON{datetime.now(UTC).hour - 12:+d}")  # POSIX counts hours to the west
        time.tzset()
        yield date.today()
    time.tzset()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A separate file system of 2 MB."""
    with disk(tmp_path / "small") as place:
        yield place


@pytest.fixture(scope="session", autouse=True)
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run the tests in a temporary folder, so that files left there disturb nothing."""
    with contextlib.chdir(tmp_path_factory.mktemp("elsewhere")):
        yield


@pytest.fixture
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the test's own folder the current one, where a list of refused rows may be written."""
    monkeypatch.chdir(tmp_path)


# Commands and the networks for testing them


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No kit of this machine, no passphrase from the environment, a separate current folder."""
    for name in ("FIELDKIT_PASSPHRASE", "FIELDKIT_KEYS_PASSPHRASE", "FIELDKIT_NEW_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FIELDKIT_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("FIELDKIT_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(surroundings: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process.

    `typed` is what somebody at the keyboard answers; without it there is nobody, and `piped` is standard input.
    """

    def run_it(*arguments: str | Path, typed: str | None = None, piped: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(piped) if typed is None else Keyboard(typed))
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return Ran(code, printed.out, printed.err)

    return run_it


@pytest.fixture(scope="session")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a coordinator's kit `hub` with an event, the invitation, and two laptops that have joined."""
    top = tmp_path_factory.mktemp("joined")
    hub, invitation = str(top / "hub"), str(top / "net.fkn")
    assert main(["--kit", hub, "network", "create", "West Midlands fair", "--no-passphrase"]) == 0
    assert main(["--kit", hub, "record", "event", *with_answers("title=Fair", "date=27/10/2026")]) == 0
    assert main(["--kit", hub, "network", "invite", "-o", invitation]) == 0
    for name, called in (("a", "St Mary"), ("b", "Gurdwara")):
        assert main(["--kit", str(top / name), "join", invitation, "--as", called, "--no-passphrase"]) == 0
    return top


@pytest.fixture(scope="session")
def trusted(joined: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same network with both laptops trusted, each with one feedback record that has been merged."""
    top = _copied(joined, tmp_path_factory.mktemp("trusted"))
    hub, stick = str(top / "hub"), str(top / "stick")
    for name in ("a", "b"):
        mine = str(top / name)
        assert main(["--kit", mine, "record", "feedback", *with_answers("consent_record=Y", "rating=1")]) == 0
        assert main(["--kit", mine, "export", "-o", f"{stick}/"]) == 0
    assert main(["--kit", hub, "merge", stick]) == 3
    with Kit.open(top / "hub") as kit:
        waiting = [file.device for file in kit.ledger.quarantine()]
    for key in waiting:
        assert main(["--kit", hub, "devices", "trust", key]) == 0
    assert main(["--kit", hub, "network", "invite", "-o", str(top / "net.fkn")]) == 0
    shutil.rmtree(stick)
    return top


def _copied(template: Path, top: Path) -> Path:
    """Copy the folders of `template` to `top`, where its kits count as never moved."""
    shutil.copytree(template, top, dirs_exist_ok=True)
    for name in ("hub", "a", "b"):
        with Kit.open(top / name) as kit:
            kit.settings.put(PLACE, location._place(kit.folder))
    return top


@pytest.fixture
def pair(joined: Path, tmp_path: Path) -> tuple[Path, Path, str]:
    """Two laptops that have joined, and the id of the event that they and the coordinator hold."""
    top = _copied(joined, tmp_path)
    with Kit.open(top / "hub") as kit:
        return top / "a", top / "b", kit.page("event")[0].record_id


@pytest.fixture
def hub(pair: tuple[Path, Path, str], tmp_path: Path) -> Path:
    """The coordinator's kit, in the folder that FIELDKIT_HOME names."""
    return tmp_path / "hub"


@pytest.fixture
def kits(trusted: Path, tmp_path: Path) -> tuple[Path, Path, Path]:
    """The coordinator's folder, and those of two laptops that it trusts."""
    top = _copied(trusted, tmp_path)
    return top / "hub", top / "a", top / "b"


# The program on the screen


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's pilot checks every 20 ms after a key whether the program is idle; here every 4 ms.

    No test relies on it: each waits for what it expects to see.
    """
    from textual import _wait

    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.002)


@pytest.fixture(scope="session", autouse=True)
def quick_screens() -> None:
    """Let Textual work out once for all tests of a process what it would repeat for each program, call and message."""
    quick_textual.read_sheets_once()
    quick_textual.count_parameters_once()
    quick_textual.look_handlers_up_once()


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty stick; the only other place offered is an empty home folder."""
    from fieldkit.screens.base import places

    stick, home = tmp_path / "STICK", tmp_path / "home"
    stick.mkdir()
    home.mkdir()
    monkeypatch.setattr(places, "sticks", lambda: [stick])
    monkeypatch.setenv("HOME", str(home))
    return stick


@pytest.fixture(scope="session")
def event_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed kit without a passphrase, with a chosen event, two people and a pair."""
    made = tmp_path_factory.mktemp("event") / "kit"
    kit, _ = Kit.create(made, None)
    with kit:
        create_network(kit, "Bradford", "St Mary's laptop 1")
        event = kit.add("event", {"title": "Health fair", "date": "2026-10-27", "place": "Bradford"})
        amina = kit.add("person", {"name": "Amina Khan", "organisation": "St Mary's"})
        ben = kit.add("person", {"name": "Ben Ojo"})
        kit.add("mentorship", {"mentor": amina.record_id, "mentee": ben.record_id, "level": "2"})
        kit.settings.put(EVENT, event.record_id)
    return made


@pytest.fixture
def folder(tmp_path: Path, event_template: Path) -> Path:
    """A copy of that kit: copying is faster than making one."""
    shutil.copytree(event_template, tmp_path / "kit")
    return tmp_path / "kit"


@pytest.fixture(scope="session")
def planted_template(tmp_path_factory: pytest.TempPathFactory, event_template: Path) -> Path:
    """That kit, closed, with a PIN and with records, drafts and names that no respondent may see."""
    made = tmp_path_factory.mktemp("planted") / "kit"
    shutil.copytree(event_template, made)
    planted(made)
    return made


@pytest.fixture
def planted_folder(tmp_path: Path, planted_template: Path) -> Path:
    """A copy of that kit."""
    shutil.copytree(planted_template, tmp_path / "kit")
    return tmp_path / "kit"
