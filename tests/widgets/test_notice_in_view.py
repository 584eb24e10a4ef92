"""A form's notice: its language and the key for another stay in view; its sentences are set apart if there is room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.presentation.model.form_plan import FormPlan, Notice, Option, Question, Step
from form_app import a_form, at
from waiting import until
from widget_app import text_of

SENTENCES = [f"This is sentence {number} of a notice that is read out to everybody." for number in range(5)]
ANSWERS = (
    Option("Y", "yes", key="1"),
    Option("N", "no", key="2"),
    Option("Z", "no say", key="0", declined=True),
)


def _plan(*, asked_in_polish: bool = False) -> FormPlan:
    asked = [
        Question(name, "choice", f"May we {name} what you said?", options=ANSWERS, goes_on=True)
        for name in ("keep", "quote", "print")
    ]
    polish = {name: f"Czy {name}?" for name in ("keep", "quote", "print") if asked_in_polish}
    notices = (
        Notice("English", "1", SENTENCES),
        Notice("Polski", "1, Polish", SENTENCES, "Draft: nobody read it.", asked=polish),
    )
    return FormPlan("Feedback", [Step("Notice", asked, notices=notices, gate="keep")], paged=True)


@pytest.mark.parametrize("presses", [[], ["f5", "2"]])
async def test_the_language_and_its_key_stay_in_view_on_a_small_screen(presses: list[str]) -> None:
    form, app = a_form(_plan())
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: at(form, "keep"))
        await pilot.press(*presses)
        await pilot.pause()
        assert "f5 another language" in text_of(app)
        assert "1 yes" in text_of(app)
        assert form.scroll_offset.y == 0


async def test_a_screen_that_becomes_larger_shows_the_notice_from_its_beginning() -> None:
    form, app = a_form(_plan())
    async with app.run_test(size=(40, 12)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.scroll_offset.y > 0)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: form.size.width > 40 and form.scroll_offset.y == 0)
        await pilot.pause()
        assert "f5 another language" in text_of(app)


async def test_sentences_stand_apart_where_there_is_room() -> None:
    for size, apart in (((60, 20), False), ((120, 40), True)):
        form, app = a_form(_plan())
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda form=form: at(form, "keep"))
            await pilot.pause()
            lines = [line.strip() for line in text_of(app).splitlines()]
            second = next(
                number for number, line in enumerate(lines) if line.startswith("This is sentence 1")
            )
            assert (lines[second - 1] == "") is apart


async def test_every_question_is_asked_in_the_language_again_once_there_is_room() -> None:
    form, app = a_form(_plan(asked_in_polish=True))
    async with app.run_test(size=(60, 19)) as pilot:
        await until(pilot, lambda: at(form, "keep"))
        await pilot.press("f5", "2")
        await until(
            pilot, lambda: "Czy keep?" in text_of(app)
        )  # the one that is answered is asked in any case
        assert "Czy quote?" not in text_of(app) and "Czy print?" not in text_of(app)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: form.size.width > 60)
        await pilot.pause()
        for name in ("keep", "quote", "print"):
            await until(pilot, lambda name=name: f"Czy {name}?" in text_of(app))


@pytest.mark.parametrize("width", [*range(60, 72, 2), 80])
async def test_a_digit_stays_beside_its_answer_in_another_language(width: int) -> None:
    asked = "Czy mogliby Państwo pozwolić zapisać wszystkie te słowa?"
    answers = ("1 tak", "2 nie", "3 nie wiem")
    plan = _plan()
    (step,) = plan.steps
    polish = replace(step.notices[1], asked={"keep": "   ".join([asked, *answers])})
    form, app = a_form(replace(plan, steps=[replace(step, notices=[step.notices[0], polish])]))
    async with app.run_test(size=(width, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep"))
        await pilot.press("f5", "2")
        await until(pilot, lambda: "Czy mogliby" in text_of(app))
        for answer in answers:
            assert any(answer in line for line in text_of(app).splitlines()), answer


async def test_a_column_of_space_lies_between_the_text_and_the_scrollbar() -> None:
    filled = replace(_plan().steps[0], notices=(Notice("English", "1", ["x" * 900]),))
    form, app = a_form(FormPlan("Feedback", [filled], paged=True))
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.max_scroll_y > 0)
        await pilot.pause()
        lines = [line for line in text_of(app).splitlines() if "xxx" in line]
        assert lines and all(line[58:59].strip() == "" for line in lines)


async def test_sentences_follow_each_other_where_the_page_fits_only_so() -> None:
    form, app = a_form(_plan())
    async with app.run_test(size=(60, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep"))
        joined = []
        for height in range(22, 12, -1):
            await pilot.resize_terminal(60, height)
            await until(pilot, lambda height=height: form.size.height == height - 4)
            lines = [line.strip() for line in text_of(app).splitlines()]
            is_joined = not any(line.startswith("This is sentence 1") for line in lines)
            assert is_joined or form.max_scroll_y == 0, height
            joined.append(is_joined and form.max_scroll_y == 0)
        assert any(joined), "at some height it fits joined, and only joined"
        await pilot.resize_terminal(60, 24)
        await until(
            pilot,
            lambda: any(line.strip().startswith("This is sentence 1") for line in text_of(app).splitlines()),
        )


async def test_up_from_the_first_question_shows_the_beginning_of_a_notice_that_does_not_fit() -> None:
    form, app = a_form(_plan())
    async with app.run_test(size=(40, 12)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.scroll_offset.y > 0)
        where = form.scroll_offset.y
        await pilot.press("up")
        await until(pilot, lambda: form.scroll_offset.y == 0 and "Read this out" in text_of(app))
        assert at(form, "keep")
        await pilot.press("down")
        await until(pilot, lambda: form.scroll_offset.y == where)
        assert at(form, "keep") and "1 yes" in text_of(app)
        await pilot.press("up")
        await until(pilot, lambda: form.scroll_offset.y == 0)
        await pilot.press("1")
        await until(pilot, lambda: at(form, "quote") and form.scroll_offset.y > 0)
