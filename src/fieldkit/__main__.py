"""The program's entry point: opens the kit's screens or runs a command, and imports nothing else."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

_PLAIN = "--plain"


def main(argv: Sequence[str] | None = None) -> int:
    """Run fieldkit with these arguments (the program's own by default); returns the exit code."""
    from fieldkit import helper_process
    from fieldkit.cli.global_options import split_arguments
    from fieldkit.operating_system import disable_core_dumps

    given = sys.argv[1:] if argv is None else argv
    if helper_process.asked(given):
        return helper_process.main(given)
    disable_core_dumps()
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal can't encode is escaped; it must never abort a command.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # not every stream has it
    options, rest = split_arguments(given)
    if rest and set(rest) != {_PLAIN}:
        from fieldkit.cli import main as run_command

        return run_command(
            [*(word for pair in options.items() for word in pair), *rest],
            partial(_open_for_command, rest[0] == _PLAIN),
        )
    from fieldkit.cli.error_reports import guarded

    return guarded(lambda: _screens(options, plain=bool(rest)), options)


def _open_closed_streams() -> None:
    """Open closed standard streams on the null device: else the next opened file would become one of them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _screens(options: dict[str, str], *, plain: bool) -> int:
    from fieldkit.cli.run_session import Session
    from fieldkit.preferences import plain_lines_wanted

    session = Session.of(options.get("--kit"), options.get("--passphrase-file"), _open_app)
    if plain or plain_lines_wanted():
        from fieldkit.cli.plain.plain_menu import run_menu

        return run_menu(session)
    session.demand_terminal()
    return _open_app(session.folder, session.given_secret(), False)


def _open_for_command(plain: bool, folder: Path, secret: str | None, demo: bool) -> int:
    """Open a kit that a command has made: in plain lines if they are requested, else on screens."""
    from fieldkit.cli.run_session import Session
    from fieldkit.preferences import plain_lines_wanted

    if plain or plain_lines_wanted():
        from fieldkit.cli.plain.plain_menu import run_menu

        return run_menu(Session(folder, open_app=_open_app))
    return _open_app(folder, secret, demo)


def _open_app(folder: Path, secret: str | None, demo: bool) -> int:
    # Until the first frame: objects that modules create while loading stay, so the garbage collector finds nothing.
    gc.disable()
    from fieldkit.preferences import read_preferences

    preferences = read_preferences()
    problems = list(preferences.problems)
    if preferences.keys:
        from fieldkit.commands.remapping import (
            use_keys,
        )  # loads the screens' library, which the app does anyway

        problems += use_keys(preferences.keys)
    from fieldkit.app import run  # screens read their keys when they are loaded

    return run(folder, secret, demo, preferences.theme, problems)


if __name__ == "__main__":
    sys.exit(main())
