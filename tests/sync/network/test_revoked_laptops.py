"""A revoked laptop: it knows, and commands and screens say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run
from desk import notice, says, shown
from fieldkit.screens.base import places
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers import own_status
from fieldkit.sync.setup import revoke
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.message_box import Message
from networks import Laptop, Network
from sticks import FIXTURES
from waiting import until

(network,) = FIXTURES


def revoked_laptop(network: Network) -> Laptop:
    """The laptop A, revoked, once it has merged that."""
    hub, (a, _) = network.hub, network.others
    a.take(hub.invite())
    revoke(hub.kit, hub.me, a.me.key.public.fingerprint)
    a.take(hub.invite())
    return a


def test_a_laptop_knows_its_own_status(network: Network) -> None:
    hub, (a, b) = network.hub, network.others
    status_of = lambda laptop: own_status.trust_status(Roster(laptop.kit, laptop.me))  # noqa: E731  # one use each
    assert (status_of(hub), status_of(b)) == ("trusted", "unknown")
    b.take(hub.invite())
    assert status_of(b) == "trusted"
    assert status_of(revoked_laptop(network)) == "revoked"
    hub.trust(a)
    a.take(hub.invite())
    assert status_of(a) == "trusted"


def test_status_and_export_say_that_a_laptop_was_revoked(run: Run, kits: tuple[Path, Path, Path]) -> None:
    hub, a, _ = kits
    run("--kit", a, "merge", "net.fkn")
    assert run("--kit", a, "status", "--json").json["device"]["status"] == "trusted"
    assert own_status.REVOKED_SENTENCE not in run("--kit", a, "status").out
    assert run("--kit", a, "export", "--json").json["shut_out"] is False
    with Kit.open(hub) as kit:
        revoke(kit, identity(kit), "St Mary")
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert run("--kit", a, "status", "--json").json["device"]["status"] == "revoked"
    assert own_status.REVOKED_SENTENCE in run("--kit", a, "status").out
    assert run("--kit", a, "record", "feedback", *with_answers("consent_record=Y", "rating=1")).code == 0
    exported = run("--kit", a, "export")
    assert exported.code == 0
    assert own_status.REVOKED_SENTENCE in exported.out
    assert "Carry it" not in exported.out
    assert run("--kit", a, "export", "--json").json["shut_out"] is True


async def test_home_and_send_and_receive_say_that_a_laptop_was_revoked(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = network.folder / "EMPTY"
    there.mkdir()
    monkeypatch.setattr(places, "sticks", lambda: [there])
    monkeypatch.setenv("HOME", str(there))
    b = network.others[1]
    b.take(network.hub.invite())
    async with shown(b.kit, b.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "NEEDS YOU"))
        assert not says(app, "revoked")
    async with shown(b.kit, b.me, "sync") as (app, pilot):
        await until(pilot, lambda: says(app, "COMING IN"))
        assert not says(app, "revoked")
    a = revoked_laptop(network)
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "! this laptop is revoked"))
        assert says(app, "! Revoked: the coordinator quarantines what is recorded here now. Ask them.")
    async with shown(a.kit, a.me, "sync") as (app, pilot):
        await until(
            pilot, lambda: says(app, f"! {own_status.REVOKED_SENTENCE}", "revoked in West Midlands fair")
        )
        assert says(app, "COMING IN", "laptops trusted", "BUNDLES MADE HERE", "w larger")
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await until(pilot, lambda: says(app, "stick"))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await until(pilot, lambda: says(app, "This laptop was revoked", "keep recording"))
        await pilot.press("enter")
        await until(pilot, lambda: "written" in notice(app))
