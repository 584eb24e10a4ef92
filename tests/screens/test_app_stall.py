"""At a stall: keys that are answered, colours that are kept, and reasons shown at the answers they concern."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.widgets import Input

from app_desk import SIZE, at_home, form, home, on, picture, records, type_in
from fieldkit.app import FieldkitApp
from fieldkit.errors import InvalidRecord
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.records.find_screen import FindScreen
from fieldkit.screens.records.kinds_screen import EverythingScreen
from fieldkit.widgets.dialogs.message_box import Help
from fieldkit.widgets.themes import THEMES
from waiting import until


async def test_a_question_mark_helps_where_nothing_is_typed(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("question_mark")
        await on(pilot, Help)
        assert "Choose with the keys" in picture(pilot)
        await pilot.press("question_mark")
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("question_mark")
        await on(pilot, Help)
        await pilot.press("escape")
        await form(pilot)
        await pilot.press("escape")
        await home(pilot)
        await pilot.press("slash")
        await on(pilot, FindScreen)
        await pilot.press("question_mark")
        await until(pilot, lambda: pilot.app.screen.query_one(Input).value == "?", "the letter")
        assert not isinstance(pilot.app.screen, Help)


async def test_caps_lock_and_keys_that_do_nothing_are_answered(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("L")
        await on(pilot, EverythingScreen)
        await until(pilot, lambda: "Caps Lock seems to be on." in picture(pilot), "the word about Caps Lock")
        await pilot.press("escape")
        await home(pilot)
        for key, name in (
            ("w", "w"),
            ("W", "W"),
            ("f7", "f7"),
            ("é", "é"),
            ("full_stop", "."),
            ("right", "→"),
        ):
            pilot.app.screen.clear_notice()  # type: ignore[attr-defined]
            await pilot.press(key)
            await until(pilot, lambda name=name: f"The key {name} does nothing here" in picture(pilot), key)


async def test_the_colours_are_kept_for_the_next_time(folder: Path) -> None:
    first = FieldkitApp(folder)
    async with first.run_test(size=SIZE) as pilot:
        await home(pilot)
        assert first.theme == "fieldkit-dark"
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "Colours: light." in picture(pilot), "the light colours")
        await first.leave()
    second = FieldkitApp(folder)
    async with second.run_test(size=SIZE) as pilot:
        await home(pilot)
        assert second.theme == "fieldkit-light"
        await pilot.press("ctrl+t")
        await until(pilot, lambda: second.theme == "fieldkit-contrast", "high contrast")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: second.theme == "fieldkit-terminal", "the terminal's own")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: second.theme == "fieldkit-dark", "the dark colours again")
        await second.leave()


async def test_help_that_names_the_key_for_colours_takes_it(folder: Path) -> None:
    async with at_home(folder) as pilot:
        before = pilot.app.theme
        await pilot.press("f1")
        await on(pilot, Help)
        await until(pilot, lambda: pilot.app.screen.takes_keys, "the box")  # type: ignore[attr-defined]  # a Help
        await pilot.press("ctrl+t")
        await until(pilot, lambda: pilot.app.theme != before, "other colours")
        assert isinstance(pilot.app.screen, Help) and "does nothing here" not in picture(pilot)


def test_colours_that_can_not_be_read_are_the_dark_ones(tmp_path: Path) -> None:
    from fieldkit.screens.base.theme_choice import chosen_theme, keep_theme, next_theme

    keep_theme(tmp_path / "nothing", "fieldkit-light")
    assert chosen_theme(tmp_path / "nothing") == "fieldkit-dark"
    for content in (b"", b"\xff\x00", b"textual-dark", b"x" * 10_000):
        (tmp_path / "colours").write_bytes(content)
        assert chosen_theme(tmp_path) == "fieldkit-dark"
    assert next_theme("unknown") == "fieldkit-dark"


#: Only the terminal knows its own colours.
@pytest.mark.parametrize("name", [name for name, (theme, _) in THEMES.items() if not theme.ansi])
def test_every_words_can_be_read_in_every_colours(name: str) -> None:
    theme = THEMES[name][0]
    colours = theme.to_color_system().generate()

    def light(colour: str) -> float:
        parts = [part / 255 for part in Color.parse(colour).rgb]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ground in ("background", "surface"):
        for text_colour in ("foreground", "accent", "warning", "error", "text-muted", "text-disabled"):
            darker, lighter = sorted((light(colours[ground]), light(colours[text_colour])))
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ground, text_colour)


async def test_a_date_to_come_is_refused_when_it_is_left(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        screen = app.screen
        assert isinstance(screen, EntryScreen) and screen.form is not None
        pages = screen.form
        await pilot.press("1", "1", "1", "ctrl+pageup", "f3")
        while pages.question is None or pages.question.name != "date":
            await pilot.press("enter")
        await type_in(pilot, "1/12/2090")
        await pilot.press("enter")
        await until(pilot, lambda: "1 Dec 2090 has not come yet" in picture(pilot), "the reason")
        await pilot.press("f2")
        await until(
            pilot,
            lambda: (
                pages.question is not None
                and pages.question.name == "date"
                and "has not come yet" in picture(pilot)
            ),
            "the date, with its reason",
        )
        await pilot.press("f2", "f2")
        await until(pilot, lambda: "has not come yet" in picture(pilot), "the reason, once more")
        await app.leave()
    assert records(folder, "feedback") == []
    assert app.faults == []


async def test_the_word_about_an_answer_out_of_sight_goes_once_it_is_in_sight_again(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, EntryScreen) and screen.form is not None
        pages = screen.form
        await until(pilot, lambda: screen.takes_keys, "the whole form")
        await pilot.press("1", "1", "1", "ctrl+pageup", "f3")
        while pages.question is None or pages.question.name != "date":
            await pilot.press("enter")
        await type_in(pilot, "31/2")
        await pilot.press("ctrl+pagedown")
        await until(pilot, lambda: "Date, in step 1: “31/2” is not a date" in picture(pilot), "the notice")
        await pilot.press("ctrl+pageup")
        await until(pilot, lambda: "Date, in step 1" not in picture(pilot), "no notice")
        while pages.question is None or pages.question.name != "date":
            await pilot.press("enter")
        await until(pilot, lambda: "× “31/2” is not a date" in picture(pilot), "the reason at the answer")
        # Typing over it corrects it.
        await type_in(pilot, "1/2/26")
        await pilot.press("ctrl+pagedown")
        await until(pilot, lambda: pages.step == 1, "the next page")
        assert pages.values["date"] == "2026-02-01" and "in step 1" not in picture(pilot)


async def test_a_refusal_to_save_says_why_at_its_question_or_in_a_box(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, EntryScreen) and screen.form is not None
        pages = screen.form
        assert pages.asks("date") and not pages.asks("no such question")
        for name in ("date", "postcode_area", "experience"):
            screen._not_saved(InvalidRecord({name: f"Look again at {name}."}))
            await until(
                pilot,
                lambda name=name: (
                    pages.question is not None
                    and pages.question.name == name
                    and picture(pilot).count(f"Look again at {name}.") == 1
                    and "Not saved yet." in picture(pilot)
                ),
                name,
            )
        assert not screen._not_saved(InvalidRecord({"no such question": "Something else."})), (
            "the app says it in a box"
        )
