"""One stick with everybody's files: a laptop passes over its own files and those for others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run
from desk import says, shown
from fieldkit.store.backup import backup
from fieldkit.store.journal.merge_transaction import QuarantinedFile
from fieldkit.store.local.known_settings import WAS_COPIED
from fieldkit.sync.merge import relevance
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.quarantine_copies import quarantine_folder
from fieldkit.sync.merge.report import KNOWN, MERGED, PASSED, QUARANTINED
from fieldkit.sync.network.identity import renew
from fieldkit.sync.network.roster import Roster
from networks import Laptop, Network, Writer, op
from sticks import FIXTURES
from waiting import until

(network,) = FIXTURES


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
    return {Path(file.path).name.partition(".")[0]: file.status for file in report.files}


def quarantined_file(laptop: Laptop, path: Path, reason: str, signer: Laptop) -> str:
    """Quarantine a file as an earlier fieldkit did."""
    from hashlib import sha256

    digest = sha256(path.read_bytes()).hexdigest()
    folder = quarantine_folder(laptop.kit)
    folder.mkdir(exist_ok=True)
    shutil.copy(path, folder / f"{digest}.fkb")
    key = signer.me.key.public
    laptop.kit.ledger.add_to_quarantine(
        QuarantinedFile(
            digest, path.name, reason, "It was quarantined.", "", 1, key.ssh_line(), key.six_words
        )
    )
    return digest


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_field_laptop_passes_over_its_own_bundle_and_those_of_others(
    network: Network, dry_run: bool
) -> None:
    folder, (a, _) = stick(network), network.others
    before = a.kit.counts()["feedback"]
    report = a.merge(*files_in([folder]), dry_run=dry_run)
    result = {file.name: (file.status, file.sentence, file.device) for file in report.files}
    assert result["A.fkb"] == (PASSED, relevance.OWN, "A")
    assert result["B.fkb"] == (PASSED, relevance.OTHERS, "B")
    reported = report.as_dict()
    assert (reported["merged"], reported["set_aside"], reported["passed_over"]) == (2, 0, 2)
    assert set(report.by_device()) == {"Coordinator"}
    assert a.kit.ledger.quarantine() == []
    assert not quarantine_folder(a.kit).exists()
    assert a.kit.counts()["feedback"] == before
    assert Roster(a.kit, a.me).waiting() == []


def test_its_own_bundle_of_an_earlier_incarnation_is_its_own(network: Network) -> None:
    folder, (a, _) = stick(network), network.others
    a.me = renew(a.kit)
    assert became(a, folder)["A"] == PASSED
    assert a.kit.settings.get(WAS_COPIED) == 0


def test_a_damaged_bundle_of_its_own_is_refused(network: Network) -> None:
    folder, (a, _) = stick(network), network.others
    path = folder / "A.fkb"
    content = bytearray(path.read_bytes())
    content[-2000] ^= 1
    path.write_bytes(content)
    assert became(a, folder)["A"] == QUARANTINED
    assert [file.reason for file in a.kit.ledger.quarantine()] == ["damaged"]


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


def test_a_coordinator_finds_nothing_new_in_its_own_and_quarantines_what_it_can_not_open(
    network: Network,
) -> None:
    hub, (a, b) = network.hub, network.others
    sealed_to_hub_alone = a.export() + b.export()
    hub.merge(*sealed_to_hub_alone)
    hub.trust(b, "deputy")
    b.take(hub.invite())
    assert hub.take(hub.export(full=True)[0]).status == KNOWN
    # The key to A's bundle may come later; B's own bundle is from before it became a deputy.
    refused, own = b.merge(*sealed_to_hub_alone).files
    assert (refused.status, refused.reason) == (QUARANTINED, "not-for-us")
    assert (own.status, own.sentence) == (PASSED, relevance.OWN)
    assert [file.words for file in b.kit.ledger.quarantine()] == [a.me.key.public.six_words]


def test_a_laptop_becomes_a_deputy_by_the_last_file_of_the_stick(network: Network) -> None:
    """What was passed over in the same run is merged later, as a deputy's."""
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


def test_a_coordinator_restored_merges_what_it_sent_itself(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    backup(hub.kit, tmp_path / "hub.fkbackup")
    hub.kit.add("event", {"title": "Later"})
    (bundle,) = hub.export(full=True)
    hub.restore(tmp_path / "hub.fkbackup")
    assert hub.take(bundle).status == MERGED
    assert hub.kit.counts()["event"] == 2


# Files in quarantine from earlier


def test_its_own_files_leave_quarantine_with_the_next_merge(network: Network) -> None:
    folder, (a, b) = stick(network), network.others
    own = quarantined_file(a, folder / "A.fkb", "unknown-sender", a)
    other = quarantined_file(a, folder / "B.fkb", "not-for-us", b)
    assert Roster(a.kit, a.me).waiting() == []
    a.merge(network.hub.invite(), dry_run=True)
    assert {file.sha256 for file in a.kit.ledger.quarantine()} == {own, other}
    a.merge(network.hub.invite())
    assert [file.sha256 for file in a.kit.ledger.quarantine()] == [other]
    assert [path.stem for path in quarantine_folder(a.kit).iterdir()] == [other]
    # The copy may be the only one: trying it again does not remove it.
    [copy] = quarantine_folder(a.kit).iterdir()
    assert a.take(copy).status == QUARANTINED
    assert [path.stem for path in quarantine_folder(a.kit).iterdir()] == [other]
    # The same file on a stick is no reason to keep a copy.
    a.take(folder / "B.fkb")
    assert a.kit.ledger.quarantine() == []
    assert list(quarantine_folder(a.kit).iterdir()) == []


def test_an_own_file_that_something_is_wrong_with_stays(network: Network) -> None:
    folder, (a, _) = stick(network), network.others
    digest = quarantined_file(a, folder / "A.fkb", "damaged", a)
    a.merge(network.hub.invite())
    assert [file.sha256 for file in a.kit.ledger.quarantine()] == [digest]


# Messages


def test_the_command_tells_it_in_a_line_and_ends_well(run: Run, kits: tuple[Path, Path, Path]) -> None:
    _, a, b = kits
    for kit in (a, b):
        run("--kit", kit, "record", "feedback", *with_answers("consent_record=Y", "rating=1"))
        run("--kit", kit, "export", "-o", "STICK/")
    assert run("merge", "STICK", "--receipt", "STICK").code == 0
    for arguments in (["--dry-run"], [], []):
        merged = run("--kit", a, "merge", "STICK", *arguments)
        assert merged.code == 0
        assert "from St Mary: passed over. It is this laptop's own, for the coordinator.\n" in merged.out
        assert "passed over. It is for the coordinator.\n" in merged.out
        assert "2 files are not for this laptop" in merged.out
        assert "trust" not in merged.out
        assert "invitation" not in merged.out
    assert run("--kit", a, "merge", "STICK", "--json").json["passed_over"] == 2
    status = run("--kit", a, "status", "--json").json
    assert (status["quarantine"], status["waiting"]) == (0, 0)
    looked = [run("--kit", a, "inspect", path).out for path in Path("STICK").glob("*.fkb")]
    assert sum("If it were merged: passed over. It is this laptop's own" in entry for entry in looked) == 1


async def test_the_screen_shows_them_as_passed_over(network: Network) -> None:
    folder, (a, _) = stick(network), network.others
    a.take(network.hub.invite())
    for path in (*folder.glob("*.fkn"), *folder.glob("*.fkr")):
        path.unlink()
    async with shown(a.kit, a.me, "merge", [folder]) as (app, pilot):
        await until(pilot, lambda: says(app, "passed over"))
        assert says(
            app, "Nothing would be merged: 2 files are not for this laptop", "There is nothing to merge"
        )
        assert says(app, "It is this laptop's own, for the coordinator. There is nothing to do with it here.")
        assert app.screen.offers("done")
        assert not app.screen.offers("merge")
        assert not app.screen.offers("quarantine")
    assert a.kit.ledger.quarantine() == []
    backup(a.kit, folder / "kit.fkbackup")
    async with shown(a.kit, a.me, "merge", [folder / "kit.fkbackup"]) as (app, pilot):
        await until(pilot, lambda: says(app, "This is a backup of a whole kit", "fieldkit restore"))
