"""Quarantine: copies of files that could not be accepted, until they are, or are thrown away."""

from __future__ import annotations

import contextlib
import os
from hashlib import sha256
from pathlib import Path

from fieldkit.paths import make_private_folder, write_private_file
from fieldkit.store.journal.sync_log import Aside, Ledger, Merging
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.container import begins_like_a_bundle
from fieldkit.sync.bundle.manifest import Opened
from fieldkit.sync.merge.relevance import own_aside
from fieldkit.sync.merge.report import MergedFile
from fieldkit.sync.network.identity import Identity


def quarantine_folder(kit: Kit) -> Path:
    """Where copies of files lie that could not be accepted."""
    return kit.folder / "quarantine"


class Quarantine:
    """The copies as one merge takes some in and lets others go. What is let go lies there until `clear`."""

    def __init__(self, kit: Kit, me: Identity, *, dry_run: bool) -> None:
        self._kit, self._dry_run = kit, dry_run
        self._folder = quarantine_folder(kit)
        self._released: list[str] = []
        self._own = own_aside(kit, me)

    def holds(self, path: Path) -> bool:
        """Whether a file is one of the copies."""
        return path.resolve().parent == self._folder.resolve()

    def release(self, batch: Merging | Ledger, data: bytes) -> None:
        """Let go of the copy of what was accepted, or is for others."""
        digest = sha256(data).hexdigest()
        if not self._dry_run and (self._folder / f"{digest}.fkb").exists():
            batch.release(digest)
            self._released.append(digest)

    def release_own(self, batch: Merging) -> None:
        """Let go of this laptop's own files."""
        if self._dry_run:
            return
        for digest in self._own:
            batch.release(digest)
        self._released += self._own
        self._own = []

    def take(self, batch: Merging | Ledger, data: bytes, opened: Opened | None, result: MergedFile) -> None:
        """Write down why a file is refused, and keep a copy of it if it may be a bundle."""
        digest = sha256(data or os.fsencode(result.path)).hexdigest()
        if begins_like_a_bundle(data):
            make_private_folder(self._folder)
            copy = self._folder / f"{digest}.fkb"
            if not copy.exists():
                write_private_file(copy, data)
        batch.set_aside(
            Aside(
                digest,
                result.name,
                result.reason,
                result.sentence,
                result.hint,
                self._kit.clock(),
                opened.signer.ssh_line() if opened else "",
                opened.signer.words if opened else "",
            )
        )

    def clear(self) -> None:
        """Remove the copies that were let go, once the commit has held."""
        for digest in self._released:
            with contextlib.suppress(OSError):
                (self._folder / f"{digest}.fkb").unlink()
        self._released.clear()
