"""A coordinator, a deputy and field laptops: bundles carried both ways, in any order, lead to one state."""

from __future__ import annotations

import csv
from itertools import permutations
from pathlib import Path

import pytest

from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY, ORIGIN
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from fieldkit.sync.network.roster import Roster
from import_steps import import_understood
from networks import Laptop, Network
from project_files import DATA

pytestmark = pytest.mark.journey

REAL = DATA / "fft-comments.csv"
MAPPING = {
    "FFT answer": "experience",
    "FFT categorical answer": "rating",
    "Date": "date",
    "Comment ID": "reference",
}


def halves(folder: Path) -> list[Path]:
    """The rows of the real file in two files with its headings."""
    with REAL.open(encoding="utf-8", newline="") as file:
        heading, *rows = list(csv.reader(file))
    paths = []
    for number, half in enumerate((rows[:200], rows[200:])):
        path = folder / f"half-{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *half])
        paths.append(path)
    return paths


def test_two_laptops_two_coordinators_every_order(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    fair = hub.kit.add("event", {"title": "Fair", "date": "2026-03-01"})
    walk = hub.kit.add("event", {"title": "Walk"})
    deputy = network.joins("Deputy", trusted="deputy")
    # The deputy's sealing key is known from its first bundle.
    hub.merge(*deputy.export())
    laptops = [network.joins(name, trusted="field") for name in ("Church", "Temple")]
    # Laptops that joined earlier learn of later ones from the next network file.
    update = hub.invite()
    for laptop in (deputy, *laptops):
        assert laptop.take(update).status in {MERGED, KNOWN}
        assert len(Roster(laptop.kit, laptop.me).recipients()) == 2
    bundles: list[Path] = []
    for laptop, half, place in zip(laptops, halves(tmp_path), ("Hall", "Garden"), strict=True):
        done = import_understood(laptop.kit, "feedback", half, mapping=MAPPING)
        assert done.stored > 150
        own = laptop.kit.add("feedback", {"rating": "2", "experience": f"typed at {place}"})
        laptop.kit.edit(own, {"rating": "1"})
        # Both laptops change the same field of one shared event, and different fields of another.
        laptop.kit.edit(laptop.kit.get(fair.record_id), {"title": f"Fair in the {place}"})
        laptop.kit.edit(laptop.kit.get(walk.record_id), {"place" if place == "Hall" else "notes": place})
        bundles += laptop.export()
    states = []
    for coordinator, order in ((hub, bundles), (deputy, bundles[::-1])):
        report = coordinator.merge(*order)
        assert [file.status for file in report.files] == [MERGED, MERGED]
        state = coordinator.state()
        again = coordinator.merge(*order, *reversed(order))
        assert {file.status for file in again.files} == {KNOWN}
        assert again.total("new_ops") == 0
        assert coordinator.state() == state
        coordinator.kit.rebuild()
        assert coordinator.state() == state
        states.append(state)
    assert states[0] == states[1]
    (conflict,) = hub.kit.conflicts()
    assert (conflict.record_id, conflict.field) == (fair.record_id, "title")
    assert {(claim.value, claim.origin) for claim in conflict.values} == {
        ("Fair in the Hall", laptops[0].me.origin),
        ("Fair in the Garden", laptops[1].me.origin),
    }
    assert hub.kit.get(walk.record_id).values == {"title": "Walk", "place": "Hall", "notes": "Garden"}
    # One answer resolves it everywhere.
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
            # Only the coordinator's own key opens them: try the same coordinator on an empty kit.
            kit.settings.put_all(
                {IDENTITY: hub.kit.settings.get(IDENTITY), ORIGIN: hub.me.device + ".00000002"}
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
    assert [file.status for file in planned.files] == [MERGED, QUARANTINED]
    assert hub.state() == before
    assert hub.kit.ledger.quarantine() == []
    assert sorted(hub.kit.folder.rglob("*")) == files
    done = hub.merge(bundle, unknown)
    for name in ("status", "ops", "new_ops", "new_records", "changed_records", "kinds", "reason"):
        assert [getattr(file, name) for file in planned.files] == [getattr(file, name) for file in done.files]
    assert done.total("new_records") == 7


def test_what_is_merged_once_under_other_names_is_known(network: Network) -> None:
    laptop = network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    (bundle,) = laptop.export()
    copy = bundle.with_name("copy of it.fkb")
    copy.write_bytes(bundle.read_bytes())
    assert [file.status for file in network.hub.merge(bundle, copy).files] == [MERGED, KNOWN]
    (full,) = laptop.export(full=True)
    assert network.hub.take(full).status == KNOWN


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


def test_a_dry_run_lets_in_whom_the_same_files_let_in(network: Network) -> None:
    """A deputy's export adds the trust for a laptop whose bundle comes before it."""
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
    assert preview.quarantined == report.quarantined == []
    assert preview.as_dict() | {"dry_run": False} == report.as_dict()
