"""The kit's folder may have any name: the database is in it, for its owner alone, and nothing is beside it."""

from __future__ import annotations

import shutil
import stat
import string
import unicodedata
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.paths import expanded, kit_folder
from fieldkit.store.backup import backup, restore, try_restore
from fieldkit.store.db.key_files import DATABASE
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import ORIGIN

_SIGNS = [sign for sign in string.printable if sign not in "/\0" and not sign.isalnum()]
NAMES = [
    *(f"a{sign}b" for sign in _SIGNS),
    *(f"{sign}kit" for sign in "?#%:&;~ -'"),
    "kit?mode=memory",
    "kit?mode=ro&immutable=1",
    "file:kit",
    "%41%2F..",
    "kit%00",
    ":memory:",
    "sqlite:",
    "ਮੇਲਾ ਕਿੱਟ",
    "عدة الميدان",
    "健康",
    "🎪 kit",
    unicodedata.normalize("NFD", "café"),
    "\u200fkit",
    "\u00a0",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_kit_lies_in_the_folder_that_was_named(tmp_path: Path, name: str) -> None:
    top = tmp_path / "top"
    folder = top / name
    kit, _ = Kit.create(folder, None)
    with kit:
        kit.settings.put(ORIGIN, "a" * 26 + ".00000001")
        kit.add("event", {"title": "Fair"})
        backup(kit, tmp_path / f"{name}.fkbackup")
        assert try_restore(kit, tmp_path / f"{name}.fkbackup") == []
        kit.scrub()
    assert [path.name for path in top.iterdir()] == [name]
    assert {path.name for path in tmp_path.iterdir()} == {"top", f"{name}.fkbackup"}
    assert (folder / DATABASE).stat().st_size > 4_096
    assert stat.S_IMODE((folder / DATABASE).stat().st_mode) == 0o600
    with Kit.open(folder) as kit:
        assert kit.page("event")[0].values == {"title": "Fair"}
    with Kit.with_key(folder, kit.key, read_only=True) as kit:
        assert kit.page("event")[0].values == {"title": "Fair"}
    shutil.rmtree(folder)
    with restore(tmp_path / f"{name}.fkbackup", folder, None) as kit:
        assert kit.page("event")[0].values == {"title": "Fair"}
    assert [path.name for path in top.iterdir()] == [name]


def test_the_command_sets_a_kit_up_where_it_says(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "100% ours? #1"
    assert run("--kit", folder, "network", "create", "Leeds", "--no-passphrase").code == 0
    assert run("--kit", folder, "record", "event", "--set", "title=Fair").code == 0
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert run("--kit", folder, "list", "event", "--json").json[0]["title"] == "Fair"


def test_a_name_that_is_no_text_in_this_language_is_a_name_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "top" / "kit\udcff"
    kit, _ = Kit.create(folder, None)
    with kit:
        kit.settings.put(ORIGIN, "a" * 26 + ".00000001")
        kit.add("event", {"title": "Fair"})
    with Kit.with_key(folder, kit.key, read_only=True) as kit:
        assert kit.count("event") == 1
    assert [path.name for path in (tmp_path / "top").iterdir()] == [folder.name]


def test_two_names_that_are_no_text_are_told_apart(run: Run, tmp_path: Path) -> None:
    for name, display in (("kit\udce9", r"kit\xe9"), ("kit\udce8", r"kit\xe8")):
        assert f"Kit: {tmp_path / display} " in run("--kit", tmp_path / name, "locate").out
        assert f"There is no kit in {tmp_path / display}." in run("--kit", tmp_path / name, "status").err


@pytest.mark.parametrize("name", ["./~", "./~root", "~nobody-of-that-name", "./~/"])
def test_a_name_that_begins_like_a_home_is_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert kit_folder(name) == tmp_path / name
    assert kit_folder("~") == tmp_path / "home"
    monkeypatch.setenv("FIELDKIT_HOME", name)
    assert kit_folder() == tmp_path / name
    assert expanded("~/kit") == tmp_path / "home" / "kit"


def test_a_link_means_the_folder_that_it_leads_to(tmp_path: Path, run: Run) -> None:
    disk, link = tmp_path / "disk", tmp_path / "link"
    disk.mkdir()
    link.symlink_to(disk / "kit")
    assert run("--kit", link, "network", "create", "N", "--no-passphrase").code == 0
    assert run("--kit", link, "backup", "--out", tmp_path / "b.fkbackup").code == 0
    assert run("--kit", link, "restore", tmp_path / "b.fkbackup", "--yes").code == 0
    assert link.is_symlink()
    assert (disk / "kit" / DATABASE).is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.fkbackup", "disk", "link"]
    assert run("--kit", link, "status").code == 0


@pytest.mark.parametrize("name", ["[kit]", "kit*", "k?t"])
def test_a_restore_says_where_the_kit_of_any_name_is_now(tmp_path: Path, run: Run, name: str) -> None:
    folder = tmp_path / name
    (tmp_path / "kit.before-restore-20990101-000000").mkdir()
    assert run("--kit", folder, "network", "create", "N", "--no-passphrase").code == 0
    assert run("--kit", folder, "backup", "--out", tmp_path / "b.fkbackup").code == 0
    moved = run("--kit", folder, "restore", tmp_path / "b.fkbackup", "--yes", "--json").json["moved_to"]
    assert Path(moved).name.startswith(f"{name}.before-restore-")
    assert Path(moved, DATABASE).is_file()
