"""Restoring a whole kit from a backup, once it is clear whose kit is there and whose the backup is."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from fieldkit.cli.decorator import Answer
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.output import iso_time, note, say
from fieldkit.cli.prompts import ask_secret, ask_yes, at_keyboard, demand_yes
from fieldkit.cli.run_session import Session
from fieldkit.errors import FieldkitError, Misuse, NotFound
from fieldkit.presentation.wording import counted, date_and_time
from fieldkit.records.schema.kind import kinds
from fieldkit.store import backup as backups
from fieldkit.store.backup import KitOwner
from fieldkit.store.backup_file import is_locked
from fieldkit.store.db.folder_swap import kits_beside
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from fieldkit.store.window_lock import demand_closed
from fieldkit.sync.network.location import check_place
from fieldkit.text import clean_line


def names_a_file(typed: str) -> bool:
    """Whether `restore` is given a backup's file rather than a record's id (letters and digits, perhaps with its kind before)."""
    name, colon, record_id = typed.rpartition(":")
    is_id = record_id.isalnum() and (not colon or name in kinds())
    return not is_id or path_of(typed).is_file()


def may_be_a_name(typed: str) -> bool:
    """Whether text that names no file may be the name of a deleted record: it has no folder, and no file's ending."""
    return not path_of(typed).is_file() and Path(typed).name == typed and not re.search(r"\.\w+$", typed)


def restore_backup(
    here: Session,
    typed: str,
    yes: bool,
    *,
    other_laptop: bool = False,
    without_passphrase: bool = False,
    in_use: bool | None = None,
) -> Answer:
    """Restore a backup to the kit's folder, as a new replica of its laptop. `in_use`: whether the kit that was backed up is still
    used elsewhere, None to ask.

    If there is a kit already, the user reads whose it is and whose the backup is, and is asked. With `yes` nobody is
    asked, unless the backup is another laptop's and not `other_laptop`, or removes a passphrase and not `without_passphrase`.
    """

    source = path_of(typed)
    if not source.is_file():
        raise NotFound(f"There is no file “{source}”.", hint="Is the stick still in? Check the name.")
    there = here.folder.is_dir() and any(here.folder.iterdir())
    if there:
        demand_closed(here.folder)
    secret = here.given_secret()
    if secret is None and at_keyboard() and is_locked(source):
        secret = ask_secret("The backup's passphrase or recovery code: ") or None
    held = _kit_there(here.folder, secret) if there else None
    restored_kits: list[KitOwner] = []
    vault = Vault(here.folder)
    locks = vault.locks()

    def agree(backup: KitOwner) -> bool | None:
        restored_kits.append(backup)
        note(f"The backup: {_whose(backup)}, made {date_and_time(backup.made)} as the file says.")
        if there:
            demand_agreement(backup)
        same = held is not None and held.device == backup.device
        if in_use is not None or not backup.device or same or yes or not at_keyboard():
            return in_use
        return ask_yes("Is the kit that this backup was made of still in use, on any laptop? y or n: ")

    def demand_agreement(backup: KitOwner) -> None:
        note(
            f"The kit here: {_whose(held)}."
            if held
            else "We don't know whose kit this is: it does not open, or not with that passphrase."
        )
        differ = _differ(held, backup)
        if differ:
            note(differ)
        unlocks = not backup.locked and vault.locked
        if unlocks:
            note(
                "The backup has NO passphrase, and the kit here has one: whoever has this laptop could read the kit."
            )
        elif backup.locks != locks:
            note(
                "The backup has another passphrase or recovery code than the kit here: those of the day of the backup."
            )
        doubtful = not other_laptop and bool(differ or held is None)
        if not yes and not at_keyboard():
            raise Misuse(
                f"There is a kit in {here.folder}, so fieldkit has to ask first, and nobody is here to answer.",
                kept="Nothing was changed.",
                hint="If it is meant, add --yes"
                + " and --other-laptop" * doubtful
                + " and --without-passphrase" * (unlocks and not without_passphrase),
            )
        if yes and doubtful:
            raise Misuse(
                "This is another laptop's or network's backup, so --yes alone does not restore it."
                if differ
                else "It may be another laptop's backup, so --yes alone does not restore it.",
                kept="Nothing was changed.",
                hint="If it is meant, add --other-laptop too.",
            )
        if yes and unlocks and not without_passphrase:
            raise Misuse(
                "The kit here has a passphrase, and this backup has none: --yes alone is not enough.",
                kept="Nothing was changed.",
                hint="If it is meant, add --without-passphrase too.",
            )
        demand_yes(
            f"There is a kit in {here.folder}. Move it to a folder beside this one, and put the backup in its place?",
            yes,
        )

    before = set(kits_beside(here.folder))
    with backups.restore(source, here.folder, secret, agree) as kit:
        check_place(kit)
        counts, state = kit.counts(), kit.state_hash()
    [restored] = restored_kits
    same = vault.locks() == locks if locks else None
    moved = next((path for path in kits_beside(here.folder) if path not in before), None)
    lines = [
        f"The kit is restored in {here.folder}: {counted(sum(counts.values()), 'record')}.",
        "It is a new replica now, so its old bundles can't be mistaken for new ones.",
    ]
    if not vault.locked:
        lines += [
            "It has NO passphrase: whoever has this laptop can read it.",
            "Give it one with: fieldkit passphrase change",
        ]
    elif not same:
        here_before = ", not with the one that the kit here had" if locks else ""
        lines.append(f"It opens with the passphrase or recovery code of the day of the backup{here_before}.")
    if moved:
        lines.append(f"The kit that was there is now in {moved}")

    def print_lines() -> None:
        say(*lines)
        note("Merge the newest network file and bundles, to have what came after the backup.")

    return Answer(
        {
            "folder": str(here.folder),
            "counts": counts,
            "state_hash": state,
            "moved_to": str(moved) if moved else None,
            "laptop": restored.laptop or None,
            "network": restored.network or None,
            "made": iso_time(restored.made),
            "other_laptop": held.device not in {"", restored.device} if held else None,
            "passphrase": vault.locked,
            "same_passphrase": same,
        },
        print_lines,
    )


def _kit_there(folder: Path, secret: str | None) -> KitOwner | None:
    """Whose kit is in `folder`; None if that is not known: it is damaged, for example, or has another passphrase."""

    with contextlib.suppress(FieldkitError), Kit.open(folder, secret, to_read=True) as kit:
        return KitOwner.of(kit)
    return None


def _whose(kit: KitOwner) -> str:
    name, network = clean_line(kit.laptop), clean_line(kit.network)
    who = f"the laptop “{name}” in the network “{network}”" if kit.device else "of no network yet"
    return f"{who}, {counted(kit.records, 'record')}"


def _differ(held: KitOwner | None, backup: KitOwner) -> str:
    """What to say if a kit and a backup are not from the same laptop in the same network; "" if they are."""
    if held is None or not held.device:
        return ""
    if held.device == backup.device:
        # Whoever gets an unlocked backup of this laptop may change everything else in it.
        if held.founder != backup.founder:
            return "The backup is this laptop's, but NOT of the same network: others would read its bundles."
        if not set(backup.sealing_keys[:1]) <= set(held.sealing_keys):
            return (
                "The backup is this laptop's, but has a sealing key that the kit here does not know. "
                "If nobody here rotated keys (fieldkit keys rotate), somebody changed the backup."
            )
        return ""
    if held.founder != backup.founder:
        return "They are NOT the same laptop's, and not of the same network."
    return f"They are NOT the same laptop's: this computer would go on as “{clean_line(backup.laptop)}”."
