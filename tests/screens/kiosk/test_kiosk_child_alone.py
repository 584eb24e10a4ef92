"""A laptop handed to somebody under 16: a guardian is asked for first; what a child alone typed waits for the volunteer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app_desk import home, on, picture, type_in
from fieldkit.presentation.languages.catalogue import OWN, catalogue
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.screens.kiosk.kiosk_screen import KioskScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import HANDED_OVER
from fieldkit.widgets.plain import wrapped
from kiosk_desk import PIN, fetch, handed_over, kiosk, planted, stage
from marked_text import MARKER
from simulate.pages import readable, whole_folder
from tools import lacking
from waiting import until


@pytest.fixture
def planted_folder(folder: Path) -> Iterator[Path]:
    planted(folder)
    yield folder


def _kept(kit: Kit) -> list[object]:
    """What is kept of the respondent, found by the words typed here."""
    return [draft for draft in kit.drafts.all() if MARKER in str(draft.values)]


async def _to_age(pilot: Pilot[object]) -> None:
    """Answer up to the age, with some typed words."""
    await stage(pilot, Stage.NOTICE)
    await pilot.press("enter", "1", "1", "2", "2")
    await type_in(pilot, MARKER)
    while (question := kiosk(pilot).question) is not None and question.name != "age_band":
        await pilot.press("enter")
        await pilot.pause()


async def _alone(pilot: Pilot[object], answer: str) -> None:
    """Be under 16, with `answer` to whether a guardian is present."""
    await _to_age(pilot)
    await pilot.press("a")
    await until(pilot, lambda: kiosk(pilot).question.name == "guardian_present", "the guardian")
    await pilot.press(answer)
    await stage(pilot, Stage.GUARDIAN)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
async def test_the_first_page_says_in_every_language_that_a_guardian_has_to_be_there(
    planted_folder: Path, size: tuple[int, int]
) -> None:
    async with handed_over(planted_folder, size=size) as (app, pilot):
        for code in ("en", *OWN):
            for line in wrapped(catalogue(code).text(RespondentText.UNDER_16), size[0] - 8):
                assert terminal_line(line) in picture(pilot), code
        assert "English" in picture(pilot) and "polski" in picture(pilot)
        await pilot.press("1")
        await stage(pilot, Stage.NOTICE)
        assert RespondentText.UNDER_16 in " ".join(picture(pilot).split())
        await app.leave()


@pytest.mark.parametrize("answer", ["2", "enter"])
async def test_a_child_alone_keeps_nothing_shows_nothing_and_loses_nothing(
    planted_folder: Path, answer: str
) -> None:
    async with handed_over(planted_folder, "1") as (app, pilot):
        await _alone(pilot, answer)
        kit = app.kit
        assert kit is not None
        await until(pilot, lambda: not _kept(kit), "nothing in the kit")
        if readable():
            await until(
                pilot, lambda: MARKER.encode() not in whole_folder(planted_folder, kit.key), "no trace"
            )
        else:
            lacking("there is no OpenSSL here, so the pages of the encrypted file could not be searched")
        for key in ("enter", "escape", "1", "2", "space", "f1", "backspace", "f3"):
            await pilot.press(key)
            assert MARKER not in picture(pilot)
            assert kiosk(pilot).stage is Stage.GUARDIAN, "only the PIN leads on"
        await pilot.press("x")
        await until(pilot, lambda: "Please call" in kiosk(pilot).shown_notice, "what to do instead")
        await fetch(pilot)
        assert MARKER not in picture(pilot)
        assert "Under 16, and nobody is with them" in picture(pilot)
        await pilot.press("escape")
        await stage(pilot, Stage.LEFT)
        await pilot.press("enter")
        await stage(pilot, Stage.PIN)
        await type_in(pilot, PIN)
        await pilot.press("enter")
        await stage(pilot, Stage.VOLUNTEER)
        await pilot.press("1")
        await stage(pilot, Stage.QUESTION)
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name == "ethnic_group"
        await until(pilot, lambda: _kept(kit), "the words, kept again")
        (draft,) = _kept(kit)
        assert draft.values["guardian_present"] == "Y"
        await app.leave()
    assert not app.faults


async def test_the_volunteer_takes_the_answers_of_a_child_over_once_a_guardian_is_there(
    planted_folder: Path,
) -> None:
    async with handed_over(planted_folder, "1") as (app, pilot):
        await _alone(pilot, "2")
        await fetch(pilot)
        await pilot.press("2")
        await on(pilot, HomeScreen)
        assert app.kit is not None and app.kit.settings.get(HANDED_OVER) is None
        (draft,) = _kept(app.kit)
        assert draft.values["guardian_present"] == "Y" and draft.values["consent_record"] == "Y"
        await app.leave()


async def test_the_volunteer_throws_the_answers_of_a_child_away(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1") as (app, pilot):
        await _alone(pilot, "2")
        await fetch(pilot)
        await pilot.press("3")
        await home(pilot)
        assert app.kit is not None and not _kept(app.kit)
        assert not any(isinstance(screen, KioskScreen) for screen in app.screen_stack)
        await app.leave()


async def test_a_wrong_key_at_the_age_is_corrected_with_the_volunteer(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1") as (app, pilot):
        await _alone(pilot, "2")
        await fetch(pilot)
        await pilot.press("4")
        await stage(pilot, Stage.QUESTION)
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name == "age_band"
        await pilot.press("d")
        kit = app.kit
        assert kit is not None
        await until(pilot, lambda: _kept(kit), "the words, kept again")
        await app.leave()


async def test_every_choice_about_a_child_alone_is_in_view_in_a_small_window(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", size=(60, 20)) as (app, pilot):
        await stage(pilot, Stage.NOTICE)
        while kiosk(pilot).question is None:
            await pilot.press("enter")
            await pilot.pause()
        await pilot.press("1", "1", "2", "2")
        await type_in(pilot, MARKER)
        while (question := kiosk(pilot).question) is not None and question.name != "age_band":
            await pilot.press("enter")
            await pilot.pause()
        await pilot.press("a")
        await until(pilot, lambda: kiosk(pilot).question.name == "guardian_present", "the guardian")
        await pilot.press("2")
        await stage(pilot, Stage.GUARDIAN)
        await fetch(pilot)
        await until(pilot, lambda: "4    a wrong key" in picture(pilot), "the choices")
        assert "esc  wait for them; the answers go out of view" in picture(pilot)
        await app.leave()


async def test_a_laptop_fetched_before_the_guardian_was_asked_for_loses_nothing_in_silence(
    planted_folder: Path,
) -> None:
    async with handed_over(planted_folder, "1") as (app, pilot):
        await _to_age(pilot)
        await pilot.press("a")
        await until(pilot, lambda: kiosk(pilot).question.name == "guardian_present", "the guardian")
        await fetch(pilot)
        assert "Under 16, and nobody is with them" in picture(pilot)
        await pilot.press("1")
        await stage(pilot, Stage.QUESTION)
        kit = app.kit
        assert kit is not None
        await until(pilot, lambda: _kept(kit), "the words, kept again")
        await app.leave()
