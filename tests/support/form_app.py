"""A form with a question of most shapes in a small app, for tests of forms."""

from __future__ import annotations

from fieldkit.presentation.model.form_plan import FormPlan, Option, Question, Step
from fieldkit.widgets.form import Form
from widget_app import WidgetApp

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
