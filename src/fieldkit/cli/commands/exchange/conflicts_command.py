"""`fieldkit conflicts`: fields that two laptops changed without knowing of each other's change, and resolving them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import Id, add, new_app
from fieldkit.cli.output import iso_time
from fieldkit.cli.parameters import argument, flag
from fieldkit.cli.record_arguments import Answers, demand_may_change, field_of, pairs, record_named
from fieldkit.errors import InvalidRecord, Misuse
from fieldkit.presentation.exchange.conflicts import Conflict
from fieldkit.presentation.exchange.conflicts import conflicts as conflicts_of
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.record_names import line_of
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.oplog.ops import DELETED
from fieldkit.text import quoted, shortened

_NUMBERED = re.compile(r"#([1-9][0-9]{0,5})")
_ALL = 1_000_000
_LONGEST_VALUE = 400
_YES_OR_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}

conflicts = new_app("Fields that two laptops changed without knowing of each other.")


@command()
def list_conflicts(kit: Kit) -> Answer:
    """List conflicts with every value, who set it and when; `conflicts resolve` resolves one."""
    conflicts = conflicts_of(kit, _ALL)
    devices = DeviceNames(kit)
    return Answer(
        [_as_data(conflict, devices) for conflict in conflicts],
        [line for conflict in conflicts for line in _lines(conflict)] or ["There are no conflicts."],
    )


@conflicts.callback(invoke_without_command=True, no_args_is_help=False)
def _list_unless_resolving(
    context: typer.Context,
    as_json: Annotated[bool, flag("--json", "Print JSON instead of text.")] = False,
) -> int:
    return 0 if context.invoked_subcommand is not None else list_conflicts(context, as_json=as_json)


def _lines(conflict: Conflict) -> Iterator[str]:
    yield f"{conflict.line}: {conflict.title}"
    for number, offer in enumerate(conflict.offers, start=1):
        now = " (shown now)" if number == 1 else ""
        yield f"    #{number}  {shortened(offer.line, _LONGEST_VALUE)} - {offer.who}{now}"
    resolve_it = f"    Resolve it with: fieldkit conflicts resolve {conflict.record_id}"
    if conflict.field == DELETED:
        yield f"{resolve_it} deleted=yes|no  (yes: delete it; no: keep it)"
    else:
        yield f"{resolve_it} {conflict.field}='#1' or {conflict.field}=-  (-: you are asked for the value)"


def _as_data(conflict: Conflict, devices: DeviceNames) -> dict[str, Any]:
    return {
        "id": conflict.record_id,
        "kind": conflict.stored.kind,
        "record": conflict.line,
        "field": conflict.field,
        "title": conflict.title,
        "values": [
            {
                "number": number,
                "value": each.value,
                "label": offer.label,
                "who": devices.of(each.origin),
                "origin": each.origin,
                "at": iso_time(each.stamp),
                "stamp": each.stamp,
            }
            for number, offer in enumerate(conflict.offers, start=1)
            for _, each in offer.values
        ],
    }


@command(writes=True)
def resolve(
    kit: Kit,
    record_id: Id,
    decision: Annotated[
        str,
        argument(
            "FIELD=VALUE",
            "The field and the value to keep (#1: the first listed; -: asked for); for deleted, yes or no.",
        ),
    ],
) -> Answer:
    """Resolve a conflict: this value replaces all others, here and wherever the next bundle is merged."""
    [(name, given)] = pairs([decision]).items()
    if name != DELETED and (numbered := _NUMBERED.fullmatch(given.strip())):
        return _choose(kit, record_id, name, int(numbered[1]))
    seen = record_named(kit, record_id)
    kind = kind_named(seen.kind)
    demand_may_change(kit, kind)
    if name == DELETED:
        value: Any = _yes_or_no(given)
    else:
        try:
            value = Answers(kit).value(field_of(kind, name), given)
        except ValueError as error:
            raise InvalidRecord({name: str(error)}) from None
    if name not in seen.conflicts:
        raise Misuse(
            f"“{name}” is not in conflict in this record.",
            kept="Nothing was changed.",
            hint=f"Change it with: fieldkit edit {seen.record_id} --set {name}=…",
        )
    stored = kit.resolve(seen.record_id, name, value, seen.kind)
    return Answer(stored.as_dict(), [_resolved(kit, name, stored)])


def _choose(kit: Kit, record_id: str, name: str, number: int) -> Answer:
    """Resolve a conflict by the number of a value, even in a field that only another version knows."""
    for conflict in conflicts_of(kit, _ALL):
        if conflict.field == name and _names(conflict, record_id):
            if kind := kinds().get(conflict.stored.kind):
                demand_may_change(kit, kind)
            if number > len(conflict.offers):
                raise Misuse(
                    f"There is no value #{number} to choose.",
                    kept="Nothing was changed.",
                    hint="See the values with: fieldkit conflicts",
                )
            kit.choose(conflict.stored, conflict.offers[number - 1].values[0][0])
            return Answer(
                {"id": conflict.record_id, "kind": conflict.stored.kind, "field": name, "settled": True},
                [_resolved(kit, name, kit.get(conflict.record))],
            )
    raise Misuse(
        f"{quoted(name)} is not in conflict in that record.",
        kept="Nothing was changed.",
        hint="See what is with: fieldkit conflicts",
    )


def _names(conflict: Conflict, name: str) -> bool:
    """Whether `name` is the id of a record in conflict, or its beginning or end, with or without its kind."""
    kind, colon, record_id = name.rpartition(":")
    if colon and kind != conflict.stored.kind:
        return False
    return conflict.record_id.startswith(record_id) or conflict.record_id.endswith(record_id)


def _resolved(kit: Kit, name: str, stored: Stored) -> str:
    known = stored.kind in kinds()
    line = f" ({shortened(line_of(kit, stored, kit.terms()), 100)})" if known else ""
    return f"Resolved: {name} of {stored.record_id}{line}."


def _yes_or_no(given: str) -> bool:
    answer = _YES_OR_NO.get(given.strip().casefold())
    if answer is None:
        raise Misuse("Say deleted=yes or deleted=no.", kept="Nothing was changed.")
    return answer


add(conflicts, "resolve", resolve)
