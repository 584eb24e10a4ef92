"""Merging: every file is checked, then merged whole or quarantined whole; one bad file never blocks the rest."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from fieldkit.collector import without_collector
from fieldkit.errors import BundleRefused, Misuse, NotFound
from fieldkit.quarantine_reasons import roster_cures
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.journal.ingest import Taken
from fieldkit.store.journal.refusals import (
    drop,
    dropped_spans,
    refuse,
    refused_orders,
    stated_drops,
    stated_refusals,
)
from fieldkit.store.journal.sync_log import Aside, Ledger, Merging
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.store.local.setting import CLONES, DEVICE_AGES, DEVICE_NAMES, Setting
from fieldkit.sync.bundle.container import read_container, read_file
from fieldkit.sync.bundle.manifest import RECEIPT, RECORDS, Opened, check_header, open_container
from fieldkit.sync.bundle.payload import unsealed
from fieldkit.sync.bundle.prefetch import LARGEST, WORTHWHILE, Ahead, Lost, open_payload, processors
from fieldkit.sync.bundle.unsealed import NotOpened, Unsealed, Waiting
from fieldkit.sync.merge.many_erasures import FIELD, Erasing, demand_decision, held_records, state_refusal
from fieldkit.sync.merge.no_bundle import NO_BUNDLE, no_bundle
from fieldkit.sync.merge.one_file import one_file
from fieldkit.sync.merge.quarantine import Quarantine
from fieldkit.sync.merge.quarantine_copies import Copies
from fieldkit.sync.merge.quotas import demand_share, early
from fieldkit.sync.merge.relevance import OWN, is_own, open_keys, passes
from fieldkit.sync.merge.report import ASIDE, KNOWN, LEFT, MERGED, PASSED, MergedFile, MergeReport
from fieldkit.sync.network.floods import DROPPED
from fieldkit.sync.network.identity import Identity, age_secrets, part, sealing_key
from fieldkit.sync.network.location import state_own_key
from fieldkit.sync.network.roster import COORDINATING, Member, Roster
from fieldkit.sync.network.signed_statements import creator_signed
from fieldkit.sync.peers.reports import Saying, hear, sayings
from fieldkit.sync.receipts.receipts import receipts, take_receipt
from fieldkit.text import clean_line

#: Several bundles share one commit: so many files, or so many new ops, whichever comes first.
FILES_A_COMMIT = 40
OPS_A_COMMIT = 100_000
#: Bytes of files that are read before a commit; of one that is larger than this, no others wait beside it.
BYTES_A_COMMIT = 16 << 20
#: A file of more bytes than this is read again if it is refused: it is not kept in memory beside what is in it.
_LARGE = 1 << 20


@without_collector()
def merge(
    kit: Kit,
    me: Identity,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    names: Mapping[Path, str] | None = None,
    erasing: Erasing = Erasing.WAITS,
    on_progress: Progress = no_progress,
) -> MergeReport:
    """Take in bundles and network files. Merging one again, in any order, changes nothing.

    Files share commits, each under a savepoint of its own. What can't be accepted is copied into the kit's
    quarantine and listed with its reason; what is for others alone is passed over. With `dry_run` nothing at all is
    stored. `names` gives files other names to be
    told and remembered by; `erasing` is what somebody decided about files that erase much.

    Raises:
        StorageError: the disk refuses; files of earlier commits stay merged, the others can be merged again.
    """
    names = names or {}
    also: set[Path] = set()
    while True:
        try:
            return _merge_once(kit, me, paths, names, also, erasing, dry_run, on_progress)
        except NotOpened as unopened:
            # Only a look beforehand gets here: it starts again, with the files opened that this roster lets in.
            also |= unopened.paths


def _merge_once(
    kit: Kit,
    me: Identity,
    paths: Sequence[Path],
    names: Mapping[Path, str],
    also: Container[Path],
    erasing: Erasing,
    dry_run: bool,
    on_progress: Progress,
) -> MergeReport:
    report = MergeReport(dry_run=dry_run)
    todo, ready = deque(paths), deque[_Read]()
    with _ahead(paths) as ahead, closing(Waiting()) as waiting:
        merging = _Merge(kit, me, report, names, ahead, waiting, also, erasing)
        while todo or ready:
            if not ready:
                # Read and opened before anybody else is kept from writing.
                ready = merging.prepare(todo)
            with kit.ledger.merging(keep=not dry_run) as batch:
                merging.quarantine.release_own(batch)
                before = report.total("new_ops")
                while ready and (dry_run or report.total("new_ops") - before < OPS_A_COMMIT):
                    left = len(ready) + len(todo)
                    on_progress(len(report.files), len(report.files) + left, ready[0].path.name)
                    try:
                        merging.take(batch, ready[0], ready[1] if len(ready) > 1 else None)
                    except NotOpened:
                        if dry_run:
                            raise
                        # A file of this commit let it in: it is opened before the next.
                        todo.extendleft(found.path for found in reversed(ready))
                        ready.clear()
                        break
                    ready.popleft()
                    if dry_run and not ready:
                        ready += map(merging.read_before, merging.once_more())
            if not ready:
                waiting.close()
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
        and roster_cures(aside.reason)
        and (path := copies.path(aside.sha256))
    }
    return merge(kit, me, list(names), names=names, on_progress=on_progress)


def merge_decided(
    kit: Kit, me: Identity, file: Aside, erasing: Erasing, on_progress: Progress = no_progress
) -> MergeReport:
    """Merge a file from quarantine that erases much, as somebody has decided.

    Raises:
        Misuse: this laptop is no coordinator's.
        NotFound: its copy had to make room.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can decide about that.", kept="Nothing was changed.")
    path = Copies(kit).path(file.sha256)
    if path is None:
        raise NotFound("The copy of that file is gone.", hint="Merge the file itself again.")
    return merge(kit, me, [path], names={path: file.name}, erasing=erasing, on_progress=on_progress)


@dataclass
class _Read:
    """A file as it was read: what it says outside, or why it is refused, and what is in it once its seal was opened.

    `digest` is the SHA-256 of the file. `asked`: see `Ahead.ask`.
    """

    path: Path
    data: bytes = b""
    digest: str = ""
    opened: Opened | None = None
    refusal: BundleRefused | None = None
    unsealed: Unsealed | None = None
    not_unsealed: BundleRefused | None = None
    asked: int = 0

    def drop_data(self) -> None:
        """Let go of the file's bytes, which are read again should it be refused."""
        self.data = b""
        if self.opened is not None:
            container = replace(self.opened.container, payload=memoryview(b""))
            self.opened = replace(self.opened, container=container)


class _Merge:
    """One run: the roster as it stands after the files taken so far, and what to remember once a commit has held."""

    def __init__(
        self,
        kit: Kit,
        me: Identity,
        report: MergeReport,
        file_names: Mapping[Path, str],
        ahead: Ahead | None,
        waiting: Waiting,
        also: Container[Path],
        erasing: Erasing,
    ) -> None:
        self._erasing = erasing
        self._refused: set[bytes] = set()
        self.kit, self.me, self.report, self.file_names = kit, me, report, file_names
        self._ahead, self._waiting, self._also = ahead, waiting, also
        self._before: dict[Path, _Read] = {}
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

    def prepare(self, todo: deque[Path]) -> deque[_Read]:
        """The next files, read and opened as far as the roster as it is now lets them in; all of them for a look beforehand."""
        ready = deque[_Read]()
        size = 0
        while todo and (self.report.dry_run or (len(ready) < FILES_A_COMMIT and size < BYTES_A_COMMIT)):
            found = self._read(todo.popleft())
            size += len(found.data)
            self._unseal(found)
            if self.report.dry_run or (found.unsealed and len(found.data) > _LARGE):
                found.drop_data()
            if self.report.dry_run:
                self._before[found.path] = found
            ready.append(found)
        return ready

    def read_before(self, path: Path) -> _Read:
        """A file of this look beforehand, as it was read."""
        return self._before[path]

    def _unseal(self, found: _Read) -> None:
        """Open what is in a file, unless it is refused, passed over or known."""
        opened = found.opened
        if opened is None or opened.manifest.purpose == RECEIPT or self.kit.ledger.merged_before(opened.id):
            return
        if found.path not in self._also:
            if self._passes(opened, found.path):
                return
            try:
                self.roster.accept(opened)
            except BundleRefused:
                return  # in its turn, by the roster as it is then
        secrets = self._identities if opened.container.sealed else None
        try:
            with one_file(self.kit.folder):
                pieces = unsealed(opened.container.payload, secrets)
                found.unsealed = self._waiting.keep(map(bytes, pieces))
        except BundleRefused as refusal:
            found.not_unsealed = refusal

    def take(self, batch: Merging, found: _Read, following: _Read | None = None) -> None:
        """Merge one file, or quarantine it; either way it is in the report afterwards.

        `following` may be unpacked by the other process meanwhile.

        Raises:
            NotOpened: it has to be opened first; nothing happened.
        """
        path = found.path
        result = MergedFile(self.file_names.get(path) or clean_line(path.name), str(path), MERGED)
        self._look_ahead(batch, following)
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
                self._set_aside(batch, self._content(found), opened, result, refusal)
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
            if self.report.dry_run:
                # Of many files, none was kept in memory whole.
                opened = self._read(path).opened or opened
            self._note_receipt(opened, result, found.data)
            return
        if batch.merged(opened.id):
            result.device = self.roster.name_of(opened.signer.device_id)
            result.status, result.ops, result.known_ops = KNOWN, opened.ops, opened.ops
            self.quarantine.release(batch, found.digest)
            return
        member = self.roster.accept(opened)
        result.device = self.roster.name_of(member.device)
        result.fingerprint = member.key.fingerprint
        if found.not_unsealed is not None:
            raise found.not_unsealed
        if found.unsealed is None:
            raise NotOpened(self._same_sender(opened))
        try:
            self._merge(batch, opened, found.unsealed, member, result, found.asked)
        except Lost:
            self._ahead = None
            self._merge(batch, opened, found.unsealed, member, result, 0)
        self.quarantine.release(batch, found.digest)

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
                found.digest = sha256(found.data).hexdigest()
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
        self.quarantine.release(batch, found.digest)

    def _look_ahead(self, batch: Merging, following: _Read | None) -> None:
        """Have a file unpacked before its turn."""
        if self._ahead is None or not self._ahead.ready or following is None or following.asked:
            return
        if following.unsealed is None or following.opened is None or batch.merged(following.opened.id):
            return
        if following.unsealed.in_memory and following.unsealed.size <= LARGEST:
            packed = b"".join(following.unsealed.pieces())
            following.asked = self._ahead.ask(packed, following.opened.spans)

    def _same_sender(self, opened: Opened) -> set[Path]:
        """The files of this look beforehand that bear the signature of this one's sender."""
        return {
            path
            for path, found in self._before.items()
            if found.opened is not None and found.opened.signer == opened.signer
        }

    def _content(self, found: _Read) -> bytes:
        """The bytes of a file that is refused, read again where they were let go of; none for a look beforehand."""
        if found.data or not found.digest or self.report.dry_run:
            return found.data
        again = self._read(found.path)
        return again.data if again.digest == found.digest else b""

    def _merge(
        self,
        batch: Merging,
        opened: Opened,
        content: Unsealed,
        member: Member,
        result: MergedFile,
        asked: int,
    ) -> None:
        """Store what a bundle brings; `asked` is its number with the other process, 0 to unpack it here."""
        result.ops = opened.ops
        if self._ahead is not None:
            self._ahead.start()
        # The creator's word is what the network rests on; whatever another coordinator erases in bulk is looked at.
        asks = member.role in COORDINATING and member.device not in (
            self.me.device,
            self.me.founder.device_id,
        )
        erasing = 0
        held = held_records(batch.connection) if asks else 0
        with batch.bundle():
            if asked and self._ahead is not None:
                first, batches = self._ahead.open_payload(asked)
            else:
                first, batches = open_payload(content.pieces(), opened.spans)
            header = check_header(first, opened)
            refusing = asks and self._erasing is Erasing.REFUSED
            intake = batch.intake(opened.spans, lambda op: self.roster.allowed(op, member), refusing=refusing)
            taken = intake.take_all(early(batches, member))
            demand_share(batch, member, taken)
            self._obey_refusals(batch, taken)
            if asks and self._erasing is Erasing.WAITS:
                erasing = demand_decision(
                    batch, member, taken, held, self.kit.clock(), coordinating=self.roster.coordinating
                )
            batch.record(opened.id, result.name, member.device, opened.ops, taken, erasing)
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
        self._refused |= taken.refused
        if roster is not None:
            self.roster, self._roster_changed = roster, True

    def _obey_refusals(self, batch: Merging, taken: Taken) -> None:
        """Refuse the orders of this bundle that are to be refused, and those that the network's creator refused."""
        refused = set(taken.refused)
        if "policy" in taken.kinds:
            refused |= stated_refusals(batch.connection, partial(creator_signed, self.me, FIELD), FIELD)
            refused -= refused_orders(batch.connection)
            known = {
                (origin, *run) for origin, runs in dropped_spans(batch.connection).items() for run in runs
            }
            if (
                spans := stated_drops(batch.connection, partial(creator_signed, self.me, DROPPED), DROPPED)
                - known
            ):
                drop(batch.connection, spans)
                self._erased = True
        if refused:
            refuse(batch.connection, refused)
            taken.orders = [order for order in taken.orders if order[0] not in refused]
            self._erased = True

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
                    self.quarantine.release(self.kit.ledger, sha256(data).hexdigest())
            except BundleRefused as refusal:
                self._set_aside(self.kit.ledger, data, opened, result, refusal)
        self._receipts.clear()
        if self._refused:
            state_refusal(self.kit, self.me, self._refused)
            # What a restore would erase again is written anew, too.
            self._erased, self._refused = True, set()
        if self._copied:
            part(self.kit)
        self._origin, self._copied = self.kit.origin, False
        if self._erased:
            self.kit.scrub()
            self._erased = False
        remembered: tuple[tuple[Setting[Any], dict[str, Any]], ...] = (
            (DEVICE_NAMES, self._names),
            (DEVICE_AGES, self._ages),
            (CLONES, self._parted),
        )
        self._hear()
        for setting, fresh in remembered:
            known: dict[str, Any] = self.kit.settings.get(setting)
            if fresh and not fresh.items() <= known.items():
                self.kit.settings.put(setting, {**known, **fresh})
        senders = {member.key.ssh_line() for member in self.roster.members.values()}
        self.report.removed += self.quarantine.clear(senders)
        if learnt := self._names.keys() | self._ages.keys():
            Roster(self.kit, self.me).fill_in(learnt)
            self._names, self._ages = {}, {}
        if self._roster_changed:
            state_own_key(self.kit)
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
            (again if roster_cures(one.reason) or one.status == PASSED else self.report.files).append(one)
        return [Path(one.path) for one in again]


def _refuse(result: MergedFile, refusal: BundleRefused) -> None:
    result.status, result.reason = ASIDE, refusal.reason
    result.sentence, result.kept, result.hint = refusal.message, refusal.kept, refusal.hint
    result.new_ops = result.new_records = result.changed_records = result.new_conflicts = 0
    result.known_ops = result.erased = result.redacted = result.not_understood = 0
    result.kinds, result.parted = {}, {}
