"""Backups: the encrypted file as it stands, with its wrapped keys, taken while in use, proven by putting it back."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tarfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from fieldkit.errors import FieldkitError, Misuse, StorageError, VaultError, WrongPassphrase
from fieldkit.paths import (
    NewFile,
    disk_error,
    lies_in,
    make_private_folder,
    open_new,
    scratch_folder,
    scratch_for,
)
from fieldkit.store.db.folder_swap import exchange, finish, foreign_names, preparing
from fieldkit.store.db.vault import DATABASE, KEY_FILES, OPEN_KEY, Vault
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.ops import LARGEST
from fieldkit.store.renewal import former_of, renew
from fieldkit.store.write.eraser import is_order
from fieldkit.strict_json import read_json
from fieldkit.text import clean_line

FORMAT = "fieldkit-backup@v1"
_NOTE = "backup.json"
_PIECE = 1 << 20


@dataclass(frozen=True)
class BackupNote:
    """What a backup says it holds."""

    format: str
    made: int
    counts: dict[str, int]
    state_hash: str


@dataclass(frozen=True)
class Whose:
    """Whose kit one is, as it says inside: "" for all names before it belongs to a network.

    `device` and `founder` tell laptops and networks apart, whatever they are called. `made` is what a backup's label says
    of when it was made (0 for none): nobody has signed that.
    """

    device: str
    laptop: str
    founder: str
    network: str
    records: int
    made: int = 0

    @classmethod
    def of(cls, kit: Kit, made: int = 0) -> Whose:
        """Whose an open kit is."""
        stored = kit.desk.setting("identity") or {}
        return cls(
            kit.origin.partition(".")[0] if stored else "",
            stored.get("name", ""),
            stored.get("founder", ""),
            stored.get("network_name", ""),
            sum(kit.counts().values()),
            made,
        )


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
                with tarfile.open(fileobj=new.file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
                    _add(tar, _NOTE, json.dumps(asdict(note)).encode())
                    for name in KEY_FILES:
                        if (kit.folder / name).exists():
                            _add(tar, name, (kit.folder / name).read_bytes())
                    tar.add(copy, DATABASE, filter=_anonymous)
                new.keep()
    except OSError as error:
        raise disk_error(error, target) from error
    if not kit.read_only:
        # When a backup was last proven stands, whatever becomes of this one.
        proven = kit.desk.setting("backup", {}).get("proven", 0)
        kit.desk.set_setting("backup", {"made": made, "name": target.name, "proven": proven})
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
            note = _unpack(source, scratch)
            with Kit.with_key(scratch, kit.key) as copy:
                found = copy.check()
                if copy.counts() != note.counts:
                    found.append("It does not hold as many records as it says.")
                if copy.state_hash() != note.state_hash:
                    found.append("Its records are not the ones that it says.")
    except OSError as error:
        raise disk_error(error, source) from error
    if not found and not kit.read_only:
        kit.desk.set_setting("backup", {"made": note.made, "name": source.name, "proven": kit.clock()})
    return found


def is_locked(source: Path) -> bool:
    """Whether a backup needs a passphrase or recovery code; True as well for a file that is none."""
    try:
        with tarfile.open(source, "r:") as tar:
            return OPEN_KEY not in tar.getnames()
    except (OSError, EOFError, tarfile.TarError):
        return True


def restore(
    source: Path, folder: Path, secret: str | None, agree: Callable[[Whose], None] | None = None
) -> Kit:
    """Put a backup back into `folder` and open it, as a new incarnation of this laptop.

    `agree` is told whose it is, once that is known and before anything is changed; what it raises leaves all as it was.

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
            note = _unpack(source, scratch)
            key = _unlocked(scratch, secret)
            with Kit.with_key(scratch, key) as kit:
                findings = kit.check()
                if agree is not None and not findings:
                    agree(Whose.of(kit, note.made))
                orders = _orders_in(folder)
                kit.forget(orders, erased_in(folder))
                kit.desk.set_settings({"erase_again": orders, "key_due": 1})
                renew(kit, _names_in(folder, secret, kit))
                # Written even if this backup held nothing of it: an older one may be put back after it.
                kit.scrub()
            if findings:
                raise VaultError(
                    "This backup is damaged, so it was not restored.",
                    kept="The kit is as it was.",
                    hint=findings[0],
                )
            exchange(folder)
    except OSError as error:
        raise disk_error(error, folder) from error
    return Kit.with_key(folder, key)


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
        # Told as the lock of the day of the backup; it is renewed when the restored kit is opened.
        return vault.unlock(secret, renew=False)
    except WrongPassphrase as error:
        raise WrongPassphrase(
            "That passphrase does not open this backup.",
            kept="Nothing was changed.",
            hint="It is the one that the kit had when the backup was made, or its recovery code.",
        ) from error


def _names_in(folder: Path, secret: str | None, kit: Kit) -> list[str]:
    """The present and former origins of the kit that lies in `folder`, where it opens and is the laptop of `kit`."""
    if kit.desk.setting("identity") is None:
        return []
    with contextlib.suppress(FieldkitError, OSError), Kit.open(folder, secret, to_read=True) as there:
        if (
            there.desk.setting("identity") is not None
            and there.origin.partition(".")[0] == kit.origin.partition(".")[0]
        ):
            return [there.origin, *former_of(there)]
    return []


def erased_in(folder: Path) -> list[str]:
    """The ends of the ids of records that were erased in the kit that lies in `folder`."""
    with contextlib.suppress(OSError, ValueError):
        found = read_json((folder / "erased.json").read_bytes())
        return [tail for tail in found if isinstance(tail, str)]
    return []


def _orders_in(folder: Path) -> list[dict[str, Any]]:
    """What erased, in the kit that lies in `folder` (see `order_of`)."""
    with contextlib.suppress(OSError, ValueError):
        return [one for one in read_json((folder / "erasing.json").read_bytes()) if is_order(one)]
    return []


def _unpack(source: Path, folder: Path) -> BackupNote:
    """The members of a backup as files of `folder`; nothing else of the tar is looked at."""
    allowed = {_NOTE, DATABASE, *KEY_FILES}
    note: BackupNote | None = None
    try:
        with tarfile.open(source, "r:") as tar:
            for member in tar:
                if member.name not in allowed or not member.isreg():
                    raise _no_backup(source)
                allowed.remove(member.name)
                content = tar.extractfile(member)
                assert content is not None
                if member.name == _NOTE:
                    note = _read_note(content, source)
                    continue
                with os.fdopen(open_new(folder / member.name), "wb") as file:
                    while piece := content.read(_PIECE):
                        file.write(piece)
                    file.flush()
                    os.fsync(file.fileno())
    except (tarfile.TarError, EOFError) as error:
        raise _no_backup(source) from error
    if note is None or not (folder / DATABASE).exists():
        raise _no_backup(source)
    return note


def _read_note(content: Any, source: Path) -> BackupNote:
    try:
        note = msgspec.convert(read_json(content.read(_PIECE)), BackupNote)
    except (ValueError, msgspec.MsgspecError) as error:
        raise _no_backup(source) from error
    if not 0 <= note.made < LARGEST:
        raise _no_backup(source)
    if note.format != FORMAT:
        raise Misuse(
            "A newer fieldkit made this backup; this one can't read it.",
            kept="Nothing was changed.",
            hint="Install the newer fieldkit.",
        )
    return note


def _no_backup(source: Path) -> FieldkitError:
    return StorageError(
        f"“{source.name}” is not a whole backup of a kit.",
        kept="Nothing was changed.",
        hint="Try another backup.",
    )


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
