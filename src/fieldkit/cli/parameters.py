"""How commands declare their options and arguments: each in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from fieldkit.cli.prompts import typed_or_given


def option(
    names: str, metavar: str, help: str, *, min: float | None = None, max: float | None = None, asks: str = ""
) -> Any:
    """An option with a value. `names` are separated by spaces: `--out -o`; `min` and `max` bound a number. `asks`: see
    `argument`.
    """
    return typer.Option(
        *names.split(),
        metavar=metavar,
        help=help + _ASKED * bool(asks),
        min=min,
        max=max,
        callback=_asking(asks),
    )


def flag(names: str, help: str) -> Any:
    """An option without a value."""
    return typer.Option(*names.split(), help=help)


def argument(metavar: str, help: str, *, asks: str = "") -> Any:
    """A positional argument of a command.

    `asks` describes a value that may be a person's name or words: given as -, it is asked for, so that no shell remembers it.
    """
    return typer.Argument(metavar=metavar, help=help + _ASKED * bool(asks), callback=_asking(asks))


_ASKED = " - asks for it."


def _asking(what: str) -> Callable[[str | None], str | None] | None:
    return (lambda given: given and typed_or_given(what, given)) if what else None
