"""Running steps: kits in folders, sticks as a set of files, and a record of what the network's people have done."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from fieldkit.errors import FieldkitError
from fieldkit.presentation.people.person_joins import answer, join, part
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.container import read_container
from fieldkit.sync.bundle.keys import SigningKey
from fieldkit.sync.bundle.manifest import Manifest, open_container
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.many_erasures import Erasing
from fieldkit.sync.merge.merge import merge, merge_decided
from fieldkit.sync.network.location import check_place
from fieldkit.sync.receipts.receipt_file import write_receipt
from fieldkit.sync.receipts.receipts import receipts
from fieldkit.sync.setup import create_network

from .hostile_laptops import HostileLaptops
from .laptop import Backup, Laptop, Row, Skip, journal
from .laptop_care import LaptopCare
from .steps import FIELDS, Step

_CODES = {
    "status": ("proposed", "agreed", "done", "declined"),
    "state": ("proposed", "approved", "refused", "proposed"),
}

Sight = frozenset[bytes] | Callable[[Row], frozenset[bytes]]
"""What an author had seen: for everything that an act stored, or for each of its changes."""


class World(LaptopCare, HostileLaptops):
    """All laptops and files of one run. `do` runs one step and returns the laptop that it changed."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder, self.template = folder, template
        self.laptops: dict[str, Laptop] = {}
        self.files: dict[str, Path] = {}
        self.sealed: dict[str, frozenset[str]] = {}
        """Bundle -> the keys that it was sealed to."""
        self.keys: dict[str, dict[str, int]] = {}
        """Laptop -> key in its kit -> the time until which it opens what was sealed to it."""
        self.rotated: set[str] = set()
        self.backups: dict[str, Backup] = {}
        self.records: dict[str, str] = {}
        self.markers: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.people: set[str] = set()
        """The ids of records of people."""
        self.erased: set[str] = set()
        self.hostile: set[str] = set()
        self.saw: dict[bytes, frozenset[bytes]] = {}
        self.promised: dict[tuple[str, str, int], set[bytes]] = {}
        """(device, replica, made) of a receipt -> what its coordinator held then."""
        self.asides: list[tuple[str, str, str, str]] = []
        self._drawn = 0
        self._turn = ""
        self._times: Counter[str] = Counter()
        self.now = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Derive keys and incarnations from names, so that a story runs the same way each time."""

        def draw(count: int) -> bytes:
            self._drawn += 1
            return hashlib.sha256(f"{self._turn}/{self._drawn}".encode()).digest()[:count]

        with ExitStack() as stack:
            stack.enter_context(
                mock.patch.object(SigningKey, "generate", lambda: SigningKey.from_seed(draw(32)))
            )
            chosen = SimpleNamespace(token_hex=lambda count: draw(count).hex())
            for module in ("sync.network.identity", "store.renewal"):
                stack.enter_context(mock.patch(f"fieldkit.{module}.secrets", chosen))
            try:
                hub = self._open("hub")
                self._turn, self._drawn = "hub", 0
                create_network(hub.kit, "Fair")
                hub.joined = True
                check_place(hub.kit)
                self.note_keys(hub)
                yield
            finally:
                for laptop in self.laptops.values():
                    laptop.kit.close()

    def _open(self, name: str) -> Laptop:
        shutil.copytree(self.template, self.folder / name)
        laptop = Laptop(name, Kit.open(self.folder / name))
        self._wind(laptop)
        self.laptops[name] = laptop
        return laptop

    def _wind(self, laptop: Laptop) -> None:
        laptop.kit.clock = self._clock
        laptop.kit.drafts._clock = self._clock

    def _clock(self) -> int:
        return self.now

    def do(self, step: Step) -> Laptop:
        """Run one step.

        Raises:
            Skip: it does not apply.
        """
        # The same step may occur twice in a story, and must then draw other random values.
        self._times[repr(step)] += 1
        self.now, self._turn, self._drawn = step.at, f"{step!r}/{self._times[repr(step)]}", 0
        if step.verb == "join":
            return self._join(step)
        if step.verb == "lose":
            if (lost := self.files.pop(step.what[0], None)) is None:
                raise Skip
            lost.unlink()
            return self.laptops["hub"]
        laptop = self.laptops.get(step.who)
        if laptop is None:
            raise Skip
        try:
            getattr(self, "_" + step.verb)(laptop, *step.what)
        except FieldkitError as refused:
            raise Skip from refused
        return laptop

    # Recording

    @contextmanager
    def _writing(
        self,
        laptop: Laptop,
        seen: Sight | None = None,
        before: frozenset[bytes] | None = None,
    ) -> Iterator[None]:
        """Around one act of recording: what it stored is accepted, and what its author had seen is noted.

        This also holds if it ends in an error: what is stored by then stays.
        """
        rows = journal(laptop.kit)
        held = {row.digest for row in rows} if before is None else before
        if seen is None:

            def seen(new: Row) -> frozenset[bytes]:
                return frozenset(row.digest for row in rows if row.record == new.record)

        try:
            yield
        finally:
            self._accept(laptop, held, seen)

    def _accept(self, laptop: Laptop, held: AbstractSet[bytes], seen: Sight) -> None:
        device = laptop.me.device
        for row in journal(laptop.kit):
            if (
                row.digest not in held
                and row.digest not in self.saw
                and row.origin.partition(".")[0] == device
            ):
                place = (row.origin, row.seq)
                if place in laptop.written:
                    raise AssertionError(f"{laptop.name} used the number {row.seq} twice as {row.origin}")
                laptop.written[place] = row.digest
                laptop.accepted.add(row.digest)
                self.saw[row.digest] = seen(row) if callable(seen) else seen

    def _id(self, record: str) -> str:
        if record not in self.records:
            raise Skip
        return self.records[record]

    def _text_of(self, record: str, name: str, word: str) -> str:
        # Retention keeps the name of a provider, so it gets no marker; nor does a code.
        if name in _CODES:
            return _CODES[name]["pqrs".index(word)]
        # Nor do changes of a person: they may be written into another record of the same person.
        return (
            word
            if name in {"provider", "organisation", "job"} or self.names_people(record)
            else f"{word} {self.markers[self._id(record)]}"
        )

    def names_people(self, record: str) -> bool:
        """Whether this is a record of a person."""
        return self._id(record) in self.people

    def _values(self, record: str, kind: str) -> dict[str, Any]:
        marker = f"MARK{record}Z"
        values: dict[str, Any] = {FIELDS[kind][0]: f"first {marker}"}
        if kind_named(kind).name == "feedback":
            values |= {"rating": "1", "consent_record": "Y"}
        if kind == "person":
            values["consent_record"] = "Y"
        return values

    def _add(self, laptop: Laptop, record: str, kind: str) -> None:
        with self._writing(laptop):
            stored = laptop.kit.add(kind, self._values(record, kind))
        self.records[record] = stored.record_id
        self.people |= {stored.record_id} if kind == "person" else set()
        self.markers[stored.record_id] = f"MARK{record}Z"

    def _add_with_code(self, laptop: Laptop, record: str, kind: str) -> None:
        with self._writing(laptop):
            stored, code = laptop.kit.add_with_code(kind, self._values(record, kind))
        self.records[record], self.codes[record] = stored.record_id, code
        self.people |= {stored.record_id} if kind == "person" else set()
        self.markers[stored.record_id] = f"MARK{record}Z"

    def _edit(self, laptop: Laptop, record: str, changes: dict[str, str]) -> None:
        seen = laptop.kit.get(self._id(record))
        with self._writing(laptop):
            laptop.kit.edit(seen, {name: self._text_of(record, name, word) for name, word in changes.items()})

    def _link(self, laptop: Laptop, record: str, name: str, target: str) -> None:
        seen, wanted = laptop.kit.get(self._id(record)), self._id(target)
        with self._writing(laptop):
            laptop.kit.edit(seen, {name: wanted})

    def _look(self, laptop: Laptop, record: str) -> None:
        record_id = self._id(record)
        held = frozenset(row.digest for row in journal(laptop.kit) if row.record == record_id)
        laptop.looks[record] = laptop.kit.get(record_id), held

    def _edit_unseen(self, laptop: Laptop, record: str, changes: dict[str, str]) -> None:
        if record not in laptop.looks:
            raise Skip
        seen, held = laptop.looks[record]
        rows = journal(laptop.kit)

        def sight(new: Row) -> frozenset[bytes]:
            # Changing one record of a person reads the person's other records.
            own = new.record == seen.record_id
            return held if own else frozenset(row.digest for row in rows if row.record == new.record)

        with self._writing(laptop, seen=sight):
            laptop.kit.edit(seen, {name: self._text_of(record, name, word) for name, word in changes.items()})

    def _delete(self, laptop: Laptop, record: str) -> None:
        with self._writing(laptop):
            laptop.kit.delete(self._id(record))

    def _restore_record(self, laptop: Laptop, record: str) -> None:
        with self._writing(laptop):
            laptop.kit.restore(self._id(record))

    def _undo(self, laptop: Laptop, record: str, back: int) -> None:
        """Undo one of the latest changes of a record."""
        rows = [row for row in journal(laptop.kit) if row.record == self._id(record)]
        if len(rows) < back:
            raise Skip
        self._undo_changes(laptop, [(rows[-back].origin, rows[-back].seq, rows[-back].seq)])

    def _undo_merge(self, laptop: Laptop) -> None:
        """Undo the bundle merged last."""
        received = laptop.kit.ledger.received(1)
        if not received:
            raise Skip
        self._undo_changes(laptop, received[0].spans)

    def _undo_changes(self, laptop: Laptop, spans: list[tuple[str, int, int]]) -> None:
        """Undo changes. To undo the making of a record, its user has seen only those changes and the deletions."""
        rows = journal(laptop.kit)

        def seen(new: Row) -> frozenset[bytes]:
            named = {ref for refs in new.op.preds.values() for ref in refs} if new.op else set()
            deletes = new.op is not None and new.op.fields.get("deleted") is True
            return frozenset(
                row.digest
                for row in rows
                if row.record == new.record and (not deletes or (row.op is not None and row.op.ref in named))
            )

        with self._writing(laptop, seen=seen):
            laptop.kit.undo(spans)
            again = laptop.kit.undo(spans)
        if again and not any(each.copied for each in self.laptops.values()):
            raise AssertionError(f"{laptop.name} took back {spans} and then {again} records more")

    def _resolve(self, laptop: Laptop, record: str, changes: dict[str, str]) -> None:
        """Resolve one of the listed conflicts, on `record` if it has one."""
        labels = {record_id: label for label, record_id in self.records.items()}
        listed = sorted(
            (labels[conflict.record_id] != record, labels[conflict.record_id], conflict.field)
            for conflict in laptop.kit.conflicts()
            if conflict.record_id in labels
        )
        if not listed:
            raise Skip
        _, record, name = listed[0]
        word = next(iter(changes.values()))
        with self._writing(laptop):
            value = word < "r" if name == "deleted" else self._text_of(record, name, word)
            laptop.kit.resolve(self._id(record), name, value)

    def _withdraw(self, laptop: Laptop, record: str) -> None:
        if record not in self.codes:
            raise Skip
        self.erased.add(self._id(record))
        with self._writing(laptop):
            laptop.kit.withdraw(self.codes[record])

    def _erase(self, laptop: Laptop, record: str) -> None:
        if not laptop.coordinating:
            raise Skip
        self.erased |= set(laptop.kit.same_people().records_of(self._id(record)))
        with self._writing(laptop):
            laptop.kit.erase(self._id(record))

    # People

    def _join_people(self, laptop: Laptop, kept: str, other: str, taken: tuple[str, ...]) -> None:
        with self._writing(laptop):
            join(laptop.kit, laptop.me, self._id(kept), self._id(other), taken)

    def _part_people(self, laptop: Laptop, first: str, other: str) -> None:
        with self._writing(laptop):
            part(laptop.kit, laptop.me, self._id(first), self._id(other))

    def _answer_people(self, laptop: Laptop, first: str, other: str, given: str) -> None:
        with self._writing(laptop):
            answer(laptop.kit, laptop.me, self._id(first), self._id(other), given)

    def _attend(self, laptop: Laptop, person: str) -> None:
        with self._writing(laptop):
            laptop.kit.add("attendance", {"event": "0" * 8, "person": self._id(person)})

    def _rebuild(self, laptop: Laptop) -> None:
        before = laptop.kit.state_hash()
        laptop.kit.rebuild()
        if laptop.kit.state_hash() != before:
            raise AssertionError(f"{laptop.name} folds otherwise the second time")

    # Files

    def _export(self, laptop: Laptop, name: str, full: bool) -> None:
        path = self.folder / f"{name}.fkb"
        export(laptop.kit, laptop.me, path, full=full)
        self.files[name] = path
        self.sealed[name] = frozenset(self._manifest(path).recipients)

    def _invite(self, laptop: Laptop, name: str) -> None:
        self.files[name] = invite(laptop.kit, laptop.me, self.folder / f"{name}.fkn")

    def _receipt(self, laptop: Laptop, name: str) -> None:
        path = write_receipt(laptop.kit, laptop.me, self.folder / f"{name}.fkr")
        self.files[name] = path
        self.promised[laptop.me.device, laptop.kit.origin, self._manifest(path).made] = {
            row.digest for row in journal(laptop.kit)
        }

    @staticmethod
    def _manifest(path: Path) -> Manifest:
        return open_container(read_container(path)).manifest

    def _merge(self, laptop: Laptop, names: tuple[str, ...]) -> None:
        paths = [self.files[name] for name in names if name in self.files]
        if not paths:
            raise Skip
        with self._writing(laptop):
            report = merge(laptop.kit, laptop.me, paths)
        # Joined records of an erased person are erased too.
        erased = (
            row.op
            for row in journal(laptop.kit)
            if row.op is not None and row.op.fields.get("erased") is True
        )
        self.erased |= {op.record_id for op in erased if op.kind == "person"}
        self._let_through(
            laptop, [file.name for file in report.quarantined if file.reason == "many-erasures"]
        )
        self.asides += [(laptop.name, file.name, file.reason, file.sentence) for file in report.quarantined]
        if bad := [file for file in report.quarantined if file.reason == "damaged"]:
            raise AssertionError(f"{laptop.name} calls {bad[0].name} damaged: {bad[0].sentence}")
        keys = {key for key, until in self.keys[laptop.name].items() if until > self.now}
        for file in report.quarantined:
            if (
                file.reason == "not-for-us"
                and self.sealed.get(file.name.partition(".")[0], frozenset()) & keys
            ):
                raise AssertionError(
                    f"{laptop.name} has a key that opens {file.name}, and calls it not for itself"
                )

    def _let_through(self, laptop: Laptop, names: list[str]) -> None:
        """The coordinator allows what an honest deputy erases in bulk; a thief's file stays in quarantine."""
        honest = [name for name in names if not name.startswith("x")]
        for file in laptop.kit.ledger.quarantine() if laptop.coordinating else ():
            if file.name in honest:
                with self._writing(laptop):
                    merge_decided(laptop.kit, laptop.me, file, Erasing.LET)

    def claims(self, laptop: Laptop) -> Iterator[tuple[tuple[str, int, int], str, int]]:
        """Each of the laptop's own changes that a receipt states as held: the receipt, the origin and the number."""
        for receipt in receipts(laptop.kit):
            for origin, runs in receipt.held.items():
                if origin.partition(".")[0] == laptop.me.device:
                    for first, last in runs:
                        for seq in range(first, last + 1):
                            yield (receipt.device, receipt.origin, receipt.made), origin, seq
