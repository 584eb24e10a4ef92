"""`fieldkit export`: a bundle for the coordinator."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import target_of
from fieldkit.cli.output import progress
from fieldkit.cli.parameters import flag, option
from fieldkit.cli.receipt_lines import unconfirmed_as_data, unconfirmed_line
from fieldkit.presentation.exchange.written_bundles import changes_in, readers_lines
from fieldkit.presentation.wording import size_of
from fieldkit.store.kit import Kit
from fieldkit.sync.export.export import export as write_bundles
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.own_status import REVOKED, REVOKED_SENTENCE, trust_status
from fieldkit.sync.receipts.receipts import unconfirmed

_ENDING = ".fkb"


@command(writes=True, asks=False, to_read=True)
def export(
    kit: Kit,
    out: Annotated[
        str,
        option(
            "--out -o",
            "FILE|DIR",
            "Where to write it; else the current folder. A name that ends in / is a folder, made if need be.",
        ),
    ] = ".",
    full: Annotated[bool, flag("--full", "Everything, also what the coordinator has confirmed.")] = False,
) -> Answer:
    """Write a bundle for the coordinator, signed and encrypted, to be carried by hand.

    It holds everything that the coordinator has not confirmed, so a lost stick costs nothing: export again.
    """
    me = identity(kit)
    path = target_of(out, _ENDING, "a bundle")
    with progress() as on_progress:
        written = write_bundles(kit, me, path, full=full, on_progress=on_progress)
    waiting, roster = unconfirmed(kit, me), Roster(kit, me)
    revoked = trust_status(roster) == REVOKED
    lines = [
        f"Wrote {bundle.path}: {changes_in(bundle, full=full)}, {size_of(bundle.size)}." for bundle in written
    ]
    if not any(bundle.ops for bundle in written):
        lines.append("There was nothing new to send; the bundle is empty, and can still be merged.")
    lines.append(
        REVOKED_SENTENCE if revoked else "Carry it to the coordinator. Only a coordinator can open it."
    )
    lines += readers_lines(written)
    if waiting.ops and not roster.coordinating:
        lines += [
            f"{unconfirmed_line(waiting, kit.clock())}.",
            "Each bundle takes what is unconfirmed again, until the coordinator's receipt is merged here.",
        ]
    return Answer(
        {
            "ops": sum(bundle.ops for bundle in written),
            "bundles": [
                {
                    "path": str(bundle.path),
                    "number": bundle.number,
                    "ops": bundle.ops,
                    "again": bundle.again,
                    "size": bundle.size,
                    "recipients": bundle.recipients,
                    "cannot_open": list(bundle.unreadable),
                }
                for bundle in written
            ],
            "unconfirmed": unconfirmed_as_data(waiting),
            "shut_out": revoked,
        },
        lines,
    )
