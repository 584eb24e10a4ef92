"""Files given to a merge by mistake: spreadsheets, backups and other files that are not bundles. No copy is kept."""

from __future__ import annotations

from pathlib import Path

from fieldkit.errors import BundleRefused
from fieldkit.paths import BACKUP_ENDING, BUNDLE_ENDINGS, SPREADSHEET_ENDINGS
from fieldkit.quarantine_reasons import BACKUP, OTHER, SPREADSHEET
from fieldkit.sync.bundle.container import begins_like_a_bundle
from fieldkit.text import displayed_line

NO_BUNDLE = frozenset({BACKUP, SPREADSHEET, OTHER})

_BACKUP_BEGINNING = b"backup.json\0"
_LEFT = "It was left where it is; nothing in this kit was changed."


def no_bundle(path: Path, data: bytes, wanted: str = "a bundle") -> BundleRefused | None:
    """The error for a file that is not a bundle, judged by its name and its beginning; None for a bundle, whole or damaged.

    A file that is named like a bundle but is not one counts as a damaged bundle. `wanted` says what was asked for.
    """
    ending, shown = path.suffix.lower(), displayed_line(str(path))
    if ending == BACKUP_ENDING or data.startswith(_BACKUP_BEGINNING):
        return BundleRefused(
            BACKUP,
            f"This is a backup of a whole kit, not {wanted}.",
            kept=_LEFT,
            hint=f"To restore it: fieldkit restore {shown}",
        )
    if not data or ending in BUNDLE_ENDINGS or begins_like_a_bundle(data):
        return None
    if ending in SPREADSHEET_ENDINGS:
        return BundleRefused(
            SPREADSHEET,
            f"This is a spreadsheet, not {wanted}.",
            kept=_LEFT,
            hint=f"Import it, for example with: fieldkit record feedback --from {shown}",
        )
    return BundleRefused(
        OTHER,
        "This is not one of fieldkit's files.",
        kept=_LEFT,
        hint="Bundles end in .fkb, network files in .fkn, receipts in .fkr.",
    )
