"""The program `fieldkit`: all commands in one tree, each loaded when it is used, and running one of them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, MutableMapping, Sequence
from functools import cache
from typing import Annotated, Any

import typer

from fieldkit import __version__
from fieldkit.cli.commands import COMMANDS
from fieldkit.cli.error_reports import guarded
from fieldkit.cli.global_options import split_arguments
from fieldkit.cli.options import add, new_app
from fieldkit.cli.parameters import PlainGroup, flag, option
from fieldkit.cli.run_session import OpenApp, Session


class _LoadedWhenUsed(MutableMapping[str, Any]):
    """The commands by name; one is loaded when it is looked up."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            module, _, attribute = COMMANDS[name].path.partition(":")
            program = getattr(importlib.import_module(f"fieldkit.cli.commands.{module}"), attribute)
            if not isinstance(program, typer.Typer):
                single = new_app("")
                add(single, name, program)
                program = single
            self._loaded[name] = typer.main.get_command(program)
            self._loaded[name].name = name
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Group(PlainGroup):
    """All commands: `--help` lists them from the table and loads none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = _LoadedWhenUsed()

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the table."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands with their lines."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.line) for name, entry in COMMANDS.items()])


app = new_app(
    "An offline field kit: record what patients and carers experience, carry it by hand, turn it into "
    "evidence.\n\n"
    "Without a command it opens the kit's screens, or with --plain a menu in plain lines. "
    "Exit codes: 0 done, 1 failed, 2 misused, 3 done but something was refused or quarantined.",
    _Group,
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"fieldkit {__version__}")
        raise typer.Exit


@app.callback()
def before(
    context: typer.Context,
    kit: Annotated[
        str | None,
        option(
            "--kit", "DIR", "The kit's folder; else FIELDKIT_HOME, else the usual place for a program's data."
        ),
    ] = None,
    passphrase_file: Annotated[
        str | None,
        option(
            "--passphrase-file",
            "FILE",
            "A file with the passphrase on its first line; else FIELDKIT_PASSPHRASE, or you are asked.",
        ),
    ] = None,
    plain: Annotated[
        bool,
        flag(
            "--plain",
            "Without a command, and for demo: a menu in plain lines in the place of screens; also FIELDKIT_PLAIN=1.",
        ),
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Take the options that may come before every command. Commands answer in plain lines, with --plain or without;
    `demo` opens screens.
    """
    if not isinstance(context.obj, Session):
        context.obj = Session.of(kit, passphrase_file, context.obj, plain=plain)


def run(args: Sequence[str], open_app: OpenApp | Session | None = None) -> int:
    """Run one command; returns its exit code and never raises. Given a session instead of `open_app`, it runs in that session."""
    options, rest = split_arguments(args)
    own = rest[: rest.index("--")] if "--" in rest else rest
    arguments = [*(word for pair in options.items() for word in pair), *rest]
    return guarded(lambda: _invoke(arguments, open_app), options, as_json="--json" in own)


@cache
def _built() -> Any:
    """The whole tree as one command object; building it takes longer than most commands."""
    return typer.main.get_command(app)


def _invoke(arguments: list[str], open_app: OpenApp | Session | None) -> int:
    command = _built()
    try:
        # Not through the command's own main(), which words interrupts and closed pipes in its own way.
        with command.make_context("fieldkit", arguments, obj=open_app) as context:
            result: Any = command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    return result if isinstance(result, int) else 0
