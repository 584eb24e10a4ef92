"""Which imports and merges were undone whole on this laptop, and when: for the lists that people choose from.

This is only a note; the journal decides: a record may have been restored since, and undoing on another laptop is not noted here.
"""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.store.journal.undo import Undone
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IMPORTS, UNDONE


def key_of_import(number: int) -> str:
    """The key of an import in the notes."""
    return f"import {number}"


def key_of_merge(manifest: str) -> str:
    """The key of a merged bundle in the notes: its manifest's SHA-256, hexadecimal."""
    return f"merge {manifest}"


def undo_spans(kit: Kit, spans: Iterable[tuple[str, int, int]], key: str) -> Undone:
    """Undo a whole import or merge, its spans as (origin, first seq, last seq); a person's no stays no."""
    undone = kit.undo_leaving_refusals(spans)
    if undone.records:
        kit.settings.put(UNDONE, {**undo_times(kit), key: kit.clock()})
    return undone


def undo_import(kit: Kit, number: int) -> int:
    """Undo a whole import by its number; returns how many records changed, 0 if there is no such import."""
    entry = next((entry for entry in kit.settings.get(IMPORTS) if entry["number"] == number), None)
    if entry is None:
        return 0
    spans = [(str(origin), int(first), int(last)) for origin, first, last in entry["spans"]]
    return undo_spans(kit, spans, key_of_import(number)).records


def undo_times(kit: Kit) -> dict[str, int]:
    """Key -> when it was last undone here, in milliseconds since 1970."""
    times: dict[str, int] = kit.settings.get(UNDONE)
    return times


# One action of this laptop


def newest(kit: Kit) -> int:
    """The number of this laptop's latest change; read it before the action."""
    return kit.ledger.origins().get(kit.origin, 0)


def since(kit: Kit, kind: str, record_id: str, seq: int) -> tuple[str, ...]:
    """The refs (`origin:seq`) of this laptop's changes to a record after its change `seq`."""
    return tuple(
        f"{origin}:{number}"
        for origin, number in kit.ledger.refs_of(record_id, kind)
        if origin == kit.origin and number > seq
    )


def undo_changes(kit: Kit, refs: Iterable[str], cancelled: set[str] | None = None) -> int:
    """Undo these changes; later changes by others stay. Returns how many records changed.

    `cancelled` are the refs of earlier undone changes, and of the changes that undid them. These are added to it.
    """
    refs, cancelled = list(refs), set() if cancelled is None else cancelled
    ops = kit.undo_ops(spans_of(refs), cancelled)
    if ops:
        cancelled.update(refs, (op.ref for op in ops))
    return len({(op.kind, op.record_id) for op in ops})


def spans_of(refs: Iterable[str]) -> list[tuple[str, int, int]]:
    """Refs (`origin:seq`) as spans (origin, first seq, last seq), as undo takes them."""
    split = (ref.rpartition(":") for ref in refs)
    return [(origin, int(seq), int(seq)) for origin, _, seq in split]
