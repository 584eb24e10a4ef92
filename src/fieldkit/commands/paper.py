"""The commands for paper: piles that are being entered, and forms to print."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, at

_piles = at(places.PILES)
_stack = at(places.STACK)

PAPER_COMMANDS: tuple[Command, ...] = (
    _piles(
        "open",
        "enter",
        "go on",
        "Go on with the pile under the cursor, at the sheet where it was left.",
        built_in=True,
    ),
    _piles("new", "n", "new pile", "Enter a pile of forms or sign-in sheets; what repeats is asked once."),
    _piles(
        "doubtful", "d", "come back", "Enter the next sheet of this pile that was marked to come back to."
    ),
    _piles("print", "p", "print forms", "Write the forms to print, in every language, to a folder."),
    _piles("forget", "delete", "forget", "Forget the pile under the cursor. Its records stay.", show=False),
    _stack(
        "copy",
        "f6,equals_sign",
        "as above",
        "Answer as on the sheet above; = does so where no text is typed.",
    ),
    _stack(
        "doubtful", "f7", "come back later", "Mark this sheet to come back to, and go on with the next one."
    ),
    _stack("save", "f2,ctrl+s", "save", "Save this sheet now, from any question.", built_in=True),
    _stack(
        "next", "enter,tab", "next", "Go on to the next question; after the last one, save.", built_in=True
    ),
    _stack("leave", "escape", "stop here", "Leave the pile; it waits at this very sheet.", built_in=True),
    at(places.PILES)("back", "escape", "back", "Go back. Nothing that was typed is lost."),
)
