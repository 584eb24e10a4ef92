"""Storing the rows of a file in one transaction: each row becomes a record, or is counted as none, or refused with a reason."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldkit.importing.choices import Choices
from fieldkit.importing.duplicates import Duplicates
from fieldkit.importing.imported import Imported
from fieldkit.importing.log import imported_before, imported_on, remember, stored_again
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.encoding import ungarbled
from fieldkit.importing.reading.rows import Problem, RowReader, joined
from fieldkit.importing.reading.sheet_source import demand_unchanged
from fieldkit.importing.reading.sheets import Sheet
from fieldkit.importing.refused_rows import RefusedWriter
from fieldkit.importing.understanding import Survey
from fieldkit.records.consent import REFUSED, agrees, rows_declined, rows_without_code
from fieldkit.records.privacy import private_in
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.store.kit import Kit, Progress
from fieldkit.store.write.adding import Adding
from fieldkit.text import plural, shortened

BATCH = 1_000
MOST_LISTED = 10_000
"""Refusals and warnings beyond this number are counted, not listed; the file of refused rows has all refusals."""

Add = Callable[[str, list[Values]], object]


class RowSource:
    """The rows of a table, for two passes: kept in memory, packed, if they are few; read again if they are many."""

    #: The most cells kept, of all rows together.
    _MOST_KEPT = 1_200_000
    _SHORT, _MOST_TEXTS = 24, 10_000

    def __init__(self, table: Sheet) -> None:
        self._table = table
        self._kept: list[Row | tuple[int, tuple[Any, ...]]] | None = []
        self._room = self._MOST_KEPT
        self._texts: dict[str, str] = {}

    def first(self) -> Iterator[Row]:
        """Every row, in the first pass."""
        for row in self._table.rows():
            if self._kept is not None:
                self._room -= len(row.cells)
                if self._room < 0:
                    self._kept = None
                else:
                    self._kept.append(self._packed(row))
            yield row

    def _packed(self, row: Row) -> Row | tuple[int, tuple[Any, ...]]:
        """The row without its headings, if it holds nothing but cells; repeated short answers share one string."""
        if row.problem or row.extra or row.hidden or row.faults or row.filled:
            return row
        texts = self._texts
        if len(texts) < self._MOST_TEXTS:
            for cell in row.cells.values():
                if type(cell) is str and len(cell) <= self._SHORT:
                    texts.setdefault(cell, cell)
        return row.line, tuple([texts.get(c, c) if type(c) is str else c for c in row.cells.values()])

    def again(self) -> Iterator[Row]:
        """Every row, in the second pass."""
        if self._kept is None:
            yield from self._table.rows()
            return
        columns = self._table.columns
        for kept in self._kept:
            yield kept if isinstance(kept, Row) else Row(kept[0], dict(zip(columns, kept[1], strict=True)))


class RowStorage:
    """Stores the rows of one file, and counts in `result` what became of each."""

    def __init__(
        self, kit: Kit, kind: Kind, reader: RowReader, choices: Choices, survey: Survey, result: Imported
    ) -> None:
        self._kit, self._kind, self._reader = kit, kind, reader
        self._survey, self._result = survey, result
        given = reader.plan.fields | set(reader.settings)
        self._totals = survey.left_out
        self._keeps_hidden = choices.hidden_rows == "keep"
        self._duplicates = None if choices.again else Duplicates(kit, kind, given)
        self._has_words = any(
            spec.shape in {"text", "line"} and name in given for name, spec in kind.fields.items()
        )
        self._agreed = self._declined = self._cut = 0
        self._garbled: list[tuple[int, str, str]] = []
        """Line, word as it is, word as it was, of the rows with letters that another program garbled."""

    def store(
        self,
        rows: RowSource,
        source: Path | bytes,
        mark: str,
        refused_to: Path | None,
        look: Callable[[Imported], None],
        on_progress: Progress,
    ) -> None:
        """Store `rows`, unless this is a dry run. `look` is called with the result before any row is kept.

        `mark` is the `mark_of` the file before it was read.

        Raises:
            FieldkitError: the file has changed since; nothing was stored.
            StorageError: the disk refuses; nothing was stored.
        """
        result, kit, kind = self._result, self._kit, self._kind
        refused_name = refused_to or (source if isinstance(source, Path) else Path.cwd() / "stdin.csv")
        with ExitStack() as stack:
            refused = None
            add: Add = _count_only
            adding: Adding | None = None
            if not result.dry_run:
                folder = _writable(refused_name.parent, kit)
                refused = stack.enter_context(RefusedWriter(refused_name, folder=folder))
                add = adding = stack.enter_context(kit.adding(checked=True))
            batch: list[Values] = []
            for row in rows.again():
                values = self._new_record(row, refused)
                if values is None:
                    continue
                batch.append(values)
                if len(batch) >= BATCH:
                    self._reader.store_terms(add)
                    add(kind.name, batch)
                    batch = []
                    on_progress(result.rows, self._survey.rows, "importing")
            self._reader.store_terms(add)
            add(kind.name, batch)
            if earlier := imported_before(kit, mark):
                result.again = stored_again(kit, earlier, result.stored, result.here, result.dry_run)
                result.notes.insert(0, result.again or imported_on(earlier))
            demand_unchanged(source, mark, kind.name)
            look(result)
            if refused is not None:
                # Close it before the rows are kept: otherwise a full disk would keep the rows and lose the list of refused ones.
                refused.close()
                result.refused_file = str(refused.path) if refused.path else ""
            if adding is not None:
                result.number = remember(
                    kit, adding, mark, kind, source, result.stored, result.refused, result.refused_file, result.here
                )  # fmt: skip
        self._notes()
        on_progress(result.rows, result.rows, "importing")

    def _new_record(self, row: Row, refused: RefusedWriter | None) -> Values | None:
        """The values of a row that is a new record; None for any other row, which is counted and reported."""
        result = self._result
        result.rows += 1
        if row.line in self._totals:
            result.totals += 1
            self._leave(row.line, self._totals[row.line])
            return None
        if row.hidden and not self._keeps_hidden:
            result.hidden += 1
            self._leave(row.line, "The spreadsheet hides this row.")
            return None
        values, problems = self._reader.read(row)
        if not problems and self._duplicates is not None:
            verdict, line = self._duplicates.look(values, row.line)
            if verdict in {"differs", "changed"}:
                problems = [self._differs(row, line)]
            elif verdict != "new":
                result.here += 1
                self._leave(
                    row.line, f"The same as line {line}." if verdict == "twice" else "It is here already."
                )
                return None
        if problems:
            result.refused += 1
            if declined := next((problem for problem in problems if problem.reason == REFUSED), None):
                # Keep nothing that these people wrote, not even in the file of refused rows.
                self._declined += 1
                problems = [replace(declined, value="")]
            problems = [self._reader.by_column(problem) for problem in problems]
            if refused is not None and not declined:
                refused.add(row, [(problem.column, problem.value, problem.reason) for problem in problems])
            if len(result.problems) < MOST_LISTED:
                result.problems.append(joined(problems))
            return None
        result.stored += 1
        self._agreed += agrees(self._kind, values)
        self._cut += self._reader.is_cut(row)
        if self._has_words:
            if len(result.warnings) < MOST_LISTED:
                result.warnings += _private(self._kind, values, row.line)
            self._look_at_letters(values, row.line)
        return values

    def _look_at_letters(self, values: Values, line: int) -> None:
        for value in values.values():
            if type(value) is str and not value.isascii():
                word, was = ungarbled(value)
                if word:
                    self._garbled.append((line, word, was))
                    return

    def _leave(self, line: int, reason: str) -> None:
        if len(self._result.left) < MOST_LISTED:
            self._result.left.append(Problem(line, "", "", reason))

    def _differs(self, row: Row, line: int) -> Problem:
        plan = self._reader.plan
        name = "reference" if "reference" in plan.fields else self._kind.label[0]
        column = plan.column_of(name)
        return Problem(
            row.line,
            column,
            shortened(str(row.cells.get(column) or ""), 200),
            f"{f'Line {line}' if line else 'A record here'} has the same {self._kind.fields[name].title.lower()} and other "
            "answers. Correct one of them, or store both with --again.",
        )

    def _notes(self) -> None:
        result = self._result
        result.notes += self._reader.notes()
        if self._agreed and not result.ground_missing:
            result.notes.append(rows_without_code(self._agreed))
        if self._declined:
            result.notes.append(rows_declined(self._declined))
        if self._garbled:
            line, word, was = self._garbled[0]
            result.notes.append(
                plural(
                    len(self._garbled),
                    f"Some letters of 1 row look as if another program had changed them, such as “{word}” for “{was}” in "
                    f"line {line}. ",
                    f"Some letters of {{n}} rows look as if another program had changed them, such as “{word}” for “{was}” in "
                    f"line {line}. ",
                )
                + "If they are wrong, get the file anew from where it was made."
            )
        if self._cut:
            result.notes.append(
                plural(
                    self._cut,
                    "1 row held a whole postcode: only the first half is kept.",
                    "{n} rows held a whole postcode: only the first half is kept.",
                )
            )
        if blank := self._survey.blank_rows:
            result.notes.append(plural(blank, "1 blank row was skipped.", "{n} blank rows were skipped."))


def _count_only(kind: str, batch: list[Values]) -> None:
    """Store nothing, for a dry run."""


def _private(kind: Kind, values: Values, line: int) -> list[str]:
    return [
        f"Line {line}, {kind.fields[name].title}: {span.sentence}"
        for name, spans in private_in(kind, values).items()
        for span in spans
    ]


def _writable(folder: Path, kit: Kit) -> Path:
    """`folder`; or the current folder if it is not writable (a locked stick), or else the kit's own."""
    for place in (folder, Path.cwd()):
        if os.access(place, os.W_OK):
            try:
                with tempfile.TemporaryFile(dir=place):
                    return place
            except OSError:
                continue
    return kit.folder
