"""The screen of clashes: settled by a number or another value, and told in words."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from desk import says, shown, told, until
from fieldkit.screens.conflicts import OneAnswer
from fieldkit.widgets.dialogs import Message
from sync_desk import FIXTURES, bring, clash

pytestmark = pytest.mark.usefixtures("short_waits")
(net,) = FIXTURES


async def test_a_clash_is_settled_by_a_number_and_the_other_value_stays(net: SimpleNamespace) -> None:
    clash(net)
    (the_clash,) = net.hub.conflicts()
    chosen, other = the_clash.claims[1].value, the_clash.claims[0].value
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "1 field to look at", "Library", "Mosque", "shown now", "Place"))
        await pilot.press("3")
        assert net.hub.conflict_count() == 1
        await pilot.press("2")
        await until(pilot, lambda: says(app, "Nothing clashes."))
        assert "Settled: Place" in told(app)
    assert net.hub.get(net.event).values["place"] == chosen
    assert any(step.fields.get("place") == other for step in net.hub.history(net.event))


async def test_a_clash_is_settled_by_another_value(net: SimpleNamespace) -> None:
    clash(net)
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "Library"))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, OneAnswer) and app.screen.focused is not None)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, OneAnswer))
        assert net.hub.conflict_count() == 1
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, OneAnswer) and app.screen.focused is not None)
        assert says(app, "esc back", "Another value")
        await pilot.press("ctrl+u", *"Temple", "enter")
        await until(pilot, lambda: net.hub.conflict_count() == 0)
    assert net.hub.get(net.event).values["place"] == "Temple"


async def test_deleted_against_changed_is_told_in_words(net: SimpleNamespace) -> None:
    net.a.delete(net.event)
    net.b.edit(net.b.get(net.event), {"place": "Leeds"})
    bring(net)
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "One laptop deleted this record", "Delete it.", "Place changed"))
        assert app.screen.check_action("command", ("edit",)) is False
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.current is not None)
        keep = next(at for at, offer in enumerate(app.screen.current.offers, 1) if not offer.value)
        await pilot.press(str(keep))
        await until(pilot, lambda: says(app, "Nothing clashes."))
    assert not net.hub.get(net.event).deleted
    assert net.hub.get(net.event).values["place"] == "Leeds"
