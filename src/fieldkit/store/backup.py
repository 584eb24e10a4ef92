"""Backups: the encrypted file with its wrapped keys, copied while in use and tested by restoring it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from fieldkit.disk_errors import disk_error, scratch_for
from fieldkit.errors import FieldkitError, Misuse, VaultError, WrongPassphrase
from fieldkit.file_writing import NewFile, make_private_folder
from fieldkit.leftover_files import scratch_folder
from fieldkit.paths import lies_in
from fieldkit.store import backup_file
from fieldkit.store.backup_file import FORMAT, BackupNote
from fieldkit.store.db import recovery_codes
from fieldkit.store.db.folder_swap import exchange, finish, foreign_names, preparing
from fieldkit.store.db.key_files import DATABASE, OPEN_KEY
from fieldkit.store.db.vault import Vault
from fieldkit.store.foreign_database import demand_plain
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import (
    BACKUP,
    ERASE_AGAIN,
    HANDED_OVER,
    IDENTITY,
    KEY_DUE,
    PIN,
    Ancestor,
)
from fieldkit.store.local.setting_shapes import Identity
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.renewal import ENDED, ancestors, renew, replica
from fieldkit.store.write.eraser import is_order
from fieldkit.strict_json import read_json
from fieldkit.text import displayed_line


@dataclass(frozen=True)
class KitOwner:
    """Which laptop and network a kit belongs to, as its contents state; all names are "" before it joins a network.

    `device` and `founder` identify laptops and networks, whatever they are called; `device` is derived from the secret key.
    `made` is the time on a backup's label (0 for none); it is not signed.
    """

    device: str
    laptop: str
    founder: str
    network: str
    records: int
    made: int = 0
    locks: dict[str, bytes] = field(default_factory=dict, repr=False)
    """Its key files by name."""
    sealing_keys: tuple[str, ...] = ()
    """Its own age public keys, the one in use first."""

    @classmethod
    def of(cls, kit: Kit, made: int = 0) -> KitOwner:
        """The owner of an open kit."""
        stored = kit.settings.get(IDENTITY)
        try:
            known = msgspec.convert(stored, Identity) if stored else None
        except msgspec.ValidationError as error:
            raise VaultError(
                "The kit does not hold a valid key of its laptop.", kept="It was left as it is."
            ) from error
        return cls(
            known.device if known else "",
            known.name if known else "",
            known.founder if known else "",
            known.network_name if known else "",
            sum(kit.counts().values()),
            made,
            Vault(kit.folder).locks(),
            known.sealing_keys if known else (),
        )

    @property
    def locked(self) -> bool:
        """Whether a passphrase or recovery code is needed to open it."""
        return OPEN_KEY not in self.locks


def backup(kit: Kit, target: Path) -> BackupNote:
    """Write a backup to `target`. It opens with the passphrase or recovery code that opens the kit now.

    Raises:
        Misuse: `target` lies in the kit's own folder.
        StorageError: the disk refuses; an older backup of that name stays.
    """
    made = _now(kit)
    _demand_outside(kit, target)
    try:
        with (
            scratch_for(target),
            scratch_folder(target.parent) as scratch,
        ):
            copy = scratch / DATABASE
            kit.copy_to(copy)
            with Kit.with_key(scratch, kit.key) as copied:
                note = BackupNote(FORMAT, made, copied.counts(), copied.state_hash())
                copied.scrub()
            with NewFile(target) as new:
                backup_file.write(new.file, note, Vault(kit.folder).locks(), copy)
                new.keep()
    except OSError as error:
        raise disk_error(error, target) from error
    if not kit.read_only:
        # Keep the time of the last tested backup, whatever becomes of this one.
        proven = kit.settings.get(BACKUP).get("proven", 0)
        kit.settings.put(BACKUP, {"made": made, "name": target.name, "proven": proven})
    return note


def _now(kit: Kit) -> int:
    """The time by the kit's clock; before 1970 the first moment of 1970, as in ops: 0 would mean that there is no backup."""
    return max(1, kit.clock())


def _demand_outside(kit: Kit, target: Path) -> None:
    """Refuse a target that would be lost with the kit, or that is the kit itself."""
    if not lies_in(target, kit.folder):
        return
    raise Misuse(
        "A backup in the kit's own folder is lost with the kit.",
        kept="Nothing was written; the kit is as it was.",
        hint="Write it to a stick, or to another folder.",
    )


def _demand_file(kit: Kit, source: Path) -> None:
    """Refuse to test a link, or the kit's own file under another name."""
    if source.is_symlink():
        what, hint = "That is a link to a file elsewhere, not a backup.", "Give the name of the file itself."
    elif source.exists() and source.samefile(kit.folder / DATABASE):
        what, hint = (
            "That is the kit's own file, not a backup.",
            "Write a backup with: fieldkit backup -o FILE",
        )
    else:
        return
    raise Misuse(what, kept="Nothing was changed.", hint=hint)


def try_restore(kit: Kit, source: Path) -> list[str]:
    """Restore a backup to a temporary folder beside it and check it; returns a sentence for each problem found.

    Raises:
        FieldkitError: it is not a backup, or the disk refuses.
    """
    try:
        _demand_file(kit, source)
        with (
            scratch_for(source),
            scratch_folder(source.parent) as place,
        ):
            scratch = place / "kit"
            make_private_folder(scratch)
            note = backup_file.unpack(source, scratch)
            demand_plain(scratch / DATABASE, kit.key)
            with _whole(), Kit.with_key(scratch, kit.key) as copy:
                problems = copy.check()
                if copy.counts() != note.counts:
                    problems.append("It does not hold as many records as it says.")
                if copy.state_hash() != note.state_hash:
                    problems.append("Its records are not the ones that it says.")
    except OSError as error:
        raise disk_error(error, source) from error
    if not problems and not kit.read_only:
        kit.settings.put(BACKUP, {"made": note.made, "name": source.name, "proven": _now(kit)})
    return problems


def restore(
    source: Path,
    folder: Path,
    secret: str | None,
    agree: Callable[[KitOwner], bool | None] | None = None,
) -> Kit:
    """Restore a backup to `folder` and open it, as a new replica of its laptop.

    `agree` is called with the backup's owner, once that is known and before anything is changed; if it raises, nothing changes.
    It returns whether the kit that was backed up is still in use elsewhere, or None if nobody knows. Unknown counts as in use
    for what we wait for, but its confirmations do not count.

    A kit already in `folder` is moved beside it (`NAME.before-restore-…`), not removed; what was erased in it stays erased.
    If the program is killed at any moment, one of the two kits is in place: see `fieldkit.store.db.folder_swap`.

    Raises:
        Misuse: `folder` holds more than a kit.
        VaultError: the secret does not open the backup; nothing was changed.
        FieldkitError: it is not a backup, or the disk refuses.
    """
    try:
        finish(folder)
        _demand_only_a_kit(folder)
        with scratch_for(folder), preparing(folder) as scratch:
            note = backup_file.unpack(source, scratch)
            key = _unlocked(scratch, secret)
            demand_plain(scratch / DATABASE, key)
            with _whole(), Kit.with_key(scratch, key) as kit:
                if findings := kit.check():
                    raise VaultError(
                        "This backup is damaged, so it was not restored.",
                        kept="The kit is as it was.",
                        hint=findings[0],
                    )
                in_use = None if agree is None else agree(KitOwner.of(kit, note.made))
                orders = _orders_in(folder)
                kit.forget(orders, erased_in(folder))
                kit.settings.put_all({ERASE_AGAIN: orders, KEY_DUE: 1})
                # Whoever restores it has the laptop, and may not know the PIN of whoever made the backup.
                kit.settings.forget(PIN)
                kit.settings.forget(HANDED_OVER)
                if kit.settings.get(IDENTITY) is not None:
                    renew(kit, _parent(kit, in_use), _replicas_in(folder, secret, kit))
                # Written even if this backup held no erased records: an older backup may be restored after it.
                kit.scrub()
            with _whole(), Kit.with_key(scratch, key) as kit:
                # Read what the first start reads, before the present kit is moved away.
                kit.counts(), kit.state_hash(), kit.drafts.all(), kit.ledger.sent(), kit.ledger.received()
            exchange(folder)
    except OSError as error:
        raise disk_error(error, folder) from error
    return Kit.with_key(folder, key)


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    """Turn any error from invalid contents into a VaultError, while the present kit is still in its place."""
    try:
        yield
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
        msgspec.MsgspecError,
    ) as error:
        raise VaultError(
            "This backup holds what no kit would have written, so it was not restored.",
            kept="The kit is as it was.",
            hint="Try another backup.",
        ) from error


def _demand_only_a_kit(folder: Path) -> None:
    """Refuse to move away a folder that holds other files, such as a home folder."""
    if names := foreign_names(folder):
        shown = ", ".join(displayed_line(name) for name in names[:3])
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        raise Misuse(
            f"{folder} holds other files than a kit: {shown}{more}.",
            kept="Nothing was changed.",
            hint="Choose an empty folder with --kit, or move those files out of it first.",
        )


def _unlocked(scratch: Path, secret: str | None) -> bytes:
    """The key of a backup that was unpacked into `scratch`; errors name the backup, not the kit."""
    vault = Vault(scratch)
    if secret is None and vault.exists and vault.locked:
        raise VaultError(
            "This backup is locked.",
            kept="Nothing was changed.",
            hint="Give its passphrase with FIELDKIT_PASSPHRASE or --passphrase-file.",
        )
    try:
        # The lock dates from the day of the backup; it is renewed when the restored kit is opened.
        return vault.unlock(secret, renew=False)
    except WrongPassphrase as error:
        raise WrongPassphrase(
            "That passphrase does not open this backup.",
            kept="Nothing was changed.",
            hint=recovery_codes.advice_on(secret or "")
            or "Use the one that the kit had when the backup was made, or its recovery code.",
        ) from error


def _parent(kit: Kit, in_use: bool | None) -> Ancestor:
    """The kit that was backed up, as an ancestor of the restored kit. If nobody knows whether it is in use, we wait for its
    bundles, but ignore what it confirmed after the backup.
    """
    origin, bundle, receipt = replica(kit)
    return Ancestor(origin, ENDED if in_use is False else bundle, receipt if in_use else ENDED)


def _replicas_in(folder: Path, secret: str | None, kit: Kit) -> list[Ancestor]:
    """The kit in `folder`, whose use ends here, and its ancestors; empty unless it opens and is the same laptop as `kit`."""
    with contextlib.suppress(FieldkitError, OSError), Kit.open(folder, secret, to_read=True) as there:
        if there.settings.get(IDENTITY) is not None and device_of(there.origin) == device_of(kit.origin):
            return [Ancestor(there.origin, ENDED, ENDED), *ancestors(there)]
    return []


def erased_in(folder: Path) -> list[str]:
    """The tails of the ids of records that were erased in the kit in `folder`."""
    with contextlib.suppress(OSError, ValueError):
        stored = read_json((folder / "erased.json").read_bytes())
        return [tail for tail in stored if isinstance(tail, str)]
    return []


def _orders_in(folder: Path) -> list[dict[str, Any]]:
    """The orders to erase of the kit in `folder` (see `order_of`)."""
    with contextlib.suppress(OSError, ValueError):
        return [order for order in read_json((folder / "erasing.json").read_bytes()) if is_order(order)]
    return []
