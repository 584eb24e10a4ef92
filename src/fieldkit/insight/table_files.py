"""Everything that is shared, as tables for spreadsheets: codes for machines, labels for people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from fieldkit.errors import Misuse
from fieldkit.insight.repeats import repeated_rows
from fieldkit.insight.workbook import Table, write_tables
from fieldkit.records.label import describe, in_words
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.parse import labelled
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.store.oplog.device_ids import device_of

NOT_HERE = "not held here"
"""The label of a link to a record that no bundle has brought yet."""
DELETED = "deleted"

_CHUNK = 2_000
_NHS_NOT_ASKED = "99"
_LABEL = " (label)"
_REPEATS = "repeats"
_Names = dict[str, str]


def tables(kit: Kit, on_progress: Progress = no_progress) -> Iterator[Table]:
    """One table for each shared kind, with all its live records; rows are read only as they are written.

    Columns: `id`; each field under its own name, with `… (label)` after coded fields and links; after `ethnic_group` the NHS
    ethnic category (`99` if it was not asked); `created` and `updated` in UTC; the `device` that made the record. Feedback ends
    with `repeats`, the id of the record whose row of a file it repeats: the summary counts only rows where that is empty. Local
    kinds (safeguarding, private notes) are in no table.
    """
    terms = kit.terms()
    shared = [kind for kind in kinds().values() if kind.shared]
    counts = kit.counts()
    total, before = sum(counts.get(kind.name, 0) for kind in shared), 0
    for kind in shared:
        rows = _rows(kit, kind, terms, partial(_report_total, on_progress, before, total, kind.plural))
        yield Table(kind.name, _columns(kind), rows)
        before += counts.get(kind.name, 0)


def write(kit: Kit, target: Path, overwrite: bool = False, on_progress: Progress = no_progress) -> list[Path]:
    """Write all tables to the workbook `target` (.xlsx) or as CSV files into the folder; returns the files.

    Raises:
        Misuse: a file exists already and `overwrite` is not set, or the ending is of another format.
        StorageError: the disk refuses; nothing is left behind.
    """
    return write_tables(tables(kit, on_progress), target, overwrite=overwrite)


def write_some(
    kit: Kit, kind: Kind, record_ids: Collection[str], target: Path, overwrite: bool = False
) -> list[Path]:
    """Write the records with these ids to the workbook `target` (.xlsx) or as a CSV file into the folder, as `write` does.

    Raises:
        Misuse: as `write`; or records of this kind never leave this laptop.
        StorageError: the disk refuses; nothing is left behind.
    """
    if not kind.shared:
        raise Misuse(f"{kind.plural.capitalize()} never leave this laptop.", kept="Nothing was written.")
    wanted = set(record_ids)
    rows = (row for row in _rows(kit, kind, kit.terms(), lambda done: None) if row[0] in wanted)
    return write_tables([Table(kind.name, _columns(kind), rows)], target, overwrite=overwrite)


def _report_total(on_progress: Progress, before: int, total: int, what: str, done: int) -> None:
    on_progress(before + done, max(total, before + done), what)


def _columns(kind: Kind) -> list[str]:
    names = ["id"]
    for spec in kind.fields.values():
        names.append(spec.name)
        if spec.codes or spec.link:
            names.append(spec.name + _LABEL)
        if spec.name == "ethnic_group":
            names += ["ethnic_category", "ethnic_category" + _LABEL]
    return [
        *names,
        "created",
        "updated",
        "device",
        "device" + _LABEL,
        *([_REPEATS] if kind.name == "feedback" else []),
    ]


def _rows(
    kit: Kit, kind: Kind, terms: dict[str, dict[str, str]], on_done: Callable[[int], None]
) -> Iterator[list[Any]]:
    specs = list(kind.fields.values())
    columns = ["record_id", *kind.fields, "created", "updated", "origin"]
    repeats = repeated_rows(kit) if kind.name == "feedback" else None
    going, done = kit.columns(kind.name, columns), 0
    while chunk := list(islice(going, _CHUNK)):
        linked = {
            spec.name: _lines(kit, spec.link, (key for row in chunk for key in spec.targets(row[at])), terms)
            for at, spec in enumerate(specs, start=1)
            if spec.link
        }
        # A device's origin is the id of its record in the roster, followed by the incarnation.
        devices = _lines(kit, "device", (device_of(row[-1]) for row in chunk), terms)
        for record_id, *values, created, updated, origin in chunk:
            row = [record_id]
            for spec, value in zip(specs, values, strict=True):
                row += _cells(spec, value, terms, linked.get(spec.name, {}))
            device = devices.get(f"device:{device_of(origin)}", NOT_HERE)
            row += [_moment(created), _moment(updated), origin, device]
            yield row if repeats is None else [*row, repeats.get(record_id)]
        done += len(chunk)
        on_done(done)


def _cells(spec: FieldSpec, value: Any, terms: dict[str, dict[str, str]], lines: _Names) -> list[Any]:
    if spec.shape == "date":
        return [date.fromisoformat(value) if value else None]
    if spec.link:
        return [value, in_words(spec, value, terms, lines, NOT_HERE) or None]
    if not spec.codes:
        return [value]
    cells = [value, labelled(spec, value, terms) or None]
    if spec.name == "ethnic_group":
        category = nhs_ethnic_category(value)
        cells += [category, code_list("ethnic_category").label(category)]
    return cells


def nhs_ethnic_category(ethnic_group: str | None) -> str:
    """The NHS ethnic category of a census 2021 ethnic group: Z for declined, 99 for not asked."""
    if not ethnic_group:
        return _NHS_NOT_ASKED
    return next(
        (entry.get("nhs") for entry in code_list("ethnic_group").entries if entry.code == ethnic_group),
        _NHS_NOT_ASKED,
    )


def _lines(kit: Kit, kind: str, record_ids: Iterable[str | None], terms: dict[str, dict[str, str]]) -> _Names:
    """The line that names each record (`KIND:ID` -> line); records that are not held are left out."""
    the_kind = kind_named(kind)
    held = kit.many(kind, sorted({record_id for record_id in record_ids if record_id}))
    names: _Names = {}
    for name in the_kind.label:
        if link := the_kind.fields[name].link:
            names |= _lines(kit, link, (record.values.get(name) for record in held.values()), terms)
    return {
        f"{kind}:{record_id}": DELETED if record.deleted else describe(the_kind, record.values, terms, names)
        for record_id, record in held.items()
    }


def _moment(milliseconds: int) -> str | None:
    """A time as text, None if it is impossible: a clock may have been set to anything."""
    try:
        return datetime.fromtimestamp(milliseconds // 1000, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return None
