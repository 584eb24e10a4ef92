"""Importing rows of a spreadsheet as records: each row is stored or refused with a reason, none is lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fieldkit.importing.columns import Asked, demand_plan, known_headings, left_out, plan_of
from fieldkit.importing.log import imported_before, remember, said_again
from fieldkit.importing.rows import Problem, RowReader, joined
from fieldkit.importing.sheets import RefusedWriter, read_sheet
from fieldkit.records.consent import agrees, rows_without_code
from fieldkit.records.privacy import private_in
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.kit import Kit, Progress, no_progress

BATCH = 1_000
#: Refusals and warnings beyond this many are counted, not listed; all refusals are in the file.
MOST_LISTED = 10_000


@dataclass
class Imported:
    """What an import did: rows = stored + refused. `unmapped` are columns that went into no field without being left out."""

    rows: int = 0
    stored: int = 0
    refused: int = 0
    refused_file: str = ""
    number: int = 0
    """What `undo --import` calls it."""
    again: str = ""
    """A sentence, if this very file was imported here before; it is the first of `notes` too."""
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
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
    into one field of words. `settings` give every row the same answer where its own is empty. Refused rows are
    written to `NAME.refused.csv` beside the source (or beside `refused_to`), which can be mended and imported again.
    With `add_terms`, answers that an open list does not hold become terms of the network. `look` is shown what was
    found once all rows are read and before any is kept; with what it raises, none is.

    Raises:
        Misuse: the file is no table, or a column or field is not there.
        StorageError: the disk refuses; nothing was stored.
    """
    the_kind = kind_named(kind_name)
    table = read_sheet(
        source,
        sheet=sheet,
        name="" if isinstance(source, Path) else "standard input",
        known=known_headings(the_kind, mapping),
    )
    plan = plan_of(the_kind, table, mapping)
    reader = RowReader(kit, the_kind, plan, settings or {}, add_terms)
    demand_plan(the_kind, table, plan)
    result = Imported(dry_run=dry_run, notes=list(table.notes), mapping=plan)
    meant = left_out(mapping)
    result.unmapped = [
        column for column in table.columns if column not in plan and column.casefold() not in meant
    ]
    if at := imported_before(kit, the_kind, source):
        result.again = said_again(kit, at, dry_run)
        result.notes.insert(0, result.again)
    before = kit.ledger.origins().get(kit.origin, 0)
    refused_name = refused_to or (source if isinstance(source, Path) else Path.cwd() / "stdin.csv")
    with ExitStack() as stack:
        refused = (
            None
            if dry_run
            else stack.enter_context(RefusedWriter(refused_name, folder=_writable(refused_name.parent, kit)))
        )
        add = _count_only if dry_run else stack.enter_context(kit.adding())
        batch: list[Values] = []
        agreed = 0
        for row, values, problems in reader.read(table):
            result.rows += 1
            if problems:
                result.refused += 1
                if refused is not None:
                    refused.add(row, [(one.column, one.value, one.reason) for one in problems])
                if len(result.problems) < MOST_LISTED:
                    result.problems.append(joined(problems))
                continue
            result.stored += 1
            agreed += agrees(the_kind, values)
            if len(result.warnings) < MOST_LISTED:
                result.warnings += _private(the_kind, values, row.line)
            batch.append(values)
            if len(batch) >= BATCH:
                reader.store_terms(add)
                add(kind_name, batch)
                batch = []
                on_progress(result.rows, 0, "importing")
        reader.store_terms(add)
        add(kind_name, batch)
        look(result)
        if refused is not None:
            # Before the rows are kept: else a disk that is full would keep them and lose the list of the others.
            refused.close()
    result.refused_file = str(refused.path) if refused is not None and refused.path else ""
    result.notes += reader.notes()
    if agreed:
        result.notes.append(rows_without_code(agreed))
    if reader.month_first:
        many = reader.month_first > 1
        result.notes.append(
            f"{reader.month_first:,} {'dates have' if many else 'date has'} the month first and "
            f"{'were' if many else 'was'} refused. Others of this file that could be read either way were read with the "
            "day first: look whether that is right."
        )
    if table.blank_rows:
        blank = "blank row was" if table.blank_rows == 1 else "blank rows were"
        result.notes.append(f"{table.blank_rows:,} {blank} passed over.")
    if not dry_run:
        result.number = remember(
            kit, the_kind, source, result.stored, before, result.refused, result.refused_file
        )
    on_progress(result.rows, result.rows, "importing")
    return result


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
