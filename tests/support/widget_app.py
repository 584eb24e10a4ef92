"""A small app that shows one widget in the frame, for tests of widgets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from fieldkit.widgets.frame import KitScreen
from fieldkit.widgets.key_queue import KeysInTurn
from themed import use_themes

HOSTILE = (
    "[/] [@click=app.quit]x[/]",
    "[bold",
    "\x1b[31mred\x1b]0;title\x07",
    "ਪੰਜਾਬੀ ਵਿੱਚ ਲਿਖਿਆ",
    "אבגד \u202eעברית",
    "診療所の待ち時間が長い",
    "👩‍👩‍👧‍👦 family 🇬🇧 e\u0301",
    "two\r\nlines\x00\ud800",
)


class Shown(KitScreen):
    """A screen with one widget that keeps every message the widget posts."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.messages: list[Message] = []

    def body(self) -> ComposeResult:
        yield self.widget

    def of(self, kind: type[Any]) -> list[Any]:
        """The messages of one kind, oldest first."""
        return [message for message in self.messages if isinstance(message, kind)]

    async def _dispatch_message(self, message: Message) -> None:
        if type(message).__module__.startswith("fieldkit.widgets"):
            self.messages.append(message)
        await super()._dispatch_message(message)


class WidgetApp(KeysInTurn):
    """Shows a widget, or a screen."""

    device_name = "St Mary's laptop 1"
    saved_note = ""

    def __init__(self, widget: Widget | KitScreen) -> None:
        super().__init__()
        self.shown = widget if isinstance(widget, KitScreen) else Shown(widget)

    def on_mount(self) -> None:
        use_themes(self)
        self.push_screen(self.shown)


def text_of(app: App[Any]) -> str:
    """The text of the screen, line by line, without styles."""
    width, height = app.size
    lines = app.screen._compositor.render_strips(app.size)
    assert len(lines) == height
    return "\n".join("".join(segment.text for segment in line)[: width * 2] for line in lines)


def type_ahead(app: App[Any], keys: Iterable[str]) -> None:
    """Put keys into the app's queue all at once, as a fast typist on a slow laptop does."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


def paste(app: App[Any], text: str) -> None:
    """Paste as a terminal does."""
    app.post_message(events.Paste(text))
