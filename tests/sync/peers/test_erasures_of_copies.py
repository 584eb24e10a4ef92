"""Who has confirmed an erasure, where laptops were copied, moved or restored, and where a deputy heard them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.store.backup import backup, restore
from fieldkit.sync.peers.erasure_status import erasures, remarks
from fieldkit.sync.peers.gaps import arrivals
from fieldkit.sync.peers.known_replicas import KnownReplicas, retire_others
from fieldkit.sync.peers.reports import to_pass_on
from fieldkit.sync.peers.streams import lacking
from fieldkit.sync.receipts.receipts import receipts, unconfirmed, whereabouts
from fieldkit.sync.setup import revoke
from laptop_steps import copied, say
from networks import Laptop, Network, Writer


def waiting(hub: Laptop) -> list[list[str]]:
    return [erasure.waiting for erasure in erasures(hub.kit, hub.me)]


def test_each_copy_that_is_in_use_has_to_say_so(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    mine = say(laptop)
    hub.merge(*laptop.export())
    copy = copied(network, laptop)
    say(copy, "of the copy")
    hub.merge(*copy.export())
    hub.kit.erase(mine)
    assert waiting(hub) == [["A"]]
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    # The first one has it, and shows by knowing of it that it is in use beside the other.
    assert waiting(hub) == [["A (1 of 2 copies)"]]
    for again in range(2):
        hub.merge(*laptop.export())
        assert waiting(hub) == [["A (1 of 2 copies)"]], again
    copy.merge(hub.invite())
    hub.merge(*copy.export())
    assert waiting(hub) == [[]]
    assert erasures(hub.kit, hub.me)[0].earlier == []


def test_a_folder_that_another_took_the_place_of_is_not_waited_for_and_is_shown(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    mine = say(laptop)
    backup(laptop.kit, tmp_path / "a")
    hub.merge(*laptop.export())
    laptop.restore(tmp_path / "a")
    hub.kit.erase(mine)
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    (erasure,) = erasures(hub.kit, hub.me)
    assert (erasure.waiting, erasure.earlier) == ([], ["A"])
    assert "earlier folders of “A”" in remarks([erasure])[0]
    assert "see below" in erasure.confirmed
    assert remarks([]) == []


def test_a_kit_restored_into_an_empty_folder_is_asked_again(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    mine = say(laptop)
    backup(laptop.kit, tmp_path / "a")
    hub.merge(*laptop.export())
    hub.kit.erase(mine)
    laptop.merge(hub.invite())
    (before,) = laptop.export()
    hub.merge(before)
    assert waiting(hub) == [[]]
    laptop.lose(tmp_path / "a")
    assert laptop.kit.get(mine)
    hub.merge(*laptop.export())
    assert waiting(hub) == [["A"]]
    # What it said before it was lost takes nothing back, and confirms nothing.
    hub.merge(before)
    assert waiting(hub) == [["A"]]
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    assert waiting(hub) == [[]]


def test_of_a_laptop_lost_twice_and_restored_from_one_backup_a_person_knows_which_is_in_use(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    say(laptop)
    backup(laptop.kit, tmp_path / "a")
    for turn in range(3):
        hub.merge(*laptop.export())
        laptop.lose(tmp_path / "a")
        say(laptop, f"{turn}")
    hub.kit.erase(hub.kit.add("feedback", {"rating": "1"}).record_id)
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    # No backup knows of what was restored from it before.
    assert waiting(hub) == [["A (2 of 3 copies)"]]
    assert retire_others(hub.kit, laptop.me.device) == 2
    (order,) = erasures(hub.kit, hub.me)
    assert (order.waiting, order.earlier) == ([], ["A"])


def test_the_other_copy_of_a_laptop_that_withdrew_is_asked(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    _, code = laptop.kit.add_with_code("feedback", {"rating": "1", "experience": "words"})
    copy = copied(network, laptop)
    say(copy)
    hub.merge(*laptop.export(), *copy.export())
    laptop.kit.withdraw(code)
    hub.merge(*laptop.export())
    assert waiting(hub) == [["A (1 of 2 copies)"]]
    copy.merge(hub.invite())
    hub.merge(*copy.export())
    assert waiting(hub) == [[]]


def test_a_late_bundle_of_a_lost_kit_takes_no_confirmation_back(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    say(laptop)
    backup(laptop.kit, tmp_path / "a")
    say(laptop, "later")
    late = laptop.export()
    laptop.restore(tmp_path / "a")
    hub.kit.erase(hub.kit.add("feedback", {"rating": "1"}).record_id)
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    assert waiting(hub) == [[]]
    hub.merge(*late)
    assert waiting(hub) == [[]]
    assert hub.kit.counts()["feedback"] == 2


def test_copies_under_one_name_confirm_nothing_until_they_have_parted(
    network: Network, laptop: Laptop
) -> None:
    """As a disk image makes them: same machine, same folder."""
    hub = network.hub
    mine = say(laptop)
    hub.merge(*laptop.export())
    copy = copied(network, laptop, renewed=False)
    for device in (laptop, copy):
        say(device, "by each")
        hub.merge(*device.export())
    hub.kit.erase(mine)
    for device in (laptop, copy):
        device.merge(hub.invite())
        hub.merge(*device.export())
        assert waiting(hub) == [["A"]]
    for device in (laptop, copy):
        device.merge(hub.receipt())
        device.again()
        say(device, "under a name of its own")
        hub.merge(*device.export())
    assert waiting(hub) == [[]]


def test_what_two_say_under_one_name_confirms_nothing(network: Network, laptop: Laptop) -> None:
    """The copy has merged the erasure and sent; the first one has written on, and has not."""
    hub = network.hub
    mine = say(laptop)
    hub.merge(*laptop.export())
    copy = copied(network, laptop, renewed=False)
    hub.kit.erase(mine)
    copy.merge(hub.invite())
    for _ in range(3):
        copied_last = copy.export()
    hub.merge(*copied_last)
    say(laptop, "written on")
    hub.merge(*laptop.export())
    assert laptop.kit.get(mine)
    assert waiting(hub) == [["A"]]
    for _ in range(3):
        laptop.merge(hub.invite())
        hub.merge(*laptop.export())
    assert waiting(hub) == [[]]


def test_a_copy_and_then_a_restore_are_two_laptops_and_no_third(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    say(laptop)
    backup(laptop.kit, tmp_path / "a")
    hub.merge(*laptop.export())
    copy = copied(network, laptop)
    hub.merge(*copy.export())
    say(laptop, "after the copy")
    hub.merge(*laptop.export())
    laptop.restore(tmp_path / "a")
    hub.kit.erase(hub.kit.add("feedback", {"rating": "1"}).record_id)
    for entry, left in ((laptop, [["A (1 of 2 copies)"]]), (copy, [[]])):
        entry.merge(hub.invite())
        hub.merge(*entry.export())
        assert waiting(hub) == left


def test_a_withdrawal_on_the_branch_of_a_copied_laptop_is_confirmed(network: Network, laptop: Laptop) -> None:
    hub, other = network.hub, network.joins("B", trusted="field")
    _, code = laptop.kit.add_with_code("feedback", {"rating": "1", "experience": "words"})
    hub.merge(*laptop.export())
    copy = copied(network, laptop, renewed=False)
    say(laptop, "the stream held first")
    hub.merge(*laptop.export())
    copy.kit.withdraw(code)
    hub.merge(*copy.export())
    assert any("~" in name for name in hub.kit.ledger.origins())
    other.merge(hub.invite())
    hub.merge(*other.export())
    assert "B" not in waiting(hub)[0]


def test_a_coordinator_passes_on_what_laptops_have_confirmed(network: Network, laptop: Laptop) -> None:
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*deputy.export())
    for device in (deputy, laptop):
        device.merge(hub.invite())
    mine = say(laptop)
    deputy.merge(*laptop.export())
    hub.merge(*deputy.export())
    assert arrivals(hub.kit)[laptop.me.device].last_heard
    hub.kit.erase(mine)
    network_file = hub.invite()
    for device in (deputy, laptop):
        device.merge(network_file)
    assert waiting(hub) == [["A", "D"]]
    deputy.merge(*laptop.export())
    hub.merge(*deputy.export())
    assert waiting(hub) == [[]]


def test_what_a_coordinator_holds_nothing_of_is_missing_too(network: Network, laptop: Laptop) -> None:
    """A stick with all of it reached the deputy alone, who has confirmed it."""
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*deputy.export())
    for device in (deputy, laptop):
        device.merge(hub.invite())
    say(laptop)
    say(laptop, "more")
    deputy.merge(*laptop.export())
    laptop.merge(deputy.receipt())
    (empty,) = laptop.export()
    assert hub.take(empty).ops == 0
    assert lacking(hub.kit, laptop.me.origin) == [(1, 2)]
    assert arrivals(hub.kit)[laptop.me.device].runs == [(1, 2)]
    laptop.merge(hub.receipt())
    asked = {receipt.device: receipt.missing for receipt in receipts(laptop.kit)}
    assert asked[hub.me.device][laptop.me.origin] == [(1, 2)]
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 2
    assert lacking(hub.kit, laptop.me.origin) == []


def test_a_hub_restored_twice_in_one_place_is_believed_at_once(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    """Its clock was years ahead in between; but the kit knows which one it took the place of."""
    hub = network.hub
    backup(hub.kit, tmp_path / "hub")
    hub.restore(tmp_path / "hub")
    clock = hub.kit.clock
    hub.kit.clock = lambda: clock() + 10**12
    lost = say(laptop, "lost with the second")
    hub.merge(*laptop.export())
    old, later = hub.receipt(), hub.receipt()
    laptop.merge(old)
    hub.restore(tmp_path / "hub")
    new = say(laptop, "new")
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    assert whereabouts(laptop.kit, laptop.me, new) == "confirmed"
    assert whereabouts(laptop.kit, laptop.me, lost) == "in bundle 1"
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    assert whereabouts(laptop.kit, laptop.me, lost) == "confirmed"
    hub.kit.close()
    # A receipt of the lost kit that comes late confirms nothing, not even until the next.
    hub.kit = restore(tmp_path / "hub", hub.kit.folder, None)
    hub.again()
    laptop.merge(hub.receipt())
    laptop.merge(later)
    assert whereabouts(laptop.kit, laptop.me, lost) != "confirmed"


@pytest.mark.parametrize(
    "header",
    [
        {"origin": "aaaaaaaaaaaaaaaaaaaaaaaaaa.00000000"},
        {"origin": "../../etc"},
        {"ancestors": [["x" * 1_000, 1, 1]] * 100},
        {"seen": {"x": 10**40, "y#erasing": -(10**40), "": -1}},
    ],
)
def test_a_header_that_says_what_can_not_be_counts_for_its_sender_alone(
    network: Network, laptop: Laptop, header: dict[str, object]
) -> None:
    hub = network.hub
    writer = Writer(laptop, [hub.me.age_public])
    line = writer.header([], **header)
    assert hub.take(writer.bundle([], [], header=line)).reason == ""
    assert set(KnownReplicas(hub.kit).by_device) == {laptop.me.device}
    assert hub.kit.ledger.origins() and waiting(hub) == []
    hub.receipt()


def test_a_field_laptop_speaks_for_nobody_else(network: Network, laptop: Laptop) -> None:
    hub, other = network.hub, network.joins("B", trusted="field")
    other.merge(hub.invite())
    hub.kit.erase(hub.kit.add("feedback", {"rating": "1"}).record_id)
    other.merge(hub.invite())
    (true,) = other.export()
    spoken = hub.take(true) and KnownReplicas(hub.kit).by_device[other.me.device][other.me.origin]
    fields = {"reports": {other.me.origin: {"number": 99, "own": {other.me.origin: 7}}}}
    writer = Writer(laptop, [hub.me.age_public])
    assert hub.take(writer.bundle([], [], header=writer.header([], passed_on=fields))).reason == ""
    assert KnownReplicas(hub.kit).by_device[other.me.device][other.me.origin] == spoken


def test_a_laptop_that_was_revoked_is_not_waited_for_and_is_shown(network: Network, laptop: Laptop) -> None:
    hub, other = network.hub, network.joins("B", trusted="field")
    mine = say(laptop)
    hub.merge(*laptop.export())
    hub.kit.erase(mine)
    revoke(hub.kit, hub.me, laptop.me.key.public.ssh_line())
    other.merge(hub.invite())
    hub.merge(*other.export())
    (erasure,) = erasures(hub.kit, hub.me)
    assert (erasure.waiting, erasure.revoked) == ([], ["A"])
    assert "“A”, revoked" in remarks([erasure])[0]


def test_two_coordinators_who_exchange_bundles_accuse_nobody(network: Network) -> None:
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    hub.kit.erase(say(hub))
    for _ in range(2):
        deputy.merge(hub.invite(), *hub.export())
        hub.merge(*deputy.export())
        for device in (hub, deputy):
            assert [erasure.earlier for erasure in erasures(device.kit, device.me)] == [[]]
    assert waiting(hub) == waiting(deputy) == [[]]


def test_what_a_deputy_says_of_others_goes_with_it(network: Network, laptop: Laptop) -> None:
    """It said that a laptop had sent more than it can have; its own report counts again when the deputy is revoked."""
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    deputy.merge(hub.invite())
    say(laptop)
    hub.merge(*laptop.export())
    writer = Writer(deputy, [hub.me.age_public])
    fields = {laptop.me.origin: {"number": 2**53 - 2, "own": {laptop.me.origin: 2**50}}}
    hub.take(writer.bundle([], [], header=writer.header([], passed_on={"reports": fields})))
    assert lacking(hub.kit, laptop.me.origin) == [(2, 2**50)]
    hub.merge(*laptop.export())
    assert lacking(hub.kit, laptop.me.origin) == []
    hub.take(writer.bundle([], [], header=writer.header([], passed_on={"reports": fields})))
    revoke(hub.kit, hub.me, deputy.me.key.public.ssh_line())
    assert lacking(hub.kit, laptop.me.origin) == []


def test_names_that_nobody_knows_are_not_remembered(network: Network, laptop: Laptop) -> None:
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    names = [f"{'a' * 22}{entry:04}.00000000".replace("0", "a").replace("1", "b") for entry in range(3)]
    many = {f"{laptop.me.device}.{entry:08x}": 1 for entry in range(50)}
    for entry, header in (
        (
            laptop,
            {"origin": f"{laptop.me.device}.0000beef", "seen": many | {f"{n}#erasing": 7 for n in many}},
        ),
        (deputy, {"passed_on": {"marks": [], "reports": {name: {"number": 1} for name in names}}}),
    ):
        writer = Writer(entry, [hub.me.age_public])
        assert hub.take(writer.bundle([], [], header=writer.header([], **header))).reason == ""
    known = KnownReplicas(hub.kit).by_device
    assert set(known) == {laptop.me.device, deputy.me.device}
    (spoken,) = known[laptop.me.device].values()
    assert (spoken.own, spoken.marks) == ({}, {})


def test_one_of_the_copies_can_be_said_to_be_left(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    mine = say(laptop)
    hub.merge(*laptop.export())
    copy = copied(network, laptop)
    for device in (copy, laptop):
        say(device)
        hub.merge(*device.export())
    hub.kit.erase(mine)
    copy.merge(hub.invite())
    hub.merge(*copy.export())
    assert waiting(hub) == [["A (1 of 2 copies)"]]
    assert retire_others(hub.kit, laptop.me.device) == 1
    assert waiting(hub) == [[]]
    assert retire_others(hub.kit, laptop.me.device) == 0
    # It was not gone.
    hub.merge(*laptop.export())
    assert waiting(hub) == [["A (1 of 2 copies)"]]


def test_more_than_fits_is_passed_on_in_turn(network: Network) -> None:
    hub = network.hub
    for name in "ABCDEFGH":
        hub.merge(*network.joins(name, trusted="field").export())
    seen = set()
    for _ in range(20):
        part = to_pass_on(hub.kit, 400)
        assert 0 < len(part.reports) < 8
        seen |= part.reports.keys()
        hub.export()
    assert len(seen) == 8


def test_what_was_merged_here_counts_when_a_deputys_reports_end(network: Network, laptop: Laptop) -> None:
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    mine = say(laptop)
    hub.merge(*laptop.export())
    copy = copied(network, laptop)
    for device in (copy, laptop):
        say(device)
        hub.merge(*device.export())
    hub.kit.erase(mine)
    deputy.merge(hub.invite())
    deputy.merge(*laptop.export())
    hub.merge(*deputy.export())
    copy.merge(hub.invite())
    hub.merge(*copy.export())
    assert waiting(hub) == [["A (1 of 2 copies)"]]
    revoke(hub.kit, hub.me, deputy.me.key.public.ssh_line())
    assert waiting(hub) == [["A (1 of 2 copies)"]]


def test_a_copy_of_this_very_laptop_can_be_left_out(network: Network) -> None:
    hub = network.hub
    copy = copied(network, hub)
    hub.merge(*copy.export())
    hub.kit.erase(say(hub))
    assert waiting(hub) == [["Coordinator (1 of 2 copies)"]]
    assert retire_others(hub.kit, hub.me.device) == 1
    assert waiting(hub) == [[]]
    assert erasures(hub.kit, hub.me)[0].earlier == ["Coordinator"]


def test_what_two_said_under_one_name_stays_unsure_when_one_is_left_out(
    network: Network, laptop: Laptop
) -> None:
    hub = network.hub
    mine = say(laptop)
    hub.merge(*laptop.export())
    copy = copied(network, laptop, renewed=False)
    for device in (laptop, copy):
        say(device)
        hub.merge(*device.export())
    hub.kit.erase(mine)
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    laptop.again()
    hub.merge(*laptop.export())
    assert waiting(hub) == [["A (1 of 2 copies)"]]
    retire_others(hub.kit, laptop.me.device)
    assert (waiting(hub), erasures(hub.kit, hub.me)[0].earlier) == ([[]], ["A"])
