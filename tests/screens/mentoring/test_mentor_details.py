"""Details of a mentor's work: continued notes, no open action, names in what travels, a no to the name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app_desk import at_home, form, on, picture, records, type_in
from fieldkit.presentation.mentoring.session_log import private_sentences
from fieldkit.screens.mentoring.mentees_screen import MenteesScreen
from fieldkit.screens.mentoring.pair_screen import PairScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import MENTORS_HERE
from waiting import until


def _a_session(folder: Path) -> None:
    with Kit.open(folder) as kit:
        (pair,) = kit.page("mentorship")
        kit.add("session", {"mentorship": pair.record_id, "date": date.today().isoformat(), "confidence": 4})
        kit.settings.put(MENTORS_HERE, [str(pair.values["mentor"])])


async def test_a_private_note_begins_and_goes_on_at_its_text(folder: Path) -> None:
    _a_session(folder)
    async with at_home(folder) as pilot:
        await pilot.press("m")
        await on(pilot, MenteesScreen)
        await until(pilot, lambda: "OPEN ACTIONS · Ben Ojo" in picture(pilot), "the mentee")
        assert "\n  OPEN ACTIONS" in picture(pilot), "the line begins where every other does"
        await pilot.press("enter")
        await on(pilot, PairScreen)
        await until(pilot, lambda: "Ben Ojo with " in picture(pilot), "the pair, the mentee first")
        for text in ("Ring her", " on Monday"):
            await pilot.press("p")
            await form(pilot)
            await until(pilot, lambda: "▸ Notes" in picture(pilot), "the text of the note")
            await type_in(pilot, text)
            await pilot.press("f2")
            await on(pilot, PairScreen)
            await until(pilot, lambda: "Saved: Private note" in picture(pilot), "what was saved")
            assert "Ring her" not in picture(pilot), "the mentee may sit beside it"
        await pilot.press("a")
        await until(pilot, lambda: "No action is open." in picture(pilot), "why nothing is asked")
    assert [note["notes"] for note in records(folder, "note")] == ["Ring her on Monday"]


async def test_a_mentee_who_keeps_their_name_to_themselves(folder: Path) -> None:
    _a_session(folder)
    async with at_home(folder) as pilot:
        await pilot.press("m")
        await on(pilot, MenteesScreen)
        await pilot.press("p")
        await form(pilot)
        await type_in(pilot, "Dee Adeyemi")
        await until(pilot, lambda: "make a new one" in picture(pilot), "a new person")
        await pilot.press("enter")
        await until(pilot, lambda: "may we keep your name?" in picture(pilot), "consent")
        await pilot.press("2")
        await until(pilot, lambda: "another name that they agree to" in picture(pilot), "what to do")


def test_a_name_behind_a_title_is_pointed_out_in_all_that_travels() -> None:
    values = {"topics": "Mrs Okon was there", "new_1": "Ask Dr Patel for a slot", "note_notes": "Dr Patel"}
    sentences = private_sentences(values)
    assert len(sentences) == 2 and "Mrs Okon" in sentences[0] and "Dr Patel" in sentences[1]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_both_names_of_a_pair_are_whole_beside_the_level(folder: Path, size: tuple[int, int]) -> None:
    name = "Wilhelmina Anastasia Konstantinopoulou-Featherstonehaugh van der Westhuizen"
    with Kit.open(folder) as kit:
        (pair,) = kit.page("mentorship")
        kit.edit(pair, {"level": "3"})
        kit.edit(kit.get(str(pair.values["mentee"]), "person"), {"name": name})
        mentor = str(kit.get(str(pair.values["mentor"]), "person").values["name"])
    async with at_home(folder) as pilot:
        await pilot.resize_terminal(*size)
        pilot.app.push_screen(PairScreen(pair.record_id))
        await on(pilot, PairScreen)
        await until(pilot, lambda: "level 3" in picture(pilot), "the level")
        title = picture(pilot).partition("──")[0].replace("level 3", "").replace("(bands 6-7)", "")
        assert " ".join(title.split()) == f"fieldkit {name} with {mentor}"
