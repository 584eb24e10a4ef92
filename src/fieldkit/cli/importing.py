"""`fieldkit record KIND --from FILE`: a spreadsheet as records, once it is clear how it is to be understood."""

from __future__ import annotations

import contextlib
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.cli.import_options import Options
from fieldkit.cli.output import note, print_json, progress, say
from fieldkit.cli.targets import path_of
from fieldkit.errors import FieldkitError, Misuse

if TYPE_CHECKING:
    from fieldkit.importing.choices import Choices, Doubt
    from fieldkit.importing.importer import Imported
    from fieldkit.importing.mapping_file import KeptMapping
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
    """Import one file, and ask about what is doubtful where somebody is there; returns the exit code.

    Raises:
        FieldkitError: nothing was stored, and the sentence says why.
        EOFError: the answers ended.
    """
    from fieldkit.importing.choices import Choices
    from fieldkit.importing.importer import Doubtful
    from fieldkit.importing.mapping_file import named_mapping

    content: Path | bytes = _standard_input() if source == "-" else path_of(source)
    choices = Choices()
    if options.mapping is not None:
        kept = named_mapping(kit, options.mapping, kind)
        choices, settings = kept.choices, {**kept.settings, **settings}
    run = _Run(kit, kind, content, options, mapping, settings, options.over(choices))
    run.turn_round(options.other_way)
    asks = run.asks and not options.dry_run
    try:
        if asks:
            # Gone through twice, so that nothing is locked while somebody thinks about the answer.
            run.ask()
        done = run.go(options.dry_run, _say_nothing if asks or options.dry_run else _tell_first)
    except Doubtful as doubtful:
        note(*_doubtful(doubtful.found))
        if options.mapping is None:
            run.suggest(doubtful.found)
        raise
    if options.save_mapping is not None and not options.dry_run:
        run.save(options.save_mapping, done)
    if as_json:
        print_json(done.as_dict())
    else:
        _tell(kind, done)
    if asks and run.answered and options.save_mapping is None:
        run.offer_to_keep(done)
    return 3 if done.refused or done.doubts or done.ground_missing else 0


class _Run:
    """One import: what is said of the file so far, and the questions that are still open."""

    def __init__(
        self,
        kit: Kit,
        kind: Kind,
        content: Path | bytes,
        options: Options,
        mapping: list[tuple[str, str]],
        settings: dict[str, str],
        choices: Choices,
    ) -> None:
        from fieldkit.cli.session import at_keyboard

        self.kit, self.kind, self.content, self.options = kit, kind, content, options
        self.mapping, self.settings, self.choices = mapping, settings, choices
        self.asks = at_keyboard() and isinstance(content, Path)
        self.answered = False

    def go(self, dry_run: bool, look: Callable[[Imported], None] | None = None) -> Imported:
        """Read the file, and store its rows unless it is a dry run."""
        from fieldkit.importing.importer import import_rows

        with progress() as on_progress:
            return import_rows(
                self.kit,
                self.kind.name,
                self.content,
                mapping=self.mapping,
                choices=self.choices,
                settings=self.settings,
                dry_run=dry_run,
                add_terms=self.options.add_terms,
                sheet=self.options.sheet,
                look=look or _say_nothing,
                on_progress=on_progress,
            )

    def turn_round(self, columns: tuple[str, ...]) -> None:
        """Settle the doubts about these columns the other way round.

        Raises:
            Misuse: there is no such doubt.
        """
        if not columns:
            return
        from fieldkit.spelling import folded

        found = self.go(True)
        doubts = [*found.doubts, *found.settled]
        for column in columns:
            turned = [doubt for doubt in doubts if folded(doubt.column) == folded(column) and doubt.other_way]
            if not turned:
                raise Misuse(
                    f"“{column[:60]}” has no other way round.",
                    kept="Nothing was stored.",
                    hint="Look at --dry-run: it says which columns are doubtful, and what the other way round is.",
                )
            for doubt in turned:
                self.choices = self.choices.settle(doubt, "other")

    # Asking

    def ask(self) -> None:
        """Ask about everything that is doubtful, until nothing is.

        Raises:
            FieldkitError: it is not to be stored.
            EOFError: the answers ended.
        """
        from fieldkit.cli.session import ask_line, ask_yes
        from fieldkit.presentation import import_report as report

        found = self.go(True)
        if self.options.mapping is None and self._use_kept(found):
            found = self.go(True)
        while found.doubts:
            first = found.doubts[0]
            # What has no other way round is answered together with what has one.
            more = [one for one in found.doubts if one.column == first.column and not one.other_way]
            self._ask_about([first, *(one for one in more if one is not first)], found)
            found = self.go(True)
        if found.ground_missing:
            ground = ask_line(
                "On what ground did the people in this file agree to be recorded? "
                "For example: signed forms. Enter alone stops: "
            )
            if not ground.strip():
                raise _stopped()
            self.choices = replace(self.choices, consent=ground.strip())
        _tell_first(found)
        note(*report.unmapped(found))
        if (found.again or found.warnings or found.unmapped) and not ask_yes(
            "Store them all the same? y or n: "
        ):
            raise FieldkitError("Nothing was stored.", hint="Correct the file, then import it again.")

    def _ask_about(self, doubts: list[Doubt], found: Imported) -> None:
        from fieldkit.cli.session import ask_line
        from fieldkit.presentation import import_report as report

        column = doubts[0].column
        note("")
        for one in found.understood:
            if one.column == column:
                note(*report.column_lines(one))
        for doubt in doubts:
            note(*textwrap.wrap(doubt.sentence, min(shutil.get_terminal_size().columns, 100) - 1))
        note(*report.question(doubts))
        while True:
            answer = ask_line("Which? ").strip().casefold()
            if answer in {"n", "no", ""}:
                raise _stopped()
            with contextlib.suppress(ValueError, KeyError):
                meant = _ANSWERS[answer]
                for doubt in doubts:
                    self.choices = self.choices.settle(
                        doubt,
                        "understood"
                        if meant == "other" and not doubt.other_way and len(doubts) > 1
                        else meant,
                    )
                self.answered = True
                return
            note("Type a letter from the list above.")

    # Mappings

    def _use_kept(self, found: Imported) -> bool:
        from fieldkit.cli.session import ask_yes

        for kept in self._fitting(found):
            if ask_yes(
                f"These headings fit the mapping “{kept.name}” that was used before. Use it? y or n: "
            ):
                self.choices = self.options.over(kept.choices)
                self.settings = {**kept.settings, **self.settings}
                return True
            return False
        return False

    def suggest(self, found: Imported) -> None:
        """Name a mapping that was used before and fits."""
        for kept in self._fitting(found):
            note(f'A mapping that was used before fits these headings: add --mapping "{kept.name}"')
            return

    def _fitting(self, found: Imported) -> Iterator[KeptMapping]:
        from fieldkit.importing.mapping_file import kept_mappings

        return (one for one in kept_mappings(self.kit, self.kind) if one.fits(self.kind, found.columns))

    def save(self, words: str, done: Imported) -> None:
        """Write the mapping of this import to a file, and keep it under that name."""
        from fieldkit.importing.mapping_file import keep, write_mapping

        path = path_of(words)
        mapping = self._mapping(path.stem, done)
        write_mapping(path, mapping)
        keep(self.kit, mapping)

    def offer_to_keep(self, done: Imported) -> None:
        """Ask under which name the answers are to be kept for the next file with these headings."""
        from fieldkit.cli.session import ask_line
        from fieldkit.importing.mapping_file import keep
        from fieldkit.text import clean_line

        try:
            name = clean_line(
                ask_line("Keep these answers for the next file like it? A name, or Enter alone for no: ")
            )
        except EOFError:
            return
        if name:
            keep(self.kit, self._mapping(name[:60], done))
            note(f'Kept. For the next file: --mapping "{name[:60]}"')

    def _mapping(self, name: str, done: Imported) -> KeptMapping:
        from fieldkit.importing.mapping_file import mapping_of

        choices = self.choices
        for doubt in done.settled:
            choices = choices.settle(doubt, "understood")
        return mapping_of(name, self.kind, choices, self.settings, done.columns, done.mapping)


_ANSWERS: dict[str, Any] = {
    "y": "understood",
    "yes": "understood",
    "o": "other",
    "other": "other",
    "l": "leave",
    "leave": "leave",
}


def _stopped() -> FieldkitError:
    return FieldkitError(
        "Nothing was stored.", hint="Correct the file, or import it again with other answers."
    )


def _say_nothing(found: Imported) -> None:
    """It was told before, or is told at the end."""


def _tell_first(found: Imported) -> None:
    """Say what somebody should know before it is stored."""
    from fieldkit.presentation import import_report as report

    note(*([found.again] if found.again else []), *report.private(found))


def _doubtful(found: Imported) -> list[str]:
    """The table of the columns that are doubtful."""
    from fieldkit.presentation import import_report as report

    columns = {doubt.column for doubt in found.doubts}
    doubtful = [one for one in found.understood if one.column in columns]
    return report.understanding(doubtful) if doubtful else []


def _standard_input() -> bytes:
    if sys.stdin.isatty():
        note("Reading rows from the keyboard; end with ctrl+d.")
    binary: Any = getattr(sys.stdin, "buffer", None)
    return binary.read() if binary is not None else sys.stdin.read().encode()


def _tell(kind: Kind, done: Imported) -> None:
    from fieldkit.presentation import import_report as report

    say(report.what_became(kind, done), *done.notes, *report.unmapped(done))
    say(*report.listed_rows(done.problems))
    if done.refused > len(done.problems):
        say(f"  … and {done.refused - len(done.problems):,} more.")
    if done.left:
        say("Rows that were left out:", *report.listed_rows(done.left, report.ROWS_SHOWN))
    say(*report.understanding(done.understood))
    if done.number and done.stored:
        say(f"Undo all of it with: fieldkit undo --import {done.number}")
    if done.refused_file:
        say(
            f"The refused rows are in {done.refused_file}",
            "Correct them there, then import that file in the same way.",
        )
    if done.dry_run:
        say(*report.doubt_lines(done.doubts))
        if done.doubts:
            say(
                "If it is right, add --understood; if a column is meant the other way round, --other-way COLUMN; "
                "to leave it out, --map COLUMN="
            )
        if done.ground_missing:
            say('Nothing says that these people agreed. Say on what ground: --consent "GROUND"')
        say(*report.private(done))
