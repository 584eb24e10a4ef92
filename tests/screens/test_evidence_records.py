"""Records of a cycle on the screens: picked by name, also several at once; offered where they are useful."""

from __future__ import annotations

import pytest

from desk import says, shown
from networks import Network
from waiting import until

pytestmark = pytest.mark.usefixtures("stick")


def cycle(net: Network) -> str:
    return net.hub.kit.add(
        "cycle",
        {
            "title": "Therapies",
            "service_area": "mental-health",
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
        },
    ).record_id


async def test_several_sources_are_picked_by_name(net: Network) -> None:
    hub = net.hub
    key = cycle(net)
    for title in ("Alpha report", "Beta study", "Gamma review"):
        hub.kit.add("desk_source", {"title": title, "finding": "It helps."})
    async with shown(hub.kit, hub.me, "entry", "rationale") as (app, pilot):
        await until(pilot, lambda: says(app, "Clinical rationale"))
        await pilot.press(*"therap", "enter")
        await pilot.press(*"It helps", "enter", *"Two say so", "ctrl+n", "tab")
        await until(pilot, lambda: says(app, "type to find"))
        await pilot.press(*"alpha")
        await until(pilot, lambda: says(app, "▸ ", "Alpha report"))
        await pilot.press("enter")
        await pilot.press(*"gamma")
        await until(pilot, lambda: says(app, "▸ ", "Gamma review"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "✓ Alpha report", "✓ Gamma review"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: hub.kit.count("rationale") == 1)
    (stored,) = hub.kit.page("rationale")
    assert stored.values["cycle"] == key
    names = {
        record.values["title"] for record in hub.kit.many("desk_source", stored.values["sources"]).values()
    }
    assert names == {"Alpha report", "Gamma review"}


async def test_a_field_laptop_is_not_offered_what_belongs_to_a_desk(net: Network) -> None:
    (a,) = net.others
    async with shown(a.kit, a.me, "everything") as (app, pilot):
        await until(pilot, lambda: says(app, "Partners", "Providers"))
        assert not says(app, "Cycles") and not says(app, "Releases")
    async with shown(net.hub.kit, net.hub.me, "everything") as (app, pilot):
        await until(pilot, lambda: says(app, "Cycles"))
