"""Trusting and revoking laptops: during a merge, in quarantine and in the roster."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from desk import notice, says, shown
from fieldkit.store.local.known_settings import MERGE_FOLDER
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.merge.quarantine_copies import quarantine_folder
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import revoke, trust
from fieldkit.text import quoted
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.listing import Listing
from sync_desk import FIXTURES, record
from waiting import until

(net,) = FIXTURES


async def test_on_a_small_screen_the_file_stays_above_the_words_of_its_laptop(net: SimpleNamespace) -> None:
    record(net.b)
    path = export(net.b, net.me_b, net.stick)[0].path
    for name in ("broken", "cut"):
        (net.stick / f"{name}.fkb").write_bytes(b"not a bundle")
    paths = [path, net.stick / "broken.fkb", net.stick / "cut.fkb"]
    async with shown(net.hub, net.chief, "merge", paths, size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "1 file is from a laptop not trusted here yet"))
        app.screen.query_one(Listing).cursor = 0
        await until(pilot, lambda: says(app, "▸ ! not known", "quarantined, unopened."))
        assert says(app, "press t to trust it", *net.me_b.key.public.six_words.split())


async def test_a_file_of_a_laptop_not_trusted_says_so_and_what_to_do(net: SimpleNamespace) -> None:
    record(net.b)
    path = export(net.b, net.me_b, net.stick)[0].path
    async with shown(net.hub, net.chief, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "1 file is from a laptop not trusted here yet."))
        assert says(app, "press t to trust it", *net.me_b.key.public.six_words.split())
        assert says(app, "enter quarantine", "Nothing is stored yet.")
        assert not says(app, "enter merge")
        assert not says(app, "would bring")
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert says(app, "Trust this laptop?", "It has no name here yet. It sent “bundle 1 · ")
        await pilot.press("y")
        await until(pilot, lambda: "is trusted now." in notice(app))
        await until(pilot, lambda: says(app, "1 file would bring 1 new record", "nothing is stored yet"))
        assert net.hub.count("feedback") == 0
        assert net.hub.ledger.quarantine() == []
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "1 file brought 1 new record"))
    assert net.hub.count("feedback") == 1
    assert net.hub.settings.get(MERGE_FOLDER) == str(net.stick)
    assert Roster(net.hub, net.chief).members[net.me_b.device].name == net.me_b.name


async def test_what_to_do_with_files_of_laptops_not_trusted_is_whole_in_a_small_window(
    net: SimpleNamespace,
) -> None:
    record(net.b)
    path = export(net.b, net.me_b, net.stick)[0].path
    paths = [path]
    for number in range(5):
        paths.append(net.stick / f"damaged {number}.fkb")
        paths[-1].write_bytes(b"nothing")
    record(net.hub)
    paths.append(invite(net.hub, net.chief, net.stick / "network.fkn"))
    async with shown(net.hub, net.chief, "merge", paths, size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "point at one and press t."))
        assert app.screen.query_one("#detail").region.bottom <= 18


async def test_words_that_differ_change_nothing(net: SimpleNamespace) -> None:
    record(net.b)
    path = export(net.b, net.me_b, net.stick)[0].path
    async with shown(net.hub, net.chief, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "t trust laptop"))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await until(pilot, lambda: says(app, "What would change"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "Choose what to merge"))
    assert net.hub.count("feedback") == 0
    assert Roster(net.hub, net.chief).members.get(net.me_b.device) is None


async def test_a_laptop_that_is_no_coordinators_can_not_trust(net: SimpleNamespace) -> None:
    # A deputy's network file comes before the file that states who the deputy is.
    trust(net.hub, net.chief, net.me_b.key.public.ssh_line(), role="deputy")
    merge(net.b, net.me_b, [invite(net.hub, net.chief, net.stick)])
    path = invite(net.b, net.me_b, net.stick / "deputy.fkn")
    async with shown(net.a, net.me_a, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "A coordinator can trust it."))
        assert app.screen.check_action("command", ("trust",)) is False
        await pilot.press("t")
        assert not isinstance(app.screen, Confirm)


async def test_quarantine_throws_away_and_trusts(net: SimpleNamespace) -> None:
    record(net.a, 2)
    export(net.a, net.me_a, net.stick)
    (net.stick / "torn [b].fkb").write_bytes(b"nonsense")
    merge(net.hub, net.chief, files_in([net.stick]))
    async with shown(net.hub, net.chief, "quarantine") as (app, pilot):
        await until(pilot, lambda: says(app, "2 files", "damaged", "unknown laptop", "torn [b].fkb"))
        listing = app.screen.query_one(Listing)
        listing.cursor = next(at for at in range(2) if listing.row(at).cells[0].startswith("torn"))
        await until(pilot, lambda: says(app, "Ask for the file again"))
        assert app.screen.check_action("command", ("trust",)) is False
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("enter")
        assert isinstance(app.screen, Confirm)  # haste destroys nothing
        await pilot.press("y")
        await until(pilot, lambda: says(app, "1 file") and "deleted from quarantine" in notice(app))
        await until(pilot, lambda: says(app, *net.me_a.key.public.six_words.split()))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: says(app, "No file is in quarantine.") and "2 changes" in notice(app))
    assert net.hub.count("feedback") == 2
    assert list(quarantine_folder(net.hub).iterdir()) == []


async def test_a_file_tried_again_keeps_its_name(net: SimpleNamespace) -> None:
    (net.stick / "torn [b].fkb").write_bytes(b"nonsense")
    merge(net.hub, net.chief, files_in([net.stick]))
    async with shown(net.hub, net.chief, "quarantine") as (app, pilot):
        await until(pilot, lambda: says(app, "torn [b].fkb"))
        await pilot.press("m")
        await until(pilot, lambda: "still can't be accepted" in notice(app))
    assert [file.name for file in net.hub.ledger.quarantine()] == ["torn [b].fkb"]


async def test_laptops_are_trusted_and_revoked(net: SimpleNamespace) -> None:
    record(net.a)
    export(net.a, net.me_a, net.stick)
    merge(net.hub, net.chief, files_in([net.stick]))
    async with shown(net.hub, net.chief, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "1 trusted · 1 waiting", "waits for trust"))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        await pilot.press(*"Anna", "enter")
        await until(pilot, lambda: says(app, "2 trusted", "Anna"))
        assert net.hub.count("feedback") == 1
        listing = app.screen.query_one(Listing)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == net.me_a.device)
        await until(pilot, lambda: app.screen.check_action("command", ("revoke",)))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: says(app, "1 trusted", "revoked"))
        await until(pilot, lambda: app.screen.current is not None)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == net.chief.device)
        await until(pilot, lambda: app.screen.current.own)
        assert app.screen.check_action("command", ("revoke",)) is False
    assert Roster(net.hub, net.chief).members[net.me_a.device].status == "revoked"


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_question_about_trust_names_the_laptop(net: SimpleNamespace, size: tuple[int, int]) -> None:
    record(net.a)
    export(net.a, net.me_a, net.stick)
    name = trust(net.hub, net.chief, net.me_a.key.public.ssh_line(), name="Lent laptop")[0].shown
    revoke(net.hub, net.chief, net.me_a.key.public.fingerprint)
    merge(net.hub, net.chief, files_in([net.stick]))
    spoken = net.me_a.key.public.six_words.split()
    for screen in ("quarantine", "people_trust"):
        async with shown(net.hub, net.chief, screen, size=size) as (app, pilot):
            await until(pilot, lambda: app.screen.query(Listing) and app.screen.query_one(Listing).count)
            listing = app.screen.query_one(Listing)
            listing.cursor = next(
                at for at in range(listing.count) if "revoked" in " ".join(listing.row(at).cells)
            )
            await until(pilot, lambda: app.screen.check_action("command", ("trust",)))
            await pilot.press("t")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            assert says(app, f"Trust {quoted(name)}?", *spoken)
            await pilot.press("n")
