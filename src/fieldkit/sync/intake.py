"""Importing rows of a spreadsheet as records: each row is stored or refused with a reason, none is lost."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from fieldkit.errors import InvalidRecord, Misuse
from fieldkit.records.kinds import Kind, Values
from fieldkit.records.kinds import kind as kind_named
from fieldkit.records.parse import UnknownTerm, parse
from fieldkit.records.privacy import warnings
from fieldkit.records.spec import FieldSpec
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.sync.links import Links
from fieldkit.sync.sheets import RefusedWriter, Row, Sheet, read_sheet
from fieldkit.text import clean_line

BATCH = 1_000
#: Refusals and warnings beyond this many are counted, not listed; all refusals are in the file.
MOST_LISTED = 10_000


@dataclass(frozen=True)
class Problem:
    """Why a row was refused: the file's line, the column and value to look at, and a sentence."""

    line: int
    column: str
    value: str
    reason: str


@dataclass
class Imported:
    """What an import did: rows = stored + refused. `unmapped` are columns that went into no field."""

    rows: int = 0
    stored: int = 0
    refused: int = 0
    refused_file: str = ""
    number: int = 0
    """What `undo --import` calls it."""
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def import_rows(
    kit: Kit,
    kind_name: str,
    source: Path | bytes,
    *,
    mapping: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    settings: Mapping[str, str] | None = None,
    dry_run: bool = False,
    add_terms: bool = False,
    sheet: str | None = None,
    refused_to: Path | None = None,
    on_progress: Progress = no_progress,
) -> Imported:
    """Store the rows of a CSV file or workbook as records of one kind, in one transaction.

    `mapping` pairs columns with fields; columns named like a field or its title need none. Several columns may go
    into one field of words. `settings` give every row the same answer where its own is empty. Refused rows are
    written to `NAME.refused.csv` beside the source (or beside `refused_to`), which can be mended and imported again.
    With `add_terms`, answers that an open list does not hold become terms of the network.

    Raises:
        Misuse: the file is no table, or a column or field is not there.
        StorageError: the disk refuses; nothing was stored.
    """
    the_kind = kind_named(kind_name)
    table = read_sheet(source, sheet=sheet, name="" if isinstance(source, Path) else "standard input")
    plan = _plan(the_kind, table.columns, mapping)
    reader = _Reader(kit, the_kind, plan, settings or {}, add_terms)
    result = Imported(dry_run=dry_run, notes=list(table.notes), mapping=plan)
    result.unmapped = [column for column in table.columns if column not in plan]
    if not plan:
        raise Misuse(
            f"No column of this file goes into a field of {the_kind.title.lower()}.",
            kept="Nothing was stored.",
            hint=f'Say which, as --map "{table.columns[0]}={next(iter(the_kind.fields))}". Columns: {", ".join(table.columns)}.',
        )
    if _imported_before(kit, the_kind, source) and not dry_run:
        result.notes.append(
            "This very file was imported here before: its rows are now here twice. Undo this import if that was not meant."
        )
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
        for row, values, problems in reader.read(table):
            result.rows += 1
            if problems:
                result.refused += 1
                if refused is not None:
                    refused.add(row, [(one.column, one.value, one.reason) for one in problems])
                if len(result.problems) < MOST_LISTED:
                    result.problems.append(_joined(problems))
                continue
            result.stored += 1
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
    result.refused_file = str(refused.path) if refused is not None and refused.path else ""
    result.notes += reader.notes()
    if months := sum(one.reason.count("the day comes first") for one in result.problems):
        result.notes.append(
            f"{months:,} dates have the month first and were refused. Others of this file that could be read either way "
            "were read with the day first: look whether that is right."
        )
    if table.blank_rows:
        result.notes.append(f"{table.blank_rows:,} blank rows were passed over.")
    if not dry_run:
        _remember(kit, the_kind, source, result, before)
    on_progress(result.rows, result.rows, "importing")
    return result


def _count_only(kind: str, batch: list[Values]) -> None:
    """For a dry run."""


def _joined(problems: list[Problem]) -> Problem:
    first = problems[0]
    return Problem(first.line, first.column, first.value, " ".join(one.reason for one in problems))


def _plan(
    kind: Kind, columns: list[str], mapping: Mapping[str, str] | Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Column -> field, asked for first, then by name."""
    pairs = list(mapping.items()) if isinstance(mapping, Mapping) else list(mapping)
    plan: dict[str, str] = {}
    folded = {column.casefold(): column for column in reversed(columns)}
    for asked, name in pairs:
        column = asked if asked in columns else folded.get(clean_line(asked).casefold())
        if column is None:
            raise Misuse(
                f"The file has no column “{clean_line(asked)[:60]}”.",
                kept="Nothing was stored.",
                hint=f"Its columns are: {', '.join(columns)}.",
            )
        plan[column] = _field(kind, name).name
    taken = set(plan.values())
    for column in columns:
        for spec in kind.fields.values():
            if (
                column not in plan
                and spec.name not in taken
                and column.casefold() in {spec.name, spec.title.casefold()}
            ):
                plan[column] = spec.name
    twice = [name for name, times in Counter(plan.values()).items() if times > 1]
    for name in twice:
        if kind.fields[name].shape not in {"text", "line", "many"}:
            raise Misuse(
                f"Two columns go into “{name}”, which holds one answer.",
                kept="Nothing was stored.",
                hint="Map one of them.",
            )
    return plan


def _field(kind: Kind, name: str) -> FieldSpec:
    spec = kind.fields.get(name.strip())
    if spec is None:
        raise Misuse(
            f"“{clean_line(name)[:60]}” is not a field of {kind.title.lower()}.",
            kept="Nothing was stored.",
            hint=f"The fields are: {', '.join(kind.fields)}.",
        )
    return spec


class _Reader:
    """Turns rows into checked values, or into problems."""

    def __init__(
        self, kit: Kit, kind: Kind, plan: dict[str, str], settings: Mapping[str, str], add_terms: bool
    ) -> None:
        self.kind, self.plan = kind, plan
        self.terms = {name: dict(codes) for name, codes in kit.terms().items()}
        self.links = Links(kit)
        self._add_terms = add_terms
        self._new_terms: list[Values] = []
        self._added: Counter[str] = Counter()
        self.settings: Values = {}
        for name, raw in settings.items():
            spec = _field(kind, name)
            try:
                self.settings[spec.name] = self._parse(spec, raw)
            except ValueError as error:
                raise Misuse(str(error), kept="Nothing was stored.") from None

    def read(self, table: Sheet) -> Iterator[tuple[Row, Values, list[Problem]]]:
        """Each row with its values, or with why it is refused."""
        for row in table.rows():
            if row.problem:
                yield row, {}, [Problem(row.line, "", "", row.problem)]
                continue
            met = len(self._new_terms)
            values, problems = self._row(row)
            if problems:
                # What a refused row alone would have added to a list is not added.
                for term in self._new_terms[met:]:
                    del self.terms[term["list_name"]][term["code"]]
                    self._added[term["list_name"]] -= 1
                del self._new_terms[met:]
            yield row, values, problems

    def _row(self, row: Row) -> tuple[Values, list[Problem]]:
        values: Values = {}
        problems: list[Problem] = []
        for column, name in self.plan.items():
            spec, raw = self.kind.fields[name], row.cells.get(column)
            try:
                value = self._parse(spec, raw)
            except ValueError as error:
                problems.append(Problem(row.line, column, clean_line(str(raw))[:200], str(error)))
                continue
            if value is not None:
                values[name] = _together(spec, values.get(name), value)
        if problems:
            return {}, problems
        for name, value in self.settings.items():
            values.setdefault(name, value)
        try:
            return self.kind.check(values), []
        except InvalidRecord as error:
            columns = {name: column for column, name in self.plan.items()}
            return {}, [
                Problem(
                    row.line,
                    columns.get(name, name),
                    clean_line(str(row.cells.get(columns.get(name, "")) or ""))[:200],
                    sentence,
                )
                for name, sentence in error.problems.items()
            ]

    def _parse(self, spec: FieldSpec, raw: Any) -> Any:
        if spec.shape == "link" and isinstance(raw, str) and raw.strip():
            return self.links.find(spec, raw)
        try:
            return parse(spec, raw, self.terms)
        except UnknownTerm as unknown:
            if not self._add_terms:
                raise
            label = clean_line(unknown.words)[:80]
            self.terms.setdefault(unknown.list_name, {})[label] = label
            self._new_terms.append({"list_name": unknown.list_name, "code": label, "label": label})
            self._added[unknown.list_name] += 1
            return parse(spec, raw, self.terms)

    def store_terms(self, add: Callable[[str, list[Values]], None]) -> None:
        """Store the terms met so far, before the rows that use them."""
        fresh, self._new_terms = self._new_terms, []
        if fresh:
            add("term", fresh)

    def notes(self) -> list[str]:
        """What was added to open lists."""
        return [
            f"{count:,} new {'term was' if count == 1 else 'terms were'} added to the list “{name}”."
            for name, count in self._added.items()
            if count
        ]


def _together(spec: FieldSpec, before: Any, value: Any) -> Any:
    """One value from two columns of the same field."""
    if before is None:
        return value
    if spec.shape == "many":
        return sorted({*before, *value})
    return f"{before}\n{value}" if spec.shape == "text" else f"{before} {value}"


def _private(kind: Kind, values: Values, line: int) -> list[str]:
    found = []
    for name, value in values.items():
        if kind.fields[name].shape == "text" and isinstance(value, str):
            found += [f"Line {line}, {kind.fields[name].title}: {one.sentence}" for one in warnings(value)]
    return found


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


def _mark_of(kind: Kind, source: Path | bytes) -> str:
    digest = sha256(kind.name.encode())
    if isinstance(source, bytes):
        digest.update(source)
    else:
        with source.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()


def _imported_before(kit: Kit, kind: Kind, source: Path | bytes) -> bool:
    return _mark_of(kind, source) in kit.desk.setting("imported_files", {})


def _remember(kit: Kit, kind: Kind, source: Path | bytes, result: Imported, before: int) -> None:
    """Write down which file was taken in, and which ops it made, so that the whole import can be undone."""
    after = kit.ledger.origins().get(kit.origin, 0)
    files: dict[str, int] = kit.desk.setting("imported_files", {})
    imports: list[dict[str, Any]] = kit.desk.setting("imports", [])
    result.number = len(imports) + 1
    entry = {
        "number": result.number,
        "name": clean_line(source.name) if isinstance(source, Path) else "standard input",
        "kind": kind.name,
        "at": kit.clock(),
        "stored": result.stored,
        "spans": [(kit.origin, before + 1, after)] if after > before else [],
    }
    kit.desk.set_settings(
        {"imported_files": {**files, _mark_of(kind, source): kit.clock()}, "imports": [*imports, entry]}
    )
