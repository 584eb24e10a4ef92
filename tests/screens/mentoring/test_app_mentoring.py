"""A mentor's evening by keys: who I am, my mentees, logging a session, the private note, progress, the summary."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from textual.pilot import Pilot

from app_desk import at_home, form, home, on, picture, records, running, saved, type_in
from fieldkit.app import FieldkitApp
from fieldkit.screens.entry.drafts_screen import DraftsScreen
from fieldkit.screens.mentoring.log_screen import LogScreen
from fieldkit.screens.mentoring.mentees_screen import MenteesScreen
from fieldkit.screens.mentoring.pair_screen import PairScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import MENTORS_HERE
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.listing import Listing
from waiting import until


async def _mentees(pilot: Pilot[object]) -> None:
    """Go from home to my mentees, answering the question who I am with the first name."""
    await home(pilot)
    await pilot.press("m")
    await on(pilot, Choose)
    await until(pilot, lambda: "1 Amina Khan" in picture(pilot), "the mentors")
    await pilot.press("1")
    await on(pilot, MenteesScreen)
    await until(pilot, lambda: "My mentees · Amina Khan" in picture(pilot), "the mentees")


async def _log(pilot: Pilot[object]) -> LogScreen:
    """Wait until the log takes keys."""
    await on(pilot, LogScreen)
    screen = pilot.app.screen
    assert isinstance(screen, LogScreen)
    await until(pilot, lambda: screen.takes_keys, "the form")
    return screen


def _earlier_session(folder: Path) -> str:
    """A session as an earlier kit stored it: two actions in its text, and a date that has passed."""
    with Kit.open(folder) as kit:
        (pair,) = kit.page("mentorship")
        kit.add(
            "session",
            {
                "mentorship": pair.record_id,
                "date": "2026-01-05",
                "confidence": 4,
                "next_actions": "Ring the union\nRead the code",
                "next_date": "2026-02-02",
            },
        )
        return pair.record_id


async def test_who_i_am_is_asked_once(folder: Path) -> None:
    for first in (True, False):
        async with running(folder) as pilot:
            if first:
                await _mentees(pilot)
            else:
                await home(pilot)
                await pilot.press("m")
                await until(pilot, lambda: "My mentees · Amina Khan" in picture(pilot), "the mentees")
    with Kit.open(folder) as kit:
        assert len(kit.settings.get(MENTORS_HERE)) == 1


async def test_several_mentors_on_one_laptop_choose(folder: Path) -> None:
    with Kit.open(folder) as kit:
        people = [
            kit.add("person", {"name": name, "consent_record": "Y"}).record_id for name in ("Dee", "Eve")
        ]
        kit.add("mentorship", {"mentor": people[0], "mentee": people[1]})
        (amina,) = [
            person.record_id for person in kit.page("person") if person.values["name"] == "Amina Khan"
        ]
        kit.settings.put(MENTORS_HERE, [people[0], amina])
    async with at_home(folder) as pilot:
        await pilot.press("m")
        await on(pilot, Choose)
        await until(pilot, lambda: "1 Dee" in picture(pilot), "the mentors")
        await pilot.press("2")
        await until(pilot, lambda: "My mentees · Amina Khan" in picture(pilot), "Amina's mentees")
        assert "Ben Ojo" in picture(pilot) and "Eve" not in picture(pilot)
        await pilot.press("i")
        await on(pilot, Choose)
        await until(pilot, lambda: "1 Amina Khan" in picture(pilot), "the one chosen last first")
        await pilot.press("2")
        await until(pilot, lambda: "Eve" in picture(pilot), "Dee's mentees")


async def test_an_overdue_mentee_is_seen_at_a_glance(folder: Path) -> None:
    _earlier_session(folder)
    async with running(folder) as pilot:
        await _mentees(pilot)
        await until(pilot, lambda: "days overdue" in picture(pilot), "the overdue pair")
        view = picture(pilot)
        assert "5 Jan 2026" in view and "Ring the union" in view and "Read the code" in view


async def test_logging_a_session_by_digits(folder: Path) -> None:
    pair = _earlier_session(folder)
    async with running(folder) as pilot:
        await _mentees(pilot)
        await until(pilot, lambda: "Ben Ojo" in picture(pilot), "the pair")
        await pilot.press("n")
        await _log(pilot)
        view = picture(pilot)
        assert "Read the code  travels" in view and "1 done" in view and "3 dropped" in view
        await pilot.press("1", "2")  # done, still open
        await pilot.press("enter", "4", "5", "enter", "1")  # today, 45 minutes, in person
        await until(
            pilot, lambda: "Confidence  last time 4 · travels" in picture(pilot), "last time's rating"
        )
        await pilot.press("6", "1", "0", "7")
        await until(pilot, lambda: "▸ Topics" in picture(pilot), "the next page")
        await type_in(pilot, "The interview")
        await pilot.press("enter")
        await type_in(pilot, "Write the form")
        await pilot.press("enter")
        await until(pilot, lambda: "▸ One more" in picture(pilot), "room for one more action")
        await pilot.press("enter", "3")
        await until(pilot, lambda: "private note?" in picture(pilot), "the private page")
        assert "stays here" in picture(pilot)
        await pilot.press("1")
        await on(pilot, MenteesScreen)
        await until(pilot, lambda: "2 actions are open" in picture(pilot), "what was saved")
    session = records(folder, "session")[0]
    assert (session["confidence"], session["knowledge"], session["skills"]) == (6, 10, 7)
    assert session["minutes"] == 45 and session["mode"] == "in-person" and session["mentorship"] == pair
    assert session["next_date"] == (date.today() + timedelta(weeks=4)).isoformat()
    states = {str(action["what"]): action.get("state") for action in records(folder, "action")}
    assert states == {"Read the code": "done", "Write the form": "open"}
    assert records(folder, "note") == []


async def test_a_log_that_was_left_goes_on_where_it_was(folder: Path) -> None:
    _earlier_session(folder)
    async with running(folder) as pilot:
        await _mentees(pilot)
        await until(pilot, lambda: "Ben Ojo" in picture(pilot), "the pair")
        await pilot.press("n")
        await _log(pilot)
        await pilot.press("1", "3", "escape")
        await on(pilot, MenteesScreen)
    async with at_home(folder) as pilot:
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "Mentoring session" in picture(pilot), "the unfinished session")
        await pilot.press("enter")
        screen = await _log(pilot)
        await until(pilot, lambda: "session · step 2" in picture(pilot), "the page where it was left")
        assert screen.form is not None
        assert sorted(
            str(value) for value in screen.form.values.values() if value in ("done", "dropped")
        ) == [
            "done",
            "dropped",
        ]
        await pilot.press("f2")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "No unfinished entries" in picture(pilot), "nothing unfinished")
    assert {action["state"] for action in records(folder, "action")} == {"done", "dropped"}


async def test_a_log_only_looked_at_leaves_nothing(folder: Path) -> None:
    async with running(folder) as pilot:
        await _mentees(pilot)
        await until(pilot, lambda: "Ben Ojo" in picture(pilot), "the pair")
        await pilot.press("n")
        await _log(pilot)
        await pilot.press("escape")
        await on(pilot, MenteesScreen)
    with Kit.open(folder) as kit:
        assert kit.drafts.all() == []


async def test_a_second_session_of_a_day_and_words_that_name_somebody_are_asked_about(folder: Path) -> None:
    pair = _earlier_session(folder)
    with Kit.open(folder) as kit:
        kit.add("session", {"mentorship": pair, "date": date.today().isoformat()})
    async with running(folder) as pilot:
        await _mentees(pilot)
        await until(pilot, lambda: "Ben Ojo" in picture(pilot), "the pair")
        await pilot.press("n")
        await _log(pilot)
        await pilot.press("ctrl+pagedown", "ctrl+pagedown", "ctrl+pagedown")
        await until(pilot, lambda: "▸ Topics" in picture(pilot), "the topics")
        await type_in(pilot, "ben@example.org")
        await pilot.press("f2")
        await until(pilot, lambda: "Before this is saved" in picture(pilot), "the warning")
        await pilot.press("2")
        await until(pilot, lambda: "A session of that day is here" in picture(pilot), "the question")
        await pilot.press("2")
        await on(pilot, MenteesScreen)
    assert len(records(folder, "session")) == 3


async def test_a_pair_its_plot_its_actions_and_the_private_note(folder: Path, tmp_path: Path) -> None:
    _earlier_session(folder)
    async with running(folder) as pilot:
        await _mentees(pilot)
        await until(pilot, lambda: "Ben Ojo" in picture(pilot), "the pair")
        await pilot.press("enter")
        await on(pilot, PairScreen)
        await until(pilot, lambda: "OPEN ACTIONS" in picture(pilot), "the actions")
        assert "overdue" in picture(pilot)
        await pilot.press("g")
        await until(pilot, lambda: "10 ┤" in picture(pilot), "the plot")
        await pilot.press("escape")
        await until(pilot, lambda: "OPEN ACTIONS" in picture(pilot), "the sessions")
        await until(
            pilot, lambda: pilot.app.screen.query_one(Listing).has_focus, "keys go to the sessions again"
        )
        await pilot.press("a")
        await on(pilot, Choose)
        await until(pilot, lambda: "1 Read the code" in picture(pilot), "the actions to choose from")
        await pilot.press("1")
        await until(pilot, lambda: "2 dropped" in picture(pilot), "the states")
        await pilot.press("1")
        await until(pilot, lambda: "Done: Read the code" in picture(pilot), "what was done")
    assert [action["state"] for action in records(folder, "action")] == ["done"]


async def test_goals_are_whole_where_sessions_are_few(folder: Path) -> None:
    pair = _earlier_session(folder)
    goals = "Ask the ward manager whether she may chair the meeting in April. " * 5
    with Kit.open(folder) as kit:
        kit.edit(kit.get(pair), {"goals": f"{goals}The end."})
    async with running(folder) as pilot:
        await _mentees(pilot)
        await until(pilot, lambda: "Ben Ojo" in picture(pilot), "the pair")
        await pilot.press("enter")
        await on(pilot, PairScreen)
        await until(pilot, lambda: "GOALS" in picture(pilot), "the goals")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "The end." in picture(pilot), "all of them")


async def test_a_new_pair_begins_at_the_mentee_and_keeps_the_mentor(folder: Path) -> None:
    with Kit.open(folder) as kit:
        people = {str(person.values["name"]): person.record_id for person in kit.page("person")}
        pair = kit.add("mentorship", {"mentor": people["Amina Khan"], "mentee": people["Ben Ojo"]})
        zainab = kit.add("person", {"name": "Zainab Noor", "consent_record": "Y"}).record_id
        kit.settings.put(MENTORS_HERE, [people["Amina Khan"]])
    async with at_home(folder) as pilot:
        await pilot.press("m")
        await on(pilot, MenteesScreen)
        await until(pilot, lambda: "My mentees · Amina Khan" in picture(pilot), "the mentees")
        await pilot.press("p")
        await form(pilot)
        await type_in(pilot, "Zain")
        await until(pilot, lambda: "Zainab Noor" in picture(pilot), "the mentee")
        await pilot.press("enter", "f2")
        await saved(pilot)
    (new,) = [row for row in records(folder, "mentorship") if row["mentee"] == zainab]
    assert new["mentor"] == people["Amina Khan"] and pair.record_id


async def test_the_latest_rating_of_a_plot_that_scrolls_is_at_the_right_of_its_row(folder: Path) -> None:
    with Kit.open(folder) as kit:
        (pair,) = kit.page("mentorship")
        for day, rating in (("2026-01-05", 2), ("2026-02-05", 4), ("2026-03-05", 7)):
            same = {"confidence": rating, "knowledge": rating, "skills": rating}
            kit.add("session", {"mentorship": pair.record_id, "date": day, **same})
        mentee = kit.get(str(pair.values["mentee"]), "person")
        kit.edit(
            mentee, {"name": "Wilhelmina Anastasia Konstantinopoulou-Featherstonehaugh van der Westhuizen"}
        )
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await _mentees(pilot)
        await until(pilot, lambda: "Wilhelmina" in picture(pilot), "the pair")
        await pilot.press("enter")
        await on(pilot, PairScreen)
        await until(pilot, lambda: "OPEN ACTIONS" in picture(pilot), "the actions")
        await pilot.press("g")
        await until(pilot, lambda: picture(pilot).count("CKS") == 3, "the plot")
        rows = [line for line in picture(pilot).splitlines() if "CKS" in line]
        assert all("│" in row or "┤" in row for row in rows), rows
        await app.leave()
    assert app.faults == []
