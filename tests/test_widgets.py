"""The widgets: hostile text stays text, lists read what is seen, forms lose nothing and keep keys in turn."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.message import Message as AnyMessage
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import TextArea

from fieldkit import commands
from fieldkit.widgets.charts import Bar, Series, bar, bars, rated, ratings, spark
from fieldkit.widgets.dialogs import AskLine, Choose, Confirm, Help, Message
from fieldkit.widgets.entries import Entry
from fieldkit.widgets.form import Form
from fieldkit.widgets.frame import KitScreen
from fieldkit.widgets.inputs import WordsArea
from fieldkit.widgets.keys import KeyHint, chosen_hints, hints_of
from fieldkit.widgets.listing import PAGE, Column, Listing, ListSource, Row, column_widths
from fieldkit.widgets.picking import matching
from fieldkit.widgets.plain import fit, fit_path, pad, pasted, plain, wrapped
from fieldkit.widgets.plan import FormPlan, Option, Question, Step, is_asked
from fieldkit.widgets.reading import read_date, read_number, read_time, said_date
from widget_app import HOSTILE, WidgetApp, paste, text_of, type_ahead, until

YES_NO = (Option("Y", "yes"), Option("N", "no"), Option("Z", "prefer not to say"))
GROUPS = tuple(
    Option(str(number), label, group)
    for number, (label, group) in enumerate(
        [
            ("Bangladeshi", "Asian"), ("Chinese", "Asian"), ("Indian", "Asian"), ("Pakistani", "Asian"),
            ("any other Asian", "Asian"), ("African", "Black"), ("Caribbean", "Black"),
            ("any other Black", "Black"),
            ("White & Asian", "Mixed"), ("Irish", "White"), ("Roma", "White"), ("Arab", "Other"),
            ("prefer not to say", ""),
        ],
        1,
    )
)  # fmt: skip


# Text.


@given(st.text(), st.integers(0, 60))
def test_fit_and_pad_keep_to_their_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= width
    assert cell_len(pad(text, width)) == width
    assert "\n" not in pad(text, width)
    assert "\x1b" not in fit(text, width)


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_text_has_no_markup_and_no_control_codes(text: str) -> None:
    content = plain(text)
    assert not content.spans
    assert not any(ord(letter) < 32 and letter != "\n" for letter in content.plain)
    assert all(cell_len(line) <= 20 for line in wrapped(text, 20))


def test_fit_says_where_it_cut_and_never_splits_a_wide_letter() -> None:
    assert fit("abcdef", 4) == "abc…"
    assert fit("診療所の", 4) == "診…"
    assert fit("abc", 3) == "abc"


def test_a_path_is_cut_in_the_middle() -> None:
    path = "/media/anna/STICK/a folder with a long name/st-marys-laptop-1-0007.fkb"
    assert fit_path(path, 40) == "/media/anna/…/st-marys-laptop-1-0007.fkb"
    assert fit_path(path, 80) == path
    assert fit_path("a-very-long-name-indeed-0007.fkb", 15) == "a-very-…007.fkb"
    assert fit_path("/a/診療所の待ち時間が長い診療所.fkb", 12).endswith(".fkb")


@given(st.text(), st.integers(0, 60))
def test_a_path_keeps_to_its_cells(text: str, width: int) -> None:
    assert cell_len(fit_path(text, width)) <= width


def test_pasted_text_is_whole() -> None:
    assert pasted(" a\r\nb\tc ", one_line=True) == " a b c "
    assert pasted(" a\r\nb\x1b[0m", one_line=False) == " a\nb[0m"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("27/10/2026", "2026-10-27"),
        ("27.10.26", "2026-10-27"),
        ("27 oct 2026", "2026-10-27"),
        ("3 sept", "2026-09-03"),
        ("2026-2-3", "2026-02-03"),
        ("t", "2026-10-27"),
        ("Today", "2026-10-27"),
        ("yesterday", "2026-10-26"),
        ("31/02/2026", None),
        ("27/october/", None),
        ("27/octopus/2026", None),
        ("", None),
    ],
)
def test_dates_as_people_type_them(typed: str, expected: str | None) -> None:
    assert read_date(typed, date(2026, 10, 27)) == expected


def test_times_numbers_and_days_in_words() -> None:
    assert [read_time(typed) for typed in ("14:30", "1430", "2pm", "12am", "9", "24:00", "x")] == [
        "14:30", "14:30", "14:00", "00:00", "09:00", None, None,
    ]  # fmt: skip
    assert [read_number(typed) for typed in ("1,250", "7", "-3", "1.5", "")] == [1250, 7, None, None, None]
    assert said_date("2026-10-27") == "Tue 27 Oct 2026"


# Lists.

COLUMNS = (Column("date", "Date", 0, 10), Column("words", "Words", 3, 16), Column("no", "No", 0, 6, "right"))


class Counted:
    """A source that remembers what was asked of it and can be held back or made to fail."""

    def __init__(self, count: int) -> None:
        self.total = count
        self.asked: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.running = 0
        self.most_running = 0

    def _enter(self) -> None:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.gate.wait(5)
        self.running -= 1
        if self.error:
            raise self.error

    def count(self) -> int:
        self._enter()
        return self.total

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        self._enter()
        self.asked.append(offset)
        last = min(self.total, offset + limit)
        return [Row(f"id{n}", ["2026-10-27", HOSTILE[n % len(HOSTILE)], str(n)]) for n in range(offset, last)]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.integers(1, 150))
def test_column_widths_fill_the_width_and_never_pass_it(weights: list[int], width: int) -> None:
    columns = [Column(str(n), "x", weight, 6) for n, weight in enumerate(weights)]
    widths = column_widths(columns, width)
    assert 1 <= len(widths) <= len(columns)
    assert sum(widths) + 2 * (len(widths) - 1) <= width
    if len(widths) == len(columns) and any(weights) and width >= 8 * len(columns):
        assert sum(widths) + 2 * (len(widths) - 1) == width


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 90)), min_size=1, max_size=6), st.integers(1, 150)
)
def test_columns_get_what_they_need_before_any_gets_more(shapes: list[tuple[int, int]], width: int) -> None:
    columns = [Column(str(n), "x", weight, 6) for n, (weight, _) in enumerate(shapes)]
    widest = [most for _, most in shapes]
    widths = column_widths(columns, width, widest)
    shown = [cells for cells in widths if cells]
    assert sum(shown) + 2 * (len(shown) - 1) <= width
    assert all(not given for given, most in list(zip(widths, widest, strict=False))[1:] if not most)
    short = [n for n, given in enumerate(widths) if 0 < given < max(1, widest[n])]
    if short and len(widths) == len(columns):
        assert all(given <= max(6, widest[n]) for n, given in enumerate(widths))


async def test_a_column_without_any_value_gives_its_room_away() -> None:
    title = "Optimum Futures Health and Wellbeing Fair"
    columns = (Column("t", "Title", 3, 14), Column("k", "Kind", 2, 8), Column("d", "Date", 0, 11))
    listing = Listing(columns, ListSource([Row("a", [title, "", ""]), Row("b", ["Short", "", ""])]))
    app = WidgetApp(listing)
    async with app.run_test(size=(56, 10)) as pilot:
        await until(pilot, lambda: "Short" in text_of(app))
        assert title in text_of(app)
        assert "Kind" not in text_of(app)
        listing.show(ListSource([Row("a", [title, "fair", ""])]))
        await until(pilot, lambda: "fair" in text_of(app))
        assert "Kind" in text_of(app)
        assert "Date" not in text_of(app)


async def test_a_list_of_100000_reads_only_the_pages_in_view() -> None:
    source = Counted(100_000)
    listing = Listing(COLUMNS, source)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: listing.current is not None)
        assert source.asked == [0]
        await pilot.press("end")
        await until(pilot, lambda: listing.current is not None and listing.current.id == "id99999")
        assert len(source.asked) <= 3
        await pilot.pause()
        assert "99999" in text_of(app)
        await pilot.press("k", "pageup", "home", "down")
        await until(pilot, lambda: listing.current is not None and listing.current.id == "id1")
        assert source.most_running == 1
        moved = [message.id for message in app.shown.of(Listing.Moved)]
        assert moved[0] == "id0"
        assert moved[-1] == "id1"
        await pilot.press("enter")
        await until(pilot, lambda: [message.id for message in app.shown.of(Listing.Chosen)] == ["id1"])


async def test_hostile_cells_are_shown_as_text_within_their_columns() -> None:
    listing = Listing(
        COLUMNS, ListSource([Row(str(n), ["27/10", text, "1"]) for n, text in enumerate(HOSTILE)])
    )
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = text_of(app)
        assert "[/] [@click=app.quit]x[/]" in shown
        assert "\x1b" not in shown
        assert all(cell_len(line) == 80 for line in shown.splitlines())
        for size in ((60, 20), (12, 6), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert app.is_running


async def test_rows_are_dots_until_they_come() -> None:
    source = Counted(1000)
    listing = Listing(COLUMNS, source)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: listing.current is not None)
        source.gate.clear()
        await pilot.press("end")
        await pilot.pause()
        assert listing.current is None
        assert "…" in text_of(app)
        source.gate.set()
        await until(pilot, lambda: listing.current is not None)


async def test_an_empty_list_says_what_to_do_and_a_failing_one_what_happened() -> None:
    source = Counted(0)
    listing = Listing(COLUMNS, source)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Press n to record the first" in text_of(app))
        source.error = OSError("[/] disk")
        listing.reload()
        await until(pilot, lambda: app.shown.of(Listing.Failed))
        await pilot.pause()
        assert "could not be read" in text_of(app)
        source.error, source.total = None, 3
        listing.reload()
        await until(pilot, lambda: listing.count == 3 and listing.current is not None)


async def test_reload_keeps_the_cursor_and_pages_are_forgotten_in_time() -> None:
    source = Counted(PAGE * 60)
    listing = Listing(COLUMNS, source)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: listing.current is not None)
        for page in range(60):
            listing.cursor = page * PAGE + 5
            await until(pilot, lambda: listing.current is not None)
        assert len(listing._pages) <= 24
        here = listing.cursor
        source.total -= 10
        listing.reload()
        await until(pilot, lambda: listing.count == PAGE * 60 - 10)
        assert listing.cursor == here
        listing.show(ListSource([Row("one", ["a", "b", "c"])]))
        assert listing.cursor == 0
        assert listing.current is not None
        assert listing.current.id == "one"


async def test_an_empty_list_offers_no_opening() -> None:
    listing = Listing(COLUMNS)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Nothing here yet" in text_of(app) and listing.has_focus)
        assert "enter open" not in text_of(app)
        listing.show(ListSource([Row("one", ["a", "b", "c"])]))
        await until(pilot, lambda: "enter open" in text_of(app))
        listing.show(ListSource())
        await until(pilot, lambda: "enter open" not in text_of(app))


# Forms.


def simple_plan() -> FormPlan:
    """Two steps with one question of most shapes."""
    return FormPlan(
        "Feedback",
        [
            Step(
                "One",
                [
                    Question("rating", "choice", "How was it?", options=YES_NO),
                    Question("words", "text", "What happened", length=16_000),
                    Question("who", "line", "Provider"),
                    Question("day", "date", "Date"),
                    Question("group", "choice", "Ethnic group", options=GROUPS),
                ],
            ),
            Step(
                "Two",
                [
                    Question("several", "many", "Topics", options=GROUPS[:5], alone=frozenset({"5"})),
                    Question("long", "many", "Themes", options=GROUPS),
                    Question("scale", "scale", "Confidence"),
                    Question("number", "number", "How many", maximum=500),
                    Question("time", "time", "Start"),
                    Question("more", "line", "More", only_if=("scale", ("never",))),
                ],
            ),
        ],
    )


def a_form(plan: FormPlan | None = None, **more: object) -> tuple[Form, WidgetApp]:
    form = Form(plan or simple_plan(), **more)  # type: ignore[arg-type]
    return form, WidgetApp(form)


def at(form: Form, name: str) -> bool:
    return form.question is not None and form.question.name == name


async def test_a_form_is_filled_from_the_keyboard_alone() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await pilot.press("2", "enter", *"hello", "ctrl+j", *"you", "enter", *"St Luke's", "enter")
        await pilot.press(*"27/10/2026", "enter", *"pak", "enter")
        await until(pilot, lambda: at(form, "several"))
        assert form.where == "step 2 of 2"
        await pilot.press("1", "3", "3", "2", "enter", *"rom", "enter", *"12", "enter", "+", "enter")
        await pilot.press(*"37", "enter", *"2pm", "enter")
        await until(pilot, lambda: app.shown.of(Form.Submitted))
        assert app.shown.of(Form.Submitted)[0].values == {
            "rating": "N",
            "words": "hello\nyou",
            "who": "St Luke's",
            "day": "2026-10-27",
            "group": "4",
            "several": ["1", "2"],
            "long": ["11", "12"],
            "scale": 10,
            "number": 37,
            "time": "14:00",
            "more": None,
        }


async def test_keys_typed_ahead_all_at_once_find_their_questions() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        keys = [
            "2",
            "enter",
            *"good",
            "backspace",
            *"d day",
            "enter",
            *"Luke",
            "left",
            "X",
            "enter",
            "t",
            "tab",
        ]
        type_ahead(
            app, [*keys, *"arab", "enter", "1", "enter", "enter", "7", "enter", *"42", "shift+tab", "8"]
        )
        await until(pilot, lambda: form.values["scale"] == 8)
        values = form.values
        assert values["rating"] == "N"
        assert values["words"] == "good day"
        assert values["who"] == "LukXe"
        assert values["day"] == date.today().isoformat()
        assert values["group"] == "12"
        assert values["several"] == ["1"]
        assert values["number"] == 42


async def test_words_typed_on_numbered_answers_answer_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scale = Question("b", "scale", "B")
    form, app = a_form(FormPlan("x", [Step("x", [Question("a", "choice", "A", options=YES_NO), scale])]))
    async with app.run_test(size=(80, 24)) as pilot:
        for name, digit, value in (("a", "1", "Y"), ("b", "7", 7)):
            await until(pilot, lambda name=name: at(form, name))
            await pilot.press(*"B19", "space", *"2TT")
            assert form.values[name] is None
            assert "Not taken: the keys" in text_of(app)
            monkeypatch.setattr("fieldkit.widgets.choosing._BURST", -1.0)
            await pilot.press(digit)
            assert form.values[name] == value
            await until(pilot, lambda: "Not taken" not in text_of(app))
            monkeypatch.undo()
            await pilot.press("x", "enter")
            await until(pilot, lambda: "Not taken" not in text_of(app))


async def test_changes_are_told_within_a_second_and_leaving_keeps_all() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await pilot.press("enter", "a", "b")
        await until(pilot, lambda: any(m.values["words"] == "ab" for m in app.shown.of(Form.Changed)), 1)
        type_ahead(app, ["c", "escape"])
        await until(pilot, lambda: app.shown.of(Form.Left))
        assert app.shown.of(Form.Left)[0].values["words"] == "abc"


async def test_a_choice_can_be_taken_back_to_not_asked() -> None:
    form, app = a_form(FormPlan("x", [Step("x", [Question("a", "choice", "A", options=YES_NO)])], {"a": "Z"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        assert form.values == {"a": "Z"}
        assert "not asked" in text_of(app)
        await pilot.press("backspace")
        assert form.values == {"a": None}
        await pilot.press("right", "right", "space")
        assert form.values == {"a": "N"}


async def test_an_answer_that_stands_alone_drops_the_others() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await pilot.press("pagedown")
        await until(pilot, lambda: at(form, "several"))
        await pilot.press("1", "2", "5")
        assert form.values["several"] == ["5"]
        await pilot.press("3")
        assert form.values["several"] == ["3"]


async def test_pasted_lines_are_folded_in_a_line_and_kept_in_a_text() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await pilot.press("enter")
        paste(app, "one\r\ntwo\x1b[31m\nthree")
        await pilot.press("enter")
        paste(app, "St\nLuke's\r\nHospital")
        await until(pilot, lambda: form.values["who"])
        assert form.values["words"] == "one\ntwo[31m\nthree"
        assert form.values["who"] == "St Luke's Hospital"
        await pilot.press("shift+tab", "ctrl+z")
        assert form.values["words"] is None


async def test_slips_are_told_beneath_the_question_and_stop_only_saving() -> None:
    form, app = a_form(check=lambda name, value: "Nobody knows [/] it." if value == "bad" else None)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await pilot.press("1", "enter", "enter", *"bad", "enter")
        await until(pilot, lambda: "Nobody knows [/] it." in text_of(app))
        await pilot.press(*"31/2", "enter")
        await until(pilot, lambda: "is not a date" in text_of(app))
        assert form.values["day"] == "31/2"
        await pilot.press("f2")
        await until(pilot, lambda: at(form, "who"))
        assert not app.shown.of(Form.Submitted)
        await pilot.press("end", "backspace", "backspace", "backspace", "enter")
        await pilot.press("end", "backspace", *"10", "f2")
        await until(pilot, lambda: app.shown.of(Form.Submitted))


async def test_required_questions_and_outside_problems_lead_to_their_step() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        form.show_warnings({"rating": ["There is a phone number [/] in it."]})
        await until(pilot, lambda: "phone number [/]" in text_of(app))
        form.show_problems({"scale": "A rating is [@click=app.quit]needed[/]."})
        await until(pilot, lambda: "[@click=app.quit]needed[/]" in text_of(app))
        assert form.step == 1
        assert at(form, "scale")
        await pilot.press("1", "0")
        assert form.values["scale"] == 10
        await until(pilot, lambda: "[@click" not in text_of(app))


async def test_only_asked_when_it_applies_and_not_kept_when_it_no_longer_does() -> None:
    asked = Question("why", "line", "Why", only_if=("a", ("Y",)))
    form, app = a_form(FormPlan("x", [Step("x", [Question("a", "choice", "A", options=YES_NO), asked])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        assert "Why" not in text_of(app)
        await pilot.press("1", "enter", *"so", "shift+tab", "2")
        await until(pilot, lambda: "Why" not in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.shown.of(Form.Submitted))
        assert app.shown.of(Form.Submitted)[0].values == {"a": "N", "why": None}
    assert is_asked(asked, {"a": ["Y"]})


async def test_a_link_is_searched_in_a_thread_and_can_be_made_new() -> None:
    threads: set[str] = set()

    def search(typed: str, limit: int) -> list[Option]:
        threads.add(threading.current_thread().name)
        names = {"e1": "Fair, Bradford", "e2": "[/] Workshop", "e3": "Fair, Leeds"}
        return [Option(code, name) for code, name in names.items() if typed.casefold() in name.casefold()][
            :limit
        ]

    link = Question(
        "event", "link", "Event", link_search=search, create=True, options=[Option("e9", "Old [/] one")]
    )
    form, app = a_form(FormPlan("x", [Step("x", [link, Question("b", "line", "B")])], {"event": "e9"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "event") and "[/] Workshop" in text_of(app))
        assert "Old [/] one" in text_of(app)
        await pilot.press(*"leeds")
        await until(pilot, lambda: "make a new one" in text_of(app) and "Bradford" not in text_of(app))
        await pilot.press("enter")
        assert form.values["event"] == "e3"
        assert at(form, "b")
        await pilot.press("shift+tab", *"zzz")
        await until(
            pilot, lambda: "make a new one" in text_of(app) and "Leeds" not in text_of(app).split("zzz")[1]
        )
        await pilot.press("enter")
        await until(pilot, lambda: app.shown.of(Form.CreateWanted))
        assert app.shown.of(Form.CreateWanted)[0].text == "zzz"
        form.set_answer("event", "new1", "zzz [/]")
        await until(pilot, lambda: "zzz [/]" in text_of(app))
        assert threading.main_thread().name not in threads


@pytest.mark.parametrize("typed", ["[b]x[/b]", "[@click=app.quit]x[/]"])
async def test_typed_words_are_offered_as_they_stand(typed: str) -> None:
    link = Question(
        "a",
        "link",
        "A",
        create=True,
        link_search=lambda words, most: [Option("1", typed, typed)] * bool(words),
    )
    own = Question("b", "choice", "B", options=GROUPS, open=True)
    form, app = a_form(FormPlan("x", [Step("x", [link, own])]))
    async with app.run_test(size=(100, 24)) as pilot:
        for name in ("a", "b"):
            await until(pilot, lambda name=name: at(form, name))
            type_ahead(app, typed)
            offered = f"{typed}  {typed}" if name == "a" else f"“{typed}”"
            await until(pilot, lambda offered=offered: offered in text_of(app))
            styles = [segment.style for line in app.screen._compositor.render_strips() for segment in line]
            assert not any(style and style.meta.get("@click") for style in styles)
            await pilot.press("enter")
    assert form.values == {"a": "1", "b": typed}


async def test_a_failing_search_says_so_and_the_form_goes_on() -> None:
    def search(typed: str, limit: int) -> list[Option]:
        raise OSError("no disk")

    plan = FormPlan(
        "x", [Step("x", [Question("e", "link", "Event", link_search=search), Question("b", "line", "B")])]
    )
    form, app = a_form(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "search did not work" in text_of(app))
        await pilot.press("enter")
        assert at(form, "b")


async def test_one_key_and_a_letter_jump_to_any_question_and_f1_asks_for_help() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await pilot.press("ctrl+g", "c")
        assert at(form, "who")
        assert form.values["who"] is None
        await pilot.press("f1")
        await until(pilot, lambda: app.shown.of(Form.HelpWanted))
        assert app.shown.of(Form.HelpWanted)[0].question.name == "who"


async def test_titles_are_never_cut_however_wide_the_screen() -> None:
    roles = [Option(str(n), word) for n, word in enumerate(["patient", "carer", "user", "family", "staff"])]
    plan = FormPlan(
        "x",
        [Step("x", [Question("a", "line", "A"), Question("b", "choice", "Who is speaking", options=roles)])],
    )
    form, app = a_form(plan)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        assert "Who is speaking" in text_of(app)


@pytest.fixture
def no_first_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen tells answers nothing of their sizes, as happens when Textual finds one by the way."""

    def but_sizes(post: Callable[[Widget, AnyMessage], bool]) -> Callable[[Widget, AnyMessage], bool]:
        def post_others(self: Widget, message: AnyMessage) -> bool:
            unheard = isinstance(message, events.Resize) and isinstance(message._sender, Screen)
            return unheard or post(self, message)

        return post_others

    for widget in (Entry, WordsArea):
        monkeypatch.setattr(widget, "post_message", but_sizes(widget.post_message))


@pytest.mark.usefixtures("no_first_sizes")
async def test_titles_and_long_words_are_drawn_though_no_first_size_is_told() -> None:
    plan = simple_plan()
    plan.values["words"] = " ".join(f"word{number}" for number in range(60))
    form, app = a_form(plan)
    async with app.run_test(size=(80, 40)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await until(pilot, lambda: "word59" in text_of(app))
        seen = text_of(app)
        assert [title for title in ("What happened", "Provider", "Date") if title not in seen] == []


async def test_words_that_go_on_beyond_their_box_say_so() -> None:
    plan = simple_plan()
    plan.values["words"] = "\n".join(f"line {number}" for number in range(7))
    form, app = a_form(plan)
    async with app.run_test(size=(80, 40)) as pilot:
        await until(pilot, lambda: at(form, "rating") and "line 6" in text_of(app))
        assert "lines in all" not in text_of(app)
        await pilot.press("enter", "ctrl+j", "x", "shift+tab")
        await until(pilot, lambda: "… 8 lines in all" in text_of(app))


async def test_the_day_in_words_is_never_cut() -> None:
    long = "May we quote you without your own name"
    plan = FormPlan(
        "x", [Step("x", [Question("a", "date", long), Question("b", "date", "B")])], {"a": "2026-09-30"}
    )
    form, app = a_form(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        assert "= Wed 30 Sep 2026" in text_of(app)
        assert "as 27/10/2026, or t" in text_of(app)
    form, app = a_form(plan)
    async with app.run_test(size=(120, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        assert "day/month/year, or t for today" in text_of(app)


async def test_open_lists_take_words_of_their_own() -> None:
    open_list = Question("kind", "choice", "Kind", options=GROUPS, open=True)
    form, app = a_form(FormPlan("x", [Step("x", [open_list, Question("b", "line", "B")])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "kind"))
        await pilot.press(*"food bank [/]", "enter")
        assert form.values["kind"] == "food bank [/]"
        assert at(form, "b")


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40), (30, 8)])
async def test_hostile_values_and_any_size_leave_the_form_standing(size: tuple[int, int]) -> None:
    words = "\n".join(HOSTILE[:-1])
    questions = [Question(f"q{n}", "line", text, help=text) for n, text in enumerate(HOSTILE)]
    options = [Option(str(n), text, text) for n, text in enumerate(HOSTILE)]
    more = [Question("c", "choice", "C", options=options), Question("w", "text", "W")]
    long = [Question("p", "choice", "P", options=options * 3, open=True)]
    plan = FormPlan("[/]", [Step("[/]", [*long, *more, *questions], intro="[/] [@click=app.quit]x[/]")])
    plan.values.update({"w": words, "q0": words, "p": words})
    form, app = a_form(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "p"))
        await pilot.resize_terminal(*size)
        for _ in range(4):
            await pilot.press("enter", "[", "]")
        await pilot.press("ctrl+g", "a")
        await pilot.pause()
        assert at(form, "p")
        assert "\x1b" not in text_of(app)
        assert all(cell_len(line) == size[0] for line in text_of(app).splitlines())
        assert form.query_one(TextArea).text.startswith("[/] [@click=app.quit]x[/]")


def test_long_lists_are_filtered_by_number_start_and_part() -> None:
    assert [number for number, _ in matching(GROUPS, "1")] == [1, 10, 11, 12, 13]
    assert [option.label for _, option in matching(GROUPS, "as")] == ["any other Asian", "White & Asian", *(
        ["Bangladeshi", "Chinese", "Indian", "Pakistani"]
    )]  # fmt: skip
    assert matching(GROUPS, "zzz") == []


# The frame, dialogs, charts and commands.


class Home(KitScreen):
    """A screen with two of home's commands."""

    COMMANDS_FOR = "home"
    BINDINGS = commands.bindings_for("home")

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
        screen.saved = "14:02"
        screen.tell("One [/] [@click=app.quit]x[/] was set aside", "warning")
        await pilot.pause()
        lines = text_of(app).splitlines()
        assert "Fair [/], Bradford" in lines[0]
        assert "St Mary's laptop 1" in lines[0]
        assert "q lock and leave" in lines[-1]
        assert "^p commands" in lines[-1]
        assert "help" not in lines[-1]
        assert lines[-1].rstrip().endswith("saved 14:02")
        assert any("! One [/] [@click=app.quit]x[/] was set aside" in line for line in lines)
        await pilot.press("f")
        assert screen.done == "feedback"
        await pilot.press("x")
        assert screen.done == "feedback"
        await pilot.press("q")
        assert screen.done == "lock"
        for size in ((60, 20), (20, 5), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert "saved" in text_of(app).splitlines()[-1]


async def test_the_palette_finds_commands() -> None:
    screen = Home()
    app = WidgetApp(screen)
    app.COMMANDS = {commands.KitCommands}  # type: ignore[misc]
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


def test_every_command_has_words_and_no_place_has_one_key_twice() -> None:
    for command in commands.COMMANDS:
        assert command.help.endswith((".", ")"))
        assert command.label
    for place in commands.PLACES:
        keys = [key for command in commands.commands_for(place) for key in command.keys.split(",")]
        free = [key for key in keys if key not in {"up", "down", "left", "right", "enter", "escape"}]
        assert len(free) == len(set(free)), place
    table = commands.documentation()
    assert all(command.help in table for command in commands.COMMANDS)


class Typed(KitScreen):
    """A screen with a form, typed into before it is there."""

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
                assert "n no, I'll wait" in text_of(app)
            if isinstance(dialog, AskLine) and dialog._input.password:
                assert "secret" not in text_of(app)
            await pilot.press(*keys)
            await until(pilot, lambda: app.screen is screen)
    assert answers == [True, False, "Ann", "secret", None, "b", "28", None, None]


async def test_footer_of_the_form_is_true_on_every_question() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await pilot.pause()
        labels = {hint.label: hint.key for hint in hints_of(app.screen)}
        assert labels["answer"] == "1-3"
        assert "back" not in labels
        await pilot.press("enter")
        await until(pilot, lambda: "^j new line" in text_of(app).splitlines()[-1])
        await pilot.press("pagedown", "shift+tab")
        for name in ("several", "long", "scale", "number", "time"):
            form.show_problems({name: "x"})
            await until(pilot, lambda name=name: at(form, name))
            await pilot.pause()
        assert {hint.label: hint.key for hint in hints_of(app.screen)}["save"] == "enter"


@given(st.floats(0, 1e6), st.floats(1, 1e6), st.integers(1, 80), st.booleans())
def test_bars_keep_to_their_width_and_show_anything_above_nothing(
    value: float, most: float, width: int, ascii: bool
) -> None:
    drawn = bar(value, most, width, ascii=ascii)
    assert cell_len(drawn) <= width
    assert bool(drawn) == (value > 0)
    assert not ascii or drawn.isascii()


def test_charts_line_up() -> None:
    drawn = bars([Bar("診療所 [/]", 3), Bar("GP practice", 12), Bar("none", 0)], 40).plain.splitlines()
    assert [line.index(figure) for line, figure in zip(drawn, (" 3", "12", " 0"), strict=True)]
    starts = {cell_len(line[: line.index("█")]) for line in drawn[:2]}
    assert len(starts) == 1
    assert all(cell_len(line) <= 40 for line in drawn)
    assert spark([0, None, 10]) == "▁ █"
    assert spark([0, None, 10], ascii=True) == "0 +"
    series = [
        Series("c", "confidence", [("2026-09-01", 3), ("2026-10-01", 6)]),
        Series("k", "knowledge", [("2026-09-01", 3), ("2026-10-01", 8)]),
        Series("s", "skills", [("2026-09-01", None), ("2026-10-01", 10)]),
    ]
    lines = ratings(series, 60).plain.splitlines()
    assert len(lines) == 14
    assert lines[0].rstrip().endswith("s")
    assert "ck" in lines[7]
    assert "1 Sep 2026" in lines[12]
    figures = rated(series, 60).plain.splitlines()
    assert [line.split() for line in figures[1:3]] == [["knowledge", "3", "8"], ["skills", "–", "10"]]
    assert figures[3].strip() == "1 Sep 2026 – 1 Oct 2026"
    assert rated([], 60).plain == "No ratings yet."
    assert "s skills" in lines[13]
    assert ratings([], 60).plain == "No ratings yet."
    many = [Series("c", "c", [(f"2026-{m:02}-{d:02}", d % 11) for m in range(1, 13) for d in range(1, 28)])]
    assert all(cell_len(line) <= 40 for line in rated(many, 40).plain.splitlines())
    assert all(cell_len(line) <= 40 for line in ratings(many, 40, 8).plain.splitlines())


def test_widgets_load_nothing_heavy() -> None:
    names = (
        "plain frame listing form charts dialogs answers entries picking choosing plan sources themes keys"
    )
    imports = "; ".join(f"import fieldkit.widgets.{name}" for name in names.split())
    code = (
        f"import sys; {imports}; import fieldkit.commands; "
        "unwanted = {'sqlmodel', 'sqlalchemy', 'pandas', 'pydantic', 'fieldkit.records.spec'}; "
        "print(*sorted(unwanted & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")
