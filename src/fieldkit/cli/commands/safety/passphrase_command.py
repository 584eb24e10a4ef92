"""`fieldkit passphrase`: changing what opens this kit."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.new_kit import shown_code
from fieldkit.cli.options import add, new_app
from fieldkit.cli.parameters import option
from fieldkit.cli.passphrase_options import new_secret
from fieldkit.cli.prompts import ask_secret, at_keyboard
from fieldkit.cli.run_session import Session
from fieldkit.errors import FieldkitError
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY

passphrase = new_app("Change what opens this kit.")


@passphrase.callback()
def _passphrase() -> None:
    """Change what opens this kit."""


@command()
def change(
    here: Session,
    as_json: bool,
    new_file: Annotated[
        Path | None,
        option(
            "--new-passphrase-file",
            "FILE",
            "A file with the new passphrase; else FIELDKIT_NEW_PASSPHRASE, else you are asked.",
        ),
    ] = None,
) -> Answer:
    """Give the kit a new passphrase and a new recovery code; both old ones no longer open it.

    The code is printed before anything is changed. If the command is stopped before its last line, keep the older code too,
    and change the passphrase again.

    A kit without a passphrase gets one. What was recorded is not touched. Backups made before open as they did, with the
    older passphrase or with none, and whoever can open one can open this kit's file too: the key inside stays the same.
    """
    vault = Vault(here.folder)
    secret, locked = None, vault.exists and vault.locked
    if locked:
        secret = here.given_secret()
        if secret is None and at_keyboard():
            secret = ask_secret("The passphrase until now (or the recovery code): ")
    key = vault.unlock(secret, renew=False)
    names = _names(here.folder, key)
    new = new_secret(new_file, "FIELDKIT_NEW_PASSPHRASE", "--new-passphrase-file", names)
    code = shown_code(as_json)
    vault.change_passphrase(key, new, code, names)
    return Answer(
        {"folder": str(here.folder), "recovery_code": code},
        [
            "The kit has a new passphrase and a new recovery code.",
            "Backups made before open with the older passphrase."
            if locked
            else "Backups made before have no passphrase.",
            "Whoever can open one can open this kit's file too: keep them safe, or make a new one and destroy them.",
        ],
    )


def _names(folder: Path, key: bytes) -> list[str]:
    """The names of the network and the laptop of a kit; empty if it does not open."""
    with contextlib.suppress(FieldkitError), Kit.with_key(folder, key) as kit:
        stored = kit.settings.get(IDENTITY) or {}
        return [stored.get("name", ""), stored.get("network_name", "")]
    return []


add(passphrase, "change", change)
