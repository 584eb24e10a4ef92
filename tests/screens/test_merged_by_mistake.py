"""Files merged by mistake: no copy of them is kept, and a message says what to do with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from commanding import Run
from fieldkit.sync.merge.report import LEFT, QUARANTINED
from networks import Network


def copies(folder: Path) -> list[Path]:
    return [path for path in (folder / "quarantine").rglob("*") if path.is_file()]


def test_a_spreadsheet_is_left_where_it_is(run: Run, kits: tuple[Path, Path, Path], tmp_path: Path) -> None:
    hub, _, _ = kits
    (tmp_path / "answers.csv").write_text("rating,comment\n1,what a patient said\n")
    ran = run("--kit", hub, "merge", tmp_path / "answers.csv")
    assert ran.code == 3
    assert "This is a spreadsheet" in ran.out
    assert f"fieldkit record feedback --from {tmp_path / 'answers.csv'}" in " ".join(ran.out.split())
    assert copies(hub) == []
    assert run("--kit", hub, "quarantine", "--json").json == []


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.csv", b"a,b\n1,secret words\n", LEFT),
        ("a.xlsx", b"PK\x03\x04secret words", LEFT),
        ("a.docx", b"PK\x03\x04secret words", LEFT),
        ("letter", b"secret words", LEFT),
        ("a.fkbackup", b"secret words", LEFT),
        # Called a bundle, but not one: it is reported as damaged, and no copy is kept either.
        ("a.fkb", b"secret words", QUARANTINED),
        ("a.FKN", b"a,b\n1,secret words\n", QUARANTINED),
        ("a.fkr", b"backup.jsox" + bytes(600), QUARANTINED),
    ],
)
def test_no_copy_is_kept_of_what_is_no_bundle(
    net: Network, tmp_path: Path, name: str, content: bytes, status: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    [merged_file] = net.hub.merge(path).files
    assert merged_file.status == status
    assert merged_file.sentence and merged_file.kept and merged_file.hint
    assert copies(net.hub.kit.folder) == []
    assert path.read_bytes() == content
