"""A rating from 0 to 10, drawn as a bar."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from fieldkit.presentation.model.form_plan import Question, Value
from fieldkit.widgets.answers import Host
from fieldkit.widgets.keyed.answered_by_key import AnsweredByKey


class ScaleAnswer(AnsweredByKey):
    """A rating from 0 to 10: a digit, + for 10 (or 1 then 0), or left and right."""

    KEYS = "0 to 9, or + for 10"
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

    @property
    def shown(self) -> str:
        return "" if self._value is None else str(self._value)

    def set_value(self, value: Value) -> None:
        self._value = value if isinstance(value, int) else None
        self.refresh(layout=True)

    def action_rate(self, rating: int) -> None:
        self._value = rating
        self.value_changed()

    def action_shift(self, by: int) -> None:
        start = self._value if self._value is not None else (-1 if by > 0 else 11)
        self._one_typed = False
        self.action_rate(max(0, min(10, start + by)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.value is not None if action == "clear" else True

    def action_clear(self) -> None:
        self._value, self._one_typed = None, False
        self.value_changed()

    def left(self) -> None:
        super().left()
        self._one_typed = False

    async def press(self, event: events.Key) -> bool:
        if self.refuses(event):
            return True
        key = event.character or ""
        if not key or key not in "0123456789+":
            return False
        if self._one_typed and self.question.goes_on and key != "0":
            # The 1 was a complete rating: this key belongs to the next question.
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
                ("·" * (20 - cell_len(full)), "$text-muted"),
                (f"  ✓{self._value}", "bold $accent"),
                " of 10",
            )
        return self.joined(width, [bar])
