"""The laptops of the network: listing, trusting and shutting out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.bundles import tell_merge
from fieldkit.cli.options import Json, add, new_app, session
from fieldkit.cli.output import print_json, print_table, progress, say

if TYPE_CHECKING:
    from fieldkit.sync.roster import Member

devices = new_app("The laptops of the network, and which of them are trusted.")

Fingerprint = Annotated[
    str,
    typer.Argument(
        metavar="FINGERPRINT",
        help="The six words, in quotation marks; or what begins with SHA256:, or the 26 letters.",
    ),
]


class Role(StrEnum):
    """What a laptop may do."""

    field = "field"
    deputy = "deputy"
    coordinator = "coordinator"


def register(app: typer.Typer) -> None:
    """Add these commands to the tree."""
    add(devices, "list", list_devices)
    add(devices, "trust", trust)
    add(devices, "revoke", revoke)
    app.add_typer(devices, name="devices")


def list_devices(context: typer.Context, as_json: Json = False) -> None:
    """List the laptops: trusted, shut out, and those that wait to be trusted."""
    from fieldkit.sync.identity import identity
    from fieldkit.sync.roster import Roster

    with session(context).kit() as kit:
        me = identity(kit)
        roster = Roster(kit, me)
        members = [*roster.members.values(), *roster.waiting()]
    if as_json:
        print_json([{**member_dict(one), "this": one.device == me.device} for one in members])
        return
    rows = [[_name(one, me.device), one.role, one.status, one.key.words] for one in members]
    if me.device not in roster.members:
        rows.insert(0, [f"{me.name} (this laptop)", "field", "not confirmed here yet", me.key.public.words])
    print_table(["name", "role", "trust", "fingerprint"], rows)


def _name(member: Member, this: str) -> str:
    # A laptop whose bundles nobody has opened yet has told nobody its name; its words stand there instead.
    name = "(not named yet)" if member.name == member.key.words else member.name
    return f"{name} (this laptop)" if member.device == this else name


def trust(
    context: typer.Context,
    fingerprint: Fingerprint,
    role: Annotated[
        Role | None, typer.Option("--role", help="What it may do; else it only records in the field.")
    ] = None,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What to call it, if not as it calls itself.")
    ] = "",
    as_json: Json = False,
) -> int:
    """Let a laptop in, once its keeper has read out the same fingerprint.

    What it sent before is merged now."""
    from fieldkit.sync import network
    from fieldkit.sync.identity import identity
    from fieldkit.text import clean_line

    with session(context).kit() as kit, progress() as on_progress:
        member, report = network.trust(
            kit,
            identity(kit),
            fingerprint,
            role=role.value if role else "",
            name=clean_line(name),
            on_progress=on_progress,
        )
    if as_json:
        print_json({"device": member_dict(member), "merge": report.as_dict()})
    else:
        say(f"“{member.name}” is trusted ({member.role}).")
        if report.files:
            tell_merge(report)
    return 3 if report.aside else 0


def revoke(context: typer.Context, fingerprint: Fingerprint, as_json: Json = False) -> None:
    """Shut a laptop out: its later bundles are set aside. What it sent before stays."""
    from fieldkit.sync import network
    from fieldkit.sync.identity import identity

    with session(context).kit() as kit:
        member = network.revoke(kit, identity(kit), fingerprint)
    if as_json:
        print_json({"device": member_dict(member)})
    else:
        say(f"“{member.name}” is shut out. Its later bundles will be set aside; what it sent before stays.")


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
