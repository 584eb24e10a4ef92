"""The commands for keeping the kit safe: backups, locks, withdrawals, the trash, undoing, and old text."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, CommandMaker

_safety = CommandMaker(places.SAFETY)
_trash = CommandMaker(places.TRASH)
_undoing = CommandMaker(places.UNDOING)
_old_text = CommandMaker(places.OLD_TEXT)

SAFETY_COMMANDS: tuple[Command, ...] = (
    _safety(
        "backup",
        "b",
        "backup",
        "Write a backup at a place of your choice, and test it by restoring it to a temporary folder.",
    ),
    _safety("passphrase", "p", "passphrase", "Change the passphrase; you are shown a new recovery code."),
    _safety("pin", "n", "PIN", "Choose, change or forget the PIN of this laptop.", show=False),
    _safety("lock-time", "l", "lock", "Set that this laptop locks sooner than the network says.", show=False),
    _safety("withdraw", "w", "withdraw", "Erase what a person said, by the receipt code on their slip."),
    _safety("undo", "u", "undo", "Undo a whole import, or everything from one bundle."),
    _safety("trash", "d", "trash", "See what was deleted, and restore it."),
    _safety("erasures", "e", "erasures", "What was erased or withdrawn, and who has not confirmed it yet."),
    _safety("rules", "r", "rules", "Set the network's rules: how long free text is kept, when home warns."),
    _safety("old-text", "t", "old text", "See which records are too old to keep their free text; erase it."),
    _trash("open", "enter", "open", "Open the record under the cursor.", built_in=True),
    _trash("restore", "z", "restore", "Restore the record under the cursor."),
    _undoing(
        "undo",
        "u",
        "undo",
        "Undo the import or the bundle under the cursor, after asking; of one that was undone, what was restored since.",
    ),
    _old_text("take-out", "t", "erase it", "Erase the text of these records for good, after asking."),
    _old_text("open", "enter", "open", "Open the record under the cursor.", built_in=True),
)
