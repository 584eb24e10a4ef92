"""Whose receipts count: those of coordinators of this network, while they are coordinators."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import Misuse
from fieldkit.sync.bundle.manifest import RECEIPT
from fieldkit.sync.merge.report import KNOWN, QUARANTINED
from fieldkit.sync.receipts.receipt_file import write_receipt
from fieldkit.sync.receipts.receipts import progress_of_change, receipts, unconfirmed
from fieldkit.sync.setup import revoke
from laptop_steps import exchange, ops_in, say
from networks import Laptop, Network, Writer


def test_receipts_of_others_are_refused(network: Network, laptop: Laptop, tmp_path: Path) -> None:
    hub = network.hub
    say(laptop, "words")
    field = network.joins("B", trusted="field")
    laptop.merge(hub.invite())
    with pytest.raises(Misuse):
        write_receipt(field.kit, field.me, tmp_path)
    made_up = Writer(field, []).bundle([], [], purpose=RECEIPT)
    refused = laptop.take(made_up)
    assert (refused.status, refused.reason) == (QUARANTINED, "not-allowed")
    stranger = network.joins("C")
    refused = laptop.take(Writer(stranger, []).bundle([], [], purpose=RECEIPT))
    assert (refused.status, refused.reason) == (QUARANTINED, "unknown-sender")
    other = Network.create(tmp_path / "other")
    refused = laptop.take(other.hub.receipt())
    assert (refused.status, refused.reason) == (QUARANTINED, "wrong-network")
    other.close()
    assert receipts(laptop.kit) == []
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    # Listed, with a copy kept, like every quarantined file.
    assert {file.reason for file in laptop.kit.ledger.quarantine()} == {
        "not-allowed",
        "unknown-sender",
        "wrong-network",
    }


@pytest.mark.parametrize("how", ["revoked", "a field laptop"])
def test_a_receipt_counts_only_while_its_writer_is_a_coordinator(
    network: Network, laptop: Laptop, how: str
) -> None:
    """What a former deputy holds need never reach anybody."""
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    exchange(hub, deputy)
    laptop.merge(hub.invite())
    text = say(laptop, "words")
    deputy.merge(hub.invite())
    deputy.merge(*laptop.export())
    laptop.merge(deputy.receipt())
    assert progress_of_change(laptop.kit, laptop.me, text) == "confirmed"
    assert ops_in(laptop.export(), hub) == 0
    if how == "revoked":
        revoke(hub.kit, hub.me, deputy.me.key.public.ssh_line())
    else:
        hub.trust(deputy, "field")
    laptop.merge(hub.invite())
    assert receipts(laptop.kit) == []
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    assert progress_of_change(laptop.kit, laptop.me, text) != "confirmed"
    # It counts again once the writer is trusted again.
    hub.trust(deputy, "deputy")
    laptop.merge(later := hub.invite())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert laptop.take(later).status == KNOWN
    revoke(hub.kit, hub.me, deputy.me.key.public.ssh_line())
    exchange(hub, laptop)
    assert hub.kit.counts()["feedback"] == 1
