"""Taking back what an import or a merge did: what others did since stays, and no clock decides."""

from __future__ import annotations

import pytest

from fieldkit.store.kit import Kit
from networks import Laptop, Network, Writer, op


def last_spans(kit: Kit) -> list[tuple[str, int, int]]:
    """What the bundle brought that was merged last."""
    return kit.ledger.received()[0].spans


def brought(hub: Laptop, laptop: Laptop) -> list[tuple[str, int, int]]:
    """Merge what a laptop has; returns the spans of it."""
    assert hub.merge(*laptop.export()).aside == []
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
    hub.kit.undo(brought(hub, laptop))
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
    assert hub.kit.undo(brought(hub, laptop)) == 1
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
    spans = brought(hub, laptop)
    hub.kit.edit(hub.kit.get(event.record_id), changes)
    hub.kit.undo(spans)
    now = hub.kit.get(event.record_id)
    assert now.deleted
    assert now.conflicts == ("deleted",)
    (clash,) = hub.kit.conflicts()
    assert {claim.value for claim in clash.claims} == {True, False}
    hub.kit.resolve(event.record_id, "deleted", value=False)
    kept = hub.kit.get(event.record_id)
    assert not kept.deleted
    assert kept.values == event.values | changes
    assert hub.kit.conflict_count() == 0


def test_a_record_of_another_program_is_deleted_only_where_nobody_else_began_it(network: Network) -> None:
    """Its id does not say who made it, so whoever set a value without having seen one may have."""
    hub, laptop, other = network.hub, network.joins("A", trusted="field"), network.joins("B", trusted="field")
    first, second = (Writer(one, [hub.me.age_public]) for one in (laptop, other))
    ids = ("sharedrecord1", "ownrecord1")
    lines = [op(first.origin, seq, record_id=name) for seq, name in enumerate(ids, 1)]
    assert hub.merge(first.bundle(first.lines(*lines))).aside == []
    spans = last_spans(hub.kit)
    line = op(second.origin, 1, record_id=ids[0], fields={"rating": "2"}, stamp=5)
    assert hub.merge(second.bundle(second.lines(line))).aside == []
    hub.kit.undo(spans)
    shared, own = map(hub.kit.get, ids)
    assert not shared.deleted
    assert shared.values == {"rating": "2"}
    assert own.deleted
    assert hub.kit.conflict_count() == 0
