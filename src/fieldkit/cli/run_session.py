"""One run of the program: which kit, and how to open it. The screens start from here too, so nothing heavy is loaded."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.output import note
from fieldkit.cli.prompts import ask_secret, ask_twice, ask_yes, at_keyboard, read_secret
from fieldkit.errors import FieldkitError, Misuse
from fieldkit.leftover_files import clear_unfinished
from fieldkit.paths import kit_folder
from fieldkit.presentation.unfinished_files import CLEARED
from fieldkit.presentation.wording import LOCK_RENEWED
from fieldkit.store.db.folder_swap import interrupted_restore
from fieldkit.text import displayed_line

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit


OpenApp = Callable[[Path, str | None, bool], int]
"""Opens the screens on a kit: (folder, secret, whether it is a demonstration) -> exit code."""


@dataclass(frozen=True)
class Session:
    """What was given before the command. `open_app` opens the screens, if this program has any."""

    folder: Path
    passphrase_file: Path | None = None
    open_app: OpenApp | None = None
    plain: bool = False
    """Whether --plain was given."""
    held: Kit | None = None
    """A kit that is already open and stays so: the one of the plain-line menu."""

    @classmethod
    def of(
        cls, kit: str | None, passphrase_file: str | None, open_app: OpenApp | None, *, plain: bool = False
    ) -> Session:
        """The session for these options.

        Raises:
            Misuse: an option is given but empty (a script's unset variable, for example).
        """
        for option, value in (("--kit", kit), ("--passphrase-file", passphrase_file)):
            if value is not None and not value.strip():
                raise Misuse(f"No name follows {option}.", kept="Nothing was changed.")
        for folder in (kit, os.environ.get("FIELDKIT_HOME")):
            path_of(folder or "")
        return cls(kit_folder(kit), Path(passphrase_file) if passphrase_file else None, open_app, plain)

    def given_secret(self) -> str | None:
        """The passphrase from --passphrase-file, otherwise from FIELDKIT_PASSPHRASE; None if neither is given.

        Raises:
            StorageError, Misuse: the file can't be read or is empty.
        """
        if self.passphrase_file is not None:
            return read_secret(self.passphrase_file)
        return os.environ.get("FIELDKIT_PASSPHRASE") or None

    @contextlib.contextmanager
    def kit(self, *, writes: bool = False, asks: bool = True, to_read: bool = False) -> Iterator[Kit]:
        """The kit, open until the block ends. Raises what `open_kit` raises.

        `writes`: the command will add changes to it, so its place and the clock are checked first; with `asks=False` a
        doubtful clock is reported, but nothing is asked. With `to_read`, and also without `writes`, a folder that can't be
        written to is reported but does not stop the command.
        """
        if self.held is not None:
            if writes and not self.held.read_only:
                look_before_writing(self.held, asks=asks)
            yield self.held
            return
        with self.open_kit(to_read=to_read or not writes) as kit:
            if kit.lock_renewed:
                note(LOCK_RENEWED)
            if kit.cleared:
                note(*(CLEARED.format(displayed_line(str(folder))) for folder in kit.cleared))
            if kit.read_only:
                note("The kit's folder can't be written to: it is only read, and nothing is saved in it.")
            else:
                note_restore(self.folder)
                if writes:
                    look_before_writing(kit, asks=asks)
            yield kit

    def open_kit(self, *, to_read: bool = False) -> Kit:
        """The kit, to be closed by the caller; asks for the passphrase at a terminal if none is given.

        `to_read`: as for `Kit.open`.

        Raises:
            VaultError: there is no kit, or it stays locked.
        """
        from fieldkit.store.db.vault import Vault  # with the cryptography, once a kit is opened
        from fieldkit.store.kit import Kit

        vault = Vault(self.folder)
        secret = None
        if vault.exists and vault.locked:
            secret = self.given_secret()
            if secret is None and at_keyboard():
                secret = ask_secret("Passphrase (or recovery code): ")
        return Kit.open(self.folder, secret, to_read=to_read)

    def note_files_in_kit(self) -> None:
        """For a command that opens no kit but writes files: let the kit, if there is one, note them.

        Its next start then removes what the program left if it was killed.
        """
        from fieldkit.store.db.key_files import (
            DATABASE,
        )  # with the cryptography, which the first frame waits for

        if self.held is None and (self.folder / DATABASE).is_file():
            note(*(CLEARED.format(displayed_line(str(folder))) for folder in clear_unfinished(self.folder)))

    def new_passphrase(self) -> str:
        """The passphrase for a new kit: as given, otherwise asked for twice.

        Raises:
            Misuse: nobody is there to ask.
        """
        return self.given_secret() or ask_twice(
            "A passphrase for this kit (at least 8 characters; four words are easy to remember): ",
            "Give one with FIELDKIT_PASSPHRASE or --passphrase-file, or do without: --no-passphrase",
        )

    @staticmethod
    def demand_terminal() -> None:
        """Raise Misuse if there is no terminal to draw screens on."""
        if not (at_keyboard() and sys.stdout.isatty()):
            raise Misuse(
                "The kit's screens need a terminal, and this is not one.",
                hint="Use a command instead; see them with: fieldkit --help",
            )


def note_restore(folder: Path) -> None:
    """Say once which of two kits this is, if restoring a backup was interrupted here."""
    if sentence := interrupted_restore(folder):
        note(sentence)


def look_before_writing(kit: Kit, *, asks: bool = True) -> None:
    """Notice a copied or moved folder, and a clock that can't be right, before anything is written.

    Raises:
        FieldkitError: somebody was asked about the clock, and answered that it is wrong.
    """
    from fieldkit.sync.network import location

    if location.check_place(kit):
        note(
            "This kit's folder was copied or moved: what it records is kept apart from a copy's, nothing is lost."
        )
    doubt = location.doubt_clock(kit)
    if not doubt:
        return
    note(doubt)
    if not (asks and at_keyboard()):
        note("Set the laptop's clock when you can; nothing is lost meanwhile.")
    elif ask_yes("Is that right? y or n: "):
        location.confirm_clock(kit)
    else:
        raise FieldkitError("Nothing was written.", hint="Set the laptop's clock, then try again.")
