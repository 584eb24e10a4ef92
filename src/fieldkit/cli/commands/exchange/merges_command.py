"""`fieldkit merges`: the bundles that were merged here."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.output import iso_time, print_table, say
from fieldkit.cli.parameters import option
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.wording import date_and_time
from fieldkit.store.kit import Kit
from fieldkit.store.undo_log import key_of_merge, undo_times


@command()
def merges(
    kit: Kit,
    limit: Annotated[int, option("--limit", "N", "At most so many.", min=1, max=1_000_000)] = 1_000,
) -> Answer:
    """List the bundles that were merged here, the latest first; `undo --bundle NAME` undoes one."""
    received, devices, undone = kit.ledger.received(limit), DeviceNames(kit), undo_times(kit)
    undone_at = {bundle.manifest: undone.get(key_of_merge(bundle.manifest), 0) for bundle in received}

    def table() -> None:
        if not received:
            say("No bundle was merged here.")
            return
        print_table(
            ["bundle", "file", "from", "changes", "new", "merged", "undone"],
            [
                [
                    bundle.manifest[:8],
                    bundle.name,
                    devices.of(bundle.device),
                    bundle.ops,
                    bundle.new,
                    date_and_time(bundle.merged),
                    date_and_time(stamp) if (stamp := undone_at[bundle.manifest]) else "",
                ]
                for bundle in received
            ],
            numbers=(3, 4),
        )

    return Answer(
        [
            {
                "id": bundle.manifest,
                "name": bundle.name,
                "who": devices.of(bundle.device),
                "device": bundle.device,
                "ops": bundle.ops,
                "new": bundle.new,
                "at": iso_time(bundle.merged),
                "stamp": bundle.merged,
                "taken_back": iso_time(undone_at[bundle.manifest]),
            }
            for bundle in received
        ],
        table,
    )
