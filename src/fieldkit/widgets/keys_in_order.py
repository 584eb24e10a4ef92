"""What all widgets that are typed into share: their keys are taken in the order in which they were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from textual import events
from textual.widget import Widget


class KeyHost(Protocol):
    """The host of widgets that are typed into, as they see it."""

    def go(self, by: int) -> None:
        """Go to the next (1) or the previous (-1) question, at once."""
        ...

    def take_key(self, event: events.Key) -> bool:
        """Whether the host handles this key itself."""
        ...


# Textual takes styles and bindings from the first base class that is a widget, so the mixin must not be one at run time.
if TYPE_CHECKING:
    _Mixin = Widget
else:
    _Mixin = object


class KeysInOrder(_Mixin):
    """Mixed into every widget that takes an answer's keys: they are handled in the order in which they were typed.

    Focus moves at once when Enter is handled here, but keys typed meanwhile are already in this widget's queue. They are
    passed on to the widget that now has the focus, so that a fast typist on a slow laptop never answers the wrong question.
    """

    host: KeyHost

    def current(self) -> Widget:
        """The widget that keys go to now."""
        focused: Widget | None = self.app.focused
        return focused or self.app.screen

    async def on_key(self, event: events.Key) -> None:
        target = self.current()
        if target is not self:
            event.stop()
            event.prevent_default()
            target._forward_event(events.Key(event.key, event.character))
            return
        if self.host.take_key(event) or await self.press(event):
            event.stop()
            event.prevent_default()
            return
        if event.key in {"enter", "tab"}:
            self.host.go(1)
        elif event.key == "shift+tab":
            self.host.go(-1)
        elif not await self._own_binding(event.key):
            return
        event.stop()
        event.prevent_default()

    async def _own_binding(self, key: str) -> bool:
        # Textual runs bindings only after a key has bubbled up to the app; letters typed after it would overtake it.
        for binding in self._bindings.key_to_bindings.get(key, ()):
            if await self.app.run_action(binding.action, self):
                return True
        return False

    async def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        target = self.current()
        if target is self:
            self.paste(event.text)
        else:
            target._forward_event(events.Paste(event.text))

    async def press(self, event: events.Key) -> bool:
        """Handle the key; False leaves it to the form and to the widget's own bindings."""
        return False

    def paste(self, text: str) -> None:
        """Take a pasted text."""
