"""Clashes: fields that two laptops changed without knowing of each other, and settling them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.options import Id, Json, add, new_app, session
from fieldkit.cli.output import moment, print_json, say, shortened, spoken
from fieldkit.errors import Misuse
from fieldkit.text import clean_line

if TYPE_CHECKING:
    from fieldkit.records.schema.kind import Kind
    from fieldkit.records.schema.parse import Terms
    from fieldkit.store.kit import Kit, Stored
    from fieldkit.store.query.history import Clash

_NUMBERED = re.compile(r"#[1-9][0-9]{0,5}")
conflicts = new_app("Fields that two laptops changed without knowing of each other.")
_ALL = 1_000_000
#: Cells of one value among those that stand against a deletion.
_LONGEST_CHANGE = 60


@conflicts.callback(invoke_without_command=True, no_args_is_help=False)
def list_conflicts(context: typer.Context, as_json: Json = False) -> None:
    """List conflicts with every value, who set it and when; `conflicts resolve` resolves one."""
    if context.invoked_subcommand is not None:
        return
    with session(context).kit() as kit:
        found = _described(kit, kit.conflicts(_ALL))
    if as_json:
        print_json(found)
        return
    if not found:
        say("There are no conflicts.")
    for clash in found:
        say(f"{clash['record']}: {clash['title']}")
        for number, claim in enumerate(clash["values"], start=1):
            now = " (shown now)" if number == 1 else ""
            # In "kept, because St Mary changed Notes" the laptop is named already.
            who = "" if claim["value"] is False and clash["field"] == "deleted" else f" - {claim['who']}"
            say(f"    #{number}  {shortened(claim['label'], 400)}{who}, {spoken(claim['stamp'])}{now}")
        settle = f"    Resolve it with: fieldkit conflicts resolve {clash['id']}"
        if clash["field"] == "deleted":
            say(f"{settle} deleted=yes|no  (yes: delete it; no: keep it)")
        else:
            say(f"{settle} {clash['field']}='#1' or {clash['field']}=VALUE")


def resolve(
    context: typer.Context,
    record_id: Id,
    decision: Annotated[
        str,
        typer.Argument(
            metavar="FIELD=VALUE",
            help="The field and the value to keep (#1: the first listed); for deleted, yes or no.",
        ),
    ],
    as_json: Json = False,
) -> None:
    """Resolve a conflict: this value replaces all others, here and wherever the next bundle is merged."""
    from fieldkit.cli.record_arguments import Answers, demand_may_change, field_of, pair, record_named
    from fieldkit.errors import InvalidRecord
    from fieldkit.records.schema.kind import kind

    name, said = pair(decision)
    with session(context).kit(writes=True) as kit:
        if name != "deleted" and _NUMBERED.fullmatch(said.strip()):
            _choose(kit, record_id, name, int(said.strip()[1:]), as_json=as_json)
            return
        seen = record_named(kit, record_id)
        the_kind = kind(seen.kind)
        demand_may_change(kit, the_kind)
        value: Any = _yes_or_no(said) if name == "deleted" else None
        if name != "deleted":
            try:
                value = Answers(kit).value(field_of(the_kind, name), said)
            except ValueError as error:
                raise InvalidRecord({name: str(error)}) from None
        if name not in seen.conflicts:
            raise Misuse(
                f"“{name}” is not in conflict in this record.",
                kept="Nothing was changed.",
                hint=f"Change it with: fieldkit edit {seen.record_id} {name}=…",
            )
        stored = kit.resolve(seen.record_id, name, value, seen.kind)
        if as_json:
            print_json(stored.as_dict())
        else:
            say(_settled(kit, name, stored))


def _choose(kit: Kit, record_id: str, name: str, number: int, *, as_json: bool) -> None:
    """Resolve a conflict by the number of a value; that needs no word for it, nor a field that this version knows."""
    from fieldkit.cli.record_arguments import demand_may_change
    from fieldkit.records.schema.kind import kinds

    for clash in kit.conflicts(_ALL):
        if clash.field == name and _names(clash, record_id):
            if kind := kinds().get(clash.kind):
                demand_may_change(kit, kind)
            kit.choose(clash, number - 1)
            if as_json:
                print_json({"id": clash.record_id, "kind": clash.kind, "field": name, "settled": True})
            else:
                say(_settled(kit, name, kit.get(clash.record_id, clash.kind)))
            return
    raise Misuse(
        f"“{clean_line(name)[:60]}” is not in conflict in that record.",
        kept="Nothing was changed.",
        hint="See what is with: fieldkit conflicts",
    )


def _names(clash: Clash, words: str) -> bool:
    """Whether `words` are the id of a record in conflict, or an end of it, with or without its kind."""
    kind, colon, record_id = words.rpartition(":")
    if colon and kind != clash.kind:
        return False
    return clash.record_id.startswith(record_id) or clash.record_id.endswith(record_id)


def _settled(kit: Kit, name: str, stored: Stored) -> str:
    """What was settled, the record by the value that stands now."""
    from fieldkit.presentation.record_names import line_of
    from fieldkit.records.schema.kind import kinds

    known = stored.kind in kinds()
    line = f" ({shortened(line_of(kit, stored, kit.terms()), 100)})" if known else ""
    return f"Resolved: {name} of {stored.record_id}{line}."


def _yes_or_no(said: str) -> bool:
    answer = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}.get(
        said.strip().casefold()
    )
    if answer is None:
        raise Misuse("Say deleted=yes or deleted=no.", kept="Nothing was changed.")
    return answer


def _described(kit: Kit, clashes: list[Clash]) -> list[dict[str, Any]]:
    """Clashes as plain objects, the value that is shown now first."""
    from fieldkit.presentation.deletion_conflicts import Stand, stands
    from fieldkit.presentation.record_names import line_of
    from fieldkit.records.schema.kind import kinds
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster

    if not clashes:
        return []
    roster, terms = Roster(kit, identity(kit)), kit.terms()
    found = []
    for clash in clashes:
        kind = kinds().get(clash.kind)
        spec = kind.fields.get(clash.field) if kind else None
        record = kit.get(clash.record_id, clash.kind)
        claims = []
        standing = stands(kit, clash.kind, clash.record_id) if clash.field == "deleted" else {}
        for claim in clash.claims:
            if clash.field == "deleted":
                stand = standing.get(claim.ref, Stand())
                fields = kind.fields if kind else {}
                changed = [
                    f"{fields[name].title.rstrip('?:')}: "
                    + shortened(_words(kit, kind, name, value, terms), _LONGEST_CHANGE)
                    for name, value in stand.values.items()
                ]
                who = roster.name_of(claim.origin)
                words = "deleted" if claim.value else _kept(who, changed, back=stand.brought_back)
            else:
                words = _words(kit, kind, clash.field, claim.value, terms)
            claims.append(
                {
                    "value": claim.value,
                    "label": words,
                    "who": roster.name_of(claim.origin),
                    "origin": claim.origin,
                    "at": moment(claim.stamp),
                    "stamp": claim.stamp,
                }
            )
        found.append(
            {
                "id": clash.record_id,
                "kind": clash.kind,
                "record": line_of(kit, record, terms) if kind else clash.kind,
                "field": clash.field,
                "title": spec.title if spec else "Deleted" if clash.field == "deleted" else clash.field,
                "values": claims,
            }
        )
    return found


def _words(kit: Kit, kind: Kind | None, field: str, value: Any, terms: Terms) -> str:
    """One value of a field, as it may be shown."""
    from fieldkit.cli.record_arguments import shown
    from fieldkit.presentation.record_names import lines_of_links
    from fieldkit.store.kit import Stored

    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "(emptied)"
    if kind is None or field not in kind.fields:
        return str(value)
    spec = kind.fields[field]
    linked = lines_of_links(kit, [Stored(kind.name, "", {field: value})], terms) if spec.link else {}
    return shown(spec, value, terms, linked)


def _kept(who: str, changed: list[str], *, back: bool) -> str:
    """Why a record stands against its deletion: it was brought back, or edited by somebody who had not heard of it."""
    if changed:
        return f"kept, because {who} changed {'; '.join(changed)}"
    return f"kept: {who} restored it" if back else f"kept by {who}"


add(conflicts, "resolve", resolve)
