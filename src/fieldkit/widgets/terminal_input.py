"""What a terminal sends, mended where the toolkit would read it wrongly: pastes, and Esc with a key right behind it.

A terminal marks where a paste begins and ends. But the toolkit looks for escape sequences between the marks too: copied
colours would end the paste half-way, and the rest would be taken for keys, Enter and Tab among them. So escape characters are
removed from a paste before the toolkit reads it; they would never be stored anyway.

A terminal sends Alt+D as Esc and D, so a slow laptop, which reads both at once, can't tell the two apart. The toolkit takes
them for Alt+D, or loses the Esc. Nearly nothing is bound to Alt, and people press Esc all the time: so they are Esc and D,
unless something on the screen is bound to Alt+D.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser

BEGIN, END, _ESCAPE = "\x1b[200~", "\x1b[201~", "\x1b"
_ALT = "alt+"
_WITH_ESCAPE = frozenset(_ESCAPE + letter for letter in "0123456789-=§bf")
"""Two characters that the toolkit takes for one letter of a Mac's keyboard, or for an arrow with Ctrl."""
_ARROWS = {"alt+b": "ctrl+left", "alt+f": "ctrl+right"}
"""What a Mac's arrows with Option send, and the keys that they are where a text is edited."""


class PasteFilter:
    """Removes escape characters from pastes, in a stream that arrives in pieces of any length."""

    def __init__(self) -> None:
        self._inside = False
        self._matched = 0
        """How many characters of the next mark have arrived."""

    def __call__(self, data: str) -> str:
        """The next piece, ready to be read. Keys are never held back; inside a paste, the beginning of its end mark is."""
        return "".join(letter for given in data for letter in self._next(given))

    def _next(self, letter: str) -> Iterator[str]:
        mark = END if self._inside else BEGIN
        if letter == mark[self._matched]:
            self._matched += 1
            if not self._inside:
                yield letter
            if self._matched == len(mark):
                if self._inside:
                    yield END
                self._inside, self._matched = not self._inside, 0
            return
        if self._inside:
            yield mark[1 : self._matched]
        self._matched = int(letter == _ESCAPE)
        if not (self._inside and letter == _ESCAPE):
            yield letter


def keep_pastes_whole() -> None:
    """From now on, pass everything that the toolkit reads from the terminal through a `PasteFilter`."""
    feed = XTermParser.feed
    if getattr(feed, "keeps_pastes_whole", False):
        return

    def filtered(parser: Any, data: str) -> Iterable[Any]:
        if not hasattr(parser, "paste_filter"):
            parser.paste_filter = PasteFilter()
        # An empty piece tells the toolkit that the terminal is gone.
        kept = parser.paste_filter(data)
        return feed(parser, kept) if kept or not data else ()

    filtered.keeps_pastes_whole = True  # type: ignore[attr-defined]  # a mark on a function
    XTermParser.feed = filtered  # type: ignore[method-assign,assignment]  # the toolkit offers no other way in


def keep_escapes() -> None:
    """From now on, the toolkit reports every letter, digit, sign and Enter behind an Esc as a key with Alt and a character."""
    parsed = XTermParser._sequence_to_key_events
    if getattr(parsed, "keeps_escapes", False):
        return

    def kept(parser: Any, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if not alt and sequence not in _WITH_ESCAPE:
            yield from parsed(parser, sequence)
            return
        for event in parsed(parser, sequence[-1], alt=True):
            typed = event.character or ""
            if event.key.startswith(_ALT) or not (typed.isprintable() or typed == "\r"):
                yield event
            else:
                yield events.Key(_ALT + event.key, event.character)

    kept.keeps_escapes = True  # type: ignore[attr-defined]  # a mark on a function
    XTermParser._sequence_to_key_events = kept  # type: ignore[method-assign,assignment]  # the toolkit offers no other way in


def as_pressed(event: events.Key, bound: Collection[str]) -> list[events.Key]:
    """The keys that somebody pressed where a key with Alt arrives, on a screen where the keys in `bound` do something.

    Newer terminals tell Alt from Esc: they send no character with it, and such a key stays what it is.
    """
    if not event.key.startswith(_ALT) or not event.character or event.key in bound:
        return [event]
    arrow = _ARROWS.get(event.key, "")
    if arrow in bound:
        return [events.Key(arrow, None)]
    name = event.character if event.character.isalnum() else event.key.removeprefix(_ALT)
    return [events.Key("escape", _ESCAPE), events.Key(name, event.character)]
