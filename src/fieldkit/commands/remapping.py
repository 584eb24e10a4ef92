"""Keys that the user chose in config.toml: checked, and put into the table of commands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fieldkit.commands import command as places
from fieldkit.commands import table
from fieldkit.commands.command import EVERYWHERE, PLACES, Command
from fieldkit.preferences import FILE
from fieldkit.text import quoted

Choice = tuple[str, str]
"""A place, and a command there."""

_WRITTEN = {
    "/": "slash",
    "?": "question_mark",
    "+": "plus",
    "-": "minus",
    "=": "equals_sign",
    ".": "full_stop",
    "#": "number_sign",
    "*": "asterisk",
    "!": "exclamation_mark",
    "@": "at",
    ";": "semicolon",
    ":": "colon",
    "esc": "escape",
    "page up": "pageup",
    "page down": "pagedown",
    "del": "delete",
    "return": "enter",
}
_KEY = re.compile(
    r"[^\W_]|f([1-9]|1[0-9]|2[0-4])|(shift\+)?(enter|escape|tab|space|backspace|delete|insert|home|end|pageup|pagedown|up|down|left|right)"
    r"|ctrl\+[a-z]|alt\+[a-z]"
)
#: Reserved keys: two leave the program or say how, and terminals send others for Enter, Tab and a new line.
_KEPT = {
    "ctrl+q": "leaves the program",
    "ctrl+c": "says how to leave",
    "ctrl+z": "undoes",
    "ctrl+m": "is Enter",
    "ctrl+i": "is Tab",
    "ctrl+j": "begins a new line",
    "ctrl+h": "is Backspace",
}
#: Keys that text fields take before any command: they move to an end, delete, cut, paste and redo.
_EDITING = frozenset(f"ctrl+{letter}" for letter in "adekuvwxy")
#: Places where letters are typed as text, so a command needs another key.
_TYPED = frozenset(
    {
        places.FORM,
        places.FIND,
        places.STALL,
        places.SETUP,
        places.RESTORING,
        places.UNLOCK,
        places.PASSPHRASE,
        places.EXCERPT,
        places.BULLETIN,
    }
)
_FIXED = "digits, letters that answer, Enter, Tab, Space, Backspace and arrows are the same in every form, list and box"
#: Places that also hold forms: a key chosen for forms must not be another command's there.
_WITH_FORMS = frozenset({places.STACK})


def use_keys(wanted: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Put the keys `wanted` (place -> command -> keys) into the table; returns a sentence for each that can't be used.

    Call it before the modules of screens are loaded: that is when they take their keys from the table.
    """
    table.COMMANDS, problems = remapped(table.COMMANDS, wanted)
    return problems


def remapped(
    commands: tuple[Command, ...], wanted: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[Command, ...], list[str]]:
    """The commands with all chosen keys that can be used, and a sentence for each of the others, which are not changed."""
    problems: list[str] = []
    chosen: dict[Choice, str] = {}
    for place, own in wanted.items():
        for id, written in own.items():
            try:
                chosen[place, id] = _checked(commands, place, id, written)
            except ValueError as error:
                problems.append(f"{FILE}: {error} Its key stays as it is.")
    while True:
        changed = _with(commands, chosen)
        if not (doubled := _taken_twice(changed, chosen)):
            return changed, problems
        for choice, key, other in doubled:
            if chosen.pop(choice, None):
                place, id = choice
                problems.append(
                    f"{FILE}: {key} for {place}.{id} is the key of “{other}” there. Its key stays as it is."
                )


def _checked(commands: tuple[Command, ...], place: str, id: str, written: str) -> str:
    """The keys in Textual's notation.

    Raises:
        ValueError: they can't be used; the sentence says why.
    """
    if place not in PLACES:
        raise ValueError(f"there is no place {quoted(place, 40)}.{_nearest(place, PLACES)}")
    here = {each.id: each for each in commands if place in each.screens}
    if id not in here:
        raise ValueError(f"there is no command {quoted(id, 40)} in {place}.{_nearest(id, here)}")
    if here[id].is_fixed:
        raise ValueError(f"the key of {place}.{id} can't be changed: {_FIXED}.")
    keys = []
    for part in written.lower().split(","):
        key = _WRITTEN.get(part.strip(), part.strip())
        if not (_KEY.fullmatch(key) or key in _WRITTEN.values()):
            raise ValueError(
                f"{quoted(part.strip(), 20)} for {place}.{id} is no key; for example f5, ctrl+b or n."
            )
        if key in _KEPT:
            raise ValueError(f"{key} for {place}.{id} can't be used: it {_KEPT[key]}.")
        if key in _EDITING and (place in _TYPED or place == EVERYWHERE):
            raise ValueError(f"{key} for {place}.{id} can't be used: it edits text where somebody types.")
        keys.append(key)
    before = here[id].keys.split(",")
    typed = place in _TYPED and not all(_is_text(key.strip()) for key in before)
    if (typed or place == EVERYWHERE) and all(_is_text(key) for key in keys):
        raise ValueError(
            f"{keys[0]} for {place}.{id} is text where somebody types; choose an F key or Ctrl with a letter."
        )
    return ",".join(keys)


def _is_text(key: str) -> bool:
    return len(key) == 1 or key in {"space", *_WRITTEN.values()} - {
        "escape",
        "pageup",
        "pagedown",
        "delete",
        "enter",
    }


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), 1)
    return f" Is “{near[0]}” meant?" if near else ""


def _with(commands: tuple[Command, ...], chosen: Mapping[Choice, str]) -> tuple[Command, ...]:
    """The commands with these keys; a command of several places is split if only some of them change it."""
    changed: list[Command] = []
    for command in commands:
        ours = [place for place in command.screens if (place, command.id) in chosen]
        if rest := tuple(place for place in command.screens if place not in ours):
            changed.append(replace(command, screens=rest))
        changed += [replace(command, screens=(place,), keys=chosen[place, command.id]) for place in ours]
    return tuple(changed)


def _taken_twice(
    commands: tuple[Command, ...], chosen: Mapping[Choice, str]
) -> list[tuple[Choice, str, str]]:
    """(choice, key, label of the other command) for each chosen key that another command has in the same place."""
    doubled = []
    for place in PLACES:
        here = [
            each
            for each in commands
            if place in each.screens
            or EVERYWHERE in each.screens
            or (place in _WITH_FORMS and each.named and places.FORM in each.screens)
        ]
        owners: dict[str, list[Command]] = {}
        for command in here:
            for key in command.single_keys:
                owners.setdefault(key, []).append(command)
        for key, owning in owners.items():
            if len({each.id for each in owning}) < 2:
                continue
            for command in owning:
                choice = (place if place in command.screens else command.screens[0], command.id)
                other = next(each for each in owning if each.id != command.id)
                if choice in chosen:
                    doubled.append((choice, key, other.label))
    return doubled
