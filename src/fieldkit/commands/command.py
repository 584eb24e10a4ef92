"""What a command is, and the places where commands apply."""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE, HOME, LIST, RECORD, HISTORY, FORM, STALL, MENTORING, PAIR = (
    "everywhere",
    "home",
    "list",
    "record",
    "history",
    "form",
    "stall",
    "mentoring",
    "pair",
)
DRAFTS, KINDS, FIND, SAFEGUARDING, SUMMARY = "drafts", "kinds", "find", "worried", "summary"
CLOSING = "closing"
SYNC, MERGE, CONFLICTS, QUARANTINE, LAPTOPS = "sync", "merge", "conflicts", "quarantine", "laptops"
SAFETY, UNDOING, TRASH, OLD_TEXT, PASSPHRASE = "safety", "undoing", "trash", "old-text", "passphrase"
FIGURES_IMPORT, PROVIDER_NAMES, LOOK_ALIKES = "figures-import", "provider-names", "look-alikes"
CYCLES, CYCLE, USE, FEEDBACK_GIVERS, CHANGES = "cycles", "cycle", "use", "heard", "changes"
SUPPORT, QUOTES, QUOTE, EXCERPT = "support", "quotes", "quote", "excerpt"
PACK, BULLETIN = "pack", "bulletin"
PILES, STACK = "piles", "stack"
SETUP, UNLOCK, RECOVERY, LOCKED, KIOSK, BOX = "setup", "unlock", "recovery", "locked", "kiosk", "box"
RESTORING = "restoring"

#: The titles of the places in the documentation, in its order.
PLACES = {
    EVERYWHERE: "Everywhere",
    HOME: "Home",
    LIST: "Lists",
    RECORD: "One record",
    HISTORY: "A record's history",
    FORM: "Forms",
    STALL: "The stall board",
    CLOSING: "Ending an event",
    MENTORING: "Mentoring",
    PAIR: "One pair",
    DRAFTS: "Unfinished entries",
    PILES: "Paper",
    STACK: "Entering a pile of paper",
    KINDS: "Everything recorded",
    FIND: "Finding",
    SAFEGUARDING: "Worried about somebody",
    SUMMARY: "Summary",
    SYNC: "Send and receive",
    MERGE: "Merging files",
    CONFLICTS: "Conflicts",
    QUARANTINE: "Files in quarantine",
    LAPTOPS: "Laptops",
    CYCLES: "Commissioning cycles",
    CYCLE: "One cycle",
    FIGURES_IMPORT: "Importing figures",
    PROVIDER_NAMES: "Names of providers",
    LOOK_ALIKES: "People with similar names",
    USE: "Use of the service",
    FEEDBACK_GIVERS: "Who was heard, and themes",
    CHANGES: "Changes",
    SUPPORT: "Support for a change",
    QUOTES: "Quotes",
    EXCERPT: "Proposing a quote",
    QUOTE: "Deciding on a quote",
    PACK: "Evidence packs",
    BULLETIN: "Bulletins",
    SAFETY: "Safety",
    UNDOING: "Undoing an import or a merge",
    TRASH: "The trash",
    OLD_TEXT: "Old text",
    PASSPHRASE: "Changing the passphrase",
    SETUP: "The first run",
    RESTORING: "Restoring a backup",
    UNLOCK: "Unlocking",
    RECOVERY: "The recovery code",
    LOCKED: "The locked screen",
    KIOSK: "A laptop handed over",
    BOX: "Questions in a box",
}


@dataclass(frozen=True)
class Command:
    """One command. `id` names the screen's method for it (`command_<id>`); `keys` is a list separated by commas, in
    Textual's notation.
    """

    id: str
    keys: str
    label: str
    help: str
    screens: tuple[str, ...]
    show: bool = True
    """Whether it is shown at the foot. The home screen shows most of its keys beside what they do instead.
    """
    built_in: bool = False
    """Whether a widget (the list, the form) or Textual answers it: documented here, bound there."""
    named: bool = False
    """Whether the widget that answers it binds it under its place and id, so that its key can still be chosen."""

    @property
    def is_fixed(self) -> bool:
        """Whether its key can't be chosen in config.toml."""
        return self.built_in and not self.named and self.id != "palette"

    @property
    def single_keys(self) -> list[str]:
        """Each of its keys."""
        return [key for part in self.keys.split(",") for key in _SEVERAL.get(part.strip(), (part.strip(),))]

    @property
    def shown_keys(self) -> str:
        """The keys as people read them: `f1`, `ctrl+p`, `/`."""
        return ", ".join(_KEY_NAMES.get(key.strip(), key.strip()) for key in self.keys.split(","))


#: Names of several keys.
_SEVERAL = {"digits": "123456789", "sections": "123456", "0-9": "0123456789"}
_KEY_NAMES = {
    "slash": "/",
    "question_mark": "?",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "escape": "esc",
    "pageup": "page up",
    "pagedown": "page down",
    "ctrl+pageup": "ctrl+page up",
    "ctrl+pagedown": "ctrl+page down",
    "digits": "1-9",
    "sections": "1-6",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


class CommandMaker:
    """Makes commands for these places, each from its id, keys, label and help."""

    def __init__(self, *places: str) -> None:
        self._places = places

    def __call__(
        self,
        id: str,
        keys: str,
        label: str,
        help: str,
        *,
        show: bool = True,
        built_in: bool = False,
        named: bool = False,
    ) -> Command:
        """Make one command."""
        return Command(id, keys, label, help, self._places, show, built_in or named, named)


WORRIED_HELP = "What to do if somebody may come to harm."
