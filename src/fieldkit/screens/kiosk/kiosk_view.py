"""What a respondent sees on a handed-over laptop: one page, its inputs, and the keys."""

from __future__ import annotations

import signal
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.visual import Visual
from textual.widgets import Static

from fieldkit.commands.command import KIOSK
from fieldkit.commands.table import key_of
from fieldkit.presentation.kiosk.hand_over import HandOverStart, lacks_guardian
from fieldkit.presentation.kiosk.kiosk_questions import KioskAnswer, KioskQuestion
from fieldkit.presentation.kiosk.respondent_form import RespondentForm
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.languages.terminal_text import is_from_right
from fieldkit.screens.base.secret_lines import LinesScreen, SecretInput
from fieldkit.screens.kiosk.kiosk_choice import NOWHERE
from fieldkit.screens.kiosk.kiosk_drawing import Drawn, FromRight
from fieldkit.screens.kiosk.kiosk_pages import Stage, draw, page_keys, problem
from fieldkit.widgets.frame import BottomLine, NoticeLine, TopLine
from fieldkit.widgets.inputs import LineInput, WordsArea
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.real_cursor import place_cursor


class AnswerArea(WordsArea):
    """A respondent's own words, up to the length that is kept: text pasted beyond it is not shown either."""

    most = 0
    """The most characters."""

    def paste(self, text: str) -> None:
        """Insert as much as fits, and one more letter, which reveals that it was too much."""
        super().paste(text[: max(0, self.most - len(self.text)) + 1])


class RespondentNotice(NoticeLine):
    """The line of the notices, with the sign of a sentence where its reader begins."""

    def drawn(self, sign: Content, message: str) -> Visual:
        from_right = self.screen.has_class("-right-to-left") and is_from_right(message)
        return FromRight(sign, message) if from_right else super().drawn(sign, message)


class KioskView(LinesScreen):
    """Covers every other screen and shows a page of the questions; subclasses define its keys."""

    COVERS = True
    MAY_LEAVE = False
    AUTO_FOCUS = ""  # the input has the focus only while its question is asked
    NOTICE_LINE = RespondentNotice
    CSS_PATH = "kiosk_screen.tcss"
    COMMANDS_FOR = KIOSK

    def __init__(self, handed: HandOverStart, *, resumed: bool = False) -> None:
        """`resumed`: the program was ended meanwhile; nothing is shown until somebody types the PIN."""
        super().__init__()
        self._handed = handed
        self._form = RespondentForm(handed)
        self._stage = Stage.LEFT if resumed else Stage.LANGUAGE
        self._before_pin = Stage.QUESTION if handed.values else Stage.LANGUAGE
        self._at = 0
        self._goes_on_at = 0
        """The row from which Enter continues the notice, 0 if all of it was in view."""
        self._code = ""
        self._problem = ""
        self._how = ""
        """The sentence on how to answer, if it is in view."""
        self._wrong_key = False
        """Whether a key that is no answer was pressed on this page, so that this sentence is highlighted."""
        self._pointed_out = ""
        self._sought = ""
        self._busy = False
        self._suspend: Any = None
        """What the program did on suspend before the laptop was handed over."""
        self._is_locked = resumed
        """Whether the laptop was left alone, so that only the PIN shows answers again."""

    def body(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static(id="question")
            yield Static(id="answers")
            yield AnswerArea(self)
            yield LineInput(self, id="answer-line")
            yield SecretInput(self, id="secret")
            yield Static(id="say")
        yield Static(id="ways")

    def on_mount(self) -> None:
        if not self.app.is_headless and hasattr(signal, "SIGTSTP"):
            self._suspend = signal.signal(
                signal.SIGTSTP, signal.SIG_IGN
            )  # suspended, it would show the shell
        if self._stage is Stage.LANGUAGE and len(self._handed.catalogues) == 1:
            self._stage = Stage.NOTICE
        self._show()

    def _ready(self) -> None:
        super()._ready()
        self._draw()  # the answers now have their places on the screen, and with them the cursor

    def on_unmount(self) -> None:
        if self._suspend is not None:
            signal.signal(signal.SIGTSTP, self._suspend)

    @property
    def takes_keys(self) -> bool:
        """Keys wait while answers are stored."""
        return super().takes_keys and not self._busy

    @property
    def stage(self) -> Stage:
        """What is in view."""
        return self._stage

    @property
    def question(self) -> KioskQuestion | None:
        """The question in view, None on every other page."""
        return self._form.question if self._stage is Stage.QUESTION else None

    @property
    def _has_open_answers(self) -> bool:
        return bool(self._form.values) and not self._code

    @property
    def _is_child_alone(self) -> bool:
        return self._has_open_answers and lacks_guardian(self._form.values)

    @property
    def _choices(self) -> tuple[KioskAnswer, ...]:
        """What can be chosen by a key or with the cursor."""
        if self._stage is Stage.LANGUAGE:
            return self._form.languages
        return self._form.offered if self._stage is Stage.QUESTION else ()

    @property
    def _chosen(self) -> tuple[str, ...]:
        if self._stage is Stage.LANGUAGE:
            return (self._form.catalogue.code,)
        return self._form.chosen if self._stage is Stage.QUESTION else ()

    @property
    def _can_say_more(self) -> bool:
        return self._stage is Stage.QUESTION and bool(self._form.further)

    # Drawing

    def _turn_to(self, stage: Stage, name: str = "") -> None:
        """Show a page; of the questions, `name` or the current one."""
        self._stage, self._problem, self._pointed_out, self._sought = stage, "", "", ""
        self._wrong_key = False
        area, line = self.query_one(WordsArea), self.query_one("#answer-line", LineInput)
        self._at = 0
        text = typed = ""
        if stage is Stage.QUESTION:
            question = self._form.turn_to(name)
            if question.is_typed:
                text, typed = (self._form.typed, "") if question.shape == "text" else ("", self._form.typed)
            self._point_at_chosen()
        area.load_text(text)  # this also clears the undo history of the previous question
        area.move_cursor(area.document.end)
        line.value = typed
        line.cursor_position = len(typed)
        self.query_one(SecretInput).value = ""
        self.query_one(AnswerArea).most = self._form.question.length
        self._show()

    def _point_at_chosen(self) -> None:
        codes = [answer.code for answer in self._choices]
        nowhere = 0 if self._form.question.shape == "many" else NOWHERE
        self._at = next((codes.index(code) for code in self._chosen if code in codes), nowhere)

    def _show(self) -> None:
        """Draw the page, and focus its input. The notice about the previous page goes."""
        self.query_one(NoticeLine).clear()
        question = self.question
        is_typed = question is not None and question.is_typed
        area, line, secret = (
            self.query_one(WordsArea),
            self.query_one("#answer-line", LineInput),
            self.query_one(SecretInput),
        )
        area.display = is_typed and question is not None and question.shape == "text"
        line.display = is_typed and not area.display
        secret.display = self._stage is Stage.PIN
        self.set_focus(next((place for place in (area, line, secret) if place.display), None))
        self.set_class(is_typed, "-typed")
        self.set_class(self._form.catalogue.right_to_left and self._stage.is_respondents, "-right-to-left")
        self._draw()
        self.refresh_bindings()

    def _draw(self) -> None:
        if not self.is_attached:
            return
        question, questions = self.question, self._form.questions
        number = next(
            (n for n, each in enumerate(questions, 1) if question and each.name == question.name), 0
        )
        width = self.size.width - 8
        wrong = problem(self._problem, width)
        height = self.size.height - 7 - (wrong.plain.count("\n") + 1 if self._problem else 0)
        note = f"{number} / {len(questions)}" if number else " "
        drawn = self._page(width, height)
        top = self.query_one(TopLine)
        if (top_rows := len(top.place_lines(drawn.title, note, self.size.width))) > 1:
            drawn = self._page(width, height - top_rows + 1)
        top.styles.height = max(1, top_rows)
        self._goes_on_at, self._how = drawn.goes_on_at, drawn.how
        self.page_title, self.page_note = drawn.title, note
        self.query_one("#question", Static).update(drawn.question)
        self.query_one("#answers", Static).update(drawn.answers)
        self.query_one("#say", Static).update(wrong)
        self.query_one("#ways", Static).update(
            page_keys(self._stage, self._form.catalogue, more=self._can_say_more)
        )
        if self.focused is None:
            self.call_after_refresh(self._place_cursor, drawn.row_pointed_at)

    def _page(self, width: int, height: int) -> Drawn:
        """The page as it is drawn in a room of this size."""
        return draw(
            self._stage,
            self._form.catalogue,
            width,
            height,
            question=self.question,
            answers=self._choices,
            chosen=self._chosen,
            at=self._at,
            code=self._code,
            network=self._handed.network,
            locked=self._handed.locked,
            says_how=not self._problem,
            wrong_key=self._wrong_key,
            open_entry=self._has_open_answers,
            child_alone=self._is_child_alone,
            under_16=[
                each.text(RespondentText.UNDER_16)
                for each in self._handed.catalogues
                if each.has(RespondentText.UNDER_16)
            ],
        )

    def _place_cursor(self, row: int) -> None:
        """Put the terminal's own cursor at the answer pointed at, for braille lines and magnifiers."""
        if self.focused is None and self.is_attached:
            answers = self.query_one("#answers", Static)
            right_to_left = self.has_class("-right-to-left")
            place_cursor(answers, answers.size.width - 1 if right_to_left else 0, row)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def refresh_frame(self) -> None:
        """Redraw the top and the bottom line, which names only the volunteer's key that takes the laptop."""
        super().refresh_frame()
        if self.is_mounted:
            bottom = self.query_one(BottomLine)
            bottom.saved = ""
            volunteer = key_name(key_of("volunteer", KIOSK))
            bottom.hints = tuple(hint for hint in bottom.hints if hint.key == volunteer)

    def _say_problem(self, text: str) -> None:
        self._problem = text
        self.clear_notice()  # this says more
        self._draw()

    def _text(self, text: RespondentText) -> str:
        return self._form.catalogue.text(text)
