"""Options that several commands share, and the session that every command finds in its context."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from fieldkit.cli.parameters import PlainCommand, PlainGroup, argument, flag, option
from fieldkit.cli.run_session import Session

Json = Annotated[bool, flag("--json", "Print JSON instead of text.")]
Id = Annotated[
    str,
    argument(
        "ID",
        "The record's id, 4 characters of it or more, or what lists show of it, in quotation marks.",
        asks="The record",
    ),
]
KindName = Annotated[str, argument("KIND", "The kind of record: feedback, event, partner, person, session …")]
DeviceName = Annotated[str, option("--as", "NAME", "What this laptop is called in the network.")]
SafeguardingLead = Annotated[
    str | None,
    option(
        "--safeguarding-lead",
        "TEXT",
        "The safeguarding lead's name and number, kept on this laptop alone; else you are asked.",
    ),
]
NoPassphrase = Annotated[
    bool,
    flag(
        "--no-passphrase", "Make a kit that opens without a passphrase: whoever has the laptop can read it."
    ),
]
PresetName = Annotated[str, option("--preset", "NAME", "How small numbers are hidden: ten, fft or hes.")]
Yes = Annotated[bool, flag("--yes", "Do not ask first: for scripts that mean what they say.")]
Target = Annotated[Path, option("--out -o", "FILE|DIR", "Where to write it.")]


def session(context: typer.Context) -> Session:
    """What was given before the command."""
    opened = context.find_root().obj
    assert isinstance(opened, Session)
    return opened


def add(app: typer.Typer, name: str, command: Callable[..., object]) -> None:
    """Add a command. Lists of commands show the whole first line of its help, not cut to fit."""
    app.command(name, short_help=(command.__doc__ or "").strip().partition("\n")[0], cls=PlainCommand)(
        command
    )


def new_app(help: str, cls: type[PlainGroup] = PlainGroup) -> typer.Typer:
    """A group of commands, without shell completion and without tracebacks."""
    return typer.Typer(
        cls=cls,
        help=help,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
