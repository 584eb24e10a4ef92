"""Looking at records and changing them: list, show, edit, delete, restore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.histories import Names, steps_of, tell_steps
from fieldkit.cli.options import Fields, Id, Json, KindName, Yes, session
from fieldkit.cli.output import print_json, print_json_array, print_table, say, shortened, spoken
from fieldkit.errors import Misuse

if TYPE_CHECKING:
    from fieldkit.records.schema.field import FieldSpec
    from fieldkit.records.schema.kind import Kind
    from fieldkit.store.kit import Kit, Stored

_SCREENFUL = 50
_PAGE = 2_000
_LONGEST_HEADING = 20


def list_records(
    context: typer.Context,
    kind_name: KindName,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, metavar="N", help=f"At most so many; else {_SCREENFUL}, in JSON all."),
    ] = None,
    text: Annotated[
        str, typer.Option("--text", metavar="WORDS", help="Only records that hold all these words.")
    ] = "",
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="FIELD=VALUE",
            help="Only records with this answer; nothing after = finds empty ones. May be repeated.",
        ),
    ] = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="The deleted ones instead.")] = False,
    where_is: Annotated[
        bool,
        typer.Option(
            "--where-is",
            help="Also where each one is: on this laptop, in bundle 7, or confirmed. Slow for very many.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """List the records of a kind, the newest first."""
    from fieldkit.cli.record_arguments import kind_of

    kind = kind_of(kind_name)
    with session(context).kit() as kit:
        wanted = _conditions(kit, kind, where or [])
        if as_json:
            pages = _pages(kit, kind, limit, text, wanted, deleted)
            print_json_array(
                {**one.as_dict(), **({"where": _where(kit, one) or None} if where_is else {})}
                for one in pages
            )
            return
        records = list(_pages(kit, kind, limit or _SCREENFUL, text, wanted, deleted))
        total = kit.count(kind.name, text=text, where=wanted, deleted=deleted)
        if not total:
            say(f"No {kind.plural}.")
            return
        _print_records(kit, kind, records, where_is)
        if len(records) < total:
            more = min(total, len(records) * 10)
            say(f"{len(records):,} of {total:,} {kind.plural}. See more with --limit {more}")


def _conditions(kit: Kit, kind: Kind, where: list[str]) -> dict[str, Any]:
    from fieldkit.cli.record_arguments import Answers, field_of, pairs

    said = pairs(where)
    for name in said:
        if field_of(kind, name).shape == "many":
            raise Misuse(f"“{name}” can hold several answers.", hint="Search it with --text instead.")
    return Answers(kit).values(kind, said) if said else {}


def _pages(
    kit: Kit, kind: Kind, limit: int | None, text: str, where: Mapping[str, Any], deleted: bool
) -> Iterator[Stored]:
    """Records page by page, so that a million of them never stand in memory together."""
    given = 0
    while limit is None or given < limit:
        size = _PAGE if limit is None else min(_PAGE, limit - given)
        page = kit.page(kind.name, given, size, text=text, where=where, deleted=deleted)
        yield from page
        given += len(page)
        if len(page) < size:
            return


def _print_records(kit: Kit, kind: Kind, records: list[Stored], where_is: bool) -> None:
    from fieldkit.cli.record_arguments import shown
    from fieldkit.presentation.record_names import lines_of_links

    terms = kit.terms()
    names = lines_of_links(kit, records, terms)
    specs = [spec for spec in kind.fields.values() if spec.listed] or list(kind.fields.values())[:3]
    columns = ["id", *(_column(spec) for spec in specs)]
    rows = [
        [
            record.record_id[-8:],
            *(shortened(shown(spec, record.values.get(spec.name), terms, names)) for spec in specs),
        ]
        for record in records
    ]
    if where_is:
        who = Names(kit)
        columns.append("where")
        for row, record in zip(rows, records, strict=True):
            row.append(_where(kit, record) or f"from {who.of(record.origin)}")
    if any(record.conflicts for record in records):
        columns.append("conflict")
        for row, record in zip(rows, records, strict=True):
            row.append("conflict" if record.conflicts else "")
    print_table(columns, rows)


def _where(kit: Kit, record: Stored) -> str:
    """Where this laptop's latest change of a record has got to; "" for one that came from elsewhere."""
    from fieldkit.records.schema.kind import kinds
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.receipts.receipts import ON_LAPTOP, whereabouts

    kind = kinds().get(record.kind)
    if (kind is not None and not kind.shared) or kit.desk.setting("identity") is None:
        return ON_LAPTOP
    return whereabouts(kit, identity(kit), record.record_id, record.kind)


def _column(spec: FieldSpec) -> str:
    """A heading for a field: its title, or its plain name where the title is a whole question."""
    return spec.title if len(spec.title) <= _LONGEST_HEADING else spec.name.replace("_", " ")


def show(
    context: typer.Context,
    record_id: Id,
    with_history: Annotated[
        bool, typer.Option("--history", help="Also every change, the oldest first.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show one record in full."""
    from fieldkit.cli.record_arguments import record_named

    with session(context).kit() as kit:
        record = record_named(kit, record_id)
        steps = steps_of(kit, record) if with_history else []
        where = _where(kit, record)
        if as_json:
            print_json(
                {
                    **record.as_dict(),
                    "where": where or None,
                    **({"history": steps} if with_history else {}),
                }
            )
            return
        _print_record(kit, record, where)
        if with_history:
            say("")
            tell_steps(record, steps)


def _print_record(kit: Kit, record: Stored, where: str) -> None:
    from fieldkit.cli.record_arguments import shown
    from fieldkit.presentation.record_names import line_of, lines_of_links
    from fieldkit.records.schema.kind import kinds

    kind = kinds().get(record.kind)
    if kind is None:
        say(f"A record of the kind “{record.kind}”, which only another version of fieldkit knows.")
        say(*(f"{name}: {value}" for name, value in record.extra.items()))
        return
    terms = kit.terms()
    names = lines_of_links(kit, [record], terms)
    say(f"{kind.title}: {line_of(kit, record, terms)}")
    say(f"id: {record.record_id}", f"recorded: {spoken(record.created)}, on {Names(kit).of(record.origin)}")
    if record.updated != record.created:
        say(f"changed: {spoken(record.updated)}")
    if where:
        say(f"where: {where}")
    if record.deleted:
        say(f"deleted: yes; restore it with: fieldkit restore {record.record_id}")
    for name, spec in kind.fields.items():
        if (value := record.values.get(name)) is not None:
            clash = " (conflict: see fieldkit conflicts)" if name in record.conflicts else ""
            words = shown(spec, value, terms, names).replace("\n", "\n    ")
            say(f"{spec.title.rstrip('?:')}{clash}: {words}")
    for name, value in record.extra.items():
        title = kind.fields[name].title.rstrip("?:") if name in kind.fields else name
        words = ", ".join(map(str, value)) if isinstance(value, list) else value
        say(f"{title}: {words} (from another version of fieldkit: kept, not counted here)")


def edit(context: typer.Context, record_id: Id, fields: Fields, as_json: Json = False) -> None:
    """Change fields of a record; what stood there before stays in its history."""
    from fieldkit.cli.record_arguments import (
        Answers,
        demand_by_hand,
        demand_may_change,
        look_before_saving,
        pairs,
        record_named,
    )
    from fieldkit.records.consent import without_code
    from fieldkit.records.schema.kind import kind

    said = pairs(fields)
    with session(context).kit(writes=True) as kit:
        seen = record_named(kit, record_id)
        the_kind = kind(seen.kind)
        demand_may_change(kit, the_kind)
        demand_by_hand(the_kind)
        values = Answers(kit).values(the_kind, said)
        told = look_before_saving(kit, the_kind, values)
        stored = kit.edit(seen, values)
        without = without_code(the_kind, seen.values, stored.values)
        if as_json:
            print_json(
                {
                    **stored.as_dict(),
                    **({"warnings": told} if told else {}),
                    **({"notes": [without]} if without else {}),
                }
            )
        else:
            say(
                "Nothing differs; nothing was changed."
                if stored is seen
                else f"Saved {stored.record_id}: {', '.join(said)}.",
                *([without] if without else []),
            )


def delete(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """Mark a record deleted. It leaves lists and counts, and can be restored."""
    _mark(context, record_id, True, as_json)


def restore(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE",
            help="A deleted record's id; or the file of a backup, to restore the whole kit.",
        ),
    ],
    yes: Yes = False,
    other_laptop: Annotated[
        bool,
        typer.Option("--other-laptop", help="With --yes: also where the backup is another laptop's."),
    ] = False,
    without_passphrase: Annotated[
        bool,
        typer.Option(
            "--without-passphrase",
            help="With --yes: also where the backup has no passphrase and the kit here has one.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a deleted record back; or put a whole kit back from a backup file.

    A backup goes into the folder that --kit names. A kit that lies there is moved beside, not removed, and that
    is asked about first, with whose kit it is and whose backup. The passphrase or recovery code is the one that
    the kit had when the backup was made.
    """
    from fieldkit.cli import backups

    if backups.names_a_file(what):
        backups.put_back(
            session(context),
            what,
            yes,
            as_json,
            other_laptop=other_laptop,
            without_passphrase=without_passphrase,
        )
    else:
        _mark(context, what, False, as_json)


def _mark(context: typer.Context, record_id: str, deleted: bool, as_json: bool) -> None:
    from fieldkit.cli.record_arguments import demand_by_hand, demand_may_change, record_named
    from fieldkit.records.schema.kind import kinds

    with session(context).kit(writes=True) as kit:
        record = record_named(kit, record_id)
        if (kind := kinds().get(record.kind)) is not None:
            demand_may_change(kit, kind)
            demand_by_hand(kind)
        already = record.deleted == deleted
        if not already:
            record = (kit.delete if deleted else kit.restore)(record.record_id, record.kind)
        if as_json:
            print_json(record.as_dict())
        elif already:
            say("It was deleted already." if deleted else "It is not deleted.")
        else:
            say(
                f"Deleted. Restore it with: fieldkit restore {record.record_id}"
                if deleted
                else "It is restored."
            )
