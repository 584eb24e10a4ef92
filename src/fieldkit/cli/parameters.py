"""How commands declare their options and arguments, each in one line, and how help shows them: without notation of types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from fieldkit.cli.prompts import typed_or_given
from fieldkit.text import bounds_in_words


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


class PlainCommand(TyperCommand):
    """A command whose help has no notation of types."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The line of usage: brackets only round what may be left out."""
        pieces = [self.options_metavar] if self.options_metavar else []
        for param in self.get_params(ctx):
            if param.param_type_name == "argument":
                pieces.append(_name_of(param) if param.required else f"[{_name_of(param)}]")
        return pieces

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options."""
        _write_parameters(self, ctx, formatter)


class PlainGroup(TyperGroup):
    """A group of commands whose help has no notation of types."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, then the commands."""
        _write_parameters(self, ctx, formatter)
        self.format_commands(ctx, formatter)


def _write_parameters(command: Any, ctx: Any, formatter: Any) -> None:
    records: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
    for param in command.get_params(ctx):
        if (record := param.get_help_record(ctx)) is None:
            continue
        name, about = record
        low, high = getattr(param, "min", None), getattr(param, "max", None)
        if bounds := bounds_in_words(low, high):
            about = about.replace(param._get_number_range_help_str(), bounds)
        if param.param_type_name == "argument":
            records["Arguments"].append((_name_of(param), about))
        else:
            records["Options"].append((name, about))
    for title, lines in records.items():
        if lines:
            with formatter.section(title):
                formatter.write_dl(lines)


def _name_of(argument: Any) -> str:
    """What help calls a positional argument; `…` follows one that may be given several times."""
    name = str(argument.metavar or argument.name.upper()).strip("[]")
    return name if argument.nargs == 1 or name.endswith("…") else f"{name}…"
