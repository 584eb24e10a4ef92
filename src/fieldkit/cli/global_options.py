"""The two options that apply to every command, found anywhere on the command line."""

from __future__ import annotations

from collections.abc import Sequence

OPTIONS = ("--kit", "--passphrase-file")


def split_arguments(arguments: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """`--kit` and `--passphrase-file` with their values, and the other words in order.

    The search ends at a bare `--`. An option without a value stays where it is, for the command line to complain about.
    """
    options: dict[str, str] = {}
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            return options, [*rest, argument, *waiting]
        name, equals, value = argument.partition("=")
        if name not in OPTIONS or (not equals and not waiting):
            rest.append(argument)
        else:
            options[name] = value if equals else waiting.pop(0)
    return options, rest
