"""The screen for merging files: it shows what would change before anything is stored."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from desk import keys_offered, notice, says, shown
from fieldkit.presentation.exchange.merge_report import confirms, done_sentence
from fieldkit.screens.exchange.merge_files import FILES
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.merge.report import KNOWN, PASSED, QUARANTINED, MergedFile, MergeReport
from fieldkit.sync.setup import revoke, trust
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.inputs import PlainInput
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.sources import column_widths
from sync_desk import FIXTURES, bring, record
from waiting import until

(net,) = FIXTURES


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
            pilot, lambda: says(app, "2 of 4 files would bring 1 new record", "2 files would be quarantined")
        )
        assert net.hub.state_hash() == before
        assert net.hub.ledger.quarantine() == []
        files = app.screen.query_one(Listing)
        files.cursor = next(at for at, file in enumerate(app.screen._seen) if file.fingerprint)
        trusted = app.screen._under_cursor().file.path
        await until(pilot, lambda: says(app, "t trust laptop", *net.me_b.key.public.six_words.split()))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await until(pilot, lambda: says(app, *net.me_b.key.public.six_words.split()))
        await pilot.press("y")
        await until(pilot, lambda: notice(app).strip(" ▪") == "The laptop is trusted now.")
        await until(
            pilot, lambda: says(app, "3 of 4 files would bring 5 new records", "1 file would be quarantined")
        )
        assert app.screen._under_cursor().file.path == trusted, "the notice is about its laptop"
        assert net.hub.count("feedback") == 2
        await pilot.press("enter")
        await until(
            pilot,
            lambda: says(app, "3 of 4 files brought 5 new records", "1 file was quarantined", "enter done"),
        )
        assert net.hub.count("feedback") == 7
        assert not says(app, "The laptop is trusted now."), "that was before the merge"
        await pilot.press("enter")
    assert [file.name for file in net.hub.ledger.quarantine()] == ["torn [b].fkb"]


async def test_no_receipt_is_offered_where_every_file_went_into_quarantine(net: SimpleNamespace) -> None:
    for name in ("torn.fkb", "torn again.fkb"):
        (net.stick / name).write_bytes(b"nonsense" + name.encode())
    async with shown(net.hub, net.chief, "merge", files_in([net.stick])) as (app, pilot):
        await until(pilot, lambda: says(app, "Both files would be quarantined."))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Both files were quarantined.", "read why, and what to do"))
        assert not says(app, "receipt") and "receipt" not in keys_offered(app)


@pytest.mark.parametrize(
    ("files", "offered"),
    [
        ([("merged", 3, 0)], True),
        ([(QUARANTINED, 0, 0), ("merged", 1, 0)], True),
        ([(QUARANTINED, 0, 0), (KNOWN, 0, 4)], True),
        ([(QUARANTINED, 0, 0), (PASSED, 0, 0), ("merged", 0, 0)], False),
        ([], False),
    ],
)
def test_a_receipt_is_offered_for_changes_that_are_here(
    files: list[tuple[str, int, int]], offered: bool
) -> None:
    report = MergeReport(
        [MergedFile("a", "a", status, new_ops=new, known_ops=known) for status, new, known in files]
    )
    assert confirms(report) is offered
    assert ("receipt" in done_sentence(report, coordinating=True)) is offered


async def test_what_comes_in_by_trusting_is_counted_with_its_conflicts(net: SimpleNamespace) -> None:
    """Files quarantined on an earlier day are merged when their laptop is trusted: the heading says so."""
    net.hub.edit(net.hub.get(net.event), {"place": "Park"})
    net.b.edit(net.b.get(net.event), {"place": "Mosque"})
    record(net.b, 2)
    path = export(net.b, net.me_b, net.stick)[0].path
    merge(net.hub, net.chief, [path])
    async with shown(net.hub, net.chief, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "t trust laptop"))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: "3 changes of it came in, with 1 conflict" in notice(app))
        await until(
            pilot, lambda: says(app, "Stored already", "3 changes with 1 conflict (c)", "c conflicts")
        )
        assert says(app, "merged", "enter done")
        assert not says(app, "nothing is stored")
        await pilot.press("v")
        await until(pilot, lambda: says(app, "feedback 2"))


async def test_a_slow_look_around_does_not_take_the_preview_away(
    net: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.screens.exchange import merge_screen

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


async def test_a_wrong_path_stays_in_its_line_with_what_is_wrong_below(net: SimpleNamespace) -> None:
    record(net.a)
    export(net.a, net.me_a, net.stick)
    async with shown(net.hub, net.chief, "merge", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "o other place"))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, AskLine) and app.screen.takes_keys)
        line = app.screen.query_one(PlainInput)
        line.value = typed = f"{net.stick}x"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "There is no file", "name."))
        assert isinstance(app.screen, AskLine) and line.value == typed
        await pilot.press("backspace")
        await until(pilot, lambda: not says(app, "There is no file"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "What would change"))


async def test_a_file_of_a_revoked_laptop_is_listed_with_its_name(net: SimpleNamespace) -> None:
    record(net.a)
    export(net.a, net.me_a, net.stick)
    name = revoke(net.hub, net.chief, net.me_a.key.public.ssh_line()).name
    async with shown(net.hub, net.chief, "merge", [net.stick]) as (app, pilot):
        await until(pilot, lambda: says(app, "would be quarantined", name, "bundle 1", "to quarantine"))
        assert not says(app, "not known")
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "enter done", "quarantined"))
        assert not says(app, "to quarantine")
        await pilot.press("v")
        await until(pilot, lambda: says(app, "BY LAPTOP", name))
        assert not says(app, "unknown laptop")


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
        await until(pilot, lambda: says(app, "There are no bundles in"))
        assert isinstance(app.screen, AskLine)


async def test_a_coordinator_is_not_offered_its_own_invitation(net: SimpleNamespace) -> None:
    own = invite(net.hub, net.chief, net.stick)
    record(net.b)
    path = export(net.b, net.me_b, net.stick)[0].path
    async with shown(net.hub, net.chief, "merge") as (app, pilot):
        await until(pilot, lambda: says(app, path.name))
        assert not says(app, own.name)
        assert not says(app, "both files")
    async with shown(net.b, net.me_b, "merge") as (app, pilot):
        await until(pilot, lambda: says(app, own.name))


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
        assert "Still packing" in notice(app)
        await pilot.press("escape")
        await until(pilot, lambda: "Stopping" in notice(app))
        assert app.screen is screen
        go_on.set()
        await until(pilot, lambda: "Stopped" in notice(app))
        assert not screen.busy
    assert seen == []


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_files_of_unknown_laptops_among_others_are_told_apart_and_say_how_to_trust(
    net: SimpleNamespace, size: tuple[int, int]
) -> None:
    for kit, me in ((net.a, net.me_a), (net.b, net.me_b)):
        record(kit)
        export(kit, me, net.stick)
    (net.stick / "broken.fkb").write_bytes(b"this is no bundle")
    names = [f"bundle 1 · {me.device[:6]}" for me in (net.me_a, net.me_b)]
    async with shown(net.hub, net.chief, "merge", [net.stick], size=size) as (app, pilot):
        await until(pilot, lambda: says(app, "All 3 files would be quarantined.", "2 files are from laptops"))
        assert says(app, "point at one and press t", *names)


def test_on_a_small_screen_what_becomes_of_a_file_stays_before_its_figures() -> None:
    widths = column_widths(FILES, 55, [66, 54, 1, 0, 1, 0, 11], [3, 6, 2, 1, 2, 1, 4])
    assert widths[6] >= 11 and not widths[4]
    widths = column_widths(FILES, 55, [42, 8, 1, 1, 1, 1, 13], [4, 2, 1, 1, 1, 2, 2])
    assert widths[6] >= 13, "a conflict has its sign before the row"
