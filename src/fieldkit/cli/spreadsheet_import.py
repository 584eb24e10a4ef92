"""`fieldkit record KIND --from FILE`: a spreadsheet as records, once it is clear how to understand it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.import_options import Options
from fieldkit.cli.import_questions import ImportRun, say_nothing, show_first, stopped
from fieldkit.cli.output import note, print_json, say
from fieldkit.importing.choices import Choices
from fieldkit.importing.imported import Doubtful, GroundMissing, Imported
from fieldkit.importing.mapping_file import named_mapping
from fieldkit.presentation import import_report as report
from fieldkit.records.schema.kind import Kind
from fieldkit.store.kit import Kit


def import_file(
    kit: Kit,
    kind: Kind,
    source: str,
    options: Options,
    mapping: list[tuple[str, str]],
    settings: dict[str, str],
    as_json: bool,
) -> int:
    """Import one file, and ask about doubts if somebody is there; returns the exit code.

    Raises:
        FieldkitError: nothing was stored, and the sentence says why.
        EOFError: the answers ended.
    """
    content: Path | bytes = _standard_input() if source == "-" else path_of(source)
    choices = Choices()
    if options.mapping is not None:
        kept = named_mapping(kit, options.mapping, kind)
        choices, settings = kept.choices, {**kept.settings, **settings}
    run = ImportRun(kit, kind, content, options, mapping, settings, options.over(choices))
    run.turn_round(options.other_way)
    asks = run.asks and not options.dry_run
    try:
        if asks:
            # The file is read twice, so that nothing is locked while somebody thinks about an answer.
            try:
                run.ask()
            except (EOFError, KeyboardInterrupt):
                raise stopped() from None
        done = run.go(options.dry_run, say_nothing if asks or options.dry_run else show_first)
    except (Doubtful, GroundMissing) as refused:
        if not as_json:
            _print_refused(refused)
            if options.mapping is None:
                run.suggest(refused.imported)
        raise
    if options.save_mapping is not None and not options.dry_run:
        run.save(options.save_mapping, done)
    if as_json:
        print_json(done.as_dict())
    else:
        _print_report(run, done, shown_first=not options.dry_run, asked=asks)
    if asks and run.answered and options.save_mapping is None:
        run.offer_to_keep(done)
    return 3 if done.refused or done.doubts or done.ground_missing else 0


def _standard_input() -> bytes:
    if sys.stdin.isatty():
        note("Reading rows from the keyboard; end with ctrl+d.")
    binary: Any = getattr(sys.stdin, "buffer", None)
    return binary.read() if binary is not None else sys.stdin.read().encode()


def _print_refused(refused: Doubtful | GroundMissing) -> None:
    """Show how the whole file was understood, then each doubt on a line of its own, with what resolves it."""
    note(*report.understanding(refused.imported.understood))
    refused.message, refused.hint = "\n".join(report.doubt_lines(refused.imported)), ""


def _print_report(run: ImportRun, done: Imported, *, shown_first: bool, asked: bool) -> None:
    notes = [note_line for note_line in done.notes if not (shown_first and note_line == done.again)]
    say(*report.understanding(done.understood), *report.of_every_row(run.settings, run.choices.consent))
    say(*([] if asked else report.unmapped(done)))
    if done.problems:
        say("Rows that were refused:", *report.listed_rows(done.problems))
    if done.refused > len(done.problems):
        say(f"  … and {done.refused - len(done.problems):,} more.")
    if done.left:
        say("Rows that were left out:", *report.listed_rows(done.left, report.ROWS_SHOWN))
    if done.dry_run:
        say(*report.doubt_lines(done))
        say(*report.private(done))
    # These come last, to stay in view however many rows were refused.
    say(report.what_became(run.kind, done), *notes)
    if done.number and done.stored:
        say(f"Undo all of it with: fieldkit undo --import {done.number}")
    if done.refused_file:
        say(
            f"The refused rows are in {done.refused_file}",
            "Correct them in that file, then import it with the same options.",
        )
