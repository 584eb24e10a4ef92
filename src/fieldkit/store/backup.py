"""Backups: the encrypted file with its wrapped keys, taken while in use, proven by restoring it."""

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
from fieldkit.text import clean_line


@dataclass(frozen=True)
class Whose:
    """Whose kit one is, as it says inside: "" for all names before it belongs to a network.

    `device` and `founder` tell laptops and networks apart, whatever they are called; `device` comes from the secret
    key. `made` is what a backup's label says
    of when it was made (0 for none): nobody has signed that.
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
    def of(cls, kit: Kit, made: int = 0) -> Whose:
        """Whose an open kit is."""
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
    made = kit.clock()
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
        # When a backup was last proven stands, whatever becomes of this one.
        proven = kit.settings.get(BACKUP).get("proven", 0)
        kit.settings.put(BACKUP, {"made": made, "name": target.name, "proven": proven})
    return note


def _demand_outside(kit: Kit, target: Path) -> None:
    """Refuse a target that is lost with the kit, or is the kit."""
    if not lies_in(target, kit.folder):
        return
    raise Misuse(
        "A backup in the kit's own folder is lost with the kit.",
        kept="Nothing was written; the kit is as it was.",
        hint="Write it to a stick, or to another folder.",
    )


def _demand_file(kit: Kit, source: Path) -> None:
    """Refuse to prove what is no file of its own: a link to it, or the kit's own file under another name."""
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


def prove(kit: Kit, source: Path) -> list[str]:
    """Put a backup back in a scratch place beside it and look whether it is whole; a sentence for each finding.

    Raises:
        FieldkitError: it is no backup, or the disk refuses.
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
        kit.settings.put(BACKUP, {"made": note.made, "name": source.name, "proven": kit.clock()})
    return problems


def restore(
    source: Path,
    folder: Path,
    secret: str | None,
    agree: Callable[[Whose], bool | None] | None = None,
) -> Kit:
    """Restore a backup to `folder` and open it, as a new replica of its laptop.

    `agree` is called with whose it is, once that is known and before anything is changed; what it raises leaves all as it was.
    It returns whether the kit that the backup was made of is still in use elsewhere, None if nobody knows: then it is
    waited for as if it were, and what it confirmed counts for nothing.

    A kit that lies there is moved beside (`NAME.before-restore-…`), not removed; what was erased in it stays erased.
    Killed at any moment, it leaves the one kit or the other: see `fieldkit.store.db.folder_swap`.

    Raises:
        Misuse: `folder` holds more than a kit.
        VaultError: the secret does not open the backup; nothing was changed.
        FieldkitError: it is no backup, or the disk refuses.
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
                in_use = None if agree is None else agree(Whose.of(kit, note.made))
                orders = _orders_in(folder)
                kit.forget(orders, erased_in(folder))
                kit.settings.put_all({ERASE_AGAIN: orders, KEY_DUE: 1})
                # Who restores it has the laptop, and may not know the PIN of whoever wrote the backup.
                kit.settings.forget(PIN)
                kit.settings.forget(HANDED_OVER)
                if kit.settings.get(IDENTITY) is not None:
                    renew(kit, _parent(kit, in_use), _replicas_in(folder, secret, kit))
                # Written even if this backup held nothing of it: an older one may be restored after it.
                kit.scrub()
            with _whole(), Kit.with_key(scratch, key) as kit:
                # What the first start reads, before the kit here makes way.
                kit.counts(), kit.state_hash(), kit.drafts.all(), kit.ledger.sent(), kit.ledger.received()
            exchange(folder)
    except OSError as error:
        raise disk_error(error, folder) from error
    return Kit.with_key(folder, key)


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    """What no kit would hold ends in words, whatever reads it, while the kit here still lies in its place."""
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
    """Refuse to move away a folder with other files in it, such as somebody's home."""
    if names := foreign_names(folder):
        shown = ", ".join(clean_line(name) for name in names[:3])
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        raise Misuse(
            f"{folder} holds other files than a kit: {shown}{more}.",
            kept="Nothing was changed.",
            hint="Choose an empty folder with --kit, or move those files out of it first.",
        )


def _unlocked(scratch: Path, secret: str | None) -> bytes:
    """The key of a backup that was unpacked into `scratch`; what does not fit is said of the backup."""
    vault = Vault(scratch)
    if secret is None and vault.exists and vault.locked:
        raise VaultError(
            "This backup is locked.",
            kept="Nothing was changed.",
            hint="Give its passphrase with FIELDKIT_PASSPHRASE or --passphrase-file.",
        )
    try:
        # The sentence names the lock of the day of the backup; it is renewed when the restored kit is opened.
        return vault.unlock(secret, renew=False)
    except WrongPassphrase as error:
        raise WrongPassphrase(
            "That passphrase does not open this backup.",
            kept="Nothing was changed.",
            hint="It is the one that the kit had when the backup was made, or its recovery code.",
        ) from error


def _parent(kit: Kit, in_use: bool | None) -> Ancestor:
    """The kit that a backup was made of, as an ancestor of what is restored from it. What nobody knows to be in use is
    waited for, and confirms nothing that came to it after the backup.
    """
    origin, bundle, receipt = replica(kit)
    return Ancestor(origin, ENDED if in_use is False else bundle, receipt if in_use else ENDED)


def _replicas_in(folder: Path, secret: str | None, kit: Kit) -> list[Ancestor]:
    """The kit that lies in `folder`, which ends here, and its ancestors, where it opens and is the laptop of `kit`."""
    with contextlib.suppress(FieldkitError, OSError), Kit.open(folder, secret, to_read=True) as there:
        if there.settings.get(IDENTITY) is not None and device_of(there.origin) == device_of(kit.origin):
            return [Ancestor(there.origin, ENDED, ENDED), *ancestors(there)]
    return []


def erased_in(folder: Path) -> list[str]:
    """The ends of the ids of records that were erased in the kit that lies in `folder`."""
    with contextlib.suppress(OSError, ValueError):
        stored = read_json((folder / "erased.json").read_bytes())
        return [tail for tail in stored if isinstance(tail, str)]
    return []


def _orders_in(folder: Path) -> list[dict[str, Any]]:
    """What erased, in the kit that lies in `folder` (see `order_of`)."""
    with contextlib.suppress(OSError, ValueError):
        return [order for order in read_json((folder / "erasing.json").read_bytes()) if is_order(order)]
    return []
