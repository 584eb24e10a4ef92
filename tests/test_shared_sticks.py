"""One stick with everybody's files on it: what is a laptop's own or for others, laptops that were shut out, backups."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from commanding import Run
from desk import says, shown, told, until
from fieldkit.screens import places
from fieldkit.store.backup import backup
from fieldkit.store.kit import Kit
from fieldkit.store.ledger import Aside
from fieldkit.sync import passing, standing
from fieldkit.sync.identity import identity, renew
from fieldkit.sync.merge import files_in, quarantine_folder
from fieldkit.sync.merge_report import ASIDE, KNOWN, MERGED, PASSED
from fieldkit.sync.network import revoke
from fieldkit.sync.roster import Roster
from fieldkit.widgets.dialogs import Choose, Message
from networks import Laptop, Network, Writer, op


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """A coordinator (hub) with an event, and two laptops that it trusts and that have not heard so yet."""
    made = Network.create(tmp_path / "network")
    made.hub.kit.add("event", {"title": "Fair"})
    for name in "AB":
        made.joins(name, trusted="field").kit.add("feedback", {"rating": "1", "experience": name})
    yield made
    made.close()


def stick(network: Network) -> Path:
    """A stick with a bundle of each laptop, the network file and a receipt."""
    folder = network.folder / "STICK"
    folder.mkdir(exist_ok=True)
    for laptop in network.others:
        for path in laptop.export():
            shutil.copy(path, folder / f"{laptop.me.name}.fkb")
    network.hub.merge(*files_in([folder]))
    for path in (network.hub.invite(), network.hub.receipt()):
        shutil.copy(path, folder)
    return folder


def became(laptop: Laptop, folder: Path, *, dry_run: bool = False) -> dict[str, str]:
    report = laptop.merge(*files_in([folder]), dry_run=dry_run)
    return {Path(one.path).name.partition(".")[0]: one.status for one in report.files}


def put_aside(laptop: Laptop, path: Path, reason: str, signer: Laptop) -> str:
    """What a fieldkit of earlier days did with a file."""
    from hashlib import sha256

    digest = sha256(path.read_bytes()).hexdigest()
    folder = quarantine_folder(laptop.kit)
    folder.mkdir(exist_ok=True)
    shutil.copy(path, folder / f"{digest}.fkb")
    key = signer.me.key.public
    laptop.kit.ledger.set_aside(
        Aside(digest, path.name, reason, "It was set aside.", "", 1, key.ssh_line(), key.words)
    )
    return digest


# Bundles that are no business of this laptop


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_field_laptop_passes_over_its_own_bundle_and_those_of_others(
    network: Network, dry_run: bool
) -> None:
    folder, (a, _) = stick(network), network.others
    before = a.kit.counts()["feedback"]
    report = a.merge(*files_in([folder]), dry_run=dry_run)
    found = {one.name: (one.status, one.sentence, one.device) for one in report.files}
    assert found["A.fkb"] == (PASSED, passing.OWN, "A")
    assert found["B.fkb"] == (PASSED, passing.OTHERS, "B")
    told = report.as_dict()
    assert (told["merged"], told["set_aside"], told["passed_over"]) == (2, 0, 2)
    assert set(report.by_device()) == {"Coordinator"}
    assert a.kit.ledger.quarantine() == []
    assert not quarantine_folder(a.kit).exists()
    assert a.kit.counts()["feedback"] == before
    assert Roster(a.kit, a.me).waiting() == []


def test_its_own_bundle_of_an_earlier_incarnation_is_its_own(network: Network) -> None:
    folder, (a, _) = stick(network), network.others
    a.me = renew(a.kit)
    assert became(a, folder)["A"] == PASSED
    assert a.kit.desk.setting("was_copied", 0) == 0


def test_a_damaged_bundle_of_its_own_is_refused(network: Network) -> None:
    folder, (a, _) = stick(network), network.others
    path = folder / "A.fkb"
    content = bytearray(path.read_bytes())
    content[-2000] ^= 1
    path.write_bytes(content)
    assert became(a, folder)["A"] == ASIDE
    assert [one.reason for one in a.kit.ledger.quarantine()] == ["damaged"]


def test_a_bundle_of_its_own_for_another_network_is_refused(network: Network) -> None:
    (a, _) = network.others
    writer = Writer(a, Roster(a.kit, a.me).recipients())
    bundle = writer.bundle(writer.lines(op(writer.origin)), network="a" * 26)
    assert a.take(bundle).reason == "wrong-network"


def test_a_bundle_sealed_to_this_laptop_too_is_looked_into(network: Network) -> None:
    a, b = network.others
    writer = Writer(b, [a.me.age_public])
    bundle = writer.bundle(writer.lines(op(writer.origin)))
    assert a.take(bundle).reason == "unknown-sender"
    a.take(network.hub.invite())
    assert a.take(bundle).status == MERGED
    assert a.kit.ledger.quarantine() == []


def test_a_coordinator_finds_nothing_new_in_its_own_and_sets_aside_what_it_can_not_open(
    network: Network,
) -> None:
    hub, (a, b) = network.hub, network.others
    sealed_to_hub_alone = a.export() + b.export()
    hub.merge(*sealed_to_hub_alone)
    hub.trust(b, "deputy")
    b.take(hub.invite())
    assert hub.take(hub.export(full=True)[0]).status == KNOWN
    # The key to A's bundle may come later; B's own is of the time before it became a deputy.
    refused, own = b.merge(*sealed_to_hub_alone).files
    assert (refused.status, refused.reason) == (ASIDE, "not-for-us")
    assert (own.status, own.sentence) == (PASSED, passing.OWN)
    assert [one.words for one in b.kit.ledger.quarantine()] == [a.me.key.public.words]


def test_a_laptop_becomes_a_deputy_by_the_last_file_of_the_stick(network: Network) -> None:
    """What was passed over in the same run is taken once more, as a deputy's."""
    hub, (a, b) = network.hub, network.others
    folder = network.folder / "STICK"
    folder.mkdir()
    hub.merge(*b.export())
    hub.trust(b, "deputy")
    a.take(hub.invite())
    b.kit.add("feedback", {"rating": "3"})
    shutil.copy(a.export()[0], folder / "A.fkb")
    shutil.copy(hub.invite(), folder / "network.fkn")
    for dry_run in (True, False):
        assert became(b, folder, dry_run=dry_run) == {"A": MERGED, "network": MERGED}
    assert b.kit.counts()["feedback"] == 3


def test_a_coordinator_put_back_takes_in_what_it_sent_itself(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    backup(hub.kit, tmp_path / "hub.fkbackup")
    hub.kit.add("event", {"title": "Later"})
    (bundle,) = hub.export(full=True)
    hub.put_back(tmp_path / "hub.fkbackup")
    assert hub.take(bundle).status == MERGED
    assert hub.kit.counts()["event"] == 2


# What a kit holds in quarantine from before


def test_its_own_files_leave_quarantine_with_the_next_merge(network: Network) -> None:
    folder, (a, b) = stick(network), network.others
    own = put_aside(a, folder / "A.fkb", "unknown-sender", a)
    other = put_aside(a, folder / "B.fkb", "not-for-us", b)
    assert Roster(a.kit, a.me).waiting() == []
    a.merge(network.hub.invite(), dry_run=True)
    assert {one.sha256 for one in a.kit.ledger.quarantine()} == {own, other}
    a.merge(network.hub.invite())
    assert [one.sha256 for one in a.kit.ledger.quarantine()] == [other]
    assert [one.stem for one in quarantine_folder(a.kit).iterdir()] == [other]
    # The copy may be the only one: trying it again does not make away with it.
    assert a.take(quarantine_folder(a.kit) / f"{other}.fkb").status == ASIDE
    assert [one.stem for one in quarantine_folder(a.kit).iterdir()] == [other]
    # The same file on a stick is no reason to keep a copy.
    a.take(folder / "B.fkb")
    assert a.kit.ledger.quarantine() == []
    assert list(quarantine_folder(a.kit).iterdir()) == []


def test_an_own_file_that_something_is_wrong_with_stays(network: Network) -> None:
    folder, (a, _) = stick(network), network.others
    digest = put_aside(a, folder / "A.fkb", "damaged", a)
    a.merge(network.hub.invite())
    assert [one.sha256 for one in a.kit.ledger.quarantine()] == [digest]


def test_the_command_tells_it_in_a_line_and_ends_well(run: Run, kits: tuple[Path, Path, Path]) -> None:
    _, a, b = kits
    for kit in (a, b):
        run("--kit", kit, "record", "feedback", "--set", "rating=1")
        run("--kit", kit, "export", "-o", "STICK/")
    assert run("merge", "STICK", "--receipt", "STICK").code == 0
    for words in (["--dry-run"], [], []):
        merged = run("--kit", a, "merge", "STICK", *words)
        assert merged.code == 0
        assert "from St Mary: passed over. It is this laptop's own, for the coordinator.\n" in merged.out
        assert "passed over. It is for the coordinator.\n" in merged.out
        assert "2 passed over" in merged.out
        assert "trust" not in merged.out
        assert "invitation" not in merged.out
    assert run("--kit", a, "merge", "STICK", "--json").json["passed_over"] == 2
    status = run("--kit", a, "status", "--json").json
    assert (status["quarantine"], status["waiting"]) == (0, 0)
    looked = [run("--kit", a, "inspect", path).out for path in Path("STICK").glob("*.fkb")]
    assert sum("If it were merged: passed over. It is this laptop's own" in one for one in looked) == 1


async def test_the_screen_shows_them_as_passed_over(network: Network) -> None:
    folder, (a, _) = stick(network), network.others
    a.take(network.hub.invite())
    for path in (*folder.glob("*.fkn"), *folder.glob("*.fkr")):
        path.unlink()
    async with shown(a.kit, a.me, "merge", [folder]) as (app, pilot):
        await until(pilot, lambda: says(app, "passed over"))
        assert says(app, "2 files would bring", "2 are not for this laptop", "There is nothing to merge")
        assert says(app, "It is this laptop's own, for the coordinator. Nothing is to be done with it here.")
        assert app.screen.offers("done")
        assert not app.screen.offers("merge")
        assert not app.screen.offers("aside")
    assert a.kit.ledger.quarantine() == []
    backup(a.kit, folder / "kit.fkbackup")
    async with shown(a.kit, a.me, "merge", [folder / "kit.fkbackup"]) as (app, pilot):
        await until(pilot, lambda: says(app, "This is a backup of a whole kit", "fieldkit restore"))


# Laptops that were shut out


def shut_out(network: Network) -> Laptop:
    """The laptop A, shut out, once it has heard so."""
    hub, (a, _) = network.hub, network.others
    a.take(hub.invite())
    revoke(hub.kit, hub.me, a.me.key.public.fingerprint)
    a.take(hub.invite())
    return a


def test_a_laptop_knows_how_it_stands(network: Network) -> None:
    hub, (a, b) = network.hub, network.others
    stands = lambda laptop: standing.standing(Roster(laptop.kit, laptop.me))  # noqa: E731  # one use each
    assert (stands(hub), stands(b)) == ("trusted", "unknown")
    b.take(hub.invite())
    assert stands(b) == "trusted"
    assert stands(shut_out(network)) == "revoked"
    hub.trust(a)
    a.take(hub.invite())
    assert stands(a) == "trusted"


def test_status_and_export_say_that_a_laptop_was_shut_out(run: Run, kits: tuple[Path, Path, Path]) -> None:
    hub, a, _ = kits
    run("--kit", a, "merge", "net.fkn")
    assert run("--kit", a, "status", "--json").json["device"]["status"] == "trusted"
    assert standing.SHUT_OUT not in run("--kit", a, "status").out
    assert run("--kit", a, "export", "--json").json["shut_out"] is False
    with Kit.open(hub) as kit:
        revoke(kit, identity(kit), "St Mary")
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert run("--kit", a, "status", "--json").json["device"]["status"] == "revoked"
    assert standing.SHUT_OUT in run("--kit", a, "status").out
    assert run("--kit", a, "record", "feedback", "--set", "rating=1").code == 0
    exported = run("--kit", a, "export")
    assert exported.code == 0
    assert standing.SHUT_OUT in exported.out
    assert "Carry it" not in exported.out
    assert run("--kit", a, "export", "--json").json["shut_out"] is True


async def test_home_and_send_and_receive_say_that_a_laptop_was_shut_out(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = network.folder / "EMPTY"
    there.mkdir()
    monkeypatch.setattr(places, "sticks", lambda: [there])
    monkeypatch.setenv("HOME", str(there))
    b = network.others[1]
    b.take(network.hub.invite())
    async with shown(b.kit, b.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "NEEDS YOU"))
        assert not says(app, "shut out")
    async with shown(b.kit, b.me, "sync") as (app, pilot):
        await until(pilot, lambda: says(app, "COMING IN"))
        assert not says(app, "shut out")
    a = shut_out(network)
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "! this laptop is shut out"))
        assert says(app, "! Shut out: the coordinator sets aside what is recorded here now. Ask them.")
    async with shown(a.kit, a.me, "sync") as (app, pilot):
        await until(pilot, lambda: says(app, f"! {standing.SHUT_OUT}", "shut out of West Midlands fair"))
        assert says(app, "COMING IN", "laptops trusted", "BUNDLES MADE HERE", "w larger")
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await until(pilot, lambda: says(app, "stick"))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await until(pilot, lambda: says(app, "This laptop was shut out", "keep recording"))
        await pilot.press("enter")
        await until(pilot, lambda: "written" in told(app))


# Whose backup it is


def test_a_backup_that_is_merged_or_looked_at_says_what_it_is(
    run: Run, kits: tuple[Path, Path, Path]
) -> None:
    run("backup", "-o", "kit.fkbackup")
    shutil.copy("kit.fkbackup", "bundle.fkb")
    Path("cut.fkbackup").write_bytes(Path("kit.fkbackup").read_bytes()[:700])
    for name in ("kit.fkbackup", "bundle.fkb", "cut.fkbackup"):
        merged = run("merge", name)
        assert merged.code == 3
        assert "This is a backup of a whole kit, not a bundle." in merged.out
        assert "fieldkit restore" in merged.out
        assert f"{name}: not merged." in merged.out
        assert "damaged" not in merged.out
        assert run("merge", name, "--json").json["files"][0]["reason"] == "backup"
        inspected = run("inspect", name)
        assert inspected.code == 1
        assert "fieldkit restore" in inspected.out
    assert run("quarantine", "--json").json == []


def test_restore_says_whose_kit_and_whose_backup_before_asking(
    run: Run, kits: tuple[Path, Path, Path]
) -> None:
    _, a, _ = kits
    run("--kit", a, "backup", "-o", "a.fkbackup")
    for words, code in (({"typed": "n\n"}, 1), ({}, 2)):
        refused = run("--kit", a, "restore", "a.fkbackup", **words)
        assert refused.code == code
        network = "in the network “West Midlands fair”"
        assert f"The backup: the laptop “St Mary” {network}, 3 records, made " in refused.err
        assert f"The kit here: the laptop “St Mary” {network}, 3 records." in refused.err
        assert "NOT the same" not in refused.err
    done = run("--kit", a, "restore", "a.fkbackup", "--yes", "--json")
    assert "The backup: the laptop “St Mary”" in done.err
    assert (done.json["laptop"], done.json["network"], done.json["other_laptop"]) == (
        "St Mary",
        "West Midlands fair",
        False,
    )
    assert done.json["made"]
    fresh = run("--kit", "fresh", "restore", "a.fkbackup", "--json")
    assert (fresh.code, fresh.json["other_laptop"]) == (0, None)
    assert "The backup: the laptop “St Mary”" in fresh.err


def test_another_laptops_backup_needs_more_than_yes(run: Run, kits: tuple[Path, Path, Path]) -> None:
    hub, a, _ = kits
    run("--kit", a, "backup", "-o", "a.fkbackup")
    before = run("status", "--json").json
    refused = run("restore", "a.fkbackup", "--yes")
    assert refused.code == 2
    assert "NOT the same laptop's: this computer would go on as “St Mary”" in refused.err
    assert "--other-laptop" in refused.err
    assert run("restore", "a.fkbackup", typed="n\n").code == 1
    assert run("restore", "a.fkbackup", "--other-laptop").code == 2
    assert run("status", "--json").json == before
    assert not list(hub.parent.glob(".hub.restoring*"))
    assert not list(hub.parent.glob("hub.before-restore*"))
    assert run("restore", "a.fkbackup", "--yes", "--other-laptop", "--json").json["other_laptop"] is True
    assert run("status", "--json").json["device"]["name"] == "St Mary"
    run("--kit", "elsewhere", "network", "create", "Another", "--no-passphrase")
    refused = run("--kit", "elsewhere", "restore", "a.fkbackup", "--yes")
    assert refused.code == 2
    assert "not of the same network" in refused.err


def test_a_kit_that_can_not_be_opened_is_no_hindrance(run: Run, kits: tuple[Path, Path, Path]) -> None:
    hub, _, _ = kits
    run("backup", "-o", "hub.fkbackup")
    (hub / "fieldkit.db").write_bytes(b"rubbish" * 1_000)
    assert run("status").code == 1
    # Whose kit lies there nobody can tell, so it is to be said twice that it is meant.
    assert "--other-laptop" in run("restore", "hub.fkbackup", "--yes").err
    assert run("status").code == 1
    done = run("restore", "hub.fkbackup", "--yes", "--other-laptop")
    assert done.code == 0
    assert "Whose kit lies here can't be told: it does not open" in done.err
    assert run("status").code == 0


def test_a_locked_backup_is_opened_before_it_says_whose_it_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "correct horse battery")
    assert run("network", "create", "Locked").code == 0
    run("backup", "-o", "kit.fkbackup")
    assert b"Locked" not in Path("kit.fkbackup").read_bytes()
    monkeypatch.delenv("FIELDKIT_PASSPHRASE")
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "correct horse battery"

    monkeypatch.setattr("fieldkit.cli.backups.ask_secret", ask)
    refused = run("restore", "kit.fkbackup", typed="n\n")
    assert (refused.code, len(asked)) == (1, 1)
    assert "in the network “Locked”" in refused.err
    with Kit.open(tmp_path / "hub", "correct horse battery") as kit:
        assert kit.desk.setting("identity")["network_name"] == "Locked"
