"""What has arrived: a receipt's word and nothing else, gaps told exactly, and hubs or laptops that lost their memory."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.errors import Misuse
from fieldkit.store.backup import backup, restore
from fieldkit.store.incarnation import renew
from fieldkit.store.kit import Kit
from fieldkit.sync.erasures import erasures
from fieldkit.sync.identity import identity
from fieldkit.sync.manifest import RECEIPT
from fieldkit.sync.merge_report import ASIDE, KNOWN, MERGED
from fieldkit.sync.network import revoke, rotate_key
from fieldkit.sync.receipt_file import lacking, write_receipt
from fieldkit.sync.receipts import confirmed, not_wanted, receipts, unconfirmed, whereabouts
from fieldkit.sync.runs import missing, without
from networks import Laptop, Network, Writer, op

Runs = list[tuple[int, int]]


@pytest.fixture
def laptop(network: Network) -> Laptop:
    return network.joins("A", trusted="field")


def say(laptop: Laptop, words: str) -> str:
    return laptop.kit.add("feedback", {"rating": "1", "experience": words}).record_id


def ops_in(paths: list[Path], hub: Laptop) -> int:
    return sum(one.ops for one in hub.merge(*paths, dry_run=True).files)


# The line of a record


def test_a_record_goes_from_laptop_to_bundle_to_confirmed(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    first = say(laptop, "first")
    assert whereabouts(laptop.kit, laptop.me, first) == "on this laptop"
    bundles = laptop.export()
    assert whereabouts(laptop.kit, laptop.me, first) == "in bundle 1"
    state = unconfirmed(laptop.kit, laptop.me)
    assert (state.ops, state.oldest) == (1, laptop.kit.get(first).created)
    # That it was exported is no word of its arrival: it goes out again and again.
    assert ops_in(laptop.export(), hub) == 1
    early = hub.receipt()
    assert laptop.take(early).status == MERGED
    assert whereabouts(laptop.kit, laptop.me, first) == "in bundle 1"
    hub.merge(*bundles)
    late = hub.receipt()
    assert laptop.take(late).status == MERGED
    assert whereabouts(laptop.kit, laptop.me, first) == "confirmed"
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert ops_in(laptop.export(), hub) == 0
    # An older receipt takes nothing back, the same one brings nothing.
    assert [one.status for one in laptop.merge(early, late).files] == [KNOWN, KNOWN]
    assert whereabouts(laptop.kit, laptop.me, first) == "confirmed"
    laptop.kit.edit(laptop.kit.get(first), {"rating": "2"})
    assert whereabouts(laptop.kit, laptop.me, first) == "on this laptop"
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    assert ops_in(laptop.export(full=True), hub) == 2
    hubs = hub.kit.add("event", {"title": "Not of this laptop"})
    laptop.merge(hub.invite())
    assert whereabouts(laptop.kit, laptop.me, hubs.record_id) == ""


def test_a_receipt_for_one_laptop_says_nothing_to_others(network: Network, laptop: Laptop) -> None:
    hub, other, third = network.hub, network.joins("B", trusted="field"), network.joins("C", trusted="deputy")
    hub.merge(*third.export())
    records = {name: say(one, name) for name, one in (("A", laptop), ("B", other))}
    hub.merge(*laptop.export(), *other.export())
    for one in (laptop, other):
        assert one.take(hub.receipt()).status == MERGED
    path = write_receipt(hub.kit, hub.me, network.folder / "a.fkr", [laptop.me.device])
    assert [one.take(path).status for one in (laptop, other, third)] == [MERGED, KNOWN, KNOWN]
    for name, one in (("A", laptop), ("B", other)):
        assert whereabouts(one.kit, one.me, records[name]) == "confirmed"


def test_the_age_of_what_waits_is_told_though_the_oldest_was_erased(network: Network, laptop: Laptop) -> None:
    _, code = laptop.kit.add_with_code("feedback", {"rating": "1", "consent_record": "Y"})
    laptop.kit.withdraw(code)
    waits = unconfirmed(laptop.kit, laptop.me)
    (withdrawal,) = laptop.kit.page("withdrawal")
    assert (waits.ops, waits.oldest) == (2, withdrawal.created)


def test_what_one_coordinator_misses_and_another_has_is_confirmed_and_goes_out_again(
    network: Network, laptop: Laptop
) -> None:
    hub, other = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*other.export())
    other.merge(hub.invite())
    laptop.merge(hub.invite())
    say(laptop, "first")
    hub.merge(*laptop.export())
    laptop.take(hub.receipt())
    second = say(laptop, "second")
    other.merge(*laptop.export())
    laptop.take(other.receipt())
    assert whereabouts(laptop.kit, laptop.me, second) == "confirmed"
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    # The deputy asks for the first, so that it goes out once more.
    assert ops_in(laptop.export(), hub) == 1
    other.merge(*laptop.export())
    laptop.take(other.receipt())
    assert ops_in(laptop.export(), hub) == 0


def test_an_older_bundle_that_comes_later_takes_nothing_back(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    say(laptop, "first")
    (old,) = laptop.export()
    record_id = hub.kit.add("feedback", {"rating": "1"}).record_id
    hub.kit.erase(record_id)
    laptop.merge(hub.invite())
    (same,) = laptop.export()
    say(laptop, "second")
    for newer in (same, *laptop.export()):
        hub.merge(newer)
        assert erasures(hub.kit, hub.me)[0].waiting == []
        hub.merge(old)
        assert erasures(hub.kit, hub.me)[0].waiting == []
    # A laptop that was put back from a copy in which the erasure is not is asked again.
    hub.merge(*laptop.export())
    assert lacking(hub.kit, laptop.me.origin) == []


def test_copies_of_a_laptop_stay_confirmed_whichever_was_heard_last(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    say(laptop, "shared by both")
    laptop.kit.close()
    shutil.copytree(laptop.kit.folder, network.folder / "copy")
    laptop.kit = Kit.open(laptop.kit.folder)
    copy = Laptop(Kit.open(network.folder / "copy"), laptop.me, network.folder)
    network.others.append(copy)
    renew(copy.kit)
    copy.again()
    for turn in range(3):
        for one in (laptop, copy):
            say(one, f"{turn}")
            hub.merge(*one.export())
            receipt = hub.receipt()
            for other in (laptop, copy):
                other.take(receipt)
            assert unconfirmed(one.kit, one.me).ops == 0
        assert unconfirmed(laptop.kit, laptop.me).ops == 0


def test_what_a_receipt_misses_goes_out_again_and_nothing_more(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    bundles = []
    for number in range(5):
        say(laptop, f"{number}")
        bundles += laptop.export()
        # Each stick carries what is new since the last receipt; here they are cut into single changes.
        hub_copy = hub.receipt()
        assert laptop.take(hub_copy).status == MERGED
        if number in {1, 3}:
            continue
        lost = [path for place, path in enumerate(bundles) if place in {1, 3}]
        hub.merge(*(path for path in bundles if path not in lost))
    runs = hub.kit.ledger.held(laptop.me.origin)
    gaps = missing(runs)
    laptop.merge(hub.receipt())
    assert confirmed(receipts(laptop.kit), laptop.me.origin) == runs
    assert unconfirmed(laptop.kit, laptop.me).ops == 5 - sum(b - a + 1 for a, b in runs)
    (again,) = laptop.export()
    taken = hub.take(again)
    assert taken.new_ops == taken.ops == sum(b - a + 1 for a, b in gaps) + (5 - runs[-1][1])
    assert hub.kit.ledger.held(laptop.me.origin) == [(1, 5)]


def test_a_lost_stick_leaves_a_gap_that_is_told_and_filled(network: Network, laptop: Laptop) -> None:
    """A stick is lost after another coordinator had confirmed it."""
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    for other in (deputy, laptop):
        other.merge(hub.invite())
    say(laptop, "one")
    say(laptop, "two")
    deputy.merge(*laptop.export())
    laptop.merge(deputy.receipt())
    say(laptop, "three")
    hub.merge(*laptop.export())
    assert hub.kit.ledger.held(laptop.me.origin) == [(3, 3)]
    assert confirmed(receipts(laptop.kit), laptop.me.origin) == [(1, 2)]
    # The first coordinator says what it lacks: that a deputy has it is true, and no reason not to send it.
    laptop.merge(hub.receipt())
    assert confirmed(receipts(laptop.kit), laptop.me.origin) == [(1, 3)]
    assert not_wanted(receipts(laptop.kit), laptop.me.origin) == [(3, 3)]
    hub.merge(*laptop.export())
    assert hub.kit.ledger.held(laptop.me.origin) == [(1, 3)]
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert hub.kit.check() == []


def test_what_is_lost_at_the_end_is_told_too(
    network: Network, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each bundle says how far its laptop's stream goes, so the last of several is missed as well."""
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    for other in (deputy, laptop):
        other.merge(hub.invite())
    monkeypatch.setattr("fieldkit.sync.export.MOST_OPS", 3)
    for number in range(6):
        say(laptop, f"{number}")
    first, second = laptop.export()
    deputy.merge(first, second)
    laptop.merge(deputy.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    hub.merge(first)
    assert lacking(hub.kit, laptop.me.origin) == [(4, 6)]
    laptop.merge(hub.receipt())
    assert not_wanted(receipts(laptop.kit), laptop.me.origin) == [(1, 3)]
    hub.merge(*laptop.export())
    assert lacking(hub.kit, laptop.me.origin) == []
    assert hub.kit.counts()["feedback"] == 6
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0


@pytest.mark.parametrize("last", [2**53, 10**4_000, -1])
def test_an_end_that_can_not_be_is_not_missed(network: Network, laptop: Laptop, last: int) -> None:
    hub, other = network.hub, network.joins("B", trusted="field")
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(op(writer.origin))
    spans = [writer.span(lines)]
    header = writer.header(spans)[:-1] + f',"seen":{{"{writer.origin}":{last}}}}}'.encode()
    hub.merge(writer.bundle(lines, spans, header=header.replace(b',"seen":{}', b"")))
    assert lacking(hub.kit, writer.origin) == []
    assert other.take(hub.receipt()).status == MERGED


# Arithmetic


def runs_of(numbers: set[int]) -> Runs:
    found: Runs = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def numbers_of(runs: Runs) -> list[int]:
    return [number for first, last in runs for number in range(first, last + 1)]


@given(held=st.sets(st.integers(1, 60)))
def test_gaps_are_exactly_the_complement(held: set[int]) -> None:
    gaps = missing(runs_of(held))
    assert numbers_of(gaps) == sorted(set(range(1, max(held, default=0) + 1)) - held)
    assert gaps == runs_of(set(numbers_of(gaps)))


@given(held=st.sets(st.integers(1, 60)), holes=st.sets(st.integers(1, 60)))
def test_without_is_the_difference(held: set[int], holes: set[int]) -> None:
    assert without(runs_of(held), runs_of(holes)) == runs_of(held - holes)


@settings(deadline=None, max_examples=25)
@given(kept=st.lists(st.booleans(), min_size=1, max_size=12))
def test_what_is_held_is_what_came(kept: list[bool], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same in a real kit, whichever of a laptop's bundles arrive."""
    network, sticks = _stream(tmp_path_factory)
    kit, _ = Kit.create(tmp_path_factory.mktemp("held") / "kit", None)
    with kit:
        kit.desk.set_settings(
            {"identity": network.hub.kit.desk.setting("identity"), "origin": network.hub.me.origin}
        )
        hub = Laptop(kit, network.hub.me, network.folder)
        hub.merge(network.hub.invite())
        hub.merge(*(stick for stick, came in zip(sticks, kept, strict=False) if came))
        held = {number for number, came in enumerate(kept, 1) if came}
        origin = network.others[0].me.origin
        assert kit.ledger.held(origin) == runs_of(held)
        assert missing(kit.ledger.held(origin)) == runs_of(set(range(1, max(held, default=0) + 1)) - held)


_STREAMS: list[tuple[Network, list[Path]]] = []


def _stream(factory: pytest.TempPathFactory) -> tuple[Network, list[Path]]:
    """A laptop's bundles of one change each: an old-fashioned coordinator confirms each, then forgets."""
    if not _STREAMS:
        network = Network.create(factory.mktemp("stream") / "network")
        laptop = network.joins("A", trusted="field")
        sticks = []
        for number in range(12):
            say(laptop, f"{number}")
            sticks += laptop.export()
            network.hub.merge(sticks[-1])
            laptop.merge(network.hub.receipt())
        _STREAMS.append((network, sticks))
    return _STREAMS[0]


# Memory lost


def test_a_hub_put_back_from_an_old_backup_voids_what_it_had_confirmed(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    kept = say(laptop, "before the backup")
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    backup(hub.kit, tmp_path / "hub.fkbackup")
    lost = say(laptop, "after the backup")
    hub.merge(*laptop.export())
    hub.kit.add("event", {"title": "lost with the disk"})
    old = hub.receipt()
    laptop.merge(old)
    assert whereabouts(laptop.kit, laptop.me, lost) == "confirmed"
    hub.kit.close()
    before = hub.me.origin
    hub.kit = restore(tmp_path / "hub.fkbackup", hub.kit.folder, None)
    hub.again()
    assert hub.kit.origin != before
    assert hub.kit.counts()["feedback"] == 1
    assert laptop.take(hub.receipt()).status == MERGED
    assert whereabouts(laptop.kit, laptop.me, kept) == "confirmed"
    assert whereabouts(laptop.kit, laptop.me, lost) != "confirmed"
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    # The receipt from before the restore is void for good.
    assert laptop.take(old).status == KNOWN
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    assert whereabouts(laptop.kit, laptop.me, lost) == "confirmed"
    hub.kit.add("event", {"title": "under the new incarnation"})
    assert hub.kit.check() == []
    assert {span.partition(".")[0] for span in hub.kit.ledger.origins()} == {hub.me.device, laptop.me.device}


@pytest.mark.parametrize("ahead", [0, 10**12])
def test_a_hub_put_back_twice_from_one_backup_voids_what_it_had_confirmed_between(
    network: Network, laptop: Laptop, tmp_path: Path, ahead: int
) -> None:
    """Both times it comes back with the same count of restores; its clock may have been years ahead in between."""
    hub = network.hub
    kept = say(laptop, "before the backup")
    hub.merge(*laptop.export())
    backup(hub.kit, tmp_path / "hub.fkbackup")

    hub.put_back(tmp_path / "hub.fkbackup")
    clock = hub.kit.clock
    hub.kit.clock = lambda: clock() + ahead
    lost = say(laptop, "lost with the second")
    hub.merge(*laptop.export())
    old = hub.receipt()
    laptop.merge(old)
    assert whereabouts(laptop.kit, laptop.me, lost) == "confirmed"
    hub.put_back(tmp_path / "hub.fkbackup")
    for _ in range(2):
        assert laptop.take(hub.receipt()).status == MERGED
        assert whereabouts(laptop.kit, laptop.me, kept) == "confirmed"
        assert whereabouts(laptop.kit, laptop.me, lost) != "confirmed"
        # A stick that still holds the older one does not bring its word back.
        assert laptop.take(old).status == KNOWN
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 2
    laptop.merge(hub.receipt())
    assert whereabouts(laptop.kit, laptop.me, lost) == "confirmed"


def test_a_hub_put_back_from_an_older_backup_after_a_newer_one(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    backup(hub.kit, tmp_path / "old")
    hub.put_back(tmp_path / "old")
    backup(hub.kit, tmp_path / "new")
    hub.put_back(tmp_path / "new")
    lost = say(laptop, "lost with the newer kit")
    hub.merge(*laptop.export())
    laptop.take(hub.receipt())
    assert whereabouts(laptop.kit, laptop.me, lost) == "confirmed"
    hub.put_back(tmp_path / "old")
    assert laptop.take(hub.receipt()).status == MERGED
    assert whereabouts(laptop.kit, laptop.me, lost) == "in bundle 1"
    hub.merge(*laptop.export())
    laptop.take(hub.receipt())
    assert whereabouts(laptop.kit, laptop.me, lost) == "confirmed"
    assert hub.kit.counts()["feedback"] == 1


def test_a_laptop_that_was_put_back_is_heard_though_it_writes_nothing(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    say(laptop, "first")
    backup(laptop.kit, tmp_path / "a")
    say(laptop, "second")
    hub.merge(*laptop.export())
    laptop.put_back(tmp_path / "a")
    hub.kit.erase(hub.kit.add("feedback", {"rating": "1"}).record_id)
    hub.merge(*laptop.export())
    assert erasures(hub.kit, hub.me)[0].waiting == ["A"]
    laptop.merge(hub.invite(), hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    hub.merge(*laptop.export())
    assert erasures(hub.kit, hub.me)[0].waiting == []


def test_a_hub_put_back_without_its_newer_key_sets_its_own_bundle_aside(
    network: Network, tmp_path: Path
) -> None:
    hub = network.hub
    backup(hub.kit, tmp_path / "old")
    hub.me = rotate_key(hub.kit, hub.me)
    say(hub, "sealed to the newer key")
    bundles = hub.export(full=True)
    shutil.rmtree(hub.kit.folder)
    hub.put_back(tmp_path / "old")
    assert [one.status for one in hub.merge(*bundles).files] == [ASIDE]


def test_a_hub_whose_clock_was_years_ahead_for_a_day(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    first, clock = say(laptop, "first"), hub.kit.clock
    hub.kit.clock = lambda: clock() + 10**12
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    hub.kit.clock = clock
    second = say(laptop, "second")
    hub.merge(*laptop.export())
    assert laptop.take(hub.receipt()).status == MERGED
    assert [whereabouts(laptop.kit, laptop.me, one) for one in (first, second)] == ["confirmed"] * 2


def test_a_laptop_put_back_from_an_old_backup_says_what_is_not_confirmed(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    say(laptop, "one")
    backup(laptop.kit, tmp_path / "a.fkbackup")
    say(laptop, "two")
    hub.merge(*laptop.export())
    laptop.put_back(tmp_path / "a.fkbackup")
    new = say(laptop, "three")
    report = hub.merge(*laptop.export())
    assert [one.parted for one in report.files] == [{}]
    assert hub.kit.counts()["feedback"] == 3
    laptop.merge(hub.receipt())
    assert whereabouts(laptop.kit, laptop.me, new) == "confirmed"
    # What the backup still held is the same there, though the hub's stream of it goes further.
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert ops_in(laptop.export(), hub) == 0
    assert hub.kit.check() == laptop.kit.check() == []


def test_a_copied_laptop_is_told_apart_and_goes_on_under_a_name_of_its_own(
    network: Network, laptop: Laptop
) -> None:
    hub = network.hub
    say(laptop, "shared by both")
    laptop.kit.close()
    shutil.copytree(laptop.kit.folder, network.folder / "copy")
    laptop.kit = Kit.open(laptop.kit.folder)
    kit = Kit.open(network.folder / "copy")
    copy = Laptop(kit, identity(kit), network.folder)
    network.others.append(copy)
    assert copy.me.origin == laptop.me.origin
    mine, its = say(laptop, "on the first"), say(copy, "on the copy")
    assert hub.merge(*laptop.export()).files[0].parted == {}
    told = hub.merge(*copy.export()).files[0]
    assert (told.status, told.parted) == (MERGED, {laptop.me.origin: 2})
    assert "copied" in told.sentence
    assert hub.kit.counts()["feedback"] == 3
    receipt = hub.receipt()
    shared = laptop.me.origin
    for one, own in ((laptop, mine), (copy, its)):
        one.take(receipt)
        one.again()
        # Each keeps what it wrote; nobody is told that the other's change was its own.
        assert whereabouts(one.kit, one.me, own) == "confirmed"
    assert shared not in {laptop.kit.origin} & {copy.kit.origin}
    assert laptop.kit.origin != copy.kit.origin
    for one in (laptop, copy):
        say(one, f"later {one.kit.origin}")
        assert [file.parted for file in hub.merge(*one.export()).files] == [{}]
    assert hub.kit.counts()["feedback"] == 5
    for one in (laptop, copy):
        one.take(hub.receipt())
        assert unconfirmed(one.kit, one.me).ops == 0
    assert hub.kit.check() == laptop.kit.check() == copy.kit.check() == []


def test_a_copy_that_meets_what_the_other_wrote_goes_on_under_a_name_of_its_own(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    """A disk image put back lies at the same place on the same machine: only what the other wrote tells."""
    hub = network.hub
    laptop.kit.close()
    shutil.copytree(laptop.kit.folder, tmp_path / "copy")
    laptop.kit = Kit.open(laptop.kit.folder)
    copy = Laptop(Kit.open(tmp_path / "copy"), laptop.me, laptop.sticks)
    with copy.kit:
        event = copy.kit.add("event", {"title": "Fair"})
        copy.kit.edit(event, {"title": "Health fair"})
        hub.merge(*copy.export())
        before = laptop.me.origin
        laptop.merge(hub.invite())
        laptop.again()
        assert laptop.me.origin != before
        assert laptop.kit.desk.setting("was_copied")
        # What it writes now stands beside the other's, and can't replace itself.
        for title in ("Fair in the park", "Fair in the hall"):
            laptop.kit.edit(laptop.kit.get(event.record_id), {"title": title})
        assert hub.merge(*laptop.export()).aside == []
        assert hub.kit.get(event.record_id).values["title"] == "Fair in the hall"
        assert hub.kit.check() == []


# Whose word counts


def test_receipts_of_others_are_refused(network: Network, laptop: Laptop, tmp_path: Path) -> None:
    hub = network.hub
    say(laptop, "words")
    field = network.joins("B", trusted="field")
    laptop.merge(hub.invite())
    with pytest.raises(Misuse):
        write_receipt(field.kit, field.me, tmp_path)
    made_up = Writer(field, []).bundle([], [], purpose=RECEIPT)
    refused = laptop.take(made_up)
    assert (refused.status, refused.reason) == (ASIDE, "not-allowed")
    stranger = network.joins("C")
    refused = laptop.take(Writer(stranger, []).bundle([], [], purpose=RECEIPT))
    assert (refused.status, refused.reason) == (ASIDE, "unknown-sender")
    other = Network.create(tmp_path / "other")
    refused = laptop.take(other.hub.receipt())
    assert (refused.status, refused.reason) == (ASIDE, "wrong-network")
    other.close()
    assert receipts(laptop.kit) == []
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    # Listed, with a copy kept, like every file that was set aside.
    assert {aside.reason for aside in laptop.kit.ledger.quarantine()} == {
        "not-allowed",
        "unknown-sender",
        "wrong-network",
    }


@pytest.mark.parametrize("how", ["shut out", "a field laptop"])
def test_a_receipt_counts_only_while_its_writer_is_a_coordinator(
    network: Network, laptop: Laptop, how: str
) -> None:
    """What a deputy has that is none any more need never reach anybody."""
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    deputy.merge(hub.invite())
    hub.merge(*deputy.export())
    laptop.merge(hub.invite())
    words = say(laptop, "words")
    deputy.merge(hub.invite())
    deputy.merge(*laptop.export())
    laptop.merge(deputy.receipt())
    assert whereabouts(laptop.kit, laptop.me, words) == "confirmed"
    assert ops_in(laptop.export(), hub) == 0
    if how == "shut out":
        revoke(hub.kit, hub.me, deputy.me.key.public.ssh_line())
    else:
        hub.trust(deputy, "field")
    laptop.merge(hub.invite())
    assert receipts(laptop.kit) == []
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    assert whereabouts(laptop.kit, laptop.me, words) != "confirmed"
    # It counts again once the writer is trusted again.
    hub.trust(deputy, "deputy")
    laptop.merge(later := hub.invite())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert laptop.take(later).status == KNOWN
    revoke(hub.kit, hub.me, deputy.me.key.public.ssh_line())
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 1


def test_a_dry_run_of_a_receipt_confirms_nothing(network: Network, laptop: Laptop) -> None:
    say(laptop, "words")
    network.hub.merge(*laptop.export())
    laptop.merge(network.hub.receipt(), dry_run=True)
    assert unconfirmed(laptop.kit, laptop.me).ops == 1


def test_a_receipt_names_what_was_set_aside_and_what_clashes(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    fair = hub.kit.add("event", {"title": "Fair"})
    laptop.merge(hub.invite())
    for one in (hub, laptop):
        one.kit.edit(one.kit.get(fair.record_id), {"title": f"Fair of {one.me.name}"})
    hub.merge(*laptop.export())
    line = Writer(laptop, [hub.me.age_public])
    hub.merge(line.bundle([b"rubbish"]))
    laptop.merge(hub.receipt())
    (receipt,) = receipts(laptop.kit)
    assert [(one["record_id"], one["field"]) for one in receipt.clashes] == [(fair.record_id, "title")]
    assert [one["reason"] for one in receipt.aside] == ["damaged"]
    # A receipt for one laptop says nothing about the others.
    other = network.joins("B", trusted="field")
    say(other, "of B")
    hub.merge(*other.export())
    path = write_receipt(hub.kit, hub.me, network.folder / "for-b.fkr", [other.me.device])
    other.merge(path)
    (receipt,) = receipts(other.kit)
    assert {origin.partition(".")[0] for origin in receipt.held} == {other.me.device}
    assert receipt.aside == []
