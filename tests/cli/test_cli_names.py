"""Laptops by name on the command line: which laptop a name means, and that each known laptop is shown by its name."""

from __future__ import annotations

from pathlib import Path

from cli_kits import Kits, fingerprint
from commanding import Run
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.store.local.known_settings import DEVICE_NAMES
from fieldkit.sync.setup import trust
from networks import Network


def test_laptops_are_listed_where_a_name_is_nobodys(run: Run, kits: Kits) -> None:
    ran = run("receipt", "-o", "r.fkr", "--for", "nobody")
    assert ran.code == 2
    assert "There is no laptop “nobody”" in ran.err
    assert "St Mary" in ran.err
    assert "Gurdwara" in ran.err
    assert not Path("r.fkr").exists()
    assert "St Mary" in run("devices", "revoke", "nobody").err
    assert "St Mary" in run("devices", "role", "nobody", "field").err
    # Six words are read as a fingerprint, so the message concerns the words.
    assert "no laptop “" not in run("devices", "revoke", "one two three four five zzzz").err
    assert run("receipt", "-o", "r.fkr", "--for", "st mary").code == 0


def test_several_laptops_of_one_name_are_told_apart_by_their_words(run: Run, kits: Kits) -> None:
    theirs = fingerprint(run, kits[2])
    assert run("devices", "trust", theirs, "--name", "St Mary").code == 0
    ran = run("receipt", "-o", "r.fkr", "--for", "St Mary")
    assert ran.code == 2
    fingerprints = {
        laptop["words"] for laptop in run("devices", "list", "--json").json if laptop["name"] == "St Mary"
    }
    assert len(fingerprints) == 2
    assert all(laptop in ran.err for laptop in fingerprints)


def test_a_laptop_calls_itself_by_its_own_name(tmp_path: Path, run: Run) -> None:
    """Trusted by its key before a bundle stated its name, and again with its bundle in its own quarantine."""
    network = Network.create(tmp_path / "net")
    a = network.joins("laptop a")
    a.kit.add("feedback", {"rating": "1"})
    bundle = a.export()[0]
    trust(network.hub.kit, network.hub.me, a.me.key.public.ssh_line())
    a.merge(network.hub.invite())
    network.close()
    output = run("--kit", a.kit.folder, "devices", "list").out
    assert "laptop a (this laptop)" in output
    assert "(not named yet)" not in output
    assert [
        laptop["name"]
        for laptop in run("--kit", a.kit.folder, "devices", "list", "--json").json
        if laptop["this"]
    ] == ["laptop a"]
    assert bundle.exists()


def test_a_laptop_that_is_not_on_the_roster_is_listed_once_by_its_name(tmp_path: Path, run: Run) -> None:
    network = Network.create(tmp_path / "net")
    a = network.joins("laptop a")
    a.kit.add("feedback", {"rating": "1"})
    a.merge(*a.export())
    network.close()
    output = run("--kit", a.kit.folder, "devices", "list").out
    assert output.count("(this laptop)") == 1
    assert "laptop a (this laptop)" in output
    assert "(not named yet)" not in output


def test_a_history_names_laptops_that_told_their_name_but_stand_on_no_roster(net: Network) -> None:
    (a,), hub = net.others, net.hub
    stranger = "z" * 26
    hub.kit.settings.put(DEVICE_NAMES, {stranger: "St Anne"})
    assert DeviceNames(hub.kit).of(f"{stranger}.00000001") == "St Anne"
    assert DeviceNames(hub.kit).of(a.me.origin) == "laptop a"
    assert DeviceNames(hub.kit).of("y" * 26) == "laptop yyyyyyyy"
