"""The screen for exporting: bundles and network files go to a stick, and the six words are read out."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from desk import notice, says, shown
from faulty import fill
from fieldkit.presentation.exchange.written_bundles import changes_in
from fieldkit.presentation.wording import size_of
from fieldkit.store.local.known_settings import EXPORT_FOLDER
from fieldkit.sync.export.export import export
from fieldkit.sync.network import network_rules
from fieldkit.sync.setup import revoke
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.inputs import PlainInput
from sync_desk import FIXTURES, bring, record
from waiting import until

(net,) = FIXTURES


async def test_export_goes_to_the_stick_and_is_told(net: SimpleNamespace) -> None:
    record(net.a, 3)
    async with shown(net.a, net.me_a, "sync") as (app, pilot):
        await until(pilot, lambda: says(app, "3 changes"))
        for word in net.me_a.key.public.six_words.split():
            assert says(app, word)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await until(pilot, lambda: says(app, "stick"))
        await pilot.press("1")
        await until(pilot, lambda: "written" in notice(app))
        (bundle,) = net.stick.glob("*.fkb")
        assert f"Bundle 1 written: 3 changes, {size_of(bundle.stat().st_size)}, to {bundle}" in notice(app)
        await until(pilot, lambda: says(app, "no changes, nothing is waiting", bundle.name))
    assert net.a.ledger.unsent(net.me_a.origin).ops == 0
    assert net.a.settings.get(EXPORT_FOLDER) == str(net.stick)


async def test_a_small_window_shows_the_newest_bundle_below_all_that_is_to_do(net: SimpleNamespace) -> None:
    record(net.hub)
    (bundle,) = export(net.hub, net.chief, net.stick)
    bring(net)
    net.hub.erase(net.hub.add("feedback", {"rating": "1"}).record_id)
    network_rules.set_rules(net.hub, net.chief, confirm_days=2)
    revoke(net.hub, net.chief, net.me_a.key.public.fingerprint)
    async with shown(net.hub, net.chief, "sync", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "not yet in it: 1 erasure, 1", "rule, 1 laptop"))
        await until(pilot, lambda: says(app, "BUNDLES MADE HERE", f"▸ {1:>8}"))
        assert says(app, bundle.path.name[:12])


async def test_a_bundle_says_how_many_of_its_changes_are_new(net: SimpleNamespace) -> None:
    record(net.a, 3)
    (before,) = export(net.a, net.me_a, net.stick)
    assert changes_in(before) == "3 changes"
    record(net.a, 2)
    async with shown(net.a, net.me_a, "sync") as (app, pilot):
        await until(pilot, lambda: says(app, "BUNDLES MADE HERE", before.path.name))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: "written" in notice(app))
        assert "5 changes (2 new, 3 sent before and not confirmed yet)" in notice(app)
    (again,) = export(net.a, net.me_a, net.stick)
    assert changes_in(again) == "5 changes (all sent before and not confirmed yet)"
    assert changes_in(again, full=True) == "5 changes (all sent before)"


async def test_export_to_a_place_that_is_not_there_says_so(net: SimpleNamespace) -> None:
    record(net.a)
    async with shown(net.a, net.me_a, "sync", True) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = "/nowhere/at/all.fkb"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await until(
            pilot, lambda: says(app, "That place does not exist", "What was recorded before is safe.")
        )
        await pilot.press("enter")
    assert net.a.ledger.sent() == []


async def test_a_full_stick_says_so_and_nothing_counts_as_sent(
    net: SimpleNamespace, small_disk: Path
) -> None:
    record(net.a)
    filler = fill(small_disk)
    async with shown(net.a, net.me_a, "sync", True) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = str(small_disk)
        await pilot.press("enter")
        await until(
            pilot,
            lambda: isinstance(app.screen, Message) and says(app, "The disk is full", "Free some space"),
        )
        await pilot.press("enter")
    assert net.a.ledger.sent() == []
    assert list(small_disk.iterdir()) == [filler]


async def test_only_a_coordinator_can_invite(net: SimpleNamespace) -> None:
    async with shown(net.a, net.me_a, "sync") as (app, pilot):
        await until(pilot, lambda: says(app, "THIS LAPTOP"))
        assert app.screen.check_action("command", ("invite",)) is False
    async with shown(net.hub, net.chief, "sync") as (app, pilot):
        await until(pilot, lambda: app.screen.check_action("command", ("invite",)))
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: "Network file written" in notice(app))
    assert len(list(net.stick.glob("*.fkn"))) == 1


async def test_the_six_words_are_read_out_from_a_box(net: SimpleNamespace) -> None:
    async with shown(net.a, net.me_a, "sync") as (app, pilot):
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Message))
        key = net.me_a.key.public
        assert says(app, *(f"{number} {word}" for number, word in enumerate(key.six_words.split(), 1)))
        assert says(app, key.fingerprint)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_every_key_for_what_comes_in_is_in_view(net: SimpleNamespace, size: tuple[int, int]) -> None:
    async with shown(net.hub, net.chief, "sync", size=size) as (app, pilot):
        await until(
            pilot,
            lambda: says(
                app, "i network file", "r receipt: says", "m merge files", "no files in quarantine", "c no conflicts",
                "l 1 laptop trusted", "None yet. Press x to write the first.",
            ),
        )  # fmt: skip
