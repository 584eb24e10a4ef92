"""Packs as they are published: protected, released, and the same on every laptop with the same records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.errors import Misuse
from fieldkit.insight.disclosure.definitions import EarlierRelease
from fieldkit.insight.disclosure.thresholds import FFT, TEN
from fieldkit.presentation.cycle.cycle_feedback import rule_of
from fieldkit.presentation.pack.audiences import audience_named
from fieldkit.presentation.pack.earlier_releases import Earlier, earlier_releases, join_releases
from fieldkit.presentation.pack.evidence_pack import prepare, write
from fieldkit.presentation.pack.pack_verifying import verify_folder
from fieldkit.presentation.pack.respondents import read_people, tables_of
from fieldkit.store.kit import Kit
from networks import Laptop, Network
from pack_kit import add_cycle, add_people, add_story

BOARD = audience_named("board")


def small_cycle(kit: Kit, people: int = 60) -> str:
    """A cycle that is quick to protect: compared by one question with two answers."""
    cycle = add_cycle(kit, dimension=["carer"])
    add_story(kit, cycle, add_people(kit, people, ethnic_group=None, themes=["general-positive"]))
    return cycle


def releases_before(kit: Kit, cycle: str, preset: str) -> Earlier:
    """The earlier releases for the board's pack of such a cycle."""
    ids = [record_id for (record_id,) in kit.columns("feedback", ("record_id",))]
    people = read_people(kit, ids, ["carer"])
    rule = rule_of(kit, kit.get(cycle, "cycle").values, ())
    return earlier_releases(kit, people, rule, kit.state_hash(), preset, tables_of(["carer"], BOARD.sections))


def test_a_pack_is_written_verified_and_released_once(network: Network, tmp_path: Path) -> None:
    kit = network.hub.kit
    cycle = small_cycle(kit)
    pack = prepare(kit, cycle, BOARD, TEN)
    write(kit, pack, tmp_path / "one")
    assert verify_folder(tmp_path / "one") == []
    [release] = kit.page("release")
    assert release.values["pack_hash"] == pack.pack_id
    assert release.values["state_hash"] == json.loads(pack.files["manifest.json"])["made_from"]["state_hash"]
    again = prepare(kit, cycle, BOARD, TEN)
    assert again.files == pack.files
    write(kit, again, tmp_path / "two")
    assert kit.count("release") == 1
    with pytest.raises(Misuse, match="is not empty"):
        write(kit, again, tmp_path / "two")


def test_a_field_laptop_releases_nothing(laptop: Laptop, tmp_path: Path) -> None:
    cycle = add_cycle(laptop.kit)
    pack = prepare(laptop.kit, cycle, BOARD, TEN)
    with pytest.raises(Misuse, match="coordinator"):
        write(laptop.kit, pack, tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def test_two_coordinators_with_the_same_bundles_write_the_same_bytes(network: Network) -> None:
    hub = network.hub
    deputy = network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    cycle = small_cycle(hub.kit, 30)
    bundles = []
    for name in ("A", "B", "C"):
        laptop = network.joins(name, trusted="field")
        add_people(laptop.kit, 20, seed=ord(name), ethnic_group=None, carer="Y")
        bundles.append(laptop.export()[0])
    deputy.merge(hub.invite(), *hub.export(full=True))
    hub.merge(*bundles)
    for bundle in reversed(bundles):
        deputy.merge(bundle)
    assert hub.kit.state_hash() == deputy.kit.state_hash()
    for audience in ("board", "partners"):
        made = [prepare(laptop.kit, cycle, audience_named(audience), TEN) for laptop in (hub, deputy)]
        assert made[0].files == made[1].files


_WRITE = """
import hashlib, sys
from pathlib import Path
from fieldkit.insight.disclosure.thresholds import TEN
from fieldkit.presentation.cycle.cycle_feedback import rule_of
from fieldkit.presentation.pack.audiences import audience_named
from fieldkit.presentation.pack.evidence_pack import prepare
from fieldkit.store.kit import Kit
with Kit.open(Path(sys.argv[1])) as kit:
    print(prepare(kit, sys.argv[2], audience_named("board"), TEN).pack_id)
"""


def test_locale_time_zone_and_hash_seed_change_nothing(network: Network) -> None:
    cycle = small_cycle(network.hub.kit)
    written = set()
    for seed, zone, language in (("1", "Asia/Tokyo", "C"), ("7", "America/Lima", "tr_TR.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language}
        command = [sys.executable, "-c", _WRITE, str(network.hub.kit.folder), cycle]
        written.add(
            subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        )
    assert len(written) == 1


def test_a_release_counts_those_whose_answers_are_as_they_were(network: Network, tmp_path: Path) -> None:
    kit = network.hub.kit
    cycle = small_cycle(kit)
    write(kit, prepare(kit, cycle, BOARD, TEN), tmp_path / "first")
    changed, gone = sorted(record_id for (record_id,) in kit.columns("feedback", ("record_id",)))[:2]
    stored = kit.get(changed, "feedback")
    kit.edit(stored, {"rating": "3" if stored.values["rating"] != "3" else "4"})
    kit.delete(gone, "feedback")
    [new] = add_people(kit, 1, seed=9, ethnic_group=None)
    earlier = releases_before(kit, cycle, "ten")
    [release] = earlier.releases
    assert release.gone == 2
    assert len(earlier.counted) == 58
    assert changed not in earlier.counted and new not in earlier.counted
    other = releases_before(kit, cycle, FFT.name)
    assert len(other.releases) == 1


def test_a_later_cycle_of_the_same_people_is_checked_by_the_questions_of_the_first(
    network: Network, tmp_path: Path
) -> None:
    kit = network.hub.kit
    write(kit, prepare(kit, small_cycle(kit), BOARD, TEN), tmp_path / "first")
    other = kit.add(
        "cycle",
        {
            "title": "Another",
            "service_area": "mental-health",
            "date_from": "2025-04-01",
            "date_to": "2025-12-31",
            "dimension": ["religion"],
        },
    ).record_id
    apart = kit.add(
        "cycle",
        {"title": "Apart", "service_area": "dental", "date_from": "2025-04-01", "date_to": "2025-12-31"},
    ).record_id
    assert prepare(kit, other, BOARD, TEN).report.earlier == 1
    assert prepare(kit, apart, BOARD, TEN).report.earlier == 0


def test_releases_of_the_same_people_are_judged_as_one(network: Network, tmp_path: Path) -> None:
    kit = network.hub.kit
    cycle = small_cycle(kit)
    for audience in ("jsna", "provider", "board"):
        write(kit, prepare(kit, cycle, audience_named(audience), TEN), tmp_path / audience)
    add_people(kit, 30, seed=9, ethnic_group=None)
    earlier = releases_before(kit, cycle, "ten")
    [release] = earlier.releases
    assert {"needs", "periods", "experience"} <= release.levels.keys()
    assert {table.name for table in release.tables} == release.levels.keys()
    assert {name for names in earlier.counted.values() for name in names} == {release.name}
    # What one of them shows, readers of all packs know.
    first = EarlierRelease(
        "a", "ten", release.tables, release.levels, {("experience", "total", "total"): "*"}
    )
    second = EarlierRelease(
        "b", "ten", release.tables, release.levels, {("experience", "total", "total"): "60"}
    )
    joined = join_releases(first, second)
    assert joined is not None and set(joined.printed.values()) == {"60"}
    assert join_releases(first, replace(second, levels={**release.levels, "experience": 7})) is None


def test_the_command_writes_verifies_and_refuses(run: Run, hub: Path, tmp_path: Path) -> None:
    with Kit.open(hub) as kit:
        small_cycle(kit)
    arguments = (
        "evidence",
        "--cycle",
        "Talking therapies 2025",
        "--audience",
        "partners",
        "-o",
        tmp_path / "pack",
    )
    ran = run(*arguments, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["folder"] == str(tmp_path / "pack")
    assert {
        "pack.html",
        "pack.md",
        "pack.docx",
        "tables.xlsx",
        "manifest.json",
        "csv/datapackage.json",
    } <= set(ran.json["files"])
    assert ran.json["hidden"] and all(each["reason"] for each in ran.json["hidden"])
    assert run("evidence", "--verify", tmp_path / "pack").out == "Yes: every file is as it was written.\n"
    refused = run(*arguments)
    assert refused.code == 2 and "is not empty" in refused.err
    (tmp_path / "pack" / "pack.md").write_text("changed")
    verified = run("evidence", "--verify", tmp_path / "pack", "--json")
    assert verified.code == 1 and verified.json == {"ok": False, "differences": ["“pack.md” was changed."]}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--audience", "board", "-o", "x"), "--cycle is needed"),
        (("--cycle", "x", "--audience", "nobody", "-o", "x"), "is not an audience"),
        (("--cycle", "nothing like it", "--audience", "board", "-o", "x"), "cycle"),
        (
            ("--cycle", "x", "--audience", "board", "-o", "x", "--preset", "tt"),
            "for reading the files of others",
        ),
        (("--verify", "nowhere"), "holds no pack"),
    ],
)
def test_what_can_not_be_done_is_said(
    run: Run,
    hub: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("evidence", *arguments)
    assert ran.code in {1, 2} and sentence in ran.err
    assert not (tmp_path / "x").exists()


def test_a_bulletin_is_drafted_edited_and_written(run: Run, hub: Path, tmp_path: Path) -> None:
    with Kit.open(hub) as kit:
        small_cycle(kit)
    period = ("bulletin", "--from", "1/4/2025", "--to", "30/9/2025")
    draft = tmp_path / "draft.txt"
    assert run(*period, "--draft", draft).code == 0
    text = draft.read_text(encoding="utf-8")
    assert "«60 people»" in text
    draft.write_text(text.replace("«60 people»", "«600 people»"), encoding="utf-8")
    refused = run(*period, "--text", draft, "-o", tmp_path / "b.html")
    assert refused.code == 2 and "«600 people» is not a figure of this period" in refused.err
    draft.write_text("# Thank you\n«60 people» spoke to us.\n", encoding="utf-8")
    for ending in ("md", "html", "docx"):
        assert run(*period, "--text", draft, "-o", tmp_path / f"b.{ending}").code == 0
    assert "60 people spoke to us" in (tmp_path / "b.md").read_text(encoding="utf-8")
    with Kit.open(hub) as kit:
        assert kit.count("release") == 3
