"""Keys and commands: each documented once, with a label, a key of its own and a method on its screen."""

from __future__ import annotations

from fieldkit.commands.command import PLACES
from fieldkit.commands.table import COMMANDS, commands_for, documentation

#: Keys of widgets that occur on only one screen, and keys that need no label.
_ON = {
    "NameLine": "stall",
    "Counts": "stall",
    "FilterLine": "list",
    "ChoosingList": "list",
    "FileList": "merge",
    "Values": "history",
    "OneForm": "box",
    "ChildAloneBox": "box",
    "ReceiptCodeBox": "form",
    "ChangeList": "changes",
    "SupportList": "support",
    "PackSteps": "pack",
    "FigureCells": "use",
    "FigureSteps": "figures-import",
}


def test_every_key_of_every_screen_is_documented_once() -> None:
    import importlib
    import pkgutil

    from textual.binding import Binding
    from textual.widget import Widget

    from fieldkit import screens
    from fieldkit.commands.command import PLACES
    from fieldkit.commands.table import commands_for

    seen = set()
    for module in pkgutil.walk_packages(screens.__path__, "fieldkit.screens."):
        for thing in vars(importlib.import_module(module.name)).values():
            if not (isinstance(thing, type) and issubclass(thing, Widget) and "BINDINGS" in vars(thing)):
                continue
            if not thing.__module__.startswith("fieldkit.screens"):
                continue
            place = getattr(thing, "COMMANDS_FOR", "") or _ON[thing.__name__]
            assert place in PLACES
            seen.add(place)
            known = {key for command in commands_for(place) for key in command.single_keys}
            for binding in Binding.make_bindings(vars(thing)["BINDINGS"]):
                assert binding.key in known, f"{thing.__name__}: {binding.key} is not documented at {place}"
    assert len(seen) > 20


def test_every_command_has_a_method_on_its_screen() -> None:
    import importlib
    import pkgutil

    from fieldkit import screens
    from fieldkit.commands.command import EVERYWHERE, PLACES
    from fieldkit.commands.table import COMMANDS
    from fieldkit.screens.base.screen import BaseScreen

    screens_at: dict[str, set[type[BaseScreen]]] = {}
    for module in pkgutil.walk_packages(screens.__path__, "fieldkit.screens."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, BaseScreen) and thing.COMMANDS_FOR:
                screens_at.setdefault(thing.COMMANDS_FOR, set()).add(thing)
    assert set(screens_at) == set(PLACES) - {EVERYWHERE, "box"}
    for command in COMMANDS:
        for place in command.screens:
            if not command.built_in and place != EVERYWHERE:
                method = "command_" + command.id.replace("-", "_")
                assert any(hasattr(screen, method) for screen in screens_at[place]), (place, command.id)


def test_every_command_has_words_and_no_place_has_one_key_twice() -> None:
    for command in COMMANDS:
        assert command.help.endswith((".", ")"))
        assert command.label
    for place in PLACES:
        keys = [key for command in commands_for(place) for key in command.keys.split(",")]
        free = [key for key in keys if key not in {"up", "down", "left", "right", "enter", "escape"}]
        assert len(free) == len(set(free)), place
    table = documentation()
    assert all(command.help in table for command in COMMANDS)
