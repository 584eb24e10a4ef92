"""`fieldkit network`: starting a network, inviting laptops to it, its rules."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import target_of
from fieldkit.cli.new_kit import ask_lead, check_names, new_kit_answer, new_or_begun
from fieldkit.cli.options import DeviceName, NoPassphrase, SafeguardingLead, add, new_app
from fieldkit.cli.output import note
from fieldkit.cli.parameters import argument, option
from fieldkit.cli.run_session import Session, look_before_writing
from fieldkit.errors import Misuse
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.stall.head_count_groups import group_codes, group_labels
from fieldkit.presentation.wording import counted
from fieldkit.store.kit import Kit
from fieldkit.sync.export import export, unpublished
from fieldkit.sync.network import network_rules
from fieldkit.sync.network.identity import identity
from fieldkit.sync.setup import create_network

#: Option -> the rule that it sets.
_NAMES = {
    "retention": "retention_months",
    "confirm": "confirm_days",
    "backup": "backup_days",
    "lock": "lock_minutes",
    "groups": "head_count_groups",
}

network = new_app("Start a network, invite laptops to it, set its rules.")


@command()
def create(
    here: Session,
    as_json: bool,
    name: Annotated[str, argument("NAME", "What the network is called.")],
    device: DeviceName = "Coordinator",
    no_passphrase: NoPassphrase = False,
    lead: SafeguardingLead = None,
) -> Answer:
    """Start a network. This laptop becomes its coordinator's.

    If it was interrupted, the same command goes on where it stopped.
    """
    check_names(device, name)
    kit, code = new_or_begun(here, no_passphrase, as_json, (name, device))
    with kit:
        me = create_network(kit, name, device)
        ask_lead(kit, lead)
        look_before_writing(kit, asks=False)
        return new_kit_answer(
            here,
            me,
            code,
            f"The network “{me.network_name}” is set up.",
            ["Next, invite the other laptops: fieldkit network invite -o FILE.fkn"],
        )


@command()
def invite(
    kit: Kit,
    as_json: bool,
    out: Annotated[str, option("--out -o", "FILE.fkn", "Where to write it: a file, or a folder.")],
) -> Answer:
    """Write the network file (invitation), to be carried to other laptops.

    It holds partners, events, the network's terms and its laptops, signed but not encrypted, and nobody's
    words. Those who joined earlier can merge a new one to have later additions.
    """
    me = identity(kit)
    held = kit.ledger.origins()
    path = export.invite(kit, me, target_of(out, ".fkn", "a network file"))
    unpublished.note_written(kit, held)
    parts, key = export.parts_of(path), me.key.public
    if len(parts) > 1 and not as_json:
        note(
            f"The network fills {len(parts)} files: join with the first, then merge the others, {parts[1].name} and on."
        )
    return Answer(
        {
            "path": str(path),
            "parts": [str(part) for part in parts],
            "fingerprint": key.fingerprint,
            "words": key.six_words,
        },
        [
            f"Wrote the network file: {path}",
            f"Whoever joins is shown your fingerprint; read it out to them: {key.six_words}",
        ],
    )


@command(writes=lambda options: any(options[name] is not None for name in _NAMES))
def rules(
    kit: Kit,
    retention: Annotated[
        int | None,
        option(
            "--retention-months",
            "N",
            "Months after which free text is taken out of records; 0 keeps it for good.",
            min=0,
            max=600,
        ),
    ] = None,
    confirm: Annotated[
        int | None,
        option(
            "--confirm-days",
            "N",
            "Days that changes may wait for a receipt before the kit warns.",
            min=1,
            max=365,
        ),
    ] = None,
    backup: Annotated[
        int | None,
        option(
            "--backup-days",
            "N",
            "Days that the last tested backup may be old before the kit warns.",
            min=1,
            max=3650,
        ),
    ] = None,
    lock: Annotated[
        int | None,
        option(
            "--lock-minutes",
            "N",
            "Minutes without a key after which a laptop's screen locks.",
            min=1,
            max=120,
        ),
    ] = None,
    groups: Annotated[
        str | None,
        option(
            "--groups",
            "GROUPS",
            "Groups that the stall board counts, such as `patients; carers`; `usual` for the usual ones.",
        ),
    ] = None,
) -> Answer:
    """Show the network's rules, or set them: a coordinator's laptop sets them for everybody."""
    codes = group_codes(kit, groups) if groups is not None else None
    values = dict(zip(_NAMES.values(), (retention, confirm, backup, lock, codes), strict=True))
    given = {name: value for name, value in values.items() if value is not None}
    held = network_rules.rules(kit)
    if given:
        if not DeviceNames(kit).coordinating:
            raise Misuse(
                "Only a coordinator's laptop can set the network's rules.", kept="Nothing was changed."
            )
        # Setting the time that is shown decides for it where coordinators disagree.
        disputed = {"retention_months"} if network_rules.time_disputed(kit) else set()
        changes: dict[str, Any] = {
            name: value or None
            for name, value in given.items()
            if name in disputed or value != getattr(held, name)
        }
        held = network_rules.set_rules(kit, identity(kit), **changes) if changes else held
    months = held.retention_months
    lines = [
        f"Free text is kept {counted(months, 'month')}." if months else "Free text is kept for good.",
        f"Changes may wait {counted(held.confirm_days, 'day')} for a receipt before the kit warns.",
        f"The last tested backup may be {counted(held.backup_days, 'day')} old before the kit warns.",
        f"A screen locks after {counted(held.lock_minutes, 'minute')} without a key.",
        f"The stall board counts {'; '.join(group_labels(kit))}.",
    ]
    if given:
        lines.append(
            "The other laptops have this with the next network file: fieldkit network invite -o FILE.fkn"
        )
    return Answer(asdict(held), lines)


add(network, "create", create)
add(network, "invite", invite)
add(network, "rules", rules)
