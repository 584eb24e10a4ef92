"""Keys typed faster than screens appear: each reaches the screen it is meant for, and none is lost."""

from __future__ import annotations

import threading
from pathlib import Path

from textual import events
from textual.widgets import Input

from app_desk import at_home, form, on, picture, records, running, shown
from fieldkit.screens.records.kinds_screen import EverythingScreen
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.form import Form
from fieldkit.widgets.sources import Row
from waiting import until
from widget_app import type_ahead


async def test_keys_typed_before_a_form_is_there_are_answers_in_it(folder: Path) -> None:
    async with at_home(folder) as pilot:
        type_ahead(pilot.app, ["p", "n", *"Bilal"])
        await form(pilot)
        await until(pilot, lambda: pilot.app.screen.query_one(Input).value == "Bilal", "the whole name")


async def test_keys_typed_while_the_kit_opens_and_at_home_go_where_they_lead(folder: Path) -> None:
    with Kit.open(folder, None) as kit:
        kit.settings.forget(EVENT)
    async with running(folder) as pilot:
        type_ahead(pilot.app, ["f", "1", "1", "1", "2", *"kind", "enter", "1", "a"])
        await form(pilot)
        await until(
            pilot, lambda: "✓ diabetes" in picture(pilot) or "✓a diabetes" in picture(pilot), "the service"
        )
        assert "kind" in picture(pilot) and "✓ good" in picture(pilot)


async def test_where_an_event_is_chosen_all_that_is_typed_while_the_kit_opens_goes_to_its_board(
    folder: Path,
) -> None:
    async with running(folder) as pilot:
        type_ahead(pilot.app, [*"fatima"])
        await on(pilot, StallBoard)
        await until(pilot, lambda: pilot.app.screen.query_one(Input).value == "fatima", "the whole name")


async def test_a_word_typed_soon_after_a_letter_that_answered_belongs_to_the_question_gone_to(
    folder: Path,
) -> None:
    async with at_home(folder) as pilot:
        type_ahead(
            pilot.app,
            ["f", "1", "1", "1", "2", *"kind", "enter", "1", "a", "f3", *["enter"] * 3, *"Airedale"],
        )
        await form(pilot)
        await until(pilot, lambda: "Airedale" in picture(pilot), "the provider")
        values = pilot.app.screen.query_one(Form).values
        assert (values["service_area"], values["provider"]) == ("diabetes", "Airedale")


async def test_keys_after_a_save_wait_for_the_page_that_says_so(folder: Path) -> None:
    async with at_home(folder) as pilot:
        type_ahead(pilot.app, ["e", "n", *"Fair", "f2", "n", *"Tea", "f2"])
        await until(
            pilot, lambda: len(pilot.app.screen_stack) > 2 and "Tea" in shown(pilot, "#done"), "two events"
        )
    assert {event["title"] for event in records(folder, "event")} >= {"Fair", "Tea"}


async def test_enter_before_a_search_is_done_takes_the_only_record(folder: Path) -> None:
    async with at_home(folder) as pilot:
        pilot.app.open_screen("entry", "mentorship")
        await form(pilot)
        type_ahead(pilot.app, [*"Amina", "enter", *"Ben", "enter"])
        await until(pilot, lambda: "✓ Amina Khan" in picture(pilot), "the mentor")
        await until(pilot, lambda: "✓ Ben Ojo" in picture(pilot), "the mentee")


async def test_esc_and_a_letter_that_arrive_as_one_close_a_box_and_go_on(folder: Path) -> None:
    async with at_home(folder) as pilot:
        type_ahead(pilot.app, ["p", "f1"])
        await until(pilot, lambda: isinstance(pilot.app.screen, Message), "the help on the list of people")
        pilot.app.post_message(events.Key("alt+n", "n"))
        await form(pilot)
        await until(pilot, lambda: "Person · new" in picture(pilot), "the form for a person")


async def test_keys_typed_while_a_list_is_read_move_in_it(folder: Path) -> None:
    may_read = threading.Event()

    class SlowKinds(EverythingScreen):
        def read(self, kit: Kit) -> list[Row]:
            may_read.wait(60)
            return super().read(kit)

    async with at_home(folder) as pilot:
        pilot.app.push_screen(SlowKinds())
        await until(pilot, lambda: "Looking …" in picture(pilot), "the list before its rows")
        type_ahead(pilot.app, ["down", "down", "enter"])
        await pilot.pause()
        assert not pilot.app.keys_are_done, "they wait for the rows"
        may_read.set()
        await until(pilot, lambda: "fieldkit  Events" in picture(pilot), "the list of the third kind")
