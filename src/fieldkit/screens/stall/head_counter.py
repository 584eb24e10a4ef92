"""Head counts by group, each with its digit and its figure, large if there is room; one can be typed as a number."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from fieldkit.presentation.stall.head_count_groups import DIGITS, Group
from fieldkit.records.head_counts import EVERYBODY
from fieldkit.screens.stall.head_drawing import POINTED, Counted, are_large, drawn, needed_width
from fieldkit.widgets.real_cursor import place_cursor

_MOST = 99_999
_NARROW = 24
"""The least width of the counts, in cells."""


class Counts(Widget, can_focus=True):
    """The groups, one of them pointed at, and everybody last. While it has the focus, digits type a number."""

    class Changed(Message):
        """A count has changed: `number` in the group `code`. `typed`: another digit may follow."""

        def __init__(self, code: str, number: int, *, typed: bool) -> None:
            super().__init__()
            self.code, self.number, self.typed = code, number, typed

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "point(-1)", "up", show=False),
        Binding("down", "point(1)", "down", show=False),
        Binding("plus,equals_sign", "add(1)", "one more", key_display="+"),
        Binding("minus", "add(-1)", "one fewer", key_display="-"),
        Binding("backspace", "rub_out", "rub out", show=False),
        Binding("enter,escape,tab,shift+tab", "screen.to_names", "names", key_display="enter/esc"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.at = 0
        self.groups: list[Group] = []
        """As last read, everybody last."""
        self._mine: dict[str, list[int]] = {}
        """Code -> this laptop's count and its number of running saves, while there are any."""
        self._typing = False

    def show(self, groups: list[Group]) -> None:
        """Show the stored counts; those being saved stay as they are."""
        self.groups = groups
        self.at = min(self.at, max(0, len(groups) - 1))
        self.fit_width()
        self.refresh()

    def fit_width(self) -> None:
        """Take as much of the screen's width as the counts need, and leave the rest to the names."""
        wide, rows = self.screen.size.width, self.rows
        large = 0 if wide < 70 else 42 if wide < 110 else 66 if wide < 160 else 84
        self.styles.width = (
            large
            if large and are_large(rows, large, self.size.height)
            else max(_NARROW, min(needed_width(rows), wide // 2))
        )

    def on_resize(self) -> None:
        self.fit_width()

    def mine(self, group: Group) -> int:
        """This laptop's count of a group, including what is being saved."""
        return self._mine[group.code][0] if group.code in self._mine else group.mine

    @property
    def counted(self) -> list[tuple[str, int, int]]:
        """(code, this laptop's count, the greatest other count) of each group."""
        return [(group.code, self.mine(group), group.others) for group in self.groups]

    def saved(self, code: str) -> None:
        """A save of this group's count has ended."""
        if code in self._mine:
            self._mine[code][1] -= 1
            if self._mine[code][1] <= 0:
                number = self._mine.pop(code)[0]
                self.groups = [
                    replace(group, mine=number) if group.code == code else group for group in self.groups
                ]

    def add_to(self, place: int, by: int) -> Group | None:
        """Count one more or one fewer in the group at this index, and point at it; None if there is no such group."""
        if place >= min(DIGITS, len(self.groups) - 1):
            return None
        self.at, self._typing = place, False
        self.action_add(by)
        return self.groups[place]

    @property
    def pointed(self) -> Group | None:
        """The group that is pointed at."""
        return self.groups[self.at] if self.groups else None

    def on_focus(self) -> None:
        self._typing = False
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _set(self, number: int, *, typed: bool) -> None:
        group = self.pointed
        if group is None:
            return
        number = max(0, min(number, _MOST))
        if number == self.mine(group):
            return
        under_way = self._mine.get(group.code, [0, 0])[1]
        self._mine[group.code] = [number, under_way + 1]
        self.refresh()
        self.post_message(self.Changed(group.code, number, typed=typed))

    def action_point(self, by: int) -> None:
        self.at = max(0, min(self.at + by, len(self.groups) - 1))
        self._typing = False
        self.refresh()

    def action_add(self, by: int) -> None:
        if (group := self.pointed) is not None:
            self._typing = False
            self._set(self.mine(group) + by, typed=False)

    def action_rub_out(self) -> None:
        if (group := self.pointed) is not None:
            self._typing = True
            self._set(self.mine(group) // 10, typed=True)

    def on_key(self, event: events.Key) -> None:
        group = self.pointed
        if group is not None and event.character and event.character in "0123456789":
            event.stop()
            before = self.mine(group) if self._typing else 0
            self._typing = True
            self._set(before * 10 + int(event.character), typed=True)

    @property
    def rows(self) -> list[Counted]:
        """The groups as they are drawn."""
        return [
            Counted(
                number + 1 if number < DIGITS and group.code != EVERYBODY else 0,
                group.label,
                self.mine(group),
                group.others,
                number == self.at,
            )
            for number, group in enumerate(self.groups)
        ]

    def render(self) -> Content:
        content = drawn(self.rows, self.counted, self.size.width, self.size.height, typing=self.has_focus)
        if self.has_focus:
            for row, line in enumerate(content.plain.split("\n")):
                if (column := line.find(POINTED)) >= 0:
                    place_cursor(self, column, row)
        return content
