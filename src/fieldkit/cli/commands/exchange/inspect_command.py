"""`fieldkit inspect`: a bundle examined without opening it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.output import iso_time
from fieldkit.cli.parameters import argument
from fieldkit.cli.run_session import Session
from fieldkit.errors import BundleRefused, Misuse, VaultError
from fieldkit.presentation.exchange.merge_report import outcome
from fieldkit.presentation.wording import counted, size_of
from fieldkit.store.db.vault import Vault
from fieldkit.sync.bundle.container import read_container, read_file
from fieldkit.sync.bundle.manifest import Opened, open_container
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.merge.no_bundle import no_bundle
from fieldkit.sync.merge.report import MergedFile
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster
from fieldkit.text import displayed_line

_MOST_RANGES = 10
_PURPOSES = {"records": "a bundle of records", "receipt": "a receipt"}


@command()
def inspect(
    here: Session,
    file: Annotated[Path, argument("FILE", "A bundle, an invitation or a receipt.")],
) -> Answer:
    """Look at a bundle without opening it: who signed it, for which network, how much is in it.

    Works without a kit. With one it also says whether the sender is trusted and what would be new. Nothing
    is stored.
    """
    path = path_of(file)
    content = read_file(path)
    about: dict[str, Any] = {"file": str(path), "size": len(content)}
    try:
        opened = open_container(read_container(content))
    except BundleRefused as error:
        refusal = no_bundle(path, content) or error
        about |= {
            "signature": False,
            "reason": refusal.reason,
            "sentence": refusal.message,
            "hint": refusal.hint,
        }
        return Answer(
            about, [f"{displayed_line(path.name)}: {size_of(len(content))}", refusal.message, refusal.hint], 1
        )
    about |= _outside(opened)
    about["kit"], would = _with_kit(here, opened, path)
    return Answer(about, _lines(path, about, would))


def _outside(opened: Opened) -> dict[str, Any]:
    """What a bundle states without a kit."""
    manifest, key = opened.manifest, opened.signer
    return {
        "signature": True,
        "purpose": manifest.purpose,
        "network": manifest.network,
        "signer": {"id": key.device_id, "fingerprint": key.fingerprint, "words": key.six_words},
        "made": iso_time(manifest.made),
        "number": manifest.number,
        "ops": opened.ops,
        "ranges": [{"origin": span.origin, "from": span.first, "to": span.last} for span in manifest.ranges],
        "recipients": manifest.recipients,
        "sealed": opened.container.sealed,
        "writer": manifest.writer,
    }


def _with_kit(here: Session, opened: Opened, path: Path) -> tuple[dict[str, Any] | None, MergedFile | None]:
    """What the kit knows about the sender, and what a merge would do; both None without a kit that opens."""
    vault = Vault(here.folder)
    if not vault.exists or (vault.locked and here.given_secret() is None):
        return None, None
    try:
        with here.kit() as kit:
            if kit.read_only:
                return None, None  # a dry run merges, then rolls back
            me = identity(kit)
            roster = Roster(kit, me)
            waiting = {member.device: member for member in roster.waiting()}
            member = roster.members.get(opened.signer.device_id) or waiting.get(opened.signer.device_id)
            would = merge(kit, me, [path], dry_run=True).files[0]
            about = {
                "our_network": opened.manifest.network == me.network,
                "sender": {"name": member.name, "role": member.role, "status": member.status}
                if member
                else None,
                "merged_before": kit.ledger.merged_before(opened.id),
                "would": asdict(would),
            }
            return about, would
    except (VaultError, Misuse):
        return None, None


def _lines(path: Path, about: dict[str, Any], would: MergedFile | None) -> list[str]:
    signer, kit, ranges = about["signer"], about["kit"], about["ranges"]
    sealed = f"for {counted(len(about['recipients']), 'coordinator')}" if about["sealed"] else ""
    lines = [
        f"{displayed_line(path.name)}: {_PURPOSES.get(about['purpose'], 'a network file')}, {size_of(about['size'])}",
        "Signature: valid",
        f"Signed by: {signer['words']}",
        f"    {signer['fingerprint']}",
        f"Network: {about['network']}",
        f"Made: {about['made'] or 'unknown (the date is not valid)'}",
        f"Holds: {counted(about['ops'], 'change')}",
        *(f"    {span['origin']} from {span['from']} to {span['to']}" for span in ranges[:_MOST_RANGES]),
        *([f"    … and {len(ranges) - _MOST_RANGES} more"] if len(ranges) > _MOST_RANGES else []),
        f"Encrypted: {sealed or 'no; there is nothing in it that people said'}",
    ]
    if kit is None or would is None:
        return lines
    sender = kit["sender"]
    return [
        *lines,
        f"For this kit's network: {'yes' if kit['our_network'] else 'no'}",
        f"Sender: {sender['name']}, {sender['status']}" if sender else "Sender: not on the roster",
        f"If it were merged: {outcome(would)}",
    ]
