"""Every command with the line that lists of commands give it, and where it lies; nothing is loaded before it is used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One command, or a group of them.

    `path` is its module below `fieldkit.cli`, a colon, and the function or the group in it. `line` is the first line
    of its help, which `fieldkit --help` shows without loading the module; a test compares the two.
    """

    path: str
    line: str


COMMANDS = {
    "network": Entry("setup:network", "Start a network, invite laptops to it, set its rules."),
    "join": Entry("setup:join", "Join a network with the invitation of its coordinator."),
    "demo": Entry(
        "setup:demo", "Try the kit on demonstration data, in a folder that is thrown away at the end."
    ),
    "record": Entry(
        "recording:record",
        "Record something: asked field by field, given with --set, or imported with --from.",
    ),
    "list": Entry("records:list_records", "List the records of a kind, the newest first."),
    "show": Entry("records:show", "Show one record in full."),
    "edit": Entry("records:edit", "Change fields of a record; what stood there before stays in its history."),
    "delete": Entry(
        "records:delete", "Mark a record deleted. It leaves lists and counts, and can be restored."
    ),
    "restore": Entry(
        "records:restore", "Bring a deleted record back; or put a whole kit back from a backup file."
    ),
    "history": Entry(
        "histories:history",
        "Every change of a record, the oldest first: who, when, what, and which values stand.",
    ),
    "undo": Entry(
        "undoing:undo", "Undo one change of a record, a whole import, or all that one bundle brought."
    ),
    "imports": Entry(
        "undoing:imports", "List the files that were imported here; `undo --import N` undoes one."
    ),
    "merges": Entry(
        "undoing:merges",
        "List the bundles that were merged here, the latest first; `undo --bundle NAME` undoes one.",
    ),
    "export": Entry(
        "bundles:export", "Write a bundle for the coordinator, signed and encrypted, to be carried by hand."
    ),
    "inspect": Entry(
        "bundles:inspect",
        "Look at a bundle without opening it: who signed it, for which network, how much is in it.",
    ),
    "merge": Entry(
        "merging:merge",
        "Merge bundles, network files and receipts. The same one again, in any order, changes nothing.",
    ),
    "receipt": Entry(
        "receiving:receipt",
        "Write a receipt: what has arrived here, what is missing, and what was quarantined.",
    ),
    "quarantine": Entry("aside:quarantine", "List the files in quarantine, and why."),
    "status": Entry("status:status", "What this kit holds, what has not arrived yet, and whose it is."),
    "summary": Entry(
        "reports:summary", "What the records say: ratings, themes, attendance, mentoring, who spoke."
    ),
    "utilisation": Entry(
        "utilisation:utilisation",
        "Compare how far each community uses a service with who lives in the area.",
    ),
    "tables": Entry(
        "reports:tables",
        "Write all shared records as tables for a spreadsheet, codes and labels side by side.",
    ),
    "check": Entry(
        "reports:check",
        "Look for damage: the file itself, every chain of changes, and the records folded anew.",
    ),
    "withdraw": Entry(
        "rights:withdraw",
        "Erase what a person said, by the receipt code that they were given; any laptop can.",
    ),
    "erase": Entry(
        "rights:erase",
        "Erase a record for good, here and, by the next bundles, everywhere. Only a coordinator's laptop can.",
    ),
    "erasures": Entry(
        "rights:list_erasures",
        "List erasures and withdrawals; on a coordinator's laptop with those laptops that have not confirmed them.",
    ),
    "backup": Entry(
        "backups:backup",
        "Write a backup of the whole kit, encrypted as the kit is; it may be in use meanwhile.",
    ),
    "locate": Entry(
        "commands.safety.locate_command:locate",
        "Say where the kit, the files in quarantine and the log of errors lie. Opens nothing.",
    ),
    "devices": Entry("devices:devices", "The laptops of the network, and which of them are trusted."),
    "conflicts": Entry(
        "conflicts:conflicts",
        "Fields that two laptops changed without knowing of each other.",
    ),
    "keys": Entry("keys:keys", "Keep the coordinator's key safe, or change it."),
    "passphrase": Entry("keys:passphrase", "Change what opens this kit."),
    "retain": Entry(
        "rules:retain",
        "Take the free text out of records that are older than the network keeps it; codes, numbers, dates and links stay.",
    ),
}
