"""The packages of fieldkit: their metadata, and that the source distribution holds what its tests need."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement

from project_files import ROOT

ROOT = ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def test_the_licence_is_an_expression_with_its_text() -> None:
    assert PROJECT["license"] == "MIT"
    assert not [name for name in PROJECT["classifiers"] if name.startswith("License")]
    for name in PROJECT["license-files"]:
        assert (ROOT / name).is_file(), name


def test_the_first_command_and_the_tests_install_what_evidence_needs() -> None:
    first = re.search(r"^python3 -m pip install .*$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert first is not None and "'.[evidence]'" in first[0]
    assert "fieldkit[evidence]" in PROJECT["optional-dependencies"]["test"]


def test_the_long_description_leads_nowhere_that_is_not_there() -> None:
    """Where a package is shown there are no files beside it."""
    text = (ROOT / PROJECT["readme"]).read_text("utf-8")
    assert not [link for link in re.findall(r"\]\(([^)]*)\)", text) if "://" not in link]
    assert text.startswith("# fieldkit\n")


@pytest.mark.parametrize(
    ("sys_platform", "platform_system", "os_name"),
    [("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt")],
)
def test_every_package_that_is_needed_is_pinned(
    sys_platform: str, platform_system: str, os_name: str
) -> None:
    """Including packages needed only on other systems than this one; their own dependencies can't be seen here."""
    pinned = {
        _name(line) for line in (ROOT / "constraints.txt").read_text("ascii").splitlines() if "==" in line
    }
    system = {"sys_platform": sys_platform, "platform_system": platform_system, "os_name": os_name}
    waiting = [*map(Requirement, PROJECT["dependencies"])]
    for extra_needs in PROJECT["optional-dependencies"].values():
        waiting += [each for each in map(Requirement, extra_needs) if each.name != PROJECT["name"]]
    seen: set[tuple[str, str]] = set()
    while waiting:
        needed = waiting.pop()
        for extra in ("", *needed.extras):
            if (_name(needed.name), extra) in seen:
                continue
            seen.add((_name(needed.name), extra))
            try:
                lines = requires(needed.name) or []
            except PackageNotFoundError:
                continue
            waiting += [
                line
                for line in map(Requirement, lines)
                if line.marker is None or line.marker.evaluate({**system, "extra": extra})
            ]
    assert len(seen) > 60
    assert {name for name, _ in seen} <= pinned


def test_the_source_distribution_takes_every_file_that_is_kept() -> None:
    """Except files that only a version control system reads."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is a source distribution itself")
    kept = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    grafted = {
        line.split()[1]
        for line in (ROOT / "MANIFEST.in").read_text("ascii").splitlines()
        if line.startswith("graft")
    }
    named = {
        name
        for line in (ROOT / "MANIFEST.in").read_text("ascii").splitlines()
        if line.startswith("include")
        for name in line.split()[1:]
    }
    always = {"pyproject.toml", "LICENSE", "MANIFEST.in"}
    top = {name.partition("/")[0] for name in kept} - {".gitignore"}
    assert top == grafted | named | always | {"src"}
