"""`fieldkit status`: what this kit holds, what has not arrived yet, and what needs attention."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.output import device_as_data, iso_time, say
from fieldkit.cli.receipt_lines import unconfirmed_as_data, unconfirmed_line
from fieldkit.presentation.exchange.devices import ALONE, ROLES
from fieldkit.presentation.wording import COPIED, counted, date_and_time
from fieldkit.records.schema.kind import kinds
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import BACKUP, IDENTITY, WAS_COPIED
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.location import doubt_clock
from fieldkit.sync.network.network_rules import rules
from fieldkit.sync.network.roster import COORDINATING, Roster
from fieldkit.sync.peers.own_status import REVOKED_SENTENCE, has_lost, lost_sentence, trust_status
from fieldkit.sync.receipts.receipts import Unconfirmed, receipts, unconfirmed

_DAY = 86_400_000


@command()
def status(kit: Kit) -> Answer:
    """What this kit holds, what has not arrived yet, and whose it is."""
    facts = _status(kit)
    return Answer(facts, lambda: _print_status(facts, kit.clock()))


def _status(kit: Kit) -> dict[str, Any]:
    sent = kit.ledger.sent()
    backup = kit.settings.get(BACKUP)
    facts: dict[str, Any] = {
        "folder": str(kit.folder),
        "passphrase": KeyFiles(kit.folder).locked,
        "network": None,
        "device": None,
        "counts": kit.counts(),
        "unsent": 0,
        "oldest_unsent": None,
        "oldest_unsent_stamp": None,
        "unconfirmed": {"ops": 0, "oldest": None, "stamp": None},
        "receipts": [],
        "last_export": (
            {
                "number": sent[0].number,
                "name": sent[0].name,
                "at": iso_time(sent[0].made),
                "stamp": sent[0].made,
                "ops": sent[0].ops,
            }
            if sent
            else None
        ),
        "backup": (
            {
                "name": backup["name"],
                "made": iso_time(backup["made"]),
                "tested": iso_time(backup["proven"]),
                "stamp": backup["proven"] or None,
            }
            if backup
            else None
        ),
        "rules": asdict(rules(kit)),
        "was_copied": iso_time(kit.settings.get(WAS_COPIED)),
        "clock_doubt": doubt_clock(kit) or None,
        "conflicts": kit.conflict_count(),
        "quarantine": len(kit.ledger.quarantine()),
        "drafts": len(kit.drafts.all()),
        "state_hash": kit.state_hash(),
    }
    if kit.settings.get(IDENTITY) is None:
        return facts
    me = identity(kit)
    roster = Roster(kit, me)
    unsent = kit.ledger.unsent(kit.origin)
    return facts | {
        "network": {"id": me.network, "name": me.network_name},
        "device": {**device_as_data(me), "role": roster.my_role, "status": trust_status(roster)},
        "lost_changes": has_lost(kit, roster),
        "unsent": unsent.ops,
        "oldest_unsent": iso_time(unsent.oldest),
        "oldest_unsent_stamp": unsent.oldest or None,
        "unconfirmed": unconfirmed_as_data(unconfirmed(kit, me)),
        "confirmable": bool(roster.above()),
        "receipts": [
            {
                "coordinator": roster.name_of(receipt.device),
                "id": receipt.device,
                "at": iso_time(receipt.made),
                "stamp": receipt.made,
            }
            for receipt in receipts(kit)
        ],
        "waiting": len(roster.waiting()),
    }


def _print_status(facts: dict[str, Any], now: int) -> None:
    if facts["network"] is None:
        say("This kit belongs to no network yet. Start one with: fieldkit network create NAME")
    else:
        device = facts["device"]
        say(
            f"{device['name']} ({ROLES.get(device['role'], device['role'])}), in the network “{facts['network']['name']}”"
        )
        if device["status"] == "revoked":
            say(REVOKED_SENTENCE)
        if facts["lost_changes"]:
            say(lost_sentence(ALONE))
        say(f"Six words (fingerprint): {device['words']}", f"    {device['fingerprint']}")
    _print_held(facts["counts"])
    if (
        facts["network"] is None or facts["device"]["role"] not in COORDINATING
    ):  # the others send to a coordinator
        oldest = facts["oldest_unsent_stamp"]
        since = f", the oldest from {date_and_time(oldest)}" if oldest else ""
        say(f"Unsent: {counted(facts['unsent'], 'change')}{since}")
    last = facts["last_export"]
    say(f"Last export: {last['name']}, {date_and_time(last['stamp'])}" if last else "Last export: none yet")
    _print_confirmed(facts, now)
    for number, singular, plural, hint in (
        (facts["conflicts"], "conflict", "conflicts", "fieldkit conflicts"),
        (facts["quarantine"], "file in quarantine", "files in quarantine", "fieldkit quarantine"),
        (
            facts.get("waiting", 0),
            "laptop waits to be trusted",
            "laptops wait to be trusted",
            "fieldkit devices list",
        ),
        (facts["drafts"], "unfinished entry", "unfinished entries", "fieldkit"),
    ):
        if number:
            say(f"{counted(number, singular, plural)}: see {hint}")
    _print_backup(facts, now)
    if facts["was_copied"]:
        say(COPIED)
    if facts["clock_doubt"]:
        say(facts["clock_doubt"])
    if not facts["passphrase"]:
        say("This kit has no passphrase: whoever has this laptop can read it.")
    say(f"State: {facts['state_hash']}", f"Kit: {facts['folder']}")


def _print_held(counts: dict[str, int]) -> None:
    known = kinds()
    held = [
        known[name].counted(number) if name in known else f"{number:,} {name}"
        for name, number in counts.items()
        if number
    ]
    say(f"Held: {', '.join(held) or 'nothing yet'}")


def _print_confirmed(facts: dict[str, Any], now: int) -> None:
    """What no coordinator has confirmed; nothing on the only coordinator's laptop, since nobody confirms its changes."""
    waiting, days = facts["unconfirmed"], facts["rules"]["confirm_days"]
    if facts.get("confirmable"):
        if not waiting["ops"]:
            say("Every change is confirmed.")
        else:
            late = waiting["stamp"] and now - waiting["stamp"] > days * _DAY
            say(unconfirmed_line(Unconfirmed(waiting["ops"], waiting["stamp"] or 0), now))
            if late:
                say(
                    f"    That is longer than {counted(days, 'day')}: carry a bundle to the coordinator soon."
                )
    for receipt in facts["receipts"]:
        say(f"Last receipt from {receipt['coordinator']}: {date_and_time(receipt['stamp'])}")


def _print_backup(facts: dict[str, Any], now: int) -> None:
    backup, days = facts["backup"], facts["rules"]["backup_days"]
    if backup and backup["stamp"]:
        say(f"Last tested backup: {backup['name']}, {date_and_time(backup['stamp'])}")
        if now - backup["stamp"] <= days * _DAY:
            return
        say(f"    That is longer than {counted(days, 'day')}: fieldkit backup -o FILE.fkbackup --test")
        return
    say("Last tested backup: none yet. Make one with: fieldkit backup -o FILE.fkbackup --test")
