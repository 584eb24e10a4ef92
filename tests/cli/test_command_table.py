"""The table of commands: each line in it is the command's own help, and `--help` loads no command."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import typer

from fieldkit.cli.commands import COMMANDS
from fieldkit.cli.program import app

_MODULES = """
import json, sys
from fieldkit.__main__ import main
assert main(["--help"]) == 0
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_line_of_the_table_is_the_first_line_of_the_help(name: str) -> None:
    command = typer.main.get_command(app).commands[name]
    first = (command.help or "").strip().partition("\n\n")[0]
    assert " ".join(first.split()) == COMMANDS[name].line


def test_help_loads_no_command() -> None:
    done = subprocess.run([sys.executable, "-c", _MODULES], capture_output=True, text=True, check=True)
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    commands = {f"fieldkit.cli.commands.{entry.path.partition(':')[0]}" for entry in COMMANDS.values()}
    assert "fieldkit.cli.program" in modules
    assert not modules & commands
    assert len(modules) <= 211, "help must not load more than it did"
