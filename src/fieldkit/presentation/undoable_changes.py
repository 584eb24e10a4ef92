"""What arrived in one go and can be undone in one go: imports, and merged bundles."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.importing.log import changes_of, undoable_imports
from fieldkit.presentation.record_names import plural_of
from fieldkit.presentation.wording import counted
from fieldkit.store import undo_log as notes
from fieldkit.store.journal.undo import Undone
from fieldkit.store.kit import Kit
from fieldkit.store.undo_log import key_of_import, key_of_merge, undo_times
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.text import plural

Spans = list[tuple[str, int, int]]

_MOST = 1_000


@dataclass(frozen=True)
class Undoable:
    """One import or merge, and its changes as (origin, first seq, last seq)."""

    what: str
    name: str
    who: str
    number: int
    at: int
    spans: tuple[tuple[str, int, int], ...]
    is_merge: bool
    key: str
    undone: int = 0
    """When it was undone here, in milliseconds since 1970; 0 if it was not."""


def undoables(kit: Kit, me: Identity) -> tuple[list[Undoable], int]:
    """Imports and, on a coordinator's laptop, merged bundles, the latest first; and the time. Call it in a thread."""
    roster, undone = Roster(kit, me), undo_times(kit)
    rows = []
    for stored_import in undoable_imports(kit):
        spans = tuple((str(origin), int(first), int(last)) for origin, first, last in stored_import["spans"])
        what = f"import of {plural_of(stored_import['kind'])}"
        name, number, at, key = (
            str(stored_import["name"]),
            changes_of(stored_import),
            int(stored_import["at"]),
            key_of_import(stored_import["number"]),
        )
        rows.append(Undoable(what, name, me.name, number, at, spans, False, key, undone.get(key, 0)))
    if roster.coordinating:
        for bundle in kit.ledger.received(_MOST):
            if not bundle.new:
                continue  # nothing in it was new, so there is nothing to undo
            spans = tuple((origin, first, last) for origin, first, last in bundle.spans)
            who, key = roster.name_of(bundle.device), key_of_merge(bundle.manifest)
            rows.append(
                Undoable(
                    "merge", bundle.name, who, bundle.new, bundle.merged, spans, True, key, undone.get(key, 0)
                )
            )
    return sorted(rows, key=lambda row: -row.at), kit.clock()


def undo_received(kit: Kit, undoable: Undoable) -> Undone:
    """Undo the whole import or merge; a person's no stays no. Call it in a thread."""
    return notes.undo_spans(kit, undoable.spans, undoable.key)


def undone_sentence(undone: Undone, nothing: str) -> str:
    """What an undo did, in sentences; `nothing` if that is nothing."""
    refusals = plural(
        undone.refusals, "1 answer about consent stays no.", "{n} answers about consent stay no."
    )
    if not undone.records:
        return f"Nothing was undone: {refusals}" if undone.refusals else nothing
    done = f"Undone: {counted(undone.records, 'record')} changed."
    return f"{done} {refusals}" if undone.refusals else done
