"""`fieldkit merge`: bundles, network files and receipts that were carried here, with a preview on request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fieldkit.cli.commands.exchange.receipt_command import demand_coordinator, write_receipt_to
from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.merge_lines import print_merge
from fieldkit.cli.output import progress, say
from fieldkit.cli.parameters import argument, flag, option
from fieldkit.cli.receipt_lines import news_as_data, unconfirmed_as_data, unconfirmed_line
from fieldkit.errors import Misuse
from fieldkit.presentation.exchange.devices import ALONE
from fieldkit.presentation.exchange.new_receipts import news_since
from fieldkit.presentation.people.look_alike_search import after_merge
from fieldkit.presentation.people.person_joins import erasures_waiting
from fieldkit.presentation.wording import COPIED, day
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import WAS_COPIED
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.merge import merge as merge_files
from fieldkit.sync.merge.quarantine_copies import quarantine_folder
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.copies import copies
from fieldkit.sync.peers.own_status import has_lost, lost_sentence
from fieldkit.sync.receipts.receipts import receipts, unconfirmed


@command(writes=lambda options: not options["dry_run"], asks=False)
def merge(
    kit: Kit,
    as_json: bool,
    paths: Annotated[
        list[Path], argument("FILE|DIR…", "Bundles, invitations, receipts, or folders that hold them.")
    ],
    dry_run: Annotated[
        bool, flag("--dry-run", "Say what would happen, by kind and by laptop; store nothing.")
    ] = False,
    receipt: Annotated[
        str | None,
        option(
            "--receipt",
            "FILE.fkr|DIR",
            "Write a receipt for all laptops afterwards (a coordinator's laptop).",
        ),
    ] = None,
) -> Answer:
    """Merge bundles, network files and receipts. The same one again, in any order, changes nothing.

    A file that can't be accepted is quarantined whole, with its reason; the others are merged. Then the exit
    code is 3. A laptop's own bundles, and those that only a coordinator can open, are passed over.
    """
    if receipt is not None and dry_run:
        raise Misuse("A dry run stores nothing, so there is nothing to write a receipt for.")
    me = identity(kit)
    if receipt is not None:
        demand_coordinator(kit, me)
    files = _files(kit, [path_of(path) for path in paths])
    receipts_before, copies_before = receipts(kit), copies(kit)
    copied_before = kit.settings.get(WAS_COPIED)
    with progress() as on_progress:
        report = merge_files(kit, me, files, dry_run=dry_run, on_progress=on_progress)
    me = identity(kit)
    arrived, waiting = news_since(kit, me, receipts_before), unconfirmed(kit, me)
    was_copied = kit.settings.get(WAS_COPIED) != copied_before
    if not as_json:
        print_merge(report)
        roster, now = Roster(kit, me), kit.clock()
        if roster.coordinating:
            say(
                *(
                    f"{roster.name_of(device)}: {several.sentence(day(several.since, now), ALONE)}"
                    for device, several in copies(kit).items()
                    if several != copies_before.get(device)
                )
            )
        for receipt_news in arrived:
            say(
                f"Receipt from {receipt_news.coordinator}:",
                *(f"    {line}" for line in receipt_news.lines(now, "fieldkit export")),
            )
        if arrived and waiting.ops:
            say(unconfirmed_line(waiting, now) + ".")
        if was_copied:
            say(COPIED)
            if has_lost(kit, roster):
                say(lost_sentence(ALONE))
        if not dry_run and (alike := after_merge(kit, me, report)):
            say(f"{alike} Compare them with: fieldkit people alike")
        if sentence := erasures_waiting(kit, me):
            say(sentence)
    written = write_receipt_to(kit, me, receipt, []) if receipt is not None else None
    return Answer(
        {
            **report.as_dict(),
            "receipts": [news_as_data(receipt_news) for receipt_news in arrived],
            "unconfirmed": unconfirmed_as_data(waiting),
            "was_copied": was_copied,
            "receipt": str(written) if written else None,
        },
        [f"Wrote the receipt: {written}. Carry it back to the laptops."] if written else [],
        3 if report.quarantined or report.left else 0,
    )


def _files(kit: Kit, paths: list[Path]) -> list[Path]:
    """The files to merge; from a folder that holds the kit itself, files in quarantine are left out."""
    ours = quarantine_folder(kit).resolve()
    return [path for path in files_in(paths) if path in paths or path.resolve().parent != ours]
