"""How each page of a handed-over laptop is drawn: the question large where there is room, the answers with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from textual.content import Content

from fieldkit.commands import KIOSK, key_of
from fieldkit.presentation.kiosk.kiosk_questions import KioskAnswer, KioskQuestion
from fieldkit.presentation.languages.catalogue import Catalogue
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.presentation.last_receipt_code import framed
from fieldkit.records.schema.digits import DECLINED
from fieldkit.widgets.big_figures import HEIGHT, big_figure
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.large_text import large_type
from fieldkit.widgets.plain import cells, fit, plain, wrapped


class Stage(Enum):
    """What is in view."""

    LANGUAGE = "language"
    NOTICE = "notice"
    QUESTION = "question"
    THANKS = "thanks"
    REFUSED = "refused"
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
    """A page: what stands on the top line, the question, and the answers below it."""

    title: str
    question: Content
    answers: Content = field(default_factory=Content)
    row_pointed_at: int = 0
    """The row of `answers` at which the answer pointed at begins."""


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
) -> Drawn:
    """One page in `width` cells and `height` rows; `at` is the answer pointed at, `chosen` are those given."""
    text = catalogue.text
    match stage:
        case Stage.LANGUAGE:
            return _choice("Choose your language", "", answers, chosen, at, width, height, several=False)
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
                    "", _large(question.asked, width, max(1, height - 12)), Content("\n").join(lines)
                )
            return _choice(
                question.asked,
                question.why,
                answers,
                chosen,
                at,
                width,
                height,
                several=question.shape == "many",
                from_right=catalogue.right_to_left,
            )
        case Stage.NOTICE:
            lines = [_read(sentence, width) for sentence in catalogue.notice(network)]
            if catalogue.draft:
                lines.append(_read(text(RespondentText.DRAFT), width, "$text-muted"))
            roomy = height > 2 * len(lines) + 10
            between = "\n\n" if roomy else "\n"
            return Drawn(
                "",
                _large(text(RespondentText.BEFORE_WE_BEGIN), width, height // 3),
                Content(between).join(lines),
            )
        case Stage.THANKS:
            thanks = _large(text(RespondentText.THANK_YOU), width, height // 4)
            shown = large_type(code, width, height // 3) or (framed(code) if width >= 50 else [code])
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
                "for the volunteer",
                Content.styled("PIN, or the passphrase of this kit", "bold"),
                plain("Enter takes the laptop back. Esc returns it to the person."),
            )
        case Stage.VOLUNTEER:
            first = "back to the person: go on at the same question" if open_entry else "the next person"
            second = "keep what was typed as an unfinished entry" if open_entry else "take the laptop back"
            rows = [("1", first), ("2", second)] + (
                [("3", "throw away what was typed")] if open_entry else []
            )
            lines = [Content.assemble("  ", (key, "bold $accent"), "  ", words) for key, words in rows]
            title = "The person has not finished" if open_entry else "The person has finished"
            return Drawn("for the volunteer", Content.styled(title, "bold"), Content("\n\n").join(lines))
    raise AssertionError(stage)


def ways(stage: Stage, catalogue: Catalogue, *, more: bool = False) -> Content:
    """The keys of a page, in the respondent's language; `more`: this question can be followed by others on request."""
    further = ((key_name(key_of("more", KIOSK)), RespondentText.SAY_MORE),) if more else ()
    keys = {
        Stage.NOTICE: (("enter", RespondentText.GO_ON), ("esc", RespondentText.GO_BACK)),
        Stage.QUESTION: (("enter", RespondentText.GO_ON), ("esc", RespondentText.GO_BACK), *further),
    }.get(stage, ())
    parts: list[Content] = []
    for key, words in keys:
        named = [
            Content.styled(key, "bold $accent"),
            Content(" "),
            plain(terminal_line(catalogue.text(words))),
        ]
        parts += [*([Content("   ")] if parts else []), *(named[::-1] if catalogue.right_to_left else named)]
    return Content.assemble(*(parts[::-1] if catalogue.right_to_left else parts))


def _large(words: str, width: int, rows: int) -> Content:
    """Words drawn large where they fit, else in bold."""
    if drawn := large_type(words, width, rows):
        return Content.styled("\n".join(drawn), "bold")
    return _read(words, width, "bold")


def problem(words: str, width: int) -> Content:
    """What is wrong, below the answers."""
    return _read(words, width, "bold $warning")


def _read(words: str, width: int, style: str = "") -> Content:
    """A sentence in lines of `width` cells, each as the terminal has to draw it."""
    return plain("\n".join(map(terminal_line, wrapped(words, width))), style)


def _choice(
    asked: str,
    why: str,
    answers: Sequence[KioskAnswer],
    chosen: Sequence[str],
    at: int,
    width: int,
    height: int,
    *,
    several: bool,
    from_right: bool = False,
) -> Drawn:
    """A question with its answers, those around the cursor where not all fit; with a row between them where there is room."""
    reason = [plain(terminal_line(line), "$text-muted") for line in wrapped(why, width)] if why else []
    lines = [*reason, Content("")] if reason else []
    bold = _read(asked, width, "bold")
    left = height - len(lines) - 1
    rows = next(
        (
            rows
            for rows in (HEIGHT + 1, 2, 1)
            if rows * len(answers) - (rows > 1) <= left - bold.plain.count("\n") - 1
        ),
        1,
    )
    if rows > 2 and not all(answer.key.isdecimal() for answer in answers):
        rows = 2
    head = large_type(asked, width, left - rows * len(answers) - 1)
    question = Content.styled("\n".join(head), "bold") if head else bold
    room = max(3, left - question.plain.count("\n") - 1)
    most = len(answers) if rows * len(answers) - (rows > 1) <= room else max(1, room - 1)
    top = max(0, min(at - most // 2, len(answers) - most))
    pointed_at = 0
    for place, answer in list(enumerate(answers))[top : top + most]:
        if place == at:
            pointed_at = len(lines) + (rows > 2)
        drawn = _answer(
            answer,
            width,
            rows,
            is_given=answer.code in chosen,
            is_pointed_at=place == at,
            several=several,
            from_right=from_right,
        )
        lines += [*drawn, *([Content("")] if rows > 1 else [])]
    if most < len(answers):
        lines.append(Content.styled(f"  ↑ ↓  {at + 1} / {len(answers)}", "$text-muted"))
    return Drawn("", question, Content("\n").join(lines), pointed_at)


def _answer(
    answer: KioskAnswer,
    width: int,
    rows: int,
    *,
    is_given: bool,
    is_pointed_at: bool,
    several: bool,
    from_right: bool,
) -> list[Content]:
    """The line of an answer; three, with its figure drawn large, where there are `rows` for that."""
    sign = ("☑" if is_given else "☐") if several else ("●" if is_given else "○")
    label = terminal_line(fit(answer.label, width - 10))
    point = ("◂" if from_right else "▸") if is_pointed_at else " "
    figures = big_figure(int(answer.key)) if rows > 2 else (answer.key or " ",)
    middle = len(figures) // 2
    drawn = []
    for row, figure in enumerate(figures):
        in_middle = row == middle
        parts = [
            (point if in_middle else " ", "bold $accent"),
            (" ", ""),
            (figure, "bold $accent"),
            ("  ", ""),
            (sign if in_middle else " ", "bold $accent" if is_given else "$text-muted"),
            (" ", ""),
            (label if in_middle else "", "bold" if is_given or rows > 2 else ""),
        ]
        if from_right and not in_middle:
            parts.append((" " * cells(label), ""))
        drawn.append(Content.assemble(*(parts[::-1] if from_right else parts)))
    return drawn
