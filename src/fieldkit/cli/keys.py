"""Keys: the coordinator's key for safe keeping, and changing the passphrase."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.options import Json, add, new_app, session
from fieldkit.cli.output import counted, print_json, say
from fieldkit.cli.prompts import ask_secret, ask_twice, at_keyboard, read_secret
from fieldkit.cli.setup import recovery_lines
from fieldkit.errors import FieldkitError, Misuse

keys = new_app("Keep the coordinator's key safe, or change it.")
passphrase = new_app("Change what opens this kit.")


@keys.callback()
def _keys() -> None:
    """Keep the coordinator's key safe, or change it."""


def export_key(
    context: typer.Context,
    target: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where to write it.")],
    passphrase_file: Annotated[
        Path | None,
        typer.Option(
            "--keys-passphrase-file",
            metavar="FILE",
            help="A file with the key's own passphrase; else FIELDKIT_KEYS_PASSPHRASE, else you are asked.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the coordinator's age key, protected by a passphrase of its own.

    With it, bundles can be opened by hand: age -d -i FILE payload.jsonl.zst.age
    """
    from fieldkit.paths import lies_in, write_private_file
    from fieldkit.store.db import scrypt_process
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster

    path, here = path_of(target), session(context)
    with here.kit() as kit:
        me = identity(kit)
        if not Roster(kit, me).coordinating:
            raise Misuse(
                "Bundles are sealed to the coordinator; this laptop is not the coordinator's.",
                kept="Nothing was written.",
                hint="Run this on the coordinator's laptop.",
            )
    if lies_in(path, here.folder):
        raise Misuse(
            "The key is for the day when this laptop is lost: it can't lie in the kit's own folder.",
            kept="Nothing was written.",
            hint="Write it to a stick that is kept elsewhere.",
        )
    if path.exists():
        raise Misuse(
            f"There is already something called {path}.",
            kept="It was left as it is.",
            hint="Choose another name.",
        )
    made = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = f"# created: {made}\n# public key: {me.age_public}\n{me.age_secret}\n"
    write_private_file(
        path,
        scrypt_process.wrap(
            text.encode(),
            _new_secret(
                passphrase_file,
                "FIELDKIT_KEYS_PASSPHRASE",
                "--keys-passphrase-file",
                (me.name, me.network_name),
            ),
        ),
    )
    if as_json:
        print_json({"path": str(path), "public_key": me.age_public})
        return
    say(
        f"Wrote the key: {path}",
        "Keep it away from this laptop: with it and its passphrase, every bundle of the network can be read.",
    )


def rotate(
    context: typer.Context,
    days: Annotated[
        int,
        typer.Option(
            "--days", min=0, max=3650, metavar="N", help="For so many days the older key still opens bundles."
        ),
    ] = 180,
    as_json: Json = False,
) -> None:
    """Give the coordinator a new age key. Bundles sealed to the older one still open for a stated time.

    The other laptops seal to the new key once they have merged the next network file.
    """
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.setup import rotate_key

    with session(context).kit(writes=True) as kit:
        renewed = rotate_key(kit, identity(kit), days)
    if as_json:
        print_json({"public_key": renewed.age_public, "older_opens_days": days})
        return
    say(
        f"The new key is {renewed.age_public}",
        f"Bundles sealed to the older one open for {counted(days, 'more day', 'more days')}.",
        "Give the new one to the other laptops: fieldkit network invite -o FILE.fkn",
        "Keep it safe as well: fieldkit keys export -o FILE",
    )


@passphrase.callback()
def _passphrase() -> None:
    """Change what opens this kit."""


def change(
    context: typer.Context,
    new_file: Annotated[
        Path | None,
        typer.Option(
            "--new-passphrase-file",
            metavar="FILE",
            help="A file with the new passphrase; else FIELDKIT_NEW_PASSPHRASE, else you are asked.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Give the kit a new passphrase and a new recovery code; both old ones no longer open it.

    A kit without a passphrase gets one. What was recorded is not touched. Backups made before open as they did, with the
    older passphrase or with none, and whoever can open one can open this kit's file too: the key inside stays the same.
    """
    from fieldkit.store.db.vault import Vault

    here = session(context)
    vault = Vault(here.folder)
    secret, locked = None, vault.exists and vault.locked
    if locked:
        secret = here.given_secret()
        if secret is None and at_keyboard():
            secret = ask_secret("The passphrase until now (or the recovery code): ")
    key = vault.unlock(secret, renew=False)
    names = _names(here.folder, key)
    new = _new_secret(new_file, "FIELDKIT_NEW_PASSPHRASE", "--new-passphrase-file", names)
    code = vault.change_passphrase(key, new, names)
    if as_json:
        print_json({"folder": str(here.folder), "recovery_code": code})
        return
    say("The kit has a new passphrase.", *recovery_lines(code))
    say(
        "Backups made before open with the older passphrase."
        if locked
        else "Backups made before have no passphrase.",
        "Whoever can open one can open this kit's file too: keep them safe, or make a new one and destroy them.",
    )


def _new_secret(file: Path | None, variable: str, option: str, names: Iterable[str]) -> str:
    """A new passphrase from the file, the environment, or typed twice.

    Raises:
        Misuse: it is easily guessed.
    """
    from fieldkit.store.db.passphrases import demand_strong

    secret = (
        read_secret(file)
        if file
        else os.environ.get(variable)
        or ask_twice(
            "A passphrase for it (at least 8 characters; four words are easy to remember): ",
            f"Give one with {variable} or {option}.",
        )
    )
    demand_strong(secret, names)
    return secret


def _names(folder: Path, key: bytes) -> list[str]:
    """What the network and the laptop of a kit are called, as far as it opens."""
    from fieldkit.store.kit import Kit

    with contextlib.suppress(FieldkitError), Kit.with_key(folder, key) as kit:
        stored = kit.desk.setting("identity") or {}
        return [stored.get("name", ""), stored.get("network_name", "")]
    return []


add(passphrase, "change", change)
add(keys, "export", export_key)
add(keys, "rotate", rotate)
