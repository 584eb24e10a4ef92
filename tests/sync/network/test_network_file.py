"""The network file: what it brings, whom it makes trusted, joining with it, and one too large for a single file."""

from __future__ import annotations

import msgspec
import pytest

from fieldkit.errors import BundleRefused, Misuse
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY
from fieldkit.sync.bundle.limits import LIMITS
from fieldkit.sync.bundle.manifest import Range
from fieldkit.sync.export.export import MOST_SPANS, invite, parts_of
from fieldkit.sync.merge.report import KNOWN, MERGED
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import create_network, join, read_invitation, revoke
from networks import Network, Writer, op


def test_the_network_file_brings_what_everybody_needs_and_no_more(network: Network) -> None:
    hub = network.hub
    laptop = network.joins("A", trusted="field")
    hub.kit.add("partner", {"name": "St Mary"})
    hub.kit.add("feedback", {"rating": "1", "experience": "PRIVATE words"})
    hub.kit.add("person", {"name": "PRIVATE name"})
    fair = hub.kit.add("event", {"title": "Fair"})
    update = hub.invite()
    assert laptop.take(update).status == MERGED
    assert laptop.kit.counts()["partner"] == laptop.kit.counts()["event"] == 1
    assert laptop.kit.counts()["feedback"] == laptop.kit.counts()["person"] == 0
    hub.kit.edit(hub.kit.get(fair.record_id), {"place": "Hall"})
    assert laptop.take(hub.invite()).changed_records == 1
    # An older one restores nothing.
    assert laptop.take(update).status == KNOWN
    assert laptop.kit.get(fair.record_id).values["place"] == "Hall"
    assert laptop.kit.check() == []


def test_a_deputy_trusts_a_laptop_and_the_founder_invites_the_next(network: Network) -> None:
    hub = network.hub
    deputy = network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    laptop = network.joins("Temple")
    laptop.kit.add("feedback", {"rating": "1"})
    bundles = laptop.export()
    deputy.trust(laptop, name="Temple")
    hub.merge(*deputy.export())
    hub.merge(*bundles)
    assert hub.kit.counts()["feedback"] == 1
    # The newcomer has never received anything from the deputy, whose changes are in the invitation.
    newcomer = network.joins("Newcomer", trusted="field")
    assert Roster(newcomer.kit, newcomer.me).members[laptop.me.device].name == "Temple"
    # The roster still holds after the deputy has gone.
    revoke(hub.kit, hub.me, "Deputy")
    late = network.joins("Late", trusted="field")
    assert Roster(late.kit, late.me).members[deputy.me.device].status == "revoked"
    assert newcomer.take(hub.invite()).status == MERGED
    assert hub.state()[1]["device"] == 5


def test_a_network_file_and_those_whom_it_lets_in_come_in_one_go(network: Network) -> None:
    hub = network.hub
    deputy = network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    laptop = network.joins("A", trusted="field")
    deputy.merge(hub.invite())
    newcomer = network.joins("B", trusted="field")
    newcomer.merge(hub.invite())
    newcomer.kit.add("feedback", {"rating": "1"})
    (bundle,) = newcomer.export()
    laptop.kit.add("feedback", {"rating": "1"})
    report = deputy.merge(bundle, *laptop.export(), hub.invite())
    assert report.quarantined == []
    assert deputy.kit.counts()["feedback"] == 2
    assert deputy.kit.ledger.quarantine() == []


def test_a_deputy_can_not_bring_laptops_into_the_network_by_its_own_file(network: Network) -> None:
    deputy = network.joins("Deputy", trusted="deputy")
    network.hub.merge(*deputy.export())
    deputy.merge(network.hub.invite())
    kit, _ = Kit.create(network.folder / "new", None)
    with kit, pytest.raises(BundleRefused, match="created the network"):
        join(kit, deputy.invite(), "New")
    # Laptops that have joined merge it like any other.
    deputy.kit.add("event", {"title": "Of the deputy"})
    laptop = network.joins("A", trusted="field")
    assert laptop.take(deputy.invite()).new_records == 1


# Joining


def test_looking_at_an_invitation_shows_plain_words(network: Network) -> None:
    message = read_invitation(network.hub.invite())
    assert (message.network, message.network_name) == (network.hub.me.network, "West Midlands fair")
    assert message.six_words == network.hub.me.key.public.six_words


def test_a_refused_join_can_be_tried_again(network: Network) -> None:
    good = network.hub.invite()
    broken = good.with_name("broken.fkn")
    whole = good.read_bytes()
    broken.write_bytes(whole[:-2000] + bytes([whole[-2000] ^ 1]) + whole[-1999:])
    kit, _ = Kit.create(network.folder / "again", None)
    with kit:
        (bundle,) = network.joins("A").export()
        # Signed by the founder, but its lines hold something that can't be merged.
        writer = Writer(network.hub, [])
        lines = writer.lines(op(writer.origin, kind="note", fields={"text": "x"}))
        odd = writer.bundle(lines, purpose="invitation")
        for path in (broken, bundle, odd):
            with pytest.raises(BundleRefused):
                join(kit, path, "Again")
            assert kit.settings.get(IDENTITY) is None
            with pytest.raises(Misuse):
                kit.add("feedback", {"rating": "1"})
        with pytest.raises(Misuse, match="needed"):
            join(kit, good, " ")
        assert join(kit, good, "Again").network == network.hub.me.network
        kit.add("feedback", {"rating": "1"})
        assert kit.check() == []
        for again in (lambda: join(kit, good, "Twice"), lambda: create_network(kit, "Own")):
            with pytest.raises(Misuse, match="already"):
                again()


# Large amounts in one file, and in several


def test_many_partners_and_events_still_fit_into_the_network_file(network: Network) -> None:
    hub = network.hub
    for _ in range(3):
        with hub.kit.adding() as add:
            for number in range(500):
                add("event", [{"title": f"Event {number}"}])
                add("feedback", [{"rating": "1"}])
    laptop = network.joins("A", trusted="field")
    assert laptop.kit.counts()["event"] == 1500
    deputy = network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    # It signs its own key once; nothing else that the network file brought goes back.
    assert {kind for file in hub.merge(*deputy.export()).files for kind in file.kinds} == {"device"}
    deputy.merge(hub.invite())
    assert sum(file.new_ops for file in hub.merge(*deputy.export()).files) == 0
    assert deputy.kit.check() == []


def test_a_network_too_scattered_for_one_file_goes_into_several(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every event lies between other entries, so each is a separate range in the manifest, whose number is limited."""
    long = Range(f"{'a' * 26}.{'0' * 8}~{'0' * 8}", 2**53 - 1, 2**53 - 1, "0" * 64, "0" * 64)
    assert (
        len(msgspec.json.format(msgspec.json.encode([long] * MOST_SPANS), indent=1)) < LIMITS.manifest * 0.7
    )
    monkeypatch.setattr("fieldkit.sync.export.export.MOST_SPANS", 50)
    hub, count = network.hub, 130
    with hub.kit.adding() as add:
        for number in range(count):
            add("event", [{"title": f"Event {number}"}])
            add("feedback", [{"rating": "1"}])
    trusted_late = network.joins("A", trusted="field")
    parts = parts_of(hub.invite())
    assert len(parts) == 3
    joined = network.joins("B", invitation=parts[0])
    # The first alone is enough to belong and to send.
    assert trusted_late.me.device in Roster(joined.kit, joined.me).members
    hub.trust(joined, "field", "B")
    assert hub.merge(*joined.export()).quarantined == []
    assert 0 < joined.kit.count("event") < count
    assert joined.merge(*reversed(parts)).quarantined == []
    assert joined.kit.count("event") == count
    assert joined.kit.count("feedback") == 0


def test_an_invitation_leaves_no_part_of_an_earlier_one(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = network.hub
    for number in range(3):
        hub.kit.add("event", {"title": f"Event {number}"})
        hub.kit.add("feedback", {"rating": "1"})
    path = network.folder / "fair.fkn"
    with monkeypatch.context() as patched:
        patched.setattr("fieldkit.sync.export.export.MOST_SPANS", 1)
        invite(hub.kit, hub.me, path)
        # The roster is in the first file, although its change and the first event are adjacent.
        assert [entry.name for entry in parts_of(path)] == ["fair.fkn"] + [
            f"fair-part{n}.fkn" for n in (2, 3, 4)
        ]
        assert read_invitation(path).network_name == "West Midlands fair"
    invite(hub.kit, hub.me, path)
    assert parts_of(path) == [path]
