"""Merging: every file is checked, then merged whole or quarantined whole; one bad file never blocks the rest."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fieldkit.collector import without_collector
from fieldkit.errors import BundleRefused, NotFound
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.journal.sync_log import Ledger, Merging
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.sync.bundle.container import read_container, read_file
from fieldkit.sync.bundle.manifest import RECEIPT, RECORDS, Opened, check_header, open_container
from fieldkit.sync.bundle.prefetch import LARGEST, WORTHWHILE, Ahead, Lost, open_payload, processors
from fieldkit.sync.merge.copies import Copies
from fieldkit.sync.merge.no_bundle import NO_BUNDLE, no_bundle
from fieldkit.sync.merge.one_file import one_file
from fieldkit.sync.merge.quarantine import Quarantine
from fieldkit.sync.merge.quotas import demand_share
from fieldkit.sync.merge.relevance import OWN, is_own, open_keys, passes
from fieldkit.sync.merge.report import ASIDE, KNOWN, LEFT, MERGED, PASSED, MergedFile, MergeReport
from fieldkit.sync.network.identity import Identity, age_secrets, part, sealing_key
from fieldkit.sync.network.roster import COORDINATING, Member, Roster
from fieldkit.sync.peers.reports import Saying, hear, sayings
from fieldkit.sync.receipts.receipts import receipts, take_receipt
from fieldkit.text import clean_line

#: Several bundles share one commit: so many files, or so many new ops, whichever comes first.
FILES_A_COMMIT = 40
OPS_A_COMMIT = 100_000

#: Reasons that a change of the roster may take away.
_BY_ROSTER = frozenset({"unknown-sender", "revoked-sender", "not-allowed"})


@without_collector()
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
    quarantine and listed with its reason; what is for others alone is passed over. With `dry_run` nothing at all is
    stored. `names` gives files other names to be
    told and remembered by.

    Raises:
        StorageError: the disk refuses; files of earlier commits stay merged, the others can be merged again.
    """
    report = MergeReport(dry_run=dry_run)
    todo = deque(paths)
    with _ahead(paths) as ahead:
        merging = _Merge(kit, me, report, names or {}, ahead)
        while todo:
            with kit.ledger.merging(keep=not dry_run) as batch:
                merging.quarantine.release_own(batch)
                before = report.total("new_ops")
                count = 0
                while todo and (
                    dry_run or (count < FILES_A_COMMIT and report.total("new_ops") - before < OPS_A_COMMIT)
                ):
                    path = todo.popleft()
                    on_progress(len(report.files), len(report.files) + len(todo) + 1, path.name)
                    merging.take(batch, path, todo[0] if todo else None)
                    count += 1
                    if dry_run and not todo:
                        todo += merging.once_more()
            todo += merging.committed()
    on_progress(len(report.files), len(report.files), "merged")
    return report


@contextlib.contextmanager
def _ahead(paths: Sequence[Path]) -> Iterator[Ahead | None]:
    """The process that opens bundles ahead, where there is enough to do for two."""
    size = 0
    for path in paths:
        with contextlib.suppress(OSError):
            size += path.stat().st_size
    if len(paths) < 2 or size < WORTHWHILE or processors() < 2:
        yield None
        return
    ahead = Ahead()
    try:
        yield ahead
    finally:
        ahead.close()


def merge_waiting(kit: Kit, me: Identity, member: Member, on_progress: Progress = no_progress) -> MergeReport:
    """Merge what lies in quarantine from a laptop that has just been trusted, or been given another role."""
    copies = Copies(kit)
    names = {
        path: aside.name
        for aside in kit.ledger.quarantine()
        if aside.device == member.key.ssh_line()
        and aside.reason in _BY_ROSTER
        and (path := copies.path(aside.sha256))
    }
    return merge(kit, me, list(names), names=names, on_progress=on_progress)


@dataclass
class _Read:
    """A file as it was read: what it says outside, or why it is refused. `asked`: see `Ahead.ask`."""

    path: Path
    data: bytes = b""
    opened: Opened | None = None
    refusal: BundleRefused | None = None
    asked: int = 0


class _Merge:
    """One run: the roster as it stands after the files taken so far, and what to remember once a commit has held."""

    def __init__(
        self, kit: Kit, me: Identity, report: MergeReport, file_names: Mapping[Path, str], ahead: Ahead | None
    ) -> None:
        self.kit, self.me, self.report, self.file_names = kit, me, report, file_names
        self._ahead = ahead
        self._next: _Read | None = None
        self.roster = Roster(kit, me)
        self._identities = age_secrets(kit)
        self._names: dict[str, str] = {}
        self._ages: dict[str, str] = {}
        self._heard: list[Saying] = []
        self.quarantine = Quarantine(kit, me, dry_run=report.dry_run)
        self._roster_changed = False
        self._erased = False
        self._origin, self._copied = kit.origin, False
        self._parted: dict[str, int] = {}
        self._receipts: list[tuple[Opened, MergedFile, bytes, Roster]] = []

    def take(self, batch: Merging, path: Path, following: Path | None = None) -> None:
        """Merge one file, or quarantine it; either way it is in the report afterwards.

        `following` may be opened by the other process meanwhile.
        """
        result = MergedFile(self.file_names.get(path) or clean_line(path.name), str(path), MERGED)
        found = self._next if self._next and self._next.path == path else self._read(path)
        self._next = self._look_ahead(batch, following) if following else None
        opened = found.opened
        try:
            with one_file(self.kit.folder):
                self._take(batch, path, found, result)
        except BundleRefused as refusal:
            own = opened is not None and refusal.reason == "not-for-us" and is_own(opened, self.me)
            if opened is not None and own and not self.me.is_founder:
                # Of the time before this laptop became a coordinator's.
                self._pass_over(batch, found, opened, result, OWN)
            else:
                self._set_aside(batch, found.data, opened, result, refusal)
        self.report.files.append(result)

    def _take(self, batch: Merging, path: Path, found: _Read, result: MergedFile) -> None:
        """Merge one file, or raise BundleRefused."""
        opened = found.opened
        if found.refusal is not None or opened is None:
            raise found.refusal or NotFound(str(path))
        if said := self._passes(opened, path):
            self._pass_over(batch, found, opened, result, said)
            return
        if opened.manifest.purpose == RECEIPT:
            self._note_receipt(opened, result, found.data)
            return
        if batch.merged(opened.id):
            result.device = self.roster.name_of(opened.signer.device_id)
            result.status, result.ops, result.known_ops = KNOWN, opened.ops, opened.ops
            self.quarantine.release(batch, found.data)
            return
        member = self.roster.accept(opened)
        result.device = self.roster.name_of(member.device)
        result.fingerprint = member.key.fingerprint
        try:
            self._merge(batch, opened, member, result, found.asked)
        except Lost:
            self._ahead = None
            self._merge(batch, opened, member, result, 0)
        self.quarantine.release(batch, found.data)

    def _set_aside(
        self,
        batch: Merging | Ledger,
        data: bytes,
        opened: Opened | None,
        result: MergedFile,
        refusal: BundleRefused,
    ) -> None:
        """Note that a file is refused, and keep a copy of it in quarantine."""
        _refuse(result, refusal)
        if opened is not None:
            result.fingerprint = opened.signer.fingerprint
        if refusal.reason in NO_BUNDLE:
            result.status = LEFT
        elif not self.report.dry_run:
            self.quarantine.take(batch, data, opened, result)

    def _note_receipt(self, opened: Opened, result: MergedFile, data: bytes) -> None:
        """Accept a receipt, to be taken once what this run brings is stored."""
        member = self.roster.accept(opened)
        result.device = self.roster.name_of(member.device)
        result.fingerprint = member.key.fingerprint
        if not self.report.dry_run:
            self._receipts.append((opened, result, data, self.roster))
        elif member.role not in COORDINATING or member.device == self.me.device:
            # Of these, nothing is ever stored; what others say is told by storing it.
            take_receipt(self.kit, self.me, opened, self.roster)
            result.status = KNOWN
        elif any(
            (one.device, one.made) == (member.device, opened.manifest.made) for one in receipts(self.kit)
        ):
            result.status = KNOWN

    def _read(self, path: Path) -> _Read:
        """A file with its signature checked."""
        found = _Read(path)
        try:
            with one_file(self.kit.folder):
                kept = self.quarantine.holds(path)
                found.data = self.quarantine.copies.read(path) if kept else read_file(path)
                found.opened = open_container(read_container(found.data))
        except BundleRefused as refusal:
            found.refusal = no_bundle(path, found.data) or refusal
        return found

    @cached_property
    def _keys(self) -> frozenset[str]:
        return open_keys(self._identities)

    def _passes(self, opened: Opened, path: Path) -> str:
        """Why a file is passed over, "" where it is not."""
        return passes(opened, self.roster, self._keys, kept=self.quarantine.holds(path))

    def _pass_over(self, batch: Merging, found: _Read, opened: Opened, result: MergedFile, said: str) -> None:
        """Note a file that is for others: nothing is stored, and a copy in quarantine is not needed."""
        result.status, result.sentence = PASSED, said
        result.device = self.roster.name_of(opened.signer.device_id)
        result.fingerprint = opened.signer.fingerprint
        result.ops = opened.ops
        self.quarantine.release(batch, found.data)

    def _look_ahead(self, batch: Merging, path: Path) -> _Read | None:
        """Read a file before its turn and have it opened, if this roster as it is now would let it in."""
        # Whatever goes wrong here goes wrong again in the file's own turn, and is told then.
        with contextlib.suppress(Exception):
            if self._ahead is None or not self._ahead.ready or path.stat().st_size > LARGEST:
                return None
            found = self._read(path)
            if (
                (opened := found.opened)
                and opened.manifest.purpose != RECEIPT
                and not batch.merged(opened.id)
                and not self._passes(opened, path)
            ):
                with contextlib.suppress(BundleRefused):
                    self.roster.accept(opened)
                    found.asked = self._ahead.ask(
                        opened.container.payload, self._secrets(opened), opened.spans
                    )
            return found
        return None

    def _secrets(self, opened: Opened) -> Sequence[str] | None:
        return self._identities if opened.container.sealed else None

    def _merge(self, batch: Merging, opened: Opened, member: Member, result: MergedFile, asked: int) -> None:
        """Store what a bundle brings; `asked` is its number with the other process, 0 to open it here."""
        result.ops = opened.ops
        if self._ahead is not None:
            self._ahead.start()
        with batch.bundle():
            if asked and self._ahead is not None:
                first, batches = self._ahead.open_payload(asked)
            else:
                first, batches = open_payload(opened.container.payload, self._secrets(opened), opened.spans)
            header = check_header(first, opened)
            taken = batch.intake(opened.spans, lambda op: self.roster.allowed(op, member)).take_all(batches)
            demand_share(batch, member, taken)
            batch.record(opened.id, result.name, member.device, opened.ops, taken)
            # All that may fail because of the file comes before its savepoint is kept.
            relays = member.role in COORDINATING
            tells = opened.manifest.purpose == RECORDS
            heard = list(sayings(header, opened, self.kit.clock(), relays=relays)) if tells else []
            # Who was revoked by this file does nothing by the next; nothing else of this transaction is on show yet.
            roster = Roster(self.kit, self.me, batch.connection) if "device" in taken.kinds else None
        result.new_ops, result.known_ops = taken.ops, taken.known
        result.kinds = {kind: dict(counted) for kind, counted in taken.records.kinds.items()}
        result.new_records, result.changed_records = taken.records.new, taken.records.changed
        result.new_conflicts, result.not_understood = taken.records.conflicts, taken.not_understood
        result.erased, result.redacted = taken.records.erased, taken.records.redacted
        if taken.parted:
            result.parted = dict(taken.parted)
            result.sentence = (
                f"The folder of the laptop “{member.shown}” was copied, or restored from an old backup: two laptops "
                f"wrote change {min(taken.parted.values()):,} differently."
            )
            result.kept = "Both laptops' entries were kept."
            result.hint = (
                "Write a receipt for it: once that is merged, each copy goes on under a name of its own."
            )
            self._parted |= taken.parted
        if not taken.ops:
            result.status = KNOWN
        self._heard += heard
        if header.device_name:
            name = clean_line(header.device_name)[:80]
            self._names[member.device] = name
            if member.name == member.key.words:
                result.device = name
        if age := sealing_key(header.age):
            self._ages[member.device] = age
        elif header.age and member.role in COORDINATING and not result.sentence:
            result.sentence = f"The laptop “{member.shown}” sent a key that is not valid."
            result.kept = "Its entries were merged. Bundles are not sealed to that key."
            result.hint = "Look at that laptop: its program may be damaged."
        # Nobody else writes under this laptop's present name, unless its folder was copied.
        self._copied |= any(base_of(name) == self._origin for name, _, _ in taken.spans)
        self._erased |= taken.records.cleared
        if roster is not None:
            self.roster, self._roster_changed = roster, True

    def committed(self) -> list[Path]:
        """What follows a commit: receipts, names of laptops, copies in quarantine that are no longer needed, no trace of
        erased words. Returns the files of this run to be taken once more, because the roster has changed since.
        """
        if self.report.dry_run:
            return []
        for opened, result, data, roster in self._receipts:
            try:
                with one_file(self.kit.folder):
                    result.status = MERGED if take_receipt(self.kit, self.me, opened, roster) else KNOWN
                    self.quarantine.release(self.kit.ledger, data)
            except BundleRefused as refusal:
                self._set_aside(self.kit.ledger, data, opened, result, refusal)
        self._receipts.clear()
        if self._copied:
            part(self.kit)
        self._origin, self._copied = self.kit.origin, False
        if self._erased:
            self.kit.scrub()
            self._erased = False
        remembered: tuple[tuple[str, dict[str, Any]], ...] = (
            ("device_names", self._names),
            ("device_ages", self._ages),
            ("clones", self._parted),
        )
        self._hear()
        for key, fresh in remembered:
            known: dict[str, Any] = self.kit.desk.setting(key, {})
            if fresh and not fresh.items() <= known.items():
                self.kit.desk.set_setting(key, {**known, **fresh})
        senders = {member.key.ssh_line() for member in self.roster.members.values()}
        self.report.removed += self.quarantine.clear(senders)
        if learnt := self._names.keys() | self._ages.keys():
            Roster(self.kit, self.me).fill_in(learnt)
            self._names, self._ages = {}, {}
        if self._roster_changed:
            self.roster = Roster(self.kit, self.me)
        return self.once_more()

    def _hear(self) -> None:
        """Remember what the bundles of this commit say; what one says that can't be understood is left out."""
        try:
            with one_file(self.kit.folder):
                hear(self.kit, self._heard)
        except BundleRefused:
            for saying in self._heard:
                with contextlib.suppress(BundleRefused), one_file(self.kit.folder):
                    hear(self.kit, [saying])
        self._heard.clear()

    def once_more(self) -> list[Path]:
        """The files that the roster kept out before this run changed it, or that were passed over because this is no
        coordinator's laptop, to be taken again; they leave the report.
        """
        if not self._roster_changed:
            return []
        self._roster_changed = False
        files, self.report.files = self.report.files, []
        again: list[MergedFile] = []
        for one in files:
            (again if one.reason in _BY_ROSTER or one.status == PASSED else self.report.files).append(one)
        return [Path(one.path) for one in again]


def _refuse(result: MergedFile, refusal: BundleRefused) -> None:
    result.status, result.reason = ASIDE, refusal.reason
    result.sentence, result.kept, result.hint = refusal.message, refusal.kept, refusal.hint
    result.new_ops = result.new_records = result.changed_records = result.new_conflicts = 0
    result.known_ops = result.erased = result.redacted = result.not_understood = 0
    result.kinds, result.parted = {}, {}
