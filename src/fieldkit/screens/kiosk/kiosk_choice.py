"""How a handed-over laptop draws a question with its answers: each answer with its key, and the English beside it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from fieldkit.presentation.kiosk.kiosk_questions import KioskAnswer, KioskQuestion
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.records.schema.answer_digits import DECLINED
from fieldkit.screens.kiosk.kiosk_drawing import Drawn, asked_lines, rows_of, sentence_lines
from fieldkit.widgets.big_figures import HEIGHT, big_figure
from fieldkit.widgets.plain import fit, plain, wrapped

_BESIDE_LABEL = 9
"""Cells beside the label of an answer: the pointer, its large key, its sign, and the spaces."""

NOWHERE = -1
"""No answer is pointed at. Enter gives the answer at the arrow, so there is none until somebody moves it."""


def drawn_choice(
    asked: str,
    reasons: Sequence[str],
    answers: Sequence[KioskAnswer],
    chosen: Sequence[str],
    at: int,
    width: int,
    height: int,
    *,
    several: bool,
    from_right: bool = False,
    style: str = "$text-muted",
    title: str = "",
    how: str = "",
    how_style: str = "$text-muted",
) -> Drawn:
    """A question with its reasons in `style` and its answers; if not all fit, those around the cursor.

    There is an empty row between answers if there is room. The English of an answer is beside it; if there is no room, it is
    in the last row while the answer is pointed at. `how` to answer is below them, in `how_style`, if there is room.
    """
    reason = [plain(terminal_line(line), style) for why in reasons for line in wrapped(why, width)]
    lines = [*reason, Content("")] if reason else []
    labels = [wrapped(answer.label, width - _BESIDE_LABEL) for answer in answers]
    english = [_english(answer) for answer in answers]
    beside = [
        bool(text) and cell_len(f"{label[-1]}   {text}") <= width - _BESIDE_LABEL
        for label, text in zip(labels, english, strict=True)
    ]
    has_english_row = any(text and not is_beside for text, is_beside in zip(english, beside, strict=True))
    bold = sentence_lines(asked, width, "bold")
    left = height - len(lines) - 1 - has_english_row
    rows = _rows_of_answers(answers, labels, left - rows_of(bold))
    text_rows = sum(map(len, labels)) if rows < HEIGHT else HEIGHT * len(answers)
    needed = text_rows + (len(answers) - 1 if rows > 1 else 0)
    question = asked_lines(asked, width, left - needed - 1, height)
    room = max(3, left - rows_of(question))
    most = len(answers) if needed <= room else max(1, room - 1 - (needed - len(answers)))
    top = max(0, min(at - most // 2, len(answers) - most))
    pointed_at = 0
    for place, answer in list(enumerate(answers))[top : top + most]:
        if place == max(at, 0):
            pointed_at = len(lines) + (rows > HEIGHT) * (HEIGHT // 2)
        lines += _answer(
            answer,
            labels[place],
            is_large=rows > HEIGHT,
            is_given=answer.code in chosen,
            is_pointed_at=place == at,
            several=several,
            from_right=from_right,
            english=english[place] if beside[place] else "",
        )
        lines += [Content("")] if rows > 1 else []
    if most < len(answers):
        lines.append(
            Content.styled(f"  ↑ ↓  {'–' if at == NOWHERE else at + 1} / {len(answers)}", "$text-muted")
        )
    if has_english_row:
        lines.append(plain("" if at == NOWHERE or beside[at] else fit(english[at], width), "$text-muted"))
    if how:
        gap = [] if lines[-1].plain == "" else [Content("")]
        below = [*gap, *(plain(terminal_line(line), how_style) for line in wrapped(how, width))]
        if rows_of(question) + 1 + len(lines) + len(below) > height:
            how = ""
        lines += below if how else []
    return Drawn(title, question, Content("\n").join(lines), pointed_at, how=how)


def how_to_answer(question: KioskQuestion, answers: Sequence[KioskAnswer]) -> RespondentText | None:
    """The sentence on how to answer a question with these answers; None if letters lead through a list without keys."""
    keys = [answer.key for answer in answers if answer.key]
    if question.shape == "many":
        return RespondentText.TICK_SEVERAL
    return press_key(keys) if len(keys) > 1 else None


def press_key(keys: Sequence[str]) -> RespondentText:
    """The sentence that asks for one of these keys. Kinds of an answer have numbers below the letter that gave it."""
    numbers = any(key.isdecimal() and key != DECLINED for key in keys) or all(map(str.isdecimal, keys))
    return RespondentText.PRESS_NUMBER if numbers else RespondentText.PRESS_LETTER


def _english(answer: KioskAnswer) -> str:
    """An answer in English, for the volunteer; "" if it is already in English."""
    return "" if answer.english in answer.label else answer.english


def _rows_of_answers(answers: Sequence[KioskAnswer], labels: Sequence[Sequence[str]], room: int) -> int:
    """The rows from one answer to the next: with a large figure and an empty row, with an empty row, or with nothing."""
    count, text_rows = len(answers), sum(map(len, labels))
    can_be_large = text_rows == count and all(answer.key.isdecimal() for answer in answers)
    if can_be_large and (HEIGHT + 1) * count - 1 <= room:
        return HEIGHT + 1
    return 2 if text_rows + count - 1 <= room else 1


def _answer(
    answer: KioskAnswer,
    label: Sequence[str],
    *,
    is_large: bool,
    is_given: bool,
    is_pointed_at: bool,
    several: bool,
    from_right: bool,
    english: str,
) -> list[Content]:
    """The rows of an answer: those of its label, or those of its large figure with the label in the middle.

    `english` follows the last row of the label.
    """
    sign = ("☑" if is_given else "☐") if several else ("●" if is_given else "○")
    point = ("◂" if from_right else "▸") if is_pointed_at else " "
    figures = big_figure(int(answer.key)) if is_large else (answer.key or " ", *(" " for _ in label[1:]))
    texts = ["", *label, ""] if is_large else list(label)
    signed = 1 if is_large else 0
    wide = max(map(cell_len, label), default=0)
    last = signed + len(label) - 1
    drawn = []
    for row, (figure, text) in enumerate(zip(figures, texts, strict=True)):
        parts = [
            (point if row == signed else " ", "bold $accent"),
            (" ", ""),
            (figure, "bold $accent"),
            ("  ", ""),
            (sign if row == signed else " ", "bold $accent" if is_given else "$text-muted"),
            (" ", ""),
            (terminal_line(text), "bold" if is_given or is_large else ""),
            ("   " if english and row == last else "", ""),
            (english if row == last else "", "$text-muted"),
        ]
        if from_right and is_large:
            parts.append(
                (" " * (wide - cell_len(text)), "")
            )  # the figure stays whole in a line that ends at the right
        drawn.append(Content.assemble(*(parts[::-1] if from_right else parts)))
    return drawn
