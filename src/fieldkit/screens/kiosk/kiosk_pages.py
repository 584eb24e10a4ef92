"""How each page of a handed-over laptop is drawn, from the choice of a language to the volunteer's decision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from itertools import accumulate

from textual.content import Content

from fieldkit.commands.command import KIOSK
from fieldkit.commands.table import key_of
from fieldkit.presentation.kiosk.kiosk_questions import KioskAnswer, KioskQuestion
from fieldkit.presentation.languages.catalogue import Catalogue
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.presentation.last_receipt_code import framed
from fieldkit.records.schema.answer_digits import DECLINED
from fieldkit.screens.kiosk.kiosk_choice import drawn_choice, how_to_answer
from fieldkit.screens.kiosk.kiosk_drawing import Drawn, asked_lines, large, rows_of, sentence_lines
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.large_text import large_type
from fieldkit.widgets.plain import beside, plain

_AFTER_SENTENCE = re.compile(r"(?<=[.?!।۔؟]) ")


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
    wrong_key: bool = False,
    child_alone: bool = False,
    under_16: Sequence[str] = (),
) -> Drawn:
    """One page in `width` cells and `height` rows; `at` is the answer pointed at, `chosen` are those given.

    `at` is NOWHERE before somebody points at an answer; it is also the first row shown of a notice that does not fit. `locked`: a
    passphrase locks the kit. `says_how`: nothing else says how to answer a question; after a `wrong_key` that is highlighted.
    `under_16` says in every language that a parent or guardian must be there; `child_alone`: somebody is under 16, and nobody has
    confirmed that.
    """
    text = catalogue.text
    match stage:
        case Stage.LANGUAGE:
            first = under_16 if len(under_16) <= max(1, height // 3) else under_16[:1]
            return drawn_choice(
                "Choose your language", first, answers, chosen, at, width, height, several=False, style=""
            )
        case Stage.QUESTION:
            assert question is not None
            if question.is_typed:
                hint = RespondentText.WRITE_HERE if question.shape == "text" else RespondentText.TYPE_ANSWER
                lines = [
                    sentence_lines(each, width, "$text-muted") for each in (question.why, text(hint)) if each
                ]
                if question.can_decline:
                    prefers_not = terminal_line(text(RespondentText.PREFER_NOT_TO_SAY))
                    parts = [(DECLINED, "bold $accent"), ("  ", ""), (prefers_not, "")]
                    lines.append(Content.assemble(*(parts[::-1] if catalogue.right_to_left else parts)))
                return Drawn(
                    question.english,
                    asked_lines(question.asked, width, max(1, height - 12), height),
                    Content("\n").join(lines),
                )
            return drawn_choice(
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
                how=text(how) if says_how and (how := how_to_answer(question, answers)) else "",
                how_style="bold $warning" if wrong_key else "$text-muted",
            )
        case Stage.NOTICE:
            return _notice(catalogue, catalogue.notice(network, locked=locked), at, width, height)
        case Stage.THANKS:
            thanks = large(text(RespondentText.THANK_YOU), width, height // 4)
            drawn = large_type(code, width, height // 3)
            # Drawn letters are easily misread, so the code is also shown as it is typed.
            shown = [*drawn, "", code] if drawn else framed(code) if width >= 50 else [code]
            return Drawn(
                "",
                thanks,
                Content("\n").join(
                    [
                        sentence_lines(text(RespondentText.YOUR_CODE), width, "bold"),
                        Content(""),
                        Content.styled("\n".join(shown), "bold $accent"),
                        Content(""),
                        sentence_lines(text(RespondentText.KEEP_CODE), width),
                        Content(""),
                        sentence_lines(text(RespondentText.GIVE_BACK), width, "bold"),
                    ]
                ),
            )
        case Stage.REFUSED:
            return Drawn(
                "",
                large(text(RespondentText.NOTHING_KEPT), width, height // 2),
                sentence_lines(text(RespondentText.GIVE_BACK), width, "bold"),
            )
        case Stage.GUARDIAN:
            return Drawn(
                "",
                large(text(RespondentText.CALL_VOLUNTEER), width, height // 2),
                sentence_lines(text(RespondentText.NO_GUARDIAN), width),
            )
        case Stage.FAILED:
            return Drawn(
                "",
                large(text(RespondentText.CALL_VOLUNTEER), width, height // 2),
                sentence_lines(text(RespondentText.NOT_SAVED), width),
            )
        case Stage.LEFT:
            return Drawn("", large(text(RespondentText.GIVE_BACK), width, height - 4))
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
            finished = "The person has finished" if code else "No answers of this person are kept"
            title = "The person has not finished" if open_entry else finished
            return Drawn("For the volunteer", Content.styled(title, "bold"), _by_keys(rows, width, "\n\n"))
    raise AssertionError(stage)


def _child_alone(width: int) -> Drawn:
    """What the volunteer decides about the answers of somebody under 16 if nobody has confirmed that a guardian is there."""
    rows = (
        ("1", "a parent or guardian is here now: back to the person, to go on"),
        ("2", "a parent or guardian is here now: take the laptop back; the entry stays unfinished"),
        ("3", "take the laptop back, and throw away what was typed"),
        ("4", "a wrong key: back to the question about age"),
        ("esc", "wait for them; the answers go out of view"),
    )
    why = plain(
        "Nothing is stored without a parent or guardian. Until you decide, the answers are on this screen alone."
    )
    return Drawn(
        "For the volunteer",
        Content.styled("Under 16, and nobody is with them", "bold"),
        Content("\n").join([why, Content(""), _by_keys(rows, width, "\n")]),
    )


def _by_keys(rows: Sequence[tuple[str, str]], width: int, between: str) -> Content:
    """What the volunteer's keys do, with every line indented beside its key."""
    wide = max(len(key) for key, _ in rows) + 2
    return Content(between).join(
        beside(f"  {key:<{wide}}", "bold $accent", label, "", width) for key, label in rows
    )


def page_keys(stage: Stage, catalogue: Catalogue, *, more: bool = False) -> Content:
    """The keys of a page, in the respondent's language; `more`: further questions can follow this one on request."""
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


def problem(sentence: str, width: int) -> Content:
    """What is wrong, below the answers."""
    return sentence_lines(sentence, width, "bold $warning")


def _notice(catalogue: Catalogue, notice: Sequence[str], at: int, width: int, height: int) -> Drawn:
    """The notice, from its row `at` on if it does not fit as a whole: nobody agrees to text that was cut.

    Pages end at the end of a paragraph, or of a sentence if no paragraph fits.
    """
    text = catalogue.text
    paragraphs = [(text(RespondentText.UNDER_16), "bold"), *((each, "") for each in notice)]
    if catalogue.draft:
        paragraphs.append((text(RespondentText.DRAFT), "$text-muted"))
    heading = asked_lines(text(RespondentText.BEFORE_WE_BEGIN), width, height // 3, height)
    room = max(2, height - rows_of(heading) - 1)
    lines = [sentence_lines(paragraph, width, style) for paragraph, style in paragraphs]
    count = sum(rows_of(each) for each in lines)
    if count <= room:
        roomy = count + len(lines) - 1 <= room
        return Drawn("", heading, Content("\n\n" if roomy else "\n").join(lines))
    parts = [
        sentence_lines(part, width, style)
        for (paragraph, style), each in zip(paragraphs, lines, strict=True)
        for part in ([paragraph] if rows_of(each) < room else _AFTER_SENTENCE.split(paragraph))
    ]
    rows = Content("\n").join(parts).split("\n", allow_blank=True)
    ends = list(accumulate(map(rows_of, parts)))
    end = max((each for each in ends if at < each < at + room), default=at + room - 1)
    mark = Content.styled(f"{'↓' if end < len(rows) else '↑'}  {end} / {len(rows)}", "$text-muted")
    return Drawn(
        "", heading, Content("\n").join([*rows[at:end], mark]), goes_on_at=end if end < len(rows) else 0
    )
