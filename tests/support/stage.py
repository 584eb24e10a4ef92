"""A coordinator's kit, sticks with files for it, and everything that it may do while a disk fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldkit.errors import StorageError
from fieldkit.store.backup import backup
from fieldkit.store.kit import Kit
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.merge.report import QUARANTINED
from fieldkit.sync.receipts.receipt_file import write_receipt
from import_steps import import_understood
from networks import Laptop, Network

ROWS = 120
OTHERS = {"A": "field", "Stranger": ""}
"""The laptops that have joined, each with the role that the coordinator gave it, if any."""


@dataclass
class Stage:
    """A coordinator's kit with records, a stick with files from other laptops, and an empty stick to write to."""

    network: Network
    incoming: Path
    target: Path

    @property
    def hub(self) -> Laptop:
        return self.network.hub

    @property
    def kit(self) -> Kit:
        return self.network.hub.kit


def make_stage(folder: Path) -> None:
    """Make the files of a stage in `folder`; its kits are closed."""
    network = Network.create(folder / "network")
    incoming, target = folder / "brought", folder / "target"
    incoming.mkdir()
    target.mkdir()
    network.hub.kit.add_many("feedback", [{"rating": "1", "experience": f"{n} " * 30} for n in range(40)])
    for name, trusted in OTHERS.items():
        laptop = network.joins(name, trusted=trusted)
        laptop.kit.add_many(
            "feedback", [{"rating": "2", "experience": f"{name} {n} " * 30} for n in range(ROWS)]
        )
        for path in laptop.export():
            shutil.move(path, incoming / f"{name}.fkb")
    lines = "".join(f"{1 + n % 9},row {n} {'word ' * 20}\n" for n in range(ROWS))
    (incoming / "rows.csv").write_text("rating,experience\n" + lines)
    network.close()


@pytest.fixture(scope="session")
def _stage_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a stage; copying them is faster than making them."""
    made = tmp_path_factory.mktemp("stage")
    make_stage(made)
    return made


@pytest.fixture
def _stage(_stage_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    # If a stick is not writable, lists of refused rows go to the current folder.
    monkeypatch.chdir(tmp_path)
    shutil.copytree(_stage_template, tmp_path, dirs_exist_ok=True)
    network = Network.open(tmp_path / "network", list(OTHERS))
    yield Stage(network, tmp_path / "brought", tmp_path / "target")
    network.close()


#: The fixtures for a module of tests to import: `_stage_template, stage = FIXTURES`.
FIXTURES = _stage_template, _stage


# What is done while the disk fails


def do_save(stage: Stage, kit: Kit) -> None:
    kit.add("feedback", {"rating": "3", "experience": "one more " * 300})


def do_import(stage: Stage, kit: Kit) -> None:
    done = import_understood(kit, "feedback", stage.incoming / "rows.csv")
    assert len(Path(done.refused_file).read_bytes().splitlines()) == 1 + done.refused


def do_merge(stage: Stage, kit: Kit) -> None:
    """Merge two bundles: one is accepted, one is copied into quarantine."""
    report = merge(kit, stage.hub.me, [stage.incoming / "A.fkb", stage.incoming / "Stranger.fkb"])
    assert [file.status == QUARANTINED for file in report.files] == [False, True]


def do_export(stage: Stage, kit: Kit) -> None:
    export(kit, stage.hub.me, stage.target / "out.fkb", full=True)


def do_invite(stage: Stage, kit: Kit) -> None:
    invite(kit, stage.hub.me, stage.target / "out.fkn")


def do_receipt(stage: Stage, kit: Kit) -> None:
    write_receipt(kit, stage.hub.me, stage.target / "out.fkr")


def do_backup(stage: Stage, kit: Kit) -> None:
    backup(kit, stage.target / "out.fkbackup")


def do_erase(stage: Stage, kit: Kit) -> None:
    kit.erase(kit.page("feedback", limit=1)[0].record_id)


Action = Callable[[Stage, Kit], None]
STORING: dict[str, Action] = {"save": do_save, "import": do_import, "merge": do_merge, "erase": do_erase}
WRITING: dict[str, Action] = {
    "export": do_export,
    "invite": do_invite,
    "receipt": do_receipt,
    "backup": do_backup,
}
EVERY = {**STORING, **WRITING}


def attempt(act: Callable[[], None]) -> StorageError | None:
    """Run it; returns the StorageError that it ended in, if any. Other errors fail the test."""
    try:
        act()
    except StorageError as refused:
        assert refused.message and refused.kept and refused.hint
        return refused
    return None


def all_texts(kit: Kit) -> list[str]:
    return [record.values.get("experience", "") for record in kit.page("feedback", limit=10_000)]


def whole(kit: Kit, texts: list[str]) -> None:
    """Check that the kit is sound and holds at least these texts, in this process and when opened again."""
    assert kit.check() == []
    assert set(texts) <= set(all_texts(kit))
    with Kit.open(kit.folder) as again:
        assert again.check() == []
        assert again.state_hash() == kit.state_hash()


def litter(*folders: Path) -> list[str]:
    """The temporary files that a failed step left behind."""
    return [
        path.name
        for folder in folders
        for path in folder.rglob("*")
        if path.name.endswith((".part", ".restoring")) or path.name.startswith(".fieldkit")
    ]
