"""What testing a backup compares: its label against its contents after restoring."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from backup_network import FIXTURES
from fieldkit.store.backup import backup, try_restore
from fieldkit.store.local.known_settings import BACKUP
from networks import Laptop

network, hub = FIXTURES


def relabelled(path: Path, **changes: Any) -> Path:
    """A copy of a backup with another label."""
    other = path.with_name(f"other-{path.name}")
    with tarfile.open(path) as tar, tarfile.open(other, "w", format=tarfile.USTAR_FORMAT) as to:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            content = file.read()
            if member.name == "backup.json":
                content = json.dumps({**json.loads(content), **changes}).encode()
                member.size = len(content)
            to.addfile(member, io.BytesIO(content))
    return other


@pytest.mark.parametrize(
    ("changes", "collected"),
    [
        ({}, []),
        ({"counts": {"feedback": 21, "device": 1}}, ["It does not hold as many records as it says."]),
        ({"counts": {}}, ["It does not hold as many records as it says."]),
        ({"state_hash": "0" * 64}, ["Its records are not the ones that it says."]),
    ],
)
def test_the_label_is_held_against_what_is_in_it(
    hub: Laptop, tmp_path: Path, changes: dict[str, Any], collected: list[str]
) -> None:
    path = tmp_path / "hub.fkbackup"
    backup(hub.kit, path)
    assert try_restore(hub.kit, relabelled(path, **changes)) == collected
    assert bool(hub.kit.settings.get(BACKUP)["proven"]) == (not collected)


def test_records_of_another_day_under_the_label_of_today_are_noticed(hub: Laptop, tmp_path: Path) -> None:
    """The same number of each kind, every record complete."""
    older, path = tmp_path / "older.fkbackup", tmp_path / "hub.fkbackup"
    backup(hub.kit, older)
    (record,) = hub.kit.page("feedback", limit=1)
    hub.kit.edit(hub.kit.get(record.record_id), {"experience": "said later"})
    label = backup(hub.kit, path)
    assert try_restore(hub.kit, path) == []
    (sentence,) = try_restore(hub.kit, relabelled(older, state_hash=label.state_hash, counts=label.counts))
    assert "not the ones that it says" in sentence
