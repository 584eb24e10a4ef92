"""Hostile files, folders and names given to commands: another program makes the files, fieldkit's commands must answer."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.sync.bundle.keys import PublicKey
from fieldkit.sync.export import export
from hostile_files import Sender, honest, line, many_columns, stanzas
from networks import Laptop, Network

Desk = tuple[Laptop, Laptop, Sender]


@pytest.fixture
def desk(network: Network) -> Desk:
    """The coordinator, a field laptop, and the key of another laptop that writes anything."""
    field, liar = network.joins("Field", trusted="field"), network.joins("Liar", trusted="field")
    field.merge(network.hub.invite())
    return network.hub, field, Sender(liar.me.key.seed, network.hub.me.network, network.hub.me.age_public)


def test_a_network_that_was_flooded_still_revokes(
    desk: Desk, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terms with 60 KB of unknown fields: they need several network files, and the first says who is revoked."""
    hub, field, liar = desk
    monkeypatch.setattr(export, "MOST_BYTES", 300_000)
    fields = {"list_name": "topic", "later": "a" * 60_000}
    terms = [
        line(liar.origin, at, "term", f"hostile{at:08}", {**fields, "label": f"l{at}", "code": f"c{at}"})
        for at in range(1, 21)
    ]
    assert run("--kit", hub.kit.folder, "merge", liar.file(tmp_path / "flood.fkb", terms)).code == 0
    assert run("--kit", hub.kit.folder, "devices", "revoke", liar.device).code == 0
    assert run("--kit", hub.kit.folder, "network", "invite", "-o", tmp_path / "net.fkn").code == 0
    parts = sorted(tmp_path.glob("net*.fkn"))
    assert len(parts) > 3
    assert run("--kit", field.kit.folder, "merge", tmp_path / "net.fkn").code == 0
    devices = run("--kit", field.kit.folder, "devices", "list", "--json").json
    assert {device["id"]: device["status"] for device in devices}[liar.device] == "revoked"
    dropped = run("--kit", hub.kit.folder, "devices", "drop", liar.device, "--yes", "--json").json
    assert dropped["dropped"] == {"term": 20}
    assert run("--kit", hub.kit.folder, "network", "invite", "-o", tmp_path / "net.fkn").code == 0
    assert sorted(tmp_path.glob("net*.fkn")) == [tmp_path / "net.fkn"]


def test_a_seal_of_thousands_of_keys_is_refused_at_once(desk: Desk, run: Run, tmp_path: Path) -> None:
    hub, _, liar = desk
    plain = liar.file(tmp_path / "plain.fkb", honest(liar, 2_000))
    hostile = stanzas(liar, tmp_path / "stanzas.fkb", plain)
    began = time.process_time()
    refused = run("--kit", hub.kit.folder, "merge", hostile)
    assert time.process_time() - began < 5
    assert refused.code == 3 and "sealed to more than 64 keys" in refused.out + refused.err
    assert run("--kit", hub.kit.folder, "merge", plain).code == 0


def test_a_hundred_thousand_headings_of_one_name_are_refused_at_once(
    desk: Desk, run: Run, tmp_path: Path
) -> None:
    began = time.process_time()
    refused = run(
        "--kit", desk[0].kit.folder, "record", "event", "--from", many_columns(tmp_path / "wide.csv")
    )
    assert time.process_time() - began < 10
    assert refused.code == 2 and "Nothing was stored." in refused.err


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes: the user's profile is private")
@pytest.mark.parametrize("where", ["folder", "link", "below a link", "with files", "new"])
def test_a_kit_s_folder_is_private_wherever_it_lies(run: Run, tmp_path: Path, where: str) -> None:
    before = os.umask(0)
    try:
        real = tmp_path / "real"
        real.mkdir(mode=0o777)
        (tmp_path / "link").symlink_to(real)
        if where == "with files":
            (real / "own.txt").write_text("own")
        places = {
            "link": tmp_path / "link",
            "below a link": tmp_path / "link" / "kit",
            "new": real / "a" / "b",
        }
        folder = places.get(where, real)
        assert run("--kit", folder, "network", "create", "Fair", "--no-passphrase").code == 0
        assert run("--kit", folder, "backup", "-o", tmp_path / "kit.fkbackup").code == 0
        for path in (folder.resolve(), *folder.resolve().rglob("*"), tmp_path / "kit.fkbackup"):
            if path.name != "own.txt":
                assert not path.stat().st_mode & 0o077, path
        # A folder whose permissions were opened is closed at the next start.
        folder.resolve().chmod(0o777)
        assert run("--kit", folder, "status").code == 0
        assert not folder.resolve().stat().st_mode & 0o077
    finally:
        os.umask(before)


@pytest.mark.parametrize("name", ["{} (this laptop)", "{}\u200b", "{}\u3164"])
def test_a_laptop_that_calls_itself_like_another_is_listed_with_its_words(
    network: Network, run: Run, tmp_path: Path, name: str
) -> None:
    hub = network.hub
    laptop = network.joins("B")
    hub.trust(laptop)
    liar = Sender(laptop.me.key.seed, hub.me.network, hub.me.age_public)
    path = liar.file(tmp_path / "a.fkb", honest(liar, 2_000), more={"device_name": name.format(hub.me.name)})
    assert run("--kit", hub.kit.folder, "merge", path).code == 0
    listed = run("--kit", hub.kit.folder, "devices", "list").out
    assert f"({' '.join(laptop.me.key.public.six_words.split()[:2])} …)" in listed
    assert f"({' '.join(hub.me.key.public.six_words.split()[:2])} …)" in listed


@pytest.mark.parametrize("mark", ["", *"\u2060\u180e\u00ad\u061c\u200e\u200f\u034f\ufe0f\u3164\u17b4"])
def test_a_formula_behind_what_is_not_seen_is_text_in_every_table(
    desk: Desk, run: Run, tmp_path: Path, mark: str
) -> None:
    hub, _, liar = desk
    answers = {"experience": f"{mark}=HYPERLINK(1)", "rating": "2", "consent_record": "Y"}
    feedback = line(liar.origin, 1, "feedback", "hostile00000001", answers)
    assert run("--kit", hub.kit.folder, "merge", liar.file(tmp_path / "a.fkb", [feedback])).code == 0
    assert run("--kit", hub.kit.folder, "tables", "-o", tmp_path / "tables").code == 0
    with (tmp_path / "tables" / "feedback.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    [cell] = [value for value in row.values() if "HYPERLINK" in (value or "")]
    assert cell.startswith("'")


@pytest.mark.parametrize("command", [("trust",), ("revoke",), ("drop",), ("alone",)])
def test_six_words_of_two_laptops_name_neither_for_any_command(
    network: Network, run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    hub, first, second = network.hub, network.joins("A", trusted="field"), network.joins("B", trusted="field")
    text = first.me.key.public.six_words
    monkeypatch.setattr(PublicKey, "six_words", property(lambda key: text))
    before = hub.state()
    refused = run("--kit", hub.kit.folder, "devices", *command, text)
    assert refused.code == 2
    assert "More than one laptop" in refused.err and second.me.key.public.fingerprint in refused.err
    assert hub.state() == before
