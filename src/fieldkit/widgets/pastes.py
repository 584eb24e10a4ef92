"""A paste stays one paste, whatever it contains.

A terminal marks where a paste begins and ends. But the toolkit looks for escape sequences between the marks too: copied
colours would end the paste half-way, and the rest would be taken for keys, Enter and Tab among them. So escape characters are
removed from a paste before the toolkit reads it; they would never be stored anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from textual._xterm_parser import XTermParser

BEGIN, END, _ESCAPE = "\x1b[200~", "\x1b[201~", "\x1b"


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
