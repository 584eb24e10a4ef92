"""How each page of a handed-over laptop is drawn: the question large where there is room, the answers with their keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from rich.cells import cell_len
from textual.content import Content

from fieldkit.commands.command import KIOSK
from fieldkit.commands.table import key_of
from fieldkit.presentation.kiosk.kiosk_questions import KioskAnswer, KioskQuestion
from fieldkit.presentation.languages.catalogue import Catalogue
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.presentation.last_receipt_code import framed
from fieldkit.records.schema.answer_digits import DECLINED
from fieldkit.widgets.big_figures import HEIGHT, big_figure
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.large_text import large_type
from fieldkit.widgets.plain import fit, plain, wrapped

_AFTER_SENTENCE = re.compile(r"(?<=[.?!।۔؟]) ")
_BESIDE_LABEL = 9
"""Cells beside the label of an answer: what points at it, its key in large, its sign, and the spaces."""


NOWHERE = -1
"""No answer is pointed at: Enter gives what the arrow stands at, so it stands at none before somebody moves it there."""


class Stage(Enum):
    """What is in view."""

    LANGUAGE = "language"
    NOTICE = "notice"
    QUESTION = "question"
    THANKS = "thanks"
    REFUSED = "refused"
    GUARDIAN = "guardian"
    FAILED = "failed"
    LEFT = "left"
    PIN = "pin"
    VOLUNTEER = "volunteer"

    @property
    def is_respondents(self) -> bool:
        """Whether the respondent reads it; the volunteer reads the others."""
        return self not in {Stage.PIN, Stage.VOLUNTEER, Stage.LANGUAGE}


@dataclass(frozen=True)
class Drawn:
    """A page: the top line, the question, and the answers below it."""

    title: str
    question: Content
    answers: Content = field(default_factory=Content)
    row_pointed_at: int = 0
    """The row of `answers` at which the answer pointed at begins."""
    goes_on_at: int = 0
    """The row of the notice with which it goes on where it does not fit, 0 at its end."""


def draw(
    stage: Stage,
    catalogue: Catalogue,
    width: int,
    height: int,
    *,
    question: KioskQuestion | None,
    answers: Sequence[KioskAnswer],
    chosen: Sequence[str],
    at: int,
    code: str,
    network: str,
    open_entry: bool,
    locked: bool = False,
    says_how: bool = True,
    child_alone: bool = False,
    under_16: Sequence[str] = (),
) -> Drawn:
    """One page in `width` cells and `height` rows; `at` is the answer pointed at, `chosen` are those given.

    `at` is NOWHERE before somebody points at an answer. It is also the row with which a notice begins that does not fit.
    `locked`: a passphrase locks the kit. `says_how`: how a question is answered is not said elsewhere.
    `under_16` says in every language that a parent or guardian has to be there; `child_alone`: nobody has said so of somebody
    under 16.
    """
    text = catalogue.text
    match stage:
        case Stage.LANGUAGE:
            first = under_16 if len(under_16) <= max(1, height // 3) else under_16[:1]
            return _choice(
                "Choose your language", first, answers, chosen, at, width, height, several=False, style=""
            )
        case Stage.QUESTION:
            assert question is not None
            if question.is_typed:
                hint = RespondentText.WRITE_HERE if question.shape == "text" else RespondentText.TYPE_ANSWER
                lines = [_read(each, width, "$text-muted") for each in (question.why, text(hint)) if each]
                if question.can_decline:
                    prefers_not = terminal_line(text(RespondentText.PREFER_NOT_TO_SAY))
                    parts = [(DECLINED, "bold $accent"), ("  ", ""), (prefers_not, "")]
                    lines.append(Content.assemble(*(parts[::-1] if catalogue.right_to_left else parts)))
                return Drawn(
                    question.english,
                    _large(question.asked, width, max(1, height - 12)),
                    Content("\n").join(lines),
                )
            return _choice(
                question.asked,
                [question.why] if question.why else [],
                answers,
                chosen,
                at,
                width,
                height,
                several=question.shape == "many",
                from_right=catalogue.right_to_left,
                title=question.english,
                how=text(how) if says_how and (how := _how(question)) else "",
            )
        case Stage.NOTICE:
            return _notice(catalogue, catalogue.notice(network, locked=locked), at, width, height)
        case Stage.THANKS:
            thanks = _large(text(RespondentText.THANK_YOU), width, height // 4)
            drawn = large_type(code, width, height // 3)
            # Drawn letters are easy to mistake: the code is there as it is typed, too.
            shown = [*drawn, "", code] if drawn else framed(code) if width >= 50 else [code]
            return Drawn(
                "",
                thanks,
                Content("\n").join(
                    [
                        _read(text(RespondentText.YOUR_CODE), width, "bold"),
                        Content(""),
                        Content.styled("\n".join(shown), "bold $accent"),
                        Content(""),
                        _read(text(RespondentText.KEEP_CODE), width),
                        Content(""),
                        _read(text(RespondentText.GIVE_BACK), width, "bold"),
                    ]
                ),
            )
        case Stage.REFUSED:
            return Drawn(
                "",
                _large(text(RespondentText.NOTHING_KEPT), width, height // 2),
                _read(text(RespondentText.GIVE_BACK), width, "bold"),
            )
        case Stage.GUARDIAN:
            return Drawn(
                "",
                _large(text(RespondentText.CALL_VOLUNTEER), width, height // 2),
                _read(text(RespondentText.NO_GUARDIAN), width),
            )
        case Stage.FAILED:
            return Drawn(
                "",
                _large(text(RespondentText.CALL_VOLUNTEER), width, height // 2),
                _read(text(RespondentText.NOT_SAVED), width),
            )
        case Stage.LEFT:
            return Drawn("", _large(text(RespondentText.GIVE_BACK), width, height - 4))
        case Stage.PIN:
            return Drawn(
                "For the volunteer",
                Content.styled("PIN, or the passphrase of this kit", "bold"),
                plain("Enter takes the laptop back. Esc goes back."),
            )
        case Stage.VOLUNTEER if child_alone:
            return _child_alone(width)
        case Stage.VOLUNTEER:
            first = "back to the person: go on at the same question" if open_entry else "the next person"
            second = "take the laptop back" + ("; the entry stays unfinished" if open_entry else "")
            rows = [("1", first), ("2", second)]
            if open_entry:
                rows.append(("3", "take the laptop back, and throw away what was typed"))
            lines = [Content.assemble("  ", (key, "bold $accent"), "  ", label) for key, label in rows]
            finished = "The person has finished" if code else "No answers of this person are kept"
            title = "The person has not finished" if open_entry else finished
            return Drawn("For the volunteer", Content.styled(title, "bold"), Content("\n\n").join(lines))
    raise AssertionError(stage)


def _child_alone(width: int) -> Drawn:
    """What the volunteer decides about the answers of somebody under 16 of whom nobody said that a guardian is there."""
    rows = (
        ("1", "a parent or guardian is here now: back to the person, to go on"),
        ("2", "a parent or guardian is here now: take the laptop back; the entry stays unfinished"),
        ("3", "take the laptop back, and throw away what was typed"),
        ("4", "a wrong key: back to the person, at the question about age"),
        ("esc", "wait for them; the answers go out of view"),
    )
    lines = [
        Content.assemble("  ", (f"{key if number == 0 else '':<3}", "bold $accent"), "  ", line)
        for key, label in rows
        for number, line in enumerate(wrapped(label, width - 7))
    ]
    why = plain("Nothing of it is stored without them. Until you decide it is on this screen alone.")
    return Drawn(
        "For the volunteer",
        Content.styled("Under 16, and nobody is with them", "bold"),
        Content("\n").join([why, Content(""), *lines]),
    )


def ways(stage: Stage, catalogue: Catalogue, *, more: bool = False) -> Content:
    """The keys of a page, in the respondent's language; `more`: this question can be followed by others on request."""
    further = ((key_name(key_of("more", KIOSK)), RespondentText.SAY_MORE),) if more else ()
    keys = {
        Stage.NOTICE: (("enter", RespondentText.GO_ON), ("esc", RespondentText.GO_BACK)),
        Stage.QUESTION: (("enter", RespondentText.GO_ON), ("esc", RespondentText.GO_BACK), *further),
    }.get(stage, ())
    parts: list[Content] = []
    for key, label in keys:
        named = [
            Content.styled(key, "bold $accent"),
            Content(" "),
            plain(terminal_line(catalogue.text(label))),
        ]
        parts += [*([Content("   ")] if parts else []), *(named[::-1] if catalogue.right_to_left else named)]
    return Content.assemble(*(parts[::-1] if catalogue.right_to_left else parts))


def _large(text: str, width: int, rows: int) -> Content:
    """Words drawn large where they fit, else in bold."""
    if drawn := large_type(text, width, rows):
        return Content.styled("\n".join(drawn), "bold")
    return _read(text, width, "bold")


def problem(sentence: str, width: int) -> Content:
    """What is wrong, below the answers."""
    return _read(sentence, width, "bold $warning")


def _read(text: str, width: int, style: str = "") -> Content:
    """A sentence in lines of `width` cells, each as the terminal has to draw it."""
    return plain("\n".join(map(terminal_line, wrapped(text, width))), style)


def _notice(catalogue: Catalogue, notice: Sequence[str], at: int, width: int, height: int) -> Drawn:
    """The notice, from its row `at` on where it does not fit as a whole: nobody agrees to what was cut.

    Pages end where a paragraph does, or a sentence where no paragraph fits.
    """
    text = catalogue.text
    paragraphs = [(text(RespondentText.UNDER_16), "bold"), *((each, "") for each in notice)]
    if catalogue.draft:
        paragraphs.append((text(RespondentText.DRAFT), "$text-muted"))
    heading = _large(text(RespondentText.BEFORE_WE_BEGIN), width, height // 3)
    room = max(2, height - heading.plain.count("\n") - 2)
    lines = [_read(paragraph, width, style) for paragraph, style in paragraphs]
    count = sum(_height(each) for each in lines)
    if count <= room:
        roomy = count + len(lines) - 1 <= room
        return Drawn("", heading, Content("\n\n" if roomy else "\n").join(lines))
    parts = [
        _read(part, width, style)
        for (paragraph, style), each in zip(paragraphs, lines, strict=True)
        for part in ([paragraph] if _height(each) < room else _AFTER_SENTENCE.split(paragraph))
    ]
    rows = Content("\n").join(parts).split("\n", allow_blank=True)
    ends = [sum(_height(each) for each in parts[: number + 1]) for number in range(len(parts))]
    end = max((each for each in ends if at < each < at + room), default=at + room - 1)
    mark = Content.styled(f"{'↓' if end < len(rows) else '↑'}  {end} / {len(rows)}", "$text-muted")
    return Drawn(
        "", heading, Content("\n").join([*rows[at:end], mark]), goes_on_at=end if end < len(rows) else 0
    )


def _height(content: Content) -> int:
    return content.plain.count("\n") + 1


def _choice(
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
) -> Drawn:
    """A question with its reasons in `style` and its answers, those around the cursor where not all fit.

    There is a row between the answers where there is room. The English of an answer is beside it; where it has no room there, it
    is in the last row while the answer is pointed at. `how` they are answered stands below them where there is room.
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
    bold = _read(asked, width, "bold")
    left = height - len(lines) - 1 - has_english_row
    rows = _rows_of_answers(answers, labels, left - bold.plain.count("\n") - 1)
    text_rows = sum(map(len, labels)) if rows < HEIGHT else HEIGHT * len(answers)
    needed = text_rows + (len(answers) - 1 if rows > 1 else 0)
    head = large_type(asked, width, left - needed - 1)
    question = Content.styled("\n".join(head), "bold") if head else bold
    room = max(3, left - question.plain.count("\n") - 1)
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
        below = [*gap, *(plain(terminal_line(line), "$text-muted") for line in wrapped(how, width))]
        if _height(question) + 1 + len(lines) + len(below) <= height:
            lines += below
    return Drawn(title, question, Content("\n").join(lines), pointed_at)


def _how(question: KioskQuestion) -> RespondentText | None:
    """The sentence that says how a question is answered; None where letters lead through a list without keys."""
    keys = [answer.key for answer in question.answers if answer.key]
    if question.shape == "many":
        return RespondentText.TICK_SEVERAL
    return press_key(keys) if len(keys) > 1 else None


def press_key(keys: Sequence[str]) -> RespondentText:
    """The sentence that asks for one of these keys."""
    return RespondentText.PRESS_NUMBER if all(map(str.isdecimal, keys)) else RespondentText.PRESS_LETTER


def _english(answer: KioskAnswer) -> str:
    """An answer in English, for the volunteer; "" where it is worded so already."""
    return "" if answer.english in answer.label else answer.english


def _rows_of_answers(answers: Sequence[KioskAnswer], labels: Sequence[Sequence[str]], room: int) -> int:
    """The rows of each answer with the one below it: with a large figure and an empty row, an empty row, or nothing beside it."""
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
    """The rows of an answer: those of its label, or those of its figure drawn large with the label in the middle.

    `english` is behind the last row of the label.
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
