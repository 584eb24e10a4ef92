"""`fieldkit devices`: the laptops of the network, trusting them and revoking them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.device_arguments import called, demand_other, laptop_named
from fieldkit.cli.merge_lines import print_merge
from fieldkit.cli.options import Yes, add, new_app
from fieldkit.cli.output import iso_time, print_table, progress, say
from fieldkit.cli.parameters import argument, flag, option
from fieldkit.cli.prompts import ask_yes, at_keyboard, demand_yes
from fieldkit.errors import Misuse
from fieldkit.presentation.exchange.devices import ROLES, Laptop, laptops, one_copy_sentence
from fieldkit.presentation.exchange.flood_texts import DROPPED_SENTENCE, flood_sentence
from fieldkit.presentation.exchange.roster_change_texts import carried_sentence, change_lines, undone_sentence
from fieldkit.store.kit import Kit
from fieldkit.sync import setup
from fieldkit.sync.network.floods import drop_flood, flood_of
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Member, Roster
from fieldkit.sync.peers.known_replicas import retire_others
from fieldkit.sync.peers.roster_changes import carried_changes, roster_changes, undo_roster_changes
from fieldkit.text import clean_line, quoted

_RECEIPT = "fieldkit receipt -o DIR"

devices = new_app("The laptops of the network, and which of them are trusted.")

Fingerprint = Annotated[
    str,
    argument(
        "FINGERPRINT", "The six words, in quotation marks; or what begins with SHA256:, or the 26 characters."
    ),
]


@command()
def list_devices(kit: Kit) -> Answer:
    """List the laptops: trusted, revoked, and those that wait to be trusted.

    On a coordinator's laptop also when a bundle of each was last merged, which of its changes are missing, and which laptop's
    folder was copied.
    """
    me = identity(kit)
    listed = laptops(kit, me)

    def table() -> None:
        rows = [
            [called(laptop.member, me.device), laptop.role, laptop.status, laptop.member.key.six_words]
            for laptop in listed.rows
        ]
        if not any(laptop.own for laptop in listed.rows):
            fingerprint = me.key.public.six_words
            rows.insert(
                0, [f"{me.name} (this laptop)", ROLES["field"], "not confirmed here yet", fingerprint]
            )
        print_table(["laptop", "role", "trust", "six words (fingerprint)"], rows)
        for laptop in listed.rows if listed.coordinating else ():
            if not laptop.own and not laptop.member.waiting:
                sentences = [sentence for _, sentence in laptop.sentences(listed.now, _RECEIPT)]
                say(f"{clean_line(laptop.name)}: {' '.join(sentences) or 'no bundle merged yet'}")

    return Answer(
        [
            {
                **_as_data(laptop.member),
                "this": laptop.own,
                **(_arrivals_as_data(laptop) if listed.coordinating else {}),
            }
            for laptop in listed.rows
        ],
        table,
    )


def _arrivals_as_data(laptop: Laptop) -> dict[str, Any]:
    came, several = laptop.arrivals, laptop.arrivals.copies
    return {
        "last_heard": iso_time(came.last_heard),
        "stamp": came.last_heard or None,
        "missing": [{"origin": gap.origin, "from": gap.first, "to": gap.last} for gap in came.missing],
        "copied": came.copied or None,
        "copies": several.number if several else 1,
        "copied_on": iso_time(several.since) if several else None,
    }


def _role(typed: str) -> str:
    """A role as it was typed.

    Raises:
        Misuse: there is no such role.
    """
    role = typed.strip().casefold()
    if role not in ROLES:
        raise Misuse(
            f"There is no role {quoted(typed, 40)}.",
            kept="Nothing was changed.",
            hint=f"The roles are: {', '.join(ROLES)}.",
        )
    return role


@command(writes=True)
def role(
    kit: Kit,
    fingerprint: Fingerprint,
    role: Annotated[str, argument("ROLE", f"What it may do from now on: {', '.join(ROLES)}.")],
) -> Answer:
    """Change what a trusted laptop may do. Bundles are sealed to every coordinator and deputy.

    A deputy does all that a coordinator does, and can take over.
    """
    wanted, me = _role(role), identity(kit)
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
    return Answer(
        {"device": _as_data(member)},
        [
            f"“{member.shown}” is now: {ROLES[member.role]}.",
            "The other laptops learn this from the next network file: fieldkit network invite -o FILE.fkn",
        ],
    )


@command(writes=True)
def trust(
    kit: Kit,
    fingerprint: Fingerprint,
    role: Annotated[
        str, option("--role", "|".join(ROLES), "What it may do; else it only records in the field.")
    ] = "",
    name: Annotated[str, option("--name", "NAME", "What to call it, if not as it calls itself.")] = "",
) -> Answer:
    """Trust a laptop, once its user has read out the same fingerprint.

    What it sent before is merged now."""
    wanted = _role(role) if role else ""
    with progress() as on_progress:
        member, report = setup.trust(
            kit, identity(kit), fingerprint, role=wanted, name=clean_line(name), on_progress=on_progress
        )

    def lines() -> None:
        say(f"“{member.shown}” is trusted ({ROLES.get(member.role, member.role)}).")
        if report.files:
            print_merge(report)

    return Answer(
        {"device": _as_data(member), "merge": report.as_dict()}, lines, 3 if report.quarantined else 0
    )


@command(writes=True)
def revoke(
    kit: Kit,
    fingerprint: Fingerprint,
    as_json: bool,
    undo: Annotated[
        bool, flag("--undo", "Undo what it changed in the roster and the network's rules, too.")
    ] = False,
    undo_carried: Annotated[
        bool,
        flag(
            "--undo-carried",
            "Undo also changes in its bundles that were made under other laptops' names. Ask them first.",
        ),
    ] = False,
) -> Answer:
    """Revoke a laptop: its later bundles are quarantined. What it sent before stays.

    What a deputy changed in the roster and the network's rules is listed, and can be undone. Such changes that came in its
    bundles under the names of other laptops are listed apart, unless those laptops confirmed them.
    """
    me = identity(kit)
    roster = Roster(kit, me)
    member = laptop_named(roster, fingerprint)
    demand_other(member, roster, "revoke itself")
    member = setup.revoke(kit, me, member.key.fingerprint)
    changes = roster_changes(kit, me, member.device)
    carried = carried_changes(kit, me, member.device)
    lines = [
        f"“{member.shown}” is revoked. Its later bundles will be quarantined; what it sent before stays."
    ]
    again = f"fieldkit devices revoke {member.key.fingerprint}"
    if changes:
        lines += ["It changed the roster or the rules:", *(f"    {line}" for line in change_lines(changes))]
    if changes and not undo and not as_json and at_keyboard():
        say(*lines)
        lines, undo = [], ask_yes("Undo these changes? y or n: ")
    if changes and undo:
        number, changes = undo_roster_changes(kit, me, changes), []
        lines.append(undone_sentence(number))
    elif changes:
        lines.append(f"Undo them with: {again} --undo")
    if carried:
        lines += [carried_sentence(member.name), *(f"    {line}" for line in change_lines(carried))]
    if carried and undo_carried:
        number, carried = undo_roster_changes(kit, me, carried), []
        lines.append(undone_sentence(number))
    elif carried:
        lines.append(f"Undo them with: {again} --undo-carried")
    return Answer(
        {
            "device": _as_data(member),
            "roster_changes": [asdict(change) for change in changes],
            "carried_changes": [asdict(change) for change in carried],
        },
        lines,
    )


@command(writes=True)
def drop(kit: Kit, fingerprint: Fingerprint, yes: Yes = False) -> Answer:
    """Drop the partners, events, terms and withdrawals of a laptop that flooded the network with them.

    What other laptops have worked on stays. What is dropped can't be restored; the next network file drops it everywhere.
    """
    me = identity(kit)
    roster = Roster(kit, me)
    member = laptop_named(roster, fingerprint)
    demand_other(member, roster, "drop what it added itself")
    flood = flood_of(kit, me, member.device)
    if not flood.changes:
        return Answer(
            {"device": _as_data(member), "dropped": {}}, ["It has added nothing that can be dropped."]
        )
    demand_yes(f"{flood_sentence(member.shown, flood)} Drop all of it, everywhere?", yes)
    flood = drop_flood(kit, me, member.device)
    return Answer({"device": _as_data(member), "dropped": flood.records}, [DROPPED_SENTENCE])


@command(writes=True)
def alone(kit: Kit, fingerprint: Fingerprint) -> Answer:
    """Say that of a laptop's copies one is left: the one that was heard last.

    Erasures are waited for from no other then. One of the others that sends again counts again.
    """
    member = laptop_named(Roster(kit, identity(kit)), fingerprint)
    left = retire_others(kit, member.device)
    return Answer({"device": _as_data(member), "left_out": left}, [one_copy_sentence(member.shown, left)])


def _as_data(member: Member) -> dict[str, Any]:
    return {
        "id": member.device,
        "name": member.name,
        "role": member.role,
        "status": member.status,
        "fingerprint": member.key.fingerprint,
        "words": member.key.six_words,
    }


for _name, _command in (
    ("list", list_devices),
    ("trust", trust),
    ("role", role),
    ("revoke", revoke),
    ("alone", alone),
    ("drop", drop),
):
    add(devices, _name, _command)
