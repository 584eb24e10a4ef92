"""`fieldkit erasures`: erasures and withdrawals, and who has confirmed them."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.output import iso_time
from fieldkit.presentation.exchange.erasures import erasures, lines_of
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity


@command()
def list_erasures(kit: Kit) -> Answer:
    """List erasures and withdrawals; on a coordinator's laptop with those laptops that have not confirmed them."""
    listed = erasures(kit, identity(kit))
    coordinating = listed.coordinating
    return Answer(
        [
            {
                "id": row.erasure.record_id,
                "what": row.what,
                "at": iso_time(row.erasure.stamp),
                "stamp": row.erasure.stamp,
                "by": row.erasure.by,
                "where": row.where or None,
                "waiting": row.erasure.waiting if coordinating else None,
                "not_counted": row.erasure.earlier if coordinating else None,
                "shut_out": row.erasure.revoked if coordinating else None,
            }
            for row in listed.rows
        ],
        lines_of(listed),
    )
