"""Importing a spreadsheet as records: first its columns are understood, then its rows are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from fieldkit.collector import without_collector
from fieldkit.errors import Misuse
from fieldkit.importing.choices import Choices, unresolved
from fieldkit.importing.columns import Asked, Plan, demand_plan, known_headings, plan_of
from fieldkit.importing.file_doubts import missing_columns
from fieldkit.importing.imported import Doubtful, GroundMissing, Imported
from fieldkit.importing.log import mark_of
from fieldkit.importing.reading.row_storage import RowSource, RowStorage
from fieldkit.importing.reading.rows import RowReader
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.importing.understanding import Surveyor
from fieldkit.records.consent import GROUND, RECORD
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.text import clean_line, cut_to_store, displayed_line


def _not_looked_at(imported: Imported) -> None:
    """The default `look`, for callers that show nothing beforehand."""


@without_collector()
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

    `mapping` pairs columns with fields; columns named like a field or its title need none. Several columns may go into one
    text field. `choices` say how to read doubtful columns, and on what ground the people of the file agreed. `settings` are
    answers for every row that has none of its own. Refused rows are written to `NAME.refused.csv` beside the source (or beside
    `refused_to`); they can be corrected there and imported again. With `add_terms`, answers missing from an open list become
    terms of the network. `look` is called with the result once all rows are read and before any is kept; if it raises, none
    is kept.

    Raises:
        Doubtful: the file can be understood in several ways, and `choices` don't say which is meant (not in a dry run).
        GroundMissing: nothing says that its people agreed to be recorded (not in a dry run).
        Misuse: the file is not a table, or has no such column, or there is no such field.
        FieldkitError: the file can't be read, or changed meanwhile; nothing was stored.
        StorageError: the disk refuses; nothing was stored.
    """
    choices = choices or Choices()
    the_kind = kind_named(kind_name)
    mark = mark_of(the_kind, source)
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
    _consent(the_kind, plan, reader, choices, source, result)
    rows = RowSource(table)
    survey = Surveyor(the_kind, table, plan, reader, choices).look(rows.first())
    survey.doubts[:0] = missing_columns(table, plan, choices)
    result.understood = survey.columns
    doubts = unresolved(survey.doubts, choices)
    result.doubts, result.resolved = ([], doubts) if choices.understood else (doubts, [])
    if not dry_run:
        if result.doubts:
            raise Doubtful(result)
        if result.ground_missing:
            raise GroundMissing(result)
    storage = RowStorage(kit, the_kind, reader, choices, survey, result)
    storage.store(rows, source, mark, refused_to, look, on_progress)
    return result


def _consent(
    kind: Kind, plan: Plan, reader: RowReader, choices: Choices, source: Path | bytes, result: Imported
) -> None:
    """Record in each row that its person agreed, and on what ground: as given, or by the file's own column."""
    if RECORD not in kind.fields:
        if choices.consent:
            raise Misuse(
                f"{kind.title} holds no consent.", kept="Nothing was stored.", hint="Leave --consent out."
            )
        return
    ground = clean_line(choices.consent) or str(reader.settings.get(GROUND) or "")
    column = plan.column_of(RECORD)
    if RECORD in plan.fields:
        if not ground and GROUND not in plan.fields:
            file = displayed_line(source.name) if isinstance(source, Path) else "standard input"
            ground = cut_to_store(f"Answered in the file {file}, column {column}", 200)
        # A missing answer is not a yes: neither --set nor a ground makes it one.
        reader.settings.pop(RECORD, None)
    elif ground or GROUND in plan.fields:
        reader.settings[RECORD] = "Y"
    else:
        result.ground_missing = True
        reader.settings[RECORD] = "Y"
    if ground and GROUND in kind.fields:
        reader.settings[GROUND] = kind.fields[GROUND].check(ground)
