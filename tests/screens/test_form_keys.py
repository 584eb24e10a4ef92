"""Keys chosen in config.toml for forms: they work there and are named correctly, and changes of fixed keys are refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.commands.command import FORM
from fieldkit.commands.remapping import remapped
from fieldkit.commands.table import COMMANDS, documentation
from project_files import SUPPORT

_CHOSEN = """
[keys.form]
save = "ctrl+o"
more = "ctrl+n"
language = "ctrl+l"
go-to = "f10"
[keys.everywhere]
lock-screen = "f11"
help = "f12"
"""
_DRIVEN = """
import asyncio, sys
from pathlib import Path
import fieldkit.__main__ as program
import fieldkit.app as app

async def driven(folder):
    kit = app.FieldkitApp(folder)
    async with kit.run_test(size=(80, 24)) as pilot:
        from app_desk import form, home, picture, saved, until
        from fieldkit.widgets.dialogs.message_box import Help
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        assert "^n more" in picture(pilot) and "^l another language" in picture(pilot), picture(pilot)
        assert "^o save" in picture(pilot) and "f12 help" in picture(pilot), picture(pilot)
        await pilot.press("f12")
        await until(pilot, lambda: isinstance(kit.screen, Help), "the help by its new key")
        assert "ctrl+o" in kit.screen.text_for(100).plain and "f2" not in kit.screen.text_for(100).plain
        await pilot.press("escape")
        await form(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "2 ਪੰਜਾਬੀ (Punjabi)" in picture(pilot), "the languages")
        await pilot.press("escape")
        await form(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: "The key f2 does nothing here" in picture(pilot), "that the old key does nothing")
        await pilot.press("1", "ctrl+o")
        await until(pilot, lambda: "Nothing was said yet" in picture(pilot), "that it was saved, almost")
        await pilot.press(*"fine", "ctrl+o")
        await saved(pilot)
    assert kit.faults == []
    print("done")

app.run = lambda folder, *more, **others: asyncio.run(driven(folder)) or 0
program._open_app(Path(sys.argv[1]), None, False)
"""


def test_keys_chosen_for_forms_work_and_stand_where_a_key_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text(_CHOSEN, encoding="utf-8")
    monkeypatch.setenv("FIELDKIT_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("PYTHONPATH", str(SUPPORT))
    done = subprocess.run(
        [sys.executable, "-c", _DRIVEN, str(folder)], capture_output=True, text=True, check=False
    )
    assert "done" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", ["next", "previous", "answer", "tick", "point", "clear", "decline", "rate"]
)
def test_a_key_that_is_the_same_in_every_form_is_refused_with_the_reason(command: str) -> None:
    commands, (problem,) = remapped(COMMANDS, {FORM: {command: "f7"}})
    assert commands == COMMANDS
    assert f"form.{command} can't be changed: digits, letters that answer, Enter, Tab" in problem


def test_boxes_keep_their_keys_and_the_page_of_keys_says_why() -> None:
    _, (problem,) = remapped(COMMANDS, {"box": {"yes": "f7"}})
    assert "box.yes can't be changed" in problem
    page = documentation()
    assert "`form.save`" in page and "`form.next`" not in page and "`box.yes`" not in page
    assert "The others are fixed" in page


def test_a_key_chosen_for_forms_is_no_other_command_s_where_forms_stand() -> None:
    owner = next(each for each in COMMANDS if each.screens == ("stack",) and each.keys.startswith("f"))
    key = owner.keys.split(",")[0]
    commands, (problem,) = remapped(COMMANDS, {FORM: {"mask": key}})
    assert commands == COMMANDS and f"is the key of “{owner.label}”" in problem


@pytest.mark.parametrize("key", ["x", "7", "question_mark", "ctrl+q", "enter", "ctrl+e", "ctrl+v", "ctrl+y"])
def test_no_key_that_types_or_leaves_is_taken_for_a_form(key: str) -> None:
    commands, problems = remapped(COMMANDS, {FORM: {"save": key}})
    assert commands == COMMANDS and len(problems) == 1
