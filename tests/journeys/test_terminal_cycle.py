"""A whole cycle by keys in a real terminal: from the import of the provider's file to a pack that is verified."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from cli_kits import with_answers
from fieldkit.presentation.pack.pack_verifying import verify_folder
from fieldkit.store.kit import Kit
from project_files import DATA
from terminal import Terminal, environment, program

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed"),
]
FILE = "talking-therapies-2024-25-birmingham-solihull.csv"
PEOPLE = 12
TODAY = date.today().isoformat()


def _run(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*program(), *arguments], cwd=home, env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_whole_cycle_from_the_providers_file_to_the_written_pack(tmp_path: Path) -> None:
    downloads = tmp_path / "Downloads"
    downloads.mkdir()
    shutil.copy(DATA / FILE, downloads)
    _run(tmp_path, "--kit", "hub", "network", "create", "Birmingham", "--no-passphrase")
    _run(tmp_path, "--kit", "hub", "record", "event", *with_answers("title=Fair [/]", f"date={TODAY}"))
    _comments(tmp_path)
    with Terminal(["--kit", "hub"], tmp_path, 100, 30) as hub:
        _begin(hub)
        _figures(hub)
        _engage(hub)
        _change(hub)
        _support(hub)
        _ask(hub)
        _look(hub)
        _pack(hub)
        hub.press("esc")
        hub.sees("PARTNER")
        hub.press("esc")
        hub.sees("begin a cycle")
        hub.press("esc")
        hub.sees("COMMISSIONING")
        hub.press("q")
        assert hub.wait() == 0
    [pack] = [path for path in downloads.iterdir() if path.is_dir()]
    assert verify_folder(pack) == []
    assert '"partners"' in (pack / "manifest.json").read_text(encoding="utf-8")
    with Kit.open(tmp_path / "hub") as kit:
        assert {kind: kit.count(kind) for kind in ("dataset", "engagement", "change", "support", "response", "release")} == {
            "dataset": 1, "engagement": 1, "change": 1, "support": 2, "response": 1, "release": 1,
        }  # fmt: skip


def _comments(home: Path) -> None:
    """Comments of a dozen people, as laptops would have brought them."""
    answers = {"service_area": "mental-health", "date": TODAY, "rating": "4", "ethnic_group": "1"}
    consent = {"consent_record": "Y", "consent_quote": "Y"}
    with Kit.open(home / "hub") as kit:
        comments = [f"Nobody rang me, person {number} [/]." for number in range(PEOPLE)]
        kit.add_many("feedback", [{**answers, **consent, "experience": each} for each in comments])


def _pick(hub: Terminal, question: str, typed: str, answer: str) -> None:
    """Answer a question with a long list of answers, by typing part of an answer."""
    hub.sees(f"▸ {question}")
    hub.type(typed)
    hub.sees(answer)
    hub.press("enter")


def _begin(hub: Terminal) -> None:
    hub.sees("COMMISSIONING")
    hub.press("r")
    hub.sees("There is no cycle yet. Press n to begin one.")
    hub.press("n")
    hub.sees("▸ Title")
    hub.type("Therapies [/]")
    hub.press("enter")
    hub.sees("▸ Provider")
    hub.press("enter")
    _pick(hub, "Service", "mental hea", "mental health")
    hub.sees("▸ Area")
    hub.type("birmingh")
    hub.sees("Birmingham")
    hub.press("enter", "enter")
    hub.sees("▸ From")
    hub.type("1/4/2024")
    hub.press("enter")
    hub.sees("▸ To")
    hub.type("t")
    hub.press("enter")
    hub.press("f2")
    hub.sees("✓ saved")
    hub.press("esc")
    hub.sees("ANALYSE", "No figures of the provider are here yet.", "Therapies [/]")


def _figures(hub: Terminal) -> None:
    hub.press("1")
    hub.sees(FILE[:30], "Census 2021")
    hub.press("enter")
    hub.sees("What does", "who uses a service")
    hub.press("1")
    _answer_questions(hub)
    hub.sees("Stored 1 data set")
    hub.press("enter")
    hub.until(lambda text: re.search(r"\d+ figures: ", text) is not None, "the figures on the board")


def _answer_questions(hub: Terminal) -> None:
    """Choose the measure by its number, then the first answer of every other question."""
    hub.sees("Which do you want?", "1  referrals received", "all of them")
    hub.press("1")
    seen = hub.until(lambda text: "Which do you want" not in text, "the next question")
    for _ in range(12):
        if "Enter stores" in seen:
            hub.press("enter")
            return
        before = _question(seen)
        hub.press("1")
        seen = hub.until(partial(_another, before), "the next question")
    raise AssertionError("the questions never ended")


def _question(text: str) -> str:
    """The question on the import screen."""
    return text.splitlines()[3]


def _another(before: str, text: str) -> bool:
    return _question(text) not in {before, ""}


def _engage(hub: Terminal) -> None:
    number = _number(hub, "Nobody has been shown the findings.")
    hub.press(number)
    hub.sees("▸ Event", "✓ Therapies [/]")
    hub.type("Fair")
    hub.sees("Fair [/]")
    hub.press("enter")
    hub.sees("▸ Purpose")
    hub.press("f2")
    hub.sees("✓ saved")
    hub.press("esc")
    hub.sees("1 engagement held")


def _change(hub: Terminal) -> None:
    hub.press(_number(hub, "No change is proposed yet."))
    hub.sees("▸ Title", "✓ Therapies [/]")
    hub.type("Ring back within a day")
    hub.press("enter")
    hub.sees("▸ What")
    hub.type("The duty team keeps a list.")
    hub.press("f2")
    hub.sees("✓ saved")
    hub.press("esc")
    hub.sees("Ring back within a day: proposed")


def _support(hub: Terminal) -> None:
    hub.press(_number(hub, "No feedback and no figures support"))
    hub.sees("What people said", "Nobody rang me")
    hub.press("enter")
    hub.sees("✓ Nobody rang me")
    hub.press("tab")
    hub.sees("Bangladeshi", "Per 100 expected")
    hub.press("enter")
    hub.sees("✓ White: British")
    hub.press("esc")
    hub.sees("DETERMINE", "PARTNER")


def _ask(hub: Terminal) -> None:
    hub.press("c")
    hub.sees("YOU SAID", "Nobody rang me", "both")
    hub.press("a")
    hub.sees("Change", "✓ Ring back within a day", "Asked on")
    hub.press("f2")
    hub.sees("✓ saved")
    hub.press("esc")
    hub.sees("STILL OPEN", "An answer is due on")
    hub.press("esc")
    hub.sees("PARTNER")


def _look(hub: Terminal) -> None:
    hub.press("f")
    hub.until(lambda text: re.search(r"Bangladeshi .*├─*○─*┤", text) is not None, "the dot plot")
    hub.press("esc")
    hub.sees("PARTNER")


def _pack(hub: Terminal) -> None:
    hub.press("e")
    hub.sees("Whom is it for?", "community partners")
    hub.press(*["down"] * 5, "enter")
    hub.sees("Only you see this page")
    hub.press("enter")
    seen = hub.sees("Where should the pack go?", "Downloads")
    # A long path takes two lines: its number is the last one before its end.
    places = re.findall(r" (\d) /", seen[: seen.index("/Downloads")])
    assert places, seen
    hub.press(places[-1])
    hub.sees("Written to", "pack.html")


def _number(hub: Terminal, sentence: str) -> str:
    """The number key for what a sentence of the board asks for."""
    text = hub.sees(sentence)
    after = text[text.index(sentence) :]
    match = re.search(r" (\d) [a-z ]+$", after, re.MULTILINE)
    assert match is not None, text
    return match[1]
