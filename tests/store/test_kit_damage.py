"""A database that was damaged, shortened, emptied or removed is reported with a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import FieldkitError, VaultError
from fieldkit.store.db.key_files import DATABASE
from fieldkit.store.kit import Kit


def _refusal(folder: Path) -> FieldkitError:
    """The error of opening and using the kit in `folder`; everything that is tried must end in a message."""
    with pytest.raises(FieldkitError) as caught, Kit.open(folder) as kit:
        kit.counts()
        kit.page("event")
        kit.state_hash()
        if problems := kit.check():
            raise VaultError(problems[0])
        kit.add("event", {"title": "Fair"})
    return caught.value


@pytest.fixture
def damaged(kit: Kit) -> Path:
    """The database of a closed kit that holds records."""
    kit.add_many("event", [{"title": f"Fair {number}", "notes": "word " * 50} for number in range(300)])
    kit.close()
    return kit.folder / DATABASE


@pytest.mark.parametrize("at", [0, 20, 100, 4_000, 4_100, 12_000, 50_000, -5_000, -1])
def test_a_damaged_database_gets_a_sentence(damaged: Path, at: int) -> None:
    content = bytearray(damaged.read_bytes())
    content[at] ^= 0xFF
    damaged.write_bytes(content)
    error = _refusal(damaged.parent)
    assert error.message
    assert damaged.read_bytes()[:16] == bytes(content[:16])


def test_an_overwritten_or_shortened_database_gets_a_sentence(damaged: Path) -> None:
    content = damaged.read_bytes()
    for harmed in (
        b"\0" * len(content),
        b"SQLite format 3\0" + content[16:],
        content[:5_000],
        content[:-4_096],
        b"x",
    ):
        damaged.write_bytes(harmed)
        assert _refusal(damaged.parent).message


def test_an_empty_or_missing_database_is_not_taken_for_a_new_kit(damaged: Path) -> None:
    damaged.write_bytes(b"")
    assert "missing or empty" in str(_refusal(damaged.parent))
    damaged.unlink()
    assert "missing or empty" in str(_refusal(damaged.parent))
    assert not damaged.exists()
    damaged.mkdir()
    assert "missing or empty" in str(_refusal(damaged.parent))
