"""A laptop that floods what every laptop carries: limited where it arrives, and it delays nothing that matters."""

from __future__ import annotations

import pytest

from fieldkit.store.oplog.receipt_codes import new_code
from fieldkit.sync.export import export
from fieldkit.sync.export.export import parts_of
from fieldkit.sync.merge import quotas
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import revoke
from networks import Laptop, Network, Writer, op


def sent(laptop: Laptop, hub: Laptop, count: int, size: int = 10) -> str:
    """The result of a bundle with `count` terms, each with `size` characters in an unknown field: its status, or the reason
    of its refusal.
    """
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(
        *(
            op(
                writer.origin,
                number,
                kind="term",
                record_id=f"{laptop.me.device[:8]}{number:08d}",
                fields={
                    "list_name": "service_area",
                    "code": f"x{number}",
                    "label": f"X {number}",
                    "unknown": "y" * size,
                },
            )
            for number in range(1, count + 1)
        )
    )
    ingested = hub.take(writer.bundle(lines))
    return ingested.reason if ingested.status == QUARANTINED else ingested.status


def test_a_field_laptop_adds_so_many_terms_to_a_network_and_no_more(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = network.hub
    monkeypatch.setattr(quotas, "MOST_CHANGES", 20)
    first, second = network.joins("A", trusted="field"), network.joins("B", trusted="field")
    assert sent(first, hub, 20) == MERGED
    state = hub.state()
    assert sent(second, hub, 21) == "too-large"
    assert hub.state() == state
    # Records that are not the network's own are not counted.
    writer = Writer(second, [hub.me.age_public])
    lines = writer.lines(
        *(op(writer.origin, number, record_id=f"feed{number:08d}") for number in range(1, 41))
    )
    assert hub.take(writer.bundle(lines)).status == MERGED


def test_bytes_count_with_fields_that_nobody_knows(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "MOST_BYTES", 100_000)
    laptop = network.joins("A", trusted="field")
    assert sent(laptop, network.hub, 3, 60_000) == "too-large"
    assert network.hub.kit.count("term") == 0


def test_withdrawals_are_bounded(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "MOST_WITHDRAWALS", 5)
    hub, laptop = network.hub, network.joins("A", trusted="field")
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(
        *(
            op(writer.origin, n, kind="withdrawal", record_id=f"with{n:08d}", fields={"code": new_code()})
            for n in range(1, 7)
        )
    )
    ingested = hub.take(writer.bundle(lines))
    assert (ingested.status, ingested.reason) == (QUARANTINED, "too-large")
    assert "more than 5 withdrawals" in ingested.sentence


def test_a_coordinator_has_no_such_bound(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "MOST_CHANGES", 3)
    deputy = network.joins("D", trusted="deputy")
    assert sent(deputy, network.hub, 10) == MERGED


def test_a_flood_that_got_in_keeps_no_revocation_back(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = network.hub
    flooder, honest = network.joins("Flood", trusted="field"), network.joins("A", trusted="field")
    erased = hub.kit.add("event", {"title": "To be erased"}).record_id
    honest.merge(hub.invite())
    assert sent(flooder, hub, 40, 5_000) == MERGED
    hub.kit.erase(erased)
    revoke(hub.kit, hub.me, "Flood")
    monkeypatch.setattr(export, "MOST_BYTES", 50_000)
    parts = parts_of(hub.invite())
    assert len(parts) > 3
    assert honest.take(parts[0]).status == MERGED
    assert Roster(honest.kit, honest.me).members[flooder.me.device].status == "revoked"
    assert honest.kit.counts()["event"] == 0
    assert honest.merge(*parts[1:]).quarantined == []
    assert honest.kit.count("term") == 40
    assert honest.kit.check() == []


def test_files_are_cut_by_withdrawals_and_the_roster_comes_first(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_WITHDRAWALS", 4)
    monkeypatch.setattr(quotas, "MOST_IN_FILE", 4)
    hub, field = network.hub, network.joins("A", trusted="field")
    deputy = network.joins("D", trusted="deputy")
    hub.merge(*deputy.export())
    record, code = field.kit.add_with_code("feedback", {"rating": "1", "consent_record": "Y"})
    for number in range(11):
        hub.kit.add("withdrawal", {"code": new_code() if number < 10 else code})
        # A change of the roster between any two: none of these waits for a later file.
        hub.kit.put("device", field.me.device, {"name": f"Field {number}"})
    parts = parts_of(hub.invite())
    assert len(parts) == 3
    joined = network.joins("B", invitation=parts[0])
    assert joined.kit.get(field.me.device).values["name"] == "Field 10"
    assert joined.kit.count("withdrawal") == 4
    assert joined.merge(*parts[1:]).quarantined == []
    assert joined.kit.count("withdrawal") == 11
    field.merge(*parts)
    assert field.kit.counts()["feedback"] == 0
    # What one coordinator sends another is split in the same way, and leaves nothing out.
    bundles = hub.export()
    assert len(bundles) == 3
    assert deputy.merge(*bundles).quarantined == []
    assert deputy.kit.count("withdrawal") == 11
    assert record.record_id not in {stored.record_id for stored in field.kit.page("feedback", 0, 5)}


def test_a_file_of_the_network_holds_no_more_than_readers_take(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_OPS", 10)
    hub = network.hub
    for number in range(35):
        hub.kit.add("event", {"title": f"Event {number}"})
    parts = parts_of(hub.invite())
    assert len(parts) == 4
    joined = network.joins("A", invitation=parts[0])
    joined.merge(*parts[1:])
    assert joined.kit.count("event") == 35
