"""What a merge did or would do, printed for people."""

from __future__ import annotations

from fieldkit.cli.output import print_table, say
from fieldkit.presentation.exchange.merge_report import outcome, totals
from fieldkit.presentation.exchange.quarantine_notes import made_room
from fieldkit.presentation.record_names import plural_of
from fieldkit.presentation.wording import not_understood
from fieldkit.sync.merge.report import MergeReport

_MOST_DEVICES = 50
#: For these outcomes, the line about the file already contains the sentence.
_SENTENCE_INCLUDED = ("quarantined", "not for this laptop", "left where it is")


def print_merge(report: MergeReport) -> None:
    """A line for each file, what to do about quarantined ones, and the totals; for a dry run, two tables."""
    for file in report.files:
        sender = f" from {file.device}" if file.device else ""
        say(f"{file.name}{sender}: {outcome(file)}")
        if file.sentence:
            sentence = file.sentence if file.status not in _SENTENCE_INCLUDED else ""
            say(*(f"    {part}" for part in (sentence, file.kept, file.hint) if part))
    if report.dry_run:
        _print_tables(report)
    say(f"{'Nothing was stored. ' if report.dry_run else ''}{totals(report)}")
    if unclear := not_understood(report.total("not_understood")):
        say(unclear)
    if report.removed:
        say(made_room(report.removed))
    if report.total("new_conflicts") and not report.dry_run:
        say("See the conflicts with: fieldkit conflicts")


def _print_tables(report: MergeReport) -> None:
    """New, changed, conflicting and identical records, and files not merged, by kind and by laptop."""
    by_kind, by_device = report.by_kind(), report.by_device()
    if not by_device:
        return
    if by_kind:
        say("")
        print_table(
            ["kind", "new", "changed", "conflicts"],
            [
                [plural_of(name), *_numbers(counts, "new", "changed", "conflicts")]
                for name, counts in by_kind.items()
            ],
            numbers=(1, 2, 3),
        )
    say("")
    columns = ("new", "changed", "conflicts", "identical", "quarantined", "left")
    print_table(
        ["laptop", "new", "changed", "conflicts", "identical changes", "files quarantined", "files left"],
        [[name, *_numbers(counts, *columns)] for name, counts in list(by_device.items())[:_MOST_DEVICES]],
        numbers=(1, 2, 3, 4, 5, 6),
    )
    say("")


def _numbers(counts: dict[str, int], *names: str) -> list[int]:
    return [counts.get(name, 0) for name in names]
