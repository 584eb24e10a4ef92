"""Short lists of answers, all in view, each with its key: one answer or several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from fieldkit.presentation.model.form_plan import Option, Question, Value
from fieldkit.widgets.answers import Host
from fieldkit.widgets.keyed.answered_by_key import AnsweredByKey
from fieldkit.widgets.plain import fit, pad, wrapped

#: Up to this many answers of a form at the desk have a key each; longer lists are filtered by typing.
MOST_NUMBERED = 9
_WIDEST_GROUP = 16
"""The most cells of a heading above answers."""
_OTHERWISE = "another kind, or not said"
"""The last option when the kind of an answer is asked."""


def any_of(keys: Sequence[str]) -> str:
    """Keys in words: `1, 2 or 0`."""
    return " or ".join(filter(None, (", ".join(keys[:-1]), keys[-1]))) if keys else ""


class ChoiceAnswer(AnsweredByKey):
    """`1 yes  2 no  0 prefer not to say`: a key answers at once, Backspace removes the answer.

    If the chosen answer has kinds, the same question then asks for the kind.
    """

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
        codes = {option.code for option in question.options}
        self._first = [option for option in question.options if option.parent not in codes]
        """The top-level answers."""
        counted = not any(option.key for option in question.options)
        self._key_of = {
            option.code: str(place) if counted else option.key
            for place, option in enumerate(question.options, 1)
        }
        self._kinds_of = ""
        """The answer whose kind is being asked."""
        self._has_no_room = False
        """Whether answers in another language leave no room for the English beside them."""
        self._is_headless = False
        """Whether they have none for the headings of their groups either: each answer is whole before these are there."""
        self._without_english: set[str] = set()
        """The answers drawn without their English text."""
        keys = [key for option in self._first if (key := self._key_of[option.code])]
        self.ACCEPTED = "".join(key for key in keys if len(key) == 1)
        others = [key for key in keys if key != "0"]
        self._span = f"{others[0]}-{others[-1]}" if len(others) > 1 else "".join(others)
        self._listed = others if len(others) < 3 else [f"{others[0]} to {others[-1]}"]
        self._declines = "0" in keys
        self.name_keys()

    def name_keys(self) -> None:
        """Let the bottom line name every key that answers now, including the one that declines."""
        if self._kinds_of:
            span = f"1-{len(self._offered)}"
        else:
            span = ", ".join(filter(None, (self._span, self.decline_key if self._declines else "")))
        self._bindings.key_to_bindings["1"] = [
            replace(binding, key_display=span) for binding in self._bindings.key_to_bindings["1"]
        ]
        if self.is_attached:
            self.refresh_bindings()

    @property
    def keys_in_words(self) -> str:
        """Which keys answer: if `0` declines everything left, another key declines this question."""
        return any_of([*self._listed, *([self.decline_key] if self._declines else [])])

    # The value

    @property
    def value(self) -> Value:
        return self._value

    @property
    def shown(self) -> str:
        return ", ".join(option.label for option in self.question.options if self.is_picked(option.code))

    def set_value(self, value: Value) -> None:
        self._value = value if isinstance(value, str) and value else None
        self._ask_kinds("")
        self.refresh(layout=True)

    def _ask_kinds(self, code: str) -> None:
        """Ask next which kind of the answer `code` is meant; "" to ask nothing."""
        if self._kinds_of != code:
            self._kinds_of = code
            self.name_keys()

    def is_picked(self, code: str) -> bool:
        """Whether this answer was given."""
        return self._value == code

    def pick(self, code: str) -> None:
        """Choose the answer `code`, and go on if the question says so and there is no kind to ask for."""
        self._value, self._pointed = code, None
        self._ask_kinds(code if self.question.goes_on and self._kinds(code) else "")
        self.value_changed()
        if self.question.goes_on and not self._kinds_of:
            self.host.go(1)

    def _kinds(self, code: str) -> list[Option]:
        return [option for option in self.question.options if option.parent == code]

    @property
    def _offered(self) -> list[Option]:
        """What can be picked now."""
        if not self._kinds_of:
            return self._first
        return [*self._kinds(self._kinds_of), Option(self._kinds_of, _OTHERWISE)]

    def _key(self, place: int) -> str:
        """The key of the offered answer at `place`."""
        if self._kinds_of:
            return str(place + 1)
        option = self._first[place]
        return self.decline_key if option.declined else self._key_of[option.code]

    def entered(self) -> None:
        self._ask_kinds("")

    def left(self) -> None:
        super().left()
        self._pointed = None
        self._ask_kinds("")

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.value is not None if action == "clear" else True

    def action_clear(self) -> None:
        self.set_value(None)
        self.value_changed()

    def action_pick(self, place: int) -> None:
        if place < len(self._offered):
            code = self._offered[place].code
            if self._kinds_of and code == self._kinds_of:
                self.host.go(1)
            else:
                self.pick(code)

    def action_point(self, by: int) -> None:
        offered = self._offered
        if self._pointed is None:
            picked = [place for place, option in enumerate(offered) if self.is_picked(option.code)]
            self._pointed = picked[0] if picked else (-1 if by > 0 else len(offered))
        self._pointed = (self._pointed + by) % max(1, len(offered))
        self.refresh(layout=True)

    def action_pick_pointed(self) -> None:
        if self._pointed is not None:
            self.action_pick(self._pointed)

    def answer_with(self, key: str) -> bool:
        """Choose the answer with this key; returns whether there is one."""
        for place in range(len(self._offered)):
            if key and self._key(place) == key:
                self.action_pick(place)
                return True
        return False

    def correct(self, key: str) -> bool:
        """Change the answer to the one with this key, and stay; returns whether there is one."""
        matches = [option for option in self._first if self._key_of[option.code] == key]
        if matches:
            self._value = matches[0].code
            self.value_changed()
        return bool(matches)

    async def press(self, event: events.Key) -> bool:
        character = event.character or ""
        if character == "/" and self.question.open and self.question.goes_on:
            self.host.search_instead(self)
            return True
        if self._kinds_of and character in "123456789" and self.answer_with(character):
            return True
        if self.refuses(event):
            return True
        return self.answer_with(character)

    # Drawing

    def _option(self, place: int, width: int) -> list[Content]:
        """An answer after its key, in as few lines of `width` cells as it needs."""
        option = self._offered[place]
        picked, pointed = self.is_picked(option.code), self._pointed == place and self.is_focused
        mark = "✓" if picked else "▸" if pointed else " "
        style = "bold $accent" if picked else ""
        if pointed:
            style += " reverse"
        key = (self._key(place) or " ", style or "$text-muted")
        also, beside = self.translated_answer(option.code), f"  {option.label}"
        if not also:
            beside = ""
        elif self._has_no_room or cell_len(also) + cell_len(beside) > width - 4:
            beside = ""
            self._without_english.add(option.code)
        first, *rest = wrapped(also or option.label, width - 4)
        return [
            Content.assemble((mark, style), key, (f" {first}", style), (beside, style or "$text-muted")),
            *(Content.assemble("   ", (line, style)) for line in rest),
        ]

    def _flow(self, places: Sequence[int], width: int) -> list[Content]:
        """The answers one after another, in as few lines of `width` cells as they need."""
        rows: list[list[Content]] = [[]]
        used = 0
        for place in places:
            part, *below = self._option(place, width)
            needed = part.cell_length + (2 if rows[-1] else 0)
            if rows[-1] and (below or used + needed > width):
                rows.append([])
                used, needed = 0, part.cell_length
            rows[-1].append(part)
            used += needed
            if below:
                rows += [*([line] for line in below), []]
                used = 0
        return [Content("  ").join(row) for row in rows if row]

    def _grid(self, width: int) -> Iterator[Content]:
        """The answers under their headings."""
        offered = self._offered
        groups = ["" if self._is_headless else fit(option.group, _WIDEST_GROUP) for option in offered]
        head = max(map(cell_len, groups), default=0)
        for group, places in groupby(range(len(offered)), lambda place: groups[place]):
            rows = self._flow(list(places), width - head - 1 if head else width)
            for number, row in enumerate(rows):
                name = f"{pad(group if number == 0 else '', head)} " if head else ""
                yield Content.assemble((name, "$text-muted"), row)

    def heading(self, width: int) -> list[Content]:
        """The title, and the English text of the answer pointed at if there is no room for it beside the answer."""
        titled = super().heading(width)
        if not self._without_english or not self.is_focused or len(titled) > 1:
            return titled
        pointed = self._offered[self._pointed] if self._pointed is not None else None
        if pointed is None:
            behind = Content.assemble(
                "   ", ("← →", "bold $accent"), (" an answer in English", "$text-muted")
            )
        elif pointed.code in self._without_english:
            behind = Content.styled(f"   {pointed.label}", "$text-muted")
        else:
            return titled
        if titled[0].cell_length + behind.cell_length <= width:
            return [Content.assemble(titled[0], behind)]
        # The question stays in view, in the language of the answers.
        return (
            [Content.assemble(("▸ ", "bold $accent"), (fit(pointed.label, width - 2), "$text-muted"))]
            if pointed
            else titled
        )

    def lines(self, width: int) -> list[Content]:
        self._has_no_room = self._is_headless = False
        drawn = self._lines(width)
        if len(drawn) > self.host.rows and any(map(self.translated_answer, self._key_of)):
            # In one language all answers fit, and their keys are the same in both.
            self._has_no_room = True
            drawn = self._lines(width)
            if len(drawn) > self.host.rows:
                self._is_headless = True
                drawn = self._lines(width)
        return drawn

    def _lines(self, width: int) -> list[Content]:
        self._without_english = set()
        if self.folded and not self.is_focused:
            return self.joined(width, self.summary(width))
        if self._kinds_of:
            label = next(option.label for option in self.question.options if option.code == self._kinds_of)
            kinds = self._flow(range(len(self._offered)), width - 3)
            return [
                *self.joined(width, [Content.styled(f"✓ {label}: which kind?", "bold $accent")]),
                *(Content.assemble("   ", row) for row in kinds),
            ]
        places = range(len(self._offered))
        beside = self._flow(places, width - self.column) if self.beside else []
        if len(beside) == 1 and not self._without_english:
            return self.joined(width, beside)
        self._without_english = set()
        answers = [Content.assemble("   ", row) for row in self._grid(width - 3)]
        return [
            *self.heading(width),
            *self.also(width),
            *answers,
            *self.notes(width),
        ]


class ManyAnswer(ChoiceAnswer):
    """Like a choice, but with any number of answers: a key or Space ticks and unticks, Enter goes on."""

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
        self.value_changed()
        if self.question.goes_on and self._picked == [code] and code in self.question.alone:
            self.host.go(1)

    def correct(self, key: str) -> bool:
        return False


def ticked(question: Question, picked: list[str], code: str) -> list[str]:
    """`picked` with `code` ticked or unticked; an answer that excludes others drops them."""
    if code in picked:
        return [ticked_code for ticked_code in picked if ticked_code != code]
    if code in question.alone:
        return [code]
    return [ticked_code for ticked_code in picked if ticked_code not in question.alone] + [code]
