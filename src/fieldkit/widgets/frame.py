"""The frame that every screen shares: where you are, which device this is, which keys work, when it was saved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Literal

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Offset
from textual.reactive import reactive
from textual.timer import Timer
from textual.visual import Visual
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.widgets import stylesheet
from fieldkit.widgets.covers import Coverable
from fieldkit.widgets.key_hints import KeyHint, chosen_hints, gap_of, hints_of, hints_width
from fieldkit.widgets.plain import Hanging, fit, fit_parts, plain, wrapped
from fieldkit.widgets.real_cursor import show_cursor

Kind = Literal["information", "warning", "error"]

_SIGNS: dict[Kind, str] = {"information": "▪", "warning": "!", "error": "×"}
_STYLES: dict[Kind, str] = {"information": "$accent", "warning": "bold $warning", "error": "bold $error"}
NOTICE_SECONDS: dict[Kind, float] = {"information": 6, "warning": 15, "error": 60}
"""How long a sentence above the bottom line stays, in seconds."""

_NAME = "fieldkit"
_LEAST_PLACE = 26
"""Cells of the top line kept for the program's name and the place, however long the note at its right is."""


class TopLine(Widget):
    """` fieldkit  where you are                      which device`."""

    place: reactive[str] = reactive("")
    short_place: reactive[str] = reactive("")
    """The place, shortened for a small window; "" if nothing shorter exists."""
    note: reactive[str] = reactive("")
    short_note: reactive[str] = reactive("")
    """The note without the device's name: used if only then the place is whole."""

    def place_lines(self, place: str, note: str, width: int) -> list[str]:
        """The lines of a place that is to be whole beside a note, on a screen of `width` cells."""
        return wrapped(place, max(8, width - 2 - len(_NAME) - 2 - cell_len(note) - 2))

    def render(self) -> Content:
        width = self.size.width - 2
        name = _NAME
        if self.size.height > 1:
            first, *more = self.place_lines(self.place, self.note, self.size.width)
            gap = " " * max(0, width - len(name) - 2 - cell_len(first) - cell_len(self.note))
            below = [(f"\n{' ' * (len(name) + 3)}{line}", "bold") for line in more]
            return Content.assemble(
                " ", (name, "bold $accent"), "  ", (first, "bold"), gap, (self.note, "$text-muted"), *below
            )
        room = width - len(name) - 2 - cell_len(self.place)
        whole = [note for note in (self.note, self.short_note) if (cell_len(note) + 2 if note else 0) <= room]
        parted = " · " in self.place and not self.short_place
        note = whole[0] if whole else self.short_note if parted else self.note
        # The step of a form says more than the end of its name.
        right = fit(note, max(width // 2, min(width * 3 // 5, width - _LEAST_PLACE)))
        room = width - len(name) - 2 - (cell_len(right) + 2 if right else 0)
        left = fit_parts(
            self.short_place if self.short_place and cell_len(self.place) > room else self.place, room
        )
        gap = " " * max(0, width - len(name) - 2 - cell_len(left) - cell_len(right))
        return Content.assemble(
            " ", (name, "bold $accent"), "  ", (left, "bold"), gap, (right, "$text-muted")
        )


class Rule(Widget):
    """A line across the screen."""

    def __init__(self) -> None:
        super().__init__(classes="rule")

    def render(self) -> Content:
        return Content("─" * self.size.width)


class BottomLine(Widget):
    """A rule, and below it ` f1 help   ^p commands                saved 14:02`: the keys that work now.

    If the keys do not fit beside the time, it moves up to the end of the rule; after that, only the most useful keys are
    named.
    """

    hints: reactive[tuple[KeyHint, ...]] = reactive(())
    saved: reactive[str] = reactive("")

    def render(self) -> Content:
        width = self.size.width - 2
        right = fit(self.saved, width // 2)
        room = width - (cell_len(right) + 2 if right else 0)
        raised = bool(right) and hints_width(self.hints) > room
        if raised:
            room = width
        parts: list[str | tuple[str, str]] = []
        if raised:
            parts += [
                ("─" * (width - cell_len(right) - 1), "$border-blurred"),
                f" {right} ",
                ("─", "$border-blurred"),
            ]
        else:
            parts.append(("─" * self.size.width, "$border-blurred"))
        parts.append("\n ")
        gap, used = " " * gap_of(self.hints, room), 0
        for hint in chosen_hints(self.hints, room):
            between = gap if used else ""
            parts += [between, (hint.key, "bold $accent"), f" {hint.label}"]
            used += len(between) + hint.width
        if right and not raised:
            parts += [" " * max(0, width - used - cell_len(right)), (right, "$text-muted")]
        return Content.assemble(*parts)


class NoticeLine(Static):
    """A sentence above the bottom line. It goes by itself; a serious one stays longer. Meanwhile its screen has the class
    `-noticed`.
    """

    message = ""
    """The sentence shown last."""
    _kind: Kind = "information"
    _timer: Timer | None = None

    def show_message(self, message: str, kind: Kind) -> None:
        """Show `message` as plain text behind the sign of its `kind`."""
        is_new = (message, kind, True) != (self.message, self._kind, self.has_class("-shown"))
        self.message, self._kind = message, kind
        if is_new:
            # A sentence already in view only stays longer: holding a key down lays the screen out once.
            self.update(self.drawn(Content.styled(_SIGNS[kind], _STYLES[kind]), message))
        self.add_class("-shown")
        self.screen.add_class("-noticed")
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(NOTICE_SECONDS[kind], self.clear)

    def drawn(self, sign: Content, message: str) -> Visual:
        """How a sentence is drawn with its sign."""
        return Hanging(Content.assemble(sign, " ", plain(message)))

    def clear(self) -> None:
        """Remove the sentence."""
        self.remove_class("-shown")
        self.screen.remove_class("-noticed")


class KitScreen(Coverable[Any]):
    """A screen in the frame. Subclasses yield their widgets from `body` and set `page_title`.

    The right of the top line shows the app's `window_note`, and `page_note` or the app's `device_name`. The right of the
    bottom line shows the app's `saved_note`. The line above shows the app's `current_notice`, unless the screen has a notice
    of its own.
    """

    NOTICE_LINE: ClassVar[type[NoticeLine]] = NoticeLine
    """The line of the notices."""

    DEFAULT_CSS = stylesheet("frame")
    BINDINGS: ClassVar = [Binding("ctrl+c", "app.help_quit", show=False)]

    COMMANDS_FOR: ClassVar[str] = ""
    """The commands of `fieldkit.commands` that the palette offers here."""

    PAGE_TITLE: ClassVar[str] = ""
    """A screen's first title; a changing one is put into `page_title`."""

    WHOLE_TITLE: ClassVar[bool] = False
    """Whether a title that does not fit takes further lines: it names people, and one alone would be cut."""

    page_title: reactive[str] = reactive("")
    short_title = ""
    """The title to show if the whole one does not fit; "" for its beginning. Set it before the title."""
    page_note: reactive[str] = reactive("")

    _is_sized = False

    @property
    def takes_keys(self) -> bool:
        """Whether keys may come: the screen was drawn, and begins to read what it shows."""
        return self._is_sized and not self.comes_into_view

    def waits_with(self, key: str) -> bool:
        """Whether this key must wait, though others may come; "" is a pasted text."""
        return False

    @property
    def cursor_home(self) -> Offset:
        """Where the terminal's cursor is while nothing on the screen has the focus: at its first line."""
        return self.query_one("#body").region.offset

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Rule()
        with Vertical(id="body"):
            yield from self.body()
        yield self.NOTICE_LINE()
        with Vertical(id="foot"):
            yield BottomLine()

    def body(self) -> ComposeResult:
        """What the screen shows between the rules."""
        yield from ()

    def show_notice(self, message: str, kind: Kind = "information") -> None:
        """Show a sentence above the bottom line, always as plain text. An older one does not return on any screen."""
        if message != getattr(self.app, "current_notice", ""):
            self.app.current_notice = ""  # type: ignore[attr-defined]
        self.query_one(NoticeLine).show_message(message, kind)
        self._clear_below()
        self.call_after_refresh(self._keep_line_in_view)

    def _clear_below(self) -> None:
        """Remove the older sentences of the screens below, which come into view again."""
        for screen in self.app.screen_stack:
            if screen is self:
                break
            if isinstance(screen, KitScreen):
                screen.clear_notice()

    def _keep_line_in_view(self) -> None:
        """Scroll to the focused input: a notice of several rows takes room from what is above it."""
        if isinstance(self.focused, Input):
            self.focused.scroll_visible(animate=False)

    def unknown_key(self, key: str, shown: str, more: str) -> str:
        """The answer to a key that does nothing here, `shown` as people write it; "" where that answer is in view.

        `more` says who names the keys that do something.
        """
        return f"The key {shown} does nothing here.{more}"

    @property
    def shown_notice(self) -> str:
        """The sentence above the bottom line, "" if there is none."""
        line = self.query_one(NoticeLine)
        return line.message if line.has_class("-shown") else ""

    def clear_notice(self, message: str = "") -> None:
        """Remove that sentence, since it no longer holds. With `message`, remove only that sentence."""
        line = self.query_one(NoticeLine)
        if not message or line.message == message:
            line.clear()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a command only if the screen has a method for it, so that the bottom line is true."""
        if action == "command":
            return self._command(str(parameters[0])) is not None
        return super().check_action(action, parameters)

    def names_key(self, action: str, usually: bool) -> bool:
        """Whether the bottom line names the key of `action` now; `usually`: whether it does so whenever the key works."""
        return usually

    def _command(self, id: str) -> Callable[[], Awaitable[None] | None] | None:
        return getattr(self, "command_" + id.replace("-", "_"), None)

    async def action_command(self, id: str) -> None:
        """Run the screen's method for the command `id`: `command_<id>`, with _ for -."""
        if (run := self._command(id)) is not None and (waits := run()) is not None:
            await waits

    def on_mount(self) -> None:
        self.page_title = self.page_title or self.PAGE_TITLE
        self.bindings_updated_signal.subscribe(self, lambda _: self.refresh_frame())
        self.refresh_frame()
        show_cursor(self)
        self.call_after_refresh(self._ready)

    def _ready(self) -> None:
        self._is_sized = True

    def on_screen_resume(self) -> None:
        self.refresh_frame()
        self.call_after_refresh(self._keep_notice)

    def _keep_notice(self) -> None:
        """Show the app's notice on the screen that comes into view, unless the screen has its own."""
        sentence = str(getattr(self.app, "current_notice", ""))
        if sentence and not self.COVERS and not self.shown_notice:
            self.show_notice(sentence)

    @property
    def title_rows(self) -> int:
        """The rows of a title that is shown whole."""
        top = self.query_one(TopLine)
        return max(1, len(top.place_lines(top.place, top.note, self.size.width)))

    def on_resize(self) -> None:
        if self.WHOLE_TITLE:
            self.refresh_frame()

    def watch_page_title(self) -> None:
        self.refresh_frame()

    def watch_page_note(self) -> None:
        self.refresh_frame()

    def refresh_frame(self) -> None:
        """Redraw the top and the bottom line."""
        if not self.is_mounted:
            return
        top, bottom = self.query_one(TopLine), self.query_one(BottomLine)
        top.place, top.short_place = self.page_title, self.short_title
        window = str(getattr(self.app, "window_note", ""))
        note = self.page_note or str(getattr(self.app, "device_name", ""))
        top.note = " · ".join(filter(None, (window, note)))
        top.short_note = " · ".join(filter(None, (window, self.page_note)))
        if self.WHOLE_TITLE and self.size.width:
            top.styles.height = self.title_rows
        bottom.saved = str(getattr(self.app, "saved_note", ""))
        bottom.hints = hints_of(self)
