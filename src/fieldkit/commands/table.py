"""All commands in one table, and what is made from it: key bindings for screens, and the page about keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from textual.binding import Binding

from fieldkit.commands.command import EVERYWHERE, PLACES, Command
from fieldkit.commands.evidence_commands import EVIDENCE_COMMANDS
from fieldkit.commands.exchange_commands import SYNC_COMMANDS
from fieldkit.commands.form_commands import FORM_COMMANDS, PAPER_COMMANDS
from fieldkit.commands.home_commands import EVERYWHERE_COMMANDS, HOME_COMMANDS
from fieldkit.commands.people_commands import (
    LOOK_ALIKE_COMMANDS,
    MENTORING_COMMANDS,
    SAFEGUARDING_COMMANDS,
)
from fieldkit.commands.record_commands import LIST_COMMANDS, RECORD_COMMANDS, SEARCH_COMMANDS
from fieldkit.commands.safety_commands import SAFETY_COMMANDS
from fieldkit.commands.setup_commands import SETUP_COMMANDS
from fieldkit.commands.stall_commands import STALL_COMMANDS

COMMANDS: tuple[Command, ...] = (
    *EVERYWHERE_COMMANDS,
    *HOME_COMMANDS,
    *LIST_COMMANDS,
    *RECORD_COMMANDS,
    *FORM_COMMANDS,
    *STALL_COMMANDS,
    *MENTORING_COMMANDS,
    *SEARCH_COMMANDS,
    *SAFEGUARDING_COMMANDS,
    *LOOK_ALIKE_COMMANDS,
    *PAPER_COMMANDS,
    *SYNC_COMMANDS,
    *EVIDENCE_COMMANDS,
    *SAFETY_COMMANDS,
    *SETUP_COMMANDS,
)


def commands_for(screen: str) -> tuple[Command, ...]:
    """The commands of the place `screen` (one of the names above), the common ones last."""
    own = tuple(command for command in COMMANDS if screen in command.screens)
    common = tuple(command for command in COMMANDS if EVERYWHERE in command.screens)
    return own if screen == EVERYWHERE else own + common


def key_of(id: str, screen: str) -> str:
    """The first key of the command `id` at a place, in Textual's notation.

    Raises:
        KeyError: that place has no such command.
    """
    for command in commands_for(screen):
        if command.id == id:
            return command.keys.split(",")[0].strip()
    raise KeyError(id)


_MARK = re.compile(r"\{([a-z-]+)\[([a-z-]+)\]\}")


def with_keys(text: str) -> str:
    """A sentence with each `{place[command]}` replaced by that command's key, as people read it.

    A mark that names no command is unchanged: a file name may look like one.
    """
    return _MARK.sub(lambda mark: _named_key(mark[1], mark[2]) or mark[0], text)


def _named_key(place: str, id: str) -> str:
    return next((each.shown_keys.split(", ")[0] for each in commands_for(place) if each.id == id), "")


def bindings_for(screen: str, *, but: Iterable[str] = ()) -> list[Any]:
    """Textual bindings for a screen's `BINDINGS`, without the commands named in `but`.

    Each runs the action `command('<id>')`, which `KitScreen` passes to the method `command_<id>`.
    """
    left_out = set(but)
    return [
        Binding(
            command.keys, f"command('{command.id}')", command.label, show=command.show, tooltip=command.help
        )
        for command in commands_for(screen)
        if not command.built_in and command.id not in left_out
    ]


def keys_of_widgets() -> dict[str, str]:
    """Name of a widget's binding (`form.save`) -> its present keys, for every command that a widget binds by name.

    Help belongs to the screens and to forms, the colours to the screens and to help.
    """
    named = {f"{each.screens[0]}.{each.id}": each.keys for each in COMMANDS if each.named}
    return {
        **named,
        **{f"everywhere.{each.id}": each.keys for each in COMMANDS if each.id in {"help", "colours"}},
    }


def documentation() -> str:
    """The Markdown of docs/keys.md: one table for each place."""
    parts = [
        "# Keys",
        "",
        "Ctrl+P finds any command by its name; F1 explains what has the focus. A command with a name in the last column can be",
        'given another key in `config.toml` (`fieldkit doctor` says where that is): `feedback = "f5"` below `[keys.home]`.',
        "The others are fixed, since they are the same in every form, list and box: digits and letters that answer, Enter, Tab,",
        "Space, Backspace and the arrows. `u` undoes, and `z` restores what was deleted; on the stall board, where letters are",
        "names, Ctrl+Z undoes.",
    ]
    for place, title in PLACES.items():
        own = [command for command in COMMANDS if place in command.screens]
        if not own:
            continue
        parts += ["", f"## {title}", "", "| key | command | what it does | name |", "|---|---|---|---|"]
        for command in own:
            keys = ", ".join(f"`{key}`" for key in command.shown_keys.split(", "))
            name = "" if command.is_fixed else f"`{place}.{command.id}`"
            parts.append(f"| {keys} | {command.label} | {command.help} | {name} |")
    return "\n".join(parts) + "\n"
