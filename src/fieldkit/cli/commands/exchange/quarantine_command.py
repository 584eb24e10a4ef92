"""`fieldkit quarantine`: files that could not be accepted, and why."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.merge_lines import print_merge
from fieldkit.cli.options import Yes
from fieldkit.cli.output import iso_time, note, progress
from fieldkit.cli.parameters import option
from fieldkit.cli.prompts import demand_yes
from fieldkit.errors import Misuse, NotFound
from fieldkit.presentation.exchange.ordered_erasures import ordered_erasures
from fieldkit.presentation.wording import counted, date_and_time
from fieldkit.quarantine_reasons import Reason
from fieldkit.store.journal.merge_transaction import QuarantinedFile
from fieldkit.store.kit import Kit
from fieldkit.sync.merge.many_erasures import Erasing
from fieldkit.sync.merge.merge import merge_decided
from fieldkit.sync.merge.quarantine import named, remove
from fieldkit.sync.merge.quarantine_copies import Copies
from fieldkit.sync.network.identity import identity
from fieldkit.text import clean_line


@command(writes=lambda options: any(options[name] for name in ("names", "erase", "refuse")))
def quarantine(
    kit: Kit,
    names: Annotated[
        list[str] | None,
        option(
            "--remove",
            "NAME",
            "Delete the kept copy of this file, or of the one with this SHA-256; may be repeated.",
        ),
    ] = None,
    show: Annotated[
        str, option("--show", "NAME", "List the records that this file would erase; change nothing.")
    ] = "",
    erase: Annotated[
        str, option("--erase", "NAME", "Merge this file, which erases many records, and let it erase them.")
    ] = "",
    refuse: Annotated[
        str, option("--refuse", "NAME", "Merge this file, but refuse what it erases: the records stay.")
    ] = "",
    yes: Yes = False,
) -> Answer:
    """List the files in quarantine, and why.

    A file that erases many records waits here for a decision: look with --show, then --erase or --refuse.
    """
    if show:
        return _show(kit, show)
    if erase or refuse:
        return _decide(kit, erase, refuse, yes)
    if names:
        _remove(kit, names, yes)
    files = kit.ledger.quarantine()
    lines = []
    for file in files:
        lines.append(f"{file.name}, {date_and_time(file.at)}: {file.sentence}")
        if file.hint:
            lines.append(f"    {file.hint}")
    return Answer([_as_data(kit, file) for file in files], lines or ["No file is in quarantine."])


def _decide(kit: Kit, erase: str, refuse: str, yes: bool) -> Answer:
    if erase and refuse:
        raise Misuse("Say either --erase or --refuse.", kept="Nothing was changed.")
    file = _waiting(kit, erase or refuse)
    question = "Erase these records for good, in every copy" if erase else "Keep these records, everywhere"
    demand_yes(f"{file.sentence} {question}?", yes)
    with progress() as on_progress:
        decision = Erasing.LET if erase else Erasing.REFUSED
        report = merge_decided(kit, identity(kit), file, decision, on_progress)
    return Answer(report.as_dict(), partial(print_merge, report), 3 if report.quarantined else 0)


def _show(kit: Kit, name: str) -> Answer:
    with progress() as on_progress:
        ordered = ordered_erasures(kit, identity(kit), _waiting(kit, name), on_progress)
    return Answer(
        [
            {"id": each.name.rpartition(":")[2], "kind": each.kind, "record": each.line, "held": each.held}
            for each in ordered
        ],
        [f"{each.kind}: {each.line}" for each in ordered] or ["The file erases nothing any more."],
    )


def _waiting(kit: Kit, name: str) -> QuarantinedFile:
    waiting = [file for file in kit.ledger.quarantine() if file.reason == Reason.MANY_ERASURES.code]
    chosen = named(waiting, name)
    if len(chosen) != 1:
        raise NotFound(
            f"No file “{clean_line(name)}” waits for a decision about erasing."
            if not chosen
            else "More than one file is called so.",
            kept="Nothing was changed.",
            hint="See the names with: fieldkit quarantine. The SHA-256 of a file names it for certain.",
        )
    return chosen[0]


def _remove(kit: Kit, names: list[str], yes: bool) -> None:
    files = kit.ledger.quarantine()
    for name in names:
        if not any(name in {file.name, file.sha256} for file in files):
            raise NotFound(
                f"No file “{clean_line(name)}” is in quarantine.",
                kept="Nothing was deleted.",
                hint="See the names with: fieldkit quarantine",
            )
    chosen = [file for file in files if file.name in names or file.sha256 in names]
    demand_yes(
        f"Delete {counted(len(chosen), 'file')} from quarantine? What was not merged is then only where it came from.",
        yes,
    )
    for file in chosen:
        remove(kit, file)
    note(f"{counted(len(chosen), 'file')} deleted from quarantine.")


def _as_data(kit: Kit, file: QuarantinedFile) -> dict[str, Any]:
    copy = Copies(kit).path(file.sha256)
    return {
        "name": file.name,
        "reason": file.reason,
        "sentence": file.sentence,
        "hint": file.hint,
        "at": iso_time(file.at),
        "stamp": file.at,
        "sender": file.words or None,
        "sha256": file.sha256,
        "path": str(copy) if copy else None,
    }
