"""Undoing what an import or a merge did: later changes by others stay, and no clock decides."""

from __future__ import annotations

import pytest

from fieldkit.store.kit import Kit
from networks import Laptop, Network, Writer, op


def last_spans(kit: Kit) -> list[tuple[str, int, int]]:
    """The spans of the bundle merged last."""
    return kit.ledger.received()[0].spans


def merged_bundles(hub: Laptop, laptop: Laptop) -> list[tuple[str, int, int]]:
    """Merge a laptop's changes; returns their spans."""
    assert hub.merge(*laptop.export()).quarantined == []
    return last_spans(hub.kit)


@pytest.mark.parametrize("changes", [{"title": "Fair of 1970"}, {"place": "Hall"}])
def test_undoing_a_merge_that_edited_a_record_leaves_the_record_whatever_the_clocks_said(
    network: Network, changes: dict[str, str]
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    event = hub.kit.add("event", {"title": "Fair", "date": "2026-01-01"})
    laptop.kit.clock = lambda: 1_000
    laptop.merge(hub.invite())
    laptop.kit.edit(laptop.kit.get(event.record_id), changes)
    hub.kit.undo(merged_bundles(hub, laptop))
    now = hub.kit.get(event.record_id)
    assert not now.deleted
    assert now.values == event.values
    assert now.conflicts == ()


@pytest.mark.parametrize("clock", [1_000, 4_000_000_000_000])
def test_undoing_a_merge_that_made_a_record_deletes_it_whatever_the_clocks_said(
    network: Network, clock: int
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.clock = lambda: clock
    event = laptop.kit.add("event", {"title": "Fair", "date": "2026-01-01"})
    laptop.kit.edit(event, {"place": "Hall", "title": "Fairer"})
    assert hub.kit.undo(merged_bundles(hub, laptop)) == 1
    now = hub.kit.get(event.record_id)
    assert now.deleted
    assert now.conflicts == ()
    assert hub.kit.undo(last_spans(hub.kit)) == 0


@pytest.mark.parametrize("changes", [{"place": "Hall"}, {"title": "Fairer"}])
@pytest.mark.parametrize("clock", [1_000, 4_000_000_000_000])
def test_an_edit_made_since_stands_against_the_deletion(
    network: Network, changes: dict[str, str], clock: int
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.clock = lambda: clock
    event = laptop.kit.add("event", {"title": "Fair", "date": "2026-01-01"})
    spans = merged_bundles(hub, laptop)
    hub.kit.edit(hub.kit.get(event.record_id), changes)
    hub.kit.undo(spans)
    now = hub.kit.get(event.record_id)
    assert now.deleted
    assert now.conflicts == ("deleted",)
    (conflict,) = hub.kit.conflicts()
    assert {claim.value for claim in conflict.values} == {True, False}
    hub.kit.resolve(event.record_id, "deleted", value=False)
    kept = hub.kit.get(event.record_id)
    assert not kept.deleted
    assert kept.values == event.values | changes
    assert hub.kit.conflict_count() == 0


def test_a_record_of_another_program_is_deleted_only_where_nobody_else_began_it(network: Network) -> None:
    """Its id does not say who made it, so anybody who set a value without having seen one may have made it."""
    hub, laptop, other = network.hub, network.joins("A", trusted="field"), network.joins("B", trusted="field")
    first, second = (Writer(device, [hub.me.age_public]) for device in (laptop, other))
    ids = ("sharedrecord1", "ownrecord1")
    lines = [op(first.origin, seq, record_id=name) for seq, name in enumerate(ids, 1)]
    assert hub.merge(first.bundle(first.lines(*lines))).quarantined == []
    spans = last_spans(hub.kit)
    line = op(second.origin, 1, record_id=ids[0], fields={"rating": "2"}, stamp=5)
    assert hub.merge(second.bundle(second.lines(line))).quarantined == []
    hub.kit.undo(spans)
    shared, own = map(hub.kit.get, ids)
    assert not shared.deleted
    assert shared.values == {"rating": "2"}
    assert own.deleted
    assert hub.kit.conflict_count() == 0


# A decision on a conflict that is undone


def last_change(kit: Kit) -> list[tuple[str, int, int]]:
    """The spans of this kit's last change."""
    last = kit.ledger.origins()[kit.origin]
    return [(kit.origin, last, last)]


def conflicting(network: Network, count: int = 2, **values: str) -> tuple[Laptop, list[Laptop], str]:
    """A coordinator with an event whose fields `values` each of `count` laptops has changed to its own value."""
    hub = network.hub
    event = hub.kit.add("event", {"title": "Fair", "date": "2026-01-01", **values})
    laptops = [network.joins(f"L{number}", trusted="field") for number in range(count)]
    invitation = hub.invite()
    for number, laptop in enumerate(laptops):
        laptop.merge(invitation)
        changes = {name: f"{value} {number}" for name, value in values.items()}
        laptop.kit.edit(laptop.kit.get(event.record_id), changes)
        hub.merge(*laptop.export())
    return hub, laptops, event.record_id


def claims(kit: Kit) -> dict[str, set[object]]:
    """Field -> the values that conflict."""
    return {conflict.field: {claim.value for claim in conflict.values} for conflict in kit.conflicts()}


@pytest.mark.parametrize("chosen", ["Hall 0", "Hall 1", "elsewhere"])
def test_undoing_a_decision_opens_the_conflict_again(network: Network, chosen: str) -> None:
    hub, (laptop, _), record_id = conflicting(network, place="Hall")
    shown, values = hub.kit.get(record_id).values, claims(hub.kit)
    assert values == {"place": {"Hall 0", "Hall 1"}}
    hub.kit.resolve(record_id, "place", chosen)
    assert claims(hub.kit) == {}
    decision = last_change(hub.kit)
    assert hub.kit.undo(decision) == 1
    assert claims(hub.kit) == values
    assert hub.kit.get(record_id).values == shown
    before = hub.kit.ledger.origins()
    assert hub.kit.undo(decision) == 0
    assert hub.kit.ledger.origins() == before
    laptop.merge(hub.invite())
    assert claims(laptop.kit) == values
    assert laptop.kit.state_hash() == hub.kit.state_hash()
    assert hub.kit.check() == laptop.kit.check() == []
    hub.kit.resolve(record_id, "place", "Hall 0")
    assert claims(hub.kit) == {}


def test_undoing_decisions_on_two_fields_of_three_laptops_restores_every_value(network: Network) -> None:
    hub, _, record_id = conflicting(network, 3, place="Hall", notes="Ask")
    shown, values = hub.kit.get(record_id).values, claims(hub.kit)
    hub.kit.resolve(record_id, "place", "Hall 1")
    (entry,) = last_change(hub.kit)
    hub.kit.edit(hub.kit.get(record_id), {"notes": "Decided", "title": "Fairer"})
    (other,) = last_change(hub.kit)
    assert claims(hub.kit) == {}
    assert hub.kit.undo([entry, other]) == 1
    assert claims(hub.kit) == values
    assert hub.kit.get(record_id).values == shown
    assert hub.kit.undo([entry, other]) == 0


def test_undoing_a_merge_leaves_a_conflict_of_others_a_conflict(network: Network) -> None:
    hub, _, _ = conflicting(network, 3, place="Hall")
    third = last_spans(hub.kit)
    assert hub.kit.undo(third) == 1
    assert claims(hub.kit) == {"place": {"Hall 0", "Hall 1"}}
    assert hub.kit.undo(third) == 0


def test_values_that_one_another_replaced_do_not_return_as_a_conflict(network: Network) -> None:
    """Two merges undone at once, of laptops that had seen the first value and the next."""
    hub, laptop, other = network.hub, network.joins("A", trusted="field"), network.joins("B", trusted="field")
    event = hub.kit.add("event", {"title": "Fair", "date": "2026-01-01", "place": "first"})
    invitation = hub.invite()
    laptop.merge(invitation)
    hub.kit.edit(hub.kit.get(event.record_id), {"place": "second"})
    other.merge(hub.invite())
    spans = []
    for entry, word in ((laptop, "third"), (other, "fourth")):
        entry.kit.edit(entry.kit.get(event.record_id), {"place": word})
        spans += merged_bundles(hub, entry)
    assert claims(hub.kit) == {"place": {"third", "fourth"}}
    assert hub.kit.undo(spans) == 1
    assert claims(hub.kit) == {}
    assert hub.kit.get(event.record_id).values["place"] == "second"


@pytest.mark.parametrize("keep", [True, False])
def test_undoing_a_decision_on_a_deletion_opens_the_conflict_again(network: Network, keep: bool) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    event = hub.kit.add("event", {"title": "Fair", "date": "2026-01-01"})
    laptop.merge(hub.invite())
    laptop.kit.edit(laptop.kit.get(event.record_id), {"place": "Hall"})
    hub.kit.delete(event.record_id)
    hub.merge(*laptop.export())
    assert claims(hub.kit) == {"deleted": {True, False}}
    hub.kit.resolve(event.record_id, "deleted", not keep)
    assert claims(hub.kit) == {}
    decision = last_change(hub.kit)
    assert hub.kit.undo(decision) == 1
    assert claims(hub.kit) == {"deleted": {True, False}}
    assert hub.kit.get(event.record_id).deleted
    assert hub.kit.undo(decision) == 0


def test_undoing_a_restored_record_is_no_conflict(network: Network) -> None:
    kit = network.hub.kit
    event = kit.add("event", {"title": "Fair", "date": "2026-01-01"})
    kit.delete(event.record_id)
    kit.restore(event.record_id)
    assert kit.undo(last_change(kit)) == 1
    assert kit.get(event.record_id).deleted
    assert claims(kit) == {}


def test_undoing_an_edit_and_its_return_changes_nothing(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    event = hub.kit.add("event", {"title": "Fair"})
    laptop.merge(hub.invite())
    for title in ("Fete", "Fair"):
        laptop.kit.edit(laptop.kit.get(event.record_id), {"title": title})
    assert hub.kit.undo(merged_bundles(hub, laptop)) == 0
    assert hub.kit.get(event.record_id).values == event.values
