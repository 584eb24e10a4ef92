"""`fieldkit undo`: undoing one change, a whole import or a whole bundle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.parameters import argument, option
from fieldkit.cli.record_arguments import changeable_record
from fieldkit.errors import Misuse, NotFound
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.undoable_changes import undone_sentence
from fieldkit.presentation.wording import date_and_time
from fieldkit.records.schema.kind import kinds
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IMPORTS
from fieldkit.store.undo_log import key_of_import, key_of_merge, undo_spans, undo_times

Spans = list[tuple[str, int, int]]

_SHORTEST = 4
_MOST_NAMED = 5
_MOST_BUNDLES = 1_000_000


@command(writes=True)
def undo(
    kit: Kit,
    record_id: Annotated[
        str, argument("ID", "The record's id, or at least 4 characters that it begins or ends with.")
    ] = "",
    ref: Annotated[
        str,
        argument(
            "REF",
            "The change, as `history` names it, or the end of that name; its last number alone if that is clear.",
        ),
    ] = "",
    import_number: Annotated[
        int | None, option("--import", "N", "A whole import instead; `imports` lists them.", min=1)
    ] = None,
    bundle: Annotated[
        str | None,
        option("--bundle", "NAME|PREFIX", "Undo everything from this bundle; `merges` lists them."),
    ] = None,
) -> Answer:
    """Undo one change of a record, a whole import, or everything from one bundle.

    A record that came with it is deleted (and can be restored); a field that was changed goes back to what it
    was, unless somebody has changed it since; a conflict that was resolved is open again. A no to a
    question about consent does not become a yes again: ask the person, and edit the record. This is a change like any other: it
    stays in the history, and travels.
    """
    given = [bool(record_id or ref), import_number is not None, bundle is not None]
    if sum(given) != 1 or (given[0] and not (record_id and ref)):
        raise Misuse(
            "Say what to undo: a record and one of its changes, --import N, or --bundle NAME.",
            kept="Nothing was changed.",
            hint="See the changes of a record with: fieldkit history ID",
        )
    before = 0
    if given[0]:
        undone = kit.undo_leaving_refusals(_spans_of_change(kit, record_id, ref))
    else:
        spans, key = _of_bundle(kit, bundle) if bundle is not None else _of_import(kit, import_number or 0)
        before = undo_times(kit).get(key, 0)
        undone = undo_spans(kit, spans, key)
    nothing = "There was nothing to undo: all of it was undone, changed or erased since."
    if before:
        nothing = f"There is nothing left to undo. It was undone on {date_and_time(before)}."
    data = {"changed_records": undone.records, "answers_left_at_no": undone.refusals}
    return Answer(data, [undone_sentence(undone, nothing)])


def _spans_of_change(kit: Kit, record_id: str, ref: str) -> Spans:
    record = changeable_record(kit, record_id)
    kind = kinds().get(record.kind)
    if kind is not None and not kind.shared:
        raise Misuse(
            f"The changes of {kind.plural} stay on this laptop and can't be undone one by one.",
            kept="Nothing was changed.",
            hint=f"Change it back with: fieldkit edit {record.record_id} --set FIELD=VALUE",
        )
    asked = ref.strip().casefold().removeprefix(":")
    held = kit.ledger.refs_of(record.record_id, record.kind)
    every = sorted({f"{base_of(origin)}:{seq}" for origin, seq in held})
    matching = matching_changes(every, asked)
    if len(matching) != 1:
        more = f" and {len(matching) - _MOST_NAMED:,} more" if len(matching) > _MOST_NAMED else ""
        raise NotFound(
            f"More than one change of that record is called so: {', '.join(matching[:_MOST_NAMED])}{more}."
            if matching
            else "That record has no change of that name.",
            kept="Nothing was changed.",
            hint=f"See its changes with: fieldkit history {record.record_id}",
        )
    return [(origin, seq, seq) for origin, seq in held if f"{base_of(origin)}:{seq}" == matching[0]]


def matching_changes(names: Sequence[str], asked: str) -> list[str]:
    """The names (`origin:number`) of changes that `asked` may mean: a name, its beginning or end, or only a number.

    A number must match whole: 4 is not the end of 14, and not the beginning of an origin.
    """
    if asked in names:
        return [asked]
    if not asked or asked.isdecimal():
        return [name for name in names if asked and name.endswith(f":{asked}")]
    end = asked if ":" in asked else f":{asked}"
    return [name for name in names if name.endswith(end) or name.startswith(asked)]


def _of_import(kit: Kit, number: int) -> tuple[Spans, str]:
    for entry in kit.settings.get(IMPORTS):
        if entry["number"] == number:
            spans = [(str(origin), int(first), int(last)) for origin, first, last in entry["spans"]]
            return spans, key_of_import(number)
    raise NotFound(
        f"There is no import {number} here.",
        kept="Nothing was changed.",
        hint="See them with: fieldkit imports",
    )


def _of_bundle(kit: Kit, name: str) -> tuple[Spans, str]:
    if not DeviceNames(kit).coordinating:
        raise Misuse(
            "Only a coordinator's laptop can undo a bundle.",
            kept="Nothing was changed.",
            hint="Undo single changes with: fieldkit undo ID REF",
        )
    asked = name.strip()
    received = kit.ledger.received(_MOST_BUNDLES)
    matching = [bundle for bundle in received if bundle.name == asked] or [
        bundle for bundle in received if len(asked) >= _SHORTEST and bundle.manifest.startswith(asked.lower())
    ]
    if len(matching) != 1:
        raise NotFound(
            "More than one bundle is called so." if matching else "No bundle of that name was merged here.",
            kept="Nothing was changed.",
            hint="See them with: fieldkit merges; the characters at the beginning of a line name one bundle.",
        )
    return list(matching[0].spans), key_of_merge(matching[0].manifest)
