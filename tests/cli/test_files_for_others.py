"""What screens say about files that are not bundles for this laptop: a backup, and its own bundle from quarantine."""

from __future__ import annotations

from hashlib import sha256

from desk import says, shown
from fieldkit.file_writing import make_private_folder
from fieldkit.store.backup import backup
from fieldkit.store.journal.merge_transaction import QuarantinedFile
from fieldkit.sync.merge.quarantine_copies import quarantine_folder
from networks import Network
from waiting import until


async def test_a_backup_is_called_a_backup(network: Network) -> None:
    laptop = network.joins("A", trusted="field")
    path = network.folder / "kit.fkbackup"
    backup(laptop.kit, path)
    async with shown(laptop.kit, laptop.me, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "a backup", "This is a backup of a whole kit"))
        assert says(app, "1 file is left where it is", "There is nothing to merge")
        assert not says(app, "quarantined")
        assert app.screen.offers("done")


async def test_its_own_bundle_in_quarantine_is_told_as_its_own(network: Network) -> None:
    laptop = network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    (path,) = laptop.export()
    folder = quarantine_folder(laptop.kit)
    make_private_folder(folder)
    digest = sha256(path.read_bytes()).hexdigest()
    (folder / f"{digest}.fkb").write_bytes(path.read_bytes())
    signer = laptop.me.key.public
    laptop.kit.ledger.add_to_quarantine(
        QuarantinedFile(
            digest, "mine.fkb", "damaged", "It was damaged.", "", 1, signer.ssh_line(), signer.six_words
        )
    )
    async with shown(laptop.kit, laptop.me, "quarantine") as (app, pilot):
        await until(pilot, lambda: says(app, "mine.fkb"))
        await pilot.press("m")
        await until(pilot, lambda: says(app, "It is this laptop's own, for the coordinator"))
        assert not says(app, "came in")
    assert laptop.kit.ledger.quarantine() == []
