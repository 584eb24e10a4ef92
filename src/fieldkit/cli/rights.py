"""People's rights: withdrawal by receipt code, erasure, and how far both have travelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fieldkit.cli.options import Id, Json, Yes, session
from fieldkit.cli.output import counted, moment, print_json, say, spoken
from fieldkit.cli.prompts import demand_yes
from fieldkit.errors import Misuse

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit


def withdraw(
    context: typer.Context,
    code: Annotated[
        str,
        typer.Argument(metavar="CODE", help="The receipt code on the person's slip, as K7Q2-M9XD-4TBW."),
    ],
    as_json: Json = False,
) -> None:
    """Erase what a person said, by the receipt code that they were given; any laptop can.

    It reaches every other laptop with the next bundles and network files.
    """
    from fieldkit.store.oplog.receipt_codes import as_printed

    code = as_printed(code)
    with session(context).kit(writes=True) as kit:
        again = kit.count("withdrawal", where={"code": code}) > 0
        erased = 0 if again else kit.withdraw(code)
        way = _way(kit)
    if as_json:
        print_json({"code": code, "erased": erased, "withdrawn_before": again})
    elif again:
        say("That code was used before: what it was given for is erased, here and wherever it is merged.")
    elif erased:
        say(f"Erased here. The {way} takes the withdrawal to every other laptop.")
    else:
        say(
            "Nothing here was given that code. Compare it with the slip once more.",
            f"If it is right, the record is held elsewhere: the {way} takes the withdrawal there.",
        )


def _way(kit: Kit) -> str:
    """What takes news from this laptop to the others: a coordinator's writes network files."""
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster

    joined = kit.desk.setting("identity") is not None
    coordinating = joined and Roster(kit, identity(kit)).coordinating
    return "next network file (fieldkit network invite -o FILE.fkn)" if coordinating else "next bundle"


def erase(context: typer.Context, record_id: Id, yes: Yes = False, as_json: Json = False) -> None:
    """Erase a record for good, here and, by the next bundles, everywhere. Only a coordinator's laptop can.

    Unlike `delete`, this takes the words out of every copy; nothing brings them back.
    """
    from fieldkit.cli.record_arguments import demand_by_hand, record_named
    from fieldkit.presentation.record_names import line_of
    from fieldkit.records.schema.kind import kinds

    with session(context).kit(writes=True) as kit:
        record = record_named(kit, record_id)
        kind = kinds().get(record.kind)
        if kind is None:
            raise Misuse(
                f"A newer fieldkit made this record of the kind “{record.kind}”.",
                kept="Nothing was changed.",
                hint="Erase it with the newer fieldkit.",
            )
        demand_by_hand(kind)
        if kind.shared:
            _demand_coordinator(kit)
        what = f"{kind.title}, {line_of(kit, record, kit.terms())}"
        demand_yes(f"Erase for good, in every copy: {what}?", yes)
        kit.erase(record.record_id, record.kind)
    if as_json:
        print_json({"id": record.record_id, "erased": True})
        return
    say("Erased here.")
    if kind.shared:
        say(
            "The other laptops erase it when they merge the next network file: fieldkit network invite -o FILE.fkn",
            "See who has not yet: fieldkit erasures",
        )


def _demand_coordinator(kit: Kit) -> None:
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster

    if not Roster(kit, identity(kit)).coordinating:
        raise Misuse(
            "Only a coordinator's laptop can erase records.",
            kept="Nothing was changed.",
            hint="Ask the coordinator; or, with the person's receipt code: fieldkit withdraw CODE",
        )


def list_erasures(context: typer.Context, as_json: Json = False) -> None:
    """List erasures and withdrawals; on a coordinator's laptop with those laptops that have not confirmed them."""
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster
    from fieldkit.sync.peers.erasure_status import erasures, remarks
    from fieldkit.sync.receipts.receipts import whereabouts

    with session(context).kit() as kit:
        me = identity(kit)
        found = erasures(kit, me)
        coordinating = Roster(kit, me).coordinating
        where = [whereabouts(kit, me, one.record_id, one.kind) for one in found]
        withdrawn = kit.many("withdrawal", [one.record_id for one in found])
    entries = [
        {
            "id": one.record_id,
            "what": "withdrawal" if one.record_id in withdrawn else "words" if one.words else "erasure",
            "at": moment(one.stamp),
            "stamp": one.stamp,
            "by": one.by,
            "where": place or None,
            "waiting": one.waiting if coordinating else None,
            "not_counted": one.earlier if coordinating else None,
            "shut_out": one.shut_out if coordinating else None,
        }
        for one, place in zip(found, where, strict=True)
    ]
    if as_json:
        print_json(entries)
        return
    if not found:
        say("Nothing was erased or withdrawn.")
    for entry, one in zip(entries, found, strict=True):
        what = "Old text erased from" if one.words else str(entry["what"]).capitalize()
        say(f"{what} {one.record_id[-8:]}, {spoken(one.stamp)}, by {one.by}")
        if not coordinating:
            say(f"    {entry['where'] or 'from elsewhere'}")
        elif one.waiting:
            say(f"    not confirmed yet by {counted(len(one.waiting), 'laptop')}: {', '.join(one.waiting)}")
        else:
            say(f"    {one.confirmed}")
    if coordinating:
        say(*remarks(found))
