"""The screens for sending, receiving, settling, summing up and finding, driven by keys on real kits."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from desk import keys_offered, says, shown, told, until
from fieldkit.screens import places
from fieldkit.screens.conflicts import OneAnswer
from fieldkit.screens.find import Results, find
from fieldkit.screens.summary import SummaryScreen
from fieldkit.screens.wording import age, counted, six_words, size_of, when
from fieldkit.store.kit import Kit
from fieldkit.sync.export import export, invite
from fieldkit.sync.merge import files_in, merge, quarantine_folder
from fieldkit.sync.network import create_network, join, trust
from fieldkit.sync.roster import Roster
from fieldkit.widgets.dialogs import AskLine, Choose, Confirm, Message, PlainInput
from fieldkit.widgets.listing import Listing

HOSTILE = "[/] [@click=app.quit]x[/] \x1b[31m 健康"
DAY = 86_400_000


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each key, Textual's pilot looks every 20 ms whether the program is idle; here every 4 ms."""
    from textual import _wait

    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.002)


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A coordinator (hub), two laptops (a, b) that joined, a shared event and person, and an empty stick."""
    stick = tmp_path / "STICK"
    stick.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(places, "sticks", lambda: [stick])
    monkeypatch.setenv("HOME", str(home))
    hub, _ = Kit.create(tmp_path / "hub", None)
    chief = create_network(hub, f"Bradford {HOSTILE}", "Coordinator")
    event = hub.add("event", {"title": f"Fair {HOSTILE}", "date": "2026-10-27", "place": "Town hall"})
    invitation = invite(hub, chief, tmp_path)
    found = SimpleNamespace(hub=hub, chief=chief, stick=stick, event=event.record_id, home=home)
    for name in "ab":
        kit, _ = Kit.create(tmp_path / name, None)
        setattr(found, name, kit)
        setattr(found, f"me_{name}", join(kit, invitation, f"Laptop {name} {HOSTILE}"))
    yield found
    for kit in (found.hub, found.a, found.b):
        kit.close()


def record(kit: Kit, number: int = 1, **values: Any) -> None:
    for at in range(number):
        kit.add("feedback", {"rating": str(at % 6 + 1), "experience": f"It went {HOSTILE}", **values})


def clash(net: SimpleNamespace) -> None:
    """Both laptops change the place of the event; the coordinator has both."""
    for kit, place in ((net.a, "Library"), (net.b, f"Mosque {HOSTILE}")):
        kit.edit(kit.get(net.event), {"place": place})
    bring(net)


def bring(net: SimpleNamespace) -> None:
    """What the laptops have, merged at the coordinator's, who trusts them."""
    export(net.a, net.me_a, net.stick)
    export(net.b, net.me_b, net.stick)
    merge(net.hub, net.chief, files_in([net.stick]))
    for me in (net.me_a, net.me_b):
        trust(net.hub, net.chief, me.key.public.fingerprint)


# Sending


async def test_export_goes_to_the_stick_and_is_told(net: SimpleNamespace) -> None:
    record(net.a, 3)
    async with shown(net.a, net.me_a, "sync") as (app, pilot):
        await until(pilot, lambda: says(app, "3 changes"))
        for word in net.me_a.key.public.words.split():
            assert says(app, word)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await until(pilot, lambda: says(app, "stick"))
        await pilot.press("1")
        await until(pilot, lambda: "written" in told(app))
        (bundle,) = net.stick.glob("*.fkb")
        assert f"bundle 1 written: 3 changes, {size_of(bundle.stat().st_size)}, to {bundle}" in told(app)
        await until(pilot, lambda: says(app, "no changes, nothing is waiting", bundle.name))
    assert net.a.ledger.unsent(net.me_a.origin).ops == 0
    assert net.a.desk.setting("export_folder") == str(net.stick)


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


async def test_only_a_coordinator_can_invite(net: SimpleNamespace) -> None:
    async with shown(net.a, net.me_a, "sync") as (app, pilot):
        await until(pilot, lambda: says(app, "THIS LAPTOP"))
        assert app.screen.check_action("command", ("invite",)) is False
    async with shown(net.hub, net.chief, "sync") as (app, pilot):
        await until(pilot, lambda: app.screen.check_action("command", ("invite",)))
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: "network file written" in told(app))
    assert len(list(net.stick.glob("*.fkn"))) == 1


async def test_the_six_words_are_read_out_from_a_box(net: SimpleNamespace) -> None:
    async with shown(net.a, net.me_a, "sync") as (app, pilot):
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Message))
        key = net.me_a.key.public
        assert says(app, *(f"{number} {word}" for number, word in enumerate(key.words.split(), 1)))
        assert says(app, key.fingerprint)


# Merging


async def test_merge_shows_before_it_stores_and_trusts_on_the_way(net: SimpleNamespace) -> None:
    record(net.a, 2)
    export(net.a, net.me_a, net.stick)
    merge(net.hub, net.chief, files_in([net.stick]))
    trust(net.hub, net.chief, net.me_a.key.public.fingerprint)
    record(net.a)
    record(net.b, 4)
    export(net.a, net.me_a, net.stick)
    export(net.b, net.me_b, net.stick)
    (net.stick / "torn [b].fkb").write_bytes(b"nonsense")
    before = net.hub.state_hash()
    async with shown(net.hub, net.chief, "merge") as (app, pilot):
        await until(pilot, lambda: says(app, "all 4 files on STICK"))
        await pilot.press("enter")
        await until(
            pilot, lambda: says(app, "4 files would bring 1 new record", "2 files would be set aside")
        )
        assert net.hub.state_hash() == before
        assert net.hub.ledger.quarantine() == []
        files = app.screen.query_one(Listing)
        files.cursor = next(at for at, one in enumerate(app.screen._seen) if one.words)
        await until(pilot, lambda: says(app, "t trust this laptop", *net.me_b.key.public.words.split()))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await until(pilot, lambda: says(app, *net.me_b.key.public.words.split()))
        await pilot.press("y")
        await until(pilot, lambda: "is trusted now." in told(app))
        await until(
            pilot, lambda: says(app, "4 files would bring 5 new records", "1 file would be set aside")
        )
        assert net.hub.count("feedback") == 2
        await pilot.press("enter")
        await until(
            pilot, lambda: says(app, "4 files brought 5 new records", "1 file set aside", "enter done")
        )
        assert net.hub.count("feedback") == 7
        await pilot.press("enter")
    assert [one.name for one in net.hub.ledger.quarantine()] == ["torn [b].fkb"]


async def test_a_file_of_a_laptop_not_trusted_says_so_and_what_to_do(net: SimpleNamespace) -> None:
    record(net.b)
    path = export(net.b, net.me_b, net.stick)[0].path
    async with shown(net.hub, net.chief, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "1 file is from a laptop not trusted here yet."))
        assert says(app, "press t to trust it", *net.me_b.key.public.words.split())
        assert says(app, "enter set aside", "Nothing is stored yet.")
        assert not says(app, "enter merge")
        assert not says(app, "would bring")
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: "is trusted now." in told(app))
        await until(pilot, lambda: says(app, "1 file would bring 1 new record", "nothing is stored yet"))
        assert net.hub.count("feedback") == 0
        assert net.hub.ledger.quarantine() == []
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "1 file brought 1 new record"))
    assert net.hub.count("feedback") == 1
    assert net.hub.desk.setting("merge_folder") == str(net.stick)
    assert Roster(net.hub, net.chief).members[net.me_b.device].name == net.me_b.name


async def test_what_comes_in_by_trusting_is_counted_with_its_clashes(net: SimpleNamespace) -> None:
    """Files set aside on an earlier day come in when their laptop is trusted: the heading says so."""
    net.hub.edit(net.hub.get(net.event), {"place": "Park"})
    net.b.edit(net.b.get(net.event), {"place": "Mosque"})
    record(net.b, 2)
    path = export(net.b, net.me_b, net.stick)[0].path
    merge(net.hub, net.chief, [path])
    async with shown(net.hub, net.chief, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "t trust this laptop"))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: "3 changes of it came in, with 1 clash" in told(app))
        await until(pilot, lambda: says(app, "Stored already", "3 changes with 1 clash (c)", "c clashes"))
        assert says(app, "merged", "enter done")
        assert not says(app, "nothing is stored")
        await pilot.press("v")
        await until(pilot, lambda: says(app, "feedback 2"))


async def test_a_slow_look_around_does_not_take_the_preview_away(
    net: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.screens import merge as merge_screen

    look_around, go_on, done = merge_screen.choices, threading.Event(), threading.Event()

    def slowly(*args: Any) -> Any:
        assert go_on.wait(10)
        done.set()
        return look_around(*args)

    monkeypatch.setattr(merge_screen, "choices", slowly)
    record(net.b)
    export(net.b, net.me_b, net.stick)
    async with shown(net.hub, net.chief, "merge") as (app, pilot):
        await until(pilot, lambda: says(app, "o other place"))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = str(net.stick)
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "What would change", "not trusted"))
        go_on.set()
        await until(pilot, lambda: done.is_set() and not [w for w in app.screen.workers if w.is_running])
        assert says(app, "What would change", "not trusted", "not known")


async def test_a_coordinator_is_not_offered_its_own_invitation(net: SimpleNamespace) -> None:
    own = invite(net.hub, net.chief, net.stick)
    record(net.b)
    path = export(net.b, net.me_b, net.stick)[0].path
    async with shown(net.hub, net.chief, "merge") as (app, pilot):
        await until(pilot, lambda: says(app, path.name))
        assert not says(app, own.name)
        assert not says(app, "all 2 files")
    async with shown(net.b, net.me_b, "merge") as (app, pilot):
        await until(pilot, lambda: says(app, own.name))


async def test_words_that_differ_change_nothing(net: SimpleNamespace) -> None:
    record(net.b)
    path = export(net.b, net.me_b, net.stick)[0].path
    async with shown(net.hub, net.chief, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "t trust this laptop"))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await until(pilot, lambda: says(app, "What would change"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "Choose what to take in"))
    assert net.hub.count("feedback") == 0
    assert Roster(net.hub, net.chief).members.get(net.me_b.device) is None


async def test_a_laptop_that_is_no_coordinators_can_not_trust(net: SimpleNamespace) -> None:
    # A deputy's network file comes before the one that says who the deputy is.
    trust(net.hub, net.chief, net.me_b.key.public.ssh_line(), role="deputy")
    merge(net.b, net.me_b, [invite(net.hub, net.chief, net.stick)])
    path = invite(net.b, net.me_b, net.stick / "deputy.fkn")
    async with shown(net.a, net.me_a, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "A coordinator can trust it."))
        assert app.screen.check_action("command", ("trust",)) is False
        await pilot.press("t")
        assert not isinstance(app.screen, Confirm)


async def test_merging_what_is_known_offers_nothing(net: SimpleNamespace) -> None:
    record(net.a)
    bring(net)
    before = net.hub.state_hash()
    async with shown(net.hub, net.chief, "merge", [net.stick]) as (app, pilot):
        await until(pilot, lambda: says(app, "There is nothing to merge", "nothing new", "enter done"))
    assert net.hub.state_hash() == before


async def test_a_stick_without_bundles_says_what_to_do(net: SimpleNamespace) -> None:
    async with shown(net.hub, net.chief, "merge") as (app, pilot):
        await until(pilot, lambda: says(app, "No bundles were found"))
        await pilot.press("enter")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = str(net.stick)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await until(pilot, lambda: says(app, "There are no bundles in"))


async def test_esc_stops_work_and_a_second_piece_waits(net: SimpleNamespace) -> None:
    entered, go_on = threading.Event(), threading.Event()
    seen: list[str] = []

    async with shown(net.hub, net.chief, "merge") as (app, pilot):
        screen = app.screen
        await until(pilot, lambda: says(app, "No bundles were found"))

        def work(on_progress: Any) -> None:
            entered.set()
            assert go_on.wait(10)
            on_progress(1, 2, "packing")
            seen.append("went on")

        async def steps() -> None:
            await screen.do("packing", work)

        screen.start(steps)
        await until(pilot, entered.is_set)
        screen.start(steps)
        assert "Still packing" in told(app)
        await pilot.press("escape")
        await until(pilot, lambda: "Stopping" in told(app))
        assert app.screen is screen
        go_on.set()
        await until(pilot, lambda: "Stopped" in told(app))
        assert not screen.busy
    assert seen == []


# Set aside, and the roster


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
        await until(pilot, lambda: says(app, "1 file") and "thrown away" in told(app))
        await until(pilot, lambda: says(app, *net.me_a.key.public.words.split()))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: says(app, "Nothing is set aside.") and "2 changes" in told(app))
    assert net.hub.count("feedback") == 2
    assert list(quarantine_folder(net.hub).iterdir()) == []


async def test_a_file_tried_again_keeps_its_name(net: SimpleNamespace) -> None:
    (net.stick / "torn [b].fkb").write_bytes(b"nonsense")
    merge(net.hub, net.chief, files_in([net.stick]))
    async with shown(net.hub, net.chief, "quarantine") as (app, pilot):
        await until(pilot, lambda: says(app, "torn [b].fkb"))
        await pilot.press("m")
        await until(pilot, lambda: "still can't be accepted" in told(app))
    assert [one.name for one in net.hub.ledger.quarantine()] == ["torn [b].fkb"]


async def test_laptops_are_trusted_and_shut_out(net: SimpleNamespace) -> None:
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
        await until(pilot, lambda: says(app, "1 trusted", "shut out"))
        await until(pilot, lambda: app.screen.current is not None)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == net.chief.device)
        await until(pilot, lambda: app.screen.current.own)
        assert app.screen.check_action("command", ("revoke",)) is False
    assert Roster(net.hub, net.chief).members[net.me_a.device].status == "revoked"


# Clashes


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


# Summary


async def test_summary_shows_figures_section_by_section(net: SimpleNamespace) -> None:
    record(net.a, 6, service_area="diabetes", themes=["travel-parking"], event=net.event, date="2026-10-27")
    net.a.add("attendance", {"event": net.event, "attendee_group": "all", "head_count": 40})
    async with shown(net.a, net.me_a, "summary") as (app, pilot):
        await until(pilot, lambda: says(app, "ALL SERVICES, 6 answers", "very good", "don't know"))
        assert says(app, "Small numbers", "good 33 %", "poor 33 %")
        for key, words in (
            ("2", "parking"),
            ("3", "27 Oct 2026"),
            ("4", "No mentoring yet."),
            ("5", "WHO SPOKE"),
        ):
            await pilot.press(key)
            await until(pilot, lambda words=words: says(app, words))
        await pilot.press("tab")
        await until(pilot, lambda: says(app, "ALL SERVICES"))
        await pilot.press("3")
        await until(pilot, lambda: says(app, "40", "Fair [/] [@click=app"))


async def test_tables_are_written_and_not_overwritten_unasked(net: SimpleNamespace) -> None:
    record(net.a, 2)
    async with shown(net.a, net.me_a, "summary") as (app, pilot):
        await until(pilot, lambda: says(app, "ALL SERVICES"))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await until(pilot, lambda: says(app, "not encrypted"))
        await pilot.press("1")
        await until(pilot, lambda: "written to" in told(app))
        (book,) = net.stick.glob("*.xlsx")
        book.write_bytes(b"mine")
        await until(pilot, lambda: isinstance(app.screen, SummaryScreen))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, SummaryScreen))
    assert book.read_bytes() == b"mine"


# Finding


async def test_find_lists_every_kind_as_words_are_typed_and_opens(net: SimpleNamespace) -> None:
    record(net.a, 2, provider="Bradford Royal")
    person = net.a.add("person", {"name": f"Royal {HOSTILE}"})
    async with shown(net.a, net.me_a, "find") as (app, pilot):
        await pilot.press(*"royal")
        await until(pilot, lambda: says(app, "3 records", "Person", "Feedback"))
        await pilot.press("x", "q")
        await until(pilot, lambda: says(app, "Nothing holds these words."))
        assert "open" not in keys_offered(app)
        await pilot.press("backspace", "backspace")
        await until(pilot, lambda: says(app, "3 records"))
        results = app.screen.query_one(Results)
        results.cursor = next(at for at in range(3) if results.row(at).id == person.record_id)
        await pilot.press("enter")
        await until(pilot, lambda: type(app.screen).__name__ == "RecordViewScreen")
        await until(pilot, lambda: says(app, "Royal [/] [@click=app.quit]x[/]"))


def test_find_leaves_out_what_is_kept_apart(net: SimpleNamespace) -> None:
    net.a.add("concern", {"own_words": "zebra", "about": "zebra"})
    assert find(net.a, "zebra").rows == []
    assert find(net.a, "  ").rows == []
    record(net.a, 25, provider="zebra")
    found = find(net.a, "zebra")
    assert len(found.rows) == 20
    assert found.more == ["feedback"]


# Places and words


def test_a_stick_that_is_gone_is_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "media" / "anna" / "STICK"
    stick.mkdir(parents=True)
    monkeypatch.setattr(places, "STICK_ROOTS", (str(tmp_path / "media"),))
    monkeypatch.setattr(places, "sticks", list)
    assert all(one.path != stick for one in places.places(str(stick)))
    monkeypatch.setattr(places, "is_stick", lambda path: path == stick)
    assert places.places(str(stick))[0] == places.Place(stick, "as last time")
    monkeypatch.setattr(places, "sticks", lambda: [stick])
    assert places.places(str(stick))[0] == places.Place(stick, "stick, as last time")


def test_files_are_looked_for_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "one.fkb").write_bytes(b"1")
    (tmp_path / "two.FKN").write_bytes(b"22")
    (tmp_path / "three.txt").write_bytes(b"3")
    stick = places.files_at(places.Place(tmp_path, "stick"))
    assert {one.path.name: one.size for one in stick} == {"one.fkb": 1, "two.FKN": 2}
    own = places.files_at(places.Place(tmp_path, "your own folder"))
    assert [one.path.name for one in own] == ["two.FKN"]
    monkeypatch.setattr(places, "_MOST_LOOKED_AT", 1)
    assert places.files_at(places.Place(tmp_path, "stick")) == []
    assert places.files_at(places.Place(tmp_path / "nowhere", "stick")) == []


def test_a_typed_path_loses_its_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    assert places.typed_path(" '/media/anna/A B' ") == Path("/media/anna/A B")
    assert places.typed_path("~/Desktop") == Path("/home/anna/Desktop")


def test_words_for_numbers_sizes_and_moments() -> None:
    assert [counted(number, "clash", "clashes") for number in (0, 1, 2_000)] == [
        "no clashes",
        "1 clash",
        "2,000 clashes",
    ]
    assert [size_of(size) for size in (12, 18_400, 2_500_000)] == ["12 bytes", "18 KB", "2.5 MB"]
    now = 1_793_000_000_000
    assert len(when(now, now)) == 5
    assert when(now - 2 * DAY, now)[:4] in {
        f"{day} " for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    }
    assert when(now - 40 * DAY, now).endswith("2026")
    assert when(10**18, now) == "date not known"
    assert [age(now - days * DAY, now) for days in (-1, 0, 1, 2)] == [
        "from today",
        "from today",
        "1 day old",
        "2 days old",
    ]
    assert six_words("a b c d e f").split() == ["1", "a", "2", "b", "3", "c", "4", "d", "5", "e", "6", "f"]


def test_the_screens_load_nothing_heavy() -> None:
    names = ("sync", "merge", "quarantine", "conflicts", "summary", "find", "people_trust")
    code = (
        "import sys\n"
        + "".join(f"import fieldkit.screens.{name}\n" for name in names)
        + "heavy = ('sqlmodel', 'sqlalchemy', 'pandas', 'fieldkit.records', 'fieldkit.store', "
        "'fieldkit.sync', 'fieldkit.insight')\n"
        "assert not [name for name in heavy if name in sys.modules]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
