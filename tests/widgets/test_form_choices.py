"""Choosing in a form: answers of a list, links found by searching, and one's own words."""

from __future__ import annotations

import threading

import pytest

from fieldkit.errors import StorageError
from fieldkit.presentation.model.form_plan import FormPlan, Option, Question, Step
from fieldkit.presentation.model.option_matching import matching
from fieldkit.widgets.form import Form
from form_app import GROUPS, YES_NO, a_form, at
from waiting import until
from widget_app import text_of, type_ahead


async def test_a_choice_can_be_cleared_to_not_asked() -> None:
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
        link_search=lambda typed_words, most: [Option("1", typed, typed)] * bool(typed_words),
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


async def test_a_search_that_is_refused_says_why() -> None:
    def search(typed: str, limit: int) -> list[Option]:
        raise StorageError("The stick was taken out.")

    form, app = a_form(FormPlan("x", [Step("x", [Question("e", "link", "Event", link_search=search)])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "The stick was taken out. Nothing is lost" in text_of(app))
        assert at(form, "e")


async def test_open_lists_take_words_of_their_own() -> None:
    open_list = Question("kind", "choice", "Kind", options=GROUPS, open=True)
    form, app = a_form(FormPlan("x", [Step("x", [open_list, Question("b", "line", "B")])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "kind"))
        await pilot.press(*"food bank [/]", "enter")
        assert form.values["kind"] == "food bank [/]"
        assert at(form, "b")


def test_long_lists_are_filtered_by_number_start_and_part() -> None:
    assert [number for number, _ in matching(GROUPS, "1")] == [1, 10, 11, 12, 13]
    assert [option.label for _, option in matching(GROUPS, "as")] == ["any other Asian", "White & Asian", *(
        ["Bangladeshi", "Chinese", "Indian", "Pakistani"]
    )]  # fmt: skip
    assert matching(GROUPS, "zzz") == []


async def test_letters_that_chose_nothing_are_asked_about_before_anything_is_saved() -> None:
    kinds = [Option(str(number), f"workshop {number}") for number in range(1, 12)]
    asked = [Question("kind", "choice", "Kind", options=kinds, open=True), Question("b", "line", "B")]
    form, app = a_form(FormPlan("x", [Step("x", asked)]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "kind"))
        await pilot.press(*"4t", "f2")
        await until(pilot, lambda: "“4t” is not chosen yet" in text_of(app))
        assert not app.shown.of(Form.Submitted) and at(form, "kind")
        await pilot.press("tab", *"word", "shift+tab")
        assert form.values == {"kind": "4t", "b": "word"}, "Tab takes what is pointed at"
        await pilot.press(*"shop 3", "down", "f2")
        await until(pilot, lambda: "“shop 3” is not chosen yet" in text_of(app))
        await pilot.press("ctrl+u")
        await until(pilot, lambda: "is not chosen yet" not in text_of(app))
        await pilot.press("f2")
        await until(pilot, lambda: app.shown.of(Form.Submitted))
        assert app.shown.of(Form.Submitted)[0].values == {"kind": "4t", "b": "word"}


async def test_in_a_list_that_takes_own_words_space_ticks_the_number_that_was_typed() -> None:
    several = Question("a", "many", "A", options=GROUPS, open=True)
    form, app = a_form(FormPlan("x", [Step("x", [several, Question("b", "line", "B")])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        await pilot.press("3", "space", "4", "space")
        assert form.values["a"] == ["3", "4"]
        await pilot.press(*"99")
        await until(pilot, lambda: "nothing fits" in text_of(app))
        await pilot.press("backspace", "backspace", *"7-a-side team", "enter")
        assert form.values["a"] == ["3", "4", "7-a-side team"]


async def test_what_no_longer_fits_into_own_words_is_said() -> None:
    own = Question("a", "choice", "A", options=GROUPS, open=True)
    form, app = a_form(FormPlan("x", [Step("x", [own, Question("b", "line", "B")])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        await pilot.press(*"x" * 80)
        assert "No more fits" not in text_of(app)
        await pilot.press("y")
        await until(pilot, lambda: "No more fits: the first 80 characters are taken." in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: at(form, "b"))
        assert form.values["a"] == "x" * 80 and "No more fits" not in text_of(app)


async def test_the_record_that_is_pointed_at_is_read_whole() -> None:
    name = "Knowledge Sharing Symposium: Translating Policy into Practice · 14 Mar 2012 · Imperial College London"
    link = Question(
        "a", "link", "A", link_search=lambda typed, limit: [Option("1", name), Option("2", f"{name}, too")]
    )
    form, app = a_form(FormPlan("x", [Step("x", [link, Question("b", "line", "B")])]))

    def cut_lines() -> int:
        return sum("…" in line for line in text_of(app).split("\n"))

    async with app.run_test(size=(60, 24)) as pilot:
        await until(pilot, lambda: at(form, "a") and cut_lines() == 2)
        await pilot.press("down")
        await until(pilot, lambda: name in " ".join(text_of(app).replace("▌", " ").split()))
        assert cut_lines() == 1


async def test_of_records_that_do_not_fit_the_names_give_way_and_not_the_days() -> None:
    events = [
        Option(str(day), f"Health and wellbeing fair in the square, Bradford · {day} Mar 2012 · Bradford")
        for day in range(10, 30)
    ]
    link = Question("a", "link", "Event", link_search=lambda typed, limit: events)
    form, app = a_form(FormPlan("x", [Step("x", [link, Question("b", "line", "B")])]))
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: at(form, "a") and " more" in text_of(app))
        rows = [row for row in text_of(app).split("\n") if "wellb" in row]
        assert len(rows) > 3
        assert all(f"… · {day} Mar 2012 · Bradford" in row for day, row in enumerate(rows, 10)), rows


async def test_the_group_of_an_answer_is_whole_where_the_row_has_room() -> None:
    group = "communication and involvement in decisions"
    answers = [
        Option(
            str(at),
            f"{at} in few words" if at < 19 else "an answer of so many words that a row is full " * 2,
            group,
        )
        for at in range(20)
    ]
    many = Question("a", "choice", "Theme", options=answers, open=True)
    form, app = a_form(FormPlan("x", [Step("x", [many, Question("b", "line", "B")])]))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: at(form, "a") and group in text_of(app))
        rows = [row for row in text_of(app).split("\n") if "communication" in row]
        assert len(rows) == 20 and all(group in row for row in rows[:-1])
        assert "communication and invol…" in rows[-1]


async def test_enter_waits_for_the_search_and_takes_the_record_if_one_alone_fits() -> None:
    may_end, names = threading.Event(), {"e1": "Fair, Bradford", "e2": "Workshop", "e3": "Fair, Leeds"}

    def search(letters: str, limit: int) -> list[Option]:
        if letters:
            assert may_end.wait(30)
        return [Option(code, name) for code, name in names.items() if letters in name.casefold()]

    link = Question("event", "link", "Event", link_search=search)
    form, app = a_form(FormPlan("x", [Step("x", [link, Question("b", "line", "B")])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "event") and "Workshop" in text_of(app))
        type_ahead(app, [*"leeds", "enter"])
        await until(pilot, lambda: not form.takes_keys)
        assert form.values == {"event": None, "b": None} and at(form, "event")
        assert "not chosen yet" not in text_of(app)
        may_end.set()
        await until(pilot, lambda: form.takes_keys and at(form, "b"))
        assert form.values == {"event": "e3", "b": None} and "not chosen yet" not in text_of(app)


async def test_enter_before_several_records_are_in_view_is_answered() -> None:
    may_end = threading.Event()

    def search(letters: str, limit: int) -> list[Option]:
        if letters:
            assert may_end.wait(30)
        return [Option("e1", "Fair, Bradford"), Option("e3", "Fair, Leeds")]

    link = Question("event", "link", "Event", link_search=search)
    form, app = a_form(FormPlan("x", [Step("x", [link, Question("b", "line", "B")])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "event") and "Leeds" in text_of(app))
        type_ahead(app, [*"fair", "enter"])
        await until(pilot, lambda: not form.takes_keys)
        may_end.set()
        await until(pilot, lambda: "Several fit" in text_of(app))
        await pilot.press("f2")
        await until(pilot, lambda: "“fair” is not chosen yet: Enter takes" in text_of(app))
        assert "Several fit" not in text_of(app), "what Enter does is said once"
        await pilot.press("enter")
        assert form.values["event"] == "e1" and "Several fit" not in text_of(app)


async def test_a_long_answer_is_below_a_long_title_where_it_takes_fewer_rows_there() -> None:
    name = "Vaisakhi health fair · 27 Nov 2026 · Guru Nanak Gurdwara, Leicester"
    link = Question("a", "link", "Event", link_search=lambda typed, limit: [Option("1", name)])
    long = Question("b", "line", "May we quote you without your name?")
    plan = FormPlan("x", [Step("x", [link, long])], {"a": "1"})
    form, app = a_form(plan)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: at(form, "a") and name[:20] in text_of(app))
        for _ in range(2):  # while it is answered, and after
            rows = [row.replace("▌", " ").rstrip() for row in text_of(app).split("\n")]
            (head,) = [place for place, row in enumerate(rows) if row.lstrip(" ▸") == "Event"]
            answer = [row.strip(" ✓") for row in rows[head + 1 : head + 3]]
            assert " ".join(answer) == name, rows
            await pilot.press("enter")
            await until(pilot, lambda: at(form, "b"))
    form, app = a_form(plan)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: at(form, "a") and any(
            "Event" in row and name in row for row in text_of(app).split("\n")
        ))  # fmt: skip
