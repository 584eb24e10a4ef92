"""`fieldkit delete`: marking a record as deleted."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import Id
from fieldkit.cli.record_arguments import changeable_record
from fieldkit.presentation.record_names import named_record
from fieldkit.store.kit import Kit


@command(writes=True)
def delete(kit: Kit, record_id: Id) -> Answer:
    """Mark a record deleted. It leaves lists and counts, and can be restored."""
    record = changeable_record(kit, record_id)
    if record.deleted:
        return Answer(record.as_dict(), ["It was deleted already."])
    record = kit.delete(record.name)
    return Answer(
        record.as_dict(),
        [
            f"Deleted: {named_record(kit, record, kit.terms())}",
            f"Restore it with: fieldkit restore {record.name}",
        ],
    )
