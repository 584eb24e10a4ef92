"""Names of files and folders on the command line: where a file is written, and names that no disk accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli_kits import Kits
from commanding import Run
from fieldkit.cli.file_arguments import path_of, target_of
from fieldkit.errors import Misuse

pytestmark = pytest.mark.usefixtures("surroundings")


def test_targets(tmp_path: Path) -> None:
    assert target_of(f"{tmp_path}/new/deep/", ".fkb", "a bundle").is_dir()
    assert not target_of(str(tmp_path / "x.fkb"), ".fkb", "a bundle").exists()
    (tmp_path / "y.doc").touch()
    with pytest.raises(Misuse):
        target_of(str(tmp_path / "y.doc"), ".fkb", "a bundle")
    for typed in (" ", "\udcff\udcfe", "/dev/null"):
        with pytest.raises(Misuse):
            target_of(typed, ".fkb", "a bundle")
    assert path_of("~nobody-of-that-name/x") == Path("~nobody-of-that-name/x")


def test_a_home_that_is_not_there_is_no_riddle(run: Run) -> None:
    ran = run("--kit", "~nobody-of-that-name/kit", "status")
    assert ran.code == 1
    assert "no kit" in ran.err


@pytest.mark.parametrize(
    "arguments", [["restore"], ["tables", "-o"], ["keys", "export", "-o"], ["export", "-o"]]
)
def test_names_too_long_for_a_disk_are_misuse(run: Run, kits: Kits, arguments: list[str]) -> None:
    ran = run(*arguments, "x" * 5_000)
    assert ran.code == 2
    assert "too long" in ran.err
    assert run("--kit", "x" * 300, "status").code == 2
