"""Backups of the whole kit, proven by putting them back; and where the kit's files are."""

from __future__ import annotations

import contextlib
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldkit.cli.file_arguments import path_of, target_of
from fieldkit.cli.options import Json, session
from fieldkit.cli.output import counted, moment, note, print_json, say, sized, spoken
from fieldkit.cli.prompts import ask_secret, at_keyboard, demand_yes
from fieldkit.cli.run_session import Session
from fieldkit.errors import FieldkitError, Misuse, NotFound
from fieldkit.text import clean_line

if TYPE_CHECKING:
    from fieldkit.store.backup import Whose

_ENDING = ".fkbackup"


def backup(
    context: typer.Context,
    out: Annotated[
        str,
        typer.Option("--out", "-o", metavar="FILE|DIR", help=f"Where to write it; a name ends in {_ENDING}"),
    ],
    prove: Annotated[
        bool,
        typer.Option(
            "--prove", help="Also restore it to a temporary folder, check it, and compare every record."
        ),
    ] = False,
    as_json: Json = False,
) -> int:
    """Write a backup of the whole kit, encrypted as the kit is; it may be in use meanwhile.

    It opens with the passphrase or recovery code of today. Put it back with: fieldkit restore FILE
    """
    from fieldkit.store import backup as backups

    target = target_of(out, _ENDING, "a backup")
    if target.is_dir():
        target = target / f"fieldkit-{time.strftime('%Y-%m-%d-%H%M%S')}{_ENDING}"
    elif target.suffix.lower() != _ENDING:
        raise Misuse(
            f"A backup's name ends in {_ENDING}",
            kept="Nothing was written.",
            hint=f"fieldkit backup -o {target.name}{_ENDING}",
        )
    if not target.parent.is_dir():
        raise NotFound(
            f"There is no folder {target.parent}.",
            kept="Nothing was written.",
            hint="Is the stick still in? Check the name, then try again.",
        )
    with session(context).kit() as kit:
        done = backups.backup(kit, target)
        findings = backups.prove(kit, target) if prove else []
    records = counted(sum(done.counts.values()), "record")
    if as_json:
        print_json(
            {
                "path": str(target),
                "size": target.stat().st_size,
                "made": moment(done.made),
                **{name: value for name, value in asdict(done).items() if name in {"counts", "state_hash"}},
                "proven": not findings if prove else None,
                "findings": findings,
            }
        )
    else:
        say(f"Wrote {target}: {records}, {sized(target.stat().st_size)}.")
        if findings:
            say("Restoring it did not give the same kit:", *findings, "Make another one, on another stick.")
        elif prove:
            say("Proven: it was restored to a temporary folder, and every record is there.")
        else:
            say("It is not proven yet: --prove restores it to a temporary folder and compares.")
    return 1 if findings else 0


def names_a_file(words: str) -> bool:
    """Whether `restore` is given a backup's file, not a record's id: ids are letters and digits alone."""
    return not words.isalnum() or path_of(words).is_file()


def put_back(
    here: Session,
    words: str,
    yes: bool,
    as_json: bool,
    *,
    other_laptop: bool = False,
    without_passphrase: bool = False,
) -> None:
    """Put a backup back into the kit's folder, as a new incarnation of its laptop.

    Where a kit lies there, it is said whose that one is and whose the backup, and asked. With `yes` nobody is asked,
    unless the backup is another laptop's and not `other_laptop`, or takes a passphrase away and not `without_passphrase`.
    """
    from fieldkit.store import backup as backups
    from fieldkit.store.backup_file import is_locked
    from fieldkit.store.db.folder_swap import kits_beside
    from fieldkit.store.db.vault import Vault
    from fieldkit.store.window_lock import demand_closed
    from fieldkit.sync.network.location import check_place

    source = path_of(words)
    if not source.is_file():
        raise NotFound(f"There is no file {source}.", hint="Is the stick still in? Check the name.")
    there = here.folder.is_dir() and any(here.folder.iterdir())
    if there:
        demand_closed(here.folder)
    secret = here.given_secret()
    if secret is None and at_keyboard() and is_locked(source):
        secret = ask_secret("The backup's passphrase or recovery code: ") or None
    held = _kit_there(here.folder, secret) if there else None
    found: list[Whose] = []
    vault = Vault(here.folder)
    locks = vault.locks()

    def agree(one: Whose) -> None:
        found.append(one)
        note(f"The backup: {_whose(one)}, made {spoken(one.made)} by its label.")
        if not there:
            return
        note(
            f"The kit here: {_whose(held)}."
            if held
            else "It is not known whose kit lies here: it does not open, or not with that passphrase."
        )
        differ = _differ(held, one)
        if differ:
            note(differ)
        unlocks = not one.locked and vault.locked
        if unlocks:
            note(
                "The backup has NO passphrase, and the kit here has one: whoever has this laptop could read the kit."
            )
        elif one.locks != locks:
            note(
                "The backup has another passphrase or recovery code than the kit here: those of the day of the backup."
            )
        doubtful = not other_laptop and bool(differ or held is None)
        if not yes and not at_keyboard():
            raise Misuse(
                f"A kit lies in {here.folder}, so fieldkit asks first, and nobody is here to answer.",
                kept="Nothing was changed.",
                hint="If it is meant, add --yes"
                + " and --other-laptop" * doubtful
                + " and --without-passphrase" * (unlocks and not without_passphrase),
            )
        if yes and doubtful:
            raise Misuse(
                "This is another laptop's backup, so --yes alone does not restore it."
                if differ
                else "It may be another laptop's backup, so --yes alone does not restore it.",
                kept="Nothing was changed.",
                hint="If it is meant, add --other-laptop too.",
            )
        if yes and unlocks and not without_passphrase:
            raise Misuse(
                "This backup has no passphrase, so --yes alone does not put it in the place of a kit that has one.",
                kept="Nothing was changed.",
                hint="If it is meant, add --without-passphrase too.",
            )
        demand_yes(f"A kit lies in {here.folder}. Move it aside, and put the backup in its place?", yes)

    before = set(kits_beside(here.folder))
    with backups.restore(source, here.folder, secret, agree) as kit:
        check_place(kit)
        counts, state = kit.counts(), kit.state_hash()
    [one] = found
    same = vault.locks() == locks if locks else None
    moved = next((path for path in kits_beside(here.folder) if path not in before), None)
    if as_json:
        print_json(
            {
                "folder": str(here.folder),
                "counts": counts,
                "state_hash": state,
                "moved_to": str(moved) if moved else None,
                "laptop": one.laptop or None,
                "network": one.network or None,
                "made": moment(one.made),
                "other_laptop": bool(_differ(held, one)) if held else None,
                "passphrase": vault.locked,
                "same_passphrase": same,
            }
        )
        return
    say(
        f"The kit is restored in {here.folder}: {counted(sum(counts.values()), 'record')}.",
        "It goes on under a new name, so nothing that it sent before can be mistaken for what it sends now.",
    )
    if not vault.locked:
        say(
            "It has NO passphrase: whoever has this laptop can read it.",
            "Give it one with: fieldkit passphrase change",
        )
    elif not same:
        here_before = ", not with the one that the kit here had" if locks else ""
        say(f"It opens with the passphrase or recovery code of the day of the backup{here_before}.")
    if moved:
        say(f"The kit that was there is now in {moved}")
    note("Merge the newest network file and bundles, to have what came after the backup.")


def _kit_there(folder: Path, secret: str | None) -> Whose | None:
    """Whose kit lies in `folder`; None where that can't be told: it is damaged, say, or has another passphrase."""
    from fieldkit.store.backup import Whose
    from fieldkit.store.kit import Kit

    with contextlib.suppress(FieldkitError), Kit.open(folder, secret, to_read=True) as kit:
        return Whose.of(kit)
    return None


def _whose(one: Whose) -> str:
    name, network = clean_line(one.laptop), clean_line(one.network)
    who = f"the laptop “{name}” in the network “{network}”" if one.device else "of no network yet"
    return f"{who}, {counted(one.records, 'record')}"


def _differ(held: Whose | None, one: Whose) -> str:
    """What to say where a kit and a backup are not the same laptop's, "" where they are."""
    if held is None or not held.device or held.device == one.device:
        return ""
    if held.founder != one.founder:
        return "They are NOT the same laptop's, and not of the same network."
    return f"They are NOT the same laptop's: this computer would go on as “{clean_line(one.laptop)}”."
