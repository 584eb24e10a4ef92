"""The commands for recording: everywhere, home, lists, records and forms."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import WORRIED_HELP, Command, at

_everywhere = at(places.EVERYWHERE)
_home = at(places.HOME)
_list = at(places.LIST)
_record = at(places.RECORD)
_history = at(places.HISTORY)
_form = at(places.FORM)
_stall = at(places.STALL)
_closing = at(places.CLOSING)
_mentoring = at(places.MENTORING)
_pair = at(places.PAIR)
_drafts = at(places.DRAFTS)
_kinds = at(places.KINDS)
_find = at(places.FIND)
_safeguarding = at(places.SAFEGUARDING)
_piles = at(places.PILES)
_stack = at(places.STACK)
_alike = at(places.LOOK_ALIKES)

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
    at(*_BACK_FROM)("back", "escape", "back", "Go back. Nothing that was typed is lost."),
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
        "While another window of this kit is open, this one only reads; this records here once that is closed.",
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
        "people with like names",
        "Say whether two records are of one person; join them, or part them again.",
        show=False,
    ),
    _home("worried", "f9", "worried about somebody", WORRIED_HELP, show=False),
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

LIST_COMMANDS: tuple[Command, ...] = (
    _list("open", "enter", "open", "Open the record under the cursor.", built_in=True),
    _list("new", "n", "new", "Record a new one."),
    _list("look", "o", "open", "In the list of events: open the one under the cursor."),
    _list("filter", "slash", "filter", "Show only the rows that hold certain words."),
    _list("sort", "s", "sort", "Sort by one of the fields; choose it again to turn the order round."),
    _list(
        "columns",
        "c",
        "columns",
        "Choose which fields the list shows. This laptop keeps the choice.",
        show=False,
    ),
    _list(
        "tick",
        "space",
        "tick",
        "Tick the row under the cursor, or untick it; ticks stay while you filter.",
        show=False,
    ),
    _list("tick-all", "a", "tick all", "Tick every row that is listed; once more unticks all.", show=False),
    _list(
        "table",
        "x",
        "write as a table",
        "Write the ticked records, or all that are listed, as a workbook for a spreadsheet.",
        show=False,
    ),
    _list("delete", "d", "delete", "Delete the record under the cursor, after asking. It can be restored."),
    _list(
        "record-here",
        "enter",
        "record here",
        "In the list of events: from now on, record at the one under the cursor.",
        built_in=True,
    ),
    _list("names", "b", "names in feedback", "In the list of providers: which names in feedback mean which."),
    _list("undo", "z", "undo delete", "Restore what was deleted last here, then what was deleted before it."),
    _list("to-list", "enter,down", "to the list", "While filtering: go to the rows that fit.", built_in=True),
    _list("end-filter", "escape", "show all", "While filtering: take the filter away.", built_in=True),
    _list("move", "up,down,j,k", "move", "Move the cursor, in any list.", show=False, built_in=True),
    _list(
        "page",
        "pageup,pagedown,home,end",
        "pages",
        "Move a page, or to either end, in any list.",
        show=False,
        built_in=True,
    ),
)

RECORD_COMMANDS: tuple[Command, ...] = (
    _record("edit", "e", "edit", "Change this record."),
    _record("delete", "d", "delete", "Delete this record, after asking. It can be restored."),
    _record("restore", "z", "restore", "Restore this deleted record."),
    _record("here", "r", "record here", "Of an event: record here from now on."),
    _record(
        "history",
        "h",
        "history",
        "Every change of this record; restore an older value, or undo a change.",
    ),
    _record("up", "up,k", "up", "Scroll up.", show=False),
    _record("down", "down,j", "down", "Scroll down.", show=False),
    _history("restore", "r", "restore it", "Make the value under the cursor the current one."),
    _history(
        "undo",
        "u",
        "undo the change",
        "Undo the whole change under the cursor: every value that it set and that still counts.",
    ),
    _history("full", "enter", "in full", "Show the value under the cursor in full.", built_in=True),
)

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
        "Point at an answer; ↑ and ↓ also go between questions.",
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
        built_in=True,
    ),
    _form("save", "f2,ctrl+s", "save", "Save now, from any question.", built_in=True),
    _form(
        "draft",
        "escape",
        "keep as draft",
        "Leave the form; what was typed waits among the unfinished entries.",
        built_in=True,
    ),
    _form(
        "has-code",
        "w",
        "the person has it",
        "Once the person has written the receipt code down: close the page that shows it.",
    ),
    _form("another", "n", "another", "Once it is saved: record another of the same kind, the next person."),
    _form(
        "correct",
        "c",
        "correct",
        "Once it is saved: correct what was typed. The receipt code stays the same.",
    ),
    _form(
        "withdraw",
        "x",
        "withdraw",
        "Once it is saved: erase it again, because the person changed their mind.",
    ),
    _form(
        "slip",
        "p",
        "slip to print",
        "Once it is saved: write the person's receipt code to a file that can be printed.",
    ),
    _form("done", "enter,escape", "back", "Once it is saved, without a receipt code: go back."),
    _form(
        "more",
        "f3",
        "more",
        "At a stall: show what else can be asked on this page; on the first one the event, date, notice and your name.",
        built_in=True,
    ),
    _form("language", "f5", "language", "At a stall: show the notice in the next language.", built_in=True),
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
    _form("mask", "f4", "mask", "Mask what is pointed at because it may point to one person.", built_in=True),
    _form("worried", "f9", "worried about somebody", WORRIED_HELP),
)

PEOPLE_COMMANDS: tuple[Command, ...] = (
    _stall(
        "name", "letters", "find", "Type a few letters of a name; those who fit are listed.", built_in=True
    ),
    _stall(
        "take",
        "enter",
        "check in",
        "Check in the person pointed at; of a new name, count the person, or keep the name if it is marked.",
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
    _stall("rub-out", "backspace", "rub out", "At the numbers: take the last digit away.", built_in=True),
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
        "Undo what was done last here: a name, a count, a feedback; the screen names it.",
        show=False,
    ),
    _stall("redo", "ctrl+y", "redo", "Do again what was undone last.", show=False),
    _stall("worried", "f9", "worried about somebody", WORRIED_HELP, show=False),
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
    _drafts("open", "enter", "open", "Go on with the entry under the cursor.", built_in=True),
    _drafts("discard", "d", "throw away", "Throw the entry under the cursor away, after asking."),
    _kinds("open", "enter", "open", "Open the list of the kind under the cursor.", built_in=True),
    _find("type", "letters", "find", "Type words, or parts of some, that the record holds.", built_in=True),
    _find("open", "enter", "open", "Open the record under the cursor.", built_in=True),
    _find(
        "move",
        "up,down,pageup,pagedown",
        "move",
        "Move the cursor; the typing stays where it is.",
        built_in=True,
    ),
    _safeguarding("write", "n", "write it down", "Write down what was said. It never leaves this laptop."),
    _safeguarding("told", "t", "passed on", "Write down whom you told of a note, once the lead knows."),
    _safeguarding(
        "print", "p", "page to print", "Write a note as a page to print for the safeguarding lead."
    ),
    _safeguarding("lead", "l", "safeguarding lead", "Note the name and number of the safeguarding lead."),
)

LOOK_ALIKE_COMMANDS: tuple[Command, ...] = (
    _alike(
        "same",
        "s",
        "same",
        "Join the two records: one person from now on. On a field laptop, say so to the coordinator.",
    ),
    _alike("different", "d", "different", "Two different people: the pair leaves the list."),
    _alike("not-sure", "n", "not sure", "Keep the pair for whoever knows them better."),
    _alike(
        "choose",
        "digits",
        "choose",
        "Let the other record's answer count in the line with this number.",
        built_in=True,
    ),
    _alike("swap", "o", "keep the other", "Keep the other record of the two.", show=False),
    _alike("part", "p", "part", "Make two people again of two records that were joined."),
    _alike("undo", "u", "undo", "Undo the last answer, join or parting."),
    _alike("back", "escape", "back", "Go back. What was answered is kept."),
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
    at(places.PILES)("back", "escape", "back", "Go back. Nothing that was typed is lost."),
)
