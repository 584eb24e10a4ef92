"""The mentee of a logged session is the one picked, never simply the first; an unfinished session is offered."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app_desk import at_home, form, on, picture, save_and_close, type_in
from fieldkit.presentation.people.look_alike_search import find_look_alikes
from fieldkit.screens.entry.drafts_screen import DraftsScreen
from fieldkit.screens.mentoring.log_screen import LogScreen
from fieldkit.screens.mentoring.mentees_screen import MenteesScreen
from fieldkit.screens.mentoring.pair_screen import PairScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import MENTORS_HERE
from fieldkit.widgets.dialogs.choose import Choose
from waiting import until


@pytest.fixture
def two_mentees(folder: Path) -> Iterator[Path]:
    """Amina Khan mentors Ben Ojo and, a day later, Zainab Noor, both met long ago: Ben is first until he is seen again."""
    with Kit.open(folder) as kit:
        (ben_pair,) = kit.page("mentorship")
        amina = str(ben_pair.values["mentor"])
        zainab = kit.add("person", {"name": "Zainab Noor", "consent_record": "Y"}).record_id
        pair = kit.add("mentorship", {"mentor": amina, "mentee": zainab})
        kit.add("session", {"mentorship": ben_pair.record_id, "date": "2026-01-05"})
        kit.add("session", {"mentorship": pair.record_id, "date": "2026-01-06"})
        kit.settings.put(MENTORS_HERE, [amina])
    yield folder


@asynccontextmanager
async def at_mentees(folder: Path) -> AsyncIterator[Pilot[None]]:
    """The program with the list of mentees in view."""
    async with at_home(folder) as pilot:
        await my_mentees(pilot)
        yield pilot


async def my_mentees(pilot: Pilot[object]) -> None:
    await pilot.press("m")
    await on(pilot, MenteesScreen)
    await until(pilot, lambda: "Zainab Noor" in picture(pilot), "the mentees")


async def asked_whose(pilot: Pilot[object]) -> None:
    """Begin a session without choosing a mentee."""
    await pilot.press("n")
    await until(pilot, lambda: "Whose session?" in picture(pilot), "the question")


async def log_of(pilot: Pilot[object], mentee: str, *keys: str) -> None:
    """Press these keys, and wait until the log of a session with this mentee takes keys."""
    await pilot.press(*keys)
    await on(pilot, LogScreen)
    screen = pilot.app.screen
    assert isinstance(screen, LogScreen)
    await until(pilot, lambda: screen.takes_keys, "the form")
    assert f"Session with {mentee}" in picture(pilot)


def pointed(pilot: Pilot[object]) -> str:
    """The line under the cursor."""
    return next(line for line in picture(pilot).splitlines() if line.strip("│ ").startswith("▸"))


async def test_where_nobody_picked_a_mentee_the_session_asks_whose_it_is(two_mentees: Path) -> None:
    async with at_mentees(two_mentees) as pilot:
        await asked_whose(pilot)
        assert "▸ 1 Ben Ojo" in picture(pilot)
        box = pilot.app.screen
        assert isinstance(box, Choose)
        await until(pilot, lambda: box.takes_keys, "the box")
        await pilot.press("f1")
        await until(pilot, lambda: "The key f1 does nothing here." in picture(pilot), "an answer in the box")
        await log_of(pilot, "Zainab Noor", "2")


async def test_a_mentee_picked_with_the_cursor_is_not_asked_for(two_mentees: Path) -> None:
    async with at_mentees(two_mentees) as pilot:
        await log_of(pilot, "Zainab Noor", "down", "n")
        await pilot.press("escape")
        await on(pilot, MenteesScreen)
        await log_of(pilot, "Ben Ojo", "up", "n")


async def test_the_cursor_is_on_the_pair_just_recorded(two_mentees: Path) -> None:
    async with at_mentees(two_mentees) as pilot:
        await form(pilot, "down", "p")
        await type_in(pilot, "Dee Adeyemi")
        await until(pilot, lambda: "make a new one" in picture(pilot), "a new person")
        await pilot.press("enter")
        await until(pilot, lambda: "may we keep your name?" in picture(pilot), "consent")
        await pilot.press("1")
        await until(pilot, lambda: "Receipt code for the person" in picture(pilot), "the code")
        await form(pilot, "w")
        await save_and_close(pilot)
        await on(pilot, MenteesScreen)
        await until(pilot, lambda: "Dee Adeyemi" in pointed(pilot), "the cursor on the new pair")
        await log_of(pilot, "Dee Adeyemi", "n")
        await pilot.press("enter", "3", "0", "enter", "1")
        await until(pilot, lambda: "▸ Confidence" in picture(pilot), "the ratings")
        await pilot.press("escape")
        await on(pilot, MenteesScreen)
        await until(pilot, lambda: "unfinished" in pointed(pilot), "the sign at the mentee")
        await pilot.press("enter")
        await on(pilot, PairScreen)
        await until(pilot, lambda: "The first session is unfinished. Press n" in picture(pilot), "what waits")


async def test_a_name_like_that_of_somebody_known_asks_whether_it_is_them(two_mentees: Path) -> None:
    async with at_mentees(two_mentees) as pilot:
        await form(pilot, "down", "p")
        await type_in(pilot, "Zaynab Nor")
        await until(pilot, lambda: "make a new one" in picture(pilot), "a new person")
        await pilot.press("enter")
        await until(pilot, lambda: "Is it this person?" in picture(pilot), "the question")
        assert "1 Zainab Noor" in picture(pilot) and "▸ 2 somebody else: Zaynab Nor" in picture(pilot)
        await pilot.press("escape")
        await form(pilot)
        assert "Zaynab Nor" in picture(pilot), "nothing is lost"
        await until(pilot, lambda: "make a new one" in picture(pilot), "a new person")
        await pilot.press("enter")
        await until(pilot, lambda: "Is it this person?" in picture(pilot), "the question")
        await pilot.press("enter")
        await until(pilot, lambda: "Zaynab Nor: may we keep your name?" in picture(pilot), "consent")
        await pilot.press("escape")
        await form(pilot)
        await until(pilot, lambda: "make a new one" in picture(pilot), "a new person")
        await pilot.press("enter")
        await until(pilot, lambda: "Is it this person?" in picture(pilot), "the question")
        await pilot.press("1")
        await form(pilot)
        await until(pilot, lambda: "✓ Zainab Noor" in picture(pilot), "the known person")


@pytest.mark.parametrize(("key", "given"), [("enter", "different"), ("2", "different"), ("3", "not_sure")])
async def test_what_is_answered_of_a_similar_name_is_kept_as_on_the_stall_board(
    two_mentees: Path, key: str, given: str
) -> None:
    async with at_mentees(two_mentees) as pilot:
        await form(pilot, "down", "p")
        await type_in(pilot, "Zaynab Nor")
        await until(pilot, lambda: "make a new one" in picture(pilot), "a new person")
        await pilot.press("enter")
        await until(pilot, lambda: "Is it this person?" in picture(pilot), "the question")
        await pilot.press(key)
        await until(pilot, lambda: "Zaynab Nor: may we keep your name?" in picture(pilot), "consent")
        await pilot.press("1")
        await until(pilot, lambda: "Receipt code for the person" in picture(pilot), "the code")
        await form(pilot, "w")
        kit = pilot.app.kit
        assert kit is not None
        (pair,) = kit.page("same_person")
        people = kit.many("person", [pair.values["one"], pair.values["other"]])
        assert {person.values["name"] for person in people.values()} == {"Zainab Noor", "Zaynab Nor"}
        assert pair.values["answer"] == given
        assert [each.answer for each in find_look_alikes(kit)] == ([] if given == "different" else [given])


async def test_the_list_opens_again_on_the_mentee_whose_session_was_logged(two_mentees: Path) -> None:
    async with at_mentees(two_mentees) as pilot:
        await asked_whose(pilot)
        await log_of(pilot, "Ben Ojo", "1")
        await pilot.press("f2")
        await on(pilot, MenteesScreen)
        await until(pilot, lambda: "Session saved for Ben Ojo" in picture(pilot), "what was saved")
        await until(pilot, lambda: "Ben Ojo" in pointed(pilot), "the cursor on Ben")
        await pilot.press("escape")
        await my_mentees(pilot)
        await until(pilot, lambda: "Ben Ojo" in pointed(pilot), "the cursor on Ben")
        await log_of(pilot, "Ben Ojo", "n")
        assert re.search(r"Session with Ben Ojo   A session of .* is saved already", picture(pilot))


async def test_an_unfinished_session_is_seen_offered_and_goes_on_at_its_question(two_mentees: Path) -> None:
    async with at_mentees(two_mentees) as pilot:
        await log_of(pilot, "Zainab Noor", "down", "n")
        await pilot.press("enter", "3", "0", "enter", "1", "5", "6")
        await until(pilot, lambda: "▸ Skills" in picture(pilot), "the third rating")
        await pilot.press("escape")
        await on(pilot, MenteesScreen)
        await until(pilot, lambda: "unfinished" in pointed(pilot), "the sign at the mentee")
        assert "A session is unfinished: n goes on with it." in picture(pilot)
        await pilot.press("n")
        await until(pilot, lambda: "1 go on with it" in picture(pilot), "the offer")
        await log_of(pilot, "Zainab Noor", "1")
        await until(pilot, lambda: "▸ Skills" in picture(pilot), "the question that was left")
        await pilot.press("7")
        await pilot.press("f2")
        await on(pilot, MenteesScreen)
        await until(pilot, lambda: "Session saved for Zainab Noor" in picture(pilot), "what was saved")
        assert "unfinished" not in picture(pilot)
    with Kit.open(two_mentees) as kit:
        assert kit.drafts.all() == []
        session = kit.page("session")[0].values
        assert (session["confidence"], session["knowledge"], session["skills"]) == (5, 6, 7)


async def test_the_page_of_a_pair_offers_its_unfinished_session_too(two_mentees: Path) -> None:
    async with at_mentees(two_mentees) as pilot:
        await pilot.press("enter")
        await on(pilot, PairScreen)
        await until(pilot, lambda: "OPEN ACTIONS" in picture(pilot), "the pair")
        await log_of(pilot, "Ben Ojo", "n")
        await pilot.press("enter", "3", "0", "escape")
        await on(pilot, PairScreen)
        await pilot.press("n")
        await until(pilot, lambda: "2 begin another session" in picture(pilot), "the offer")
        await log_of(pilot, "Ben Ojo", "2")


async def test_a_session_finished_among_the_unfinished_entries_says_so(two_mentees: Path) -> None:
    async with at_mentees(two_mentees) as pilot:
        await log_of(pilot, "Zainab Noor", "down", "n")
        await pilot.press("enter", "3", "0", "escape")
        await on(pilot, MenteesScreen)
        await pilot.press("escape", "u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "Mentoring session" in picture(pilot), "the unfinished session")
        assert "Zainab Noor" in pointed(pilot)
        await log_of(pilot, "Zainab Noor", "enter")
        await pilot.press("f2")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "Session saved for Zainab Noor" in picture(pilot), "what was saved")
        await pilot.press("escape")
        await my_mentees(pilot)
        await until(pilot, lambda: "Zainab Noor" in pointed(pilot), "the cursor on her")


async def test_a_list_says_that_nothing_is_there_only_once_it_looked(two_mentees: Path) -> None:
    async with at_home(two_mentees) as pilot:
        screen = pilot.app.make_screen("drafts")  # type: ignore[attr-defined]  # the program's own
        assert isinstance(screen, DraftsScreen)
        await pilot.app.push_screen(screen)
        assert "No unfinished entries." not in picture(pilot)
        await until(pilot, lambda: "No unfinished entries." in picture(pilot), "the answer")
