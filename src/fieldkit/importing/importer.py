"""Importing rows of a spreadsheet as records: each row is stored, told as no new record, or refused with a reason."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fieldkit.errors import Misuse, StorageError
from fieldkit.importing.choices import Choices, Doubt, unsettled
from fieldkit.importing.columns import Asked, Plan, demand_plan, known_headings, plan_of
from fieldkit.importing.duplicates import Duplicates
from fieldkit.importing.log import imported_before, remember, said_again
from fieldkit.importing.rows import Problem, RowReader, joined
from fieldkit.importing.sheets import RefusedWriter, Row, Sheet, read_sheet
from fieldkit.importing.understanding import ColumnMeaning, Survey, Surveyor
from fieldkit.records.consent import agrees, rows_without_code
from fieldkit.records.privacy import private_in
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.text import clean_line

BATCH = 1_000
#: Refusals and warnings beyond this many are counted, not listed; all refusals are in the file.
MOST_LISTED = 10_000
_RECORD, _GROUND = "consent_record", "consent_ground"


class Doubtful(Misuse):
    """A file can be understood in more than one way, and nobody has said which is meant.

    `found` is what a dry run gives; its `doubts` say what is to be looked at.
    """

    title = "This file needs another look"

    def __init__(self, found: Imported) -> None:
        super().__init__(
            "\n".join(_said(doubt) for doubt in found.doubts[:10]),
            kept="Nothing was stored.",
            hint="Look at --dry-run. If it is right, add --understood; if a column is meant the other way round, "
            "--other-way COLUMN; to leave it out, --map COLUMN=",
        )
        self.found = found


def _said(doubt: Doubt) -> str:
    return f"“{doubt.column}”: {doubt.sentence}" if doubt.column else doubt.sentence


class GroundMissing(Misuse):
    """Nothing says that the people of a file agreed to be recorded."""

    title = "Consent is not known"

    def __init__(self, kind: Kind) -> None:
        super().__init__(
            "Nothing in this file says that its people agreed to be recorded.",
            kept="Nothing was stored.",
            hint='Map the column with their answer to consent_record, or say on what ground they agreed: --consent "GROUND"',
        )


@dataclass
class Imported:
    """What an import did: rows = stored + refused + here + totals + hidden.

    `here` counts rows that are no new record because the kit or an earlier row has it, `totals` those that sum up
    others, `hidden` those that the spreadsheet hides; each is listed in `left` with its line. `unmapped` are columns that
    went into no field without being left out. `understood` says what each column and value became.
    """

    rows: int = 0
    stored: int = 0
    refused: int = 0
    here: int = 0
    totals: int = 0
    hidden: int = 0
    refused_file: str = ""
    number: int = 0
    """What `undo --import` calls it."""
    again: str = ""
    """A sentence, if this very file was imported here before; it is the first of `notes` too."""
    ground_missing: bool = False
    """Nothing says that the people of the file agreed; only a dry run goes on then."""
    problems: list[Problem] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    understood: list[ColumnMeaning] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    """What nobody has settled yet; only a dry run goes on then."""
    settled: list[Doubt] = field(default_factory=list)
    """What was settled as fieldkit understood it, because somebody said that all of it is right."""
    columns: list[str] = field(default_factory=list)
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def _not_looked_at(found: Imported) -> None:
    """For callers that tell nothing beforehand."""


def import_rows(
    kit: Kit,
    kind_name: str,
    source: Path | bytes,
    *,
    mapping: Asked = (),
    choices: Choices | None = None,
    settings: Mapping[str, str] | None = None,
    dry_run: bool = False,
    add_terms: bool = False,
    sheet: str | None = None,
    refused_to: Path | None = None,
    look: Callable[[Imported], None] = _not_looked_at,
    on_progress: Progress = no_progress,
) -> Imported:
    """Store the rows of a CSV file or workbook as records of one kind, in one transaction.

    `mapping` pairs columns with fields; columns named like a field or its title need none. Several columns may go
    into one field of words. `choices` say how doubtful columns are to be understood and on what ground the people of the
    file agreed. `settings` give every row the same answer where its own is empty. Refused rows are
    written to `NAME.refused.csv` beside the source (or beside `refused_to`), which can be mended and imported again.
    With `add_terms`, answers that an open list does not hold become terms of the network. `look` is shown what was
    found once all rows are read and before any is kept; with what it raises, none is.

    Raises:
        Doubtful: it can be understood in several ways, and `choices` don't say which is meant (not in a dry run).
        GroundMissing: nothing says that its people agreed to be recorded (not in a dry run).
        Misuse: the file is no table, or a column or field is not there.
        StorageError: the disk refuses; nothing was stored.
    """
    choices = choices or Choices()
    the_kind = kind_named(kind_name)
    table = read_sheet(
        source,
        sheet=sheet,
        name="" if isinstance(source, Path) else "standard input",
        known=known_headings(the_kind, mapping),
        heading_rows=choices.heading_rows,
    )
    plan = plan_of(the_kind, table, mapping, choices, kit.terms())
    reader = RowReader(kit, the_kind, plan, settings or {}, add_terms)
    demand_plan(the_kind, table, plan)
    result = Imported(
        dry_run=dry_run, notes=list(table.notes), mapping=plan.as_dict(), columns=list(table.columns)
    )
    result.unmapped = [
        column for column in table.columns if column not in plan.columns and column not in plan.left_out
    ]
    result.notes += _not_there(table, choices)
    _consent(the_kind, plan, reader, choices, source, result)
    rows = _Rows(table)
    survey = Surveyor(the_kind, table, plan, reader, choices).look(rows.first())
    result.understood = survey.columns
    doubts = unsettled(survey.doubts, choices)
    result.doubts, result.settled = ([], doubts) if choices.understood else (doubts, [])
    if not dry_run:
        if result.doubts:
            raise Doubtful(result)
        if result.ground_missing:
            raise GroundMissing(the_kind)
    _store(kit, the_kind, rows, survey, reader, plan, choices, result, source, refused_to, look, on_progress)
    return result


def _store(
    kit: Kit,
    kind: Kind,
    rows: _Rows,
    survey: Survey,
    reader: RowReader,
    plan: Plan,
    choices: Choices,
    result: Imported,
    source: Path | bytes,
    refused_to: Path | None,
    look: Callable[[Imported], None],
    on_progress: Progress,
) -> None:
    before = kit.ledger.origins().get(kit.origin, 0) if kind.shared and not result.dry_run else 0
    refused_name = refused_to or (source if isinstance(source, Path) else Path.cwd() / "stdin.csv")
    left_out = {} if choices.totals == "keep" else {**survey.totals.possible, **survey.totals.certain}
    given = plan.fields | set(reader.settings)
    duplicates = None if choices.again else Duplicates(kit, kind, given)
    words = [name for name, spec in kind.fields.items() if spec.shape in {"text", "line"} and name in given]
    agreed = 0
    with ExitStack() as stack:
        refused = (
            None
            if result.dry_run
            else stack.enter_context(RefusedWriter(refused_name, folder=_writable(refused_name.parent, kit)))
        )
        add = _count_only if result.dry_run else stack.enter_context(kit.adding(checked=True))
        batch: list[Values] = []
        for row in rows.again():
            result.rows += 1
            if row.line in left_out:
                result.totals += 1
                _leave(result, row.line, left_out[row.line])
                continue
            if row.hidden and choices.hidden_rows != "keep":
                result.hidden += 1
                _leave(result, row.line, "The spreadsheet hides this row.")
                continue
            values, problems = reader.read(row)
            if not problems and duplicates is not None:
                verdict, line = duplicates.look(values, row.line)
                if verdict == "differs":
                    problems = [_differs(kind, plan, row, line)]
                elif verdict != "new":
                    result.here += 1
                    _leave(result, row.line, _here(verdict, line))
                    continue
            if problems:
                result.refused += 1
                if refused is not None:
                    refused.add(row, [(one.column, one.value, one.reason) for one in problems])
                if len(result.problems) < MOST_LISTED:
                    result.problems.append(joined(problems))
                continue
            result.stored += 1
            agreed += agrees(kind, values)
            if words and len(result.warnings) < MOST_LISTED:
                result.warnings += _private(kind, values, row.line)
            batch.append(values)
            if len(batch) >= BATCH:
                reader.store_terms(add)
                add(kind.name, batch)
                batch = []
                on_progress(result.rows, survey.rows, "importing")
        reader.store_terms(add)
        add(kind.name, batch)
        if at := imported_before(kit, kind, source):
            result.again = said_again(kit, at, result.stored, result.dry_run)
            result.notes.insert(0, result.again)
        look(result)
        if refused is not None:
            # Before the rows are kept: else a disk that is full would keep them and lose the list of the others.
            refused.close()
    result.refused_file = str(refused.path) if refused is not None and refused.path else ""
    result.notes += reader.notes()
    if agreed and not result.ground_missing:
        result.notes.append(rows_without_code(agreed))
    if survey.blank_rows:
        blank = "blank row was" if survey.blank_rows == 1 else "blank rows were"
        result.notes.append(f"{survey.blank_rows:,} {blank} passed over.")
    if not result.dry_run:
        try:
            result.number = remember(
                kit, kind, source, result.stored, before, result.refused, result.refused_file, result.here
            )
        except StorageError:
            # The rows are kept by now, and it must not look as if they were not.
            result.notes.append(
                "The disk is full: the rows are stored, but this import can't be undone as a whole."
            )
    on_progress(result.rows, result.rows, "importing")


class _Rows:
    """The rows of a table, gone through twice: kept in memory where they are few, read again where they are many."""

    _MOST_KEPT = 20_000

    def __init__(self, table: Sheet) -> None:
        self._table = table
        self._kept: list[Row] | None = []

    def first(self) -> Any:
        """Every row, for the first time."""
        for row in self._table.rows():
            if self._kept is not None:
                self._kept.append(row)
                if len(self._kept) > self._MOST_KEPT:
                    self._kept = None
            yield row

    def again(self) -> Any:
        """Every row once more."""
        return iter(self._kept) if self._kept is not None else self._table.rows()


def _not_there(table: Sheet, choices: Choices) -> list[str]:
    """What a mapping says of columns that this file does not have."""
    here = {folded(column) for column in table.columns}
    fields = [said.field for column, said in choices.columns.items() if said.field and column not in here]
    if not fields:
        return []
    return [f"The mapping has columns that are not in this file, for: {', '.join(fields)}."]


def _consent(
    kind: Kind, plan: Plan, reader: RowReader, choices: Choices, source: Path | bytes, result: Imported
) -> None:
    """Say in each record that its person agreed, and on what ground: as said, or by the file's own column."""
    if _RECORD not in kind.fields:
        if choices.consent:
            raise Misuse(
                f"{kind.title} holds no consent.", kept="Nothing was stored.", hint="Leave --consent out."
            )
        return
    ground = clean_line(choices.consent) or str(reader.settings.get(_GROUND) or "")
    column = plan.column_of(_RECORD)
    if _RECORD in plan.fields:
        if not ground and _GROUND not in plan.fields:
            file = clean_line(source.name) if isinstance(source, Path) else "standard input"
            ground = f"Answered in the file {file}, column {column}"[:200]
        # An answer that is not there is no yes: neither --set nor a ground makes it one.
        reader.settings.pop(_RECORD, None)
    elif ground or _GROUND in plan.fields:
        reader.settings[_RECORD] = "Y"
    else:
        result.ground_missing = True
        reader.settings[_RECORD] = "Y"
    if ground and _GROUND in kind.fields:
        reader.settings[_GROUND] = kind.fields[_GROUND].check(ground)


def _leave(result: Imported, line: int, reason: str) -> None:
    if len(result.left) < MOST_LISTED:
        result.left.append(Problem(line, "", "", reason))


def _here(verdict: str, line: int) -> str:
    return f"The same as line {line}." if verdict == "twice" else "It is here already."


def _differs(kind: Kind, plan: Plan, row: Row, line: int) -> Problem:
    name = "reference" if "reference" in plan.fields else kind.label[0]
    column = plan.column_of(name)
    return Problem(
        row.line,
        column,
        clean_line(str(row.cells.get(column) or ""))[:200],
        f"Line {line} has the same {kind.fields[name].title.lower()} and other answers. "
        "Correct one of them, or store both with --again.",
    )


def _count_only(kind: str, batch: list[Values]) -> None:
    """For a dry run."""


def _private(kind: Kind, values: Values, line: int) -> list[str]:
    return [
        f"Line {line}, {kind.fields[name].title}: {one.sentence}"
        for name, found in private_in(kind, values).items()
        for one in found
    ]


def _writable(folder: Path, kit: Kit) -> Path:
    """`folder`, or where it can't be written to (a locked stick) the current one, or the kit's own."""
    for place in (folder, Path.cwd()):
        if os.access(place, os.W_OK):
            try:
                with tempfile.TemporaryFile(dir=place):
                    return place
            except OSError:
                continue
    return kit.folder
