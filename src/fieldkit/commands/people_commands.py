"""The commands for mentoring, safeguarding, and two records of one person."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, CommandMaker

_mentoring = CommandMaker(places.MENTORING)
_pair = CommandMaker(places.PAIR)
_safeguarding = CommandMaker(places.SAFEGUARDING)
_alike = CommandMaker(places.LOOK_ALIKES)

MENTORING_COMMANDS: tuple[Command, ...] = (
    _mentoring("open", "enter", "open", "Open the pair under the cursor.", built_in=True),
    _mentoring("log", "n", "session", "Log a session of the pair under the cursor."),
    _mentoring("pair", "p", "new pair", "Record a mentor and a mentee who begin to meet."),
    _mentoring("mentor", "i", "who I am", "Say who mentors here, to see your own mentees."),
    _pair("open", "enter", "open", "Open the session under the cursor.", built_in=True),
    _pair("log", "n", "session", "Log a session of this pair."),
    _pair("actions", "a", "actions", "Say of an open action that it is done or dropped."),
    _pair("progress", "g", "progress", "The ratings over the sessions as a plot; again for the sessions."),
    _pair("print", "o", "summary", "A page for the mentee, to print: what was shared, no private note."),
    _pair("note", "p", "private note", "Write or change your own note on the session under the cursor."),
    _pair("view", "v", "the pair", "See and change the pair: level, goals, code of conduct."),
)

SAFEGUARDING_COMMANDS: tuple[Command, ...] = (
    _safeguarding("write", "n", "write", "Write down what was said. It never leaves this laptop."),
    _safeguarding("passed-on", "t", "passed on", "Write down whom you told of a note, once the lead knows."),
    _safeguarding("print", "p", "print", "Write a note as a page to print for the safeguarding lead."),
    _safeguarding("lead", "l", "lead", "Note the name and number of the safeguarding lead."),
)

LOOK_ALIKE_COMMANDS: tuple[Command, ...] = (
    _alike(
        "same",
        "s",
        "same",
        "Join the two records: one person from now on. On a field laptop, say so to the coordinator.",
    ),
    _alike("different", "d", "different", "Two different people: the pair leaves the list."),
    _alike("not-sure", "n", "not sure", "Leave the pair for somebody who knows them better."),
    _alike(
        "choose",
        "digits",
        "choose",
        "Let the other record's answer count in the line with this number.",
        built_in=True,
    ),
    _alike("swap", "o", "swap", "Keep the other record of the two."),
    _alike(
        "scroll", "pageup,pagedown", "scroll", "Scroll the two records, where they are long.", built_in=True
    ),
    _alike("part", "p", "part", "Make two people again of two records that were joined."),
    _alike("undo", "u", "undo", "Undo the last answer, join or parting."),
    _alike("back", "escape", "back", "Go back. What was answered is kept."),
)
