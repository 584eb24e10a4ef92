"""What a run of the program loads: help and the first frame must not wait for what only later steps need."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("pandas", "numpy", "sqlmodel", "sqlalchemy", "pydantic", "textual", "rich", "pyrage", "nacl")

_REPORT = "import sys; print('\\n'.join(sorted(sys.modules)))"


def loaded(program: str) -> set[str]:
    """The names of all modules that `program` has loaded at its end, the last lines that it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{program}\n{_REPORT}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.partition(".")[0] for line in done.stdout.splitlines()}


def test_the_report_names_what_was_loaded() -> None:
    assert {"json", "sys"} <= loaded("import json")
    assert "sqlmodel" in loaded("import fieldkit.store.kit")


def test_help_loads_nothing_heavy() -> None:
    modules = loaded("from fieldkit.__main__ import main\nassert main(['--help']) == 0")
    assert "typer" in modules
    assert not modules & set(HEAVY)


def test_help_of_a_command_loads_nothing_heavy() -> None:
    modules = loaded("from fieldkit.__main__ import main\nassert main(['record', '--help']) == 0")
    # Typer itself reads option values with pydantic.
    assert not modules & set(HEAVY) - {"pydantic"}


def test_the_screens_open_without_the_parser_and_the_store() -> None:
    program = """
import sys, types
opened = []
stub = types.ModuleType("fieldkit.app")
stub.run = lambda folder, secret, demo: opened.append((str(folder), secret, demo)) or 0
sys.modules["fieldkit.app"] = stub
from fieldkit.cli.session import Session
Session.demand_terminal = staticmethod(lambda: None)
from fieldkit.__main__ import main
assert main(["--kit", "/nowhere/kit"]) == 0
assert opened == [("/nowhere/kit", None, False)], opened
"""
    assert not loaded(program) & {*HEAVY, "typer"}


def test_the_parts_below_the_screens_load_no_screen() -> None:
    modules = loaded(
        "import fieldkit.sync.merge, fieldkit.sync.intake, fieldkit.insight.summary, fieldkit.demo"
    )
    assert not modules & {"textual", "rich", "typer", "pandas"}
