"""A file to merge, as it was read: what is visible outside, and its content once decrypted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from fieldkit.errors import BundleRefused
from fieldkit.sync.bundle.manifest import Opened
from fieldkit.sync.bundle.unsealed import Unsealed


@dataclass
class IncomingFile:
    """What is known of the file. Its `refusal` or `not_unsealed` states why it can't be merged.

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
        """Free the file's bytes, which are read again if it is refused."""
        self.data = b""
        if self.opened is not None:
            container = replace(self.opened.container, payload=memoryview(b""))
            self.opened = replace(self.opened, container=container)
