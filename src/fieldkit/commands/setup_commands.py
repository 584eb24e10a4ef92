"""The commands for setting up, unlocking and handing over a laptop, and the keys of questions in a box."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, CommandMaker

_setup = CommandMaker(places.SETUP)
_lines = CommandMaker(places.SETUP, places.RESTORING)
_box = CommandMaker(places.BOX)

SETUP_COMMANDS: tuple[Command, ...] = (
    _setup("create", "1", "create", "Create a network, as its coordinator.", show=False),
    _setup("join", "2", "join", "Join a network with an invitation.", show=False),
    _setup("try", "3", "try it", "Try the program on a throwaway kit.", show=False),
    _setup("restore", "4", "restore", "Restore a whole kit from a backup.", show=False),
    _lines("go-on", "enter", "go on", "Go to the next line; after the last one, do it."),
    _lines("line-before", "shift+tab", "the line before", "Go back to the line before.", show=False),
    _lines("fill-in", "tab", "fill in", "Fill in the name of the file.", built_in=True),
    CommandMaker(places.SETUP, places.PASSPHRASE, places.RESTORING)(
        "show", "f4", "show or hide", "Show what is typed as a passphrase, or hide it again."
    ),
    _lines("back", "escape", "back", "Go back to the choice."),
    CommandMaker(places.UNLOCK)("unlock", "enter", "unlock", "Open the kit with what was typed."),
    CommandMaker(places.UNLOCK)("show", "f4", "show or hide", "Show what is typed, or hide it again."),
    CommandMaker(places.LOCKED)("unlock", "enter", "unlock", "Unlock the screen with what was typed."),
    CommandMaker(places.LOCKED)("show", "f4", "show or hide", "Show what is typed, or hide it again."),
    CommandMaker(places.KIOSK)("go-on", "enter", "go on", "Go on to the next question.", show=False),
    CommandMaker(places.KIOSK)("go-back", "escape", "go back", "Go back to the question before.", show=False),
    CommandMaker(places.KIOSK)(
        "more", "f3", "say more", "Ask further questions about what happened.", show=False
    ),
    CommandMaker(places.KIOSK)(
        "volunteer",
        "f10,ctrl+o",
        "volunteer",
        "Take the laptop back: asks for the PIN. Ctrl+O is for terminals that open a menu with F10.",
    ),
    CommandMaker(places.RECOVERY)("go-on", "enter", "go on", "Go on, once the words are on paper."),
    CommandMaker(places.RECOVERY)("back", "escape", "back", "Go back; the kit is as it was."),
    CommandMaker(places.PASSPHRASE)(
        "go-on", "enter", "go on", "Go to the next line; after the last one, change it."
    ),
    _box("yes", "y,enter", "yes", "Say yes; where something would be lost, y alone does.", built_in=True),
    _box("no", "n,escape", "no", "Say no, and go back.", built_in=True),
    _box("guardian", "g", "guardian here", "Go on: a parent or guardian is here now.", built_in=True),
    _box("worried", "f9", "worried", "Open the steps for a worry about a child alone.", built_in=True),
    _box("number", "digits", "choose", "Choose the answer with this number.", built_in=True),
    _box("point", "up,down,j,k,home,end", "point", "Point at an answer; Enter chooses it.", built_in=True),
    _box("go-on", "enter,escape,space", "go on", "Close a message that was read.", built_in=True),
)
