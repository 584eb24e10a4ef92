"""Importing the text of a spreadsheet, with a check of the totals each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldkit.importing.choices import Choices
from fieldkit.importing.imported import Doubtful, Imported
from fieldkit.importing.importer import import_rows
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.kit import Kit

GROUND = "signed forms"


def understood(kind: str = "feedback", **more: object) -> Choices:
    """Choices as fieldkit understands the file and, if the kind asks for it, a ground of consent."""
    ground = {"consent": GROUND} if "consent_record" in kind_named(kind).fields else {}
    return Choices(**{"understood": True, **ground, **more})  # type: ignore[arg-type]


def import_understood(kit: Kit, kind: str, source: Path | bytes, **more: Any) -> Imported:
    """Import a file as fieldkit understands it, without asking."""
    more.setdefault("choices", understood(kind))
    return import_rows(kit, kind, source, **more)


def bring(kit: Kit, text: str | bytes, kind: str = "feedback", **more: Any) -> Imported:
    """Import the text of a file as fieldkit understands it, and check the totals."""
    before = kit.counts()[kind]
    done = import_understood(kit, kind, text if isinstance(text, bytes) else text.encode(), **more)
    assert done.rows == done.stored + done.refused + done.here + done.totals + done.hidden
    assert kit.counts()[kind] == before + (0 if done.dry_run else done.stored)
    return done


def doubts(kit: Kit, text: str, kind: str = "feedback", **more: Any) -> set[tuple[str, str]]:
    """(doubt, column) of every doubt about a file; empty if it is stored without asking."""
    more.setdefault("choices", understood(kind, understood=False))
    imported = import_rows(kit, kind, text.encode(), dry_run=True, **more)
    if imported.doubts:
        with pytest.raises(Doubtful):
            import_rows(kit, kind, text.encode(), **more)
    return {(doubt.code, doubt.column) for doubt in imported.doubts}


def values(kit: Kit, name: str, kind: str = "feedback") -> list[Any]:
    """The values of a field, the oldest first."""
    return [record.values.get(name) for record in reversed(kit.page(kind, limit=1_000))]
