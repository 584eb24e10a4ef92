"""The keys that work on a screen now, as short hints for its bottom line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.cells import cell_len
from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.keys import key_to_character
from textual.screen import Screen

_NAMES = {
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "plus": "+",
    "space": "space",
    "delete": "del",
    "backspace": "bksp",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}

#: Keys that are dropped last when the line is short; every other key keeps the place that its screen gives it.
_KEPT = ("enter", "escape", "f1", "f2")
_KEPT_ACTIONS = {
    "help": 2,
    "command('help')": 2,
    "finish": 3,
    "command('worried')": 4,
    "turn(1)": 5,
    "command('turn')": 5,
    "command('other')": 5,
}
"""Their priority for keys that may be chosen differently: without these a screen's other half, or its file, is out of reach."""
_NOW_AND_THEN = ("→",)
_NAMED_NOW = 3
"""Their priority for keys that are named only while they matter."""
_LEAST = 1_000
_GAP, _NARROW_GAP = 3, 2


@dataclass(frozen=True)
class KeyHint:
    """A key and what it does, as shown: `key` is "^p", `label` "commands"."""

    key: str
    label: str
    keeps: int = 0
    """The lower it is, the longer the hint stays on a short line."""

    @property
    def width(self) -> int:
        """Its width in cells."""
        return cell_len(self.key) + 1 + cell_len(self.label)


def key_name(key: str) -> str:
    """How a key is written for people: `ctrl+p` as ^p, `escape` as esc."""
    if key.startswith("ctrl+"):
        return "^" + _NAMES.get(key[5:], key[5:])
    head, plus, tail = key.rpartition("+")
    return head + plus + _NAMES.get(tail, tail)


def key_of_binding(app: App[Any], name: str, usual: str) -> str:
    """The first key of a widget's binding called `name`, as people read it; `usual` if nobody chose another."""
    chosen: Mapping[str, str] = getattr(app, "keys_of_widgets", {})
    return key_name(chosen.get(name, usual).split(",")[0])


def hints_of(screen: Screen[Any], *, every_key: bool = False) -> tuple[KeyHint, ...]:
    """The keys that `screen` responds to now and wants shown, nearest the focus first, one hint for each action.

    A screen's `names_key` may decide otherwise than the binding, as long as something is chosen, for example.
    `every_key`: an action with several keys names all of them, `y/enter`; otherwise only the first.
    """
    seen: dict[str, int] = {}
    hints: list[KeyHint] = []
    focused, names_key = screen.focused, getattr(screen, "names_key", None)
    for active in screen.active_bindings.values():
        binding: Binding = active.binding
        if binding.action.endswith("command_palette") and screen.app.ENABLE_COMMAND_PALETTE:
            # Textual hides this one; here it leads to every command, so it is always shown.
            binding = replace(binding, description="commands", show=True)
        shows = binding.show if names_key is None else names_key(binding.action, binding.show)
        if not (shows and active.enabled and binding.description):
            continue
        if (place := seen.get(binding.action)) is not None:
            if every_key and not (
                focused and focused.check_consume_key(binding.key, key_to_character(binding.key))
            ):
                hints[place] = replace(hints[place], key=f"{hints[place].key}/{key_name(binding.key)}")
            continue
        seen[binding.action] = len(hints)
        key = binding.key_display or key_name(binding.key)
        last = len(_KEPT) + len(_KEPT_ACTIONS) + len(hints)
        keeps = _KEPT.index(binding.key) if binding.key in _KEPT else _KEPT_ACTIONS.get(binding.action, last)
        if not binding.show:
            keeps = _NAMED_NOW
        if binding.action.endswith("command_palette"):
            keeps = 2 * _LEAST  # F1 names it too
        hints.append(KeyHint(key, binding.description, keeps))
    # What matters only now and then comes last, and is dropped first.
    often = [hint for hint in hints if hint.key not in _NOW_AND_THEN]
    return (*often, *(replace(hint, keeps=_LEAST) for hint in hints if hint.key in _NOW_AND_THEN))


def hints_width(hints: Iterable[KeyHint], gap: int = _GAP) -> int:
    """The width of all `hints` on one line, in cells."""
    widths = [hint.width for hint in hints]
    return sum(widths) + gap * max(0, len(widths) - 1)


def gap_of(hints: Sequence[KeyHint], width: int) -> int:
    """The gap between two hints, in cells: smaller if they do not all fit into `width` cells otherwise."""
    return _GAP if hints_width(hints) <= width else _NARROW_GAP


def chosen_hints(hints: Sequence[KeyHint], width: int) -> Iterable[KeyHint]:
    """The whole hints that fit into `width` cells, in their given order; the important ones are kept first."""
    kept: list[KeyHint] = []
    gap = gap_of(hints, width)
    for hint in sorted(hints, key=lambda hint: hint.keeps):
        if hints_width([*kept, hint], gap) <= width:
            kept.append(hint)
    return [hint for hint in hints if hint in kept]


_NEEDS = "NEEDS YOU"


def labelled_keys(labels: Sequence[tuple[str, str]], width: int, rest: str) -> Content:
    """(label, keys) pairs of what needs somebody, on one line, as many as fit into `width` cells; empty without any.

    The others are counted, and `rest` says where to find them.
    """
    parts: list[str | tuple[str, str]] = [(_NEEDS, "bold $warning")]
    used = cell_len(_NEEDS)
    for place, (label, keys) in enumerate(labels):
        left = len(labels) - place - 1
        more = f"   {left} more {rest}" if left else ""
        if used + 3 + cell_len(label) + 1 + len(keys) + len(more) > width:
            parts += ["   ", (f"{left + 1} more", ""), " ", (rest, "bold $accent")]
            break
        parts += ["   ", label, " ", (keys, "bold $accent")]
        used += 3 + cell_len(label) + 1 + len(keys)
    return Content.assemble(*parts) if labels else Content("")
