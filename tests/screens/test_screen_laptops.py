"""What the screens show about other laptops: receipts, gaps, copies, unsent changes and unconfirmed erasures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desk import notice, says, shown, text
from fieldkit.presentation.exchange.withdrawals import withdraw
from fieldkit.store.local.known_settings import CLONES, RECEIPTS, SAFEGUARDING_LEAD
from fieldkit.sync.network import network_rules
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import revoke
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.inputs import PlainInput
from fieldkit.widgets.listing import Listing
from laptop_steps import copied
from networks import Network
from trust_desk import HOSTILE, event, two_bundles
from waiting import until

pytestmark = pytest.mark.usefixtures("stick")


async def test_the_coordinator_writes_a_receipt_and_the_laptop_reads_it(net: Network, stick: Path) -> None:
    (a,), hub = net.others, net.hub
    a.kit.add("feedback", {"rating": "1"})
    shutil.copy(a.export()[0], stick / "one.fkb")
    async with shown(hub.kit, hub.me, "merge", [stick]) as (app, pilot):
        await until(pilot, lambda: says(app, "would bring 1 new record"))
        assert not app.screen.check_action("command", ("receipt",))
        await pilot.press("v")
        await until(pilot, lambda: says(app, "feedback 1 0 0", "laptop a 1 0 0 0"))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: says(app, "brought 1 new record", "Press r to write a receipt"))
        await pilot.press("r")
        await until(pilot, lambda: "Receipt written" in notice(app))
    (receipt,) = stick.glob("*.fkr")
    async with shown(a.kit, a.me, "merge", [receipt]) as (app, pilot):
        await until(pilot, lambda: says(app, "A receipt from Coordinator"))
        assert a.kit.settings.get(RECEIPTS) == {}, "nothing may be stored before it is said"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Confirmed: 1 of this laptop's 1 change."))
        assert not app.screen.check_action("command", ("receipt",))


async def test_a_receipt_says_what_is_wanted_again_and_quarantined(net: Network) -> None:
    (a,), hub = net.others, net.hub
    first, second = two_bundles(a, net.hub.me.device)
    hub.take(second)
    path = hub.receipt()
    async with shown(a.kit, a.me, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "A receipt from"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Confirmed: 1 of this laptop's 3 changes", "Wanted again: 1-2"))
        assert not says(app, "no new records")
    assert first.exists()


async def test_gaps_silence_roles_and_names(net: Network) -> None:
    (a,), hub = net.others, net.hub
    _, second = two_bundles(a, net.hub.me.device)
    hub.take(second)
    async with shown(hub.kit, hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "1 with changes missing y"))
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "1 with gaps", "2 missing"))
        listing = app.screen.query_one(Listing)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == a.me.device)
        await until(pilot, lambda: says(app, "Missing 1-2, last bundle today"))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("2")
        await until(pilot, lambda: says(app, "deputy") and "is now: deputy" in notice(app))
        await until(pilot, lambda: app.screen.check_action("command", ("rename",)))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = name = f"Hall {HOSTILE} beside the kitchen"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Hall [/] [@click"))
        assert "Renamed: Hall" in notice(app)
    member = Roster(hub.kit, hub.me).members[a.me.device]
    assert (member.role, member.name, member.status) == ("deputy", name, "trusted")


async def test_a_name_that_the_list_cuts_begins_its_detail(net: Network) -> None:
    (a,), hub = net.others, net.hub
    name = "The laptop of the Sunday group at St Philip, ground floor"
    Roster(hub.kit, hub.me).put(
        Roster(hub.kit, hub.me).members[a.me.device], status="trusted", name=name, role=""
    )
    for size in ((60, 20), (80, 24)):
        async with shown(hub.kit, hub.me, "people_trust", size=size) as (app, pilot):
            await until(pilot, lambda app=app: says(app, "The laptop of the"))
            listing = app.screen.query_one(Listing)
            assert not says(app, name)
            listing.cursor = next(at for at in range(2) if listing.row(at).id == a.me.device)
            await until(pilot, lambda app=app: says(app, f"{name} ", "Its six words"))
            await pilot.resize_terminal(200, 50)
            await until(pilot, lambda app=app: text(app).count(name) == 1)


async def test_a_copied_laptop_is_marked(net: Network) -> None:
    (a,), hub = net.others, net.hub
    a.kit.add("feedback", {"rating": "1"})
    hub.merge(*a.export())
    hub.kit.settings.put(CLONES, {a.me.origin: 7})
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "copied"))
        listing = app.screen.query_one(Listing)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == a.me.device)
        await until(
            pilot,
            lambda: says(
                app,
                "Its folder was copied, or restored from an old backup: two laptops wrote change 7 differently.",
            ),
        )


async def test_a_coordinator_is_told_what_no_network_file_holds(net: Network, stick: Path) -> None:
    (a,), hub = net.others, net.hub
    hub.kit.settings.put(SAFEGUARDING_LEAD, "Amina, 0121 496 0000")
    _, code = hub.kit.add_with_code("feedback", {"rating": "1"})
    async with shown(hub.kit, hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "nothing just now"))
    sentence = withdraw(hub.kit, code).sentence("i on “send and receive”")
    assert "The next network file (i on" in sentence
    hub.kit.erase(hub.kit.add("feedback", {"rating": "1"}).record_id)
    network_rules.set_rules(hub.kit, hub.me, confirm_days=2)
    revoke(hub.kit, hub.me, a.me.key.public.fingerprint)
    async with shown(hub.kit, hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "4 changes to pass on y"))
        await pilot.press("y")
        await until(
            pilot, lambda: says(app, "GOING OUT", "i network file", "r receipt", "x export: a bundle")
        )
        assert says(app, "not yet in it: 1 erasure, 1", "withdrawal, 1 rule, 1 laptop")
        assert not says(app, "not confirmed"), "nobody is above this laptop"
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        assert says(app, "Where should the network file go?")
        await pilot.press("1")
        await until(pilot, lambda: "Network file written" in notice(app))
        await until(pilot, lambda: not says(app, "not yet in it"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "nothing just now"))


async def test_a_laptop_that_goes_on_as_two_copies_is_told_to_the_coordinator(net: Network) -> None:
    """A copied folder that took a new origin by itself writes nothing twice, but the coordinator must still learn of it."""
    (a,), hub = net.others, net.hub
    a.kit.add("feedback", {"rating": "1"})
    hub.merge(*a.export())
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "merged today"))
        assert not says(app, "copies")
    first, a = a, copied(net, a)
    a.kit.add("feedback", {"rating": "2"})
    (path,) = a.export()
    async with shown(hub.kit, hub.me, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "enter merge"))
        assert says(app, "laptop a", "bundle 2", path.name)
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "folder was copied, moved or restored", "a new name"))
    first.kit.add("feedback", {"rating": "3"})
    hub.merge(*first.export())
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "2 copies"))
        listing = app.screen.query_one(Listing)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == a.me.device)
        await until(
            pilot, lambda: says(app, "folder was copied, moved or restored", "it goes on as 2 copies")
        )
        assert says(app, "If it is not, press a.") and not says(app, "run: fieldkit")
        await pilot.press("a")
        await until(pilot, lambda: says(app, "Is one copy of laptop a left?", "Ask its user first."))
        await pilot.press("enter")
        await until(pilot, lambda: "1 copy will not be waited for any more." in notice(app))
        await until(pilot, lambda: not app.screen.check_action("command", ("alone",)))
    async with shown(hub.kit, hub.me, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "There is nothing to merge"))
        assert not says(app, "copies")


async def test_erasures_name_who_has_not_confirmed(net: Network) -> None:
    (a,), hub = net.others, net.hub
    record = event(hub)
    a.take(hub.invite())
    hub.kit.erase(record)
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "2 trusted"))
        await pilot.press("e")
        await until(pilot, lambda: says(app, "Erased: event ", "not confirmed yet by laptop a"))
        await pilot.press("enter")
        a.take(hub.invite())
        a.kit.add("feedback", {"rating": "1"})
        hub.merge(*a.export())
        await pilot.press("e")
        await until(pilot, lambda: says(app, "confirmed by every laptop"))
