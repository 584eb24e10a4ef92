"""The commands of the stall board, and of the page that closes an event."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, CommandMaker

_stall = CommandMaker(places.STALL)
_closing = CommandMaker(places.CLOSING)

STALL_COMMANDS: tuple[Command, ...] = (
    _stall(
        "name", "letters", "find", "Type a few letters of a name; those who fit are listed.", built_in=True
    ),
    _stall(
        "take",
        "enter",
        "check in",
        "Check in the person pointed at. A new name is counted, or kept if you marked it.",
        built_in=True,
    ),
    _stall(
        "digit",
        "digits",
        "count or pick",
        "On the empty line: count a head of that group. After letters: check in the person beside the digit, or answer whether "
        "a new person is a known one.",
        built_in=True,
    ),
    _stall(
        "mark",
        "tab,shift+tab",
        "keep the name",
        "After a new name: mark that it may be kept. On the empty line: type a number for a group, or go back.",
        built_in=True,
    ),
    _stall("point", "up,down", "point", "Point at another person, or at another group.", built_in=True),
    _stall(
        "more",
        "plus,equals_sign,minus",
        "one more or fewer",
        "On the empty line and at the numbers: one head more or fewer of the group pointed at.",
        built_in=True,
    ),
    _stall("heads", "0-9", "number", "At the numbers: type how many of the group pointed at.", built_in=True),
    _stall("rub-out", "backspace", "rub out", "At the numbers: delete the last digit.", built_in=True),
    _stall("feedback", "f2", "feedback", "Take feedback from one person at this event."),
    _stall("unfinished", "f3", "unfinished", "Go on with an entry that was begun and not saved.", show=False),
    _stall(
        "hand-over", "f4", "hand over", "Hand the laptop to a respondent; a PIN takes it back.", show=False
    ),
    _stall("event", "f5", "other event", "Go to today's event, or choose another one.", show=False),
    _stall("end", "f6", "end event", "See the totals and what is unfinished, export, and end the event."),
    _stall("paper", "f7", "paper", "Enter a pile of paper forms, or print forms.", show=False),
    _stall(
        "undo",
        "ctrl+z",
        "undo",
        "Undo what was done last here: a name, a count, a feedback record; the screen names it.",
        show=False,
    ),
    _stall("redo", "ctrl+y", "redo", "Do again what was undone last.", show=False),
    _stall(
        "back",
        "escape",
        "menu",
        "Clear the line; on the empty line, go to everything else. The board stays a key away.",
    ),
    _closing(
        "end",
        "enter",
        "end the event",
        "End the event on this laptop; records belong to no event from then on.",
    ),
    _closing("unfinished", "u", "unfinished entries", "Go on with entries that were begun and not saved."),
    _closing(
        "export", "x", "export now", "Write a bundle with everything that no coordinator has confirmed."
    ),
)
