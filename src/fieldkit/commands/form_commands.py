"""The commands of forms: answers by keys, steps, saving, and the page after it; and those of piles of paper."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import WORRIED_HELP, Command, CommandMaker

_form = CommandMaker(places.FORM)
_piles = CommandMaker(places.PILES)
_stack = CommandMaker(places.STACK)

ONCE_SAVED = "Once it is saved: "
"""Begins the help of what is done on the page after a save; that page leaves it out."""

FORM_COMMANDS: tuple[Command, ...] = (
    _form(
        "answer",
        "digits",
        "answer",
        "Give the answer with this number; in a question with several answers, tick it.",
        built_in=True,
    ),
    _form(
        "type",
        "letters",
        "find",
        "In a long list of answers, type a part of the one that you mean.",
        built_in=True,
    ),
    _form("rate", "0-9,plus", "rate", "Give a rating; + is 10.", built_in=True),
    _form("tick", "space", "tick", "Tick or untick the answer pointed at.", built_in=True),
    _form(
        "point",
        "left,right,up,down",
        "point",
        "Point at an answer; ↑ and ↓ also go between questions, ↑ at last to the beginning of the page.",
        built_in=True,
    ),
    _form(
        "clear",
        "backspace,delete",
        "not asked",
        "Clear the answer: not asked. (“Prefer not to say” is an answer.)",
        built_in=True,
    ),
    _form(
        "next", "enter,tab", "next", "Go on to the next question; after the last one, save.", built_in=True
    ),
    _form("previous", "shift+tab", "back", "Go back to the question before.", built_in=True),
    _form(
        "new-line",
        "ctrl+j,shift+enter,alt+enter",
        "new line",
        "Start a new line in a longer text.",
        built_in=True,
    ),
    _form("today", "t", "today", "Today's date, in a date.", built_in=True),
    _form("step", "ctrl+pageup,ctrl+pagedown", "step", "Go to the step before or after.", built_in=True),
    _form(
        "go-to",
        "ctrl+g",
        "go to",
        "Show a letter beside each question; typing one goes there.",
        named=True,
    ),
    _form("save", "f2,ctrl+s", "save", "Save now, from any question.", named=True),
    _form(
        "draft",
        "escape",
        "finish later",
        "Leave the form; what was typed is kept as an unfinished entry.",
        named=True,
    ),
    _form(
        "has-code",
        "w",
        "the person has it",
        "Once the person has written the receipt code down: close the page that shows it.",
    ),
    _form("another", "n", "another", f"{ONCE_SAVED}record another of the same kind, the next person."),
    _form(
        "correct",
        "c",
        "correct",
        f"{ONCE_SAVED}correct what was typed. The receipt code stays the same.",
    ),
    _form(
        "withdraw",
        "x",
        "withdraw",
        f"{ONCE_SAVED}erase it again, because the person changed their mind.",
    ),
    _form(
        "slip",
        "p",
        "slip to print",
        f"{ONCE_SAVED}write the person's receipt code to a file that can be printed.",
    ),
    _form("done", "enter,escape", "back", "Once it is saved, without a receipt code: go back."),
    _form(
        "more",
        "f3",
        "more",
        "At a stall: show what else can be asked on this page; on the first one the event, date, notice and your name.",
        named=True,
    ),
    _form(
        "language",
        "f5",
        "language",
        "At a stall: choose the language of the notice and of the questions, which are below the English ones.",
        named=True,
    ),
    _form(
        "correct-last",
        "shift+0-9",
        "correct",
        "At a stall: change the answer that was just given, and stay where you are; Backspace goes back to it.",
        built_in=True,
    ),
    _form(
        "decline",
        "0,minus",
        "prefers not to say",
        "At a stall, about them: 0 for all that is left, - for this question alone.",
        built_in=True,
    ),
    _form("mask", "f4", "mask", "Mask what is pointed at because it may point to one person.", named=True),
    _form("worried", "f9", "worried", WORRIED_HELP),
)

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
    CommandMaker(places.PILES)("back", "escape", "back", "Go back. Nothing that was typed is lost."),
)
