"""Quarantine: files that could not be accepted, until they are accepted, discarded, or removed to make room."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from hashlib import sha256
from operator import itemgetter
from pathlib import Path

from fieldkit.errors import StorageError
from fieldkit.store.journal.merge_transaction import Merging, QuarantinedFile
from fieldkit.store.journal.sync_log import Ledger
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.container import begins_like_a_bundle
from fieldkit.sync.bundle.manifest import Opened
from fieldkit.sync.merge.quarantine_copies import Copies
from fieldkit.sync.merge.relevance import own_quarantined
from fieldkit.sync.merge.report import MergedFile
from fieldkit.sync.network.identity import Identity

#: The most that quarantine holds: files listed, and bytes of their copies.
MOST_FILES, MOST_BYTES = 1_000, 512 << 20
NO_COPY = "Its copy was removed to make room for others: ask the sender to export once more."


class Quarantine:
    """The copies, as one merge adds some and releases others. Released copies are kept until `clear`."""

    def __init__(self, kit: Kit, me: Identity, *, dry_run: bool) -> None:
        self._kit, self._dry_run = kit, dry_run
        self.copies = Copies(kit)
        self._released: list[str] = []
        self._added = False
        self._own = own_quarantined(kit, me)

    def holds(self, path: Path) -> bool:
        """Whether a file is one of the copies."""
        return self.copies.holds(path)

    def release(self, batch: Merging | Ledger, digest: str) -> None:
        """Release the copy of a file that was accepted or is for others, by the SHA-256 of the file."""
        if not self._dry_run and self.copies.path(digest):
            batch.release(digest)
            self._released.append(digest)

    def release_own(self, batch: Merging) -> None:
        """Release this laptop's own files."""
        if self._dry_run:
            return
        for digest in self._own:
            batch.release(digest)
        self._released += self._own
        self._own = []

    def take(self, batch: Merging | Ledger, data: bytes, opened: Opened | None, result: MergedFile) -> None:
        """Record why a file is refused, and keep a copy of it if it may be a bundle."""
        digest = sha256(data or os.fsencode(result.path)).hexdigest()
        if begins_like_a_bundle(data):
            self.copies.write(digest, data)
        self._added = True
        batch.add_to_quarantine(
            QuarantinedFile(
                digest,
                result.name,
                result.reason,
                result.sentence,
                result.hint,
                self._kit.clock(),
                opened.signer.ssh_line() if opened else "",
                opened.signer.six_words if opened else "",
                opened.manifest.payload.sha256 if opened else "",
            )
        )

    def clear(self, known: Container[str]) -> list[str]:
        """Remove the released copies after the commit, and make room if there are too many.

        `known` are the keys of laptops on the roster. Returns the names of files that were removed to make room.
        """
        for digest in self._released:
            with contextlib.suppress(StorageError):
                self.copies.remove(digest)
        self._released.clear()
        if not self._dry_run:
            self.copies.seal()
        if not self._added:
            return []
        self._added = False
        return self._make_room(known)

    def _make_room(self, known: Container[str]) -> list[str]:
        """Remove files of unknown senders, then the oldest copies of others, until the rest is within bounds.

        Unsigned files go first: no trust makes them acceptable. Then those of the sender with the most files, the oldest first,
        so that a stick full of files does not push out the one bundle of a laptop that waits to be trusted.

        A file of a known laptop stays on the list without its copy, so that the laptop is asked to send it again.
        """
        sizes, files = self.copies.sizes(), self._kit.ledger.quarantine()
        listed = {file.sha256 for file in files}
        for stray in sizes.keys() - listed:
            self._remove(stray, sizes)
        count, removed = len(files), list[str]()
        oldest = files[::-1]
        for file in _in_turn([file for file in files if file.device not in known]):
            if count <= MOST_FILES and sum(sizes.values()) <= MOST_BYTES:
                return removed
            if count > MOST_FILES or file.sha256 in sizes:
                self._kit.ledger.release(file.sha256)
                self._remove(file.sha256, sizes)
                count -= 1
                removed.append(file.name)
        for file in (file for file in oldest if file.device in known and file.sha256 in sizes):
            if sum(sizes.values()) <= MOST_BYTES and len(sizes) <= MOST_FILES:
                break
            self._kit.ledger.add_to_quarantine(replace(file, hint=NO_COPY))
            self._remove(file.sha256, sizes)
            removed.append(file.name)
        return removed

    def _remove(self, digest: str, sizes: dict[str, int]) -> None:
        # If the disk refuses now, it is tried again after the next file.
        with contextlib.suppress(StorageError):
            self.copies.remove(digest)
        sizes.pop(digest, None)


def _in_turn(files: Sequence[QuarantinedFile]) -> list[QuarantinedFile]:
    """Files, given newest first, in the order in which they are removed."""
    newer = Counter[str]()
    places: list[tuple[bool, int, int]] = []
    for age, file in enumerate(files):
        places.append((bool(file.device), -newer[file.device], -age))
        newer[file.device] += 1
    return [file for _, file in sorted(zip(places, files, strict=True), key=itemgetter(0))]


def named(files: Sequence[QuarantinedFile], name: str) -> list[QuarantinedFile]:
    """The quarantined files with this name or this SHA-256."""
    return [file for file in files if name in {file.name, file.sha256}]


def remove(kit: Kit, file: QuarantinedFile) -> None:
    """Remove a file from the list for good, and delete its copy.

    Raises:
        StorageError: the disk refuses; it stays on the list.
    """
    Copies(kit).remove(file.sha256)
    kit.ledger.release(file.sha256)
