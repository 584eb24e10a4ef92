"""One question about a file of figures: its options by key, and what may be typed instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fieldkit.errors import Misuse
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_session import KEPT
from fieldkit.text import clean_line, quoted

Answered = Callable[[str], FigureChoices]
MOST_OPTIONS = 200
"""Longer lists are not shown: the question names a few options, and the answer is typed."""


@dataclass(frozen=True)
class Option:
    """One answer: its key, its words, and the choices that it leads to."""

    key: str
    label: str
    choices: FigureChoices


@dataclass(frozen=True)
class FigureQuestion:
    """One question. `option` is the command-line option that answers it.

    `typed` says what may be typed instead of an option's key, "" if nothing may; `answered` then reads it. `first`: Enter
    takes the first option, which is a suggestion.
    """

    code: str
    text: str
    options: tuple[Option, ...]
    option: str
    typed: str = ""
    answered: Answered | None = None
    first: bool = False

    def answer(self, typed: str) -> FigureChoices:
        """The choices after an answer: the key of an option, or typed text.

        Raises:
            Misuse: it is not an answer to this question.
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
            f"{quoted(given, 40)} is no answer to this." if given else "No answer was given.",
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
    """All options, numbered; empty if there are too many to look through."""
    return numbered(pairs) if len(pairs) <= MOST_OPTIONS else ()
