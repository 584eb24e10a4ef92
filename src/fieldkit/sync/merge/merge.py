"""Merging: every file is checked, then merged whole or quarantined whole; one bad file never blocks the rest."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from fieldkit.collector import without_collector
from fieldkit.errors import Misuse, NotFound
from fieldkit.quarantine_reasons import roster_cures
from fieldkit.store.journal.merge_transaction import QuarantinedFile
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.sync.bundle.prefetch import WORTHWHILE, Ahead, processors
from fieldkit.sync.bundle.unsealed import NotOpened, Waiting
from fieldkit.sync.merge.incoming_file import IncomingFile
from fieldkit.sync.merge.many_erasures import Erasing
from fieldkit.sync.merge.merge_run import MergeRun
from fieldkit.sync.merge.quarantine_copies import Copies
from fieldkit.sync.merge.report import MergeReport
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Member, Roster

#: A commit holds at most about this many new ops, or `FILES_A_COMMIT` files, whichever comes first.
OPS_A_COMMIT = 100_000


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
    """Merge bundles and network files. Merging one again, in any order, changes nothing.

    Files share commits, each under its own savepoint. Files that can't be accepted are copied into the kit's quarantine and
    listed with their reasons; files that are only for others are skipped. With `dry_run` nothing at all is stored. `names` gives
    files other names for the report and the lists; `erasing` is what somebody decided about files that erase much.

    Raises:
        StorageError: the disk refuses; files of earlier commits stay merged, the others can be merged again.
    """
    names = names or {}
    also: set[Path] = set()
    while True:
        try:
            return _merge_once(kit, me, paths, names, also, erasing, dry_run, on_progress)
        except NotOpened as unopened:
            # Only a dry run gets here: it starts again with those files opened that the changed roster accepts.
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
    todo, ready = deque(paths), deque[IncomingFile]()
    with _ahead(paths) as ahead, closing(Waiting()) as waiting:
        merging = MergeRun(kit, me, report, names, ahead, waiting, also, erasing)
        while todo or ready:
            if not ready:
                # Read and opened before the write lock is taken.
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
                        # A file of this commit made it acceptable: it is opened before the next commit.
                        todo.extendleft(file.path for file in reversed(ready))
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
    """The process that opens bundles ahead, if there is enough work for two."""
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
    """Merge the quarantined files of a laptop that has just been trusted, or been given another role."""
    copies = Copies(kit)
    names = {
        path: file.name
        for file in kit.ledger.quarantine()
        if file.device == member.key.ssh_line()
        and roster_cures(file.reason)
        and (path := copies.path(file.sha256))
    }
    return merge(kit, me, list(names), names=names, on_progress=on_progress)


def merge_decided(
    kit: Kit,
    me: Identity,
    file: QuarantinedFile,
    erasing: Erasing,
    on_progress: Progress = no_progress,
    *,
    dry_run: bool = False,
) -> MergeReport:
    """Merge a quarantined file that erases much, as somebody has decided.

    Raises:
        Misuse: this laptop is not a coordinator's.
        NotFound: its copy was removed to make room.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse("Only a coordinator's laptop can decide about that.", kept="Nothing was changed.")
    path = Copies(kit).path(file.sha256)
    if path is None:
        raise NotFound("The copy of that file is gone.", hint="Merge the file itself again.")
    names = {path: file.name}
    return merge(kit, me, [path], dry_run=dry_run, names=names, erasing=erasing, on_progress=on_progress)
