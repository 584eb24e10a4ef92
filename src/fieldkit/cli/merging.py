"""Merging: bundles, network files and receipts that were carried here, with a look beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli import receiving
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.options import Json, session
from fieldkit.cli.output import counted, print_json, print_table, progress, say, spoken_day
from fieldkit.errors import Misuse
from fieldkit.presentation.quarantine import made_room
from fieldkit.presentation.wording import not_understood

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.merge.report import MergeReport

_MOST_DEVICES = 50
#: Of these, the line about the file holds the sentence already.
_TOLD_AT_ONCE = ("quarantined", "not for this laptop", "left where it is")


def merge(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE|DIR…", help="Bundles, invitations, receipts, or folders that hold them."
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, by kind and by laptop; store nothing.")
    ] = False,
    receipt: Annotated[
        str | None,
        typer.Option(
            "--receipt",
            metavar="FILE.fkr|DIR",
            help="Write a receipt for all laptops afterwards (a coordinator's laptop).",
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Merge bundles, network files and receipts. The same one again, in any order, changes nothing.

    A file that can't be accepted is quarantined whole, with its reason; the others are merged. Then the exit
    code is 3. A laptop's own bundles, and those that only a coordinator can open, are passed over.
    """
    from fieldkit.sync.merge import merge as merging
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster
    from fieldkit.sync.peers.copies import copies
    from fieldkit.sync.peers.own_status import LOST, has_lost
    from fieldkit.sync.receipts.receipts import receipts

    if receipt is not None and dry_run:
        raise Misuse("A dry run stores nothing, so there is nothing to write a receipt for.")
    with session(context).kit(writes=not dry_run, asks=False) as kit:
        me = identity(kit)
        if receipt is not None:
            receiving.demand_coordinator(kit, me)
        files = _found(kit, [path_of(path) for path in paths])
        known, before = receipts(kit), copies(kit)
        copied = kit.desk.setting("was_copied", 0)
        with progress() as on_progress:
            report = merging.merge(kit, me, files, dry_run=dry_run, on_progress=on_progress)
        me = identity(kit)
        arrived = receiving.taken(kit, known)
        waiting = receiving.unconfirmed_dict(kit, me)
        parted = kit.desk.setting("was_copied", 0) != copied
        more = {device: one for device, one in copies(kit).items() if one != before.get(device)}
        if not as_json:
            tell_merge(report)
            for device, several in more.items() if (roster := Roster(kit, me)).coordinating else ():
                say(f"{roster.name_of(device)}: {several.told(spoken_day(several.since))}")
            for one in arrived:
                receiving.tell_taken(one)
            if arrived and waiting["ops"]:
                say(receiving.unconfirmed_words(waiting, kit.clock()) + ".")
            if parted:
                say(COPIED)
            if has_lost(kit, Roster(kit, me)):
                say(LOST)
        written = receiving.write(kit, me, receipt, []) if receipt is not None else None
    if as_json:
        print_json(
            {
                **report.as_dict(),
                "receipts": arrived,
                "unconfirmed": waiting,
                "was_copied": parted,
                "receipt": str(written) if written else None,
            }
        )
    elif written:
        say(f"Wrote the receipt: {written}. Carry it back to the laptops.")
    return 3 if report.aside or report.left else 0


COPIED = "This kit's folder was copied at some time: what it records is kept apart from the copy's, nothing is lost."


def _found(kit: Kit, paths: list[Path]) -> list[Path]:
    """The files to merge; a folder that holds the kit itself does not bring what is in quarantine."""
    from fieldkit.sync.merge.copies import quarantine_folder
    from fieldkit.sync.merge.files import files_in

    ours = quarantine_folder(kit).resolve()
    files = files_in(paths)
    return [path for path in files if path in paths or path.resolve().parent != ours]


def tell_merge(report: MergeReport) -> None:
    """A line for each file, what to do about those in quarantine, and the totals; for a dry run, two tables."""
    from dataclasses import asdict

    for one in report.files:
        sender = f" from {one.device}" if one.device else ""
        say(f"{one.name}{sender}: {became(asdict(one))}")
        if one.sentence:
            say(
                *(
                    f"    {part}"
                    for part in (one.sentence if one.status not in _TOLD_AT_ONCE else "", one.kept, one.hint)
                    if part
                )
            )
    told = report.as_dict()
    if report.dry_run:
        _tell_tables(told)
    lead = "Nothing was stored. It would be: " if report.dry_run else ""
    erased, redacted = report.total("erased"), report.total("redacted")
    said = (
        *(
            f"{told[name]:,} {words}"
            for name, words in (
                ("merged", "merged"),
                ("nothing_new", "with nothing new"),
                ("set_aside", "quarantined"),
                ("passed_over", "passed over"),
                ("left", "left where it is"),
            )
            if told[name]
        ),
        *(
            counted(number, one, several)
            for number, one, several in (
                (told["new_records"], "new record", ""),
                (told["changed_records"], "changed record", ""),
                (told["new_conflicts"], "new conflict", "new conflicts"),
            )
            if number
        ),
        *([counted(erased, "record") + " erased"] if erased else []),
        *(["old text erased from " + counted(redacted, "change")] if redacted else []),
    )
    say(f"{lead}{counted(len(report.files), 'file')}: {', '.join(said)}.")
    if unclear := not_understood(report.total("not_understood")):
        say(unclear)
    if report.removed:
        say(made_room(report.removed))
    if told["new_conflicts"] and not report.dry_run:
        say("See the conflicts with: fieldkit conflicts")


def _tell_tables(told: dict[str, Any]) -> None:
    """New, changed, identical, conflicting and refused, by kind and by laptop."""
    from fieldkit.records.schema.kind import kinds

    known = kinds()
    if not told["by_device"]:
        return
    if told["by_kind"]:
        say("")
        print_table(
            ["kind", "new", "changed", "conflicts"],
            [
                [known[name].plural if name in known else name, *_numbers(one, "new", "changed", "conflicts")]
                for name, one in told["by_kind"].items()
            ],
            numbers=(1, 2, 3),
        )
    say("")
    columns = ("new", "changed", "conflicts", "identical", "refused")
    print_table(
        ["laptop", "new", "changed", "conflicts", "identical changes", "refused files"],
        [[name, *_numbers(one, *columns)] for name, one in list(told["by_device"].items())[:_MOST_DEVICES]],
        numbers=(1, 2, 3, 4, 5),
    )
    say("")


def _numbers(one: dict[str, int], *names: str) -> list[int]:
    return [one.get(name, 0) for name in names]


def became(one: dict[str, Any]) -> str:
    """What became of one file, in words."""
    if one["status"] == "left where it is":
        return f"not merged. {one['sentence']}"
    if one["status"] == "quarantined":
        return f"quarantined. {one['sentence']}"
    if one["status"] == "not for this laptop":
        return f"passed over. {one['sentence']}"
    if one["status"] == "nothing new":
        return "nothing new"
    if not one["ops"]:
        return "merged"
    clashes = (
        f", {counted(one['new_conflicts'], 'new conflict', 'new conflicts')}" if one["new_conflicts"] else ""
    )
    erased = f", {counted(one['erased'], 'record')} erased" if one.get("erased") else ""
    words = f", old text erased from {counted(one['redacted'], 'change')}" if one.get("redacted") else ""
    return (
        f"{counted(one['new_ops'], 'new change')}: {counted(one['new_records'], 'new record')}, "
        f"{counted(one['changed_records'], 'changed record')}{clashes}{erased}{words}"
    )
