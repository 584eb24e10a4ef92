"""Merging: every file is checked, then taken in whole or set aside whole; one bad file never blocks the rest."""

from __future__ import annotations

import contextlib
import gc
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from fieldkit.errors import BundleRefused, NotFound
from fieldkit.paths import disk_error, make_private_folder, write_private_file
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.store.ledger import Aside, Ledger, Merging
from fieldkit.sync.container import read_container, read_file
from fieldkit.sync.identity import Identity, age_secrets
from fieldkit.sync.manifest import RECEIPT, Opened, check_header, open_container
from fieldkit.sync.payload import unpack
from fieldkit.sync.receipts import take_receipt
from fieldkit.sync.roster import Member, Roster
from fieldkit.text import clean_line

#: Several bundles share one commit: so many files, or so many new ops, whichever comes first.
FILES_A_COMMIT = 40
OPS_A_COMMIT = 100_000

#: Reasons that a change of the roster may take away.
_BY_ROSTER = frozenset({"unknown-sender", "revoked-sender", "not-allowed"})

MERGED, KNOWN, ASIDE = "merged", "nothing new", "set aside"
ENDINGS = (".fkb", ".fkn", ".fkr")


@dataclass
class MergedFile:
    """What became of one file. `status`: merged, nothing new, set aside."""

    name: str
    path: str
    status: str
    device: str = ""
    ops: int = 0
    new_ops: int = 0
    new_records: int = 0
    changed_records: int = 0
    new_conflicts: int = 0
    parted: dict[str, int] = field(default_factory=dict)
    erased: int = 0
    known_ops: int = 0
    """Ops that were held here already: identical."""
    kinds: dict[str, dict[str, int]] = field(default_factory=dict)
    """Kind -> new, changed and conflicts, in records."""
    reason: str = ""
    sentence: str = ""
    kept: str = ""
    hint: str = ""
    fingerprint: str = ""


@dataclass
class MergeReport:
    """What a merge did, or with `dry_run` would do."""

    files: list[MergedFile] = field(default_factory=list)
    dry_run: bool = False

    def total(self, name: str) -> int:
        """The sum over all files of one of their numbers."""
        return sum(getattr(one, name) for one in self.files)

    def by_kind(self) -> dict[str, dict[str, int]]:
        """Kind -> new, changed and conflicts, in records, over all files."""
        return _summed(one.kinds for one in self.files)

    def by_device(self) -> dict[str, dict[str, int]]:
        """Laptop -> new, changed, conflicts (in records), identical (in ops) and refused (in files)."""
        return _summed(
            {
                one.device or "unknown laptop": {
                    "new": one.new_records,
                    "changed": one.changed_records,
                    "conflicts": one.new_conflicts,
                    "identical": one.known_ops,
                    "refused": int(one.status == ASIDE),
                }
            }
            for one in self.files
        )

    @property
    def aside(self) -> list[MergedFile]:
        """The files that were set aside."""
        return [one for one in self.files if one.status == ASIDE]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "dry_run": self.dry_run,
            "merged": sum(one.status == MERGED for one in self.files),
            "nothing_new": sum(one.status == KNOWN for one in self.files),
            "set_aside": len(self.aside),
            "new_ops": self.total("new_ops"),
            "new_records": self.total("new_records"),
            "changed_records": self.total("changed_records"),
            "new_conflicts": self.total("new_conflicts"),
            "by_kind": self.by_kind(),
            "by_device": self.by_device(),
            "files": [asdict(one) for one in self.files],
        }


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files named, and for a folder every bundle in it and below, in the order of their names.

    Raises:
        NotFound: a name that leads nowhere, or a folder without bundles.
    """
    found: list[Path] = []
    for path in paths:
        try:
            if path.is_dir():
                inside = sorted(
                    one for one in path.rglob("*") if one.suffix.lower() in ENDINGS and one.is_file()
                )
                if not inside:
                    raise NotFound(
                        f"There are no bundles in {path}.", hint="Bundles end in .fkb; is it the right stick?"
                    )
                found += inside
            elif path.exists():
                found.append(path)
            else:
                raise NotFound(f"There is no file {path}.", hint="Is the stick still in? Check the name.")
        except OSError as error:
            raise disk_error(error, path) from error
    return list(dict.fromkeys(found))


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Operations hold no rings: looking for some after every few hundred of them takes time and finds none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_without_collector()
def merge(
    kit: Kit,
    me: Identity,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    names: Mapping[Path, str] | None = None,
    on_progress: Progress = no_progress,
) -> MergeReport:
    """Take in bundles and network files. Merging one again, in any order, changes nothing.

    Files share commits, each under a savepoint of its own. What can't be accepted is copied into the kit's
    quarantine and listed with its reason. With `dry_run` nothing at all is stored. `names` gives files other names to be
    told and remembered by.

    Raises:
        StorageError: the disk refuses; files of earlier commits stay merged, the others can be merged again.
    """
    report = MergeReport(dry_run=dry_run)
    merging = _Merge(kit, me, report, names or {})
    todo = list(paths)
    while todo:
        with kit.ledger.merging(keep=not dry_run) as batch:
            before = report.total("new_ops")
            count = 0
            while todo and (
                dry_run or (count < FILES_A_COMMIT and report.total("new_ops") - before < OPS_A_COMMIT)
            ):
                path = todo.pop(0)
                on_progress(len(report.files), len(report.files) + len(todo) + 1, path.name)
                merging.take(batch, path)
                count += 1
        todo += merging.committed()
    on_progress(len(report.files), len(report.files), "merged")
    return report


def merge_waiting(kit: Kit, me: Identity, member: Member, on_progress: Progress = no_progress) -> MergeReport:
    """Merge what lies in quarantine from a laptop that has just been trusted."""
    folder = quarantine_folder(kit)
    names = {
        folder / f"{aside.sha256}.fkb": aside.name
        for aside in kit.ledger.quarantine()
        if aside.device == member.key.ssh_line() and aside.reason in {"unknown-sender", "revoked-sender"}
    }
    return merge(kit, me, [path for path in names if path.exists()], names=names, on_progress=on_progress)


def quarantine_folder(kit: Kit) -> Path:
    """Where copies of files lie that could not be accepted."""
    return kit.folder / "quarantine"


class _Merge:
    """One run: the roster as it stands, and what to remember once a commit has held."""

    def __init__(self, kit: Kit, me: Identity, report: MergeReport, file_names: Mapping[Path, str]) -> None:
        self.kit, self.me, self.report, self.file_names = kit, me, report, file_names
        self.roster = Roster(kit, me)
        self._identities = age_secrets(kit)
        self._names: dict[str, str] = {}
        self._ages: dict[str, str] = {}
        self._seen: dict[str, dict[str, int]] = {}
        self._released: list[str] = []
        self._roster_changed = False
        self._erased = False
        self._parted: dict[str, int] = {}
        self._receipts: list[tuple[Opened, MergedFile, bytes]] = []

    def take(self, batch: Merging, path: Path) -> None:
        """Merge one file, or set it aside; either way it is in the report afterwards."""
        result = MergedFile(self.file_names.get(path) or clean_line(path.name), str(path), MERGED)
        opened: Opened | None = None
        data = b""
        try:
            data = read_file(path)
            opened = open_container(read_container(data))
            if opened.manifest.purpose == RECEIPT:
                result.device = self.roster.name_of(self.roster.accept(opened).device)
                self._receipts.append((opened, result, data))
                self.report.files.append(result)
                return
            member = self.roster.accept(opened)
            result.device = self.roster.name_of(member.device)
            result.fingerprint = member.key.fingerprint
            self._merge(batch, opened, member, result)
            self._release(batch, data)
        except BundleRefused as refusal:
            _refuse(result, refusal)
            if opened is not None:
                result.fingerprint = opened.signer.fingerprint
            if not self.report.dry_run:
                self._set_aside(batch, data, opened, result)
        self.report.files.append(result)

    def _merge(self, batch: Merging, opened: Opened, member: Member, result: MergedFile) -> None:
        result.ops = opened.ops
        if batch.merged(opened.id):
            result.status = KNOWN
            return
        identities = self._identities if opened.container.sealed else None
        with batch.bundle():
            lines = unpack(opened.container.payload, identities)
            header = check_header(next(lines, b""), opened)
            intake = batch.intake(opened.spans, lambda op: self.roster.allowed(op, member))
            for line in lines:
                intake.add(line)
            taken = intake.finish()
            batch.record(opened.id, result.name, member.device, opened.ops, taken)
        result.new_ops, result.known_ops = taken.ops, taken.known
        result.kinds = {kind: dict(counted) for kind, counted in taken.records.kinds.items()}
        result.new_records, result.changed_records = taken.records.new, taken.records.changed
        result.new_conflicts = taken.records.conflicts
        result.erased = taken.records.erased
        if taken.parted:
            result.parted = dict(taken.parted)
            result.sentence = (
                f"The folder of the laptop “{member.name}” was copied, or put back from an old copy: two laptops "
                f"wrote change {min(taken.parted.values()):,} differently."
            )
            result.kept = "Both laptops' entries were kept."
            result.hint = (
                "Write a receipt for it: once that is merged, each copy goes on under a name of its own."
            )
            self._parted |= taken.parted
        if not taken.ops:
            result.status = KNOWN
        if header.seen:
            self._seen[member.device] = header.seen
        if header.device_name:
            name = clean_line(header.device_name)[:80]
            self._names[member.device] = name
            if member.name == member.key.words:
                result.device = name
        if header.age.startswith("age1"):
            self._ages[member.device] = clean_line(header.age)[:100]
        self._erased |= taken.records.erased > 0
        self._roster_changed |= "device" in taken.kinds

    def _release(self, batch: Merging | Ledger, data: bytes) -> None:
        digest = sha256(data).hexdigest()
        if not self.report.dry_run and (quarantine_folder(self.kit) / f"{digest}.fkb").exists():
            batch.release(digest)
            self._released.append(digest)

    def _set_aside(
        self, batch: Merging | Ledger, data: bytes, opened: Opened | None, result: MergedFile
    ) -> None:
        digest = sha256(data or os.fsencode(result.path)).hexdigest()
        if data:
            folder = quarantine_folder(self.kit)
            make_private_folder(folder)
            copy = folder / f"{digest}.fkb"
            if not copy.exists():
                write_private_file(copy, data)
        batch.set_aside(
            Aside(
                digest,
                result.name,
                result.reason,
                result.sentence,
                result.hint,
                self.kit.clock(),
                opened.signer.ssh_line() if opened else "",
                opened.signer.words if opened else "",
            )
        )

    def committed(self) -> list[Path]:
        """What follows a commit: receipts, names of laptops, copies in quarantine that are no longer needed, no trace of
        erased words. Returns the files of this run to be taken once more, because the roster has changed since.
        """
        if self.report.dry_run:
            return []
        for opened, result, data in self._receipts:
            try:
                result.status = MERGED if take_receipt(self.kit, self.me, opened, self.roster) else KNOWN
                self._release(self.kit.ledger, data)
            except BundleRefused as refusal:
                _refuse(result, refusal)
                self._set_aside(self.kit.ledger, data, opened, result)
        self._receipts.clear()
        if self._erased:
            self.kit.scrub()
            self._erased = False
        remembered: tuple[tuple[str, dict[str, Any]], ...] = (
            ("device_names", self._names),
            ("device_ages", self._ages),
            ("clones", self._parted),
            ("device_seen", self._seen),
        )
        for key, learnt in remembered:
            known: dict[str, Any] = self.kit.desk.setting(key, {})
            if learnt and not learnt.items() <= known.items():
                self.kit.desk.set_setting(key, {**known, **learnt})
        for digest in self._released:
            with contextlib.suppress(OSError):
                (quarantine_folder(self.kit) / f"{digest}.fkb").unlink()
        self._released.clear()
        if self._ages:
            Roster(self.kit, self.me).fill_in(self._ages)
            self._ages = {}
        if not self._roster_changed:
            return []
        self._roster_changed = False
        self.roster = Roster(self.kit, self.me)
        again = [one for one in self.report.files if one.reason in _BY_ROSTER]
        self.report.files = [one for one in self.report.files if one.reason not in _BY_ROSTER]
        return [Path(one.path) for one in again]


def _refuse(result: MergedFile, refusal: BundleRefused) -> None:
    result.status, result.reason = ASIDE, refusal.reason
    result.sentence, result.kept, result.hint = refusal.message, refusal.kept, refusal.hint
    result.new_ops = result.new_records = result.changed_records = result.new_conflicts = 0


def _summed(many: Iterable[dict[str, dict[str, int]]]) -> dict[str, dict[str, int]]:
    total: dict[str, Counter[str]] = {}
    for one in many:
        for name, counted in one.items():
            total.setdefault(name, Counter()).update(counted)
    return {name: dict(counted) for name, counted in total.items()}
