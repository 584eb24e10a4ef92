"""The pages of a hand-over as respondents see them: their script, their writing direction, and that nothing is cut."""

from __future__ import annotations

import re
import unicodedata

import pytest
from rich.cells import cell_len
from textual.content import Content

from fieldkit.presentation.kiosk.kiosk_questions import kiosk_question
from fieldkit.presentation.languages.catalogue import Catalogue, catalogue
from fieldkit.presentation.languages.respondent_messages import VOLUNTEERS_OWN
from fieldkit.presentation.languages.respondent_text import NOTICE, RespondentText
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.records.schema.kind import kind
from fieldkit.screens.kiosk.kiosk_drawing import FromRight
from fieldkit.screens.kiosk.kiosk_pages import Stage, draw, page_keys
from fieldkit.widgets.plain import wrapped

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
    assert any(line.startswith("۔") for line in lines), "a full stop is at the left"


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


@pytest.mark.usefixtures("plain_terminal")
@pytest.mark.parametrize("width", [24, 40, 200])
def test_a_notice_from_the_right_begins_with_its_sign_and_breaks_before_it_is_turned(width: int) -> None:
    sentence = f"a – p: {catalogue('ur').text(RespondentText.PRESS_LETTER)}"
    lines = FromRight(Content("▪"), sentence)._lines(width).plain.splitlines()
    assert [cell_len(line) for line in lines] == [width] * len(lines)
    assert lines[0].endswith(" ▪") and not any("▪" in line for line in lines[1:])
    assert "a – p" in lines[0], "the beginning of the sentence is in its first line"
    drawn = [terminal_line(line) for line in wrapped(sentence, width - 2)]
    assert [line.removesuffix("▪").strip() for line in lines] == drawn


@pytest.mark.parametrize("code", ["en", "pl"])
def test_what_is_asked_is_large_on_no_page_of_a_usual_window_and_on_each_with_room_of_a_tall_one(
    code: str,
) -> None:
    def is_large(name: str, size: tuple[int, int], given: dict[str, str]) -> bool:
        question = kiosk_question(kind("feedback").fields[name], catalogue(code), given)
        drawn = draw(
            Stage.QUESTION, catalogue(code), size[0] - 8, size[1] - 7, question=question,
            answers=question.answers[:2], chosen=(), at=0, code="", network="", open_entry=True,
        )  # fmt: skip
        return "█" in drawn.question.plain

    for name in ("consent_record", "role", "service_area"):
        assert not is_large(name, (80, 24), {}) and is_large(name, (200, 50), {}), name
