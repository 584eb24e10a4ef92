"""What a form shows: titles and long words complete, hostile values as text at any size, and a correct footer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from textual import events
from textual.message import Message as AnyMessage
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import TextArea

from fieldkit.presentation.model.form_plan import FormPlan, Option, Question, Step
from fieldkit.widgets.entries import Entry
from fieldkit.widgets.inputs import WordsArea
from fieldkit.widgets.key_hints import hints_of
from form_app import a_form, at, simple_plan
from waiting import until
from widget_app import HOSTILE, WidgetApp, text_of


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
    """The screen does not tell answers their sizes, as happens when Textual finds one in passing."""

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
        assert "or t for today" in text_of(app) and "day/month" not in text_of(app)
    form, app = a_form(plan)
    async with app.run_test(size=(120, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        assert "day/month/year, or t for today" in text_of(app)


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40), (30, 8)])
async def test_hostile_values_and_any_size_leave_the_form_standing(size: tuple[int, int]) -> None:
    hostile_text = "\n".join(HOSTILE[:-1])
    questions = [Question(f"q{n}", "line", text, help=text) for n, text in enumerate(HOSTILE)]
    options = [Option(str(n), text, text) for n, text in enumerate(HOSTILE)]
    more = [Question("c", "choice", "C", options=options), Question("w", "text", "W")]
    long = [Question("p", "choice", "P", options=options * 3, open=True)]
    plan = FormPlan("[/]", [Step("[/]", [*long, *more, *questions], intro="[/] [@click=app.quit]x[/]")])
    plan.values.update({"w": hostile_text, "q0": hostile_text, "p": hostile_text})
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


@pytest.mark.parametrize("word_count", range(101, 125, 3))
async def test_the_place_of_typing_stays_in_view_where_a_word_begins_a_new_row(word_count: int) -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        area = form.query_one(TextArea)
        area.load_text(" ".join(f"w{number}." for number in range(word_count)))
        area.move_cursor(area.document.end)
        area.focus()
        for letter in " And on it goes to the end of the row":
            await pilot.press("space" if letter == " " else letter)
            await until(pilot, lambda: typed_in_view(area))


def typed_in_view(area: TextArea) -> bool:
    """Whether the row of the cursor is in view."""
    row = area.wrapped_document.location_to_offset(area.cursor_location).y
    return 0 <= row - area.scroll_offset.y < area.scrollable_content_region.height


@pytest.mark.parametrize(("declines_rest", "keys"), [(False, "1-2, 0"), (True, "1-2, -")])
async def test_the_footer_names_the_key_that_declines_beside_the_numbers(
    declines_rest: bool, keys: str
) -> None:
    options = (
        Option("Y", "yes", key="1"),
        Option("N", "no", key="2"),
        Option("Z", "prefer not to say", key="0", declined=True),
    )
    question = Question("carer", "choice", "Carer", options=options, decline="Z")
    form, app = a_form(FormPlan("x", [Step("x", [question], decline_rest=declines_rest)]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "carer"))
        await until(pilot, lambda: f"{keys} answer" in text_of(app).splitlines()[-1])


async def test_the_footer_names_the_numbers_of_the_kinds_that_are_asked_for() -> None:
    options = (
        Option("cancer", "cancer", key="1"),
        Option("heart", "heart disease", key="2"),
        Option("stroke", "stroke", key="3"),
        Option("prostate", "prostate cancer", key="b1", parent="cancer"),
    )
    question = Question("area", "choice", "Service", options=options, goes_on=True)
    form, app = a_form(FormPlan("x", [Step("x", [question, Question("b", "line", "B")])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "area"))
        await until(pilot, lambda: "1-3 answer" in text_of(app).splitlines()[-1])
        await pilot.press("1")
        await until(pilot, lambda: "1-2 answer" in text_of(app).splitlines()[-1])
        await pilot.press("backspace")
        await until(pilot, lambda: "1-3 answer" in text_of(app).splitlines()[-1])


async def test_the_same_answers_stand_below_every_title_where_one_title_is_long() -> None:
    ends = [Option("d", "done"), Option("o", "still open")]
    long = "Both write down what a good year looks like."
    asked = [
        Question(name, "choice", title, options=ends) for name, title in (("a", long), ("b", "Both agree."))
    ]
    form, app = a_form(FormPlan("x", [Step("x", asked)]))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        lines = [line for line in text_of(app).splitlines() if "done" in line]
        assert len(lines) == 2 and len({line.index("done") for line in lines}) == 1, text_of(app)


LONG_ANSWER = (
    "a talk on diabetes, on hearts and on minds, and on everything that the people of this street asked for"
)


@pytest.mark.parametrize("width", [40, 60, 80])
async def test_no_answer_is_cut_however_long(width: int) -> None:
    short = Option("n", "no")
    kinds = [
        Question("few", "choice", "Few", options=(Option("w", LONG_ANSWER), short)),
        Question(
            "many",
            "choice",
            "Many",
            options=[Option("w", LONG_ANSWER), *(Option(str(n), f"answer {n}") for n in range(40))],
        ),
    ]
    for asked in kinds:
        form, app = a_form(FormPlan("x", [Step("x", [asked, Question("b", "line", "B")])]))
        async with app.run_test(size=(width, 24)) as pilot:
            await until(pilot, lambda form=form, asked=asked: at(form, asked.name))
            if asked.name == "few":
                await until(pilot, lambda app=app: LONG_ANSWER in _joined(app))
                assert "2 no" in text_of(app)
            else:
                form.set_answer("many", "w")
                await pilot.press("tab")
                await until(pilot, lambda app=app: LONG_ANSWER in _joined(app))


def _joined(app: WidgetApp) -> str:
    return " ".join(text_of(app).replace("▌", " ").split())


async def test_a_long_line_is_read_from_its_beginning_once_it_is_left() -> None:
    form, app = a_form(
        FormPlan("x", [Step("x", [Question("a", "line", "A", length=500), Question("b", "line", "B")])])
    )
    async with app.run_test(size=(60, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        await pilot.press(*LONG_ANSWER)
        await until(pilot, lambda: "asked for" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: "a talk on diabetes" in text_of(app))
        await pilot.press("shift+tab", "end")
        await until(pilot, lambda: "asked for" in text_of(app))


async def test_a_line_that_is_left_shows_that_it_is_cut() -> None:
    form, app = a_form()
    async with app.run_test(size=(60, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        form.set_answer("who", "St Luke's " * 12)
        await until(pilot, lambda: "St Luke's" in text_of(app))
        line = next(line for line in text_of(app).splitlines() if "Provider" in line)
        assert line.rstrip().endswith("…")
        form.go_to("who")
        await until(pilot, lambda: at(form, "who"))
        await until(
            pilot,
            lambda: "…" not in next(line for line in text_of(app).splitlines() if "Provider" in line),
        )
