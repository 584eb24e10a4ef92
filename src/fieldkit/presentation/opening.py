"""Opening the kit, in a thread: the file, and this laptop's identity."""

from __future__ import annotations

from pathlib import Path

from fieldkit.errors import Misuse
from fieldkit.presentation.wording import when
from fieldkit.store.backup import restore
from fieldkit.store.db.folder_swap import interrupted_restore
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import COPY_SEEN, WAS_COPIED, WAS_MOVED
from fieldkit.sync.network.identity import Identity, identity
from fieldkit.sync.network.location import check_place, last_written


def open_kit(folder: Path, secret: str | None) -> tuple[Kit, Identity | None]:
    """The kit in `folder` and this laptop's identity, None if its set-up was not finished.

    Raises:
        WrongPassphrase: the secret does not fit.
        VaultError: there is no kit, it is locked, or it is damaged.
    """
    kit = Kit.open(folder, secret)
    if check_place(kit):
        kit.settings.put(WAS_MOVED, kit.clock())
    return kit, identity_of(kit)


def restore_kit(source: Path, folder: Path, secret: str, in_use: bool) -> tuple[Kit, Identity | None]:
    """The kit of a backup, restored to `folder`, and this laptop's identity.

    `in_use` is whether the kit that was backed up is still used.

    Raises:
        WrongPassphrase: the secret does not fit.
        FieldkitError: it is not a backup, or the disk refuses; nothing was changed.
    """
    kit = restore(source, folder, secret or None, lambda _: in_use)
    check_place(kit)
    return kit, identity_of(kit)


def identity_of(kit: Kit) -> Identity | None:
    """This laptop's identity, None before it belongs to a network."""
    try:
        return identity(kit)
    except Misuse:
        return None


def last_saved(kit: Kit) -> str:
    """When this laptop last stored something, in words; "" if it has stored nothing yet. Call it in a thread."""
    drafts, now = kit.drafts.all(), kit.clock()
    at = max(last_written(kit), drafts[0].updated if drafts else 0)
    return when(at, now) if at else ""


def cut_off(kit: Kit) -> str:
    """A sentence, once, if restoring a backup was interrupted here; otherwise "". Call it in a thread."""
    return interrupted_restore(kit.folder)


def note_copy_reported(kit: Kit) -> None:
    """Note that the person at the laptop has seen the notice that this kit was copied or moved. Call it in a thread."""
    kit.settings.put(COPY_SEEN, kit.clock())


def is_copy(kit: Kit) -> bool:
    """Whether this kit was copied or moved, and nobody has seen the notice yet. Call it in a thread."""
    at = max(kit.settings.get(setting) for setting in (WAS_MOVED, WAS_COPIED))
    return bool(at > kit.settings.get(COPY_SEEN))
