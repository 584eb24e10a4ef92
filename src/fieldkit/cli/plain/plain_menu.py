"""`fieldkit --plain`: the everyday work as a menu in plain lines, for screen readers and terminals that can't draw screens."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from fieldkit.cli import program
from fieldkit.cli.commands import COMMANDS
from fieldkit.cli.plain.plain_lines import PlainLines
from fieldkit.cli.run_session import Session
from fieldkit.presentation.record_names import line_of
from fieldkit.presentation.saved_texts import ALL_SAVED
from fieldkit.removable_media import name_of, sticks, takes_files
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT, IDENTITY
from fieldkit.text import quoted

_LEAVE, _HELP = "0", "?"


@dataclass(frozen=True)
class _Choice:
    """A line of the menu and the command that it runs."""

    label: str
    arguments: tuple[str, ...]


#: The everyday work, in the order of an event. Commands that this program does not have are left out.
_CHOICES = (
    _Choice("record feedback", ("record", "feedback")),
    _Choice("check people in, count heads", ("checkin",)),
    _Choice("log a mentoring session", ("mentoring", "log")),
    _Choice("choose the event to record at", ("checkin", "--choose")),
    _Choice("export for the coordinator", ("export",)),
    _Choice("status: what is here, what is not sent", ("status",)),
)


def run_menu(session: Session) -> int:
    """Show the menu until somebody leaves; returns the exit code. Raises whatever opening the kit raises."""
    lines = PlainLines(sys.stdout)
    with session.kit() as kit:
        choices, last = dict(_numbered()), ""
        menu = [*(f"  {key} {each.label}" for key, each in choices.items()), f"  {_LEAVE} leave"]
        lines.say(*_head(kit), *menu)
        while True:
            try:
                typed = lines.ask("Number, or ? for the list: ").strip() or last
            except (EOFError, KeyboardInterrupt):
                lines.say(ALL_SAVED)
                return 0
            if typed.casefold() in {_LEAVE, "q", "quit", "exit"}:
                lines.say(ALL_SAVED)
                return 0
            if typed == _HELP:
                lines.say(*_head(kit), *menu, *_help(bool(last)))
            elif arguments := _arguments_of(typed, choices, lines):
                last = typed
                program.run(arguments, replace(session, held=kit))
                lines.say("", *_head(kit))
            elif typed:
                lines.say(
                    f"{quoted(typed, 40)} is not in the menu. Type the number before a line, or a command."
                )


def _arguments_of(typed: str, choices: dict[str, _Choice], lines: PlainLines) -> Sequence[str]:
    """The words of the chosen or typed command; empty for anything else."""
    arguments = choices[typed].arguments if typed in choices else _command_in(typed)
    try:
        return [*arguments, "-o", _place(lines)] if arguments == ("export",) else arguments
    except (EOFError, KeyboardInterrupt):
        return ()


def _place(lines: PlainLines) -> str:
    """The folder to write to: a stick, a typed folder, or the current one."""
    offered = {str(number): stick for number, stick in enumerate(filter(takes_files, sticks()), 1)}
    lines.say(*(f"  {key} {name_of(stick)}" for key, stick in offered.items()))
    typed = lines.ask("Where to? Number of a stick, or a folder; Enter alone for this folder: ").strip()
    return str(offered[typed]) if typed in offered else typed or "."


def _numbered() -> Iterator[tuple[str, _Choice]]:
    numbers = count(1)
    for choice in _CHOICES:
        if choice.arguments[0] in COMMANDS:
            yield str(next(numbers)), choice


def _head(kit: Kit) -> list[str]:
    """Whose kit this is and the event that it records at."""
    name = str((kit.settings.get(IDENTITY) or {}).get("name", ""))
    chosen = kit.settings.get(EVENT)
    event = kit.many("event", [chosen]).get(chosen) if chosen else None
    at = line_of(kit, event, kit.terms()) if event is not None and not event.deleted else "no event chosen"
    return [f"fieldkit{f', {name}' if name else ''}: {at}"]


def _help(again: bool) -> list[str]:
    return [
        "Each line of the menu asks its questions one by one. At a question, ? explains it and Ctrl+C stops it; what was "
        "typed is kept as an unfinished entry, and you are back here.",
        *(["Enter alone does again what was done last."] if again else []),
        "You can also type any command, for example: list person, show Amina, record event. All commands: --help",
    ]


def _command_in(typed: str) -> Sequence[str]:
    """The words of a command-line command; empty for anything else."""
    try:
        arguments = shlex.split(typed.removeprefix("fieldkit "))
    except ValueError:
        return ()
    return (
        arguments
        if arguments and (arguments[0] in COMMANDS or arguments[0] in {"--help", "--version"})
        else ()
    )
