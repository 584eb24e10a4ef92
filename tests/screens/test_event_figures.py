"""Home, check-in and the page of an event give the same figures, whatever several laptops counted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from desk import says, shown
from fieldkit.presentation.event_figures import event_figures
from fieldkit.presentation.home import figures
from fieldkit.presentation.record_page import read
from fieldkit.presentation.stall.board_state import state
from fieldkit.presentation.stall.head_count_groups import counted_in_all
from fieldkit.presentation.summary_texts import read_summary
from fieldkit.store.local.known_settings import EVENT
from sync_desk import FIXTURES, bring
from waiting import until

(net,) = FIXTURES


@pytest.fixture
def two_laptops(net: SimpleNamespace) -> SimpleNamespace:
    """Two laptops at one event: both counted everybody, one counted carers, and both checked in one person."""
    person = net.hub.add("person", {"name": "Amina"}).record_id
    for kit, everybody, carers in ((net.a, 86, 0), (net.b, 80, 5)):
        kit.add("attendance", {"event": net.event, "attendee_group": "all", "head_count": everybody})
        if carers:
            kit.add("attendance", {"event": net.event, "attendee_group": "carer", "head_count": carers})
        kit.add("attendance", {"event": net.event, "person": person})
        row = {"event": net.event, "provider": "St Mary's", "reference": "row 1", "rating": "1"}
        kit.add("feedback", row)
        kit.add("feedback", {"event": net.event, "rating": "2"})
    net.b.add("attendance", {"event": net.event, "person": net.b.add("person", {"name": "Bina"}).record_id})
    net.b.delete(net.b.add("attendance", {"event": net.event, "person": "gone0000"}).record_id)
    bring(net)
    net.hub.settings.put(EVENT, net.event)
    return net


def test_every_place_gives_one_figure(two_laptops: SimpleNamespace) -> None:
    hub, event = two_laptops.hub, two_laptops.event
    here = event_figures(hub, event)
    assert (here.people, here.counted.total, here.counted.not_added, here.feedback) == (2, 86, 1, 3)
    home = figures(hub, two_laptops.chief)
    assert (home.named, home.counted, home.feedback) == (2, 86, 3)
    door = state(hub, two_laptops.chief)
    assert door is not None
    assert (door.named, door.counted) == (2, 86)
    assert counted_in_all((group.code, group.mine, group.others) for group in door.groups) == 86
    page = {
        title: shown_figure for step, title, shown_figure, _ in read(hub, event).answers if step == "Who came"
    }
    assert page == {"By name": "2", "everybody": "86", "carers": "5", "In all": "88"}


async def test_check_in_adds_no_count_of_another_laptop(two_laptops: SimpleNamespace) -> None:
    async with shown(two_laptops.hub, two_laptops.chief, "stall") as (app, pilot):
        await until(pilot, lambda: says(app, "86 counted", "2 here", "other laptop 86"))
        await pilot.press("tab", *["down"] * 9, "9", "0")
        await until(pilot, lambda: says(app, "90 counted", "other laptop 86"))
        await pilot.press("escape")
        await until(pilot, lambda: event_figures(two_laptops.hub, two_laptops.event).counted.total == 90)


def test_only_conflicts_in_what_is_counted_are_named(net: SimpleNamespace) -> None:
    for field, conflicts in (("place", 0), ("title", 1)):
        for kit in (net.a, net.b):
            kit.edit(kit.get(net.event), {field: f"{field} of {kit.origin[-4:]}"})
        bring(net)
        assert read_summary(net.hub).conflicts == conflicts
    assert net.hub.conflict_count() == 2
