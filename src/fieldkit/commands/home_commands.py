"""The commands that work everywhere, and those of the home screen."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import WORRIED_HELP, Command, CommandMaker

_everywhere = CommandMaker(places.EVERYWHERE)
_home = CommandMaker(places.HOME)

_BACK_FROM = (
    places.LIST,
    places.RECORD,
    places.HISTORY,
    places.CLOSING,
    places.MENTORING,
    places.PAIR,
    places.DRAFTS,
    places.KINDS,
    places.FIND,
    places.SAFEGUARDING,
    places.PASSPHRASE,
)

_PLACES_OF_WORRY = (
    places.HOME,
    places.STALL,
    places.CLOSING,
    places.MENTORING,
    places.PAIR,
    places.LIST,
    places.RECORD,
    places.DRAFTS,
    places.PILES,
    places.STACK,
)
"""Where volunteers and mentors work, besides forms, which show this key at the foot."""

EVERYWHERE_COMMANDS: tuple[Command, ...] = (
    _everywhere(
        "help",
        "f1,question_mark",
        "help",
        "Explain this screen, or the question being answered; ? where no text is typed.",
    ),
    _everywhere(
        "colours",
        "ctrl+t",
        "colours",
        "Dark, light, high contrast or the terminal's own, one after another. This laptop keeps the choice.",
        show=False,
    ),
    _everywhere(
        "palette",
        "ctrl+p",
        "commands",
        "Find any command by typing a part of its name.",
        built_in=True,
    ),
    _everywhere(
        "leave",
        "ctrl+q",
        "leave",
        "Close the kit and leave the program, from anywhere. All is saved.",
        built_in=True,
    ),
    _everywhere(
        "last-code",
        "f8",
        "last receipt code",
        "Show the last receipt code again, until the next entry begins.",
        show=False,
    ),
    _everywhere(
        "lock-screen",
        "ctrl+l",
        "lock the screen",
        "Cover the screen until it is unlocked; everything stays open as it is.",
        show=False,
    ),
    CommandMaker(*_BACK_FROM)("back", "escape", "back", "Go back. Nothing that was typed is lost."),
)

HOME_COMMANDS: tuple[Command, ...] = (
    _home("feedback", "f", "feedback", "Record what one person says about a health service.", show=False),
    _home(
        "stall", "a", "stall board", "Check people in at the event, count heads, take feedback.", show=False
    ),
    _home(
        "mentoring",
        "m",
        "mentoring",
        "Record a mentoring session, see pairs and their progress.",
        show=False,
    ),
    _home(
        "paper",
        "t",
        "paper",
        "Type in a pile of forms or sign-in sheets; print forms.",
        show=False,
    ),
    _home("events", "e", "events", "Workshops, fairs, seminars: the list, and a new one.", show=False),
    _home("people", "p", "people", "People who come to events, mentors and mentees.", show=False),
    _home("partners", "o", "partners", "Churches, mosques, charities and other partners.", show=False),
    _home(
        "everything",
        "l",
        "everything recorded",
        "Every kind of record with how many there are, and the way into each list.",
        show=False,
    ),
    _home(
        "export",
        "x",
        "export now",
        "Write a bundle at once, with everything that no coordinator has confirmed.",
        show=False,
    ),
    _home(
        "cycles",
        "r",
        "commissioning cycles",
        "What each community's use of a service shows, what people say, what changes, and what is still missing.",
        show=False,
    ),
    _home(
        "figures",
        "i",
        "import figures",
        "A provider's figures or a population from a spreadsheet, for a cycle.",
        show=False,
    ),
    _home(
        "summary", "s", "summary", "What the records say: ratings, themes, attendance, sessions.", show=False
    ),
    _home("find", "slash", "find anything", "Find any record by words in it.", show=False),
    _home(
        "unfinished",
        "u",
        "unfinished entries",
        "Entries that were begun and not saved; go on with them or throw them away.",
        show=False,
    ),
    _home(
        "conflicts",
        "c",
        "conflicts",
        "Fields that two laptops changed at the same time; decide which value to keep.",
        show=False,
    ),
    _home(
        "sync",
        "y",
        "send and receive",
        "What is unsent, export, merge, laptops, files in quarantine.",
        show=False,
    ),
    _home(
        "safety",
        "b",
        "safety",
        "Backups, the passphrase, withdrawal by code, undo of an import or a merge.",
        show=False,
    ),
    _home(
        "write-here",
        "w",
        "record here",
        "While the kit is open in another window, this one only reads. Record here once the other is closed.",
    ),
    _home(
        "provider-names",
        "n",
        "names of providers",
        "The names that feedback has for providers; let several of them mean one provider.",
        show=False,
    ),
    _home(
        "look-alikes",
        "k",
        "people with similar names",
        "Say whether two records are of one person; join them, or part them again.",
        show=False,
    ),
    CommandMaker(*_PLACES_OF_WORRY)("worried", "f9", "worried about somebody", WORRIED_HELP, show=False),
    _home(
        "hand-over",
        "h",
        "hand over",
        "Hand the laptop to a respondent: their questions alone, until you type the PIN.",
        show=False,
    ),
    _home(
        "scroll",
        "up,down,pageup,pagedown",
        "scroll",
        "Where the screen is small: see the rest.",
        built_in=True,
    ),
    _home("lock", "q", "lock and leave", "Close the kit and leave the program. All is saved."),
)
