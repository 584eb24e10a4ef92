"""The cycle of docs/evidence.md, command by command as written there, on a kit that it makes itself."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from commanding import Run

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
_IMPORT_WITH_REFUSED_ROWS = 3


def commands() -> list[list[str]]:
    """The worked example, one list of arguments for each command."""
    page = (ROOT / "docs" / "evidence.md").read_text("utf-8")
    block = re.search(r"## A cycle by commands.*?```bash\n(.*?)```", page, re.DOTALL)
    assert block is not None
    return [shlex.split(line) for line in block[1].splitlines()]


@pytest.mark.usefixtures("surroundings")
def test_the_worked_example_makes_a_pack(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(DATA / "talking-therapies-2024-25-birmingham-solihull.csv", "figures.csv")
    shutil.copy(DATA / "fft-comments.csv", "comments.csv")
    ids: dict[str, str] = {}
    outputs: dict[str, str] = {}
    for program, *arguments in commands():
        assert program == "fieldkit"
        if arguments[:2] == ["network", "create"]:
            arguments.append("--no-passphrase")
        if arguments[:2] == ["quotes", "propose"]:
            candidates = run("--kit", "kit", "quotes", "candidates", "--cycle", "Therapies", "--json").json
            ids["COMMENT"] = candidates[0]["feedback_id"]
        if arguments[:2] == ["quotes", "approve"]:
            ids["QUOTE"] = run("--kit", "kit", "quotes", "list", "--json").json["proposed"][0]["quote_id"]
        arguments = [re.sub("COMMENT|QUOTE", lambda name: ids[name[0]], word) for word in arguments]
        ran = run("--kit", "kit", *arguments)
        expected = _IMPORT_WITH_REFUSED_ROWS if "comments.csv" in arguments else 0
        assert ran.code == expected, f"{arguments}: {ran.out} {ran.err}"
        outputs[" ".join(arguments[:2])] = ran.out
    assert outputs["provider merge"].startswith("“NHFT” now counts as Talking Therapies.")
    shown = outputs["cycle show"]
    assert "!" not in shown, "something is missing at the end"
    assert "PARTNER: done" in shown and "Supported by 1 comment, 1 figure." in shown
    assert outputs["evidence --verify"] == "Yes: every file is as it was written.\n"
    pack = (tmp_path / "pack" / "pack.md").read_text("utf-8")
    for arguments in (
        "70.1 of people recorded as Asian: Bangladeshi",
        "Ring back in a day",
        "We keep a list, and ring back.",
    ):
        assert arguments in pack
    assert "Ring back in a day: done." in (tmp_path / "bulletin.md").read_text("utf-8")
