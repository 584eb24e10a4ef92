"""One run of a merge: files are read and opened, judged by the roster at their turn, and stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Mapping
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

from fieldkit.errors import BundleRefused
from fieldkit.quarantine_reasons import roster_cures
from fieldkit.store.journal.merge_transaction import Merging
from fieldkit.store.journal.sync_log import Ledger
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.container import read_container, read_file
from fieldkit.sync.bundle.manifest import RECEIPT, Opened, open_container
from fieldkit.sync.bundle.payload import unsealed
from fieldkit.sync.bundle.prefetch import LARGEST, Ahead, HelperLost, open_payload
from fieldkit.sync.bundle.unsealed import NotOpened, Waiting
from fieldkit.sync.merge.after_commit import AfterCommit
from fieldkit.sync.merge.bundle_store import BundleStore, Unpacked
from fieldkit.sync.merge.classify import Outcome, Verdict, classify, refused
from fieldkit.sync.merge.incoming_file import IncomingFile
from fieldkit.sync.merge.many_erasures import Erasing
from fieldkit.sync.merge.no_bundle import NO_BUNDLE, no_bundle
from fieldkit.sync.merge.one_file import one_file
from fieldkit.sync.merge.quarantine import Quarantine
from fieldkit.sync.merge.relevance import open_keys
from fieldkit.sync.merge.report import KNOWN, LEFT, MERGED, PASSED, MergedFile, MergeReport
from fieldkit.sync.network.identity import Identity, age_secrets
from fieldkit.sync.network.location import state_own_key
from fieldkit.sync.network.roster import COORDINATING, Member, Roster
from fieldkit.sync.receipts.receipts import keep_receipt, receipts
from fieldkit.text import displayed_line

#: The most files in one commit.
FILES_A_COMMIT = 40
#: The most bytes of files read before a commit; a larger file is read alone.
BYTES_A_COMMIT = 16 << 20
#: A file larger than this is read again if it is refused, rather than kept in memory beside its content.
_LARGE = 1 << 20


class MergeRun:
    """One run of `merge`: the roster after the files merged so far, and the work that follows a commit."""

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
        self.kit, self.me, self.report, self.file_names = kit, me, report, file_names
        self._ahead, self._waiting, self._also = ahead, waiting, also
        self._before: dict[Path, IncomingFile] = {}
        self.roster = Roster(kit, me)
        self._roster_changed = False
        self._identities = age_secrets(kit)
        self.quarantine = Quarantine(kit, me, dry_run=report.dry_run)
        self._after = AfterCommit(kit, me)
        self._store = BundleStore(kit, me, erasing, self._after)
        self._receipts: list[tuple[Opened, MergedFile, bytes, Roster]] = []

    def prepare(self, todo: deque[Path]) -> deque[IncomingFile]:
        """The next files, read, and opened if the present roster accepts them; in a dry run all of them."""
        ready = deque[IncomingFile]()
        size = 0
        while todo and (self.report.dry_run or (len(ready) < FILES_A_COMMIT and size < BYTES_A_COMMIT)):
            file = self._read(todo.popleft())
            size += len(file.data)
            self._unseal(file)
            if self.report.dry_run or (file.unsealed and len(file.data) > _LARGE):
                file.drop_data()
            if self.report.dry_run:
                self._before[file.path] = file
            ready.append(file)
        return ready

    def read_before(self, path: Path) -> IncomingFile:
        """A file of this dry run, as it was read."""
        return self._before[path]

    def _unseal(self, file: IncomingFile) -> None:
        """Decrypt the content of a file, unless it is refused, skipped or known."""
        opened, ledger = file.opened, self.kit.ledger
        if opened is None or opened.manifest.purpose == RECEIPT or ledger.merged_before(opened.id):
            return
        if file.path not in self._also:
            verdict = self._classify(file, ledger.merged_before)
            if verdict.outcome is not Outcome.MERGE:
                return  # it is refused in its turn, by the roster at that time
        secrets = self._identities if opened.container.sealed else None
        try:
            with one_file(self.kit.folder):
                pieces = unsealed(opened.container.payload, secrets)
                file.unsealed = self._waiting.keep(map(bytes, pieces))
        except BundleRefused as refusal:
            file.not_unsealed = refusal

    def _classify(self, file: IncomingFile, merged: Callable[[str], bool]) -> Verdict:
        kept = self.quarantine.holds(file.path)
        return classify(file, self.roster, self._keys, kept=kept, merged=merged)

    def take(self, batch: Merging, file: IncomingFile, following: IncomingFile | None = None) -> None:
        """Merge one file, or quarantine it; either way it is in the report afterwards.

        Meanwhile the helper process may unpack `following`.

        Raises:
            NotOpened: it must be opened first; nothing happened.
        """
        path = file.path
        result = MergedFile(self.file_names.get(path) or displayed_line(path.name), str(path), MERGED)
        self._look_ahead(batch, following)
        try:
            with one_file(self.kit.folder):
                verdict = self._classify(file, batch.merged)
                self._apply(batch, file, verdict, result)
        except BundleRefused as refusal:
            verdict = refused(refusal, file, self.me)
            if verdict.outcome is Outcome.SKIP:
                self._apply(batch, file, verdict, result)
            else:
                self._quarantine(batch, self._content(file), file.opened, result, refusal)
        self.report.files.append(result)

    def _apply(self, batch: Merging, file: IncomingFile, verdict: Verdict, result: MergedFile) -> None:
        """Do what the verdict says, and record it in `result`.

        Raises:
            BundleRefused: the file is to be quarantined, because of the verdict or its content.
            NotOpened: it must be opened first.
        """
        opened, member = file.opened, verdict.member
        if opened is not None and (member is not None or verdict.outcome in {Outcome.SKIP, Outcome.KNOWN}):
            result.device = self.roster.name_of(opened.signer.device_id)
        if verdict.refusal is not None:
            raise verdict.refusal
        assert opened is not None
        if verdict.outcome is not Outcome.KNOWN:
            result.fingerprint = opened.signer.fingerprint
        match verdict.outcome:
            case Outcome.SKIP:
                result.status, result.sentence, result.ops = PASSED, verdict.sentence, opened.ops
            case Outcome.KNOWN:
                result.status, result.ops, result.known_ops = KNOWN, opened.ops, opened.ops
            case Outcome.RECEIPT:
                assert member is not None
                self._note_receipt(file, opened, member, result)
                return
            case Outcome.MERGE:
                assert member is not None
                self._merge(batch, file, opened, member, result)
        self.quarantine.release(batch, file.digest)

    def _merge(
        self, batch: Merging, file: IncomingFile, opened: Opened, member: Member, result: MergedFile
    ) -> None:
        """Store a bundle's content, unpacked by the helper process if that was requested."""
        content, ahead = file.unsealed, self._ahead
        if content is None:
            raise NotOpened(self._same_sender(opened))

        def unpacked_here() -> Unpacked:
            return open_payload(content.pieces(), opened.spans)

        def store(unpack: Callable[[], Unpacked]) -> Roster | None:
            return self._store.store(batch, opened, unpack, member, self.roster, result)

        try:
            if ahead is not None:
                ahead.start()
                asked = partial(ahead.open_payload, file.asked) if file.asked else unpacked_here
                changed = store(asked)
            else:
                changed = store(unpacked_here)
        except HelperLost:
            self._ahead = None
            changed = store(unpacked_here)
        if changed is not None:
            self.roster, self._roster_changed = changed, True

    def _quarantine(
        self,
        batch: Merging | Ledger,
        data: bytes,
        opened: Opened | None,
        result: MergedFile,
        refusal: BundleRefused,
    ) -> None:
        """Record that a file is refused, and keep a copy of it in quarantine."""
        result.refuse(refusal)
        if opened is not None:
            result.fingerprint = opened.signer.fingerprint
            member = self.roster.members.get(opened.signer.device_id)
            if member is not None and member.key == opened.signer:  # revoked, say: its name is known
                result.device = member.shown
        if refusal.reason in NO_BUNDLE:
            result.status = LEFT
        elif not self.report.dry_run:
            self.quarantine.take(batch, data, opened, result)

    def _note_receipt(self, file: IncomingFile, opened: Opened, member: Member, result: MergedFile) -> None:
        """Accept a receipt, to be stored after the bundles of this run."""
        if not self.report.dry_run:
            self._receipts.append((opened, result, file.data, self.roster))
        elif member.role not in COORDINATING or member.device == self.me.device:
            # These are never stored; for the others storing shows the effect. In a run of many files, none was kept whole.
            keep_receipt(self.kit, self.me, self._read(file.path).opened or opened, self.roster)
            result.status = KNOWN
        elif any(
            (receipt.device, receipt.made) == (member.device, opened.manifest.made)
            for receipt in receipts(self.kit)
        ):
            result.status = KNOWN

    def _read(self, path: Path) -> IncomingFile:
        """A file with its signature checked."""
        file = IncomingFile(path)
        try:
            with one_file(self.kit.folder):
                kept = self.quarantine.holds(path)
                file.data = self.quarantine.copies.read(path) if kept else read_file(path)
                file.digest = sha256(file.data).hexdigest()
                file.opened = open_container(read_container(file.data))
        except BundleRefused as refusal:
            file.refusal = no_bundle(path, file.data) or refusal
        return file

    @cached_property
    def _keys(self) -> frozenset[str]:
        return open_keys(self._identities)

    def _look_ahead(self, batch: Merging, following: IncomingFile | None) -> None:
        """Have a file unpacked before its turn."""
        if self._ahead is None or not self._ahead.ready or following is None or following.asked:
            return
        if following.unsealed is None or following.opened is None or batch.merged(following.opened.id):
            return
        if following.unsealed.in_memory and following.unsealed.size <= LARGEST:
            packed = b"".join(following.unsealed.pieces())
            following.asked = self._ahead.ask(packed, following.opened.spans)

    def _same_sender(self, opened: Opened) -> set[Path]:
        """The files of this dry run that the same sender signed."""
        return {
            path
            for path, file in self._before.items()
            if file.opened is not None and file.opened.signer == opened.signer
        }

    def _content(self, file: IncomingFile) -> bytes:
        """The bytes of a refused file, read again if they were freed; empty in a dry run."""
        if file.data or not file.digest or self.report.dry_run:
            return file.data
        again = self._read(file.path)
        return again.data if again.digest == file.digest else b""

    def committed(self) -> list[Path]:
        """Do the work that follows a commit: receipts, reports of laptops, removing quarantined copies that are no longer needed.

        Returns the files of this run to be merged once more, because the roster has changed since.
        """
        if self.report.dry_run:
            return []
        for opened, result, data, roster in self._receipts:
            try:
                with one_file(self.kit.folder):
                    result.status = MERGED if keep_receipt(self.kit, self.me, opened, roster) else KNOWN
                    self.quarantine.release(self.kit.ledger, sha256(data).hexdigest())
            except BundleRefused as refusal:
                self._quarantine(self.kit.ledger, data, opened, result, refusal)
        self._receipts.clear()
        self._after.finish()
        senders = {member.key.ssh_line() for member in self.roster.members.values()}
        self.report.removed += self.quarantine.clear(senders)
        self._after.fill_in()
        if self._roster_changed:
            state_own_key(self.kit)
            self.roster = Roster(self.kit, self.me)
        return self.once_more()

    def once_more(self) -> list[Path]:
        """The files to try again: those that the roster refused before this run changed it, and those skipped because this was
        not a coordinator's laptop. They are removed from the report.
        """
        if not self._roster_changed:
            return []
        self._roster_changed = False
        files, self.report.files = self.report.files, []
        again: list[MergedFile] = []
        for file in files:
            (again if roster_cures(file.reason) or file.status == PASSED else self.report.files).append(file)
        return [Path(file.path) for file in again]
