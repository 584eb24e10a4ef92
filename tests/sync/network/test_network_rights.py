"""Who may do what in a network: laptops that are unknown, trusted or revoked, field laptops and coordinators."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.store.journal.append import Change, append
from fieldkit.sync.merge.quarantine_copies import quarantine_folder
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import revoke
from networks import Network, Writer, op


def test_an_unknown_laptop_waits_until_it_is_trusted(network: Network) -> None:
    laptop = network.joins("Mosque laptop")
    for rating in "123":
        laptop.kit.add("feedback", {"rating": rating})
    (bundle,) = laptop.export()
    hub = network.hub
    before = hub.state()
    refused = hub.take(bundle)
    assert (refused.status, refused.reason) == (QUARANTINED, "unknown-sender")
    assert laptop.me.key.public.six_words in refused.sentence
    assert hub.state() == before
    (waiting,) = Roster(hub.kit, hub.me).waiting()
    assert (waiting.device, waiting.waiting) == (laptop.me.device, True)
    assert len(list(quarantine_folder(hub.kit).iterdir())) == 1
    report = hub.trust(laptop)
    assert [(file.status, file.new_records) for file in report.files] == [(MERGED, 3)]
    assert report.files[0].name == bundle.name
    assert hub.kit.counts()["feedback"] == 3
    assert hub.kit.ledger.quarantine() == []
    assert list(quarantine_folder(hub.kit).iterdir()) == []
    assert Roster(hub.kit, hub.me).name_of(laptop.me.origin) == "Mosque laptop"


def test_a_laptop_that_was_revoked_keeps_what_it_sent_before(network: Network) -> None:
    laptop = network.joins("A", trusted="field")
    hub = network.hub
    laptop.kit.add("feedback", {"rating": "1", "experience": "before"})
    hub.merge(*laptop.export())
    assert revoke(hub.kit, hub.me, laptop.me.key.public.six_words).status == "revoked"
    laptop.kit.add("feedback", {"rating": "1", "experience": "after"})
    (late,) = laptop.export()
    before = hub.state()
    assert hub.take(late).reason == "revoked-sender"
    assert hub.state() == before
    assert hub.kit.counts()["feedback"] == 1
    hub.trust(laptop)
    assert hub.kit.counts()["feedback"] == 2


def test_the_founder_stays(network: Network) -> None:
    with pytest.raises(Misuse, match="created the network"):
        revoke(network.hub.kit, network.hub.me, network.hub.me.key.public.six_words)
    laptop = network.joins("A", trusted="field")
    for change in (lambda: revoke(laptop.kit, laptop.me, "A"), laptop.invite, laptop.receipt):
        with pytest.raises(Misuse):
            change()
    with pytest.raises(FieldkitError):
        revoke(network.hub.kit, network.hub.me, "nobody")


def test_a_file_of_another_network_is_quarantined(network: Network, tmp_path: Path) -> None:
    other = Network.create(tmp_path / "other", "Another fair")
    stranger = other.joins("A", trusted="field")
    stranger.kit.add("feedback", {"rating": "1"})
    before = network.hub.state()
    for path in (*stranger.export(), other.hub.invite(), other.hub.receipt()):
        refused = network.hub.take(path)
        assert (refused.status, refused.reason) == (QUARANTINED, "wrong-network")
    assert network.hub.state() == before
    other.close()


def test_a_field_laptop_may_not_relay(network: Network) -> None:
    first, second = (network.joins(name, trusted="field") for name in "AB")
    writer = Writer(first, [network.hub.me.age_public])
    forged = writer.lines(op(f"{second.me.device}.0000beef"))
    own = writer.lines(op(writer.origin))
    before = network.hub.state()
    for lines, spans in (
        (forged, [writer.span(forged, origin=f"{second.me.device}.0000beef")]),
        # What the manifest states as its own must be its own.
        (forged, [writer.span(forged)]),
        ([*own, *forged], [writer.span(own), writer.span(forged, origin=f"{second.me.device}.0000beef")]),
    ):
        assert network.hub.take(writer.bundle(lines, spans)).reason in {"not-allowed", "damaged"}
    assert network.hub.state() == before
    assert network.hub.take(writer.bundle(own)).status == MERGED


@pytest.mark.parametrize("what", ["roster", "erase", "local", "rules"])
def test_a_field_laptop_may_not_act_as_coordinator(network: Network, what: str) -> None:
    laptop = network.joins("A", trusted="field")
    hub = network.hub
    spoken = hub.kit.add("feedback", {"rating": "1", "experience": "to be kept"})
    writer = Writer(laptop, [hub.me.age_public])
    member = {
        "name": "A",
        "role": "coordinator",
        "status": "trusted",
        "public_key": laptop.me.key.public.ssh_line(),
    }
    bad = {
        "roster": {"kind": "device", "record_id": laptop.me.device, "fields": member},
        "erase": {"record_id": spoken.record_id, "fields": {"erased": True}},
        "local": {"kind": "note", "fields": {"text": "private"}},
        "rules": {"kind": "policy", "record_id": "networkpolicy", "fields": {"retention_months": 1}},
    }[what]
    before = hub.state()
    lines = writer.lines(op(writer.origin), op(writer.origin, 2, **bad))
    refused = hub.take(writer.bundle(lines))
    assert (refused.status, refused.reason) == (QUARANTINED, "not-allowed")
    assert hub.state() == before
    assert Roster(hub.kit, hub.me).members[laptop.me.device].role == "field"


def test_a_deputy_of_earlier_days_sends_again_what_it_had_a_right_to(network: Network) -> None:
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    newcomer = network.joins("New")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    spoken = hub.kit.add("feedback", {"rating": "1", "experience": "to be withdrawn"})
    deputy.merge(*hub.export())
    deputy.trust(newcomer, "field", "New")
    deputy.kit.erase(spoken.record_id)
    hub.merge(*deputy.export())
    hub.trust(deputy, "field")
    # It does not know yet, and packs everybody's changes.
    deputy.kit.add("feedback", {"rating": "2"})
    (refused,) = hub.merge(*deputy.export(full=True)).files
    assert (refused.reason, "network file" in refused.hint) == ("not-allowed", True)
    deputy.merge(hub.invite())
    assert not Roster(deputy.kit, deputy.me).coordinating
    (whole,) = deputy.export(full=True)
    assert hub.take(whole).status == MERGED
    assert hub.kit.counts()["feedback"] == 1
    # For what no coordinator had before, nobody can tell when it was written.
    with deputy.kit.writing() as connection:
        append(connection, deputy.kit.origin, [Change("feedback", "late00000000", {"erased": True})])
    (late,) = deputy.export()
    state = hub.state()
    message = hub.take(late)
    assert (message.reason, "make it one again" in message.hint) == ("not-allowed", True)
    assert hub.state() == state
    # Once it is a deputy again, what was quarantined is merged at once.
    assert MERGED in [file.status for file in hub.trust(deputy, "deputy").files]
    assert hub.take(late).status == KNOWN
    assert hub.kit.ledger.quarantine() == []


def test_what_was_merged_before_is_known_though_its_sender_was_revoked_since(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    (path,) = laptop.export()
    assert hub.take(path).status == MERGED
    revoke(hub.kit, hub.me, laptop.me.key.public.ssh_line())
    for dry_run in (True, False):
        (again,) = hub.merge(path, dry_run=dry_run).files
        assert (again.status, again.known_ops) == (KNOWN, 1)
    assert hub.kit.ledger.quarantine() == []
