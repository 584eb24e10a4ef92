"""The slip with a receipt code, as a text file to be printed."""

from __future__ import annotations

import textwrap
from datetime import datetime
from pathlib import Path

from fieldkit.file_writing import write_private_file
from fieldkit.paths import unused_path
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY
from fieldkit.sync.network.identity import identity

_WIDTH = 64
_PARAGRAPHS = (
    "With this code you can withdraw what you told us. Say or show it to any of our volunteers: what you said is then "
    "erased from their laptop and, as they meet, from all the others.",
    "Keep this slip. Nobody else keeps the code.",
)


def write_slip(kit: Kit, folder: Path, code: str) -> Path:
    """Write the slip into `folder`, under a name that is free there; returns its path. Call it in a thread.

    Raises:
        StorageError: the disk refuses; no partial file is left.
    """
    joined = kit.settings.get(IDENTITY) is not None
    network = identity(kit).network_name if joined else ""
    now = datetime.fromtimestamp(kit.clock() / 1000)
    lines = [
        *([network, ""] if network else []),
        f"Receipt code, given on {short_date(now.date().isoformat())}",
        "",
        f"    {code}",
        "",
        *(line for paragraph in _PARAGRAPHS for line in [*textwrap.wrap(paragraph, _WIDTH), ""]),
    ]
    path = unused_path(folder, f"slip-{now:%Y-%m-%d-%H%M}", ".txt")
    write_private_file(path, "\r\n".join(lines).encode("utf-8-sig"))
    return path
