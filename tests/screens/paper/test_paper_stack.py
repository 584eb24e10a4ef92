"""A pile of paper, by keys: common answers once, sheet after sheet, as above, doubtful sheets, a kill in between."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from app_desk import SIZE, form, home, on, picture, records, running, type_in
from fieldkit.app import FieldkitApp
from fieldkit.errors import InvalidRecord
from fieldkit.presentation.languages.catalogue import catalogue
from fieldkit.presentation.paper import piles
from fieldkit.presentation.paper.pile_set_up import begin as begin_set_up
from fieldkit.presentation.paper.pile_set_up import set_up_form
from fieldkit.presentation.paper.printed_code import CODE
from fieldkit.screens.entry.drafts_screen import DraftsScreen
from fieldkit.screens.paper.pile_set_up_screen import PileSetUpScreen
from fieldkit.screens.paper.piles_screen import PilesScreen, next_of
from fieldkit.screens.paper.stack_screen import StackScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import CARRIED_ANSWERS, EVENT, PILES
from fieldkit.store.oplog.receipt_codes import new_code
from fieldkit.widgets.dialogs.confirm import Confirm
from waiting import until


@pytest.fixture
def desk(folder: Path) -> Path:
    with Kit.open(folder) as kit:
        events = kit.page("event", 0, 1)
        event = events[0] if events else kit.add("event", {"title": "Fair", "date": "2026-10-27"})
        kit.settings.put(EVENT, event.record_id)
    return folder


async def to_piles(pilot: Pilot[Any]) -> None:
    await home(pilot)
    await pilot.press("t")
    await on(pilot, PilesScreen)


async def ready(pilot: Pilot[Any], number: int) -> None:
    """Wait until that sheet takes keys."""

    def there() -> bool:
        screen = pilot.app.screen
        return (
            isinstance(screen, StackScreen)
            and screen.takes_keys
            and screen.page_title.startswith((f"Sheet {number} of", f"Name {number} of"))
        )

    await until(pilot, there, f"sheet {number}")


async def end(pilot: Pilot[Any], unit: str) -> None:
    """Close the box after the last sheet of a pile."""
    await until(pilot, lambda: f"Every {unit} is entered" in picture(pilot), "the end of the pile")
    await pilot.press("enter")
    await on(pilot, PilesScreen)


async def begin(pilot: Pilot[Any], what: str, sheets: int, codes: str = "") -> None:
    await to_piles(pilot)
    await pilot.press("n")
    await on(pilot, PileSetUpScreen)
    await until(pilot, lambda: pilot.app.screen.takes_keys, "the set-up")
    await pilot.press(what, *str(sheets))
    if codes:
        screen = pilot.app.screen
        assert isinstance(screen, PileSetUpScreen) and screen.form is not None
        screen.form.set_answer("codes", codes)
    await pilot.press("f2")
    await ready(pilot, 1)


def pile(folder: Path) -> piles.Pile:
    with Kit.open(folder) as kit:
        return piles.piles(kit)[0]


async def test_a_pile_without_an_event_says_that_it_needs_one(desk: Path) -> None:
    with Kit.open(desk) as kit:
        kit.settings.forget(EVENT)
    async with running(desk) as pilot:
        await pilot.resize_terminal(60, 20)
        await to_piles(pilot)
        await pilot.press("n")
        await on(pilot, PileSetUpScreen)
        await until(pilot, lambda: pilot.app.screen.takes_keys, "the set-up")
        await pilot.press("1", "4", "f2")
        await until(pilot, lambda: "▸ Event" in picture(pilot), "the question without an answer")
        await until(pilot, lambda: "An answer is needed here." in picture(pilot), "what is needed")
        await pilot.press("down", "enter")
        await until(pilot, lambda: "An answer is needed here." not in picture(pilot), "nothing of it")
        await pilot.press("f2")
        await ready(pilot, 1)


async def test_a_pile_of_forms_with_a_no_and_a_doubtful_one(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 4)
        assert "as on the sheet above" not in picture(pilot), "none lies above"
        await pilot.press("1", "1", "2", "4")  # yes, yes, no; poor
        await type_in(pilot, "They moved it twice")
        await pilot.press("enter")
        await pilot.press("f2")
        await ready(pilot, 2)
        assert "1 of 4 done" in picture(pilot) and "as on the sheet above" in picture(pilot)
        await pilot.press("2")  # no consent
        await until(pilot, lambda: "No consent on this sheet" in picture(pilot), "the box")
        await pilot.press("enter")
        await ready(pilot, 3)
        await pilot.press("1", "1", "1", "2", "f7")  # good; the words can't be read
        await ready(pilot, 4)
        assert "1 to come back to" in picture(pilot)
        await pilot.press("1", "1", "1", "2", "f2")
        await until(
            pilot,
            lambda: isinstance(pilot.app.screen, StackScreen) and "Sheet 3 of" in pilot.app.screen.page_title,
            "sheet 3",
        )
        await ready(pilot, 3)  # the pile is finished, so the waiting sheet comes
        await pilot.press("f2")
        await end(pilot, "sheet")
        await until(pilot, lambda: "all entered" in picture(pilot), "the whole pile")
    entered = records(desk, "feedback")
    assert [each["rating"] for each in entered] == ["2", "2", "4"]
    assert all(each["consent_notice"] == "3, English" for each in entered)
    assert all(each["event"] and each["consent_date"] == each["date"] for each in entered)
    assert all(each["whose_words"] == "own" for each in entered if "experience" in each)
    done = pile(desk)
    assert (done.entered, done.refused, done.doubtful, done.is_done) == (3, 1, {}, True)
    with Kit.open(desk) as kit:
        assert kit.drafts.all() == []


async def test_what_was_said_of_an_answer_goes_with_its_sheet(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 3)
        await pilot.press("1", "1", "1", "2", "f2")
        await ready(pilot, 2)
        await pilot.press("1", "1", "1", "2", "f6")
        await until(pilot, lambda: "The sheet above has no answer here." in picture(pilot), "the sentence")
        await pilot.press("f2")
        await ready(pilot, 3)
        assert "The sheet above has no answer here." not in picture(pilot)


def test_forms_that_were_printed_earlier_keep_the_version_at_their_foot(desk: Path) -> None:
    with Kit.open(desk) as kit:
        answers = {**set_up_form(kit).values, "sheets": 3, "language": "pl"}
        assert begin_set_up(kit, answers).shared["consent_notice"] == catalogue("pl").notice_version()
        printed = begin_set_up(kit, {**answers, "notice": " 2, Polish 2 draft "})
        assert printed.shared["consent_notice"] == "2, Polish 2 draft"
        with pytest.raises(InvalidRecord) as refused:
            begin_set_up(kit, {**answers, "notice": "x" * 5000})
        assert set(refused.value.problems) == {"notice"}


async def test_nothing_of_a_sheet_is_kept_before_its_yes(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 2)
        await pilot.press("f7")
        await ready(pilot, 2)
        await pilot.press("escape")
        await on(pilot, PilesScreen)
    with Kit.open(desk) as kit:
        assert kit.drafts.all() == []
    assert list(pile(desk).doubtful.values()) == [1]


async def test_a_pile_goes_on_at_its_sheet_after_the_program_was_ended(desk: Path) -> None:
    app = FieldkitApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        await begin(pilot, "1", 3)
        await pilot.press("1", "1", "1", "2", "f2")
        await ready(pilot, 2)
        await pilot.press("1", "1", "1", "5")
        await type_in(pilot, "Nobody rang")
        await until(
            pilot,
            lambda: app.kit is not None and app.kit.drafts.all() and "rang" in str(app.kit.drafts.all()),
            "the draft",
        )
        await until(pilot, lambda: app.kit is not None and piles.piles(app.kit)[0].draft, "the note of it")
        # Killed here, as by a flat battery, without an orderly end.
    again = FieldkitApp(desk)
    async with again.run_test(size=SIZE) as pilot:
        await to_piles(pilot)
        await until(pilot, lambda: "Next: sheet 2 of 3. 1 entered." in picture(pilot), "the pile")
        await pilot.press("enter")
        await ready(pilot, 2)
        assert "Nobody rang" in picture(pilot)
        assert "Sheet 1: Saved. Write the receipt code on it: " in picture(pilot)
        await pilot.press("f2")
        await ready(pilot, 3)
        await again.leave()
    assert again.faults == []
    assert [each["rating"] for each in records(desk, "feedback")] == ["5", "2"]


async def test_a_code_names_its_sheet_whatever_came_of_the_sheets_after_it(desk: Path) -> None:
    app = FieldkitApp(desk)
    code = "Sheet 1: Saved. Write the receipt code on it: "
    async with app.run_test(size=SIZE) as pilot:
        await begin(pilot, "1", 4)
        await pilot.press("1", "1", "1", "2", "f2")
        await ready(pilot, 2)
        await pilot.press("2")
        await on(pilot, Confirm)
        await pilot.press("y")
        await ready(pilot, 3)
        assert code in picture(pilot)
        await pilot.press("f7")
        await ready(pilot, 4)
        assert code in picture(pilot)
        await pilot.press("escape")
        await on(pilot, PilesScreen)
        await until(pilot, lambda: code in picture(pilot), "the code above the list")
        await pilot.press("d")
        await ready(pilot, 3)
        assert code in picture(pilot)
        await pilot.press("1", "1", "1", "3", "f2")
        await until(
            pilot, lambda: "Sheet 3: Saved. Write the receipt code on it: " in picture(pilot), "its own code"
        )
        await app.leave()
    assert app.faults == []


async def test_without_a_tick_the_sheet_is_to_be_read_and_nobody_to_be_asked(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 2)
        await pilot.press("f2")
        await until(pilot, lambda: "Enter what is ticked on the sheet." in picture(pilot), "what to do")
        assert "Ask the person" not in picture(pilot)
        await pilot.press("escape")
        await on(pilot, PilesScreen)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_list_of_piles_says_which_sheet_is_next(desk: Path, size: tuple[int, int]) -> None:
    with Kit.open(desk) as kit:
        state = {"sheets_of": "feedback", "sheets": 40, "shared": {}}
        kit.settings.put(
            PILES,
            [
                {"id": "a", **state, "entered": 10, "refused": 1},
                {"id": "c", **state, "entered": 40},
                {"id": "d", **state, "sheets_of": "person", "entered": 3},
            ],
        )
    app = FieldkitApp(desk)
    async with app.run_test(size=size) as pilot:
        await home(pilot)
        await to_piles(pilot)
        await until(pilot, lambda: "sheet 12 of 40" in picture(pilot), "the piles")
        for nearest in ("all entered", "name 4 of 40"):
            assert nearest in picture(pilot)
        assert "Next: sheet 12 of 40. 10 entered, 1 without consent." in picture(pilot)
        await pilot.press("down", "delete")
        await until(pilot, lambda: "the pile is forgotten" in picture(pilot), "what was forgotten")
        assert "Feedback forms, 40 sheets" in picture(pilot) and "all entered" not in picture(pilot)
        await app.leave()


async def test_a_pile_names_its_event_whole_and_counts_what_is_entered_before_it_goes(desk: Path) -> None:
    title = "Health & wellbeing fair at the University Hospitals of Leicester, Department of Ophthalmology and Orthoptics"
    hall = "The Great Hall of the Neighbourhood Centre, Belgrave Road"
    with Kit.open(desk) as kit:
        event = kit.add("event", {"title": title, "date": "2026-10-27", "place": hall}).record_id
        state = {"sheets_of": "feedback", "sheets": 3, "shared": {"event": event}}
        kit.settings.put(PILES, [{"id": "a", **state}])
    app = FieldkitApp(desk)
    async with app.run_test(size=(200, 30)) as pilot:
        await home(pilot)
        await to_piles(pilot)
        await until(pilot, lambda: "Next: sheet 1 of 3" in picture(pilot), "the pile")
        assert hall in picture(pilot)
        await pilot.press("delete")
        await until(pilot, lambda: "Forget this pile?" in picture(pilot), "the question")
        assert "Entered: 0 of 3 sheets." in picture(pilot)
        await pilot.press("escape")
        await app.leave()


def test_where_only_doubtful_sheets_are_left_the_first_of_them_is_next() -> None:
    assert (
        next_of(piles.Pile("a", "feedback", 40, {}, entered=38, doubtful={"d": 11, "e": 7}))
        == "back to sheet 7"
    )


def test_ended_between_storing_and_noting_a_sheet_counts_once(desk: Path) -> None:
    with Kit.open(desk) as kit:
        begun = piles.begin_pile(kit, "feedback", 3, {}, "en", False)
        values = {"consent_record": "Y", "rating": "2", "experience": "Nobody rang"}
        draft = kit.drafts.keep(Draft("", "feedback", values))
        piles.sheet_begun(kit, begun.id, draft.id)
        kit.add_with_code("feedback", values)
        known = piles.after_a_kill(kit, piles.pile_of(kit, begun.id))
        assert (known.entered, known.draft, kit.drafts.all()) == (1, "", [])
        assert piles.after_a_kill(kit, known).entered == 1


async def test_names_on_a_sign_in_sheet(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "2", 3)
        await type_in(pilot, "Farida Begum")
        await pilot.press("enter", "enter", "1", "1")
        await pilot.press("f2")
        await ready(pilot, 2)
        await type_in(pilot, "Somebody Else")
        await pilot.press("enter", "enter", "2", "f2")  # no: counted, not named
        await ready(pilot, 3)
        await type_in(pilot, "Farida Begum")
        await pilot.press("enter", "enter", "1", "2", "f2")
        await until(pilot, lambda: "Is it one of these people?" in picture(pilot), "the question who it is")
        await pilot.press("1")
        await end(pilot, "name")
    assert [each["name"] for each in records(desk, "person") if "Farida" in each["name"]] == ["Farida Begum"]
    assert not any("Somebody" in str(each) for each in records(desk, "person"))
    attendance = records(desk, "attendance")
    assert [each["head_count"] for each in attendance if "head_count" in each] == [1]
    assert sum("person" in each for each in attendance) == 1
    done = pile(desk)
    assert (done.entered, done.refused) == (2, 1)


async def test_a_printed_receipt_code_is_the_persons_and_serves_once(desk: Path) -> None:
    code = new_code()
    async with running(desk) as pilot:
        await begin(pilot, "1", 2, codes="Y")
        await pilot.press("1", "1", "1")
        await type_in(pilot, code.lower().replace("-", ""))
        await pilot.press("enter", "2", "f2")
        await ready(pilot, 2)
        await pilot.press("1", "1", "1")
        await type_in(pilot, code.lower().replace("-", ""))
        await pilot.press("enter", "2", "f2")
        await until(pilot, lambda: "here already" in picture(pilot), "what is wrong with the code")
    with Kit.open(desk) as kit:
        assert kit.withdraw(code) == 1


async def test_a_printed_code_is_kept_where_the_sheet_outlives_its_pile(desk: Path) -> None:
    code = new_code()
    with Kit.open(desk) as kit:
        answers = {"consent_record": "Y", "rating": "2", CODE: code}
        kit.drafts.keep(Draft("", "feedback", answers))
    async with running(desk) as pilot:
        await home(pilot)
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await pilot.press("enter")
        await form(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: "Receipt code for the person" in picture(pilot), "the code")
    with Kit.open(desk) as kit:
        assert kit.withdraw(code) == 1


async def test_consent_is_never_copied_from_above(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 2)
        await pilot.press("1", "1", "1", "2", "f2")
        await ready(pilot, 2)
        await pilot.press("f6")
        await until(pilot, lambda: "each person's own" in picture(pilot), "the warning")


async def test_nothing_is_copied_from_a_sheet_that_is_not_the_one_above(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 3)
        await pilot.press("1", "1", "1", "2", "f2")
        await ready(pilot, 2)
        assert "as on the sheet above" in picture(pilot)
        await pilot.press("1", "1", "1", "f6", "f7")  # the rating as above
        await ready(pilot, 3)
        assert "as on the sheet above" not in picture(pilot), "sheet 2 is marked: its answers are not stored"
        await pilot.press("1", "1", "1", "f6")
        await until(pilot, lambda: "The last sheet entered is sheet 1." in picture(pilot), "the reason")
        await pilot.press("5", "f2")
        await ready(pilot, 2)
        assert "as on the sheet above" not in picture(pilot), "sheet 3 was entered last"
        await pilot.press("f6")
        await until(pilot, lambda: "The last sheet entered is sheet 3." in picture(pilot), "the reason")
        await pilot.press("f2")
        await end(pilot, "sheet")
    assert sorted(each["rating"] for each in records(desk, "feedback")) == ["2", "2", "5"]


async def test_a_pile_that_nobody_is_named_for_gets_nobodys_name(desk: Path) -> None:
    with Kit.open(desk) as kit:
        kit.settings.put(CARRIED_ANSWERS, {"consent_by": "AB"})
        event, day = kit.settings.get(EVENT), "2026-10-27"
        shared = {"event": event, "date": day, "consent_date": day}
        piles.begin_pile(kit, "feedback", 2, shared, "en", False)
    async with running(desk) as pilot:
        await to_piles(pilot)
        await pilot.press("enter")
        await ready(pilot, 1)
        await pilot.press("1", "1", "1", "2", "escape")
        await on(pilot, PilesScreen)
        await pilot.press("enter")
        await ready(pilot, 1)
        await pilot.press("f2")
        await ready(pilot, 2)
    assert [each.get("consent_by") for each in records(desk, "feedback")] == [None]


async def test_forms_are_written_from_the_screen(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldkit.screens.base.places.sticks", lambda: [tmp_path])
    async with running(desk) as pilot:
        await to_piles(pilot)
        await pilot.press("p")
        await until(pilot, lambda: "Where to write the forms?" in picture(pilot), "the question where")
        await pilot.press("1")
        await until(pilot, lambda: "Forms to print" in picture(pilot), "the forms")
    assert len(list(tmp_path.glob("forms-*/*.html"))) == 13


async def test_nothing_of_the_tally_or_the_receipt_code_is_cut_on_a_small_screen(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 4)
        await pilot.resize_terminal(60, 20)
        assert "····" in picture(pilot), "where the bar will be"
        await pilot.press("1", "1", "1", "2", "f2")
        await ready(pilot, 2)
        await pilot.press("2")
        await until(pilot, lambda: "No consent on this sheet" in picture(pilot), "the box")
        await pilot.press("enter")
        await ready(pilot, 3)
        await pilot.press("f7")
        await ready(pilot, 4)
        seen = " ".join(picture(pilot).split())
        assert "█" not in seen, "a bar of two cells says nothing"
        assert "2 of 4 done · 1 without consent · 1 to come back to" in seen
        assert "f7 come back later" in seen and "Sheet 4 of 4" in seen
        assert re.search(r"Write the receipt code on it: \w{4}-\w{4}-\w{4}", seen)
        await pilot.press("escape")
        await until(pilot, lambda: "To come back to: sheet 3. Press d." in picture(pilot), "the key")


async def test_the_receipt_code_of_the_last_sheet_stays_in_view(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 1)
        await pilot.press("1", "1", "1", "2", "f2")
        await until(pilot, lambda: "Every sheet is entered" in picture(pilot), "the end of the pile")
        assert "Write the receipt code on it" in picture(pilot)
        assert "f8 shows the code again" in picture(pilot)
        await pilot.press("enter")
        await on(pilot, PilesScreen)
        assert "f8 shows the last receipt code again" in picture(pilot).casefold()


async def test_a_code_shown_above_a_sheet_is_not_lost_by_leaving(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 2)
        await pilot.press("1", "1", "1", "2", "f2")
        await ready(pilot, 2)
        await pilot.press("escape")
        await on(pilot, PilesScreen)
        await until(pilot, lambda: "Write the receipt code on it" in picture(pilot), "the code")


async def test_the_last_sheet_put_off_leads_to_the_list(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "1", 1)
        await pilot.press("1", "f7")
        await on(pilot, PilesScreen)
        await until(pilot, lambda: "Sheet 1 is marked" in picture(pilot), "what was marked")


async def test_nobody_is_sure_who_a_name_on_a_sheet_is(desk: Path) -> None:
    with Kit.open(desk) as kit:
        kit.add("person", {"name": "Farida Begum", "consent_record": "Y"})
    async with running(desk) as pilot:
        await begin(pilot, "2", 1)
        await type_in(pilot, "Farida Begam")
        await pilot.press("enter", "enter", "1", "1", "f2")
        await until(pilot, lambda: "3 not sure" in picture(pilot), "the question who it is")
        await pilot.press("3")
        await end(pilot, "name")
    assert {"Farida Begum", "Farida Begam"} <= {str(each["name"]) for each in records(desk, "person")}
    assert [each["answer"] for each in records(desk, "same_person")] == ["not_sure"]


async def test_a_digit_goes_on_while_a_pile_is_set_up(desk: Path) -> None:
    async with running(desk) as pilot:
        await begin(pilot, "2", 2)
    begun = pile(desk)
    assert (begun.sheets_of, begun.sheets) == ("person", 2)


async def test_help_on_a_question_of_a_pile_says_which_keys_there_are(desk: Path) -> None:
    async with running(desk) as pilot:
        await to_piles(pilot)
        await pilot.press("n")
        await on(pilot, PileSetUpScreen)
        await until(pilot, lambda: pilot.app.screen.takes_keys, "the set-up")
        await pilot.press("f1")
        await until(pilot, lambda: "Leave; no pile is begun." in picture(pilot), "the keys of the set-up")
        await pilot.press("escape", "1", "2", "f2")
        await ready(pilot, 1)
        await pilot.press("f1")
        await until(pilot, lambda: "Leave the pile" in picture(pilot), "the keys of a sheet")
        assert "Mark this sheet to come back to" in picture(pilot)
