"""How commands declare their options and arguments: each in one line."""

from __future__ import annotations

from typing import Any

import typer


def option(names: str, metavar: str, help: str, *, min: float | None = None, max: float | None = None) -> Any:
    """An option with a value. `names` has a space between: `--out -o`; `min` and `max` bound a number."""
    return typer.Option(*names.split(), metavar=metavar, help=help, min=min, max=max)


def flag(names: str, help: str) -> Any:
    """An option without a value."""
    return typer.Option(*names.split(), help=help)


def argument(metavar: str, help: str) -> Any:
    """What follows the command's name."""
    return typer.Argument(metavar=metavar, help=help)
