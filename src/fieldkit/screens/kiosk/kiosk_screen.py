"""The laptop in the hands of a respondent: one question a screen, and no way to anything else until the PIN is typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from fieldkit.commands import KIOSK, bindings_for
from fieldkit.errors import FieldkitError, InvalidRecord
from fieldkit.presentation.kiosk import hand_over
from fieldkit.presentation.kiosk.hand_over import Handed
from fieldkit.presentation.kiosk.kiosk_questions import (
    KioskAnswer,
    KioskQuestion,
    is_answered,
    is_on_request,
    kiosk_questions,
    on_request,
)
from fieldkit.presentation.languages.catalogue import Catalogue
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.model.form_plan import Value, Values
from fieldkit.presentation.screen_lock import unlock
from fieldkit.records.privacy import private_in
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.base.secret_lines import LinesScreen, SecretInput
from fieldkit.screens.kiosk.kiosk_pages import Drawn, Stage, draw, problem, ways
from fieldkit.store.kit import Kit
from fieldkit.store.local.setting import HandedOver
from fieldkit.widgets.inputs import LineInput, WordsArea

Work = Callable[[Kit], object]


class KioskScreen(LinesScreen):
    """Covers every other screen. Ends with what the volunteer chose who took the laptop back: "next" or "home"."""

    COVERS = True
    MAY_LEAVE = False
    AUTO_FOCUS = ""  # what is typed into has the focus only while it is asked
    CSS_PATH = "kiosk_screen.tcss"
    COMMANDS_FOR = KIOSK
    ENTER = "go-on"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(
        KIOSK, but=("help", "colours", "last-code", "lock-screen", "palette", "leave")
    )

    def __init__(self, handed: Handed, *, resumed: bool = False) -> None:
        """`resumed`: the program was ended meanwhile; nothing is shown until somebody types the PIN."""
        super().__init__()
        self._handed = handed
        self._values: Values = dict(handed.values)
        self._stage = Stage.LEFT if resumed else Stage.LANGUAGE
        self._before_pin = Stage.QUESTION if handed.values else Stage.LANGUAGE
        self._catalogue = self._catalogue_of(handed.state.language)
        self._asked = handed.state.question
        self._at = 0
        self._code = ""
        self._problem = ""
        self._pointed_out = ""
        self._busy = False
        self._more = False
        self._asked_again = False
        self._failure = ""

    # What is in view

    def body(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static(id="question")
            yield Static(id="answers")
            yield WordsArea(self)
            yield LineInput(self, id="answer-line")
            yield SecretInput(self, id="secret")
            yield Static(id="say")
        yield Static(id="ways")

    def on_mount(self) -> None:
        super().on_mount()
        if self._stage is Stage.LANGUAGE and len(self._handed.catalogues) == 1:
            self._stage = Stage.NOTICE
        self._show()

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
        if self._stage is not Stage.QUESTION:
            return None
        questions = self._questions
        return next((each for each in questions if each.name == self._asked), questions[0])

    @property
    def _questions(self) -> list[KioskQuestion]:
        asked = kind(hand_over.KIND)
        more = self._more or any(is_on_request(asked, name) for name in (self._asked, *self._values))
        return kiosk_questions(asked, self._catalogue, self._values, self._handed.terms, more=more)

    @property
    def _choices(self) -> tuple[KioskAnswer, ...]:
        """What can be chosen by a key or with the cursor."""
        if self._stage is Stage.LANGUAGE:
            return tuple(
                KioskAnswer(str(number), each.code, each.name)
                for number, each in enumerate(self._handed.catalogues, 1)
            )
        question = self.question
        return tuple(question.answers) if question is not None else ()

    @property
    def _can_say_more(self) -> bool:
        question = self.question
        return question is not None and bool(on_request(kind(hand_over.KIND), question.name))

    def _catalogue_of(self, code: str) -> Catalogue:
        known = {each.code: each for each in self._handed.catalogues}
        return known.get(code, self._handed.catalogues[0])

    def _show(self) -> None:
        """Draw the stage, and give the focus to what is typed into."""
        question = self.question
        typed = question is not None and question.is_typed
        words, line, secret = (
            self.query_one(WordsArea),
            self.query_one("#answer-line", LineInput),
            self.query_one(SecretInput),
        )
        words.display = typed and question is not None and question.shape == "text"
        line.display = typed and not words.display
        secret.display = self._stage is Stage.PIN
        for place in (words, line, secret):
            if place.display:
                place.focus()
                break
        else:
            self.set_focus(None)
        self.set_class(self._catalogue.right_to_left and self._stage.is_respondents, "-right-to-left")
        self._draw()
        self.refresh_bindings()

    def _draw(self) -> None:
        if not self.is_attached:
            return
        question, questions = self.question, self._questions
        number = next(
            (n for n, each in enumerate(questions, 1) if question and each.name == question.name), 0
        )
        width, height = self.size.width - 8, self.size.height - 6
        drawn: Drawn = draw(
            self._stage,
            self._catalogue,
            width,
            height,
            question=question,
            answers=self._choices,
            chosen=self._chosen(question),
            at=self._at,
            code=self._code,
            network=self._handed.network,
            open_entry=bool(self._values) and not self._code,
        )
        self.page_title = drawn.title
        self.page_note = f"{number} / {len(questions)}" if number else " "
        self.query_one("#question", Static).update(drawn.question)
        self.query_one("#answers", Static).update(drawn.answers)
        self.query_one("#say", Static).update(problem(self._problem, width))
        self.query_one("#ways", Static).update(ways(self._stage, self._catalogue, more=self._can_say_more))

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _chosen(self, question: KioskQuestion | None) -> tuple[str, ...]:
        if question is None:
            return (self._catalogue.code,) if self._stage is Stage.LANGUAGE else ()
        value = self._values.get(question.name)
        return tuple(value) if isinstance(value, list) else (str(value),) if value else ()

    def _turn_to(self, stage: Stage, name: str = "") -> None:
        self._stage, self._problem, self._pointed_out = stage, "", ""
        if stage is Stage.QUESTION:
            self._asked = name or self._asked
            question = self.question
            assert question is not None
            self._asked = question.name
            value = self._values.get(question.name)
            if question.is_typed:
                typed = str(value or "")
                if question.shape == "text":
                    self.query_one(WordsArea).load_text(
                        typed
                    )  # and with it what could be undone of the question before
                    self.query_one(WordsArea).move_cursor(self.query_one(WordsArea).document.end)
                else:
                    self.query_one("#answer-line", LineInput).value = typed
            codes = [answer.code for answer in question.answers]
            self._at = next((codes.index(code) for code in self._chosen(question) if code in codes), 0)
        else:
            self._at = 0
            self.query_one(WordsArea).load_text("")
            self.query_one("#answer-line", LineInput).value = ""
        self.query_one(SecretInput).value = ""
        self._show()

    # Keys

    async def on_key(self, event: events.Key) -> None:
        """A key of an answer gives it; the arrows point at one."""
        if self._stage is Stage.VOLUNTEER and event.key in {"1", "2", "3"}:
            event.stop()
            self._volunteer_chose(event.key)
            return
        choices = self._choices
        if not choices:
            return
        moves = {"up": -1, "down": 1, "pageup": -8, "pagedown": 8, "home": -len(choices), "end": len(choices)}
        if event.key in moves:
            event.stop()
            self._at = max(0, min(self._at + moves[event.key], len(choices) - 1))
            self._draw()
            return
        character = event.character or ""
        for place, answer in enumerate(choices):
            if answer.key and answer.key == character.lower():
                event.stop()
                self._at = place
                self._give(answer.code)
                return
        if event.key == "space":
            event.stop()
            self._give(choices[self._at].code)
        elif character.isalpha() and not any(answer.key.isalpha() for answer in choices):
            # A list without keys, such as that of languages: its letters lead to where it goes on.
            for step in range(1, len(choices) + 1):
                place = (self._at + step) % len(choices)
                if choices[place].label.casefold().startswith(character.casefold()):
                    event.stop()
                    self._at = place
                    self._draw()
                    return

    def go(self, by: int) -> None:
        """Enter in a line (1), or back to the question before (-1)."""
        if by > 0:
            self.command_go_on()
        else:
            self.command_go_back()

    def _give(self, code: str) -> None:
        """Give an answer: of several, tick or untick it; of one, go on."""
        if self._stage is Stage.LANGUAGE:
            self._catalogue = self._catalogue_of(code)
            self._turn_to(Stage.NOTICE)
            return
        question = self.question
        assert question is not None
        if question.shape != "many":
            self._answer(question.name, code)
            self._go_to_next()
            return
        held = [each for each in self._chosen(question) if each != code]
        if code not in self._chosen(question):
            alone = code in question.alone
            held = [code] if alone else [*(each for each in held if each not in question.alone), code]
        self._answer(question.name, held or None)
        self._keep()
        self._draw()

    def _answer(self, name: str, value: Value) -> None:
        self._values[name] = value
        if value is None:
            del self._values[name]

    def command_go_on(self) -> None:
        """Go on: to the next question, or to what comes after this page."""
        if self._busy:
            return
        match self._stage:
            case Stage.LANGUAGE:
                self._give(self._choices[self._at].code)
            case Stage.NOTICE:
                self._turn_to(Stage.QUESTION, self._questions[0].name)
            case Stage.QUESTION:
                self._go_on_from_question()
            case Stage.PIN:
                self._try_pin(self.query_one(SecretInput).value)
            case Stage.LEFT:
                self.command_volunteer()
            case Stage.FAILED:
                self._finish()
            case _:
                pass

    def _go_on_from_question(self) -> None:
        question = self.question
        assert question is not None
        if question.is_typed:
            self._take_typed(question)
            pointed_out = self._personal_details(question.name)
            if pointed_out and pointed_out != self._pointed_out:
                # Said once: who wants it so goes on.
                self._pointed_out = self._problem = pointed_out
                self._draw()
                return
            spec = kind(hand_over.KIND).fields[question.name]
            try:
                spec.check(self._values[question.name]) if question.name in self._values else None
            except ValueError:
                not_valid = self._catalogue.text(RespondentText.NOT_VALID)
                if self._problem == not_valid:
                    self._answer(question.name, None)  # what does not hold can be left out like any answer
                else:
                    self._problem = not_valid
                    self._draw()
                    return
        elif question.shape != "many" and not self._chosen(question) and self._at:
            self._give(question.answers[self._at].code)  # pointed at with the arrows
            return
        elif question.name == "consent_record" and not self._chosen(question):
            self._problem = self._catalogue.text(RespondentText.PRESS_NUMBER)
            self._draw()
            return
        self._go_to_next()

    def _personal_details(self, name: str) -> str:
        """A sentence on what may show who somebody is in an answer, "" for nothing."""
        asked, value = kind(hand_over.KIND), self._values.get(name)
        details = [
            f"“{str(value)[each.start : each.end]}”"
            for each in private_in(asked, {name: value}).get(name, ())
        ]
        if not details:
            return ""
        return self._catalogue.text(RespondentText.PERSONAL_DETAIL, details=", ".join(dict.fromkeys(details)))

    def _take_typed(self, question: KioskQuestion) -> None:
        words, line = self.query_one(WordsArea), self.query_one("#answer-line", LineInput)
        typed = words.text if question.shape == "text" else line.value
        if kind(hand_over.KIND).fields[question.name].pattern and any(map(str.isdigit, typed)):
            typed = typed.upper()  # a code, such as the half of a postcode
        self._answer(question.name, typed.strip()[: question.length] or None)

    def command_more(self) -> None:
        """Ask what else can be said here."""
        question = self.question
        further = on_request(kind(hand_over.KIND), question.name) if question is not None else ()
        if self._busy or question is None or not further:
            return
        self._more = True
        self._go_on_from_question()

    def _go_to_next(self) -> None:
        """The next question, the end after the last, or where nothing is kept the page that says so."""
        if hand_over.is_refused(self._values):
            self._values = {}
            self._throw_away(Stage.REFUSED)
            return
        names = [each.name for each in self._questions]
        following = names[names.index(self._asked) + 1 :] if self._asked in names else names
        if following:
            self._turn_to(Stage.QUESTION, following[0])
            self._keep()
        else:
            self._finish()

    def command_go_back(self) -> None:
        """Go back to the question before. Nothing is lost."""
        if self._busy:
            return
        if self._stage is Stage.PIN:
            self._turn_to(self._before_pin if self._before_pin is not Stage.LEFT else Stage.LEFT)
        elif self._stage is Stage.NOTICE and len(self._handed.catalogues) > 1:
            self._turn_to(Stage.LANGUAGE)
        elif self._stage is Stage.QUESTION:
            question = self.question
            assert question is not None
            if question.is_typed:
                self._take_typed(question)
                self._keep()
            names = [each.name for each in self._questions]
            place = names.index(question.name)
            if place:
                self._turn_to(Stage.QUESTION, names[place - 1])
            else:
                self._turn_to(Stage.NOTICE)

    # Keeping

    async def on_text_area_changed(self) -> None:
        """What is typed is kept as it is typed."""
        self._typed_on()

    async def on_input_changed(self) -> None:
        """What is typed is kept as it is typed."""
        self._typed_on()

    def _typed_on(self) -> None:
        question = self.question
        if question is not None and question.is_typed:
            before = self._values.get(question.name)
            self._take_typed(question)
            if self._values.get(question.name) != before:
                self._problem = ""
                self._keep()

    def _keep(self) -> None:
        state = replace(self._handed.state, language=self._catalogue.code, question=self._asked)
        values = dict(self._values)
        if hand_over.may_keep(values):
            self._store(partial(_keep, state=state, values=values))
        else:
            self._store(lambda kit: hand_over.throw_away(kit, state))

    @in_background
    async def _store(self, work: Work) -> None:
        """Do some work on the kit in its turn; a disk that refuses is said to nobody here, and tried again by what comes next."""
        try:
            await self.kit_work(work, "keeping the answers", saving=True)
        except FieldkitError:
            self._problem = self._catalogue.text(RespondentText.CALL_VOLUNTEER)
            self._draw()

    def _throw_away(self, then: Stage) -> None:
        state = self._handed.state
        self._store(lambda kit: hand_over.throw_away(kit, state))
        self._turn_to(then)

    async def before_leaving(self) -> None:
        """Store what was typed last."""
        question = self.question
        if question is not None and question.is_typed:
            self._take_typed(question)
        state = replace(self._handed.state, language=self._catalogue.code, question=self._asked)
        if self.app.kit is not None and not self._code and hand_over.may_keep(self._values):
            kit, values = self.app.kit, dict(self._values)
            await self.app.work_for(
                self, lambda: hand_over.keep(kit, state, values), "keeping the answers", saving=True
            )

    @in_background
    async def _finish(self) -> None:
        """Store the record, and show the code."""
        if not is_answered(kind(hand_over.KIND), self._values):
            self._values = {}
            self._throw_away(Stage.REFUSED)
            return
        self._busy = True
        state, values, catalogue = self._handed.state, dict(self._values), self._catalogue
        try:
            self._code = await self.kit_work(
                lambda kit: hand_over.finish(kit, state, values, catalogue), "saving", saving=True
            )
        except InvalidRecord as error:
            self._busy = False
            self._ask_again(error)
            return
        except FieldkitError as error:
            self._busy = False
            self._failure = error.message
            self._turn_to(Stage.FAILED)
            return
        self._busy = False
        self._values = {}
        self.app.forget_keys()
        self.app.copy_to_clipboard("")
        self._turn_to(Stage.THANKS)

    def _ask_again(self, error: InvalidRecord) -> None:
        """Return to the first question whose answer does not hold. Who leaves it empty once more has said nothing."""
        name = next((each.name for each in self._questions if each.name in error.problems), "")
        if not name:
            self._failure = " ".join(error.problems.values())
            self._turn_to(Stage.FAILED)
            return
        is_empty = name not in self._values
        if is_empty and self._asked_again:
            self._values = {}
            self._throw_away(Stage.REFUSED)
            return
        self._asked_again = is_empty
        self._turn_to(Stage.QUESTION, name)
        self._problem = self._catalogue.text(
            RespondentText.NOTHING_SAID if is_empty else RespondentText.NOT_VALID
        )
        self._draw()

    # The volunteer

    def left_alone(self) -> bool:
        """Nobody pressed a key for some time: the answers and the code go out of view."""
        if self._stage in {Stage.LEFT, Stage.LANGUAGE}:
            return False
        if self._stage in {Stage.VOLUNTEER, Stage.PIN}:
            self._turn_to(Stage.LEFT)
            return True
        self._before_pin = self._stage
        if (question := self.question) is not None and question.is_typed:
            self._take_typed(question)
            self._keep()
        self._turn_to(Stage.LEFT)
        return True

    def command_volunteer(self) -> None:
        """The volunteer takes the laptop back: ask for the PIN."""
        if self._stage in {Stage.PIN, Stage.VOLUNTEER} or self._busy:
            return
        if (question := self.question) is not None and question.is_typed:
            self._take_typed(question)
            self._keep()
        if self._stage is not Stage.LEFT:
            self._before_pin = self._stage
        self._turn_to(Stage.PIN)

    @in_background
    async def _try_pin(self, typed: str) -> None:
        if not typed:
            return
        self._busy = True
        line = self.query_one(SecretInput)
        try:
            await self.kit_work(lambda kit: unlock(kit, typed), "looking at the PIN")
        except FieldkitError as error:
            self.app.forget_keys()
            line.value = ""
            self._problem = " ".join(part for part in (error.message, error.hint) if part)
            self._draw()
        else:
            line.value = ""
            self._turn_to(Stage.VOLUNTEER)
            if self._before_pin is Stage.FAILED:
                self._problem = self._failure
                self._draw()
        finally:
            self._busy = False

    def _volunteer_chose(self, key: str) -> None:
        is_open = bool(self._values) and not self._code
        if key == "3" and is_open:
            state = self._handed.state
            self._values = {}
            self._end("home", lambda kit: hand_over.throw_away(kit, state))
        elif key == "3":
            return
        elif key == "1" and is_open:
            self._turn_to(self._before_pin, self._asked)
        else:
            self._end("next" if key == "1" else "home", lambda kit: None)

    @in_background
    async def _end(self, how: str, work: Work) -> None:
        self._busy = True

        def both(kit: Kit) -> None:
            work(kit)
            hand_over.end(kit)

        try:
            await self.kit_work(both, "ending the hand-over", saving=True)
        except FieldkitError as error:
            self._problem = error.message
            self._busy = False
            self._draw()
            return
        self.app.copy_to_clipboard("")
        self.dismiss(how)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "volunteer":
            return self._stage not in {Stage.PIN, Stage.VOLUNTEER}
        if action == "command" and parameters[0] == "more":
            return self._can_say_more
        return super().check_action(action, parameters)

    def _command(self, id: str) -> Callable[[], Awaitable[None] | None] | None:
        # Whatever every screen knows (help, the last code, the palette) is a way to other records.
        return super()._command(id) if id in {"go-on", "go-back", "more", "volunteer"} else None


def _keep(kit: Kit, *, state: HandedOver, values: Values) -> None:
    hand_over.keep(kit, state, values)
