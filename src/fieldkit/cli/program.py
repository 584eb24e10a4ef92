"""All commands in one tree, and running one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer

from fieldkit import __version__
from fieldkit.cli import (
    OpenApp,
    aside,
    backups,
    bundles,
    conflicts,
    devices,
    histories,
    keys,
    merging,
    receiving,
    recording,
    records,
    reports,
    rights,
    rules,
    setup,
    status,
    undoing,
)
from fieldkit.cli.error_reports import guarded
from fieldkit.cli.global_options import split_words
from fieldkit.cli.options import new_app
from fieldkit.cli.run_session import Session

app = new_app(
    "An offline field kit: record what patients and carers experience, carry it by hand, turn it into "
    "evidence.\n\n"
    "Without a command it opens the kit's screens. A command ends with 0 when it is done, 1 when it failed, "
    "2 when it was misused, 3 when it is done but something was refused or quarantined."
)
for module in (
    setup,
    recording,
    records,
    histories,
    undoing,
    bundles,
    merging,
    receiving,
    aside,
    status,
    reports,
    rights,
    backups,
    devices,
    conflicts,
    keys,
):
    module.register(app)
rules.register(app, setup.network)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"fieldkit {__version__}")
        raise typer.Exit


@app.callback()
def before(
    context: typer.Context,
    kit: Annotated[
        str | None,
        typer.Option(
            "--kit",
            metavar="DIR",
            help="The kit's folder; else FIELDKIT_HOME, else the usual place for a program's data.",
        ),
    ] = None,
    passphrase_file: Annotated[
        str | None,
        typer.Option(
            "--passphrase-file",
            metavar="FILE",
            help="A file with the passphrase on its first line; else FIELDKIT_PASSPHRASE, or you are asked.",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Take the options that stand before every command."""
    context.obj = Session.of(kit, passphrase_file, context.obj)


def run(args: Sequence[str], open_app: OpenApp | None = None) -> int:
    """Run one command; returns its exit code and never raises."""
    options, rest = split_words(args)
    own = rest[: rest.index("--")] if "--" in rest else rest
    words = [*(word for pair in options.items() for word in pair), *rest]
    return guarded(lambda: _invoke(words, open_app), options, as_json="--json" in own)


@cache
def _built() -> Any:
    """The whole tree as one command object; making it takes longer than most commands."""
    return typer.main.get_command(app)


def _invoke(words: list[str], open_app: OpenApp | None) -> int:
    command = _built()
    try:
        # Not through the command's own main(), which has its own words for interrupts and closed pipes.
        with command.make_context("fieldkit", words, obj=open_app) as context:
            result: Any = command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    return result if isinstance(result, int) else 0
