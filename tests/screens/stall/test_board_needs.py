"""The board, which covers home, says on one line what needs the volunteer, and which keys lead there."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from app_desk import home, on, picture, records, running, shown
from fieldkit.app import FieldkitApp
from fieldkit.presentation.mentoring.session_log import LOG
from fieldkit.presentation.needs import Need
from fieldkit.presentation.stall.board_state import state
from fieldkit.screens.entry.drafts_screen import DraftsScreen
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.exchange.sync import SyncScreen
from fieldkit.screens.mentoring.log_screen import LogScreen
from fieldkit.screens.people.safeguarding import WorriedScreen
from fieldkit.screens.stall.board_lines import needs_line
from fieldkit.screens.stall.head_counter import Counts
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import SAFEGUARDING_LEAD
from fieldkit.sync.network.identity import identity
from stall_desk import FIXTURES, board, line, type_name
from waiting import until

(fair,) = FIXTURES


async def test_after_one_of_several_unfinished_entries_the_board_is_there_again(fair: Path) -> None:
    with Kit.open(fair) as kit:
        for rating in ("1", "2"):
            kit.drafts.keep(Draft("", "feedback", {"rating": rating, "consent_record": "Y"}))
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press("f3", "enter")
        await on(pilot, EntryScreen)
        await pilot.press("escape")
        await on(pilot, DraftsScreen)  # nothing was saved: another entry may be meant
        await pilot.press("enter")
        await on(pilot, EntryScreen)
        await pilot.press("f2")
        await until(pilot, lambda: "Receipt code for the person" in picture(pilot), "the code")
        await pilot.press("w")
        await board(pilot)


async def test_an_unfinished_session_is_continued_with_its_actions(fair: Path) -> None:
    with Kit.open(fair) as kit:
        (pair,) = kit.page("mentorship")
        log = {LOG: "Y", "mentorship": pair.record_id, "date": "2026-10-27", "new_1": "Ring the clinic"}
        kit.drafts.keep(Draft("", "session", log))
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press("f3")
        await on(pilot, LogScreen)
        await until(pilot, lambda: pilot.app.screen.takes_keys, "the log")  # type: ignore[attr-defined]  # a log
        await pilot.press("f2")
        await board(pilot)
        await until(pilot, lambda: "Session saved for" in picture(pilot), "what was saved")
    assert "Ring the clinic" in str(records(fair, "action"))


def test_a_safeguarding_note_counts_as_saved_on_the_board(fair: Path) -> None:
    with Kit.open(fair) as kit:
        later = kit.clock() + 3_600_000
        kit.clock = lambda: later
        kit.add("concern", {"own_words": "He shouts at me."})
        board_state = state(kit, identity(kit))
        assert board_state is not None and board_state.saved == later, "as the foot of the screen says"


async def test_a_worry_and_an_unfinished_entry_stand_on_the_board_with_their_keys(fair: Path) -> None:
    with Kit.open(fair) as kit:
        kit.add("concern", {"own_words": "He shouts at me."})
        kit.drafts.keep(Draft("", "feedback", {"rating": "2"}))
        kit.settings.put(SAFEGUARDING_LEAD, "Ann Lee, 01274 496 0000")
    async with running(fair) as pilot:
        await board(pilot)
        await until(pilot, lambda: "NEEDS YOU" in picture(pilot), "the line")
        assert "NEEDS YOU   1 worry to pass on f9   1 unfinished entry f3" in shown(pilot, "#needs")
        await pilot.press("f9")
        await on(pilot, WorriedScreen)
        await pilot.press("escape")
        await board(pilot)
        await pilot.press("f3")
        await on(pilot, EntryScreen)
        await pilot.press("escape")
        await board(pilot)
        await pilot.press("f9")
        await on(pilot, WorriedScreen)
        assert pilot.app.kit is not None
        (note,) = pilot.app.kit.page("concern")
        pilot.app.kit.edit(pilot.app.kit.get(note.record_id, "concern"), {"told": "Ann Lee"})
        pilot.app.kit.drafts.drop(pilot.app.kit.drafts.all()[0].id)
        await pilot.press("escape")
        await board(pilot)
        await until(pilot, lambda: "NEEDS YOU" not in picture(pilot), "the line to go")


async def test_the_line_names_the_keys_that_lead_by_home(fair: Path) -> None:
    line_of_needs = needs_line([Need("sync", "file in quarantine", 1)], 76).plain
    assert line_of_needs == "NEEDS YOU   1 file in quarantine esc y"
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press("escape", "y")
        await on(pilot, SyncScreen)


@pytest.mark.parametrize("width", [30, 40, 56, 76, 116, 196])
def test_what_there_is_no_room_for_is_counted(width: int) -> None:
    needs = [
        Need("worried", "2 worries to pass on"),
        Need("unfinished", "unfinished entries", 1_200),
        Need("conflicts", "conflicts to resolve", 3),
        Need("cycles", "answers late", 2),
        Need("safety", "no backup for 40 days"),
    ]
    shown_needs = needs_line(needs, width).plain
    assert cell_len(shown_needs) <= width
    named = sum(need.line in shown_needs for need in needs)
    assert named == len(needs) or f"{len(needs) - named} more esc" in shown_needs
    assert needs_line([], width).plain == ""


async def test_a_notice_moves_no_figure_on_a_small_terminal(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await until(pilot, lambda: "no safeguarding lead f9" in picture(pilot), "the line")
        height = pilot.app.screen.query_one(Counts).size.height
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await until(pilot, lambda: "is checked in" in picture(pilot), "the notice")
        assert pilot.app.screen.query_one(Counts).size.height == height
        assert line(pilot) == ""


async def test_home_and_the_board_name_the_same(fair: Path) -> None:
    with Kit.open(fair) as kit:
        kit.drafts.keep(Draft("", "feedback", {"rating": "2"}))
    app = FieldkitApp(fair)
    async with app.run_test(size=(120, 40)) as pilot:
        await board(pilot)
        await until(pilot, lambda: "NEEDS YOU" in picture(pilot), "the line")
        above = shown(pilot, "#needs")
        await home(pilot)
        for label in ("unfinished entry", "no safeguarding lead"):
            assert label in above and label in shown(pilot, "#right")
        await app.leave()
