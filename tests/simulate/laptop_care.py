"""Steps about laptops rather than records: joining, trust, keys, copies, backups, retention, newer versions, bad disks."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest import mock

from fieldkit.errors import FieldkitError, StorageError
from fieldkit.store.backup import backup, restore
from fieldkit.store.journal.append import Change, append
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY
from fieldkit.store.oplog.ops import SCHEMA
from fieldkit.sync.network.location import check_place
from fieldkit.sync.network.network_rules import rules, set_rules
from fieldkit.sync.network.old_text import due, retain
from fieldkit.sync.setup import join, revoke, rotate_key, trust
from full_disk import no_file_larger_than

from .laptop import Backup, Laptop, Skip
from .steps import Step

#: A kind and a field that only a later fieldkit knows.
NEWER_KIND, NEWER_FIELD = "sighting", "mood"
DAY = 86_400_000


class LaptopCare:
    """The part of a world that concerns laptops; `do` finds its methods by the names of steps."""

    folder: Path
    laptops: dict[str, Laptop]
    files: dict[str, Path]
    sealed: dict[str, frozenset[str]]
    backups: dict[str, Backup]
    records: dict[str, str]
    markers: dict[str, str]
    erased: set[str]
    keys: dict[str, dict[str, int]]
    rotated: set[str]
    now: int
    _turn: str

    def _open(self, name: str) -> Laptop:
        raise NotImplementedError

    def _wind(self, laptop: Laptop) -> None:
        raise NotImplementedError

    def _writing(
        self,
        laptop: Laptop,
        record_id: str = "",
        seen: frozenset[bytes] | None = None,
        before: frozenset[bytes] | None = None,
    ) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _id(self, record: str) -> str:
        raise NotImplementedError

    def do(self, step: Step) -> Laptop:
        """Run one step."""
        raise NotImplementedError

    def _reopen(self, laptop: Laptop) -> None:
        laptop.kit.close()
        laptop.kit = Kit.open(laptop.kit.folder)
        self._wind(laptop)

    def _join(self, step: Step) -> Laptop:
        path = self.files.get(step.what[0])
        if path is None or step.who in self.laptops:
            raise Skip
        laptop = self._open(step.who)
        self._turn = step.who
        try:
            join(laptop.kit, path, f"Laptop {step.who}")
        except FieldkitError as refused:
            # A deputy's network file does not invite strangers.
            self.laptops.pop(step.who).kit.close()
            shutil.rmtree(self.folder / step.who)
            raise Skip from refused
        laptop.joined = True
        check_place(laptop.kit)
        self.note_keys(laptop)
        return laptop

    # Trust and keys

    def _trust(self, laptop: Laptop, who: str, role: str) -> None:
        if who not in self.laptops or (who == "hub" and role != "coordinator"):
            raise Skip
        key = self.laptops[who].me.key.public
        with self._writing(laptop):
            trust(laptop.kit, laptop.me, key.ssh_line(), role=role)

    def _revoke(self, laptop: Laptop, who: str) -> None:
        if who not in self.laptops or laptop.name == who:
            raise Skip
        with self._writing(laptop):
            revoke(laptop.kit, laptop.me, self.laptops[who].me.key.public.ssh_line())

    def _rotate(self, laptop: Laptop, days: int) -> None:
        # Of two copies of one coordinator, only one can hold the key that is announced to the network.
        if not laptop.coordinating or laptop.copied:
            raise Skip
        self.rotated.add(laptop.name)
        with self._writing(laptop):
            rotate_key(laptop.kit, laptop.me, days)
        self.note_keys(laptop)

    def note_keys(self, laptop: Laptop) -> None:
        """Note until when the keys of a laptop's kit must open what was sealed to them."""
        import pyrage

        stored = laptop.kit.settings.get(IDENTITY)
        self.keys[laptop.name] = {stored["age_public"]: 2**62} | {
            str(pyrage.x25519.Identity.from_str(folder["secret"]).to_public()): folder["until"]
            for folder in stored.get("age_older", [])
        }

    # Copies and backups

    def _clone(self, laptop: Laptop, name: str, noticed: bool) -> None:
        """Copy a laptop's folder. `noticed`: the copy starts in another place, and is asked about it before it writes."""
        if laptop.name in self.rotated:
            raise Skip
        laptop.kit.close()
        shutil.copytree(laptop.kit.folder, self.folder / name)
        laptop.kit = Kit.open(laptop.kit.folder)
        copy = Laptop(name, Kit.open(self.folder / name), True, True, set(laptop.accepted))
        laptop.copied = True
        copy.looks = dict(laptop.looks)
        for either in (laptop, copy):
            self._wind(either)
        self.laptops[name] = copy
        self.keys[name] = dict(self.keys[laptop.name])
        if noticed:
            with self._writing(copy):
                moved = check_place(copy.kit)
            if moved == (copy.kit.origin == laptop.kit.origin):
                raise AssertionError(f"{name} is a copy of {laptop.name} and goes on as {copy.kit.origin}")
            if check_place(copy.kit):
                raise AssertionError(f"{name} is where it was, and was found elsewhere")

    def _backup(self, laptop: Laptop, name: str) -> None:
        path = self.folder / f"{name}.fkbackup"
        backup(laptop.kit, path)
        self.backups[name] = Backup(path, frozenset(laptop.accepted))

    def _restore(self, laptop: Laptop, name: str) -> None:
        if name not in self.backups:
            raise Skip
        saved = self.backups[name]
        before = laptop.kit.origin
        laptop.kit.close()
        try:
            laptop.kit = restore(saved.path, laptop.kit.folder, None)
        except StorageError:
            self._reopen(laptop)
            raise
        self._wind(laptop)
        if laptop.kit.origin == before:
            raise AssertionError(f"{laptop.name} was restored and goes on as {before}")
        for old in self.folder.glob("*.before-restore-*"):
            shutil.rmtree(old)
        laptop.accepted = set(saved.accepted)
        laptop.looks.clear()
        # Changes that the restore adds by itself also count as this laptop's own.
        with self._writing(laptop, before=frozenset(saved.accepted)):
            check_place(laptop.kit)
        self.note_keys(laptop)

    # Old text

    def _retain(self, laptop: Laptop, months: int) -> None:
        """Set the retention, and erase text that is older."""
        if not laptop.coordinating:
            raise Skip
        with self._writing(laptop):
            set_rules(laptop.kit, laptop.me, retention_months=months)
        old = due(laptop.kit, rules(laptop.kit).retention_months)
        self.erased |= {record_id for ids in old.values() for record_id in ids}
        with self._writing(laptop):
            retain(laptop.kit, laptop.me)
        if left := due(laptop.kit, months):
            raise AssertionError(f"{laptop.name} has erased old text, and still holds some of {left}")

    # Versions

    def _newer(self, laptop: Laptop, record: str, word: str) -> None:
        """A later fieldkit on this laptop sets a field that no other laptop knows, or makes a record of an unknown kind."""
        marker = f"MARK{record}Z"
        if record in self.records:
            seen = laptop.kit.get(self._id(record))
            change = Change(
                seen.kind,
                seen.record_id,
                {NEWER_FIELD: f"{word} {marker}"},
                {name: refs for name, refs in seen.heads.items() if name == NEWER_FIELD},
            )
        else:
            change = Change(NEWER_KIND, "", {"what": f"{word} {marker}", "how": {"many": [1, 2]}})
        with (
            self._writing(laptop),
            mock.patch("fieldkit.store.journal.append.SCHEMA", SCHEMA + 1),
            laptop.kit.writing() as connection,
        ):
            append(connection, laptop.kit.origin, [change], laptop.kit.clock)

    # Disks

    def _full(self, laptop: Laptop, verb: str, what: tuple[Any, ...], room: int) -> None:
        """Do something while the disk has room for `room` more bytes, then restart the program."""
        log = laptop.kit.folder / "fieldkit.db-wal"
        bound = (log.stat().st_size if log.exists() else 0) + room
        try:
            with no_file_larger_than(bound):
                getattr(self, "_" + verb)(laptop, *what)
        finally:
            self._reopen(laptop)
            if not laptop.copied:
                with self._writing(laptop):
                    check_place(laptop.kit)
            self.note_keys(laptop)
