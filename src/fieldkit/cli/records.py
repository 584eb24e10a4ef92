"""Looking at records and changing them: list, show, history, edit, delete, restore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.options import Fields, Id, Json, KindName, add, session
from fieldkit.cli.output import moment, print_json, print_json_array, print_table, say, shortened, spoken
from fieldkit.errors import Misuse

if TYPE_CHECKING:
    from fieldkit.records.kinds import Kind
    from fieldkit.records.spec import FieldSpec
    from fieldkit.store.kit import Kit, Stored

_SCREENFUL = 50
_PAGE = 2_000
_LONGEST_HEADING = 20


def register(app: typer.Typer) -> None:
    """Add these commands to the tree."""
    for name, command in (
        ("list", list_records),
        ("show", show),
        ("history", history),
        ("edit", edit),
        ("delete", delete),
        ("restore", restore),
    ):
        add(app, name, command)


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
    as_json: Json = False,
) -> None:
    """List the records of a kind, the newest first."""
    from fieldkit.cli.values import kind_of

    kind = kind_of(kind_name)
    with session(context).kit() as kit:
        wanted = _conditions(kit, kind, where or [])
        if as_json:
            print_json_array(record.as_dict() for record in _pages(kit, kind, limit, text, wanted, deleted))
            return
        records = list(_pages(kit, kind, limit or _SCREENFUL, text, wanted, deleted))
        total = kit.count(kind.name, text=text, where=wanted, deleted=deleted)
        if not total:
            say(f"No {kind.plural}.")
            return
        _print_records(kit, kind, records)
        if len(records) < total:
            more = min(total, len(records) * 10)
            say(f"{len(records):,} of {total:,} {kind.plural}. See more with --limit {more}")


def _conditions(kit: Kit, kind: Kind, where: list[str]) -> dict[str, Any]:
    from fieldkit.cli.values import Answers, field_of, pairs

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


def _print_records(kit: Kit, kind: Kind, records: list[Stored]) -> None:
    from fieldkit.cli.values import names_of, shown

    terms = kit.terms()
    names = names_of(kit, records, terms)
    specs = [spec for spec in kind.fields.values() if spec.listed] or list(kind.fields.values())[:3]
    rows = []
    for record in records:
        cells = [shortened(shown(spec, record.values.get(spec.name), terms, names)) for spec in specs]
        rows.append([record.record_id[-8:], *cells, "clash" if record.conflicts else ""])
    clashes = any(row[-1] for row in rows)
    columns = ["id", *(_column(spec) for spec in specs), *(["clash"] if clashes else [])]
    print_table(columns, rows if clashes else [row[:-1] for row in rows])


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
    with session(context).kit() as kit:
        record = kit.get(record_id)
        steps = _steps(kit, record) if with_history else []
        if as_json:
            print_json({**record.as_dict(), **({"history": steps} if with_history else {})})
            return
        _print_record(kit, record)
        if with_history:
            say("")
            _print_steps(kit, record, steps)


def _print_record(kit: Kit, record: Stored) -> None:
    from fieldkit.cli.values import names_of, shown
    from fieldkit.records.kinds import kinds
    from fieldkit.records.label import describe

    kind = kinds().get(record.kind)
    if kind is None:
        say(f"A record of the kind “{record.kind}”, which a newer fieldkit knows.")
        say(*(f"{name}: {value}" for name, value in record.extra.items()))
        return
    terms = kit.terms()
    names = names_of(kit, [record], terms)
    say(f"{kind.title}: {describe(kind, record.values, terms, names)}")
    say(f"id: {record.record_id}", f"recorded: {spoken(record.created)}, on {_who(kit, record.origin)}")
    if record.updated != record.created:
        say(f"changed: {spoken(record.updated)}")
    if record.deleted:
        say(f"deleted: yes; bring it back with: fieldkit restore {record.record_id}")
    for name, spec in kind.fields.items():
        if (value := record.values.get(name)) is not None:
            clash = " (clash: see fieldkit conflicts)" if name in record.conflicts else ""
            words = shown(spec, value, terms, names).replace("\n", "\n    ")
            say(f"{spec.title.rstrip('?:')}{clash}: {words}")
    if record.extra:
        say(f"From a newer fieldkit: {', '.join(record.extra)}")


def history(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """Every change of a record, the oldest first: who, when, and what."""
    with session(context).kit() as kit:
        record = kit.get(record_id)
        steps = _steps(kit, record)
        if as_json:
            print_json(steps)
        else:
            _print_steps(kit, record, steps)


def _steps(kit: Kit, record: Stored) -> list[dict[str, Any]]:
    return [
        {
            "at": moment(step.stamp),
            "stamp": step.stamp,
            "origin": step.origin,
            "who": _who(kit, step.origin),
            "fields": step.fields,
            "current": sorted(step.current),
            "ref": step.ref,
        }
        for step in kit.history(record.record_id)
    ]


def _print_steps(kit: Kit, record: Stored, steps: list[dict[str, Any]]) -> None:
    from fieldkit.cli.values import shown
    from fieldkit.records.kinds import kinds

    kind, terms = kinds().get(record.kind), kit.terms()
    for step in steps:
        say(f"{spoken(step['stamp'])}, {step['who']}:")
        for name, value in step["fields"].items():
            spec = kind.fields.get(name) if kind else None
            words = shown(spec, value, terms, {}) if spec and value is not None else _plain(value)
            now = "" if name in step["current"] else " (replaced later)"
            say(f"  {spec.title.rstrip('?:') if spec else name}: {shortened(words, 200)}{now}")


def _plain(value: Any) -> str:
    return (
        "emptied"
        if value is None
        else {True: "yes", False: "no"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value)
    )


def _who(kit: Kit, origin: str) -> str:
    """The name of the laptop that an origin stands for."""
    from fieldkit.sync.identity import identity
    from fieldkit.sync.roster import Roster

    if not origin or kit.desk.setting("identity") is None:
        return "this laptop"
    return Roster(kit, identity(kit)).name_of(origin)


def edit(context: typer.Context, record_id: Id, fields: Fields, as_json: Json = False) -> None:
    """Change fields of a record; what stood there before stays in its history."""
    from fieldkit.cli.values import Answers, demand_may_change, pairs
    from fieldkit.records.kinds import kind

    said = pairs(fields)
    with session(context).kit() as kit:
        seen = kit.get(record_id)
        the_kind = kind(seen.kind)
        demand_may_change(kit, the_kind)
        stored = kit.edit(seen, Answers(kit).values(the_kind, said))
        if as_json:
            print_json(stored.as_dict())
        else:
            say(
                "Nothing differs; nothing was changed."
                if stored is seen
                else f"Saved {stored.record_id}: {', '.join(said)}."
            )


def delete(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """Mark a record deleted. It leaves lists and counts, and can be restored."""
    _mark(context, record_id, True, as_json)


def restore(context: typer.Context, record_id: Id, as_json: Json = False) -> None:
    """Bring a deleted record back."""
    _mark(context, record_id, False, as_json)


def _mark(context: typer.Context, record_id: str, deleted: bool, as_json: bool) -> None:
    from fieldkit.cli.values import demand_may_change
    from fieldkit.records.kinds import kinds

    with session(context).kit() as kit:
        record = kit.get(record_id)
        if (kind := kinds().get(record.kind)) is not None:
            demand_may_change(kit, kind)
        if record.kind == "device" and deleted:
            raise Misuse(
                "A laptop is not deleted.",
                kept="Nothing was changed.",
                hint="Shut it out with: fieldkit devices revoke FINGERPRINT",
            )
        already = record.deleted == deleted
        if not already:
            record = kit.delete(record.record_id) if deleted else kit.restore(record.record_id)
        if as_json:
            print_json(record.as_dict())
        elif already:
            say("It was deleted already." if deleted else "It is not deleted.")
        else:
            say(
                f"Deleted. Bring it back with: fieldkit restore {record.record_id}"
                if deleted
                else "It is back."
            )
