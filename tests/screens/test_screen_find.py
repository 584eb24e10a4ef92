"""Finding records of every kind while words are typed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from textual.widgets import Static

from desk import keys_offered, says, shown
from fieldkit.presentation.lists.record_search import IN_VIEW, RecordMatches, search_records
from fieldkit.screens.records import find_screen
from fieldkit.screens.records.find_screen import Results
from fieldkit.store.kit import Kit
from fieldkit.widgets.listing import NO_SUCH_WORDS
from sync_desk import FIXTURES, HOSTILE, record
from waiting import until

(net,) = FIXTURES


async def test_find_lists_every_kind_as_words_are_typed_and_opens(net: SimpleNamespace) -> None:
    record(net.a, 2, provider="Bradford Royal")
    person = net.a.add("person", {"name": f"Royal {HOSTILE}"})
    async with shown(net.a, net.me_a, "find") as (app, pilot):
        await pilot.press(*"royal")
        await until(pilot, lambda: says(app, "3 records", "Person", "Feedback"))
        await pilot.press("x", "q")
        await until(pilot, lambda: says(app, "Nothing has these words."))
        assert "open" not in keys_offered(app)
        await pilot.press("backspace", "backspace")
        await until(pilot, lambda: says(app, "3 records"))
        results = app.screen.query_one(Results)
        results.cursor = next(at for at in range(3) if results.row(at).id == person.name)
        await pilot.press("enter")
        await until(pilot, lambda: type(app.screen).__name__ == "RecordViewScreen")
        await until(pilot, lambda: says(app, "Royal [/] [@click=app.quit]x[/]"))


async def test_a_search_that_has_ended_is_not_called_slow(
    net: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    net.a.add("partner", {"name": "Quill Hall"})
    async with shown(net.a, net.me_a, "find") as (app, pilot):
        timed: list[Callable[[], object]] = []
        set_timer = app.screen.set_timer

        def noted(delay: float, callback: Any = None, **more: Any) -> Any:
            if delay == find_screen.SLOW:
                timed.append(callback)
            return set_timer(delay, callback, **more)

        monkeypatch.setattr(app.screen, "set_timer", noted)
        await pilot.press(*"quill")
        await until(pilot, lambda: says(app, "1 record"))
        for callback in timed:  # as if it had waited behind the matches
            callback()
        await pilot.pause()
        assert timed and says(app, "1 record")


def test_find_leaves_out_what_is_kept_apart(net: SimpleNamespace) -> None:
    net.a.add("concern", {"own_words": "zebra", "about": "zebra"})
    assert search_records(net.a, "zebra").records == []
    assert search_records(net.a, "  ").records == []
    record(net.a, 25, provider="zebra")
    matches = search_records(net.a, "zebra")
    assert len(matches.records) == 20
    assert matches.has_more
    assert not search_records(net.a, "zebra", 25).has_more


def test_a_name_stands_before_the_place_of_the_words(net: SimpleNamespace) -> None:
    trust = "University Hospitals of Leicester NHS Trust, Department of Orthoptics, Glenfield"
    for name in ("Kathryn O'Brien", "Wilhelmina Anastasia Konstantinopoulou"):
        net.a.add("person", {"name": name, "organisation": trust, "consent_record": "Y"})
    net.a.add("feedback", {"service_area": "gp", "rating": "1", "provider": trust, "consent_record": "Y"})
    lines = [match.line for match in search_records(net.a, "glenfield").records]
    assert lines[0].startswith("Wilhelmina Anastasia Konsta… · …")
    assert " · Wilhelmina Anastasia Konstantinopoulou · " in lines[0]
    assert lines[1].startswith("Kathryn O'Brien · …") and "Glenfield" in lines[1][:IN_VIEW]
    assert lines[2].startswith("…") and lines[2].endswith("· GP practice · 1 very good")


def test_what_a_wide_screen_shows_of_a_line_is_not_shown_twice(net: SimpleNamespace) -> None:
    trust = "University Hospitals of Leicester NHS Trust, Department of Orthoptics, Glenfield"
    name = "Wilhelmina Anastasia Konstantinopoulou-Featherstonehaugh van der Westhuizen"
    net.a.add("person", {"name": name, "organisation": trust, "consent_record": "Y"})
    (match,) = search_records(net.a, "glenfield", in_view=163).records
    assert match.line == f"{name} · {trust}"


async def test_where_a_record_would_be_cut_the_time_of_its_change_gives_way(net: SimpleNamespace) -> None:
    mentor, mentee = (
        net.a.add("person", {"name": name, "consent_record": "Y"}).record_id for name in ("Amina", "Ben")
    )
    pair = net.a.add("mentorship", {"mentor": mentor, "mentee": mentee}).record_id
    net.a.add("session", {"mentorship": pair, "date": "2026-03-02", "next_actions": "zebra"})
    net.a.add("partner", {"name": "The Zebra Crossing Neighbourhood"})
    async with shown(net.a, net.me_a, "find", size=(60, 20)) as (app, pilot):
        await pilot.press(*"zebra")
        await until(pilot, lambda: says(app, "The Zebra Crossing Neighbourhood"))
        assert not says(app, "Changed")
        await pilot.resize_terminal(100, 24)
        await until(pilot, lambda: says(app, "Changed"))


async def test_find_says_on_the_narrowest_screen_that_there_is_more(net: SimpleNamespace) -> None:
    record(net.a, 25, provider="zebra")
    async with shown(net.a, net.me_a, "find") as (app, pilot):
        await pilot.resize_terminal(60, 20)
        await pilot.press(*"zebra")
        await until(pilot, lambda: says(app, "20 records, at most 20 of a kind. Type another word."))


def test_a_search_ends_where_its_asker_gives_it_up(net: SimpleNamespace) -> None:
    net.a.add("person", {"name": "Zebra", "consent_record": "Y"})
    record(net.a, 1, provider="zebra")
    assert [match.kind_title for match in search_records(net.a, "zebra").records] == ["Person", "Feedback"]
    given_up = search_records(net.a, "zebra", go_on=lambda matches: not matches.records)
    assert [match.kind_title for match in given_up.records] == ["Person"]


async def test_first_records_are_shown_while_the_search_goes_on_and_a_new_letter_gives_it_up(
    net: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    net.a.add("person", {"name": "Zebra", "consent_record": "Y"})
    record(net.a, 1, provider="zebra")
    may_go_on, given_up = threading.Event(), []

    def slow(kit: Kit, typed: str, *, in_view: int, go_on: Callable[[RecordMatches], bool]) -> RecordMatches:
        def wait_after(matches: RecordMatches) -> bool:
            wanted = go_on(matches)
            while wanted and matches.records and not may_go_on.wait(0.01):
                wanted = go_on(matches)  # for each word typed on the way: no shorter one may show the rest
            if not wanted:
                given_up.append(typed)
            return wanted

        return search_records(kit, typed, in_view=in_view, go_on=wait_after)

    monkeypatch.setattr(find_screen, "search_records", slow)
    async with shown(net.a, net.me_a, "find") as (app, pilot):
        await pilot.press(*"zebra")
        try:
            await until(pilot, lambda: says(app, "Person"))
            assert not says(app, "Feedback"), "the rest has not been looked for"
            await pilot.press("q")
            assert says(app, "zebraq"), "the letter is there before the search has ended"
            await until(pilot, lambda: says(app, "Nothing has these words."))
        finally:
            may_go_on.set()
    assert "zebra" in given_up


async def test_the_record_pointed_at_is_whole_below_a_list_that_cuts_it(net: SimpleNamespace) -> None:
    name = "Wilhelmina Anastasia Konstantinopoulou-Featherstonehaugh van der Westhuizen"
    net.a.add("person", {"name": "Royal Wilson", "consent_record": "Y"})
    net.a.add("person", {"name": f"{name} Royal", "consent_record": "Y"})
    async with shown(net.a, net.me_a, "find", size=(60, 20)) as (app, pilot):
        await pilot.press(*"royal")
        await until(pilot, lambda: says(app, "2 records"))
        below = app.screen.query_one("#whole", Static)
        results = app.screen.query_one(Results)
        for at in range(2):
            results.cursor = at
            is_long = name in app.screen._whole[results.row(at).id]
            await until(pilot, lambda is_long=is_long: below.display is is_long)  # type: ignore[misc]
            assert not is_long or f"{name} Royal" in " ".join(str(below.visual).split())
        await pilot.press(*" zzz")
        await until(pilot, lambda: says(app, NO_SUCH_WORDS))
        assert not below.display, "it was named for other words"
