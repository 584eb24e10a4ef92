"""Taking back one change, a whole import or a whole bundle; and the lists of imports and bundles to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.options import Json, session
from fieldkit.cli.output import counted, moment, print_json, print_table, say, spoken
from fieldkit.errors import Misuse, NotFound

if TYPE_CHECKING:
    from fieldkit.store.journal.sync_log import Received
    from fieldkit.store.kit import Kit

Spans = list[tuple[str, int, int]]

_SHORTEST = 4
_MOST_NAMED = 5


def undo(
    context: typer.Context,
    record_id: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="The record's id, or at least 4 letters that it begins or ends with."
        ),
    ] = "",
    ref: Annotated[
        str,
        typer.Argument(
            metavar="REF",
            help="The change, as `history` names it, or the end of that name; its last number alone if that is clear.",
        ),
    ] = "",
    import_number: Annotated[
        int | None,
        typer.Option("--import", metavar="N", min=1, help="A whole import instead; `imports` lists them."),
    ] = None,
    bundle: Annotated[
        str | None,
        typer.Option(
            "--bundle",
            metavar="NAME|PREFIX",
            help="All that one bundle brought instead; `merges` lists them.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Undo one change of a record, a whole import, or all that one bundle brought.

    A record that came with it is deleted (and can be restored); a field that was changed goes back to what it
    was, unless somebody has changed it since; a conflict that was resolved is open again. This is a change like any other: it
    stays in the history, and travels.
    """
    from fieldkit.store.undo_log import take_back, taken_back

    given = [bool(record_id or ref), import_number is not None, bundle is not None]
    if sum(given) != 1 or (given[0] and not (record_id and ref)):
        raise Misuse(
            "Say what to undo: a record and one of its changes, --import N, or --bundle NAME.",
            kept="Nothing was changed.",
            hint="See the changes of a record with: fieldkit history ID",
        )
    with session(context).kit(writes=True) as kit:
        before = 0
        if import_number is None and bundle is None:
            changed = kit.undo(_of_change(kit, record_id, ref))
        else:
            spans, key = (
                _of_bundle(kit, bundle) if bundle is not None else _of_import(kit, import_number or 0)
            )
            before = taken_back(kit).get(key, 0)
            changed = take_back(kit, spans, key)
    if as_json:
        print_json({"changed_records": changed})
    elif changed:
        say(f"Undone: {counted(changed, 'record')} changed.")
    elif before:
        say(f"There is nothing left to undo. It was undone on {spoken(before)}.")
    else:
        say("There was nothing to undo: all of it was undone, changed or erased since.")


def _of_change(kit: Kit, record_id: str, ref: str) -> Spans:
    from fieldkit.cli.record_arguments import demand_by_hand, demand_may_change, record_named
    from fieldkit.records.schema.kind import kinds
    from fieldkit.store.journal.bundle_reader import base_of

    record = record_named(kit, record_id)
    kind = kinds().get(record.kind)
    if kind is not None:
        demand_may_change(kit, kind)
        demand_by_hand(kind)
        if not kind.shared:
            raise Misuse(
                f"The changes of {kind.plural} stay on this laptop and can't be undone one by one.",
                kept="Nothing was changed.",
                hint=f"Change it back with: fieldkit edit {record.record_id} FIELD=VALUE",
            )
    asked = ref.strip().casefold().removeprefix(":")
    held = kit.ledger.refs_of(record.record_id, record.kind)
    every = sorted({f"{base_of(origin)}:{seq}" for origin, seq in held})
    found = [one for one in every if one == asked] or [
        one
        for one in every
        # A number is a whole one: 4 is not the end of 14.
        if asked and (one.endswith(asked if ":" in asked else f":{asked}") or one.startswith(asked))
    ]
    if len(found) != 1:
        more = f" and {len(found) - _MOST_NAMED:,} more" if len(found) > _MOST_NAMED else ""
        raise NotFound(
            f"More than one change of that record is called so: {', '.join(found[:_MOST_NAMED])}{more}."
            if found
            else "That record has no change of that name.",
            kept="Nothing was changed.",
            hint=f"See its changes with: fieldkit history {record.record_id}",
        )
    return [(origin, seq, seq) for origin, seq in held if f"{base_of(origin)}:{seq}" == found[0]]


def _of_import(kit: Kit, number: int) -> tuple[Spans, str]:
    from fieldkit.store.undo_log import key_of_import

    entry = next((one for one in _imports(kit) if one["number"] == number), None)
    if entry is None:
        raise NotFound(
            f"There is no import {number} here.",
            kept="Nothing was changed.",
            hint="See them with: fieldkit imports",
        )
    spans = [(str(origin), int(first), int(last)) for origin, first, last in entry["spans"]]
    return spans, key_of_import(number)


def _of_bundle(kit: Kit, words: str) -> tuple[Spans, str]:
    from fieldkit.store.undo_log import key_of_merge
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster

    if not Roster(kit, identity(kit)).coordinating:
        raise Misuse(
            "Only a coordinator's laptop can undo what a bundle brought.",
            kept="Nothing was changed.",
            hint="Undo single changes with: fieldkit undo ID REF",
        )
    asked = words.strip()
    received = kit.ledger.received(1_000_000)
    found = [one for one in received if one.name == asked] or [
        one for one in received if len(asked) >= _SHORTEST and one.manifest.startswith(asked.lower())
    ]
    if len(found) != 1:
        raise NotFound(
            "More than one bundle is called so." if found else "No bundle of that name was merged here.",
            kept="Nothing was changed.",
            hint="See them with: fieldkit merges; the letters at the beginning of a line name one bundle.",
        )
    return list(found[0].spans), key_of_merge(found[0].manifest)


def imports(context: typer.Context, as_json: Json = False) -> None:
    """List the files that were imported here; `undo --import N` undoes one."""
    from fieldkit.store.undo_log import key_of_import, taken_back

    with session(context).kit() as kit:
        entries, undone = _imports(kit), taken_back(kit)
    if as_json:
        print_json(
            [
                {
                    **{name: one[name] for name in ("number", "name", "kind", "stored")},
                    "at": moment(one["at"]),
                    "taken_back": moment(undone.get(key_of_import(one["number"]), 0)),
                }
                for one in entries
            ]
        )
        return
    if not entries:
        say("Nothing was imported here.")
        return
    print_table(
        ["number", "file", "kind", "records", "when", "undone"],
        [
            [
                one["number"],
                one["name"],
                one["kind"],
                one["stored"],
                spoken(one["at"]),
                _when(undone.get(key_of_import(one["number"]), 0)),
            ]
            for one in entries
        ],
        numbers=(0, 3),
    )


def _when(stamp: int) -> str:
    return spoken(stamp) if stamp else ""


def _imports(kit: Kit) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = kit.desk.setting("imports", [])
    return found


def merges(
    context: typer.Context,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1_000_000, metavar="N", help="At most so many.")
    ] = 1_000,
    as_json: Json = False,
) -> None:
    """List the bundles that were merged here, the latest first; `undo --bundle NAME` undoes one."""
    from fieldkit.cli.histories import Names
    from fieldkit.store.undo_log import key_of_merge, taken_back

    with session(context).kit() as kit:
        received = kit.ledger.received(limit)
        who, undone = Names(kit), taken_back(kit)
        entries = [
            _merged(one, who.of(one.device), undone.get(key_of_merge(one.manifest), 0)) for one in received
        ]
    if as_json:
        print_json(entries)
        return
    if not entries:
        say("No bundle was merged here.")
        return
    print_table(
        ["bundle", "file", "from", "changes", "new", "merged", "undone"],
        [
            [
                shown["id"][:8],
                shown["name"],
                shown["who"],
                shown["ops"],
                shown["new"],
                spoken(shown["stamp"]),
                _when(undone.get(key_of_merge(shown["id"]), 0)),
            ]
            for shown in entries
        ],
        numbers=(3, 4),
    )


def _merged(one: Received, who: str, taken_back: int) -> dict[str, Any]:
    return {
        "id": one.manifest,
        "name": one.name,
        "who": who,
        "device": one.device,
        "ops": one.ops,
        "new": one.new,
        "at": moment(one.merged),
        "stamp": one.merged,
        "taken_back": moment(taken_back),
    }
