"""The frame round every screen: its foot, the palette, dialogs, and keys typed before a form is there."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from fieldkit.commands import table
from fieldkit.commands.palette import KitCommands
from fieldkit.presentation.model.form_plan import FormPlan, Option, Question, Step
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Help, Message
from fieldkit.widgets.form import Form
from fieldkit.widgets.frame import BottomLine, KitScreen, NoticeLine
from fieldkit.widgets.key_hints import KeyHint, chosen_hints, gap_of
from waiting import until
from widget_app import HOSTILE, WidgetApp, text_of, type_ahead


class Home(KitScreen):
    """A screen with two of home's commands."""

    COMMANDS_FOR = "home"
    BINDINGS = table.bindings_for("home")

    def on_mount(self) -> None:
        self.page_title = "Fair [/], Bradford"
        self.done = ""

    def command_feedback(self) -> None:
        self.done = "feedback"

    async def command_lock(self) -> None:
        self.done = "lock"


async def test_the_bottom_line_shows_only_keys_that_work_and_always_when_it_was_saved() -> None:
    screen = Home()
    app = WidgetApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.saved_note = "saved 14:02"
        screen.refresh_frame()
        screen.show_notice("One [/] [@click=app.quit]x[/] was refused", "warning")
        await pilot.pause()
        lines = text_of(app).splitlines()
        assert "Fair [/], Bradford" in lines[0]
        assert "St Mary's laptop 1" in lines[0]
        assert "q lock and leave" in lines[-1]
        assert "^p commands" in lines[-1]
        assert "help" not in lines[-1]
        assert lines[-1].rstrip().endswith("saved 14:02")
        assert any("! One [/] [@click=app.quit]x[/] was refused" in line for line in lines)
        await pilot.press("f")
        assert screen.done == "feedback"
        await pilot.press("x")
        assert screen.done == "feedback"
        await pilot.press("q")
        assert screen.done == "lock"
        for size in ((60, 20), (20, 5), (120, 40)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: app.size == app.screen._compositor.size == size)
            await until(pilot, lambda: "saved" in "".join(text_of(app).splitlines()[-2:]))


async def test_a_notice_of_several_lines_stays_beside_its_sign() -> None:
    screen = Home()
    app = WidgetApp(screen)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        screen.show_notice("Page written to /home/volunteer/Documents/pages: print it, then delete the file.")
        await until(pilot, lambda: "then delete" in text_of(app))
        *_, first, second = (line for line in text_of(app).splitlines() if "Page" in line or "delete" in line)
        assert first.startswith(" ▪ Page") and second.startswith("   ") and second[3] != " "
        await pilot.resize_terminal(120, 20)
        await until(pilot, lambda: "print it, then delete the file." in text_of(app))


async def test_a_notice_that_names_somebody_at_length_is_whole_in_a_small_window() -> None:
    who = "Wilhelmina Anastasia Konstantinopoulou-Featherstonehaugh van der Westhuizen"
    where = (
        "University Hospitals of Leicester NHS Trust, Department of Ophthalmology and Orthoptics, Glenfield"
    )
    screen = Home()
    app = WidgetApp(screen)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        screen.show_notice(f"Done again: {who} · {where} checked in at a quarter past ten.")
        await until(pilot, lambda: "Done again" in text_of(app))
        assert "past ten." in text_of(app)


async def test_a_notice_in_view_is_not_drawn_anew_until_it_says_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Home()
    app = WidgetApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        drawn: list[str] = []
        update = NoticeLine.update
        monkeypatch.setattr(
            NoticeLine,
            "update",
            lambda line, content, **more: (drawn.append(str(content)), update(line, content, **more)),
        )
        for sentence in ("The key z does nothing here.",) * 3:
            screen.show_notice(sentence)
            assert screen.shown_notice == sentence
        assert len(drawn) == 1
        screen.show_notice("The key z does nothing here.", "warning")
        screen.clear_notice()
        screen.show_notice("The key z does nothing here.", "warning")
        await pilot.pause()
        assert len(drawn) == 3
        assert "! The key z does nothing here." in text_of(app)


async def test_the_palette_finds_commands() -> None:
    screen = Home()
    app = WidgetApp(screen)
    app.COMMANDS = {KitCommands}  # type: ignore[misc]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", *"feedb")
        await until(pilot, lambda: "feedback  f" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: screen.done == "feedback")


def test_hints_are_cut_whole_and_the_important_ones_stay() -> None:
    hints = [KeyHint("a", "first thing", 5), KeyHint("enter", "next", 0), KeyHint("b", "x", 6)]
    assert [hint.key for hint in chosen_hints(hints, 80)] == ["a", "enter", "b"]
    assert [hint.key for hint in chosen_hints(hints, 17)] == ["enter", "b"]
    assert list(chosen_hints(hints, 2)) == []


def test_hints_stand_closer_where_that_makes_room_for_another() -> None:
    hints = [KeyHint("a", "first thing", 5), KeyHint("enter", "next", 0), KeyHint("b", "x", 6)]
    whole = "a first thing  enter next  b x"
    assert [hint.key for hint in chosen_hints(hints, len(whole))] == ["a", "enter", "b"]
    assert (gap_of(hints, len(whole)), gap_of(hints, len(whole) + 2)) == (2, 3)


async def test_the_time_gives_its_room_to_keys_that_do_not_fit_beside_it() -> None:
    screen = Home()
    app = WidgetApp(screen)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        app.saved_note = "saved 14:02"
        screen.refresh_frame()
        bottom = screen.query_one(BottomLine)
        bottom.hints = (
            KeyHint("o", "other place", 5),
            KeyHint("enter", "look inside", 0),
            KeyHint("esc", "back", 1),
        )
        await pilot.pause()
        rule, keys = text_of(app).splitlines()[-2:]
        assert keys.split() == [
            "o",
            "other",
            "place",
            "enter",
            "look",
            "inside",
            "esc",
            "back",
            "saved",
            "14:02",
        ]
        assert set(rule) == {"─"}
        bottom.hints = (*bottom.hints, KeyHint("f1", "help", 2))
        await pilot.pause()
        rule, keys = text_of(app).splitlines()[-2:]
        assert keys.split() == ["o", "other", "place", "enter", "look", "inside", "esc", "back", "f1", "help"]
        assert rule.endswith("─ saved 14:02 ─")


class Typed(KitScreen):
    """A screen with a form that is typed into before it is there."""

    @property
    def takes_keys(self) -> bool:
        return all(form.takes_keys for form in self.query(Form)) and super().takes_keys

    def body(self) -> ComposeResult:
        yield Form(FormPlan("x", [Step("x", [Question("a", "line", "A"), Question("b", "line", "B")])]))


async def test_keys_typed_before_a_form_is_there_are_not_lost() -> None:
    app = WidgetApp(Home())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = Typed()
        app.push_screen(screen)
        type_ahead(app, [*"one", "enter", *"two"])
        await until(pilot, lambda: screen.is_mounted and screen.query(Form))
        form = screen.query_one(Form)
        await until(pilot, lambda: form.values == {"a": "one", "b": "two"})


async def test_dialogs_give_their_answers() -> None:
    screen = Home()
    app = WidgetApp(screen)
    answers: list[object] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for dialog, keys in (
            (Confirm("Delete [/]?", "[@click=app.quit]x[/]", careful=True), ["enter", "y"]),
            (Confirm("Go?", no="no, I'll wait"), ["escape"]),
            (AskLine("Name", "[/]"), ["enter", *"Ann", "enter"]),
            (AskLine("Passphrase", password=True), [*"secret", "enter"]),
            (AskLine("Name"), ["a", "escape"]),
            (Choose("Which [/]?", [Option("a", "[/]"), Option("b", "B"), Option("c", "C")]), ["2"]),
            (
                Choose("Which?", [Option(str(n), f"Option {n}", "group") for n in range(30)]),
                ["end", "up", "enter"],
            ),
            (Message("Read [/]", "\n".join(HOSTILE[:-1])), ["enter"]),
            (Help("Help", "Words [/]", [("enter", "goes on [/]")]), ["f1"]),
        ):
            app.push_screen(dialog, answers.append)  # type: ignore[arg-type]
            await pilot.pause()
            assert "\x1b" not in text_of(app)
            if dialog._title == "Go?":
                assert "n/esc no, I'll wait" in text_of(app)
            if isinstance(dialog, AskLine) and dialog._input.password:
                assert "secret" not in text_of(app)
            await pilot.press(*keys)
            await until(pilot, lambda: app.screen is screen)
    assert answers == [True, False, "Ann", "secret", None, "b", "28", None, None]


async def test_the_step_of_a_form_is_whole_at_the_top_of_a_small_window() -> None:
    screen = Home()
    app = WidgetApp(screen)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        screen.page_title, screen.page_note = (
            "Feedback · new · unfinished",
            "notice and consent · step 1 of 3",
        )
        await pilot.pause()
        first = text_of(app).splitlines()[0]
        assert first.startswith(" fieldkit  Feedback") and first.rstrip().endswith("step 1 of 3")


async def test_a_small_window_shows_a_title_of_its_own() -> None:
    screen = Home()
    app = WidgetApp(screen)
    async with app.run_test(size=(60, 20)) as pilot:
        screen.short_title, screen.page_note = "Safeguarding note", "what was said · step 1 of 2"
        screen.page_title = "Safeguarding note · new"
        await pilot.pause()
        assert text_of(app).startswith(" fieldkit  Safeguarding note  ")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.size == app.screen._compositor.size == (80, 24))
        await until(pilot, lambda: text_of(app).startswith(" fieldkit  Safeguarding note · new  "))


async def test_a_title_is_whole_before_the_device_is_named() -> None:
    screen = Home()
    app = WidgetApp(screen)
    async with app.run_test(size=(60, 20)) as pilot:
        for place, device in (("x" * 27, True), ("x" * 47, False), ("x" * 49, True)):
            screen.page_title = place
            await pilot.pause()
            top = text_of(app).splitlines()[0]
            assert ("laptop" in top) is device
            assert (place in top) is (len(place) < 49)
        screen.page_title = (
            "Together for Better Health: Diabetes in Punjabi · 16 May 2026 · St Mary's Church Hall"
        )
        await pilot.pause()
        assert "… · 16 May 2026 · St Mary's" in text_of(app).splitlines()[0]


class Page(KitScreen):
    """A page of text that is scrolled."""

    def body(self) -> ComposeResult:
        with VerticalScroll(id="page"):
            yield Static("words " * 1_000)


async def test_the_text_of_a_page_does_not_touch_its_scrollbar() -> None:
    app = WidgetApp(Page())
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: app.screen.query("#page") and "words" in text_of(app))
        page, text = app.screen.query_one("#page"), app.screen.query_one("#page Static")
        assert page.show_vertical_scrollbar
        assert text.content_region.right < page.vertical_scrollbar.region.x
