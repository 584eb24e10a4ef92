"""What may identify a person is marked in place during typing, and one key masks it."""

from __future__ import annotations

from fieldkit.presentation.model.form_plan import FormPlan, Question, Step
from fieldkit.widgets.form import Form
from form_app import a_form, at
from waiting import until
from widget_app import text_of


async def test_a_line_that_travels_is_pointed_at_while_it_is_typed() -> None:
    asked = [
        Question("a", "line", "Next action", length=500, pointed_out=True),
        Question("b", "line", "Name", length=500),
    ]
    form, app = a_form(FormPlan("x", [Step("x", asked)]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        await pilot.press(*"Ask Dr Patel")
        await until(
            pilot, lambda: "“Dr Patel”: This looks like somebody's name. F4 masks it." in text_of(app)
        )
        await pilot.press("f4")
        await until(pilot, lambda: form.values["a"] == "Ask Dr [name]" and "F4 masks" not in text_of(app))
        await pilot.press("enter", *"Dr Patel")
        assert at(form, "b") and "F4 masks" not in text_of(app)


async def test_one_key_masks_what_is_pointed_out_in_place() -> None:
    asked = [
        Question("a", "text", "A", length=2_000, pointed_out=True),
        Question("b", "text", "B", length=2_000),
    ]
    form, app = a_form(FormPlan("x", [Step("x", asked)]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        await pilot.press(*"It was kind")
        assert "F4 masks" not in text_of(app)
        await pilot.press(*". Dr Patel rang 07700 900123")
        await until(pilot, lambda: "“Dr Patel”: This looks like somebody's name." in text_of(app))
        await until(pilot, lambda: "F4 masks all 2 that are marked." in text_of(app))
        await pilot.press("f4")
        await until(pilot, lambda: form.values["a"] == "It was kind. Dr [name] rang [phone number]")
        assert "F4 masks" not in text_of(app)
        await pilot.press("ctrl+z")
        await until(pilot, lambda: form.values["a"] == "It was kind. Dr Patel rang 07700 900123")
        await pilot.press("enter", *"Dr Patel")
        assert at(form, "b") and form.values["b"] == "Dr Patel"
        await pilot.press("f4")
        assert form.values["b"] == "Dr Patel", "a note of one's own is left alone"
        assert form.values["a"] == "It was kind. Dr [name] rang [phone number]", "from the next question, too"
        assert isinstance(form, Form)
