"""Long lists of answers and links to other records: type a few letters, pick from the matches."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from fieldkit.errors import FieldkitError
from fieldkit.presentation.model.form_plan import Offered, Option, Question, Value
from fieldkit.presentation.model.option_matching import matching
from fieldkit.spelling import folded
from fieldkit.widgets.answers import Drawn, Host
from fieldkit.widgets.keyed.keyed_answers import ticked
from fieldkit.widgets.plain import beside, fit, fit_parts, pasted, wrapped

_ROWS = 7
"""The least number of rows for the matches; more if the page has room."""
_MOST_FOUND = 50
_GROUP = 24
"""The cells of an answer's group beside an answer that needs the rest of the row."""
_LONGEST = 80
"""Characters of what is typed here."""
_TOO_LONG = f"No more fits: the first {_LONGEST} characters are taken."
_SEVERAL_FIT = "Several fit: Enter takes the one at ▸."
"""Enter was pressed before they were in view."""
_CHOOSE_LATER = "Nothing is lost: go on, and choose it later."
_OWN_WORDS = "\x00own"
_NEW_RECORD = "\x00new"


class PickAnswer(Drawn):
    """One answer from a long list, or a link to a record found by `link_search`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "point(1)", "look", key_display="↓"),
        Binding("up", "point(-1)", "up", show=False),
        Binding("pagedown", "point(6)", show=False),
        Binding("pageup", "point(-6)", show=False),
        Binding("backspace", "rub_out", "rub out", show=False),
        Binding("backspace,delete", "clear", "not asked"),
        Binding("ctrl+u", "forget_typed", show=False),
    ]

    def __init__(self, question: Question, host: Host, column: int) -> None:
        super().__init__(question, host, column)
        self._picked: list[str] = []
        self._labels = {option.code: option.label for option in question.options}
        self._typed = ""
        self._pointed: int | None = None
        self._matches: list[tuple[int, Option]] = []
        self._beyond = 0
        """How many more records match than were found."""
        self._asked_for: str | None = None
        self._searching = False
        self._enter_waits = False
        self._sentence = ""

    # The value.

    @property
    def value(self) -> Value:
        return self._picked[0] if self._picked else None

    @property
    def shown(self) -> str:
        return ", ".join(self._labels.get(code, code) for code in self._picked)

    @property
    def typing(self) -> bool:
        return bool(self._typed)

    @property
    def letters(self) -> str:
        """The typed text that has not chosen an answer yet."""
        return self._typed

    def type_again(self, letters: str) -> None:
        """Show text that was typed before, but not as an answer."""
        self._typed = letters
        self.problem = self.own_problem()

    def set_value(self, value: Value) -> None:
        self._typed = ""
        self._picked = [value] if isinstance(value, str) and value else []
        self.refresh(layout=True)

    def name_option(self, code: str, label: str) -> None:
        """Learn the label of a record that is not in the list."""
        self._labels[code] = label
        self.refresh(layout=True)

    def take(self, code: str) -> None:
        """Give the answer `code`."""
        self._picked = [code]

    @property
    def _several(self) -> bool:
        return self.question.shape in {"many", "links"}

    @property
    def waits(self) -> bool:
        """Whether Enter was pressed and waits for the search: later keys are for the next question."""
        return self._enter_waits

    def show_notes(self) -> None:
        if self.problem:
            self.slip = ""  # the problem says what Enter does, too
        super().show_notes()

    # Matching.

    def _look(self) -> None:
        """Find matches for the typed letters; in a thread, if records are searched."""
        self._sentence = ""
        self.host.report_later()
        if self.problem and not self.own_problem():
            self.problem = ""
        if self.question.link_search is None:
            self._offer(matching(self.question.options, self._typed))
            self.refresh_bindings()
        elif not self._searching:
            self._searching = True
            search: Any = self._search
            self.run_worker(search, group="search", exit_on_error=False)
        self.refresh(layout=True)

    async def _search(self) -> None:
        # One search at a time, the latest letters last: a store may not allow two at once.
        search = self.question.link_search
        assert search is not None
        try:
            while self._asked_for != self._typed:
                typed = self._asked_for = self._typed
                try:
                    records_found = await asyncio.to_thread(search, typed, _MOST_FOUND)
                except FieldkitError as error:
                    records_found = []
                    self._sentence = f"{error.message} {_CHOOSE_LATER}"
                except Exception:  # the search itself logs it
                    records_found = []
                    self._sentence = f"The search did not work. {_CHOOSE_LATER}"
                if typed == self._typed:
                    self._beyond = (
                        records_found.total - len(records_found) if isinstance(records_found, Offered) else 0
                    )
                    self._labels.update({option.code: option.label for option in records_found})
                    self._offer([(0, option) for option in records_found])
        finally:
            self._searching = False
        if self._enter_waits:
            self._enter_waits = False
            # With several records, nobody has seen which one is pointed at.
            records = [option for _, option in self._matches if option.code not in {_NEW_RECORD, _OWN_WORDS}]
            if len(self._matches) == 1 or len(records) == 1:
                self._take_pointed()
                self.host.go(1)
            elif records:
                self.problem, self.slip = "", _SEVERAL_FIT
        self.refresh(layout=True)

    def _offer(self, matches: list[tuple[int, Option]]) -> None:
        typed = " ".join(self._typed.split())
        if (
            typed
            and self.question.open
            and not typed.isdecimal()  # a number picks an answer, or is a slip
            and all(folded(option.label) != folded(typed) for option in self.question.options)
        ):
            matches = [*matches, (0, Option(_OWN_WORDS, f"“{typed}”", "in your own words"))]
        # A whole name means that name, not a longer one.
        wanted = folded(typed)
        matches = sorted(
            matches,
            key=lambda each: bool(typed) and (each[1].code == _OWN_WORDS or folded(each[1].label) != wanted),
        )
        if typed and self.question.create:
            matches = [*matches, (0, Option(_NEW_RECORD, f"“{typed}”", "make a new one"))]
        self._matches = matches
        self._pointed = 0 if typed and matches else None

    # Keys.

    def entered(self) -> None:
        self._asked_for, problem = None, self.problem
        self._look()
        self.problem = problem  # saving may have led here: only typing or choosing removes the sentence

    def left(self) -> None:
        # The typed text stays, since it may be somebody's own words: a question about it comes before anything is saved.
        self._pointed, self._asked_for, self._sentence = None, None, ""
        self._enter_waits = False
        self.refresh(layout=True)

    def own_problem(self) -> str:
        typed = " ".join(self._typed.split())
        return (
            f"“{typed}” is not chosen yet: Enter takes what ▸ points at, Backspace deletes letters."
            if typed
            else ""
        )

    async def press(self, event: events.Key) -> bool:
        if event.key in {"enter", "tab"}:
            return self._enter()
        if event.key == "space" and (not self._typed or self._space_ticks):
            if self._pointed is not None and self._several:
                self._take_pointed()
            return True
        if event.is_printable and event.character and (self._typed or event.character != "?"):
            self._type(event.character)
            return True
        return False

    def paste(self, text: str) -> None:
        self._type(pasted(text, one_line=True).strip())

    def type_letters(self, letters: str) -> None:
        """Take letters as if they were typed here."""
        if letters:
            self._type(letters)

    def _type(self, letters: str) -> None:
        typed = self._typed + letters
        self._typed = typed[:_LONGEST]
        self.slip = _TOO_LONG if len(typed) > _LONGEST else ""
        self._look()
        # Words of one's own may begin with a digit.
        if not self.question.open and self._is_number and len(self._matches) == 1:
            self._take_pointed()

    @property
    def _is_number(self) -> bool:
        """Whether the number of the option pointed at was typed."""
        typed, at = self._typed, self._pointed
        return typed.isdecimal() and at is not None and self._matches[at][0] == int(typed)

    @property
    def _space_ticks(self) -> bool:
        """Whether Space ticks the option pointed at: if one's own words are allowed, it belongs to them."""
        if not self._several or self._pointed is None:
            return False
        return not self._typed or not self.question.open or self._is_number

    def _enter(self) -> bool:
        """Take the option pointed at; True keeps the question."""
        if self._typed and self._searching:
            self._enter_waits = True
            return True
        if self._pointed is None:
            if self._typed:
                self._sentence = "Nothing fits. Delete letters with Backspace."
                self.refresh(layout=True)
            return bool(self._typed)
        if self._several and not self._typed:
            return False
        self._take_pointed()
        return self._several

    def _take_pointed(self) -> None:
        if self._pointed is None:
            return
        option, typed = self._matches[self._pointed][1], " ".join(self._typed.split())
        if option.code == _NEW_RECORD:
            # Cleared at once: a second Enter must not make a second record.
            self._typed, self._matches, self._pointed = "", [], None
            self.host.create(self.question.name, typed)
            self.refresh(layout=True)
            return
        code = typed if option.code == _OWN_WORDS else option.code
        had_typed, self._typed, self.slip = bool(self._typed), "", ""
        self.take(code)
        if had_typed:
            self._pointed = None
            self._look()
        self.value_changed()

    def action_point(self, by: int) -> None:
        if self._pointed is None:
            if by < 0:
                self.host.go(-1)
                return
            by -= 1
            codes = [option.code for _, option in self._matches]
            start = codes.index(self._picked[0]) if self._picked and self._picked[0] in codes else 0
        else:
            start = self._pointed
            if start + by < 0 and by == -1 and not self._typed:
                self._pointed = None
                self.refresh(layout=True)
                return
        if self._matches:
            self._pointed = max(0, min(start + by, len(self._matches) - 1))
            self.refresh_bindings()
        self.refresh(layout=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "rub_out":
            return bool(self._typed)
        if action == "clear":
            return bool(self._picked) and not self._typed
        if action == "tick":
            return self._space_ticks
        return True

    def action_rub_out(self) -> None:
        self._typed, self.slip = self._typed[:-1], ""
        self._look()

    def action_clear(self) -> None:
        """Remove the last answer."""
        self._picked.pop()
        self.value_changed()

    def action_forget_typed(self) -> None:
        self._typed = self.slip = ""
        self._look()

    # Drawing.

    def _answers(self, width: int) -> list[Content]:
        labels = [self._labels.get(code, code) for code in self._picked]
        lines: list[Content] = []
        for label in labels:
            if lines and lines[-1].cell_length + cell_len(label) + 4 <= width:
                lines[-1] = Content.assemble(
                    lines[-1], "  ", beside("✓ ", "bold $accent", label, "bold $accent", width)
                )
            else:
                lines += beside("✓ ", "bold $accent", label, "bold $accent", width).split("\n")
        return lines

    def lines(self, width: int) -> list[Content]:
        room = width - (self.column if self.beside else 4)
        answers, below = self._answers(room), False
        if self.beside and len(answers) > 1:
            # Beside a long title there may be few cells: a long name takes fewer rows below it.
            wide = self._answers(width - 4)
            if len(wide) + 1 < len(answers):
                room, answers, below = width - 4, wide, True
        if not self.is_focused:
            return self.joined(width, answers or [Content.styled("—", "$text-muted")], below=below)
        hint = (
            ""
            if self._typed
            else "type to find"
            if self.question.link_search
            else "type to find, or its number"
        )
        typed = Content.assemble(
            (fit(self._typed, room - 2), "bold"), (" ", "reverse"), " ", (hint, "$text-muted")
        )
        head = self.joined(width, [*answers, typed], below=below)
        notes = len(self.notes(width))
        body = head[: len(head) - notes] if notes else head
        return [*body, *self._rows(width), *head[len(body) :]]

    def _rows(self, width: int) -> list[Content]:
        if self._sentence or not self._matches:
            sentence = self._sentence or (
                "looking …" if self._searching else "nothing fits" if self._typed else "nothing here yet"
            )
            return [
                Content.assemble("      ", (line, "$text-muted")) for line in wrapped(sentence, width - 8)
            ]
        at = self._pointed or 0
        if self._pointed is None and self._picked:
            codes = [option.code for _, option in self._matches]
            at = codes.index(self._picked[0]) if self._picked[0] in codes else 0
        most = max(_ROWS, self.host.spare_rows(self))
        top = max(0, min(at - most // 2, len(self._matches) - most))
        places = range(top, min(top + most, len(self._matches)))
        more = len(self._matches) - top - len(places)
        remainder = ""
        if more:
            remainder = f"  ↓ {more + self._beyond:,} more"
        elif self._beyond:  # options not found yet can only be reached by typing
            remainder = f"  type to find {self._beyond:,} more"
        rows = [row for place in places[:-1] for row in self._row(place, width)]
        *above, last = self._row(places[-1], width - cell_len(remainder))
        return [*rows, *above, Content.assemble(last, (remainder, "$text-muted"))]

    def _row(self, place: int, width: int) -> list[Content]:
        """A match: on one row or, while it is pointed at, whole on as many rows as it needs."""
        number, option = self._matches[place]
        pointed, picked = place == self._pointed, option.code in self._picked
        style = "reverse" if pointed else "bold $accent" if picked else ""
        count = f"{number:>2} " if number else ""
        room = width - 10 - cell_len(count)
        beyond = room - cell_len(option.label) - 2
        group = fit(self.translated_answer(option.code) or option.group, max(_GROUP, beyond))
        room -= cell_len(group) + 2 if group else 0
        label, *below = wrapped(option.label, room) if pointed else [fit_parts(option.label, room)]
        return [
            Content.assemble(
                ("    ▸ " if pointed else "      ", "bold $accent"),
                (count, style or "$text-muted"),
                ("✓" if picked else " ", style),
                (label, style),
                (f"  {group}" if group else "", "$text-muted"),
            ),
            *(Content.assemble(" " * (7 + cell_len(count)), (line, style)) for line in below),
        ]


class PickManyAnswer(PickAnswer):
    """Several answers from a long list: Space or Enter ticks the one pointed at."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", "tick")]

    @property
    def value(self) -> Value:
        return list(self._picked) or None

    def set_value(self, value: Value) -> None:
        self._typed = ""
        if isinstance(value, str):  # a record that was just made is added to those picked
            self._picked = ticked(self.question, self._picked, value)
        else:
            self._picked = list(value) if isinstance(value, list) else []
        self.refresh(layout=True)

    def take(self, code: str) -> None:
        self._picked = ticked(self.question, self._picked, code)

    def action_tick(self) -> None:
        self._take_pointed()
