"""A new kit: its names, what an interrupted set-up left, and what to say about it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import Any

from fieldkit.cli.decorator import Answer
from fieldkit.cli.output import device_as_data, note, say
from fieldkit.cli.prompts import ask_line, at_keyboard
from fieldkit.cli.run_session import Session
from fieldkit.errors import Misuse
from fieldkit.presentation.safeguarding_notes import lead_of, note_lead
from fieldkit.store.db import recovery_codes
from fieldkit.store.db.passphrases import demand_strong
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY
from fieldkit.sync.network.identity import LONGEST_NAME, Identity
from fieldkit.text import clean_line


def check_names(*names: str) -> None:
    """Raise Misuse for a name that the network would refuse, before anything is made."""
    for name in names:
        if not clean_line(name):
            raise Misuse(
                "A name is needed.", kept="Nothing was made.", hint="For example: St Mary's laptop 1"
            )
        if len(clean_line(name)) > LONGEST_NAME:
            raise Misuse(
                f"That name is too long: a name can have {LONGEST_NAME} characters at the most.",
                kept="Nothing was made.",
                hint="Choose a shorter one.",
            )


def new_or_begun(here: Session, no_passphrase: bool, as_json: bool, names: Sequence[str]) -> tuple[Kit, str]:
    """A new kit with its recovery code, which is shown before, or the kit that an interrupted set-up left, with ""."""
    vault = Vault(here.folder)
    if not vault.exists:
        if no_passphrase:
            return Kit.create(here.folder, None)
        passphrase = here.new_passphrase()
        demand_strong(passphrase, names)
        return Kit.create(here.folder, passphrase, names, shown_code(as_json))
    kit = here.open_kit()
    if kit.settings.get(IDENTITY) is not None:
        kit.close()
        raise Misuse(
            f"The kit in {here.folder} belongs to a network already.",
            kept="It was left as it is.",
            hint="Use another folder: fieldkit --kit DIR …",
        )
    return kit, ""


def shown_code(as_json: bool) -> str:
    """A new recovery code, once it is printed: a kit gets its lock only then, and opens as before if that fails.

    With --json it is printed beside the result, too, which has it at the end.

    Raises:
        OSError: it could not be printed.
    """
    code = recovery_codes.new_code()
    (note if as_json else say)(*_recovery_lines(code))
    (sys.stderr if as_json else sys.stdout).flush()
    return code


def ask_lead(kit: Kit, given: str | None) -> None:
    """Store the safeguarding lead's name and number; ask at the keyboard if they are not given. They can wait."""
    if given is None and at_keyboard() and not lead_of(kit):
        with contextlib.suppress(EOFError):
            given = ask_line("The safeguarding lead, name and number (Enter alone: later): ")
    if given is not None and given.strip():
        note_lead(kit, given)


def new_kit_answer(
    here: Session,
    me: Identity,
    code: str,
    sentence: str,
    further: Sequence[str],
    data: dict[str, Any] | None = None,
) -> Answer:
    """What to say about a new kit: `sentence`, who and where it is, then `further`. Its code was shown before."""
    key, locked = me.key.public, Vault(here.folder).locked
    return Answer(
        {
            "folder": str(here.folder),
            "network": {"id": me.network, "name": me.network_name},
            "device": device_as_data(me),
            "passphrase": locked,
            "recovery_code": code or None,
            **(data or {}),
        },
        [
            sentence,
            f"This laptop is “{me.name}”. Its six words are: {key.six_words}",
            f"The kit lies in {here.folder}",
            *([] if locked else ["This kit has no passphrase: whoever has this laptop can read it."]),
            *further,
        ],
    )


def _recovery_lines(code: str) -> list[str]:
    """What to say about a recovery code, the only time that it is shown."""
    groups = code.split()
    half = len(groups) // 2
    return [
        "",
        "Recovery code, shown only now: write it down on paper, and keep it away from this laptop.",
        f"    {' '.join(groups[:half])}",
        f"    {' '.join(groups[half:])}",
        "It opens the kit when the passphrase is forgotten. Nothing else does.",
        "",
    ]
