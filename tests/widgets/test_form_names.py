"""A form suggests names in use during typing, in any spelling; it enters none that nobody chose."""

from __future__ import annotations

from fieldkit.presentation.forms import new_entry
from fieldkit.presentation.model.form_plan import FormPlan, Question, Step
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit
from fieldkit.widgets.form import Form
from form_app import a_form, at
from waiting import until
from widget_app import text_of


def _plan() -> FormPlan:
    known = ("St Mary’s Hospital", "Żabka Pharmacy", "The Royal Wolverhampton Hospitals NHS Trust, New Cross")
    return FormPlan(
        "x", [Step("x", [Question("who", "line", "Provider", known=known), Question("b", "line", "B")])]
    )


async def test_a_name_in_use_is_shown_and_taken_by_the_right_arrow() -> None:
    form, app = a_form(_plan())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "who"))
        await pilot.press("z")
        assert "→" not in text_of(app)
        await pilot.press("a")
        await until(pilot, lambda: "→ takes Żabka Pharmacy" in text_of(app))
        assert form.values["who"] == "za"
        await pilot.press("right")
        await until(pilot, lambda: "→" not in text_of(app))
        assert form.values["who"] == "Żabka Pharmacy"


async def test_a_long_name_is_shown_by_its_beginning() -> None:
    form, app = a_form(_plan())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "who"))
        await pilot.press(*"the roy")
        await until(pilot, lambda: "→ The Royal Wolverhampton…" in text_of(app))
        await pilot.press("right")
        assert form.values["who"] == "The Royal Wolverhampton Hospitals NHS Trust, New Cross"


async def test_what_was_typed_is_kept_where_nobody_takes_the_name() -> None:
    form, app = a_form(_plan())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "who"))
        await pilot.press(*"st marys", "enter", *"x", "enter")
        await until(pilot, lambda: app.shown.of(Form.Submitted))
        assert app.shown.of(Form.Submitted)[0].values["who"] == "st marys"


async def test_the_right_arrow_inside_what_was_typed_only_moves() -> None:
    form, app = a_form(_plan())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "who"))
        await pilot.press(*"st m", "left", "right")
        assert form.values["who"] == "st m"


def test_a_form_knows_each_name_in_the_spelling_used_most(kit: Kit) -> None:
    for provider in ("St Marys", "St Mary's", "ST MARY’S", "St Mary's", "Boots"):
        kit.add("feedback", {"provider": provider, "rating": "1"})
    kit.delete(kit.add("feedback", {"provider": "Gone", "rating": "1"}).record_id)
    plan = new_entry(kit, kind("feedback"), {}).plan
    (provider,) = (question for step in plan.steps for question in step.fields if question.name == "provider")
    assert list(provider.known) == ["St Mary's", "Boots"]


def test_a_form_knows_the_providers_by_all_their_names(kit: Kit) -> None:
    kit.add("provider", {"name": "Mental Health Trust", "ods_code": "RXT", "spellings": "The Barberry"})
    for provider in ("the barberry", "Boots", "Boots"):
        kit.add("feedback", {"provider": provider, "rating": "1"})
    plan = new_entry(kit, kind("feedback"), {}).plan
    (provider,) = (question for step in plan.steps for question in step.fields if question.name == "provider")
    assert list(provider.known) == ["Mental Health Trust", "Boots", "the barberry", "RXT", "The Barberry"]
    assert provider.stands_for == dict.fromkeys(
        ("the barberry", "RXT", "The Barberry"), "Mental Health Trust"
    )


async def test_another_name_of_a_provider_leads_to_its_own() -> None:
    question = Question(
        "who", "line", "Provider", known=("Trust", "Barberry"), stands_for={"Barberry": "Trust"}
    )
    form, app = a_form(FormPlan("x", [Step("x", [question])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "who"))
        await pilot.press(*"barb")
        await until(pilot, lambda: "→ takes Trust" in text_of(app))
        await pilot.press("right")
        await until(pilot, lambda: form.values["who"] == "Trust")
