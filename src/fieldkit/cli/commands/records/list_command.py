"""`fieldkit list`: the records of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import KindName
from fieldkit.cli.output import print_table, say
from fieldkit.cli.parameters import flag, option
from fieldkit.cli.record_arguments import Answers, field_of, kind_of, pairs
from fieldkit.errors import Misuse
from fieldkit.presentation.exchange.change_progress import progress_line
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.record_names import lines_of_links
from fieldkit.presentation.value_labels import column_title, title_of, value_in_words
from fieldkit.records.label import IN_LIST
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.oplog.record_ids import short_id
from fieldkit.text import shortened

_SCREENFUL = 50
#: The number of records to read at first, the most to read at a time (2,000), and the letters that one reading should have in
#: all.
_FIRST, _PAGE, _LETTERS = 50, 2_000, 8 << 20


@command()
def list_records(
    kit: Kit,
    as_json: bool,
    kind_name: KindName,
    limit: Annotated[
        int | None, option("--limit", "N", f"At most so many; else {_SCREENFUL}, in JSON all.", min=1)
    ] = None,
    text: Annotated[
        str, option("--text", "WORDS", "Only records that hold all these words.", asks="Words")
    ] = "",
    where: Annotated[
        list[str] | None,
        option(
            "--where",
            "FIELD=VALUE",
            "Only records with this answer; nothing after = finds empty ones. May be repeated.",
        ),
    ] = None,
    deleted: Annotated[bool, flag("--deleted", "The deleted ones instead.")] = False,
    where_is: Annotated[
        bool,
        flag(
            "--where-is",
            "Also where each one is: on this laptop, in bundle 7, or confirmed. Slow for very many.",
        ),
    ] = False,
) -> Answer:
    """List the records of a kind, the newest first."""
    kind = kind_of(kind_name)
    conditions = _conditions(kit, kind, where or [])
    if as_json:
        return Answer(
            {
                **record.as_dict(),
                **({"where": progress_line(kit, record) or None} if where_is else {}),
            }
            for record in _pages(kit, kind, limit, text, conditions, deleted)
        )

    def table() -> None:
        records = list(_pages(kit, kind, limit or _SCREENFUL, text, conditions, deleted))
        total = kit.count(kind.name, text=text, where=conditions, deleted=deleted)
        if not total:
            say(f"No {kind.plural}.")
            return
        _print_records(kit, kind, records, where_is)
        if len(records) < total:
            more = min(total, len(records) * 10)
            say(f"{len(records):,} of {kind.counted(total)}. See more with --limit {more}")

    return Answer(None, table)


def _conditions(kit: Kit, kind: Kind, where: list[str]) -> dict[str, Any]:
    given = pairs(where)
    for name in given:
        if field_of(kind, name).shape == "many":
            raise Misuse(f"“{name}” can hold several answers.", hint="Search it with --text instead.")
    return Answers(kit).values(kind, given) if given else {}


def _pages(
    kit: Kit, kind: Kind, limit: int | None, text: str, where: Mapping[str, Any], deleted: bool
) -> Iterator[Stored]:
    """Records page by page, so that a million of them are never in memory at once."""
    given, at_a_time = 0, _FIRST
    while limit is None or given < limit:
        size = at_a_time if limit is None else min(at_a_time, limit - given)
        page = kit.page(kind.name, given, size, text=text, where=where, deleted=deleted)
        yield from page
        given += len(page)
        if len(page) < size:
            return
        at_a_time = max(1, min(_PAGE, size * _LETTERS // max(1, sum(map(_letters, page)))))


def _letters(record: Stored) -> int:
    """The approximate number of letters in a record."""
    return 100 + sum(len(str(value)) for value in (*record.values.values(), *record.extra.values()))


def _cell(spec: FieldSpec, value: str) -> str:
    """What a table shows of a value: the beginning of free text, and all of any other."""
    return shortened(value) if spec.shape == "text" else shortened(value, IN_LIST)


def _print_records(kit: Kit, kind: Kind, records: list[Stored], where_is: bool) -> None:
    terms = kit.terms()
    names = lines_of_links(kit, records, terms)
    specs = kind.listed_fields
    columns = ["id", *(column_title(spec) for spec in specs)]
    rows = [
        [
            short_id(record.record_id),
            *(
                _cell(spec, value_in_words(spec, record.values.get(spec.name), terms, names))
                for spec in specs
            ),
        ]
        for record in records
    ]
    if where_is:
        devices = DeviceNames(kit)
        columns.append("where")
        for row, record in zip(rows, records, strict=True):
            row.append(progress_line(kit, record) or f"from {devices.of(record.origin)}")
    if any(record.conflicts for record in records):
        columns.append("conflict")
        for row, record in zip(rows, records, strict=True):
            row.append(", ".join(title_of(kind.fields.get(name), name) for name in record.conflicts))
    print_table(columns, rows)
