"""One question about a file of figures: its options by their keys, and what may be typed in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fieldkit.errors import Misuse
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_session import KEPT
from fieldkit.text import clean_line

Answered = Callable[[str], FigureChoices]
MOST_OPTIONS = 200
"""Longer lists are not shown: who asks names a few of them, and the answer is typed."""


@dataclass(frozen=True)
class Option:
    """One answer: the key that gives it, its words, and the choices that follow."""

    key: str
    label: str
    choices: FigureChoices


@dataclass(frozen=True)
class FigureQuestion:
    """One question. `option` is what answers it on a command line.

    `typed` says what may be typed in the place of an option, "" where nothing may be; `answered` then reads it.
    `first`: Enter means the first option, which is a suggestion.
    """

    code: str
    text: str
    options: tuple[Option, ...]
    option: str
    typed: str = ""
    answered: Answered | None = None
    first: bool = False

    def answer(self, typed: str) -> FigureChoices:
        """The choices that an answer makes: the key of an option, or what may be typed.

        Raises:
            Misuse: it is no answer.
        """
        given = clean_line(typed)
        if not given and self.first and self.options:
            return self.options[0].choices
        for option in self.options:
            if given.casefold() == option.key:
                return option.choices
        if self.answered is not None and given:
            return self.answered(given)
        keys = ", ".join(option.key for option in self.options)
        raise Misuse(
            f"“{given[:40]}” is no answer to this." if given else "No answer was given.",
            kept=KEPT,
            hint=" ".join(
                filter(
                    None, (f"Answer {keys}." if keys else "", f"Or type {self.typed}." if self.typed else "")
                )
            ),
        )


def numbered(choices: Sequence[tuple[str, FigureChoices]]) -> tuple[Option, ...]:
    return tuple(Option(str(number), label, made) for number, (label, made) in enumerate(choices, 1))


def listed(pairs: Sequence[tuple[str, FigureChoices]]) -> tuple[Option, ...]:
    """All of them, by numbers; none where they are too many to look through."""
    return numbered(pairs) if len(pairs) <= MOST_OPTIONS else ()
