"""`fieldkit trash`: every deleted record; `fieldkit restore` restores one."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.presentation.trash import EMPTY
from fieldkit.presentation.trash import trash as deleted_records
from fieldkit.store.kit import Kit


@command(to_read=True)
def trash(kit: Kit) -> Answer:
    """List every deleted record, the one deleted last first; `restore` restores one."""
    deleted = deleted_records(kit)
    lines = [f"{each.record.name}  {each.kind}: {each.line} ({each.when})" for each in deleted]
    if deleted:
        lines.append("Restore one with: fieldkit restore ID")
    return Answer([each.record.as_dict() for each in deleted], lines or [EMPTY])
