"""Which records a file in quarantine would erase, by name, for whoever decides about it."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.errors import FieldkitError
from fieldkit.presentation.record_names import lines_of
from fieldkit.records.label import IN_LIST
from fieldkit.records.schema.kind import kinds
from fieldkit.store.journal.merge_transaction import QuarantinedFile
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.store.oplog.record_ids import short_id
from fieldkit.sync.merge.many_erasures import Erasing
from fieldkit.sync.merge.merge import merge_decided
from fieldkit.sync.network.identity import Identity
from fieldkit.text import clean_line


@dataclass(frozen=True)
class OrderedErasure:
    """A record that a file orders to erase, or old text of it: its name as KIND:ID, the title of its kind, and the line that
    names it in a list.

    A record that is not `held` here has no other name than the end of its id.
    """

    name: str
    kind: str
    line: str
    held: bool


def ordered_erasures(
    kit: Kit, me: Identity, file: QuarantinedFile, on_progress: Progress = no_progress
) -> list[OrderedErasure]:
    """What a quarantined file would erase, in its own order. Nothing is stored. For a thread.

    Raises:
        Misuse: this laptop is not a coordinator's.
        NotFound: its copy was removed to make room.
        FieldkitError: the file can't be accepted for another reason by now.
    """
    report = merge_decided(kit, me, file, Erasing.LET, on_progress, dry_run=True)
    for refused in report.quarantined:
        raise FieldkitError(refused.sentence, kept=refused.kept, hint=refused.hint)
    ids: dict[str, list[str]] = {}
    for kind, record_id in dict.fromkeys(order for merged in report.files for order in merged.orders):
        ids.setdefault(kind, []).append(record_id)
    terms, ordered = kit.terms(), list[OrderedErasure]()
    for name, record_ids in ids.items():
        known = kinds().get(name)
        records = kit.many(name, record_ids) if known else {}
        lines = lines_of(kit, records.values(), terms, longest=IN_LIST)
        title = known.title if known else clean_line(name)
        ordered += [
            OrderedErasure(
                f"{name}:{each}", title, lines.get(each, f"{short_id(each)}, not held here"), each in records
            )
            for each in record_ids
        ]
    return ordered
