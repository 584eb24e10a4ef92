"""A coordinator, a deputy and laptops in the field: joining, trusting, carrying bundles both ways, in any order."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import msgspec
import pyrage
import pytest

from fieldkit.errors import BundleRefused, FieldkitError, Misuse, NotFound
from fieldkit.store.journal import Change, append
from fieldkit.store.kit import Kit
from fieldkit.sync.export import MOST_SPANS, export, invite, parts_of
from fieldkit.sync.intake import import_rows
from fieldkit.sync.limits import LIMITS
from fieldkit.sync.manifest import Range
from fieldkit.sync.merge import files_in, quarantine_folder
from fieldkit.sync.merge_report import ASIDE, KNOWN, MERGED
from fieldkit.sync.network import create_network, join, read_invitation, revoke
from fieldkit.sync.roster import Roster
from networks import Laptop, Network, Writer, op

REAL = Path(__file__).parent / "data" / "fft-comments.csv"
MAPPING = {
    "FFT answer": "experience",
    "FFT categorical answer": "rating",
    "Date": "date",
    "Comment ID": "reference",
}


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network.create(tmp_path / "network")
    yield made
    made.close()


def halves(folder: Path) -> list[Path]:
    """The real file as two files of its own columns."""
    with REAL.open(encoding="utf-8", newline="") as file:
        heading, *rows = list(csv.reader(file))
    paths = []
    for number, some in enumerate((rows[:200], rows[200:])):
        path = folder / f"half-{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *some])
        paths.append(path)
    return paths


def events(laptop: Laptop) -> dict[str, dict[str, object]]:
    return {one.record_id: dict(one.values) for one in laptop.kit.page("event")}


# The main line


def test_two_laptops_two_coordinators_every_order(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    fair = hub.kit.add("event", {"title": "Fair", "date": "2026-03-01"})
    walk = hub.kit.add("event", {"title": "Walk"})
    deputy = network.joins("Deputy", trusted="deputy")
    # The deputy's sealing key is known from its first bundle on.
    hub.merge(*deputy.export())
    laptops = [network.joins(name, trusted="field") for name in ("Church", "Temple")]
    # Those who joined before hear of the later ones by the next network file.
    update = hub.invite()
    for laptop in (deputy, *laptops):
        assert laptop.take(update).status in {MERGED, KNOWN}
        assert len(Roster(laptop.kit, laptop.me).recipients()) == 2
    bundles: list[Path] = []
    for laptop, half, place in zip(laptops, halves(tmp_path), ("Hall", "Garden"), strict=True):
        done = import_rows(laptop.kit, "feedback", half, mapping=MAPPING)
        assert done.stored > 150
        own = laptop.kit.add("feedback", {"rating": "2", "experience": f"typed at {place}"})
        laptop.kit.edit(own, {"rating": "1"})
        # One field of a shared event on both, and a different one on each.
        laptop.kit.edit(laptop.kit.get(fair.record_id), {"title": f"Fair in the {place}"})
        laptop.kit.edit(laptop.kit.get(walk.record_id), {"place" if place == "Hall" else "notes": place})
        bundles += laptop.export()
    states = []
    for coordinator, order in ((hub, bundles), (deputy, bundles[::-1])):
        report = coordinator.merge(*order)
        assert [one.status for one in report.files] == [MERGED, MERGED]
        state = coordinator.state()
        again = coordinator.merge(*order, *reversed(order))
        assert {one.status for one in again.files} == {KNOWN}
        assert again.total("new_ops") == 0
        assert coordinator.state() == state
        coordinator.kit.rebuild()
        assert coordinator.state() == state
        states.append(state)
    assert states[0] == states[1]
    (clash,) = hub.kit.conflicts()
    assert (clash.record_id, clash.field) == (fair.record_id, "title")
    assert {(claim.value, claim.origin) for claim in clash.claims} == {
        ("Fair in the Hall", laptops[0].me.origin),
        ("Fair in the Garden", laptops[1].me.origin),
    }
    assert hub.kit.get(walk.record_id).values == {"title": "Walk", "place": "Hall", "notes": "Garden"}
    # One word settles it for everybody.
    hub.kit.resolve(fair.record_id, "title", "Fair in the Hall")
    for other in (deputy, *laptops):
        other.merge(hub.invite())
    assert deputy.state() == hub.state()
    assert deputy.kit.conflicts() == []
    for laptop in laptops:
        assert laptop.kit.conflicts() == []
        assert laptop.kit.get(fair.record_id).values["title"] == "Fair in the Hall"


def test_any_order_of_many_bundles_gives_one_state(network: Network) -> None:
    hub = network.hub
    fair = hub.kit.add("event", {"title": "Fair"})
    hub.kit.delete(hub.kit.add("event", {"title": "Called off"}).record_id)
    pair = [network.joins(name, trusted="field") for name in ("A", "B")]
    bundles = []
    for turn in range(2):
        for laptop in pair:
            laptop.kit.edit(laptop.kit.get(fair.record_id), {"title": f"{laptop.me.name} {turn}"})
            laptop.kit.add("feedback", {"rating": "1", "experience": f"{laptop.me.name} {turn}"})
            bundles += laptop.export()
    start = hub.invite()
    states = set()
    for number, order in enumerate(permutations(bundles)):
        if number % 3:
            continue
        kit, _ = Kit.create(network.folder / f"other-{number}", None)
        with kit:
            # Nothing but the coordinator's own key opens them: the same coordinator, on an empty kit.
            kit.desk.set_settings(
                {"identity": hub.kit.desk.setting("identity"), "origin": hub.me.device + ".00000002"}
            )
            other = Laptop(kit, hub.me, network.folder)
            other.merge(start, *order[:2])
            other.merge(*order[1:], *bundles)
            states.add(other.state()[0])
    hub.merge(*bundles)
    states.add(hub.state()[0])
    assert len(states) == 1


def test_a_dry_run_stores_nothing_and_says_the_same(network: Network) -> None:
    laptop = network.joins("A", trusted="field")
    laptop.kit.add_many("feedback", [{"rating": "1"}] * 7)
    (bundle,) = laptop.export()
    stranger = network.joins("B")
    (unknown,) = stranger.export()
    hub = network.hub
    before, files = hub.state(), sorted(hub.kit.folder.rglob("*"))
    planned = hub.merge(bundle, unknown, dry_run=True)
    assert planned.dry_run
    assert [one.status for one in planned.files] == [MERGED, ASIDE]
    assert hub.state() == before
    assert hub.kit.ledger.quarantine() == []
    assert sorted(hub.kit.folder.rglob("*")) == files
    done = hub.merge(bundle, unknown)
    for name in ("status", "ops", "new_ops", "new_records", "changed_records", "kinds", "reason"):
        assert [getattr(one, name) for one in planned.files] == [getattr(one, name) for one in done.files]
    assert done.total("new_records") == 7


def test_what_is_merged_once_under_other_names_is_known(network: Network) -> None:
    laptop = network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    (bundle,) = laptop.export()
    copy = bundle.with_name("copy of it.fkb")
    copy.write_bytes(bundle.read_bytes())
    assert [one.status for one in network.hub.merge(bundle, copy).files] == [MERGED, KNOWN]
    (full,) = laptop.export(full=True)
    assert network.hub.take(full).status == KNOWN


# Who may


def test_an_unknown_laptop_waits_until_it_is_trusted(network: Network) -> None:
    laptop = network.joins("Mosque laptop")
    for rating in "123":
        laptop.kit.add("feedback", {"rating": rating})
    (bundle,) = laptop.export()
    hub = network.hub
    before = hub.state()
    refused = hub.take(bundle)
    assert (refused.status, refused.reason) == (ASIDE, "unknown-sender")
    assert laptop.me.key.public.words in refused.sentence
    assert hub.state() == before
    (waiting,) = Roster(hub.kit, hub.me).waiting()
    assert (waiting.device, waiting.waiting) == (laptop.me.device, True)
    assert len(list(quarantine_folder(hub.kit).iterdir())) == 1
    report = hub.trust(laptop)
    assert [(one.status, one.new_records) for one in report.files] == [(MERGED, 3)]
    assert report.files[0].name == bundle.name
    assert hub.kit.counts()["feedback"] == 3
    assert hub.kit.ledger.quarantine() == []
    assert list(quarantine_folder(hub.kit).iterdir()) == []
    assert Roster(hub.kit, hub.me).name_of(laptop.me.origin) == "Mosque laptop"


def test_a_laptop_that_was_shut_out_keeps_what_it_sent_before(network: Network) -> None:
    laptop = network.joins("A", trusted="field")
    hub = network.hub
    laptop.kit.add("feedback", {"rating": "1", "experience": "before"})
    hub.merge(*laptop.export())
    assert revoke(hub.kit, hub.me, laptop.me.key.public.words).status == "revoked"
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
        revoke(network.hub.kit, network.hub.me, network.hub.me.key.public.words)
    laptop = network.joins("A", trusted="field")
    for change in (lambda: revoke(laptop.kit, laptop.me, "A"), laptop.invite, laptop.receipt):
        with pytest.raises(Misuse):
            change()
    with pytest.raises(FieldkitError):
        revoke(network.hub.kit, network.hub.me, "nobody")


def test_a_file_of_another_network_is_set_aside(network: Network, tmp_path: Path) -> None:
    other = Network.create(tmp_path / "other", "Another fair")
    stranger = other.joins("A", trusted="field")
    stranger.kit.add("feedback", {"rating": "1"})
    before = network.hub.state()
    for path in (*stranger.export(), other.hub.invite(), other.hub.receipt()):
        refused = network.hub.take(path)
        assert (refused.status, refused.reason) == (ASIDE, "wrong-network")
    assert network.hub.state() == before
    other.close()


def test_a_field_laptop_may_not_relay(network: Network) -> None:
    one, two = (network.joins(name, trusted="field") for name in "AB")
    writer = Writer(one, [network.hub.me.age_public])
    forged = writer.lines(op(f"{two.me.device}.0000beef"))
    own = writer.lines(op(writer.origin))
    before = network.hub.state()
    for lines, spans in (
        (forged, [writer.span(forged, origin=f"{two.me.device}.0000beef")]),
        # What the manifest says is its own must be its own.
        (forged, [writer.span(forged)]),
        ([*own, *forged], [writer.span(own), writer.span(forged, origin=f"{two.me.device}.0000beef")]),
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
    assert (refused.status, refused.reason) == (ASIDE, "not-allowed")
    assert hub.state() == before
    assert Roster(hub.kit, hub.me).members[laptop.me.device].role == "field"


def test_a_deputy_of_earlier_days_sends_again_what_it_had_a_right_to(network: Network) -> None:
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    newcomer = network.joins("New")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    spoken = hub.kit.add("feedback", {"rating": "1", "experience": "to be taken back"})
    deputy.merge(*hub.export())
    deputy.trust(newcomer, "field", "New")
    deputy.kit.erase(spoken.record_id)
    hub.merge(*deputy.export())
    hub.trust(deputy, "field")
    # It does not know yet, and packs everybody's.
    deputy.kit.add("feedback", {"rating": "2"})
    (refused,) = hub.merge(*deputy.export(full=True)).files
    assert (refused.reason, "network file" in refused.hint) == ("not-allowed", True)
    deputy.merge(hub.invite())
    assert not Roster(deputy.kit, deputy.me).coordinating
    (whole,) = deputy.export(full=True)
    assert hub.take(whole).status == MERGED
    assert hub.kit.counts()["feedback"] == 1
    # What no coordinator had before is another matter: nobody can tell when it was written.
    with deputy.kit.writing() as connection:
        append(connection, deputy.kit.origin, [Change("feedback", "late00000000", {"erased": True})])
    (late,) = deputy.export()
    state = hub.state()
    said = hub.take(late)
    assert (said.reason, "make it one again" in said.hint) == ("not-allowed", True)
    assert hub.state() == state
    # Made a deputy again, what was set aside is taken in at once.
    assert MERGED in [one.status for one in hub.trust(deputy, "deputy").files]
    assert hub.take(late).status == KNOWN
    assert hub.kit.ledger.quarantine() == []


# The network file


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
    # An older one brings nothing back.
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
    # The newcomer has never heard of the deputy, whose word stands in the invitation.
    newcomer = network.joins("Newcomer", trusted="field")
    assert Roster(newcomer.kit, newcomer.me).members[laptop.me.device].name == "Temple"
    # And the roster holds after the deputy has gone.
    revoke(hub.kit, hub.me, "Deputy")
    late = network.joins("Late", trusted="field")
    assert Roster(late.kit, late.me).members[deputy.me.device].status == "revoked"
    assert newcomer.take(hub.invite()).status == MERGED
    assert hub.state()[1]["device"] == 5


def test_bundles_are_sealed_to_every_coordinator(network: Network) -> None:
    deputy = network.joins("Deputy", trusted="")
    (first,) = deputy.export()
    network.hub.merge(first)
    network.hub.trust(deputy, "deputy", "Deputy")
    laptop = network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    (bundle,) = laptop.export()
    deputy.merge(network.hub.invite())
    assert deputy.take(bundle).status == MERGED
    assert network.hub.take(bundle).status == MERGED


def test_relayed_by_a_deputy_or_straight_is_one_state(network: Network) -> None:
    hub = network.hub
    deputy = network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    laptop = network.joins("A", trusted="field")
    deputy.merge(hub.invite())
    laptop.merge(hub.invite())
    laptop.kit.add_many("feedback", [{"rating": "1", "experience": f"{n}"} for n in range(20)])
    (bundle,) = laptop.export()
    deputy.merge(bundle)
    (relayed,) = deputy.export()
    assert hub.take(relayed).new_records == 20
    assert hub.take(bundle).status == KNOWN
    assert hub.state() == deputy.state()


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
    assert report.aside == []
    assert deputy.kit.counts()["feedback"] == 2
    assert deputy.kit.ledger.quarantine() == []


def test_looking_at_an_invitation_shows_plain_words(network: Network) -> None:
    said = read_invitation(network.hub.invite())
    assert (said.network, said.network_name) == (network.hub.me.network, "West Midlands fair")
    assert said.words == network.hub.me.key.public.words


def test_a_refused_join_can_be_tried_again(network: Network) -> None:
    good = network.hub.invite()
    broken = good.with_name("broken.fkn")
    whole = good.read_bytes()
    broken.write_bytes(whole[:-2000] + bytes([whole[-2000] ^ 1]) + whole[-1999:])
    kit, _ = Kit.create(network.folder / "again", None)
    with kit:
        (bundle,) = network.joins("A").export()
        # Signed by the founder, but its lines hold something that can't be taken in.
        writer = Writer(network.hub, [])
        lines = writer.lines(op(writer.origin, kind="note", fields={"text": "x"}))
        odd = writer.bundle(lines, purpose="invitation")
        for path in (broken, bundle, odd):
            with pytest.raises(BundleRefused):
                join(kit, path, "Again")
            assert kit.desk.setting("identity") is None
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


def test_a_deputy_can_not_bring_laptops_into_the_network_by_its_own_file(network: Network) -> None:
    deputy = network.joins("Deputy", trusted="deputy")
    network.hub.merge(*deputy.export())
    deputy.merge(network.hub.invite())
    kit, _ = Kit.create(network.folder / "new", None)
    with kit, pytest.raises(BundleRefused, match="created the network"):
        join(kit, deputy.invite(), "New")
    # Those who are in take it like any other.
    deputy.kit.add("event", {"title": "Of the deputy"})
    laptop = network.joins("A", trusted="field")
    assert laptop.take(deputy.invite()).new_records == 1


# Files and folders


def test_files_in_names_every_bundle_once(tmp_path: Path) -> None:
    inner = tmp_path / "stick" / "inner"
    inner.mkdir(parents=True)
    names = ["b.fkb", "inner/A.FKB", "inner/c.fkn", "d.fkr"]
    for name in (*names, "notes.txt", "e.fkb.part"):
        (tmp_path / "stick" / name).write_bytes(b"")
    (tmp_path / "stick" / "folder.fkb").mkdir()
    stick = tmp_path / "stick"
    found = files_in([stick, stick / "b.fkb", stick / "notes.txt"])
    assert {path.relative_to(stick).as_posix() for path in found} == {*names, "notes.txt"}
    assert len(found) == 5
    for missing in (tmp_path / "nowhere", stick / "folder.fkb"):
        with pytest.raises(NotFound):
            files_in([missing])


def test_files_in_keeps_to_the_folder_that_was_named(tmp_path: Path) -> None:
    stick, elsewhere = tmp_path / "stick", tmp_path / "elsewhere"
    for folder in (stick / "week", elsewhere):
        folder.mkdir(parents=True)
    inside, outside = stick / "week" / "a.fkb", elsewhere / "b.fkb"
    for path in (inside, outside):
        path.touch()
    (stick / "again.fkb").symlink_to(inside)
    (stick / "out.fkb").symlink_to(outside)
    (stick / "folder").symlink_to(elsewhere, target_is_directory=True)
    (stick / "loop").symlink_to(stick, target_is_directory=True)
    assert files_in([stick]) == [stick / "again.fkb", inside]
    # Named by itself it is what was meant.
    assert files_in([stick / "out.fkb"]) == [stick / "out.fkb"]


def test_more_files_than_one_commit_holds(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.sync.merge.FILES_A_COMMIT", 3)
    laptop = network.joins("A", trusted="field")
    bundles = []
    for number in range(8):
        laptop.kit.add("feedback", {"rating": "1", "experience": f"{number}"})
        bundles += laptop.export()
    broken = bundles[0].with_name("broken.fkb")
    broken.write_bytes(bundles[0].read_bytes()[:-700])
    report = network.hub.merge(*bundles[:4], broken, *bundles[4:])
    assert [one.status for one in report.files] == [*[MERGED] * 4, ASIDE, *[MERGED] * 4]
    assert network.hub.kit.counts()["feedback"] == 8
    assert network.hub.kit.check() == []


def test_much_is_spread_over_several_bundles(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.sync.export.MOST_OPS", 10)
    laptop = network.joins("A", trusted="field")
    laptop.kit.add_many("feedback", [{"rating": "1", "experience": f"{n}"} for n in range(25)])
    bundles = laptop.export()
    assert len(bundles) == 3
    report = network.hub.merge(*reversed(bundles))
    assert [one.new_ops for one in report.files] == [5, 10, 10]
    assert network.hub.kit.counts()["feedback"] == 25
    assert network.hub.kit.check() == []


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
    assert sum(one.new_ops for one in hub.merge(*deputy.export()).files) == 0
    assert deputy.kit.check() == []


def test_a_network_too_scattered_for_one_file_goes_into_several(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every event lies between other entries, so each is a range of its own in the manifest, which has a bound."""
    long = Range(f"{'a' * 26}.{'0' * 8}~{'0' * 8}", 2**53 - 1, 2**53 - 1, "0" * 64, "0" * 64)
    assert (
        len(msgspec.json.format(msgspec.json.encode([long] * MOST_SPANS), indent=1)) < LIMITS.manifest * 0.7
    )
    monkeypatch.setattr("fieldkit.sync.export.MOST_SPANS", 50)
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
    assert hub.merge(*joined.export()).aside == []
    assert 0 < joined.kit.count("event") < count
    assert joined.merge(*reversed(parts)).aside == []
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
        patched.setattr("fieldkit.sync.export.MOST_SPANS", 1)
        invite(hub.kit, hub.me, path)
        assert [one.name for one in parts_of(path)] == ["fair.fkn", "fair-part2.fkn", "fair-part3.fkn"]
        assert read_invitation(path).network_name == "West Midlands fair"
    invite(hub.kit, hub.me, path)
    assert parts_of(path) == [path]


def test_a_bundle_never_takes_the_name_of_another(network: Network) -> None:
    """A kit put back from a backup counts its bundles anew; the older one may hold what was lost."""
    laptop = network.joins("A", trusted="field")
    (bundle,) = laptop.export()
    held = bundle.read_bytes()
    with laptop.kit.writing() as connection:
        connection.exec_driver_sql("DELETE FROM bundle_out")
    laptop.kit.add("feedback", {"rating": "1"})
    (second,) = export(laptop.kit, laptop.me, bundle.parent)
    assert second.path != bundle
    assert bundle.read_bytes() == held
    assert network.hub.merge(bundle, second.path).aside == []


@pytest.mark.parametrize("key", ["age1" + "q" * 58, "age1 not a key", "age1"])
@pytest.mark.parametrize("role", ["deputy", "field"])
def test_a_key_that_is_none_stops_nobody(network: Network, role: str, key: str) -> None:
    """What a laptop calls its key in a bundle."""
    hub, laptop, other = network.hub, network.joins("D", trusted=role), network.joins("A", trusted="field")
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(op(writer.origin))
    header = writer.header([writer.span(lines)], age=key)
    (taken,) = hub.merge(writer.bundle(lines, header=header)).files
    assert taken.status == MERGED
    assert ("key" in taken.sentence) is (role == "deputy")
    hub.trust(laptop, "deputy")
    hub.kit.add("event", {"title": "Fair"})
    hub.export()
    other.merge(hub.invite())
    other.kit.add("feedback", {"rating": "1"})
    assert hub.merge(*other.export()).files[0].status == MERGED
    # Its next bundle brings a key that is one.
    hub.merge(*laptop.export())
    assert Roster(hub.kit, hub.me).recipients() == sorted([hub.me.age_public, laptop.me.age_public])


def test_a_key_on_the_roster_that_is_none_is_left_out_and_told(network: Network) -> None:
    hub, deputy, other = (
        network.hub,
        network.joins("D", trusted="deputy"),
        network.joins("A", trusted="field"),
    )
    hub.merge(*deputy.export())
    hub.kit.put("device", deputy.me.device, {"age_key": "age1" + "q" * 58})
    other.merge(hub.invite())
    (written,) = export(hub.kit, hub.me, network.folder)
    # The hub knows another key of the deputy's, from its bundle.
    assert (written.recipients, written.unreadable) == (2, ())
    (written,) = export(other.kit, other.me, network.folder)
    assert (written.recipients, written.unreadable) == (1, ("D",))
    hub.merge(*deputy.export())
    assert hub.kit.get(deputy.me.device).values["age_key"] == deputy.me.age_public


def test_a_laptop_is_named_for_everybody_once_its_bundle_has_said_how(network: Network) -> None:
    hub, laptop, other = network.hub, network.joins("Gurdwara 1"), network.joins("B", trusted="field")
    hub.trust(laptop)
    assert hub.kit.get(laptop.me.device).values["name"] == laptop.me.key.public.words
    hub.merge(*laptop.export())
    assert hub.kit.get(laptop.me.device).values["name"] == "Gurdwara 1"
    other.merge(hub.invite())
    assert other.kit.get(laptop.me.device).values["name"] == "Gurdwara 1"
    held = hub.kit.ledger.origins()
    hub.merge(*laptop.export())
    assert hub.kit.ledger.origins() == held
    # What a coordinator calls a laptop stands.
    hub.trust(laptop, name="The old one")
    hub.merge(*laptop.export(full=True))
    assert hub.kit.get(laptop.me.device).values["name"] == "The old one"


def test_a_record_of_another_kind_names_no_recipient(network: Network) -> None:
    """Under the id of a coordinator whose key is in doubt; any laptop can write one."""
    hub, deputy, laptop = network.hub, network.joins("D"), network.joins("A", trusted="field")
    strange = str(pyrage.x25519.Identity.generate().to_public())
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(
        op(writer.origin, kind="lantern", record_id=deputy.me.device, fields={"age_key": strange})
    )
    assert hub.take(writer.bundle(lines)).status == MERGED
    hub.trust(deputy, "deputy", "D")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    keys = [str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2)]
    for one, key in zip((hub, deputy), keys, strict=True):
        one.kit.put("device", deputy.me.device, {"age_key": key})
    hub.merge(*deputy.export())
    found = Roster(hub.kit, hub.me).recipients()
    assert {*keys, hub.me.age_public} <= set(found)
    assert strange not in found


def test_a_dry_run_lets_in_whom_the_same_files_let_in(network: Network) -> None:
    """A deputy's export lets a laptop in whose bundle comes before it."""
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    late = network.joins("A")
    deputy.merge(hub.invite())
    hub.merge(*deputy.export())
    deputy.trust(late, "field", "A")
    deputy.kit.add("event", {"title": "Fair"})
    late.merge(deputy.invite())
    late.kit.add("feedback", {"rating": "1"})
    files = [*late.export(), *deputy.export()]
    before = hub.state(), len(Roster(hub.kit, hub.me).members)
    preview = hub.merge(*files, dry_run=True)
    assert (hub.state(), len(Roster(hub.kit, hub.me).members)) == before
    assert hub.kit.ledger.quarantine() == []
    report = hub.merge(*files)
    assert preview.aside == report.aside == []
    assert preview.as_dict() | {"dry_run": False} == report.as_dict()
