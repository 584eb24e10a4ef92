"""Backups, copied kits and clocks on the command line: what is tested, reported and asked about."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli_kits import Kits, fingerprint, recorded, with_answers
from commanding import Run
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import PLACE, WAS_COPIED
from fieldkit.sync.network import location

DAY = 86_400_000

pytestmark = pytest.mark.usefixtures("surroundings")


def test_a_backup_is_tested_and_restored_under_a_new_name(run: Run, kits: Kits, tmp_path: Path) -> None:
    hub, _, _ = kits
    assert "none yet" in run("status").out
    made = run("backup", "-o", "kit.fkbackup", "--test", "--json").json
    assert (made["tested"], made["findings"]) == (True, [])
    status = run("status", "--json").json
    assert status["backup"]["tested"] is not None
    assert status["state_hash"] == made["state_hash"]
    with Kit.open(hub) as kit:
        before = kit.origin
    later = recorded(run, hub)
    assert run("restore", "kit.fkbackup").code == 2
    assert run("restore", "kit.fkbackup", typed="n\n").code == 1
    assert run("show", later).code == 0
    put = run("restore", "kit.fkbackup", "--yes", "--json")
    assert put.code == 0, put.err
    assert put.json["state_hash"] == made["state_hash"]
    assert Path(put.json["moved_to"], "fieldkit.db").exists()
    with Kit.open(hub) as kit:
        assert kit.origin != before
    assert run("show", later).code == 1
    assert (
        "copied or moved" not in run("record", "feedback", *with_answers("consent_record=Y", "rating=1")).err
    )
    assert run("--kit", "other", "restore", "kit.fkbackup", "--json").json["moved_to"] is None
    assert run("check", "--json").json["ok"] is True


def test_a_backup_goes_where_it_may(run: Run, kits: Kits, tmp_path: Path) -> None:
    hub, _, _ = kits
    database = (hub / "fieldkit.db").read_bytes()
    for arguments in (["-o", hub / "fieldkit.db"], ["-o", "backup.zip"], ["-o", ""]):
        assert run("backup", *arguments).code == 2
    assert (hub / "fieldkit.db").read_bytes() == database
    assert run("backup", "-o", "no/such/kit.fkbackup").code == 1
    path = Path(run("backup", "-o", "backups/", "--json").json["path"])
    assert path.parent == Path("backups")
    assert run("backup", "-o", "named", "--json").json["path"].endswith("named.fkbackup")
    assert "not tested yet" in run("backup", "-o", "backups").out
    assert run("restore", "nothing.fkbackup").code == 1
    (tmp_path / "bad.fkbackup").write_bytes(path.read_bytes()[:5_000])
    assert run("restore", "bad.fkbackup", "--yes").code == 1
    assert run("restore", "net.fkn", "--yes").code == 1
    assert run("status").code == 0


def test_a_copied_kit_goes_on_under_a_new_name(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    shutil.copytree(a, tmp_path / "copy")
    assert run("--kit", "copy", "status").err == ""
    first = run(
        "--kit", "copy", "record", "feedback", *with_answers("consent_record=Y", "rating=3"), "--json"
    )
    assert "copied or moved" in first.err
    again = run("--kit", "copy", "record", "feedback", *with_answers("consent_record=Y", "rating=3"))
    assert again.err == ""
    assert first.json["origin"] != json.loads(run("--kit", a, "list", "feedback", "--json").out)[0]["origin"]
    with Kit.open(a) as kit:
        kit.settings.put(WAS_COPIED, kit.clock())
    assert run("--kit", a, "status", "--json").json["was_copied"] is not None
    assert "was copied at some time" in run("--kit", a, "status").out


def test_a_copy_that_renewed_itself_is_told_to_the_coordinator(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    shutil.copytree(a, tmp_path / "copy")
    recorded(run, a)
    run("--kit", a, "export", "-o", "one.fkb")
    assert "copies" not in run("merge", "one.fkb").out
    assert "copies" not in run("devices", "list").out
    recorded(run, tmp_path / "copy")
    run("--kit", "copy", "export", "-o", "two.fkb")
    merged = run("merge", "two.fkb")
    assert "folder was copied, moved or restored" in merged.out
    # The first folder wrote a bundle after it was copied, so both replicas are in use.
    assert "it goes on as 2 copies" in merged.out
    assert "it goes on as 2 copies" in run("devices", "list").out
    assert [
        laptop["copies"]
        for laptop in run("devices", "list", "--json").json
        if "laptop-a" in laptop["name"].lower() or laptop["copies"] > 1
    ] == [2]


def test_a_sentence_on_a_laptop_names_it_whole(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    name = "St Mary's Hall and Community Library on the Hill, the laptop at the door"
    assert run("devices", "trust", fingerprint(run, a), "--name", name).code == 0
    assert f"{name}: " in run("devices", "list").out
    assert name in run("devices", "alone", "nobody").err


def test_a_moved_kit_goes_on_under_a_new_name(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    recorded(run, a)
    run("--kit", a, "export", "-o", "one.fkb")
    run("merge", "one.fkb")
    shutil.move(a, tmp_path / "moved")
    recorded(run, tmp_path / "moved")
    run("--kit", "moved", "export", "-o", "two.fkb")
    assert "it goes on under a new name" in run("merge", "two.fkb").out
    assert "it goes on under a new name" in run("devices", "list").out


def test_a_copy_is_told_to_the_coordinator(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    shutil.copytree(a, tmp_path / "copy")
    for folder in (a, tmp_path / "copy"):
        with Kit.open(folder) as kit:
            kit.settings.put(PLACE, location._place(kit.folder))
        recorded(run, folder)
        run("--kit", folder, "export", "-o", f"from-{folder.name}/")
    merged = run("merge", "from-a", "from-copy")
    assert "was copied" in merged.out
    assert "Both laptops' entries were kept." in merged.out
    assert "two laptops wrote change" in run("devices", "list").out
    run("receipt", "-o", "r.fkr")
    merges = run("--kit", a, "merge", "r.fkr"), run("--kit", "copy", "merge", "r.fkr")
    assert any("what it records is kept apart" in ran.out for ran in merges)


def test_a_doubtful_clock_is_asked_about_and_stops_nothing_by_itself(
    run: Run, kits: Kits, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, a, _ = kits
    for place in ("sync.network.location", "cli.commands.reports.status_command"):
        monkeypatch.setattr(f"fieldkit.{place}.doubt_clock", lambda _: "This laptop's clock says 1970.")
    confirmed: list[int] = []
    monkeypatch.setattr("fieldkit.sync.network.location.confirm_clock", lambda _: confirmed.append(1))
    arguments = ("--kit", a, "record", "feedback", *with_answers("consent_record=Y", "rating=1"))
    before = run("--kit", a, "status", "--json").json
    assert before["clock_doubt"] == "This laptop's clock says 1970."
    alone = run(*arguments)
    assert (alone.code, confirmed) == (0, [])
    assert "says 1970" in alone.err
    assert run(*arguments, typed="n\n").code == 1
    assert run(*arguments, typed="y\n").code == 0
    assert confirmed == [1]
    for sync in (["export", "-o", "x.fkb"], ["merge", "net.fkn"]):
        ran = run("--kit", a, *sync, typed="")
        assert ran.code == 0
        assert "says 1970" in ran.err
    count = run("--kit", a, "status", "--json").json["counts"]["feedback"]
    assert count == before["counts"]["feedback"] + 2


def test_late_confirmation_and_old_backups_are_told(
    run: Run, kits: Kits, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, a, _ = kits
    run("--kit", a, "backup", "-o", "a.fkbackup", "--test")
    assert "longer than" not in run("--kit", a, "status").out
    from fieldkit.store import kit as kit_module

    now = kit_module.now_ms()
    with_time = Kit.with_key.__func__  # type: ignore[attr-defined]

    def later(cls: type[Kit], folder: Path, key: bytes) -> Kit:
        opened: Kit = with_time(cls, folder, key)
        opened.clock = lambda: now + 40 * DAY
        return opened

    monkeypatch.setattr(Kit, "with_key", classmethod(later))
    output = run("--kit", a, "status").out
    assert "the oldest 40 days old" in output
    assert "longer than 3 days" in output
    assert "longer than 30 days" in output


def test_a_restore_that_is_refused_leaves_a_folder_of_other_files_as_it_was(
    run: Run, kits: Kits, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / "letters").mkdir(parents=True)
    assert run("backup", "-o", "kit.fkbackup").code == 0
    before = sorted(tmp_path.iterdir())
    ran = run("--kit", home, "restore", "kit.fkbackup", "--yes", "--other-laptop")
    assert ran.code == 2
    assert "holds other files than a kit: letters." in ran.err and "Nothing was changed." in ran.err
    assert [path.name for path in home.iterdir()] == ["letters"]
    assert sorted(tmp_path.iterdir()) == before
