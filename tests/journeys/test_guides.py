"""The one-page guides, followed word by word: each key is pressed, and each text that the screen must show is looked for."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import pytest

from app_desk import running
from fieldkit.app import FieldkitApp
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from guide_walk import Step, is_key, steps_of, walk
from networks import Network

pytestmark = pytest.mark.journey

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = sorted(DOCS.glob("*-guide.md"))
LINES, WIDTH = 66, 105
"""What fits on one printed page of A4 at 10 points."""


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_fits_on_one_page(guide: Path) -> None:
    lines = []
    for paragraph in guide.read_text("utf-8").split("\n\n"):
        block = [line for line in paragraph.splitlines() if not line.startswith("<!--")]
        rows = block if block and block[0].startswith(("|", "-", "#")) else [" ".join(block)]
        lines += [*(line for row in rows for line in textwrap.wrap(row, WIDTH) or [""]), ""]
    assert len(lines) <= LINES


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_key_of_a_guide_is_one_of_the_program(guide: Path) -> None:
    keys = [step for step in steps_of(guide.read_text("utf-8")) if step.kind in {"key", "told"}]
    assert keys
    assert [step for step in keys if step.kind == "key" and not is_key(step.text)] == []


def test_a_walk_reads_marks_in_their_order() -> None:
    guide = "Press `a`. **Yes?** Type *two words*.\n<!-- walk: `enter` **Done** -->\n<!-- not walked -->`z`<!-- walked --> `q`"
    assert list(steps_of(guide)) == [
        Step("key", "a", 1),
        Step("says", "Yes?", 1),
        Step("types", "two words", 1),
        Step("key", "enter", 2),
        Step("says", "Done", 2),
        Step("told", "z", 3),
        Step("key", "q", 3),
    ]


async def test_the_volunteers_guide_word_by_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr("fieldkit.screens.base.places.sticks", lambda: [stick])
    network = Network.create(tmp_path / "network", "Bradford")
    # A coordinator's laptop has nothing to send.
    laptop = network.joins("laptop").kit
    laptop.add("event", {"title": "Health fair", "date": date.today().isoformat()})
    laptop.add("person", {"name": "Amina Khan", "consent_record": "Y"})
    network.close()
    folder = network.folder / "laptop"
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        keys = await walk(DOCS / "volunteer-guide.md", pilot)
        await pilot.pause()
    assert app.faults == []
    assert keys > 60
    assert list(stick.glob("*.fkb"))
    with Kit.open(folder) as kit:
        names = {str(person.values["name"]) for person in kit.page("person", 0, 50)}
        (feedback,) = kit.page("feedback", 0, 50)
    assert {"Amina Khan", "Joan Baker"} <= names
    assert feedback.values["experience"] == "They were kind to me"
    assert feedback.values["rating"] == "2"


async def test_the_mentors_guide_word_by_word(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr("fieldkit.screens.base.places.sticks", lambda: [stick])
    with Kit.open(folder) as kit:
        (pair,) = kit.page("mentorship")
        earlier = {
            "confidence": 4,
            "next_actions": "Ring the union\nRead the code",
            "next_date": "2026-02-02",
        }
        kit.add("session", {"mentorship": pair.record_id, "date": "2026-01-05", **earlier})
        kit.settings.put(EVENT, "")
    async with running(folder) as pilot:
        keys = await walk(DOCS / "mentor-guide.md", pilot)
        await pilot.pause()
    assert keys > 60
    with Kit.open(folder) as kit:
        session = next(
            record.values for record in kit.page("session") if record.values["date"] != "2026-01-05"
        )
        assert (session["confidence"], session["knowledge"], session["skills"]) == (6, 10, 7)
        assert session["minutes"] == 45 and session["mode"] == "in-person"
        states = {str(action.values["what"]): action.values.get("state") for action in kit.page("action")}
        assert sorted(map(str, states.values())) == ["done", "done", "open"]
        (note,) = kit.page("note")
        assert note.values["notes"] == "Ring her on Monday"
        assert len(kit.page("mentorship")) == 2
    assert len(list(stick.iterdir())) == 1
