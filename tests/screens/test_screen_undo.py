"""The screen for undoing a whole import or merge."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from desk import keys_offered, notice, says, shown, text
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster
from fieldkit.widgets.dialogs.confirm import Confirm
from import_steps import import_understood
from networks import Network
from waiting import until

pytestmark = pytest.mark.usefixtures("stick")


async def test_an_import_and_a_merge_are_undone_whole(net: Network, tmp_path: Path) -> None:
    (a,), hub = net.others, net.hub
    sheet = tmp_path / "people.csv"
    sheet.write_text("name\nAmina\nBen\n")
    import_understood(hub.kit, "person", sheet)
    a.kit.add("feedback", {"rating": "1"})
    hub.merge(*a.export())
    async with shown(hub.kit, hub.me, "undo") as (app, pilot):
        await until(pilot, lambda: says(app, "import of people", "people.csv", "merge", "laptop a"))
        for _ in range(2):
            await until(pilot, lambda: app.screen.check_action("command", ("undo",)))
            await pilot.press("u")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            await pilot.press("enter")
            assert isinstance(app.screen, Confirm), "haste must undo nothing"
            await pilot.press("y")
            await until(pilot, lambda: "Undone" in notice(app))
            await pilot.press("down")
    assert hub.kit.count("person") == hub.kit.count("feedback") == 0
    assert hub.kit.count("person", deleted=True) == 2
    assert Roster(hub.kit, hub.me).members[a.me.device].status == "trusted"
    assert identity(hub.kit) == hub.me


async def test_a_no_about_consent_stays_no(net: Network) -> None:
    (a,), hub = net.others, net.hub
    answers = {"consent_record": "Y", "consent_quote": "Y", "experience": "The door was shut."}
    record_id = a.kit.add("feedback", answers).record_id
    hub.merge(*a.export())
    a.kit.edit(a.kit.get(record_id), {"consent_quote": "N"})
    hub.merge(*a.export())
    async with shown(hub.kit, hub.me, "undo") as (app, pilot):
        await until(pilot, lambda: app.screen.check_action("command", ("undo",)))
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert says(app, "An answer about consent that is no stays no.")
        await pilot.press("y")
        await until(pilot, lambda: "1 answer about consent stays no." in notice(app))
    assert hub.kit.get(record_id).values["consent_quote"] == "N"


async def test_what_a_small_list_of_imports_cuts_is_whole_below_it(net: Network, tmp_path: Path) -> None:
    sheet = tmp_path / "people-who-came-to-the-fair-2012.csv"
    sheet.write_text("name\nAmina\nBen\n")
    import_understood(net.hub.kit, "person", sheet)
    async with shown(net.hub.kit, net.hub.me, "undo", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "import of people", f"{sheet.name}: 2 changes by"))


async def test_a_field_laptop_takes_back_only_what_it_imported(net: Network) -> None:
    (a,) = net.others
    a.take(net.hub.invite())
    async with shown(a.kit, a.me, "undo") as (app, pilot):
        await until(pilot, lambda: says(app, "Nothing was imported or merged here."))
        assert not app.screen.check_action("command", ("undo",))


async def test_safety_counts_what_can_be_undone_and_marks_what_was(net: Network) -> None:
    (a,), hub = net.others, net.hub
    hub.merge(hub.invite())  # it contains nothing
    a.take(hub.invite())
    record_id = a.kit.add("feedback", {"rating": "1"}).record_id
    hub.merge(*a.export())
    hub.merge(*a.export(full=True))  # it contains nothing new
    async with shown(hub.kit, hub.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "no imports, 1 merged bundle"))
    async with shown(hub.kit, hub.me, "undo") as (app, pilot):
        await until(pilot, lambda: app.screen.check_action("command", ("undo",)))
        assert len(_clocks(app)) == 1 and "u undo" in keys_offered(app)
        for _ in range(2):
            await pilot.press("u")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            again = says(app, "It was undone")
            await pilot.press("y")
            await until(pilot, lambda: not isinstance(app.screen, Confirm) and not app.screen.busy)
            await until(pilot, lambda: len(_clocks(app)) == 2)  # when it was merged, and when it was undone
        assert again and "u undo" not in keys_offered(app)
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: says(app, "✓ merge"))
        assert "nothing left to undo" in notice(app)
    assert hub.kit.get(record_id).deleted
    async with shown(hub.kit, hub.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "no imports, 1 merged bundle", "1 undone"))


def _clocks(app: Any) -> list[str]:
    """The times of day in the only row of merges."""
    [row] = [line for line in text(app).splitlines() if " merge " in line and "laptop a" in line]
    return re.findall("[0-9]{2}:[0-9]{2}", row)


async def test_a_field_laptop_is_offered_no_bundles_that_it_cannot_undo(net: Network) -> None:
    (a,) = net.others
    net.hub.kit.add("event", {"title": "Fair"})
    a.take(net.hub.invite())
    async with shown(a.kit, a.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "u no imports"))
        assert not says(app, "merged bundle")
