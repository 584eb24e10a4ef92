"""The pages of a hand-over as respondents see them: their script, their writing direction, further details, and errors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from app_desk import at_home, on, picture, records, type_in, until
from fieldkit.errors import StorageError
from fieldkit.presentation.kiosk import hand_over as handing
from fieldkit.presentation.kiosk.kiosk_questions import kiosk_question
from fieldkit.presentation.languages.catalogue import Catalogue, catalogue
from fieldkit.presentation.languages.respondent_messages import VOLUNTEERS_OWN
from fieldkit.presentation.languages.respondent_text import NOTICE, RespondentText
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.records.schema.field import LONGEST_TEXT
from fieldkit.records.schema.kind import kind
from fieldkit.screens.entry.drafts_screen import DraftsScreen
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.kiosk.kiosk_pages import Stage, draw, page_keys
from fieldkit.widgets.frame import NoticeLine
from fieldkit.widgets.inputs import WordsArea
from fieldkit.widgets.plain import wrapped
from kiosk_desk import fetch, hand_over, handed_over, kiosk, stage

LANGUAGES = {"en": "1", "pa": "2", "ur": "3", "pl": "4"}


def _notice(code: str, width: int) -> list[str]:
    drawn = draw(
        Stage.NOTICE, catalogue(code), width, 30, question=None, answers=(), chosen=(), at=0, code="",
        network="Asha Network", open_entry=False,
    )  # fmt: skip
    return drawn.answers.plain.splitlines()


@pytest.fixture
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that neither joins nor reverses letters by itself."""
    for name in ("VTE_VERSION", "KONSOLE_VERSION", "MLTERM", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("plain_terminal")
@pytest.mark.parametrize("width", [52, 72, 192])
def test_urdu_is_broken_before_it_is_joined_and_turned(width: int) -> None:
    lines = [line for line in _notice("ur", width) if line]
    assert len(lines) >= 6 and all(cell_len(line) <= width for line in lines)
    joined = [letter for line in lines for letter in line if "ARABIC" in unicodedata.name(letter, "")]
    forms = [letter for letter in joined if "FORM" in unicodedata.name(letter)]
    assert len(forms) > 0.9 * len([letter for letter in joined if letter.isalpha()])
    assert any(line.startswith("۔") for line in lines), "a full stop stands at the left"


@pytest.mark.usefixtures("plain_terminal")
def test_brackets_open_towards_what_they_hold() -> None:
    line = terminal_line("مرد (بشمول ٹرانس مرد)")
    assert line.startswith("(") and line.count(")") == 1 and line.index("(") < line.index(")")


@pytest.mark.parametrize("width", [52, 72])
def test_vowel_signs_beside_their_letters_are_counted_so_that_no_line_is_cut(width: int) -> None:
    for line in _notice("pa", width):
        beside = sum(unicodedata.category(letter) == "Mc" for letter in line)
        assert sum(not unicodedata.combining(c) and unicodedata.category(c) != "Mn" for c in line) <= width
        assert cell_len(line) <= width and (cell_len(line) >= beside)
    assert cell_len("ਕਾ") == 2
    assert wrapped("ਕਾ ਕਾ ਕਾ", 5) == ["ਕਾ ਕਾ", "ਕਾ"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_keys_and_what_they_do_are_apart(code: str) -> None:
    shown = page_keys(Stage.QUESTION, catalogue(code), more=True).plain
    for key in ("enter", "esc", "f3"):
        assert key in shown.split(), shown


async def test_a_respondent_can_say_more(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3") as (app, pilot):
        await type_in(pilot, "I waited")
        assert "f3 say more" in picture(pilot)
        await pilot.press("f3")
        for name in ("expectation", "need", "aspiration", "provider"):
            await until(pilot, lambda: kiosk(pilot).question, "a question")
            question = kiosk(pilot).question
            assert question is not None
            if name == "expectation" and question.name == "experience":
                await pilot.press("f3")
            assert kiosk(pilot).question is not None and kiosk(pilot).question.name == name
            await type_in(pilot, f"about {name}")
            await pilot.press("enter")
            await pilot.pause()
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.THANKS)
        await app.leave()
    record = next(e for e in records(planted_folder, "feedback") if e.get("need") == "about need")
    assert record["expectation"] == "about expectation" and record["aspiration"] == "about aspiration"
    assert record["provider"] == "about provider", "written as it was typed"


async def test_what_went_wrong_is_said_in_the_respondents_language(planted_folder: Path) -> None:
    polish = catalogue("pl").text
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3", size=(120, 40)) as (app, pilot):
        await type_in(pilot, "Dr Patel 07700 900123")
        await pilot.press("enter")
        begin = polish(RespondentText.PERSONAL_DETAIL).split("{")[0].strip()
        await until(pilot, lambda: begin in picture(pilot), "the hint")
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name == "experience"
        await pilot.press("enter")
        for _ in range(20):
            question = kiosk(pilot).question
            assert question is not None
            if question.name == "postcode_area":
                break
            await pilot.press("enter")
            await pilot.pause()
        await type_in(pilot, "nowhere at all")
        await pilot.press("enter")
        wrong = polish(RespondentText.NOT_VALID)
        await until(pilot, lambda: wrong[:40] in picture(pilot), "the refusal")
        await pilot.press("enter")
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name != "postcode_area"
        await app.leave()


async def test_what_was_said_of_an_answer_meanwhile_is_not_replaced_by_that_it_is_too_long(
    planted_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    polish = catalogue("pl").text
    not_valid = polish(RespondentText.NOT_VALID)
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3") as (app, pilot):
        screen = kiosk(pilot)
        screen._turn_to(Stage.QUESTION, "postcode_area")
        await pilot.pause()
        late: list[Callable[[], object]] = []
        with monkeypatch.context() as patched:
            patched.setattr(
                screen, "call_after_refresh", lambda run, *given: late.append(partial(run, *given))
            )
            screen.query_one("#answer-line", Input).value = "nowhere at all"
            screen._take_typed()
        [say_too_long] = late
        screen._say_problem(not_valid)
        say_too_long()
        assert screen._problem == not_valid
        screen._say_problem("")
        say_too_long()
        assert screen._problem == polish(RespondentText.TOO_LONG)
        await app.leave()


async def test_who_says_nothing_about_the_service_is_asked_once_more_and_then_nothing_is_kept(
    planted_folder: Path,
) -> None:
    async with at_home(planted_folder) as pilot:
        before = len(records(planted_folder, "feedback"))
        await hand_over(pilot)
        await pilot.press("1", "enter", "1")
        for time in (1, 2):
            for _ in range(30):
                question = kiosk(pilot).question
                if question is None or (time == 2 and question.name != "experience"):
                    break
                await pilot.press("1" if question.name == "carer" and time == 1 else "enter")
                await pilot.pause()
                if time == 1 and RespondentText.NOTHING_SAID[:30] in picture(pilot):
                    break
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.REFUSED)
    assert len(records(planted_folder, "feedback")) == before


async def test_a_disk_that_refuses_shows_its_sentence_to_the_volunteer_alone(
    planted_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise StorageError("The disk at /secret/place is full.")

    monkeypatch.setattr(handing, "finish", refuse)
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "2") as (app, pilot):
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.FAILED)
        seen = picture(pilot)
        assert "/secret" not in seen and catalogue("pl").text(RespondentText.NOT_SAVED)[:30] in seen
        await fetch(pilot)
        assert "/secret/place is full" in picture(pilot)
        await app.leave()


async def test_an_entry_kept_for_later_says_who_began_it_and_keeps_the_events_set_up(
    planted_folder: Path,
) -> None:
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "2") as (app, pilot):
        await type_in(pilot, "half of it")
        await fetch(pilot)
        await pilot.press("2")
        await on(pilot, HomeScreen)
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "a respondent" in picture(pilot), "who began it")
        await pilot.press("enter")
        await on(pilot, EntryScreen)
        await until(pilot, lambda: "half of it" in picture(pilot), "the words")
        assert app.kit is not None
        values = next(d for d in app.kit.drafts.all() if d.values.get("experience") == "half of it").values
        assert values["event"] and "Polish" in values["consent_notice"] and values["date"]
        await app.leave()


def _page(code: str, size: tuple[int, int], name: str, at: int = 0, problem_rows: int = 0) -> list[str]:
    """The rows of a question drawn on a terminal of this size, beginning with the question and an empty row."""
    question = kiosk_question(kind("feedback").fields[name], catalogue(code), {})
    width, height = size[0] - 8, size[1] - 7 - problem_rows
    drawn = draw(
        Stage.QUESTION, catalogue(code), width, height, question=question, answers=question.answers, chosen=(),
        at=at, code="", network="Asha Network", open_entry=True,
    )  # fmt: skip
    rows = [*drawn.question.plain.splitlines(), "", *drawn.answers.plain.rstrip("\n").splitlines()]
    assert len(rows) <= height, (code, size, name, rows)
    assert all(cell_len(row) <= width for row in rows), (code, size, name, rows)
    return rows


CHOICES = [
    name
    for page in kind("feedback").pages
    for name in page.all_fields
    if kind("feedback").fields[name].codes and name not in VOLUNTEERS_OWN
]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_answer_is_cut_and_every_answer_can_be_reached(code: str, size: tuple[int, int]) -> None:
    for name in CHOICES:
        question = kiosk_question(kind("feedback").fields[name], catalogue(code), {})
        for problem_rows in (0, 3):
            step = 1 if len(question.answers) < 25 else 20
            for at in range(0, len(question.answers), step):
                seen = "\n".join(_page(code, size, name, at, problem_rows))
                assert "…" not in seen
                assert ("▸" in seen) or ("◂" in seen)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
@pytest.mark.parametrize("code", ["pa", "ur", "pl"])
def test_a_volunteer_beside_the_respondent_reads_the_english(code: str, size: tuple[int, int]) -> None:
    """Beside the answer if there is room, otherwise while it is pointed at; the question itself on the top line."""
    for name in CHOICES:
        spec = kind("feedback").fields[name]
        answers = kiosk_question(spec, catalogue(code), {}).answers
        for at, answer in enumerate(answers[:30]):
            seen = "\n".join(_page(code, size, name, at))
            assert answer.english in seen, (code, size, name, answer.english)
        assert kiosk_question(spec, catalogue(code), {}).english == spec.asked
    assert not kiosk_question(kind("feedback").fields["role"], catalogue("en"), {}).english


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_language_that_they_read_is_the_first_of_the_languages(code: str) -> None:
    answers = kiosk_question(kind("feedback").fields["language"], catalogue(code), {}).answers
    assert answers[0].code == code
    assert len(answers) == len(kind("feedback").fields["language"].code_list.entries)


@pytest.mark.usefixtures("plain_terminal")
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_question_says_how_it_is_answered_where_there_is_room(code: str) -> None:
    known = catalogue(code)
    for name, how in (
        ("consent_record", RespondentText.PRESS_NUMBER),
        ("age_band", RespondentText.PRESS_LETTER),
        ("disability", RespondentText.TICK_SEVERAL),
    ):
        sentence = terminal_line(known.text(how))
        assert sentence in "\n".join(_page(code, (120, 40), name)), (code, name)
    for how in (RespondentText.PRESS_NUMBER, RespondentText.PRESS_LETTER):
        assert terminal_line(known.text(how)) not in "\n".join(_page(code, (120, 40), "language"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_figures_are_drawn_alike_in_every_language(code: str) -> None:
    for name in ("consent_record", "rating"):
        for size in ((80, 24), (120, 40)):
            large = [
                sum("┃" in row or "┓" in row for row in _page(each, size, name)) for each in ("en", code)
            ]
            assert large[0] == large[1], (name, size)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_notice_that_does_not_fit_goes_on(code: str) -> None:
    network = "Bradford and District Community Champions for Health and Wellbeing Network"
    known = catalogue(code)
    at, seen = 0, []
    for _ in range(9):
        drawn = draw(
            Stage.NOTICE, known, 52, 10, question=None, answers=(), chosen=(), at=at, code="", network=network,
            open_entry=False,
        )  # fmt: skip
        rows = drawn.answers.plain.splitlines()
        assert len(rows) + len(drawn.question.plain.splitlines()) + 1 <= 10
        seen += rows[:-1]
        at = drawn.goes_on_at
        if not at:
            break
    whole = draw(
        Stage.NOTICE, known, 52, 60, question=None, answers=(), chosen=(), at=0, code="", network=network,
        open_entry=False,
    )  # fmt: skip
    assert seen == [row for row in whole.answers.plain.splitlines() if row]


@pytest.mark.usefixtures("plain_terminal")
@pytest.mark.parametrize("size", [(44, 10), (60, 14), (60, 20), (80, 24), (120, 20)])
@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("code", [*LANGUAGES, "long"])
def test_the_pages_of_a_notice_begin_with_a_sentence(code: str, locked: bool, size: tuple[int, int]) -> None:
    """Even if a translation is much longer than the English sentence."""
    long = {("", str(text)): f"{'słowo ' * 18}koniec. {'Zdanie ' * 12}koniec." for text in NOTICE}
    known = Catalogue("so", "Soomaali", "Somali", messages=long) if code == "long" else catalogue(code)
    whole = [known.text(RespondentText.UNDER_16), *known.notice("Asha Network", locked=locked)]
    width = size[0] - 8
    sentences = [part for text in whole for part in re.split(r"(?<=[.?।۔؟]) ", text)]
    beginnings = {terminal_line(wrapped(text, width)[0]) for text in (*whole, *sentences)}
    if known.draft:
        beginnings.add(terminal_line(wrapped(known.text(RespondentText.DRAFT), width)[0]))
    at = 0
    for _ in range(400):
        drawn = draw(
            Stage.NOTICE, known, width, size[1] - 7, question=None, answers=(), chosen=(), at=at, code="",
            network="Asha Network", open_entry=False, locked=locked,
        )  # fmt: skip
        first = drawn.answers.plain.splitlines()[0]
        fits = max(len(wrapped(text, width)) for text in sentences) < size[1] - 10
        assert first in beginnings or not fits, (code, size, at, first)
        at = drawn.goes_on_at
        if not at:
            break
    assert not at


async def test_enter_shows_the_rest_of_a_notice_before_it_goes_on(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", size=(50, 14)) as (app, pilot):
        await until(pilot, lambda: "↓" in picture(pilot), "the mark")
        assert "receipt code" not in picture(pilot)
        for _ in range(5):
            if "receipt code" in picture(pilot):
                break
            await pilot.press("enter")
            await pilot.pause()
            assert kiosk(pilot).stage is Stage.NOTICE
        await pilot.press("escape")
        await until(pilot, lambda: "We collect" in picture(pilot), "the notice")
        await app.leave()


async def test_a_pasted_text_is_kept_as_far_as_it_is_in_view(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3") as (app, pilot):
        app.post_message(events.Paste("słowo " * 200_000))
        sentence = catalogue("pl").text(RespondentText.TOO_LONG)[:20]
        await until(pilot, lambda: sentence in picture(pilot), "what is kept")
        await pilot.press("x")
        await until(pilot, lambda: app.keys_are_done, "the key")
        kept = kiosk(pilot).query_one(WordsArea).text
        assert len(kept) == LONGEST_TEXT and kept.startswith("słowo słowo")
        assert kiosk(pilot)._form.values["experience"] == kept.strip()
        await app.leave()


async def _leave_no_room(pilot: Pilot[object], language: str) -> None:
    """Make the window too small for the sentence on how to answer."""
    how = terminal_line(catalogue(language).text(RespondentText.PRESS_NUMBER))
    await pilot.resize_terminal(60, 13)
    await until(
        pilot, lambda: how not in picture(pilot) and "yes" in picture(pilot).lower(), "no room for it"
    )


async def test_which_keys_answer_is_said_of_the_question_in_view_alone(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter") as (app, pilot):
        await _leave_no_room(pilot, "en")
        question = kiosk(pilot).question
        await pilot.press("9")
        await until(pilot, lambda: app.screen.query_one(NoticeLine).has_class("-shown"), "which keys answer")
        await pilot.press("1")
        await until(pilot, lambda: kiosk(pilot).question is not question, "the next question")
        await until(pilot, lambda: not app.screen.query_one(NoticeLine).has_class("-shown"), "nothing of it")
        await app.leave()


async def test_what_went_wrong_ends_at_the_right_as_the_question_does(planted_folder: Path) -> None:
    async with handed_over(planted_folder, LANGUAGES["ur"], "enter") as (app, pilot):
        wrong = app.screen.query_one("#say", Static)
        kiosk(pilot)._say_problem(catalogue("ur").text(RespondentText.PRESS_NUMBER))
        await until(
            pilot, lambda: wrong.size.height > 0 and wrong.render_line(0).text.strip(), "the sentence"
        )
        line = wrong.render_line(0).text
        assert line.startswith(" ") and not line.endswith(" ")
        await app.leave()


@pytest.mark.parametrize("width", [30, 52, 72])
@pytest.mark.parametrize("child_alone", [False, True])
def test_what_the_volunteers_keys_do_stays_beside_them(width: int, child_alone: bool) -> None:
    drawn = draw(
        Stage.VOLUNTEER, catalogue("en"), width, 20, question=None, answers=(), chosen=(), at=0, code="",
        network="Asha Network", open_entry=True, child_alone=child_alone,
    )  # fmt: skip
    rows = [row for row in drawn.answers.plain.splitlines() if row.strip()][child_alone * 3 :]
    assert all(row.startswith("     ") or re.match("  [1-4] ", row) for row in rows if "esc" not in row), rows
    assert all(cell_len(row) <= width for row in rows)


async def test_the_kinds_of_an_answer_are_asked_for_by_number(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3", "enter") as (app, pilot):
        await until(pilot, lambda: "diabetes" in picture(pilot), "the services")
        await pilot.press("9")
        await until(
            pilot, lambda: "▪ a – n: Press the letter of your answer." in picture(pilot), "which keys answer"
        )
        await pilot.press("b")
        await until(pilot, lambda: "prostate cancer" in picture(pilot), "the kind")
        assert "Press the number of your answer." in picture(pilot) and "letter" not in picture(pilot)
        await app.leave()


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_what_went_wrong_stands_apart_from_the_keys(
    planted_folder: Path, size: tuple[int, int]
) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3", size=size) as (app, pilot):
        await type_in(pilot, "Ring me: 0116 496 0123")
        await pilot.press("enter")
        await until(pilot, lambda: "This may show who somebody is" in picture(pilot), "what it shows")
        rows = picture(pilot).splitlines()
        keys = next(n for n, row in enumerate(rows) if "enter go on" in row)
        assert not rows[keys - 1].strip() and rows[keys - 2].strip()
        await app.leave()


async def test_which_keys_answer_is_said_in_urdu_as_the_terminal_has_to_draw_it(planted_folder: Path) -> None:
    async with handed_over(planted_folder, LANGUAGES["ur"], "enter") as (app, pilot):
        await _leave_no_room(pilot, "ur")
        await pilot.press("9")
        sentence = terminal_line(catalogue("ur").text(RespondentText.PRESS_NUMBER))
        await until(pilot, lambda: f"▪ {sentence}" in picture(pilot), "which keys answer")
        line = next(row for row in picture(pilot).splitlines() if "▪" in row)
        assert line.startswith("    ") and line.rstrip().endswith(sentence)
        await app.leave()


async def test_the_english_of_a_long_question_is_whole_at_the_top_of_a_small_window(
    planted_folder: Path,
) -> None:
    asked = kind("feedback").fields["rating"].asked
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2") as (_, pilot):
        await stage(pilot, Stage.QUESTION)
        await pilot.resize_terminal(60, 20)
        await until(
            pilot,
            lambda: (
                asked in " ".join(" ".join(picture(pilot).splitlines()[:2]).replace("fieldkit", "").split())
            ),
            "the whole question",
        )
