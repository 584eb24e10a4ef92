"""The commands of lists, of a record and its history, of unfinished entries, kinds and the search."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, CommandMaker

_list = CommandMaker(places.LIST)
_record = CommandMaker(places.RECORD)
_history = CommandMaker(places.HISTORY)
_drafts = CommandMaker(places.DRAFTS)
_kinds = CommandMaker(places.KINDS)
_find = CommandMaker(places.FIND)

LIST_COMMANDS: tuple[Command, ...] = (
    _list("open", "enter", "open", "Open the record under the cursor.", built_in=True),
    _list("new", "n", "new", "Record a new one."),
    _list("look", "o", "open", "In the list of events: open the one under the cursor."),
    _list("filter", "slash", "filter", "Show only the rows with these words."),
    _list("sort", "s", "sort", "Sort by one of the fields; choose it again to reverse the order."),
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
    _list("end-filter", "escape", "show all", "While filtering: remove the filter.", built_in=True),
    _list("in-full", "right", "whole row", "Where a row is cut: show all of it, in any list.", built_in=True),
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
    _history("restore", "r", "use this value", "Make the value under the cursor the current one again."),
    _history(
        "undo",
        "u",
        "undo the change",
        "Undo the whole change under the cursor: every value that it set and that still counts.",
    ),
    _history("full", "enter", "in full", "Show the value under the cursor in full.", built_in=True),
)

SEARCH_COMMANDS: tuple[Command, ...] = (
    _drafts("open", "enter", "open", "Go on with the entry under the cursor.", built_in=True),
    _drafts("discard", "d", "throw away", "Throw the entry under the cursor away, after asking."),
    _kinds("open", "enter", "open", "Open the list of the kind under the cursor.", built_in=True),
    _find("type", "letters", "find", "Type words from the record, or parts of them.", built_in=True),
    _find("open", "enter", "open", "Open the record under the cursor.", built_in=True),
    _find(
        "move",
        "up,down,pageup,pagedown",
        "move",
        "Move the cursor; the typing stays where it is.",
        built_in=True,
    ),
)
