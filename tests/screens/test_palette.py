"""The palette finds every command of the program from every screen, and records by their text."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.command import CommandInput, CommandList

from app_desk import SIZE, home, on, picture
from fieldkit.app import FieldkitApp
from fieldkit.cli.commands import COMMANDS as VERBS_OF_THE_COMMAND_LINE
from fieldkit.commands.command import PLACES
from fieldkit.commands.screen_paths import ONLY_THERE, SCREEN_OF, VERBS
from fieldkit.commands.table import commands_for
from fieldkit.screens.base.screen_table import SCREENS
from fieldkit.screens.records.find_screen import FindScreen
from fieldkit.screens.records.record_screen import RecordViewScreen
from fieldkit.screens.safety.safety_screen import SafetyScreen
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.dialog import Dialog
from fieldkit.widgets.frame import KitScreen
from fieldkit.widgets.themes import THEMES
from sync_desk import FIXTURES, HOSTILE
from waiting import until

(net,) = FIXTURES

#: Verbs without a screen, each with the reason.
_WITHOUT_SCREEN = {
    "join": "a kit that is open has joined already",
    "demo": "it makes a kit of its own",
    "protect": "it works on files that are no records",
    "check": "it is run when the screens can't be trusted",
    "erase": "it can't be undone, so it is asked for by the record's id",
    "locate": "it says where files lie, for the person who helps",
    "keys": "it moves the coordinator's key, a step at a time",
    "doctor": "it is run when the screens can't be read",
}


def test_every_place_and_every_verb_has_a_way_or_a_reason() -> None:
    assert set(SCREEN_OF) | ONLY_THERE == set(PLACES)
    assert set(SCREEN_OF.values()) <= set(SCREENS)
    assert set(VERBS) | set(_WITHOUT_SCREEN) >= set(VERBS_OF_THE_COMMAND_LINE)
    assert not set(VERBS) & set(_WITHOUT_SCREEN)
    for place, id in VERBS.values():
        assert any(command.id == id for command in commands_for(place)), (place, id)


async def palette(pilot, typed: str) -> None:
    await pilot.press("ctrl+p", *("space" if letter == " " else letter for letter in typed))


async def first_letter(pilot) -> None:
    """Open the palette, and wait until it lists what begins with a letter."""
    await palette(pilot, "w")
    await until(
        pilot,
        lambda: pilot.app.screen.query_one(CommandList).option_count > 1,
        "what begins with the letter",
    )


async def pointed_at(pilot, shown: str) -> None:
    """Wait until the line under the cursor shows this: during typing, the matches of the first letters are listed."""

    def points() -> bool:
        commands = pilot.app.screen.query_one(CommandList)
        at = commands.highlighted
        return at is not None and shown in str(commands.get_option_at_index(at).prompt)

    await until(pilot, points, shown)


async def test_a_command_of_another_screen_is_run_from_a_list(net: SimpleNamespace) -> None:
    net.a.close()
    app = FieldkitApp(net.a.folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("l")
        await until(pilot, lambda: "Everything recorded" in picture(pilot), "the kinds")
        await palette(pilot, "withdraw")
        await pointed_at(pilot, "withdraw  w")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AskLine), "its question")
        assert any(isinstance(screen, SafetyScreen) for screen in app.screen_stack)


async def test_a_command_that_needs_a_record_leads_to_where_one_is_found(net: SimpleNamespace) -> None:
    net.a.close()
    app = FieldkitApp(net.a.folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await palette(pilot, "history")
        await pointed_at(pilot, "history  h")
        await pilot.press("enter")
        await on(pilot, FindScreen)
        await until(pilot, lambda: "Open it first; then h" in picture(pilot), "what to press")


async def test_a_verb_of_the_command_line_is_understood(net: SimpleNamespace) -> None:
    net.a.close()
    app = FieldkitApp(net.a.folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await palette(pilot, "devices")
        await until(pilot, lambda: "laptops  l" in picture(pilot), "what screens call it")


async def test_records_are_found_by_name_and_their_text_is_no_markup(net: SimpleNamespace) -> None:
    net.a.add("person", {"name": f"Amína {HOSTILE}", "consent_record": "Y"})
    net.a.close()
    app = FieldkitApp(net.a.folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await palette(pilot, "amina")
        await pointed_at(pilot, "Amína [/]")
        await pilot.press("enter")
        await on(pilot, RecordViewScreen)
        assert app.faults == []


async def test_nothing_is_offered_before_the_kit_is_open(tmp_path) -> None:
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SIZE) as pilot:
        await until(
            pilot, lambda: isinstance(app.screen, KitScreen) and app.screen.takes_keys, "the first run"
        )
        await palette(pilot, "export")
        await until(pilot, lambda: "Nothing has these words." in picture(pilot), "no command")
        assert not isinstance(app.screen, Dialog)


async def test_nothing_of_the_screen_below_shows_between_the_keys_and_the_line(net: SimpleNamespace) -> None:
    net.a.close()
    app = FieldkitApp(net.a.folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        await pilot.press("e")
        await until(pilot, lambda: "Title" in picture(pilot).splitlines()[2], "the list's titles")
        await palette(pilot, "exp")
        await until(pilot, lambda: picture(pilot).splitlines()[3].strip() == "exp", "the line")
        keys, gap = picture(pilot).splitlines()[1:3]
        assert "do it" in keys and not gap.strip()


async def test_enter_runs_what_the_whole_word_found_though_pressed_before_it_was_listed(
    net: SimpleNamespace,
) -> None:
    net.a.close()
    app = FieldkitApp(net.a.folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await first_letter(pilot)
        app.screen.query_one(CommandInput).value = "history"
        await pilot.press("enter")
        await on(pilot, FindScreen)
        await until(pilot, lambda: "Open it first; then h" in picture(pilot), "what to press")


async def test_a_cursor_that_was_moved_keeps_its_line_when_more_is_listed(net: SimpleNamespace) -> None:
    net.a.close()
    app = FieldkitApp(net.a.folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await palette(pilot, "new")
        commands = app.screen.query_one(CommandList)
        await until(pilot, lambda: commands.option_count > 3, "what fits")
        await pilot.press("down", "down")
        chosen = str(commands.get_option_at_index(2).prompt)
        assert commands.highlighted == 2
        box = app.screen
        box._refresh_command_list(commands, list(commands.options), clear_current=True)
        at = commands.highlighted
        assert at is not None and str(commands.get_option_at_index(at).prompt) == chosen


@pytest.mark.parametrize("theme", THEMES)
async def test_the_row_under_the_cursor_is_as_readable_as_it_can_be_in_every_theme(
    net: SimpleNamespace, theme: str
) -> None:
    net.a.add("person", {"name": "Amina Khan", "consent_record": "Y"})
    net.a.close()
    app = FieldkitApp(net.a.folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.theme = theme
        await palette(pilot, "amina khan")
        await pointed_at(pilot, "Amina Khan")
        commands = app.screen.query_one(CommandList)
        row = next(y for y in range(commands.size.height) if "Amina" in commands.render_line(y).text)
        styles = [each.style for each in commands.render_line(row) if each.text.strip() and each.style]
        assert len({(style.color, style.bgcolor) for style in styles}) == 1
        assert not any(style.dim for style in styles)


async def test_enter_is_kept_that_comes_before_the_search_for_the_word_has_begun(
    net: SimpleNamespace,
) -> None:
    net.a.close()
    app = FieldkitApp(net.a.folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await first_letter(pilot)
        line = app.screen.query_one(CommandInput)
        line.value = "history"
        await line.action_submit()  # the palette has not received the word yet
        await on(pilot, FindScreen)
        await until(pilot, lambda: "Open it first; then h" in picture(pilot), "what to press")


async def test_before_a_kit_is_open_the_palette_promises_no_records(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "none")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.screen.is_mounted and "fieldkit" in picture(pilot), "the first screen")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Type a part of a command's name" in picture(pilot), "the palette")
        assert "record's" not in picture(pilot)
