"""The laptops of the network: listing, trusting and shutting out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.device_arguments import called, demand_other, laptop_named
from fieldkit.cli.merging import tell_merge
from fieldkit.cli.options import Json, add, new_app, session
from fieldkit.cli.output import (
    aged,
    counted,
    moment,
    print_json,
    print_table,
    progress,
    runs_shown,
    say,
    shortened,
    spoken_day,
)
from fieldkit.errors import Misuse
from fieldkit.text import clean_line

if TYPE_CHECKING:
    from fieldkit.sync.network.roster import Member
    from fieldkit.sync.peers.gaps import Arrivals

devices = new_app("The laptops of the network, and which of them are trusted.")

Fingerprint = Annotated[
    str,
    typer.Argument(
        metavar="FINGERPRINT",
        help="The six words, in quotation marks; or what begins with SHA256:, or the 26 letters.",
    ),
]


_ROLES = ("field", "deputy", "coordinator")


_STATUS = {"trusted": "trusted", "waiting": "waits for trust", "revoked": "revoked"}
"""As the screens call it."""


def list_devices(context: typer.Context, as_json: Json = False) -> None:
    """List the laptops: trusted, revoked, and those that wait to be trusted.

    On a coordinator's laptop also when each was last heard, which of its changes are missing, and which laptop's
    folder was copied.
    """
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster
    from fieldkit.sync.peers.gaps import Arrivals, arrivals

    with session(context).kit() as kit:
        me = identity(kit)
        roster = Roster(kit, me)
        members = [*roster.members.values(), *roster.waiting()]
        arrived = arrivals(kit) if roster.coordinating else {}
        now = kit.clock()
    if as_json:
        print_json(
            [
                {
                    **member_dict(one),
                    "this": one.device == me.device,
                    **(_arrived_dict(arrived.get(one.device, Arrivals())) if roster.coordinating else {}),
                }
                for one in members
            ]
        )
        return
    rows = [
        [called(one, me.device), one.role, _STATUS.get(one.status, one.status), one.key.words]
        for one in members
    ]
    if me.device not in roster.members:
        rows.insert(0, [f"{me.name} (this laptop)", "field", "not confirmed here yet", me.key.public.words])
    print_table(["laptop", "role", "trust", "six words (fingerprint)"], rows)
    for one in members:
        if roster.coordinating and one.device != me.device and not one.waiting:
            came = arrived.get(one.device, Arrivals())
            _tell_arrivals(one, came, now)
            if came.copies:
                say(f"    {came.copies.told(spoken_day(came.copies.since))}")


def _arrived_dict(one: Arrivals) -> dict[str, Any]:
    several = one.copies
    return {
        "last_heard": moment(one.heard),
        "stamp": one.heard or None,
        "missing": [{"origin": gap.origin, "from": gap.first, "to": gap.last} for gap in one.missing],
        "copied": one.copied or None,
        "copies": several.number if several else 1,
        "copied_on": moment(several.since) if several else None,
    }


def _tell_arrivals(member: Member, one: Arrivals, now: int) -> None:
    from fieldkit.sync.network.roster import COORDINATING
    from fieldkit.sync.receipts.receipt_file import THE_REST

    name = shortened(member.shown)
    if not one.heard:
        say(f"{name}: nothing heard yet")
        return
    gaps = runs_shown(one.runs)
    say(f"{name}: {f'missing {gaps}, ' if gaps else ''}last heard {aged(one.heard, now)} ago")
    if gaps and member.role in COORDINATING:
        say(f"    {THE_REST}")
    elif gaps:
        say("    A receipt asks for what is missing: fieldkit receipt -o DIR")
    if one.copied:
        say(
            f"    Its folder was copied, or restored from an old backup: two laptops wrote change {one.copied:,} "
            "differently. Both were kept; a receipt lets each copy go on under a name of its own."
        )


def _role(words: str) -> str:
    """A role as it was typed.

    Raises:
        Misuse: there is no such role.
    """
    role = words.strip().casefold()
    if role not in _ROLES:
        raise Misuse(
            f"There is no role “{clean_line(words)[:40]}”.",
            kept="Nothing was changed.",
            hint=f"The roles are: {', '.join(_ROLES)}.",
        )
    return role


def change_role(
    context: typer.Context,
    fingerprint: Fingerprint,
    role: Annotated[
        str, typer.Argument(metavar="ROLE", help=f"What it may do from now on: {', '.join(_ROLES)}.")
    ],
    as_json: Json = False,
) -> None:
    """Change what a trusted laptop may do. Bundles are sealed to every coordinator and deputy.

    A deputy does all that a coordinator does, and can take over.
    """
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster

    wanted = _role(role)
    with session(context).kit(writes=True) as kit:
        me = identity(kit)
        roster = Roster(kit, me)
        member = laptop_named(roster, fingerprint)
        demand_other(member, roster, "change its own role")
        if member.status != "trusted":
            raise Misuse(
                f"The laptop “{called(member, me.device)}” is not trusted.",
                kept="Nothing was changed.",
                hint=f"Trust it with: fieldkit devices trust {member.key.fingerprint} --role {wanted}",
            )
        if member.device == me.founder.device_id:
            raise Misuse(
                "The laptop that created the network stays a coordinator's.", kept="Nothing was changed."
            )
        roster.put(member, status="trusted", role=wanted)
        member = Roster(kit, me).members[member.device]
    if as_json:
        print_json({"device": member_dict(member)})
        return
    say(
        f"“{member.shown}” is now: {member.role}.",
        "The other laptops hear of it with the next network file: fieldkit network invite -o FILE.fkn",
    )


def trust(
    context: typer.Context,
    fingerprint: Fingerprint,
    role: Annotated[
        str,
        typer.Option(
            "--role",
            metavar="|".join(_ROLES),
            help="What it may do; else it only records in the field.",
        ),
    ] = "",
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What to call it, if not as it calls itself.")
    ] = "",
    as_json: Json = False,
) -> int:
    """Trust a laptop, once its user has read out the same fingerprint.

    What it sent before is merged now."""
    from fieldkit.sync import setup
    from fieldkit.sync.network.identity import identity

    if role:
        role = _role(role)
    with session(context).kit(writes=True) as kit, progress() as on_progress:
        member, report = setup.trust(
            kit,
            identity(kit),
            fingerprint,
            role=role,
            name=clean_line(name),
            on_progress=on_progress,
        )
    if as_json:
        print_json({"device": member_dict(member), "merge": report.as_dict()})
    else:
        say(f"“{member.shown}” is trusted ({member.role}).")
        if report.files:
            tell_merge(report)
    return 3 if report.aside else 0


def revoke(context: typer.Context, fingerprint: Fingerprint, as_json: Json = False) -> None:
    """Revoke a laptop: its later bundles are quarantined. What it sent before stays."""
    from fieldkit.sync import setup
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster

    with session(context).kit(writes=True) as kit:
        me = identity(kit)
        roster = Roster(kit, me)
        member = laptop_named(roster, fingerprint)
        demand_other(member, roster, "revoked itself")
        member = setup.revoke(kit, me, member.key.fingerprint)
    if as_json:
        print_json({"device": member_dict(member)})
    else:
        say(f"“{member.shown}” is revoked. Its later bundles will be quarantined; what it sent before stays.")


def alone(context: typer.Context, fingerprint: Fingerprint, as_json: Json = False) -> None:
    """Say that of a laptop's copies one is left: the one that was heard last.

    Erasures are waited for from no other then. One of the others that sends again counts again.
    """
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster
    from fieldkit.sync.peers.reports import leave_out

    with session(context).kit(writes=True) as kit:
        member = laptop_named(Roster(kit, identity(kit)), fingerprint)
        left = leave_out(kit, member.device)
    if as_json:
        print_json({"device": member_dict(member), "left_out": left})
    elif left:
        say(f"Of “{member.shown}”, {counted(left, 'copy', 'copies')} will not be waited for any more.")
    else:
        say(f"“{member.shown}” has one copy, as far as is known here: there is nothing to leave out.")


def member_dict(member: Member) -> dict[str, Any]:
    """A laptop as a plain object."""
    return {
        "id": member.device,
        "name": member.name,
        "role": member.role,
        "status": member.status,
        "fingerprint": member.key.fingerprint,
        "words": member.key.words,
    }


add(devices, "list", list_devices)
add(devices, "trust", trust)
add(devices, "role", change_role)
add(devices, "revoke", revoke)
add(devices, "alone", alone)
