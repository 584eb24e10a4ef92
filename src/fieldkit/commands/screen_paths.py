"""The path to every command from any screen, and the names of screen actions on the command line."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import EVERYWHERE, PLACES, Command
from fieldkit.commands.table import COMMANDS

#: The screen that leads to the commands of a place, by its name in the program's list of screens. If a command needs a record,
#: a pair, a quote or a cycle, this is the screen for choosing it.
SCREEN_OF = {
    places.LIST: "everything",
    places.RECORD: "find",
    places.HISTORY: "find",
    places.STALL: "stall",
    places.CLOSING: "event_closing",
    places.MENTORING: "mentoring",
    places.PAIR: "mentoring",
    places.DRAFTS: "drafts",
    places.PILES: "piles",
    places.STACK: "piles",
    places.KINDS: "everything",
    places.FIND: "find",
    places.SAFEGUARDING: "worried",
    places.SUMMARY: "summary",
    places.SYNC: "sync",
    places.MERGE: "merge",
    places.CONFLICTS: "conflicts",
    places.QUARANTINE: "quarantine",
    places.LAPTOPS: "people_trust",
    places.SAFETY: "safety",
    places.UNDOING: "undo",
    places.TRASH: "trash",
    places.OLD_TEXT: "retention",
    places.PASSPHRASE: "passphrase",
    places.FIGURES_IMPORT: "figures_import",
    places.PROVIDER_NAMES: "provider_names",
    places.LOOK_ALIKES: "look_alikes",
    places.CYCLES: "cycles",
    places.CYCLE: "cycles",
    places.USE: "cycles",
    places.FEEDBACK_GIVERS: "cycles",
    places.CHANGES: "cycles",
    places.SUPPORT: "cycles",
    places.QUOTES: "cycles",
    places.EXCERPT: "cycles",
    places.QUOTE: "cycles",
    places.PACK: "cycles",
    places.BULLETIN: "bulletin",
}
#: Places whose commands need no row to be chosen: they run at once, on the screen opened for them.
PANELS = frozenset(
    {places.PILES, places.SYNC, places.SAFETY, places.SUMMARY, places.SAFEGUARDING, places.CYCLES}
)
#: Places that can't be reached from elsewhere: the form in view, a question in a box, a kit that is not open yet.
ONLY_THERE = frozenset(
    {
        places.FORM,
        places.BOX,
        places.SETUP,
        places.RESTORING,
        places.UNLOCK,
        places.RECOVERY,
        places.LOCKED,
        places.KIOSK,
        places.EVERYWHERE,
        places.HOME,
    }
)
_MOVES = frozenset(
    {"back", "up", "down", "point", "move", "page", "turn", "go-on", "line-before", "show", "done"}
)

#: Verb of the command line -> (place, command) that does the same on a screen; the palette finds the command by the verb.
VERBS = {
    "network": (places.SYNC, "invite"),
    "record": (places.HOME, "feedback"),
    "list": (places.HOME, "everything"),
    "show": (places.HOME, "find"),
    "edit": (places.RECORD, "edit"),
    "delete": (places.RECORD, "delete"),
    "restore": (places.RECORD, "restore"),
    "trash": (places.SAFETY, "trash"),
    "history": (places.RECORD, "history"),
    "undo": (places.SAFETY, "undo"),
    "imports": (places.SAFETY, "undo"),
    "merges": (places.SAFETY, "undo"),
    "export": (places.HOME, "export"),
    "inspect": (places.SYNC, "merge"),
    "merge": (places.SYNC, "merge"),
    "receipt": (places.SYNC, "receipt"),
    "quarantine": (places.SYNC, "quarantine"),
    "status": (places.HOME, "sync"),
    "summary": (places.HOME, "summary"),
    "figures": (places.HOME, "figures"),
    "utilisation": (places.CYCLE, "use"),
    "cycle": (places.HOME, "cycles"),
    "provider": (places.HOME, "provider-names"),
    "quotes": (places.CYCLE, "quotes"),
    "evidence": (places.CYCLE, "pack"),
    "bulletin": (places.CYCLES, "bulletin"),
    "tables": (places.SUMMARY, "tables"),
    "withdraw": (places.SAFETY, "withdraw"),
    "erasures": (places.SAFETY, "erasures"),
    "backup": (places.SAFETY, "backup"),
    "devices": (places.SYNC, "laptops"),
    "conflicts": (places.HOME, "conflicts"),
    "passphrase": (places.SAFETY, "passphrase"),
    "lock": (places.SAFETY, "lock-time"),
    "retain": (places.SAFETY, "old-text"),
    "forms": (places.PILES, "print"),
    "mentoring": (places.HOME, "mentoring"),
    "people": (places.HOME, "people"),
    "checkin": (places.HOME, "stall"),
}


def verbs_of(place: str, id: str) -> list[str]:
    """The verbs of the command line for the command `id` of a place."""
    return [verb for verb, way in VERBS.items() if way == (place, id)]


def elsewhere(place: str) -> list[tuple[str, Command]]:
    """(place, command) for the commands of other places that can be reached from `place`, those of home first."""
    others = [places.HOME, *(each for each in PLACES if each not in ONLY_THERE)]
    return [
        (other, command)
        for other in others
        for command in COMMANDS
        if other in command.screens
        and other != place
        and EVERYWHERE not in command.screens
        and command.id not in _MOVES
        and not command.built_in
    ]
