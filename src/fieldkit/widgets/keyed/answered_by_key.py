"""Answers given by one key: a digit, a letter or a sign."""

from __future__ import annotations

import time

from textual import events

from fieldkit.widgets.answers import Drawn
from fieldkit.widgets.plain import ELLIPSIS, fit

_BURST = 0.8
"""Seconds: text typed this soon after a key that answers nothing belongs to it, and answers nothing either."""

_MOST_NAMED = 16
"""The most cells of typed text that the sentence about it shows."""


class AnsweredByKey(Drawn):
    """Text typed here by mistake (a postcode, for example) must not answer through the keys in it."""

    _slipped = 0.0
    _refused = ""
    """The text typed since the key that answered nothing, including that key."""
    KEYS: str
    """Which keys answer, in words: `1 to 4 or 0`."""
    ACCEPTED = "0123456789+"
    """The characters that answer."""

    @property
    def keys_in_words(self) -> str:
        """Which keys answer now."""
        return self.KEYS

    def left(self) -> None:
        self._slipped, self._refused, self.slip = 0.0, "", ""
        self.refresh(layout=True)

    def refuses(self, event: events.Key) -> bool:
        """Refuse a key that belongs to text meant for another question, in a sentence beside this one; whether it did."""
        letter = event.character if event.is_printable else None
        now = time.monotonic()
        in_text = now - self._slipped <= _BURST
        if not letter or letter == "?" or (letter == " " and not in_text):
            return False
        if letter in self.ACCEPTED and not in_text:
            if self.slip:
                self._refused = self.slip = ""
                self.refresh(layout=True)
            return False
        self._refused += letter
        if letter.isupper() and letter.lower() in self.ACCEPTED:
            self.slip_now(now, "A capital letter answers nothing: is Caps Lock on?")
        else:
            self.slip_now(now, typed=self._refused)
        return True

    def slip_now(
        self, now: float, more: str = "Other keys and text change nothing here.", *, typed: str = ""
    ) -> None:
        """Say that `typed` is no answer here, which keys are, and one more sentence, `more`."""
        named = f": {fit(typed, _MOST_NAMED)}" if typed else ""
        stop = "" if named.endswith(ELLIPSIS) else "."
        self._slipped, self.slip = now, f"Not accepted{named}{stop} Press {self.keys_in_words}. {more}"
        self.refresh(layout=True)

    def paste(self, text: str) -> None:
        self.slip_now(time.monotonic(), "What was pasted is not kept.", typed="pasted text")
