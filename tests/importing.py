"""Importing what a spreadsheet would hold, with a look at the sum each time."""

from __future__ import annotations

from fieldkit.importing.importer import Imported, import_rows
from fieldkit.store.kit import Kit


def bring(kit: Kit, text: str | bytes, kind: str = "feedback", **more: object) -> Imported:
    """Import what a file would hold, and look that the sum is right."""
    before = kit.counts()[kind]
    done = import_rows(kit, kind, text if isinstance(text, bytes) else text.encode(), **more)  # type: ignore[arg-type]
    assert done.rows == done.stored + done.refused
    assert kit.counts()[kind] == before + (0 if done.dry_run else done.stored)
    return done
