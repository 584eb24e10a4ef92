"""The name of a backup, on the screen as in the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import Misuse
from fieldkit.presentation.laptop.backup_report import backup_path


def test_a_name_gets_the_ending_of_backups_and_no_other_ending_is_taken(tmp_path: Path) -> None:
    assert backup_path(tmp_path).parent == tmp_path and backup_path(tmp_path).suffix == ".fkbackup"
    assert backup_path(tmp_path / "monday") == tmp_path / "monday.fkbackup"
    assert backup_path(tmp_path / "Monday.FKBACKUP") == tmp_path / "Monday.FKBACKUP"
    with pytest.raises(Misuse, match=r"ends in \.fkbackup"):
        backup_path(tmp_path / "monday.zip")
