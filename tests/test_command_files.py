"""The man page and the completions: read without a warning, and in step with the commands."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from fieldkit.cli.commands import COMMANDS
from project_files import ROOT

MAN = ROOT / "docs" / "man" / "fieldkit.1"
BASH = ROOT / "docs" / "completion" / "fieldkit.bash"


def completed(*typed: str) -> list[str]:
    """What bash offers for the last of these words."""
    script = f'source "{BASH}"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fieldkit; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", script, "-", *typed], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_commands_what_is_below_them_and_options() -> None:
    assert set(completed("fieldkit", "")) >= {*COMMANDS, "--kit", "--plain"}
    assert completed("fieldkit", "merges") == ["merges"]
    assert completed("fieldkit", "--kit", "x", "network", "inv") == ["invite"]
    assert "--consent" in completed("fieldkit", "record", "feedback", "--co")
    assert completed("fieldkit", "record", "feed") == ["feedback"]
    # A word that is not a command leads nowhere, and quotation marks in it do no harm.
    assert completed("fieldkit", "record", '"; echo x; "', "--dry") == ["--dry-run"]


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_the_man_page_is_read_without_a_warning_and_names_every_command() -> None:
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", MAN], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    text = MAN.read_text("ascii")
    for name in COMMANDS:
        assert f".SS fieldkit {name}".replace("-", "\\-") in text
