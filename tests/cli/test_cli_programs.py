"""The command line as a separate program: any script, any terminal, and streams that are closed or full."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli_kits import Kits, with_answers
from commanding import Run
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings")


def program(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """The installed program, with warnings as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "fieldkit", *arguments],
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


def test_the_program_speaks_any_script_to_any_terminal(run: Run, hub: Path) -> None:
    run("record", "feedback", *with_answers("consent_record=Y", "experience=ਸਤ ਸ੍ਰੀ ਅਕਾਲ 🙂"))
    poor = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = program("list", "feedback", "--json", env=poor)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)[0]["experience"] == "ਸਤ ਸ੍ਰੀ ਅਕਾਲ 🙂"
    assert program("list", "feedback", env=poor).returncode == 0


def test_a_reader_that_goes_away_is_no_error(run: Run, hub: Path) -> None:
    with Kit.open(hub) as kit:
        kit.add_many("feedback", [{"experience": "x" * 500} for _ in range(1_000)])
    going = subprocess.Popen(
        [sys.executable, "-m", "fieldkit", "list", "feedback", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert going.stdout is not None
    assert going.stderr is not None
    going.stdout.read(10)
    going.stdout.close()
    assert going.stderr.read() == b""
    going.stderr.close()
    assert going.wait() == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
def test_closed_streams_end_nothing(kits: Kits, closed: str) -> None:
    shell = (
        f'exec "{sys.executable}" -m fieldkit record feedback --set consent_record=Y --set rating=1 {closed}'
    )
    ran = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)  # fixed words
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 0
    with Kit.open(kits[0]) as kit:
        assert kit.count("feedback") == 3
        assert kit.check() == []


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no full device here")
def test_output_that_has_no_room_is_a_sentence(kits: Kits) -> None:
    shell = f'exec "{sys.executable}" -m fieldkit status >/dev/full'
    ran = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)  # fixed words
    assert ran.returncode == 1
    assert "could not be written" in ran.stderr
    assert "Traceback" not in ran.stderr
