"""Every command, defined once: its key, its words on the bottom line and in the palette, its help, its line
in the docs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

HOME, LIST, RECORD, FORM, SYNC, SUMMARY, ATTENDANCE, EVERYWHERE = (
    "home",
    "list",
    "record",
    "form",
    "sync",
    "summary",
    "attendance",
    "everywhere",
)

#: How the places are called in the documentation.
PLACES = {
    EVERYWHERE: "Everywhere",
    HOME: "Home",
    LIST: "Lists",
    RECORD: "One record",
    FORM: "Forms",
    ATTENDANCE: "Checking people in",
    SYNC: "Sync",
    SUMMARY: "Summary",
}


@dataclass(frozen=True)
class Command:
    """One command. `id` names the screen's method for it (`command_<id>`); `keys` is a comma list as
    Textual writes it.
    """

    id: str
    keys: str
    label: str
    help: str
    screens: tuple[str, ...]
    show: bool = True
    """On the bottom line. The home screen writes keys beside what they do, so most of its commands are not.
    """
    built_in: bool = False
    """Answered by a widget (the list, the form) or by Textual: documented here, bound there."""

    @property
    def shown_keys(self) -> str:
        """The keys as people read them: `f1`, `ctrl+p`, `/`."""
        return ", ".join(_KEY_NAMES.get(key.strip(), key.strip()) for key in self.keys.split(","))


_KEY_NAMES = {
    "slash": "/",
    "question_mark": "?",
    "plus": "+",
    "escape": "esc",
    "pageup": "page up",
    "pagedown": "page down",
    "ctrl+pageup": "ctrl+page up",
    "ctrl+pagedown": "ctrl+page down",
    "digits": "1-9",
    "letters": "letters",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def _home(id: str, keys: str, label: str, help: str, *, show: bool = False) -> Command:
    return Command(id, keys, label, help, (HOME,), show)


COMMANDS: tuple[Command, ...] = (
    Command("help", "f1", "help", "Explain this screen, or the question being answered.", (EVERYWHERE,)),
    Command(
        "palette",
        "ctrl+p",
        "commands",
        "Find any command by typing a part of its name.",
        (EVERYWHERE,),
        built_in=True,
    ),
    Command(
        "back",
        "escape",
        "back",
        "Go back. Nothing that was typed is lost.",
        (LIST, RECORD, SYNC, SUMMARY, ATTENDANCE),
    ),
    _home("feedback", "f", "feedback", "Record what one person says about a health service."),
    _home("attendance", "a", "check people in", "Check people in at this event, or count them."),
    _home("mentoring", "m", "mentoring", "Record a mentoring session, see pairs and their progress."),
    _home("events", "e", "events", "Workshops, fairs, seminars: the list, and a new one."),
    _home("people", "p", "people", "People who come to events, mentors and mentees."),
    _home("partners", "o", "partners", "Churches, mosques, charities and other partners."),
    _home("everything", "l", "everything recorded", "Every record of every kind, the newest first."),
    _home(
        "export", "x", "export now", "Write a bundle with everything that the coordinator does not have yet."
    ),
    _home("summary", "s", "summary", "What the records say: ratings, themes, attendance, sessions."),
    _home("find", "slash", "find anything", "Find any record by words in it."),
    _home(
        "unfinished",
        "u",
        "unfinished entries",
        "Entries that were begun and not saved; go on with them or throw them away.",
    ),
    _home(
        "clashes",
        "c",
        "clashes",
        "Fields that two laptops changed at the same time; decide which value stands.",
    ),
    _home("sync", "y", "send and receive", "What is unsent, export, merge bundles, what was set aside."),
    _home("lock", "q", "lock and leave", "Close the kit and leave the program. All is saved.", show=True),
    Command("open", "enter", "open", "Open the record under the cursor.", (LIST,), built_in=True),
    Command("new", "n", "new", "Record a new one.", (LIST,)),
    Command("edit", "e", "edit", "Change this record.", (RECORD,)),
    Command("filter", "slash", "filter", "Show only the rows that hold certain words.", (LIST,)),
    Command(
        "delete",
        "d",
        "delete",
        "Delete the record under the cursor, after asking. It can be restored.",
        (LIST, RECORD),
    ),
    Command("move", "up,down,j,k", "move", "Move the cursor.", (LIST,), show=False, built_in=True),
    Command(
        "page",
        "pageup,pagedown,home,end",
        "pages",
        "Move a page, or to either end.",
        (LIST,),
        show=False,
        built_in=True,
    ),
    Command(
        "answer",
        "digits",
        "answer",
        "Give the answer with this number; in a question with several answers, tick it.",
        (FORM,),
        built_in=True,
    ),
    Command(
        "type",
        "letters",
        "find",
        "In a long list of answers, type a part of the one that you mean.",
        (FORM,),
        built_in=True,
    ),
    Command("rate", "0-9,plus", "rate", "Give a rating; + is 10.", (FORM,), built_in=True),
    Command("tick", "space", "tick", "Tick or untick the answer pointed at.", (FORM,), built_in=True),
    Command(
        "point",
        "left,right,up,down",
        "point",
        "Point at an answer; ↑ and ↓ also go between questions.",
        (FORM,),
        built_in=True,
    ),
    Command(
        "clear",
        "backspace,delete",
        "not asked",
        "Take an answer back: not asked. (“Prefer not to say” is an answer.)",
        (FORM,),
        built_in=True,
    ),
    Command(
        "next",
        "enter,tab",
        "next",
        "Go on to the next question; after the last one, save.",
        (FORM,),
        built_in=True,
    ),
    Command("previous", "shift+tab", "back", "Go back to the question before.", (FORM,), built_in=True),
    Command(
        "new-line",
        "ctrl+j,shift+enter,alt+enter",
        "new line",
        "Start a new line in a longer text.",
        (FORM,),
        built_in=True,
    ),
    Command("today", "t", "today", "Today's date, in a date.", (FORM,), built_in=True),
    Command(
        "step", "ctrl+pageup,ctrl+pagedown", "step", "Go to the step before or after.", (FORM,), built_in=True
    ),
    Command(
        "go-to",
        "ctrl+g",
        "go to",
        "Show a letter beside each question; typing one goes there.",
        (FORM,),
        built_in=True,
    ),
    Command("save", "f2,ctrl+s", "save", "Save now, from any question.", (FORM,), built_in=True),
    Command(
        "draft",
        "escape",
        "keep as draft",
        "Leave the form; what was typed waits among the unfinished entries.",
        (FORM,),
        built_in=True,
    ),
    Command("export-file", "x", "export", "Write a bundle for the coordinator.", (SYNC,)),
    Command("merge", "m", "merge", "Take in a bundle, after a look at what it would change.", (SYNC,)),
    Command("conflicts", "c", "clashes", "Fields that two laptops changed at the same time.", (SYNC,)),
    Command("quarantine", "a", "set aside", "Files that could not be accepted, and why.", (SYNC,)),
)


def commands_for(screen: str) -> tuple[Command, ...]:
    """The commands of the place `screen` (one of the names above), the common ones last."""
    own = tuple(command for command in COMMANDS if screen in command.screens)
    common = tuple(command for command in COMMANDS if EVERYWHERE in command.screens)
    return own if screen == EVERYWHERE else own + common


def bindings_for(screen: str, *, but: Iterable[str] = ()) -> list[Any]:
    """Textual bindings for a screen's `BINDINGS`, without the commands named in `but`.

    Each runs the action `command('<id>')`, which `KitScreen` hands to the method `command_<id>`.
    """
    left_out = set(but)
    return [
        Binding(
            command.keys, f"command('{command.id}')", command.label, show=command.show, tooltip=command.help
        )
        for command in commands_for(screen)
        if not command.built_in and command.id not in left_out
    ]


class KitCommands(Provider):
    """The commands of the screen in view, for the palette (`App.COMMANDS = {KitCommands}`)."""

    def _offered(self) -> list[tuple[Command, Callable[[], Any]]]:
        screen = self.screen
        place = getattr(screen, "COMMANDS_FOR", "")
        return [
            (command, partial(screen.run_action, f"command('{command.id}')"))
            for command in commands_for(place or EVERYWHERE)
            if not command.built_in and hasattr(screen, "command_" + command.id.replace("-", "_"))
        ]

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command, run in self._offered():
            yield DiscoveryHit(_named(command), run, command.label, command.help)

    async def search(self, query: str) -> Hits:
        """Those that fit `query`."""
        matcher = self.matcher(query)
        for command, run in self._offered():
            score = max(matcher.match(command.label), matcher.match(command.help) / 2)
            if score > 0:
                yield Hit(score, _named(command), run, command.label, command.help)


def _named(command: Command) -> Content:
    return Content.assemble(command.label, "  ", (command.shown_keys, "bold"))


def documentation() -> str:
    """The Markdown of docs/keys.md: one table for each place."""
    parts = ["# Keys", "", "Ctrl+P finds any command by its name; F1 explains what has the focus."]
    for place, title in PLACES.items():
        own = [command for command in COMMANDS if place in command.screens]
        if not own:
            continue
        parts += ["", f"## {title}", "", "| key | command | what it does |", "|---|---|---|"]
        for command in own:
            keys = ", ".join(f"`{key}`" for key in command.shown_keys.split(", "))
            parts.append(f"| {keys} | {command.label} | {command.help} |")
    return "\n".join(parts) + "\n"
