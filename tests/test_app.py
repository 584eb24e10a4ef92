"""The program on the screen: each workflow by keys, and what must hold whatever is typed."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from fieldkit.app import FieldkitApp
from fieldkit.errors import FieldkitError, StorageError, WrongPassphrase
from fieldkit.screens.attendance import AttendanceScreen
from fieldkit.screens.drafts import DraftsScreen
from fieldkit.screens.entry import EntryScreen
from fieldkit.screens.first_run import FirstRunScreen
from fieldkit.screens.home import HomeScreen
from fieldkit.screens.pair import PairScreen
from fieldkit.screens.record_view import RecordViewScreen
from fieldkit.screens.records import RecordsScreen
from fieldkit.screens.recovery import RecoveryScreen
from fieldkit.screens.setting_up import completed, strength
from fieldkit.screens.summary_pages import by, hours
from fieldkit.screens.unlock import UnlockScreen
from fieldkit.store.desk import Draft
from fieldkit.store.kit import Kit
from fieldkit.sync.network import create_network
from fieldkit.widgets.dialogs import Dialog
from fieldkit.widgets.listing import Listing
from widget_app import type_ahead

HOSTILE = "[/] [@click=app.quit]x[/] \x1b[31mred \x1b]0;title\x07 =1+1 ‮ \U0001f469‍⚕️ ਪੰਜਾਬੀ شكرا"
SIZE = (80, 24)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each key, Textual's pilot looks every 20 ms whether the program is idle; here every 4 ms.

    No test relies on it: each waits for what it expects to see.
    """
    from textual import _wait

    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.002)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed kit without a passphrase, with an event chosen, two people and a pair."""
    place = tmp_path_factory.mktemp("template") / "kit"
    kit, _ = Kit.create(place, None)
    with kit:
        create_network(kit, "Bradford", "St Mary's laptop 1")
        event = kit.add("event", {"title": "Health fair", "date": "2026-10-27", "place": "Bradford"})
        amina = kit.add("person", {"name": "Amina Khan", "organisation": "St Mary's"})
        ben = kit.add("person", {"name": "Ben Ojo"})
        kit.add("mentorship", {"mentor": amina.record_id, "mentee": ben.record_id, "level": "2"})
        kit.desk.set_setting("event", event.record_id)
    return place


@pytest.fixture
def folder(tmp_path: Path, template: Path) -> Path:
    """A copy of that kit: copying is quicker than making one."""
    shutil.copytree(template, tmp_path / "kit")
    return tmp_path / "kit"


async def until(pilot: Pilot[object], holds: Callable[[], object], what: str) -> None:
    """Wait until `holds()` is true; fail saying `what` was waited for."""
    for _ in range(3_000):
        try:
            if holds():
                await pilot.pause()
                return
        except Exception as error:
            last = error
        else:
            last = None
        await asyncio.sleep(0.01)
    raise AssertionError(f"waited in vain for {what} (last error: {last!r})")


async def on(pilot: Pilot[object], screen: type[object]) -> None:
    """Wait until a screen of this type is in view."""
    await until(pilot, lambda: isinstance(pilot.app.screen, screen), screen.__name__)


async def home(pilot: Pilot[object]) -> None:
    """Wait until the home screen shows its figures."""
    await on(pilot, HomeScreen)
    await until(pilot, lambda: "AT THIS EVENT" in shown(pilot, "#left"), "the figures")


async def form(pilot: Pilot[object]) -> None:
    """Wait until a form takes keys."""
    await on(pilot, EntryScreen)

    def ready() -> bool:
        screen = pilot.app.screen
        assert isinstance(screen, EntryScreen)
        return screen.form is not None and screen.form.question is not None

    await until(pilot, ready, "the form")


async def type_in(pilot: Pilot[object], words: str) -> None:
    """Type `words`."""
    await pilot.press(*("space" if letter == " " else letter for letter in words))


def shown(pilot: Pilot[object], selector: str) -> str:
    """The words of a Static."""
    return str(pilot.app.screen.query_one(selector, Static).content)


def picture(pilot: Pilot[object]) -> str:
    """Everything that is in view, as text."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)


def records(folder: Path, kind: str) -> list[dict[str, object]]:
    """The values of every record of a kind, read from the disk, the newest first."""
    with Kit.open(folder) as kit:
        return [one.values for one in kit.page(kind)]


async def saved(pilot: Pilot[object]) -> None:
    """Wait until the form says that it was saved."""
    await until(pilot, lambda: "saved" in shown(pilot, "#done"), "the save")


# Keys typed ahead


async def test_keys_typed_before_a_form_is_there_are_answers_in_it(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        type_ahead(app, ["p", "n", *"Bilal"])
        await form(pilot)
        await until(pilot, lambda: app.screen.query_one(Input).value == "Bilal", "the whole name")
        await app.leave()


async def test_keys_typed_while_the_kit_opens_and_at_home_go_where_they_lead(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        type_ahead(app, ["f", *"diab", "enter"])
        await form(pilot)
        await until(pilot, lambda: "✓ diabetes" in picture(pilot), "the service")
        await app.leave()


async def test_keys_after_a_save_wait_for_the_page_that_says_so(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        type_ahead(app, ["p", "n", *"Bilal", "f2", "n", *"Carol", "f2"])
        await until(
            pilot, lambda: len(app.screen_stack) > 2 and "Carol" in shown(pilot, "#done"), "two people"
        )
        await app.leave()
    assert {one["name"] for one in records(folder, "person")} >= {"Bilal", "Carol"}


# A person who says no


async def _said_no(pilot: Pilot[object]) -> None:
    """A form with words in it, stored as unfinished, in which the person now says no."""
    await home(pilot)
    await pilot.press("f")
    await form(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, EntryScreen) and screen.form is not None
    await until(pilot, lambda: screen.takes_keys, "the whole form")
    screen.form.set_answer("experience", "Ring me on 07700 900123")
    await until(pilot, lambda: screen._keeper is not None and screen._keeper.stored, "the draft")
    screen.form.show_step(4)
    await until(pilot, lambda: "May we keep what you said?" in picture(pilot), "the consent page")
    await pilot.press("2")
    await on(pilot, Dialog)


async def test_a_no_throws_away_what_was_typed(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _said_no(pilot)
        assert "throw away what was typed" in picture(pilot)
        await pilot.press("enter")
        assert isinstance(app.screen, Dialog), "haste must not throw anything away"
        await pilot.press("y")
        await home(pilot)
        assert app.kit is not None and app.kit.desk.drafts() == []
        await app.leave()


async def test_leaving_after_a_no_keeps_no_draft(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _said_no(pilot)
        for key in ("escape", "f2"):
            await pilot.press("n")
            await on(pilot, EntryScreen)
            await pilot.press(key)
            await on(pilot, Dialog)
            assert "The person said no" in picture(pilot), (
                "consent is judged before what may point to somebody"
            )
        await app.leave()
    with Kit.open(folder) as kit:
        assert kit.desk.drafts() == []


async def test_what_was_said_of_an_answer_goes_when_it_is_mended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.errors import InvalidRecord
    from fieldkit.screens import saving

    def refuse(*_: object) -> None:
        raise InvalidRecord({"name": "Not this name."})

    monkeypatch.setattr(saving, "save", refuse)
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("p", "n")
        await form(pilot)
        await type_in(pilot, "Bil")
        await pilot.press("f2")
        await until(pilot, lambda: "Not saved yet" in picture(pilot), "the refusal")
        await type_in(pilot, "al")
        await until(pilot, lambda: "Not saved yet" not in picture(pilot), "the sentence to go")
        await app.leave()


async def test_every_record_of_a_link_can_be_reached(folder: Path) -> None:
    with Kit.open(folder) as kit:
        for number in range(60):
            kit.add("person", {"name": f"Person {number:02}"})
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.open_screen("entry", "mentorship")
        await form(pilot)
        await until(pilot, lambda: "↓ 55 more" in picture(pilot), "how many there are")
        await pilot.press("down", *["pagedown"] * 9)
        await until(pilot, lambda: "type to find 12 more" in picture(pilot), "the way to the rest")
        assert "Person 10" in picture(pilot)
        await app.leave()


def test_a_kit_that_was_moved_says_when_it_was_saved_last(folder: Path, tmp_path: Path) -> None:
    from fieldkit.screens.opening import last_saved, open_kit

    kit, _ = open_kit(folder, None)
    before = kit.origin
    kit.close()
    shutil.move(folder, tmp_path / "elsewhere")
    kit, _ = open_kit(tmp_path / "elsewhere", None)
    with kit:
        assert kit.origin != before
        assert last_saved(kit)


async def test_events_come_by_their_day_the_nearest_first(folder: Path) -> None:
    days = {"last week": -7, "today": 0, "tomorrow": 1, "next week": 7, "years ago": -4000}
    with Kit.open(folder) as kit:
        for title, by in days.items():
            kit.add("event", {"title": title, "date": (date.today() + timedelta(by)).isoformat()})
        kit.add("event", {"title": "no day"})
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        type_ahead(app, ["e"])
        await until(pilot, lambda: app.screen.query_one(Listing).count == 7, "the events")
        await until(pilot, lambda: "no day" in picture(pilot), "the rows")
        found = [
            title for line in picture(pilot).splitlines() for title in (*days, "no day") if title in line
        ]
        assert found == ["today", "tomorrow", "next week", "last week", "years ago", "no day"]
        assert "o open" in picture(pilot).splitlines()[-1]
        await app.leave()


async def test_enter_before_a_search_is_done_takes_the_only_record(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.open_screen("entry", "mentorship")
        await form(pilot)
        type_ahead(app, [*"Amina", "enter", *"Ben", "enter"])
        await until(pilot, lambda: "✓ Amina Khan" in picture(pilot), "the mentor")
        await until(pilot, lambda: "✓ Ben Ojo" in picture(pilot), "the mentee")
        await app.leave()


# The first run


async def test_first_run_creates_a_network_without_a_passphrase(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        assert "leave" in picture(pilot)
        await pilot.press("f1")
        await on(pilot, Dialog)
        await pilot.press("escape")
        await on(pilot, FirstRunScreen)
        await pilot.press("1")
        await until(pilot, lambda: app.screen.query("#again"), "the lines")
        assert "f4 show the passphrase" in picture(pilot)
        await type_in(pilot, "Bradford champions")
        await pilot.press("enter", "enter", "enter", "enter")
        await on(pilot, Dialog)
        await pilot.press("enter")
        assert isinstance(app.screen, Dialog), "only the y key may say yes to a kit without a passphrase"
        await pilot.press("y")
        await home(pilot)
        assert "No passphrase" in shown(pilot, "#below")
        assert app.device_name == "Coordinator"
        await app.leave()
    with Kit.open(tmp_path / "kit") as kit:
        assert kit.desk.setting("identity")["network_name"] == "Bradford champions"


async def test_first_run_shows_the_recovery_code_once_and_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.store import agework

    # The real lock takes seconds; what it does is tested with the vault.
    monkeypatch.setattr(agework, "wrap", lambda key, secret: secret.encode() + b"|" + key)
    monkeypatch.setattr(agework, "unwrap", _unwrap)
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        await pilot.press("1")
        await until(pilot, lambda: app.screen.query("#again"), "the lines")
        await type_in(pilot, "Leeds")
        await pilot.press("enter", "enter")
        await type_in(pilot, "one two three four")
        await pilot.press("enter")
        await type_in(pilot, "one two three for")
        await pilot.press("enter")
        assert "not the same" in shown(pilot, "#state")
        await pilot.press("backspace")
        await type_in(pilot, "ur")
        await pilot.press("enter")
        await on(pilot, RecoveryScreen)
        words = [word for word in picture(pilot).split() if word.isalpha()]
        await type_in(pilot, "later")
        await pilot.press("enter")
        assert isinstance(app.screen, RecoveryScreen)
        await pilot.press(*["backspace"] * 5)
        await type_in(pilot, "written")
        await pilot.press("enter")
        await home(pilot)
        await app.leave()
    assert len(words) > 12
    locked = FieldkitApp(tmp_path / "kit")
    async with locked.run_test(size=SIZE) as pilot:
        await on(pilot, UnlockScreen)
        await type_in(pilot, "something else")
        await pilot.press("enter")
        await until(pilot, lambda: "×" in shown(pilot, "#state"), "the sentence about a wrong passphrase")
        assert locked.kit is None
        locked.screen.query_one(Input).value = "one two three four"
        await pilot.press("enter")
        await home(pilot)
        await locked.leave()


def lines(app: FieldkitApp) -> dict[str | None, str]:
    """What stands in each line of the page."""
    return {line.id: line.value for line in app.screen.query(Input)}


async def test_keys_typed_ahead_never_land_in_another_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(FirstRunScreen, "_make", lambda self, secret: made.append(secret))
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        type_ahead(
            app, ["1", *"Hull", "enter", *"Hub 2", "enter", *"one two", "enter", *"one two three", "enter"]
        )
        await until(pilot, lambda: "not the same" in picture(pilot), "the sentence about the passphrase")
        assert lines(app) == {
            "name": "Hull",
            "device": "Hub 2",  # in the place of what was suggested
            "secret": "one two",
            "again": "one two three",
        }
        assert made == []
        assert "▸ The same again" in picture(pilot)
        type_ahead(app, ["shift+tab", *" three", "enter", "enter"])
        await until(pilot, lambda: made == ["one two three"], "the end of the page")


async def test_what_is_typed_after_a_path_waits_for_the_page_that_it_opens(tmp_path: Path) -> None:
    from fieldkit.sync.export import invite

    with Kit.create(tmp_path / "hub", None)[0] as hub:
        path = invite(hub, create_network(hub, "Hull", "Hub"), tmp_path / "hull.fkn")
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Join a network" in picture(pilot), "the choices")
        type_ahead(app, ["2", *str(path), "enter", *"Ours", "enter", *"one two three"])
        await until(pilot, lambda: lines(app).get("secret") == "one two three", "the passphrase in its line")
        assert lines(app) == {"device": "Ours", "secret": "one two three", "again": ""}
        await pilot.press("escape")
        await until(pilot, lambda: "Just try it" in picture(pilot), "the choices")
        # What was typed for a page that did not come is nobody's to read.
        type_ahead(app, ["2", *str(tmp_path / "no.fkn"), "enter", *"Ours", "enter", *"one two three"])
        await until(pilot, lambda: "×" in picture(pilot), "the refusal")
        assert lines(app) == {"path": str(tmp_path / "no.fkn")}
        await pilot.press("backspace")
        assert lines(app) == {"path": str(tmp_path / "no.fk")}


async def test_an_interrupted_first_run_goes_on_next_time(tmp_path: Path) -> None:
    Kit.create(tmp_path / "kit", None)[0].close()
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SIZE) as pilot:
        await on(pilot, FirstRunScreen)
        await until(pilot, lambda: "only its network is missing" in picture(pilot), "the choices")
        await pilot.press("1")
        await until(pilot, lambda: app.screen.query("#device"), "the lines")
        assert not app.screen.query("#secret")
        await type_in(pilot, "Hull")
        await pilot.press("enter", "enter")
        await home(pilot)
        await app.leave()


async def test_joining_shows_the_coordinators_words_and_a_wrong_file_is_refused(tmp_path: Path) -> None:
    from fieldkit.sync.export import invite

    with Kit.create(tmp_path / "hub", None)[0] as hub:
        me = create_network(hub, "Hull", "Hub")
        path = invite(hub, me, tmp_path / "hull.fkn")
        words = me.key.public.words
    (tmp_path / "bad.fkn").write_bytes(b"no tar at all")
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Join a network" in picture(pilot), "the choices")
        await pilot.press("2")
        await until(pilot, lambda: app.screen.query("#path"), "the line")
        line = app.screen.query_one("#path", Input)
        line.value = str(tmp_path / "bad.fkn")
        await pilot.press("enter")
        await until(pilot, lambda: "×" in shown(pilot, "#state"), "the refusal")
        line.value = str(tmp_path / "hul")
        line.cursor_position = len(line.value)
        await pilot.press("tab")
        assert line.value == str(path)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query("#device"), "the invitation")
        flowed = " ".join(picture(pilot).split())
        assert all(word in flowed for word in words.split())
        await type_in(pilot, "Laptop 2")
        await pilot.press("enter", "enter", "enter")
        await on(pilot, Dialog)
        await pilot.press("y")
        await home(pilot)
        assert app.device_name == "Laptop 2"
        await app.leave()


def test_strength_and_completion(tmp_path: Path) -> None:
    assert strength("") == ""
    assert strength("short").startswith("too short")
    assert strength("aaaaaaaaaaaaaaaaaaaaaa").startswith("easy")
    assert strength("correct horse battery staple") == "strong"
    (tmp_path / "abcd.fkn").touch()
    (tmp_path / "abce.fkn").touch()
    (tmp_path / "xyz.txt").touch()
    assert completed(str(tmp_path / "a")) == str(tmp_path / "abc")
    assert completed(str(tmp_path / "abcd")) == str(tmp_path / "abcd.fkn")
    assert completed(str(tmp_path / "xy")) == str(tmp_path / "xy")
    assert completed("/no/such/place/a") == "/no/such/place/a"


def _unwrap(wrapped: bytes, secret: str) -> bytes:
    lock, _, key = wrapped.partition(b"|")
    if lock != secret.encode():
        raise WrongPassphrase("That passphrase does not open this kit.")
    return key


def test_figures_in_words() -> None:
    assert [by(change) for change in (0.7, -1.25, 0.0, -0.04, 0.04)] == [
        "+0.7",
        "-1.2",
        "same",
        "same",
        "same",
    ]
    assert [hours(number) for number in (0.0, 0.5, 1.0, 2.0)] == ["0 hours", "0.5 hours", "1 hour", "2 hours"]


def test_the_page_of_an_event_says_how_many_came(tmp_path: Path) -> None:
    from fieldkit.screens.record_words import read

    with Kit.create(tmp_path / "kit", None)[0] as kit:
        me = create_network(kit, "Hull")
        event, other = (kit.add("event", {"title": title}).record_id for title in ("Fair", "Other"))
        person = kit.add("person", {"name": "Anna", "consent_record": "Y"}).record_id
        kit.add("attendance", {"event": event, "person": person})
        for heads in (3, 4):
            kit.add("attendance", {"event": event, "attendee_group": "carers", "head_count": heads})
        said = [answer[1:3] for answer in read(kit, me, event).answers if answer[0] == "Who came"]
        assert said == [("By name", "1"), ("carers", "7"), ("In all", "8")]
        assert "Who came" not in {answer[0] for answer in read(kit, me, other).answers}


# Recording


async def test_feedback_by_keys_alone(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.screens.places.sticks", lambda: [tmp_path])
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "enter", "enter", "2", "enter", "enter", "enter")  # diabetes, a carer
        await pilot.press("4", "enter")
        await type_in(pilot, "They moved it twice")
        await pilot.press("enter", "1", "f2")
        await saved(pilot)
        assert "diabetes" in shown(pilot, "#done")
        assert "Receipt code" in shown(pilot, "#done")
        await pilot.press("p")
        await until(
            pilot, lambda: "Where shall the slip go?" in picture(pilot), "the question about the slip"
        )
        await pilot.press("1")
        await until(pilot, lambda: list(tmp_path.glob("slip-*.txt")), "the slip")
        (slip,) = tmp_path.glob("slip-*.txt")
        code = next(
            line.strip() for line in slip.read_text("utf-8-sig").splitlines() if line.startswith("    ")
        )
        assert code in shown(pilot, "#done")
        await saved(pilot)
        await pilot.press("n")
        await form(pilot)
        await pilot.press("escape")
        await home(pilot)
        await until(pilot, lambda: "1  feedback taken" in shown(pilot, "#left"), "the count")
        assert app.saved_at
        await app.leave()
    assert app.faults == []
    (values,) = records(folder, "feedback")
    assert values["service_area"] == "diabetes"
    assert values["role"] == "carer"
    assert values["rating"] == "4"
    assert values["experience"] == "They moved it twice"
    assert values["whose_words"] == "own"
    assert values["event"]
    assert values["date"] == values["consent_date"]
    with Kit.open(folder) as kit:
        assert kit.desk.drafts() == []


async def test_what_may_point_to_a_person_is_shown_before_saving(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("ctrl+pagedown", "4", "enter")
        await type_in(pilot, "my number is 9434765919")
        await pilot.press("f2")
        await on(pilot, Dialog)
        assert "NHS number" in picture(pilot)
        await pilot.press("1")
        await form(pilot)
        assert "NHS number" in picture(pilot)
        with Kit.open(folder) as kit:
            assert kit.count("feedback") == 0
        await pilot.press("f2")
        await on(pilot, Dialog)
        await pilot.press("2")
        await on(pilot, EntryScreen)
        await saved(pilot)
        await app.leave()
    assert records(folder, "feedback")[0]["experience"] == "my number is 9434765919"


async def test_a_rule_that_is_broken_stands_at_its_question(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "enter", "f2")
        await until(pilot, lambda: "Nothing was said yet" in picture(pilot), "the sentence")
        await pilot.press("shift+tab", "1", "f2")
        await saved(pilot)
        await app.leave()
    assert records(folder, "feedback")[0]["rating"] == "1"


async def test_a_draft_survives_a_program_that_is_dropped(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("ctrl+pagedown", "2", "enter")
        await type_in(pilot, "half a sent")
        assert app.kit is not None
        kit = app.kit
        await until(pilot, lambda: kit.desk.drafts(), "the draft")
        await until(pilot, lambda: kit.desk.drafts()[0].values["experience"] == "half a sent", "every letter")
        # Dropped: nothing is flushed, nobody leaves.
    again = FieldkitApp(folder)
    async with again.run_test(size=SIZE) as pilot:
        await home(pilot)
        await until(pilot, lambda: "unfinished entry" in shown(pilot, "#right"), "the unfinished entry")
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "half a sent" in picture(pilot), "the entry's line")
        await pilot.press("enter")
        await form(pilot)
        screen = again.screen
        assert isinstance(screen, EntryScreen) and screen.form is not None
        assert screen.form.values["experience"] == "half a sent"
        assert screen.form.step == 1
        await pilot.press("f2")
        await saved(pilot)
        await again.leave()
    assert records(folder, "feedback")[0]["experience"] == "half a sent"
    with Kit.open(folder) as kit:
        assert kit.desk.drafts() == []


async def test_leaving_at_once_loses_no_letter(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("ctrl+pagedown", "enter")
        await type_in(pilot, "last words")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.kit is None, "the end")
    with Kit.open(folder) as kit:
        assert kit.desk.drafts()[0].values["experience"] == "last words"


async def test_when_it_was_saved_stands_there_from_the_first_screen_on(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await until(
            pilot, lambda: re.search(r" saved \d\d:\d\d", picture(pilot)), "the time of the last save"
        )
        await app.leave()


async def test_a_new_kit_says_that_nothing_is_to_save(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.store.ledger.Ledger.last_stamp", lambda self, origin: 0)
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await until(pilot, lambda: "nothing to save yet" in picture(pilot), "the words of a new kit")
        app.note_saved()
        await until(pilot, lambda: "nothing to save" not in picture(pilot), "the time")
        await app.leave()


async def test_a_saved_entry_is_not_called_unfinished(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.desk.keep_draft(Draft("d1", "person", {"name": "Zoë"}))
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "Zoë" in picture(pilot), "the draft")
        await pilot.press("enter")
        await form(pilot)
        assert "unfinished" in picture(pilot)
        await pilot.press("f2")
        await saved(pilot)
        await until(pilot, lambda: "Person · saved" in picture(pilot), "the title")
        assert "unfinished" not in picture(pilot)
        await app.leave()


async def test_a_form_only_looked_at_leaves_no_draft(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("ctrl+pagedown", "ctrl+pagedown", "escape")
        await home(pilot)
        await app.leave()
    with Kit.open(folder) as kit:
        assert kit.desk.drafts() == []


async def test_an_edit_replaces_what_was_seen_and_nothing_else(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("e")
        await on(pilot, RecordsScreen)
        await until(pilot, lambda: app.screen.query_one(Listing).count == 1, "the event")
        await pilot.press("o")
        await on(pilot, RecordViewScreen)
        await until(pilot, lambda: "HISTORY" in shown(pilot, "#answers"), "the record")
        await pilot.press("e")
        await form(pilot)
        assert app.kit is not None
        event = app.kit.page("event")[0]
        app.kit.edit(app.kit.get(event.record_id), {"place": "Leeds"})  # meanwhile, by a merge, say
        await type_in(pilot, " 2026")
        await pilot.press("f2")
        await on(pilot, RecordViewScreen)
        await until(pilot, lambda: "Health fair 2026" in shown(pilot, "#answers"), "the change")
        assert "Leeds" in shown(pilot, "#answers")
        await app.leave()
    (event_values,) = records(folder, "event")
    assert event_values["title"] == "Health fair 2026"
    assert event_values["place"] == "Leeds"


async def test_a_draft_of_an_edit_keeps_what_it_had_seen(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event = kit.get(kit.page("event")[0].record_id)
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.open_screen("entry", record_id=event.record_id)
        await form(pilot)
        await type_in(pilot, "!")
        await pilot.press("escape")
        await home(pilot)
        assert app.kit is not None
        app.kit.edit(app.kit.get(event.record_id), {"title": "Another name"})
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: app.screen.query_one(Listing).count == 1, "the draft")
        await pilot.press("enter")
        await form(pilot)
        await pilot.press("f2")
        await on(pilot, DraftsScreen)
        assert app.kit.conflict_count() == 1, "the name given meanwhile must not be overwritten unseen"
        await app.leave()


async def test_delete_and_bring_back(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("p")
        await on(pilot, RecordsScreen)
        await until(pilot, lambda: app.screen.query_one(Listing).count == 2, "the people")
        await pilot.press("d")
        await on(pilot, Dialog)
        await pilot.press("enter")
        assert isinstance(app.screen, Dialog), "haste must not delete"
        await pilot.press("y")
        await until(pilot, lambda: app.screen.query_one(Listing).count == 1, "one fewer")
        await pilot.press("z")
        await until(pilot, lambda: app.screen.query_one(Listing).count == 2, "both again")
        await app.leave()
    assert len(records(folder, "person")) == 2


async def test_the_keys_of_an_empty_list_are_those_that_work(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(120, 24)) as pilot:
        await home(pilot)
        await pilot.press("o")
        await until(pilot, lambda: "0 in all" in picture(pilot), "the empty list of partners")
        assert "n new" in picture(pilot)
        assert not [words for words in ("enter open", "d delete", "/ filter") if words in picture(pilot)]
        await pilot.press("escape")
        await home(pilot)
        await pilot.press("p")
        await until(pilot, lambda: "Amina" in picture(pilot), "the people")
        await until(pilot, lambda: "d delete" in picture(pilot), "the keys of a list with people")
        assert not [words for words in ("enter open", "/ filter") if words not in picture(pilot)]
        await app.leave()


async def test_the_filter_shows_what_holds_the_words(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("p")
        await on(pilot, RecordsScreen)
        await until(pilot, lambda: app.screen.query_one(Listing).count == 2, "the people")
        await pilot.press("slash")
        await type_in(pilot, "amina")
        await until(pilot, lambda: app.screen.query_one(Listing).count == 1, "one person")
        await pilot.press("enter", "escape")
        await until(pilot, lambda: app.screen.query_one(Listing).count == 2, "everybody")
        await app.leave()


# Checking in, mentoring, safeguarding


async def test_checking_in_and_counting(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("a")
        await on(pilot, AttendanceScreen)
        await until(pilot, lambda: "Health fair" in picture(pilot), "the event")
        await type_in(pilot, "ami")
        await pilot.press("enter")
        await until(pilot, lambda: "1  checked in by name" in shown(pilot, "#totals"), "the check-in")
        await type_in(pilot, "ami")
        await pilot.press("enter")
        await until(pilot, lambda: "already here" in picture(pilot), "the sentence")
        await type_in(pilot, "Zainab, Mosque")
        await pilot.press("enter")
        await on(pilot, Dialog)
        assert "may we keep your name?" in picture(pilot)
        await pilot.press("1")
        await until(pilot, lambda: "2  checked in by name" in shown(pilot, "#totals"), "the new person")
        await pilot.press("tab", "down", "1", "2", "plus", "escape")
        await home(pilot)
        await until(pilot, lambda: "13  counted" in shown(pilot, "#left"), "the head count")
        await app.leave()
    assert app.faults == []
    rows = records(folder, "attendance")
    assert sorted(str(row.get("attendee_group", "")) for row in rows) == ["", "", "patient"]
    assert next(row["head_count"] for row in rows if "head_count" in row) == 13
    zainab = next(person for person in records(folder, "person") if person["name"] == "Zainab")
    assert (zainab["consent_record"], zainab["consent_by"]) == ("Y", "St Mary's laptop 1")
    assert zainab["consent_date"] == date.today().isoformat()


async def test_who_says_no_at_the_door_is_counted_without_a_name(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("a")
        await on(pilot, AttendanceScreen)
        await until(pilot, lambda: "Health fair" in picture(pilot), "the event")
        for answers, counted in ((["escape"], 0), (["enter"], 1), (["2"], 1)):
            app.screen.query_one(Input).value = ""
            await type_in(pilot, "Zainab")
            await pilot.press("enter")
            await on(pilot, Dialog)
            await pilot.press(*answers)
            await on(pilot, AttendanceScreen)
            assert bool(app.screen.query_one(Input).value) is not bool(counted)
        await until(pilot, lambda: "2  counted" in shown(pilot, "#totals"), "the count")
        await pilot.press("escape")
        await home(pilot)
        await app.leave()
    assert "Zainab" not in {person["name"] for person in records(folder, "person")}
    assert [row["head_count"] for row in records(folder, "attendance")] == [2]


async def test_a_mentoring_session_and_its_private_note(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("m")
        await until(pilot, lambda: "Amina Khan" in picture(pilot), "the pair")
        await pilot.press("enter")
        await on(pilot, PairScreen)
        await until(pilot, lambda: "Amina Khan with Ben Ojo" in picture(pilot), "the pair")
        await pilot.press("n")
        await form(pilot)
        await pilot.press("ctrl+pagedown", "7", "enter", "6", "enter", "8", "enter", "f2")
        await saved(pilot)
        await pilot.press("enter")
        await on(pilot, PairScreen)
        await until(pilot, lambda: app.screen.query_one(Listing).count == 1, "the session")
        await until(pilot, lambda: "confidence" in picture(pilot), "the chart")
        await pilot.press("p")
        await form(pilot)
        await pilot.press("enter", "enter")
        await type_in(pilot, "for my eyes")
        await pilot.press("f2")
        await saved(pilot)
        await app.leave()
    (session,) = records(folder, "session")
    assert (session["confidence"], session["knowledge"], session["skills"]) == (7, 6, 8)
    (note,) = records(folder, "note")
    assert note["notes"] == "for my eyes" and note["session"]


async def test_worried_about_somebody(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "f9")
        await until(pilot, lambda: "999" in picture(pilot), "the steps")
        await pilot.press("l")
        await on(pilot, Dialog)
        await type_in(pilot, "Mrs Shah 01274 000000")
        await pilot.press("enter")
        await until(pilot, lambda: "Mrs Shah" in picture(pilot), "the lead")
        await pilot.press("n")
        await form(pilot)
        await type_in(pilot, "He said he is afraid")
        await pilot.press("f2")
        await saved(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "999" in picture(pilot), "the steps")
        await pilot.press("escape")
        await form(pilot)
        await app.leave()
    assert records(folder, "concern")[0]["own_words"] == "He said he is afraid"


# What must always hold


async def test_hostile_text_is_text_on_every_screen(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event = kit.add("event", {"title": HOSTILE, "place": HOSTILE})
        kit.desk.set_setting("event", event.record_id)
        kit.add("partner", {"name": HOSTILE, "town": HOSTILE})
        one, two = (kit.add("person", {"name": HOSTILE, "organisation": HOSTILE}) for _ in "12")
        kit.add("feedback", {"experience": HOSTILE, "provider": HOSTILE, "rating": "1"})
        pair = kit.add("mentorship", {"mentor": one.record_id, "mentee": two.record_id, "goals": HOSTILE})
        kit.add(
            "session",
            {
                "mentorship": pair.record_id,
                "date": "2026-10-27",
                "topics": HOSTILE,
                "next_actions": HOSTILE,
                "skills": 3,
            },
        )
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        for keys in (
            ["e"],
            ["e", "o"],
            ["o"],
            ["p"],
            ["p", "enter"],
            ["p", "enter", "e"],
            ["a"],
            ["a", "x"],
            ["m"],
            ["m", "enter"],
            ["m", "enter", "enter"],
            ["l"],
            ["f", "1", "escape", "u"],
        ):
            for key in keys:
                await pilot.press(key)
                await app.workers.wait_for_complete([w for w in app.workers if w.group != "search"])
                await pilot.pause()
            assert "\x1b" not in picture(pilot)
            while not isinstance(app.screen, HomeScreen):
                depth = len(app.screen_stack)
                await pilot.press("escape")
                await until(pilot, lambda depth=depth: len(app.screen_stack) < depth, "going back")  # type: ignore[misc]
        app.open_screen("records", "feedback")
        await until(pilot, lambda: "[/] [@" in picture(pilot), "the comment as it is")
        await app.leave()
    assert app.faults == []


async def test_errors_are_told_in_words_and_end_nothing(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        screen = app.screen
        assert isinstance(screen, HomeScreen)

        def full(_: Kit) -> None:
            raise StorageError("The disk is full.", kept="All is safe.", hint="Free some space.")

        def broken(_: Kit) -> None:
            raise ZeroDivisionError("secret words")

        screen.run_kit(full, what="saving")
        await on(pilot, Dialog)
        assert all(
            words in picture(pilot) for words in ("The disk is full.", "All is safe.", "Free some space.")
        )
        await pilot.press("enter")
        await on(pilot, HomeScreen)
        screen.run_kit(broken, what="counting sheep")
        await on(pilot, Dialog)
        assert "Something went wrong while counting sheep." in picture(pilot)
        assert "secret" not in picture(pilot)
        await app.leave()
    log = (folder / "errors.log").read_text()
    assert "ZeroDivisionError" in log and "secret words" not in log


async def test_a_form_keeps_its_words_when_the_disk_refuses(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("ctrl+pagedown", "2", "enter")
        await type_in(pilot, "kept")

        def refuse(*_: object) -> None:
            raise StorageError("The disk is full.")

        with monkeypatch.context() as patch:
            patch.setattr(Kit, "add_with_code", refuse)
            await pilot.press("f2")
            await on(pilot, Dialog)
            assert "The disk is full." in picture(pilot)
            await pilot.press("enter")
        await form(pilot)
        await pilot.press("f2")
        await saved(pilot)
        await app.leave()
    assert records(folder, "feedback")[0]["experience"] == "kept"


async def test_leaving_waits_for_a_save_and_not_for_reading(folder: Path) -> None:
    import threading

    app = FieldkitApp(folder)
    go, never = threading.Event(), threading.Event()
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        screen = app.screen
        assert isinstance(screen, HomeScreen)
        done: list[bool] = []

        def save(_: Kit) -> None:
            go.wait(10)
            done.append(True)

        screen.run_kit(save, what="saving", saving=True)
        screen.run_kit(lambda _: never.wait(60), what="reading")
        await pilot.pause()
        leaving = asyncio.ensure_future(app.leave())
        await pilot.pause()
        assert not leaving.done()
        go.set()
        await asyncio.wait_for(leaving, 5)
        assert done == [True]
    never.set()


async def test_no_color(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        colours = {
            colour.name
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and (colour := segment.style.color) is not None
        }
        assert "AT THIS EVENT" in picture(pilot)
        await app.leave()
    for name in colours:
        assert name.startswith("#") and len({name[1:3], name[3:5], name[5:7]}) == 1, f"{name} is not grey"


@pytest.mark.parametrize("state", ["none", "locked"])
def test_the_first_frame_loads_nothing_heavy(tmp_path: Path, state: str) -> None:
    folder = tmp_path / "kit"
    if state == "locked":
        folder.mkdir()
        (folder / "key.passphrase.age").write_bytes(b"wrapped")
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from fieldkit.app import FieldkitApp

        heavy = {"sqlmodel", "sqlalchemy", "pandas", "pydantic", "numpy"}
        seen = []

        class App(FieldkitApp):
            def on_ready(self):
                seen.append(sorted(heavy & set(sys.modules)) + [type(self.screen).__name__])
                self.exit()

        App(Path(sys.argv[1])).run(headless=True)
        print(seen)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    screen = "UnlockScreen" if state == "locked" else "FirstRunScreen"
    assert done.stdout.strip() == f"[['{screen}']]", done.stdout + done.stderr


def test_an_error_that_nobody_foresaw_ends_with_a_sentence(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from fieldkit.app import FieldkitApp

        class App(FieldkitApp):
            is_headless = False

            def on_ready(self):
                raise ZeroDivisionError("no")

        app = App(Path(sys.argv[1]))
        app.run(headless=True)
        sys.exit(app.return_code)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    said = " ".join((done.stdout + done.stderr).split())
    assert "What was saved is safe" in said
    assert "Traceback" not in said and "ZeroDivisionError" not in said


#: Keys of widgets that live on one screen, and keys that need no words.
_ON = {
    "NameLine": "attendance",
    "Counts": "attendance",
    "FilterLine": "list",
    "ChoosingList": "list",
    "FileList": "merge",
    "Values": "history",
    "OneForm": "box",
}
_FEW = {"digits": "123456789", "sections": "12345", "0-9": "0123456789"}


def test_every_key_of_every_screen_is_documented_once() -> None:
    import importlib
    import pkgutil

    from textual.binding import Binding
    from textual.widget import Widget

    from fieldkit import screens
    from fieldkit.commands import PLACES, commands_for

    seen = set()
    for module in pkgutil.iter_modules(screens.__path__):
        for thing in vars(importlib.import_module(f"fieldkit.screens.{module.name}")).values():
            if not (isinstance(thing, type) and issubclass(thing, Widget) and "BINDINGS" in vars(thing)):
                continue
            if not thing.__module__.startswith("fieldkit.screens"):
                continue
            place = getattr(thing, "COMMANDS_FOR", "") or _ON[thing.__name__]
            assert place in PLACES
            seen.add(place)
            known = {
                key
                for command in commands_for(place)
                for part in command.keys.split(",")
                for key in _FEW.get(part, [part])
            }
            for binding in Binding.make_bindings(vars(thing)["BINDINGS"]):
                assert binding.key in known, f"{thing.__name__}: {binding.key} is not documented at {place}"
    assert len(seen) > 20


def test_every_command_has_a_method_on_its_screen() -> None:
    import importlib
    import pkgutil

    from fieldkit import screens
    from fieldkit.commands import COMMANDS, EVERYWHERE, PLACES
    from fieldkit.screens.base import BaseScreen

    found: dict[str, type[BaseScreen]] = {}
    for module in pkgutil.iter_modules(screens.__path__):
        for thing in vars(importlib.import_module(f"fieldkit.screens.{module.name}")).values():
            if isinstance(thing, type) and issubclass(thing, BaseScreen) and thing.COMMANDS_FOR:
                found[thing.COMMANDS_FOR] = thing
    assert set(found) == set(PLACES) - {EVERYWHERE, "box"}
    for command in COMMANDS:
        for place in command.screens:
            if not command.built_in and place != EVERYWHERE:
                assert hasattr(found[place], "command_" + command.id.replace("-", "_")), (place, command.id)


def test_errors_have_a_title_of_their_own() -> None:
    assert FieldkitError("x").title != StorageError("x").title
