"""config.toml: keys through the one table of commands, colours, and a sentence for everything that can't be used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app_desk import SIZE, home, picture
from fieldkit.app import FieldkitApp
from fieldkit.commands.remapping import remapped
from fieldkit.commands.table import COMMANDS
from fieldkit.preferences import Preferences, preferences_file, read_preferences
from waiting import until


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def keys(*parts: str) -> tuple[dict[tuple[str, str], str], list[str]]:
    """The keys of every place after `place.command=key` …, and the sentences about what can't be used."""
    wanted: dict[str, dict[str, str]] = {}
    for part in parts:
        name, _, key = part.partition("=")
        place, _, command = name.partition(".")
        wanted.setdefault(place, {})[command] = key
    commands, problems = remapped(COMMANDS, wanted)
    return {(place, each.id): each.keys for each in commands for place in each.screens}, problems


BEFORE, _ = keys()


def test_a_key_is_changed_where_it_was_asked_for_and_nowhere_else() -> None:
    after, problems = keys("record.restore=ctrl+y", "home.feedback=F5", "list.filter=?x"[:-2] + "f7")
    assert problems == []
    changed = {name: key for name, key in after.items() if BEFORE[name] != key}
    assert changed == {("record", "restore"): "ctrl+y", ("home", "feedback"): "f5", ("list", "filter"): "f7"}
    after, problems = keys("find.back=f3")
    assert problems == []
    assert after["find", "back"] == "f3"
    assert after["list", "back"] == "escape"


def test_two_keys_can_change_places() -> None:
    after, problems = keys("home.feedback=m", "home.mentoring=f")
    assert problems == []
    assert (after["home", "feedback"], after["home", "mentoring"]) == ("m", "f")


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("nowhere.back=f3", "there is no place “nowhere”"),
        ("hone.feedback=f3", "Is “home” meant?"),
        ("home.feedbak=f3", "Is “feedback” meant?"),
        ("list.move=f3", "can't be changed"),
        ("home.feedback=hyper+x", "is no key"),
        ("home.feedback=ctrl+c", "it says how to leave"),
        ("home.feedback=ctrl+m", "it is Enter"),
        ("home.feedback=m", "is the key of “mentoring” there"),
        ("home.feedback=f1", "is the key of “help” there"),
        ("everywhere.help=f9", "is the key of"),
        ("everywhere.help=x", "is text where somebody types"),
        ("find.back=x", "is text where somebody types"),
        ("sync.receipt=1[31m", "is no key"),
    ],
)
def test_what_can_not_be_used_gets_a_sentence_and_the_key_stays(wanted: str, sentence: str) -> None:
    after, problems = keys(wanted)
    assert len(problems) == 1
    assert sentence in problems[0]
    assert problems[0].endswith("Its key stays as it is.")
    assert after == BEFORE


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("theme = 'pink'", "theme can't be “pink”. It can be dark, light, high-contrast, terminal."),
        ("plain = 'yes'", "plain is true or false"),
        ("colour = 1", "“colour” is no setting"),
        ("keys = 3", "as [keys.home]"),
        ("[keys]\nfeedback = 'f5'", "not as “feedback”"),
        ("[keys.home]\nfeedback = 5", "home.feedback is no text"),
        ("theme = ", "is not valid TOML"),
        (b"\xff\xfe", "is not text in UTF-8"),
        ("#" * 70_000, "is larger than 64 KB"),
        ("a = " + "[" * 900, "is not valid TOML"),
        ("a = " + "[" * 5_000, "has a line of more than 1,000 characters"),
    ],
)
def test_what_is_not_understood_is_a_sentence(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    preferences = read_preferences(written(tmp_path, text))
    assert len(preferences.problems) == 1
    assert sentence in preferences.problems[0]
    assert (preferences.theme, preferences.plain, preferences.keys) == ("", False, {})


def test_what_is_written_well_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "theme = 'light'\nplain = true\n[keys.home]\nfeedback = 'f5'\n")
    monkeypatch.setenv("FIELDKIT_CONFIG", str(path))
    assert preferences_file() == path
    assert read_preferences() == Preferences("light", True, {"home": {"feedback": "f5"}})
    assert read_preferences(tmp_path / "nothing") == Preferences()
    assert "can't be read" in read_preferences(tmp_path).problems[0]


_SHOWN = """
import asyncio, sys
from pathlib import Path
import fieldkit.__main__ as program
import fieldkit.app as app

async def pictures(folder):
    kit = app.FieldkitApp(folder)
    async with kit.run_test(size=(80, 24)) as pilot:
        from app_desk import home, picture, until
        await home(pilot)
        print(picture(pilot))
        await pilot.press("slash")
        await until(pilot, lambda: "The key / does nothing here" in picture(pilot), "that the old key does nothing")
        await pilot.press("f1")
        from fieldkit.widgets.dialogs.message_box import Help
        await until(pilot, lambda: isinstance(kit.screen, Help), "the help")
        print(kit.screen.text_for(100).plain)
        await pilot.press("escape", "ctrl+b")
        await until(pilot, lambda: "Find anything" in picture(pilot), "find, by its new key")

app.run = lambda folder, *more: asyncio.run(pictures(folder)) or 0
program.main(["--kit", sys.argv[1]])
"""


def test_a_key_from_the_file_is_on_home_in_its_help_and_works(tmp_path: Path) -> None:
    import os

    folder = tmp_path / "kit"
    made = [
        sys.executable,
        "-m",
        "fieldkit",
        "--kit",
        str(folder),
        "network",
        "create",
        "X",
        "--no-passphrase",
    ]
    subprocess.run(made, check=True, capture_output=True)
    path = written(tmp_path, "[keys.home]\nfind = 'ctrl+b'\n")
    support = str(Path(__file__).parents[1] / "support")
    environment = {**os.environ, "FIELDKIT_CONFIG": str(path), "PYTHONPATH": support}
    script = _SHOWN.replace(
        'program.main(["--kit", sys.argv[1]])', "program._open_app(Path(sys.argv[1]), None, False)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "^b  find" in done.stdout
    assert "ctrl+b" in done.stdout and "Find any record by words in it." in done.stdout


async def test_a_problem_is_shown_when_the_kit_is_open_and_colours_come_first(folder: Path) -> None:
    app = FieldkitApp(folder)
    app.preferred_theme, app.problems = "fieldkit-light", ["config.toml: no such key.", "Another."]
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        assert app.theme == "fieldkit-light"
        await until(
            pilot, lambda: "no such key. 1 more: see fieldkit doctor." in picture(pilot), "the problem"
        )
        await pilot.press("ctrl+t")
        await until(
            pilot, lambda: "config.toml asks for light again" in picture(pilot), "what happens next time"
        )
        await app.leave()


@pytest.mark.parametrize(
    "text",
    [
        f"theme = {'1' * 5_000}",
        f"theme = 0x{'f' * 900}{'f' * 5_000}",
        f"keys.{'.'.join('a' * 20_000)} = 1",
        f"[{'.'.join('a' * 20_000)}]",
        "theme = [\n" + "0x" + "f" * 900 + ",\n]",
    ],
)
def test_numbers_and_names_without_end_get_a_sentence(tmp_path: Path, text: str) -> None:
    assert len(read_preferences(written(tmp_path, text)).problems) == 1
