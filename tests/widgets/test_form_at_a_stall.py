"""A form that is asked page by page: a key answers and continues; others correct, decline, ask for more and undo."""

from __future__ import annotations

from fieldkit.presentation.model.form_plan import FormPlan, Notice, Option, Question, Step
from fieldkit.widgets.form import Form
from form_app import a_form, at
from waiting import until
from widget_app import WidgetApp, text_of

_YES_NO = (
    Option("Y", "yes", key="1"),
    Option("N", "no", key="2"),
    Option("Z", "no say", key="0", declined=True),
)
_SERVICES = (
    Option("gp", "practice", key="a"),
    Option("cancer", "cancer", key="b"),
    Option("prostate", "prostate cancer", key="b1", parent="cancer"),
    Option("dental", "dental", key="c"),
)


def _choice(name: str, options: tuple[Option, ...], **more: object) -> Question:
    return Question(name, "choice", name.title(), options=options, goes_on=True, **more)  # type: ignore[arg-type]


def _stall(**values: object) -> tuple[Form, WidgetApp]:
    steps = [
        Step(
            "Notice",
            [_choice("keep", _YES_NO), Question("version", "line", "Version", on_request=True)],
            notices=(
                Notice("English", "1", ["We ask."]),
                Notice(
                    "Polski",
                    "1, Polish",
                    ["Pytamy."],
                    "A draft.",
                    asked={"keep": "Czy możemy?", "role": "Kto?"},
                ),
            ),
            notice_name="version",
            gate="keep",
        ),
        Step(
            "Say",
            [
                _choice("service", _SERVICES, open=True),
                _choice("role", _YES_NO),
                Question("need", "text", "Need", on_request=True, length=500),
            ],
        ),
        Step(
            "Them",
            [
                _choice(
                    "age",
                    (Option("under", "under 16", key="1"), Option("over", "over", key="2")),
                    decline="X",
                ),
                _choice("guardian", _YES_NO, only_if=("age", ("under",)), decline="Z"),
                _choice(
                    "language",
                    (Option("en", "English", key="1"), Option("pl", "Polish", key="2")),
                    decline="?",
                ),
                _choice("interpreter", _YES_NO, after=("language", ("en", "?")), decline="Z"),
                Question("place", "line", "Place", decline="declined"),
            ],
            "Why we ask.",
            decline_rest=True,
        ),
    ]
    return a_form(FormPlan("Feedback", steps, dict(values), paged=True))  # type: ignore[arg-type]


async def test_a_key_answers_and_goes_on_and_the_last_one_finishes() -> None:
    form, app = _stall()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("1", "a", "2", "2", "2")
        assert at(form, "interpreter"), "asked once a language other than English is known"
        await pilot.press("1", *"B19", "enter")
        await until(pilot, lambda: app.shown.of(Form.Submitted))
        assert app.shown.of(Form.Submitted)[0].values == {
            "keep": "Y",
            "version": None,
            "service": "gp",
            "role": "N",
            "need": None,
            "age": "over",
            "guardian": None,
            "language": "pl",
            "interpreter": "Y",
            "place": "B19",
        }


async def test_nothing_further_comes_without_a_yes() -> None:
    form, app = _stall(role="Y")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        for key in ("enter", "f2", "ctrl+pagedown", "pagedown"):
            await pilot.press(key)
            assert at(form, "keep") and form.step == 0, key
        assert "Without a yes here" in text_of(app)
        await pilot.press("2")
        assert form.step == 0 and not app.shown.of(Form.Submitted)


async def test_zero_declines_all_that_is_left_and_minus_this_question_alone() -> None:
    form, app = _stall(keep="Y")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("ctrl+pagedown", "ctrl+pagedown", "minus")
        assert at(form, "language") and form.values["age"] == "X"
        await pilot.press("0")
        await until(pilot, lambda: app.shown.of(Form.Submitted))
        values = app.shown.of(Form.Submitted)[0].values
        assert (values["age"], values["language"], values["place"]) == ("X", "?", "declined")
        assert values["guardian"] is None and values["interpreter"] is None


async def test_another_key_names_the_one_that_declines_this_question_alone() -> None:
    form, app = _stall(keep="Y", age="under")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("ctrl+pagedown", "ctrl+pagedown", "enter", "n")
        assert at(form, "guardian")
        await until(pilot, lambda: "Press 1, 2 or -." in text_of(app))


async def test_a_guardian_is_never_declined_unasked() -> None:
    form, app = _stall(keep="Y", age="under")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("ctrl+pagedown", "ctrl+pagedown", "0")
        await until(pilot, lambda: app.shown.of(Form.Submitted))
        assert app.shown.of(Form.Submitted)[0].values["guardian"] is None


async def test_backspace_goes_back_to_an_answer_and_shift_with_a_digit_changes_the_last() -> None:
    form, app = _stall()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("1", "c", "1")
        assert at(form, "age") and form.values["role"] == "Y"
        await pilot.press("quotation_mark")
        assert at(form, "age") and form.values["role"] == "N", "shift+2 on a British keyboard"
        await pilot.press("backspace")
        assert at(form, "role")
        await pilot.press("backspace")
        assert at(form, "role") and form.values["role"] is None
        await pilot.press("0")
        assert at(form, "age") and form.values["role"] == "Z"


async def test_shift_and_a_digit_lead_back_to_an_answer_whose_keys_are_letters() -> None:
    form, app = _stall()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("1", "c")
        assert at(form, "role")
        await pilot.press("B")
        await until(pilot, lambda: "Caps Lock" not in text_of(app) and "Not accepted" in text_of(app))
        await pilot.press("exclamation_mark")
        assert at(form, "service"), "there its key corrects it"
        await pilot.press("a")
        assert at(form, "role") and form.values["service"] == "gp"
        await pilot.press("shift+tab", "B")
        await until(pilot, lambda: "Caps Lock" in text_of(app))


async def test_a_kind_of_an_answer_is_asked_once_that_answer_is_given() -> None:
    form, app = _stall(keep="Y")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("ctrl+pagedown")
        assert "prostate" not in text_of(app)
        await pilot.press("b")
        await until(pilot, lambda: "which kind?" in text_of(app))
        await pilot.press("1")
        assert at(form, "role") and form.values["service"] == "prostate"
        await pilot.press("shift+tab", "b", "2")
        assert at(form, "role") and form.values["service"] == "cancer"


async def test_a_word_typed_where_one_letter_answers_is_undone() -> None:
    form, app = _stall(keep="Y")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("ctrl+pagedown", *"asthma")
        assert at(form, "service") and form.values["service"] is None and form.values["role"] is None
        assert "Not accepted" in text_of(app)


async def test_words_of_ones_own_and_a_longer_list_are_typed_behind_a_slash() -> None:
    form, app = _stall(keep="Y")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("ctrl+pagedown", "slash", *"food bank", "enter")
        await until(pilot, lambda: at(form, "role"))
        assert form.values["service"] == "food bank"


async def test_more_is_asked_on_request_and_what_it_holds_is_kept() -> None:
    form, app = _stall(keep="Y", need="a ramp")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("ctrl+pagedown")
        await until(pilot, lambda: "Need: a ramp" in text_of(app))
        await pilot.press("f3")
        assert at(form, "need")
        await pilot.press("f2")
        await until(pilot, lambda: app.shown.of(Form.Submitted))
        assert app.shown.of(Form.Submitted)[0].values["need"] == "a ramp"


async def test_the_notice_changes_its_language_and_so_does_the_version_that_is_stored() -> None:
    form, app = _stall(version="1")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "We ask." in text_of(app) and form.takes_keys)
        await pilot.press("f5")
        await until(pilot, lambda: "1 English" in text_of(app) and "2 Polski" in text_of(app))
        await pilot.press("2")
        await until(pilot, lambda: "Pytamy." in text_of(app))
        await until(pilot, lambda: at(form, "keep") and "Czy mo" in text_of(app))  # the question, too
        assert "A draft." in text_of(app) and form.values["version"] == "1, Polish"
        await until(pilot, lambda: "Version: 1, Polish" in text_of(app))
        await pilot.press("f5", "escape")
        await until(pilot, lambda: form.takes_keys and "Pytamy." in text_of(app))
        await pilot.press("f5", "1")
        await until(pilot, lambda: "We ask." in text_of(app) and "Czy mo" not in text_of(app))
        await until(pilot, lambda: "Version: 1, Polish" not in text_of(app))
        assert "Version: 1" in text_of(app)


async def test_a_page_that_is_too_long_folds_what_is_not_being_answered() -> None:
    form, app = _stall(keep="Y")
    async with app.run_test(size=(80, 40)) as pilot:
        await until(pilot, lambda: at(form, "keep") and form.takes_keys)
        await pilot.press("ctrl+pagedown", "ctrl+pagedown")
        await until(pilot, lambda: "1 English" in text_of(app) and "1 under 16" in text_of(app))
        await pilot.resize_terminal(80, 10)
        await until(pilot, lambda: "1 English" not in text_of(app) and "1 under 16" in text_of(app))
