"""Short lists of answers, all in view: one answer, several answers, or a rating from 0 to 10."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from fieldkit.presentation.model.form_plan import Question, Value
from fieldkit.widgets.answers import Drawn, Host
from fieldkit.widgets.plain import cells, fit

#: So many answers have a number key each; longer lists are filtered by typing.
MOST_NUMBERED = 9


_BURST = 1.5
"""Seconds: what is typed so soon after a key that answers nothing belongs to it, and answers nothing either."""


class Numbered(Drawn):
    """Answered by digits. Words typed here by mistake, a postcode say, must not answer with the digits in them."""

    _slipped = 0.0
    KEYS: str
    """Which keys answer, in words."""

    def left(self) -> None:
        self._slipped, self.slip = 0.0, ""
        self.refresh(layout=True)

    def slips(self, event: events.Key) -> bool:
        """Whether this key belongs to words that were meant for another question; says so beside this one."""
        letter = event.character if event.is_printable else None
        if not letter or letter in " ?":
            return False
        now = time.monotonic()
        if letter in "0123456789+" and now - self._slipped > _BURST:
            if self.slip:
                self.slip = ""
                self.refresh(layout=True)
            return False
        self._slip(now)
        return True

    def _slip(self, now: float) -> None:
        self._slipped, self.slip = now, f"Not taken: {self.KEYS} here. Words go into another question."
        self.refresh(layout=True)

    def paste(self, text: str) -> None:
        self._slip(time.monotonic())


class ChoiceAnswer(Numbered):
    """`1 yes  2 no  3 prefer not to say`: a number answers at once, Backspace takes the answer back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "pick(0)", "answer", key_display="1-9"),
        Binding("left", "point(-1)", "left", show=False),
        Binding("right", "point(1)", "right", show=False),
        Binding("space", "pick_pointed", "pick", show=False),
        Binding("backspace,delete", "clear", "not asked"),
    ]

    def __init__(self, question: Question, host: Host, column: int) -> None:
        super().__init__(question, host, column)
        self._value: str | None = None
        self._pointed: int | None = None
        numbered = self._bindings.key_to_bindings["1"]
        self.KEYS = f"the keys 1 to {len(question.options)} answer"
        self._bindings.key_to_bindings["1"] = [
            replace(binding, key_display=f"1-{len(question.options)}") for binding in numbered
        ]

    @property
    def value(self) -> Value:
        return self._value

    def set_value(self, value: Value) -> None:
        self._value = value if isinstance(value, str) and value else None
        self.refresh(layout=True)

    def is_picked(self, code: str) -> bool:
        """Whether this answer was given."""
        return self._value == code

    def pick(self, code: str) -> None:
        """Give the answer `code`, and go on where the question says so."""
        self._value = code
        self.told()
        if self.question.goes_on:
            self.host.go(1)

    def left(self) -> None:
        super().left()
        self._pointed = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.value is not None if action == "clear" else True

    def action_clear(self) -> None:
        self.set_value(None)
        self.told()

    def action_pick(self, place: int) -> None:
        if place < len(self.question.options):
            self.pick(self.question.options[place].code)

    def action_point(self, by: int) -> None:
        options = self.question.options
        if self._pointed is None:
            picked = [place for place, option in enumerate(options) if self.is_picked(option.code)]
            self._pointed = picked[0] if picked else (-1 if by > 0 else len(options))
        self._pointed = (self._pointed + by) % max(1, len(options))
        self.refresh(layout=True)

    def action_pick_pointed(self) -> None:
        if self._pointed is not None:
            self.action_pick(self._pointed)

    async def press(self, event: events.Key) -> bool:
        if self.slips(event):
            return True
        if event.character is not None and event.character in "123456789":
            self.action_pick(int(event.character) - 1)
            return True
        return False

    def _option(self, place: int, width: int) -> Content:
        option = self.question.options[place]
        picked, pointed = self.is_picked(option.code), self._pointed == place and self.is_focused
        mark = "✓" if picked else "▸" if pointed else " "
        style = "bold $accent" if picked else ""
        if pointed:
            style += " reverse"
        number = (f"{place + 1}", style or "$text-muted")
        return Content.assemble((mark, style), number, (f" {fit(option.label, width - 4)}", style))

    def _flow(self, width: int) -> list[Content]:
        """The answers one after another, in as few lines of `width` cells as they need."""
        rows: list[list[Content]] = [[]]
        used = 0
        for place in range(len(self.question.options)):
            part = self._option(place, width)
            needed = part.cell_length + (2 if rows[-1] else 0)
            if rows[-1] and used + needed > width:
                rows.append([])
                used, needed = 0, part.cell_length
            rows[-1].append(part)
            used += needed
        return [Content("  ").join(row) for row in rows]

    def lines(self, width: int) -> list[Content]:
        beside = self._flow(width - self.column) if self.beside else []
        if len(beside) == 1:
            return self.joined(width, beside)
        return [
            *self.heading(width),
            *(Content.assemble("   ", row) for row in self._flow(width - 3)),
            *self.notes(width),
        ]


class ManyAnswer(ChoiceAnswer):
    """Like a choice, with any number of answers: a number key or Space ticks and unticks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "pick(0)", "tick", key_display="1-9"),
        Binding("space", "pick_pointed", "tick", show=False),
        Binding("backspace,delete", "clear", "not asked"),
    ]

    def __init__(self, question: Question, host: Host, column: int) -> None:
        super().__init__(question, host, column)
        self._picked: list[str] = []

    @property
    def value(self) -> Value:
        return list(self._picked) or None

    def set_value(self, value: Value) -> None:
        self._picked = list(value) if isinstance(value, list) else []
        self.refresh(layout=True)

    def is_picked(self, code: str) -> bool:
        return code in self._picked

    def pick(self, code: str) -> None:
        self._picked = ticked(self.question, self._picked, code)
        self.told()


def ticked(question: Question, picked: list[str], code: str) -> list[str]:
    """`picked` with `code` ticked or unticked; an answer that stands alone drops the others."""
    if code in picked:
        return [one for one in picked if one != code]
    if code in question.alone:
        return [code]
    return [one for one in picked if one not in question.alone] + [code]


class ScaleAnswer(Numbered):
    """A rating from 0 to 10: a digit, + for 10 (or 1 then 0), or left and right."""

    KEYS = "the keys 0 to 9, and + for 10, answer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("0", "rate(0)", "rate", key_display="0-9 +"),
        Binding("left", "shift(-1)", "less", show=False),
        Binding("right", "shift(1)", "more", show=False),
        Binding("backspace,delete", "clear", "not asked"),
    ]

    def __init__(self, question: Question, host: Host, column: int) -> None:
        super().__init__(question, host, column)
        self._value: int | None = None
        self._one_typed = False

    @property
    def value(self) -> Value:
        return self._value

    def set_value(self, value: Value) -> None:
        self._value = value if isinstance(value, int) else None
        self.refresh(layout=True)

    def action_rate(self, rating: int) -> None:
        self._value = rating
        self.told()

    def action_shift(self, by: int) -> None:
        start = self._value if self._value is not None else (-1 if by > 0 else 11)
        self._one_typed = False
        self.action_rate(max(0, min(10, start + by)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.value is not None if action == "clear" else True

    def action_clear(self) -> None:
        self._value, self._one_typed = None, False
        self.told()

    def left(self) -> None:
        super().left()
        self._one_typed = False

    async def press(self, event: events.Key) -> bool:
        if self.slips(event):
            return True
        key = event.character or ""
        if not key or key not in "0123456789+":
            return False
        if self._one_typed and self.question.goes_on and key != "0":
            # The 1 was a whole rating: this key belongs to the next question.
            self.host.go(1)
            self.current()._forward_event(events.Key(event.key, event.character))
            return True
        self.action_rate(10 if key == "+" or (key == "0" and self._one_typed) else int(key))
        self._one_typed = key == "1"
        if self.question.goes_on and not self._one_typed:
            self.host.go(1)
        return True

    def lines(self, width: int) -> list[Content]:
        if self._value is None:
            bar = Content.assemble(("·" * 20, "$text-muted"), ("  0-9, + for 10", "$text-muted"))
        else:
            full = "█" * (2 * self._value)
            bar = Content.assemble(
                (full, "$accent"),
                ("·" * (20 - cells(full)), "$text-muted"),
                (f"  ✓{self._value}", "bold $accent"),
                " of 10",
            )
        return self.joined(width, [bar])
