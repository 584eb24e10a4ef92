"""Who has confirmed an erasure, if laptops were copied, moved or restored."""

from __future__ import annotations

from pathlib import Path

from fieldkit.store.backup import backup, restore
from fieldkit.sync.peers.erasure_status import erasures, remarks
from fieldkit.sync.peers.known_replicas import retire_others
from fieldkit.sync.receipts.receipts import progress_of_change
from fieldkit.sync.setup import revoke
from laptop_steps import copied, exchange, say, say_and_send, waiting
from networks import Laptop, Network


def test_each_copy_that_is_in_use_has_to_say_so(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    mine = say_and_send(laptop, hub)
    copy = copied(network, laptop)
    say_and_send(copy, hub, "of the copy")
    hub.kit.erase(mine)
    assert waiting(hub) == [["A"]]
    exchange(hub, laptop)
    # The first one has it, and that it knows of it shows that it is in use beside the other.
    assert waiting(hub) == [["A (1 of 2 copies)"]]
    for again in range(2):
        hub.merge(*laptop.export())
        assert waiting(hub) == [["A (1 of 2 copies)"]], again
    exchange(hub, copy)
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
    exchange(hub, laptop)
    (erasure,) = erasures(hub.kit, hub.me)
    assert (erasure.waiting, erasure.earlier) == ([], ["A"])
    assert "earlier folders of “A”" in remarks([erasure], "press a")[0]
    assert "see below" in erasure.confirmed
    assert remarks([], "press a") == []


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
    # What it reported before it was lost changes nothing, and confirms nothing.
    hub.merge(before)
    assert waiting(hub) == [["A"]]
    exchange(hub, laptop)
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
    exchange(hub, laptop)
    # No backup knows what was restored from it before.
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
    exchange(hub, copy)
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
    exchange(hub, laptop)
    assert waiting(hub) == [[]]
    hub.merge(*late)
    assert waiting(hub) == [[]]
    assert hub.kit.counts()["feedback"] == 2


def test_copies_under_one_name_confirm_nothing_until_they_have_parted(
    network: Network, laptop: Laptop
) -> None:
    """As a disk image makes them: same machine, same folder."""
    hub = network.hub
    mine = say_and_send(laptop, hub)
    copy = copied(network, laptop, renewed=False)
    for device in (laptop, copy):
        say_and_send(device, hub, "by each")
    hub.kit.erase(mine)
    for device in (laptop, copy):
        exchange(hub, device)
        assert waiting(hub) == [["A"]]
    for device in (laptop, copy):
        device.merge(hub.receipt())
        device.again()
        say_and_send(device, hub, "under a name of its own")
    assert waiting(hub) == [[]]


def test_what_two_say_under_one_name_confirms_nothing(network: Network, laptop: Laptop) -> None:
    """The copy has merged the erasure and exported; the first has written on, and has not merged it."""
    hub = network.hub
    mine = say_and_send(laptop, hub)
    copy = copied(network, laptop, renewed=False)
    hub.kit.erase(mine)
    copy.merge(hub.invite())
    for _ in range(3):
        copied_last = copy.export()
    hub.merge(*copied_last)
    say_and_send(laptop, hub, "written on")
    assert laptop.kit.get(mine)
    assert waiting(hub) == [["A"]]
    for _ in range(3):
        exchange(hub, laptop)
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
    say_and_send(laptop, hub, "after the copy")
    laptop.restore(tmp_path / "a")
    hub.kit.erase(hub.kit.add("feedback", {"rating": "1"}).record_id)
    for entry, left in ((laptop, [["A (1 of 2 copies)"]]), (copy, [[]])):
        exchange(hub, entry)
        assert waiting(hub) == left


def test_a_withdrawal_on_the_branch_of_a_copied_laptop_is_confirmed(network: Network, laptop: Laptop) -> None:
    hub, other = network.hub, network.joins("B", trusted="field")
    _, code = laptop.kit.add_with_code("feedback", {"rating": "1", "experience": "words"})
    hub.merge(*laptop.export())
    copy = copied(network, laptop, renewed=False)
    say_and_send(laptop, hub, "the stream held first")
    copy.kit.withdraw(code)
    hub.merge(*copy.export())
    assert any("~" in name for name in hub.kit.ledger.origins())
    exchange(hub, other)
    assert "B" not in waiting(hub)[0]


def test_a_hub_restored_twice_in_one_place_is_believed_at_once(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    """Its clock was years ahead in between; but the kit knows which kit it replaced."""
    hub = network.hub
    backup(hub.kit, tmp_path / "hub")
    hub.restore(tmp_path / "hub")
    clock = hub.kit.clock
    hub.kit.clock = lambda: clock() + 10**12
    lost = say_and_send(laptop, hub, "lost with the second")
    old, later = hub.receipt(), hub.receipt()
    laptop.merge(old)
    hub.restore(tmp_path / "hub")
    new = say_and_send(laptop, hub, "new")
    laptop.merge(hub.receipt())
    assert progress_of_change(laptop.kit, laptop.me, new) == "confirmed"
    assert progress_of_change(laptop.kit, laptop.me, lost) == "in bundle 1"
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    assert progress_of_change(laptop.kit, laptop.me, lost) == "confirmed"
    hub.kit.close()
    # A late receipt of the lost kit confirms nothing, not even until the next.
    hub.kit = restore(tmp_path / "hub", hub.kit.folder, None)
    hub.again()
    laptop.merge(hub.receipt())
    laptop.merge(later)
    assert progress_of_change(laptop.kit, laptop.me, lost) != "confirmed"


def test_a_laptop_that_was_revoked_is_not_waited_for_and_is_shown(network: Network, laptop: Laptop) -> None:
    hub, other = network.hub, network.joins("B", trusted="field")
    mine = say_and_send(laptop, hub)
    hub.kit.erase(mine)
    revoke(hub.kit, hub.me, laptop.me.key.public.ssh_line())
    exchange(hub, other)
    (erasure,) = erasures(hub.kit, hub.me)
    assert (erasure.waiting, erasure.revoked) == ([], ["A"])
    assert "“A”, revoked" in remarks([erasure], "press a")[0]


def test_one_of_the_copies_can_be_said_to_be_left(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    mine = say_and_send(laptop, hub)
    copy = copied(network, laptop)
    for device in (copy, laptop):
        say_and_send(device, hub)
    hub.kit.erase(mine)
    exchange(hub, copy)
    assert waiting(hub) == [["A (1 of 2 copies)"]]
    assert retire_others(hub.kit, laptop.me.device) == 1
    assert waiting(hub) == [[]]
    assert retire_others(hub.kit, laptop.me.device) == 0
    # It was still in use.
    hub.merge(*laptop.export())
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
    mine = say_and_send(laptop, hub)
    copy = copied(network, laptop, renewed=False)
    for device in (laptop, copy):
        say_and_send(device, hub)
    hub.kit.erase(mine)
    exchange(hub, laptop)
    laptop.merge(hub.receipt())
    laptop.again()
    hub.merge(*laptop.export())
    assert waiting(hub) == [["A (1 of 2 copies)"]]
    retire_others(hub.kit, laptop.me.device)
    assert (waiting(hub), erasures(hub.kit, hub.me)[0].earlier) == ([[]], ["A"])
