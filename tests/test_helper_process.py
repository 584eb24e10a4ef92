"""Helper processes: how they are started in every way that a program is packaged, and what they are given."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import textwrap
import zipapp
from pathlib import Path

import pytest

import fieldkit
from fieldkit import helper_process
from fieldkit.__main__ import main

SOURCE = Path(fieldkit.__file__).parent

#: A program that makes an age file of a secret and opens it again, in helpers.
ROUND = """
from fieldkit.store.db import scrypt_process
print(scrypt_process.unwrap(scrypt_process.wrap(b"the key", "quite a long phrase"), "quite a long phrase"))
"""

#: The code of a test's own helper: it returns what it was given, and its limits on this machine.
PROBE = """
import json, os, sys

def serve(source, to):
    try:
        import resource
        limits = [resource.getrlimit(number)[0] for number in (resource.RLIMIT_CORE, resource.RLIMIT_AS, resource.RLIMIT_CPU)]
    except ImportError:
        limits = None
    about = {"data": source.read().decode(), "limits": limits, "arguments": sys.argv[1:], "environment": dict(os.environ)}
    to.write(json.dumps(about).encode())
"""


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a helper made by the test."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "probe_helper.py").write_text(PROBE)
    (tmp_path / "modules" / "sitecustomize.py").write_text(
        "from fieldkit.helper_process import HELPERS\nHELPERS['probe'] = 'probe_helper'\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "modules"))
    monkeypatch.syspath_prepend(tmp_path / "modules")
    monkeypatch.setitem(helper_process.HELPERS, "probe", "probe_helper")
    return "probe"


def answer(name: str, **bounds: int) -> dict[str, object]:
    import json

    about = json.loads(helper_process.run(name, b"in", seconds=60, **bounds))
    assert isinstance(about, dict)
    return about


def test_a_helper_answers_and_is_bounded(probe: str) -> None:
    pytest.importorskip("resource", reason="this system has no bounds of resources")
    about = answer(probe, memory=1 << 31, cpu_seconds=50)
    assert about["data"] == "in"
    assert about["limits"] == [0, 1 << 31, 50]
    assert about["arguments"] == []


def test_a_helper_without_bounds_leaves_no_core_file(probe: str) -> None:
    resource = pytest.importorskip("resource", reason="this system has no bounds of resources")
    limits = answer(probe)["limits"]
    assert limits == [
        0,
        resource.getrlimit(resource.RLIMIT_AS)[0],
        resource.getrlimit(resource.RLIMIT_CPU)[0],
    ]


def test_a_helper_is_given_no_secret_of_the_environment(probe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIELDKIT_PASSPHRASE", "FIELDKIT_KEYS_PASSPHRASE"):
        monkeypatch.setenv(name, "quite a secret")
    environment = answer(probe)["environment"]
    assert isinstance(environment, dict)
    assert "PATH" in environment
    assert "quite a secret" not in environment.values()


def test_an_unknown_helper_is_not_started() -> None:
    with pytest.raises(KeyError):
        helper_process.start("os")
    for arguments in (["os"], [], ["scrypt"], ["scrypt", "x", "0"], ["scrypt", "0", "0", "0"]):
        assert main([helper_process.SWITCH, *arguments]) == 2


def test_every_helper_has_its_work() -> None:
    import importlib

    for module in helper_process.HELPERS.values():
        assert callable(importlib.import_module(module).serve), module


def test_a_packaged_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/fieldkit/fieldkit")
    assert helper_process.command("scrypt") == ["/opt/fieldkit/fieldkit", "--helper", "scrypt", "0", "0"]
    bounded = helper_process.command("prefetch", memory=7, cpu_seconds=9)
    assert bounded == ["/opt/fieldkit/fieldkit", "--helper", "prefetch", "7", "9"]


def test_a_compiled_program_starts_itself_by_the_name_it_was_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(helper_process), "__compiled__", object())
    monkeypatch.setattr(sys, "argv", ["/opt/fieldkit/fieldkit.bin", "merge"])
    assert helper_process.command("scrypt")[:3] == ["/opt/fieldkit/fieldkit.bin", "--helper", "scrypt"]


def test_a_program_within_another_says_that_it_can_start_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(OSError):
        helper_process.command("scrypt")


def test_the_current_folder_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), *sys.path])
    command = helper_process.command("scrypt")
    assert "" not in command
    assert str(tmp_path) not in command


def test_a_helper_starts_where_the_current_folder_is_gone(
    probe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick").mkdir()
    monkeypatch.chdir(tmp_path / "stick")
    (tmp_path / "stick").rmdir()
    assert answer(probe)["data"] == "in"


@pytest.mark.parametrize("library", ["stdlib", "purelib"])
def test_a_helper_starts_in_a_folder_of_libraries(
    probe: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is searched for the helper's modules, but not first, as the current folder would be."""
    monkeypatch.chdir(sysconfig.get_path(library))
    monkeypatch.syspath_prepend(str(Path.cwd()))
    searched = helper_process.command("scrypt")
    assert searched[searched.index("--") + 1] != str(Path.cwd())
    assert str(Path.cwd()) in searched
    assert answer(probe)["data"] == "in"


def test_a_helper_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = textwrap.dedent("""
        import threading
        threading.Event().wait()
    """)
    monkeypatch.setattr(helper_process, "command", lambda name, **bounds: [sys.executable, "-c", waits])
    with pytest.raises(TimeoutError):
        helper_process.run("scrypt", b"", seconds=0.05)


def test_helpers_start_from_an_archive(tmp_path: Path) -> None:
    import shutil

    tree = tmp_path / "tree"
    shutil.copytree(SOURCE, tree / "fieldkit", ignore=shutil.ignore_patterns("__pycache__"))
    table = tree / "fieldkit" / "helper_process.py"
    table.write_text(table.read_text().replace("HELPERS = {", "HELPERS = {'where': 'where_helper',"))
    (tree / "where_helper.py").write_text(
        "def serve(source, to):\n    import fieldkit\n    to.write(fieldkit.__file__.encode())\n"
    )
    (tree / "__main__.py").write_text(
        "from fieldkit import helper_process\nprint(helper_process.run('where', b'').decode())\n" + ROUND
    )
    archive = tmp_path / "fieldkit.pyz"
    zipapp.create_archive(tree, archive)
    done = subprocess.run(
        [sys.executable, "fieldkit.pyz"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == [str(archive / "fieldkit" / "__init__.py"), "b'the key'"], done.stderr


def test_helpers_start_from_a_frozen_program(tmp_path: Path) -> None:
    """A launcher such as packaging tools make: it knows only `main`, and `sys.executable` is its name."""
    program = tmp_path / "fieldkit-program"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys\nsys.frozen, sys.executable = True, __file__\n"
        "from fieldkit.__main__ import main\n"
        f"if sys.argv[1:] == ['round']:\n    exec({ROUND!r})\nelse:\n    sys.exit(main())\n"
    )
    program.chmod(0o755)
    done = subprocess.run([program, "round"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "b'the key'", done.stderr
