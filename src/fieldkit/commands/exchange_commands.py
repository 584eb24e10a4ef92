"""The commands for sending, receiving and resolving, for the laptops of the network, and those of the summary."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, CommandMaker

_sync = CommandMaker(places.SYNC)
_merge = CommandMaker(places.MERGE)
_conflicts = CommandMaker(places.CONFLICTS)
_quarantine = CommandMaker(places.QUARANTINE)
_laptops = CommandMaker(places.LAPTOPS)
_summary = CommandMaker(places.SUMMARY)

_WORKING = (
    places.SYNC,
    places.MERGE,
    places.CONFLICTS,
    places.QUARANTINE,
    places.LAPTOPS,
    places.SUMMARY,
    places.SAFETY,
    places.UNDOING,
    places.TRASH,
    places.OLD_TEXT,
)

SYNC_COMMANDS: tuple[Command, ...] = (
    CommandMaker(*_WORKING)("back", "escape", "back", "Go back; while something is being done, stop it."),
    _sync("export-file", "x", "export", "Write a bundle for the coordinator."),
    _sync("merge", "m", "merge", "Merge a bundle, after a look at what it would change."),
    _sync("conflicts", "c", "conflicts", "Fields that two laptops changed at the same time."),
    _sync("quarantine", "a", "quarantine", "Files that could not be accepted, and why."),
    _sync(
        "invite",
        "i",
        "network file",
        "Write the network file (.fkn): it invites laptops and updates those that are in the network.",
    ),
    _sync(
        "receipt",
        "r",
        "receipt",
        "Write a receipt (.fkr): it tells the laptops what has arrived here, and what is missing.",
    ),
    _sync("laptops", "l", "laptops", "The laptops of this network: trust them, revoke them."),
    _sync("words", "w", "six words", "Show this laptop's six words in full, for reading them out."),
    _merge(
        "go", "enter", "look inside", "Look into the files; then merge them; then be done.", built_in=True
    ),
    _merge("trust", "t", "trust laptop", "Compare its six words, trust the laptop, and merge what it sent."),
    _merge("other", "o", "other place", "Type the name of a file or a folder."),
    _merge("again", "a", "look again", "Look again at what is on the sticks."),
    _merge("conflicts", "c", "conflicts", "Look at the fields that two laptops changed."),
    _merge(
        "receipt",
        "r",
        "receipt",
        "Write a receipt to where the files came from: it tells the laptops what has arrived.",
    ),
    _merge(
        "figures",
        "v",
        "figures",
        "New, changed, identical, in conflict and refused, by kind of record and by laptop.",
    ),
    _conflicts("choose", "digits", "choose", "Keep the value with this number.", built_in=True),
    _conflicts("open", "enter", "open", "Open the record under the cursor.", built_in=True),
    _conflicts("edit", "e", "another value", "Give a value that is neither of them."),
    _conflicts("full", "v", "in full", "Show all values in full."),
    _quarantine("trust", "t", "trust laptop", "Compare its six words, trust the laptop, merge what it sent."),
    _quarantine("records", "v", "which records", "Look at the records that the file would erase."),
    _quarantine(
        "open",
        "enter",
        "open",
        "Open the record under the cursor, of those that it would erase.",
        built_in=True,
    ),
    _quarantine("erase", "e", "erase", "Let the file erase the records that it names, after asking."),
    _quarantine(
        "refuse", "r", "refuse", "Merge the file without what it erases, after asking: the records stay."
    ),
    _quarantine("retry", "m", "try again", "Try to merge the file once more."),
    _quarantine("delete", "d", "delete", "Take the file off the list and delete its copy, after asking."),
    _laptops(
        "trust", "t", "trust", "Trust the laptop after comparing its six words, and merge what it sent."
    ),
    _laptops("rename", "n", "name", "Rename the laptop, for everybody."),
    _laptops(
        "role", "o", "role", "Make the laptop a deputy coordinator's, or one that records in the field."
    ),
    _laptops("revoke", "d", "revoke", "Accept nothing more from this laptop; what it sent before stays."),
    _laptops(
        "alone",
        "a",
        "one copy",
        "Say that of the laptop's copies one is left: the one with the latest bundle.",
    ),
    _laptops("drop", "x", "drop", "Drop what the laptop flooded the network with, after asking."),
    _laptops("erasures", "e", "erasures", "What was erased or withdrawn, and who has not confirmed it yet."),
    _summary("section", "sections", "section", "Show the section with this number.", built_in=True),
    _summary("turn", "tab,shift+tab", "next", "The next section, or the one before.", built_in=True),
    _summary(
        "tables", "t", "write tables", "Write everything as a workbook (.xlsx), at a place of your choice."
    ),
    _summary("again", "r", "count again", "Count again, after something was recorded or merged."),
)
