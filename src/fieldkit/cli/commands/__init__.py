"""Every command with its line for lists of commands, and its location; nothing is loaded before it is used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One command, or a group of them.

    `path` is its module below this package, a colon, and the function or the group in it. `line` is the first line
    of its help, which `fieldkit --help` shows without loading the module; a test compares the two.
    """

    path: str
    line: str


COMMANDS = {
    "network": Entry(
        "network.network_command:network", "Start a network, invite laptops to it, set its rules."
    ),
    "join": Entry("network.join_command:join", "Join a network with the invitation of its coordinator."),
    "demo": Entry(
        "network.demo_command:demo",
        "Try the kit on demonstration data, in a folder that is thrown away at the end.",
    ),
    "record": Entry(
        "records.record_command:record",
        "Record something: asked field by field, given with --set, or imported with --from.",
    ),
    "checkin": Entry(
        "records.checkin_command:checkin", "Check people in at an event, and count heads, in plain lines."
    ),
    "list": Entry("records.list_command:list_records", "List the records of a kind, the newest first."),
    "show": Entry("records.show_command:show", "Show one record in full."),
    "edit": Entry(
        "records.edit_command:edit",
        "Change fields of a record; what stood there before stays in its history.",
    ),
    "mentoring": Entry(
        "mentoring.mentoring_command:mentoring",
        "Log a mentoring session, see your mentees and their progress.",
    ),
    "delete": Entry(
        "records.delete_command:delete",
        "Mark a record deleted. It leaves lists and counts, and can be restored.",
    ),
    "trash": Entry(
        "records.trash_command:trash",
        "List every deleted record, the one deleted last first; `restore` restores one.",
    ),
    "restore": Entry(
        "records.restore_command:restore", "Restore a deleted record; or a whole kit from a backup file."
    ),
    "history": Entry(
        "records.history_command:history",
        "Every change of a record, the oldest first: who, when, what, and which values are current.",
    ),
    "undo": Entry(
        "records.undo_command:undo",
        "Undo one change of a record, a whole import, or everything from one bundle.",
    ),
    "people": Entry(
        "records.people_command:people",
        "See who may be one person, join two records of a person, part them again.",
    ),
    "imports": Entry(
        "records.imports_command:imports",
        "List the files that were imported here; `undo --import N` undoes one.",
    ),
    "merges": Entry(
        "exchange.merges_command:merges",
        "List the bundles that were merged here, the latest first; `undo --bundle NAME` undoes one.",
    ),
    "export": Entry(
        "exchange.export_command:export",
        "Write a bundle for the coordinator, signed and encrypted, to be carried by hand.",
    ),
    "inspect": Entry(
        "exchange.inspect_command:inspect",
        "Look at a bundle without opening it: who signed it, for which network, how much is in it.",
    ),
    "merge": Entry(
        "exchange.merge_command:merge",
        "Merge bundles, network files and receipts. The same one again, in any order, changes nothing.",
    ),
    "receipt": Entry(
        "exchange.receipt_command:receipt",
        "Write a receipt: what has arrived here, what is missing, and what was quarantined.",
    ),
    "quarantine": Entry("exchange.quarantine_command:quarantine", "List the files in quarantine, and why."),
    "status": Entry(
        "reports.status_command:status", "What this kit holds, what has not arrived yet, and whose it is."
    ),
    "summary": Entry(
        "reports.summary_command:summary",
        "What the records say: ratings, themes, attendance, mentoring, who spoke.",
    ),
    "figures": Entry(
        "figures:figures",
        "Import a provider's figures and populations, look at them, match their labels.",
    ),
    "utilisation": Entry(
        "reports.utilisation_command:utilisation",
        "Compare how far each community uses a service with who lives in the area.",
    ),
    "protect": Entry(
        "reports.protect_command:protect",
        "Hide what would reveal small numbers in tables, so that each could be any small number.",
    ),
    "cycle": Entry(
        "cycle.cycle_command:cycles",
        "See the cycles: what each stage has, what is missing, what to do next.",
    ),
    "provider": Entry(
        "cycle.provider_command:providers",
        "See the names of providers in feedback, and which of them mean one provider.",
    ),
    "quotes": Entry(
        "cycle.quotes_command:quotes",
        "Propose people's words for print, and decide on them as a second person.",
    ),
    "forms": Entry(
        "records.forms_command:forms",
        "Write the forms to print: feedback, monitoring, sign-in sheet and head counts, each one page of A4.",
    ),
    "evidence": Entry(
        "evidence.evidence_command:evidence",
        "Write a pack of evidence of a cycle for one audience, or verify one.",
    ),
    "bulletin": Entry(
        "evidence.bulletin_command:bulletin",
        "Write a bulletin of a period: one page on what happened, what people said, and what changed.",
    ),
    "tables": Entry(
        "reports.tables_command:tables",
        "Write all shared records as tables for a spreadsheet, codes and labels side by side.",
    ),
    "check": Entry(
        "safety.check_command:check",
        "Look for damage: the file itself, every chain of changes, and the records folded anew.",
    ),
    "withdraw": Entry(
        "safety.withdraw_command:withdraw",
        "Erase what a person said, by the receipt code that they were given; any laptop can.",
    ),
    "erase": Entry(
        "safety.erase_command:erase",
        "Erase a record for good, here and, by the next bundles, everywhere. Only a coordinator's laptop can.",
    ),
    "erasures": Entry(
        "safety.erasures_command:list_erasures",
        "List erasures and withdrawals; on a coordinator's laptop with those laptops that have not confirmed them.",
    ),
    "backup": Entry(
        "safety.backup_command:backup",
        "Write a backup of the whole kit, encrypted as the kit is; it may be in use meanwhile.",
    ),
    "locate": Entry(
        "safety.locate_command:locate",
        "Show where the kit, the files in quarantine and the log of errors are. Opens nothing.",
    ),
    "doctor": Entry(
        "safety.doctor_command:doctor",
        "Look at the terminal, the kit's folder, sticks, the clock and the last backup, and say what to do.",
    ),
    "devices": Entry(
        "network.devices_command:devices", "The laptops of the network, and which of them are trusted."
    ),
    "conflicts": Entry(
        "exchange.conflicts_command:conflicts",
        "Fields that two laptops changed without knowing of each other.",
    ),
    "keys": Entry("network.keys_command:keys", "Keep the coordinator's key safe, or change it."),
    "passphrase": Entry("safety.passphrase_command:passphrase", "Change what opens this kit."),
    "lock": Entry(
        "safety.lock_command:lock", "See or set when this laptop's screen locks; choose or forget its PIN."
    ),
    "retain": Entry(
        "safety.retain_command:retain",
        "Erase the free text from records that are older than the network keeps it; codes, numbers, dates and links stay.",
    ),
}
