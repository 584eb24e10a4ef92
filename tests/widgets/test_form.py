"""Forms: filled only by keys, nothing typed or pasted is lost, and errors are shown at their question."""

from __future__ import annotations

from datetime import date

import pytest
from textual import events

from fieldkit.presentation.model.form_plan import FormPlan, Question, Step, is_asked
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import part_kept
from fieldkit.widgets.form import Form
from form_app import YES_NO, a_form, at
from waiting import until
from widget_app import paste, text_of, type_ahead


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
        burst = "fieldkit.widgets.keyed.answered_by_key._BURST"
        for name, digit, value in (("a", "1", "Y"), ("b", "7", 7)):
            monkeypatch.setattr(burst, 60.0)  # keys of one text, however slow the machine
            await until(pilot, lambda name=name: at(form, name))
            await pilot.press(*"B19", "space", *"2TT")
            assert form.values[name] is None
            assert "Not accepted: B19 2TT. Press" in text_of(app), "what did not count is named"
            assert "Press 1 to 3. Other keys" in text_of(app) or "Press 0 to 9, or + for 10" in text_of(app)
            await pilot.press(*"_Birmingham_")
            assert "Not accepted: B19 2TT_Birming… Press" in text_of(app), "no stop behind the dots"
            monkeypatch.setattr(burst, -1.0)
            await pilot.press(digit)
            assert form.values[name] == value
            await until(pilot, lambda: "Not accepted" not in text_of(app))
            monkeypatch.setattr(burst, 60.0)
            await pilot.press("x", "enter")
            await until(pilot, lambda: "Not accepted" not in text_of(app))


async def test_what_happened_to_pasted_text_is_said() -> None:
    form, app = a_form(FormPlan("x", [Step("x", [Question("a", "choice", "A", options=YES_NO)])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        app.post_message(events.Paste("B19 2TT"))
        sentence = "Not accepted: pasted text. Press 1 to 3. What was pasted is not kept."
        await until(pilot, lambda: sentence in " ".join(text_of(app).split()))
        assert form.values["a"] is None


async def test_changes_are_told_within_a_second_and_leaving_keeps_all() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await pilot.press("enter", "a", "b")
        await until(pilot, lambda: any(m.values["words"] == "ab" for m in app.shown.of(Form.Changed)), 1)
        type_ahead(app, ["c", "escape"])
        await until(pilot, lambda: app.shown.of(Form.Left))
        assert app.shown.of(Form.Left)[0].values["words"] == "abc"


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
    form, app = a_form(check=lambda name, values: "Nobody knows [/] it." if values[name] == "bad" else None)
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


async def test_typing_replaces_what_a_line_held_and_an_arrow_key_keeps_it() -> None:
    plan = FormPlan(
        "x",
        [
            Step(
                "x",
                [
                    Question("day", "date", "Date"),
                    Question("time", "time", "Start"),
                    Question("number", "number", "How many"),
                    Question("who", "line", "Provider"),
                    Question("place", "line", "Place"),
                ],
            )
        ],
        {"day": "2026-11-26", "time": "10:15", "number": 12, "who": "St Luke's", "place": "Leeds"},
    )
    form, app = a_form(plan)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "day"))
        await pilot.press(*"1/12/25", "enter", *"14:00", "enter", *"7", "enter", *"Dr Rao", "enter")
        await pilot.press("end", *"!", "shift+tab", "shift+tab", "home", "1")
        await until(pilot, lambda: form.values["number"] == 17)
        assert form.values == {
            "day": "2025-12-01",
            "time": "14:00",
            "number": 17,
            "who": "Dr Rao",
            "place": "Leeds!",
        }


async def test_a_comma_that_parts_no_thousands_is_no_number() -> None:
    form, app = a_form(FormPlan("x", [Step("x", [Question("n", "number", "Minutes", maximum=600)])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "n"))
        for typed in ("1,5", "1.5", "1 5", "12,34", "1e2", "½"):
            await pilot.press(
                "end", "ctrl+u", *("space" if letter == " " else letter for letter in typed), "f2"
            )
            await until(
                pilot, lambda typed=typed: f"“{typed}” is not a whole number from 0 to 600" in text_of(app)
            )
            assert not app.shown.of(Form.Submitted)
        await pilot.press("end", "ctrl+u", *"15", "f2")
        await until(pilot, lambda: app.shown.of(Form.Submitted))
        assert form.values["n"] == 15


async def test_a_reason_from_outside_stays_at_the_answer_that_has_the_focus() -> None:
    form, app = a_form()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        for name in ("rating", "scale", "rating"):
            form.show_problems({name: f"Look again at {name}."})
            await until(pilot, lambda name=name: at(form, name) and f"Look again at {name}." in text_of(app))
            form.show_problems({name: f"Once more: {name}."})
            await until(pilot, lambda name=name: at(form, name) and f"Once more: {name}." in text_of(app))


@pytest.mark.parametrize("letter", ["\u200c", "\u200d", "\u200e", "\u3000", "\u00a0", "\U0001fae9"])
async def test_letters_that_python_calls_unprintable_are_typed_all_the_same(letter: str) -> None:
    form, app = a_form()
    kept = f"ab{' ' if letter == chr(0xA0) else letter}cd"
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "rating"))
        await pilot.press("enter")
        for name in ("words", "who"):
            for typed in f"ab{letter}cd":
                app.post_message(events.Key("unknown" if typed == letter else typed, typed))
            await until(pilot, lambda name=name: form.values[name] == kept)
            await pilot.press("enter")


async def test_the_space_in_text_meant_for_another_question_picks_nothing() -> None:
    form, app = a_form(FormPlan("x", [Step("x", [Question("a", "choice", "A", options=YES_NO)])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        await pilot.press("down", *"Joan", "space", *"Bark")
        assert form.values["a"] is None
        assert "Not accepted: Joan Bark." in text_of(app)


async def test_enter_at_a_question_that_needs_an_answer_is_answered_each_time() -> None:
    needed = Question("a", "choice", "A", options=YES_NO, needed="Somebody has to be there.")
    form, app = a_form(FormPlan("x", [Step("x", [needed, Question("b", "line", "B")])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "a"))
        await pilot.press("enter")
        await until(pilot, lambda: "Somebody has to be there." in text_of(app))
        assert at(form, "a") and not app.shown.of(Form.StillWrong)
        await pilot.press("enter")
        await until(pilot, lambda: app.shown.of(Form.StillWrong))
        assert app.shown.of(Form.StillWrong)[0].problem == "Somebody has to be there."
        assert at(form, "a")


async def test_what_a_line_may_not_keep_is_cut_at_once_and_it_is_said() -> None:
    def first_half(typed: str) -> str:
        return part_kept(kind("feedback").fields["postcode_area"], typed)

    half = Question("half", "line", "First half of the postcode", part_kept=first_half)
    form, app = a_form(FormPlan("x", [Step("x", [half, Question("next", "line", "Next")])]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: at(form, "half"))
        await pilot.press(*"le4", "space", *"6by")
        await until(pilot, lambda: form.values["half"] == "LE4")
        assert "Only LE4 is kept" in text_of(app)
        assert [shown.values["half"] for shown in app.shown.of(Form.Changed)].count("le4 6by") == 0
        await pilot.press("enter")
        await until(pilot, lambda: at(form, "next"))
        assert "Only LE4 is kept" in text_of(app), "it stays for whoever typed on"
        await pilot.press("shift+tab", *"LE5")
        await until(pilot, lambda: form.values["half"] == "LE5")
        assert "Only LE4" not in text_of(app)
