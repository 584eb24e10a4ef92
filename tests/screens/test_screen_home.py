"""The warnings of home: what has waited too long, clocks, copied folders, due backups, silent laptops."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desk import notice, says, shown
from fieldkit.app import FieldkitApp
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import BACKUP, CLOCK_CONFIRMED, COPY_SEEN, SAFEGUARDING_LEAD
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Message
from networks import Network
from trust_desk import back
from waiting import until

pytestmark = pytest.mark.usefixtures("stick")


async def test_home_warns_of_what_has_waited_too_long_until_a_receipt_comes(net: Network) -> None:
    (a,) = net.others
    back(a, 5)
    a.kit.add("feedback", {"rating": "1"})
    back(a, 0)
    (bundle,) = a.export()
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "! 1 change, 5 days old", "last bundle 1"))
        assert not says(app, "in no bundle yet")
        net.hub.take(bundle)
        assert a.take(net.hub.receipt()).status == "merged"
        app.screen.refresh_figures()
        await until(pilot, lambda: says(app, "nothing: all is confirmed"))
        a.kit.add("feedback", {"rating": "2"})
        app.screen.refresh_figures()
        await until(pilot, lambda: says(app, "1 change, from today", "1 of them in no bundle yet"))


async def test_x_on_home_exports_at_once(net: Network, stick: Path) -> None:
    (a,) = net.others
    a.kit.add("feedback", {"rating": "1"})
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "1 change"))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: "Bundle 1 written" in notice(app))
    assert len(list(stick.glob("*.fkb"))) == 1


async def test_a_clock_that_can_not_be_right_is_asked_about_once_and_stops_nothing(net: Network) -> None:
    (a,) = net.others
    a.kit.add("feedback", {"rating": "1"})
    back(a, 30)
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "before the last entry", "Is the date correct?"))
        await pilot.press("n")
        await until(pilot, lambda: says(app, "Nothing waits for it"))
        await pilot.press("enter", "p")
        await until(pilot, lambda: type(app.screen).__name__ == "RecordsScreen")
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: a.kit.settings.get(CLOCK_CONFIRMED))
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "AT THIS EVENT", "1 change"))
        assert isinstance(app.screen, HomeScreen)


async def test_a_copied_folder_is_noticed_at_opening_and_told_once(net: Network, tmp_path: Path) -> None:
    (a,) = net.others
    a.kit.add("feedback", {"rating": "1"})
    a.kit.close()
    async with FieldkitApp(a.kit.folder).run_test() as pilot:  # remembers its place
        await until(pilot, lambda: says(pilot.app, "AT THIS EVENT", "1 change"))
        assert isinstance(pilot.app.screen, HomeScreen)
        await pilot.app.leave()  # type: ignore[attr-defined]
    copy = tmp_path / "copy"
    shutil.copytree(a.kit.folder, copy)
    for first in (True, False):
        app = FieldkitApp(copy)
        async with app.run_test() as pilot:
            await until(pilot, lambda app=app: app.me is not None)  # type: ignore[misc]
            if first:
                await until(pilot, lambda app=app: isinstance(app.screen, Message))  # type: ignore[misc]
                await until(
                    pilot,
                    lambda app=app: says(app, "in another folder than before", "only moved", "coordinator"),
                )  # type: ignore[misc]
                await pilot.press("enter")
                await until(pilot, lambda app=app: app.kit.settings.get(COPY_SEEN))  # type: ignore[misc]
            else:
                await until(pilot, lambda app=app: says(app, "1 change"))  # type: ignore[misc]
                assert isinstance(app.screen, HomeScreen)
            assert app.me is not None and app.me.origin != a.me.origin
            await app.leave()
        assert app.faults == []
    a.kit = Kit.open(a.kit.folder)


async def test_home_says_when_a_backup_is_due(net: Network, stick: Path) -> None:
    (a,) = net.others
    back(a, 40)
    a.kit.add("feedback", {"rating": "1"})
    back(a, 0)
    a.kit.settings.put(CLOCK_CONFIRMED, a.kit.clock())
    a.kit.settings.put(SAFEGUARDING_LEAD, "Mrs Shah, 01274 000000")
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "! backup: none yet b"))
        await pilot.press("b")
        await until(pilot, lambda: says(app, "BACKUP", "! last: none yet"))
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: "tested: every record is there" in notice(app))
        await until(pilot, lambda: says(app, "last: tested today"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "nothing just now"))
    (backup,) = stick.glob("*.fkbackup")
    assert a.kit.settings.get(BACKUP)["name"] == backup.name


async def test_a_backup_that_does_not_prove_is_said_to_be_bad(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.screens.safety import safety_screen as safety

    (a,) = net.others
    monkeypatch.setattr(safety, "try_restore", lambda kit, source: ["Page 7 is damaged."])
    async with shown(a.kit, a.me, "safety") as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await until(pilot, lambda: says(app, "is not good", "Page 7 is damaged."))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "never tested"))


async def test_a_laptop_silent_longer_than_the_networks_days_is_told(net: Network) -> None:
    (a,), hub = net.others, net.hub
    a.kit.add("feedback", {"rating": "1"})
    hub.merge(*a.export())
    back(hub, -5)
    async with shown(hub.kit, hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "1 silent over 3 days y"))


async def test_answers_that_providers_owe_are_told_to_the_coordinator(net: Network) -> None:
    hub = net.hub
    cycle = hub.kit.add(
        "cycle", {"title": "A", "service_area": "gp", "date_from": "2026-01-01", "date_to": "2026-12-31"}
    )
    change = hub.kit.add(
        "change", {"cycle": cycle.record_id, "title": "Open", "what": "Open.", "status": "proposed"}
    )
    hub.kit.add("response", {"change": change.record_id, "asked_on": "2026-01-05", "working_days": 20})
    async with shown(hub.kit, hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "1  answer late"))
        hub.kit.add("response", {"change": change.record_id, "date": "2026-03-05", "words": "We did."})
        app.screen.refresh_figures()
        await until(pilot, lambda: not says(app, "answer late"))
