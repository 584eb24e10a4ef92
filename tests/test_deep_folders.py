"""Thousands of nested folders, as a stranger's stick may hold them, stop neither writing nor reading."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from commanding import Run

_DEEP = 3_000


@contextlib.contextmanager
def deep(folder: Path) -> Iterator[None]:
    """A folder with others nested within it, until the block ends."""
    before = Path.cwd()
    folder.mkdir(parents=True)
    os.chdir(folder)
    made = 0
    try:
        for _ in range(_DEEP):
            Path("d").mkdir()
            os.chdir("d")
            made += 1
        os.chdir(before)
        yield
        # An interrupted removal has begun at the deepest folders that it reached.
        os.chdir(folder)
        made = 0
        while made < _DEEP and Path("d").is_dir():
            os.chdir("d")
            made += 1
    finally:
        for _ in range(made):
            os.chdir("..")
            with contextlib.suppress(OSError):
                Path("d").rmdir()
        os.chdir(before)


@pytest.fixture
def kit(run: Run, tmp_path: Path) -> Path:
    assert run("network", "create", "Fair", "--no-passphrase").code == 0
    stick = tmp_path / "stick"
    stick.mkdir()
    return stick


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "-o", "{}"),
        ("network", "invite", "-o", "{}/net.fkn"),
        ("tables", "-o", "{}/tables.xlsx"),
        ("backup", "-o", "{}/kit.fkbackup", "--test"),
        ("forms", "-o", "{}/forms"),
    ],
)
def test_what_looks_like_a_scratch_folder_keeps_nothing_from_being_written(
    run: Run, kit: Path, arguments: tuple[str, ...]
) -> None:
    with deep(kit / ".fieldkit-0011223344556677.scratch"):
        assert run(*(argument.format(kit) for argument in arguments)).code == 0


def test_bundles_beside_deep_folders_are_merged(run: Run, kit: Path) -> None:
    assert run("network", "invite", "-o", kit / "net.fkn").code == 0
    with deep(kit / "a"):
        merged = run("merge", kit)
        assert merged.code == 3, merged.err
        assert "net.fkn" in merged.out
        assert "can't be read" in merged.out
