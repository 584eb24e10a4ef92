"""What an import asks at the keyboard, and the mappings that it uses, suggests and stores."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.import_options import Options
from fieldkit.cli.output import note, progress
from fieldkit.cli.prompts import ask_line, ask_yes, at_keyboard
from fieldkit.errors import FieldkitError, Misuse
from fieldkit.importing.choices import Choices, Doubt
from fieldkit.importing.imported import Imported
from fieldkit.importing.importer import import_rows
from fieldkit.importing.mapping_file import KeptMapping, keep, kept_mappings, mapping_of, write_mapping
from fieldkit.presentation import import_report as report
from fieldkit.records.schema.kind import Kind
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from fieldkit.text import clean_line, cut_to_store, quoted


class ImportRun:
    """One import: the choices about the file so far, and the questions still open."""

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
        self.kit, self.kind, self.content, self.options = kit, kind, content, options
        self.mapping, self.settings, self.choices = mapping, settings, choices
        self.asks = at_keyboard() and isinstance(content, Path)
        self.answered = False

    def go(self, dry_run: bool, look: Callable[[Imported], None] | None = None) -> Imported:
        """Read the file, and store its rows unless it is a dry run."""
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
                look=look or say_nothing,
                on_progress=on_progress,
            )

    def turn_round(self, columns: tuple[str, ...]) -> None:
        """Answer the doubts about these columns the other way round.

        Raises:
            Misuse: there is no such doubt.
        """
        if not columns:
            return
        understood = self.go(True)
        doubts = [*understood.doubts, *understood.resolved]
        for column in columns:
            turned = [doubt for doubt in doubts if folded(doubt.column) == folded(column) and doubt.other_way]
            if len(turned) > 1:
                # The order of dates has its own option; one word for both would turn one of them round unasked.
                turned = [doubt for doubt in turned if "dates" not in doubt.other_way]
            if not turned:
                raise Misuse(
                    f"{quoted(column)} has no other way round.",
                    kept="Nothing was stored.",
                    hint="Look at --dry-run: it says which columns are doubtful, and what the other way round is.",
                )
            for doubt in turned:
                self.choices = self.choices.resolve(doubt, "other")

    # Asking

    def ask(self) -> None:
        """Ask about everything doubtful, until nothing is.

        Raises:
            FieldkitError: the file is not to be stored.
            EOFError: the answers ended.
        """
        understood = self.go(True)
        if self.options.mapping is None and self._use_kept(understood):
            understood = self.go(True)
        while understood.doubts:
            first = understood.doubts[0]
            # Doubts that can't be turned round are answered together with one that can.
            more = [
                doubt for doubt in understood.doubts if doubt.column == first.column and not doubt.other_way
            ]
            self._ask_about([first, *(doubt for doubt in more if doubt is not first)], understood)
            understood = self.go(True)
        if understood.ground_missing:
            ground = ask_line(
                "On what ground did the people in this file agree to be recorded? "
                "For example: signed forms. Enter alone stops: "
            )
            if not ground.strip():
                raise stopped()
            self.choices = replace(self.choices, consent=ground.strip())
        show_first(understood)
        note(*report.unmapped(understood))
        # With nothing to store there is nothing to agree to: the report says why each row was refused, and where they are.
        if not understood.stored or not (understood.again or understood.warnings or understood.unmapped):
            return
        note(report.what_became(self.kind, understood))
        if not ask_yes("Store the rows anyway? y or n: "):
            raise FieldkitError("Nothing was stored.", hint="Correct the file, then import it again.")

    def _ask_about(self, doubts: list[Doubt], imported: Imported) -> None:
        column = doubts[0].column
        note("")
        for understood in imported.understood:
            if understood.column == column:
                note(*report.column_lines(understood))
        for doubt in doubts:
            note(doubt.sentence)
        note(*report.question(doubts))
        while True:
            answer = ask_line("Which? ").strip().casefold()
            if answer in {"n", "no", ""}:
                raise stopped()
            with contextlib.suppress(ValueError, KeyError):
                meant = _ANSWERS[answer]
                for doubt in doubts:
                    self.choices = self.choices.resolve(
                        doubt,
                        "understood"
                        if meant == "other" and not doubt.other_way and len(doubts) > 1
                        else meant,
                    )
                self.answered = True
                return
            note("Type a letter from the list above.")

    # Mappings

    def _use_kept(self, imported: Imported) -> bool:
        for kept in self._fitting(imported):
            choices = self.options.over(self.choices.columns_over(kept.choices))
            settings = {**kept.settings, **self.settings}
            note(*report.of_every_row(settings, choices.consent))
            if ask_yes(
                f"These headings fit the mapping “{kept.name}” that was used before. Use it? y or n: "
            ):
                self.choices, self.settings = choices, settings
                return True
            return False
        return False

    def suggest(self, imported: Imported) -> None:
        """Name an earlier mapping that fits."""
        for kept in self._fitting(imported):
            note(f'A mapping that was used before fits these headings: add --mapping "{kept.name}"')
            return

    def _fitting(self, imported: Imported) -> Iterator[KeptMapping]:
        return (
            mapping
            for mapping in kept_mappings(self.kit, self.kind)
            if mapping.fits(self.kind, imported.columns)
        )

    def save(self, typed: str, done: Imported) -> None:
        """Write the mapping of this import to a file, and store it under that name."""
        path = path_of(typed)
        mapping = self._mapping(path.stem, done)
        write_mapping(path, mapping)
        keep(self.kit, mapping)

    def offer_to_keep(self, done: Imported) -> None:
        """Ask for a name to store the answers under, for the next file with these headings."""
        try:
            name = clean_line(
                ask_line(
                    "To keep these answers for the next file like it, type a name for them. Enter alone keeps nothing: "
                )
            )
        except EOFError:
            return
        if name:
            name = cut_to_store(name, 60)
            keep(self.kit, self._mapping(name, done))
            note(f'Kept. For the next file: --mapping "{name}"')

    def _mapping(self, name: str, done: Imported) -> KeptMapping:
        choices = self.choices
        for doubt in done.resolved:
            choices = choices.resolve(doubt, "understood")
        return mapping_of(name, self.kind, choices, self.settings, done.columns, done.mapping)


_ANSWERS: dict[str, Any] = {
    "y": "understood",
    "yes": "understood",
    "o": "other",
    "other": "other",
    "l": "leave",
    "leave": "leave",
}


def stopped() -> FieldkitError:
    return FieldkitError(
        "Nothing was stored.", hint="Correct the file, or import it again with other answers."
    )


def say_nothing(imported: Imported) -> None:
    """Show nothing: everything is shown elsewhere."""


def show_first(imported: Imported) -> None:
    """Show what somebody should know before the rows are stored."""
    note(*([imported.again] if imported.again else []), *report.private(imported))
