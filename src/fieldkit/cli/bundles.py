"""Bundles: export, and a look at one from outside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.file_arguments import path_of, target_of
from fieldkit.cli.merging import became
from fieldkit.cli.options import Json, session
from fieldkit.cli.output import counted, moment, print_json, progress, say, sized
from fieldkit.cli.receiving import unconfirmed_dict, unconfirmed_words
from fieldkit.cli.run_session import Session
from fieldkit.errors import BundleRefused, Misuse, VaultError

if TYPE_CHECKING:
    from fieldkit.sync.bundle.manifest import Opened

_ENDING = ".fkb"


def export(
    context: typer.Context,
    out: Annotated[
        str,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE|DIR",
            help="Where to write it; else the current folder. A name that ends in / is a folder, made if need be.",
        ),
    ] = ".",
    full: Annotated[
        bool, typer.Option("--full", help="Everything, also what the coordinator has confirmed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a bundle for the coordinator, signed and encrypted, to be carried by hand.

    It holds everything that the coordinator has not confirmed, so a lost stick costs nothing: export again.
    """
    from fieldkit.sync.export import export as packing
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster
    from fieldkit.sync.peers.own_status import REVOKED, SHUT_OUT, standing

    with session(context).kit(writes=True, asks=False, to_read=True) as kit:
        me = identity(kit)
        path = target_of(out, _ENDING, "a bundle")
        with progress() as on_progress:
            written = packing.export(kit, me, path, full=full, on_progress=on_progress)
        waiting = unconfirmed_dict(kit, me)
        roster = Roster(kit, me)
        revoked = standing(roster) == REVOKED
        if as_json:
            bundles = [
                {
                    "path": str(one.path),
                    "number": one.number,
                    "ops": one.ops,
                    "size": one.size,
                    "recipients": one.recipients,
                    "cannot_open": list(one.unreadable),
                }
                for one in written
            ]
            print_json(
                {
                    "ops": sum(one.ops for one in written),
                    "bundles": bundles,
                    "unconfirmed": waiting,
                    "shut_out": revoked,
                }
            )
            return
        for one in written:
            say(f"Wrote {one.path}: {counted(one.ops, 'change')}, {sized(one.size)}.")
        if not any(one.ops for one in written):
            say("There was nothing new to send; the bundle is empty, and can still be merged.")
        say(SHUT_OUT if revoked else "Carry it to the coordinator. Only a coordinator can open it.")
        for name in sorted({name for one in written for name in one.unreadable}):
            say(
                f"“{name}” can't open it: the key we have for that laptop is not valid. Let another coordinator merge it."
            )
        if waiting["ops"] and not roster.coordinating:
            say(
                f"{unconfirmed_words(waiting, kit.clock())}: "
                "each bundle takes them again until the coordinator's receipt is merged here."
            )


def inspect(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A bundle, an invitation or a receipt.")],
    as_json: Json = False,
) -> int:
    """Look at a bundle without opening it: who signed it, for which network, how much is in it.

    Works without a kit. With one it also says whether the sender is trusted and what would be new. Nothing
    is stored.
    """
    from fieldkit.sync.bundle.container import read_container, read_file
    from fieldkit.sync.bundle.manifest import open_container
    from fieldkit.sync.merge.no_bundle import no_bundle

    path = path_of(file)
    data = read_file(path)
    about: dict[str, Any] = {"file": str(path), "size": len(data)}
    try:
        opened = open_container(read_container(data))
    except BundleRefused as found:
        refusal = no_bundle(path, data) or found
        about |= {
            "signature": False,
            "reason": refusal.reason,
            "sentence": refusal.message,
            "hint": refusal.hint,
        }
        if as_json:
            print_json(about)
        else:
            say(f"{path.name}: {sized(len(data))}", refusal.message, refusal.hint)
        return 1
    about |= _outside(opened)
    about["kit"] = _with_kit(session(context), opened, path)
    if as_json:
        print_json(about)
    else:
        _tell_inspected(path, about)
    return 0


def _outside(opened: Opened) -> dict[str, Any]:
    """What can be told without any kit."""
    manifest, key = opened.manifest, opened.signer
    return {
        "signature": True,
        "purpose": manifest.purpose,
        "network": manifest.network,
        "signer": {"id": key.device_id, "fingerprint": key.fingerprint, "words": key.words},
        "made": moment(manifest.made),
        "number": manifest.number,
        "ops": opened.ops,
        "ranges": [{"origin": one.origin, "from": one.first, "to": one.last} for one in manifest.ranges],
        "recipients": manifest.recipients,
        "sealed": opened.container.sealed,
        "writer": manifest.writer,
    }


def _with_kit(here: Session, opened: Opened, path: Path) -> dict[str, Any] | None:
    """What the kit knows of the sender, and what a merge would do; None without a kit that opens."""
    from dataclasses import asdict

    from fieldkit.store.db.vault import Vault
    from fieldkit.sync.merge.merge import merge as merge_files
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster

    vault = Vault(here.folder)
    if not vault.exists or (vault.locked and here.given_secret() is None):
        return None
    try:
        with here.kit() as kit:
            if kit.read_only:
                return None  # what a merge would do is found out by merging and taking that back
            me = identity(kit)
            roster = Roster(kit, me)
            waiting = {member.device: member for member in roster.waiting()}
            member = roster.members.get(opened.signer.device_id) or waiting.get(opened.signer.device_id)
            would = merge_files(kit, me, [path], dry_run=True).files[0]
            return {
                "our_network": opened.manifest.network == me.network,
                "sender": {"name": member.name, "role": member.role, "status": member.status}
                if member
                else None,
                "merged_before": kit.ledger.merged_before(opened.id),
                "would": asdict(would),
            }
    except (VaultError, Misuse):
        return None


def _tell_inspected(path: Path, about: dict[str, Any]) -> None:
    what = {"records": "a bundle of records", "receipt": "a receipt"}.get(about["purpose"], "a network file")
    signer, kit = about["signer"], about["kit"]
    sealed = counted(len(about["recipients"]), "coordinator") if about["sealed"] else ""
    say(
        f"{path.name}: {what}, {sized(about['size'])}",
        "Signature: it holds",
        f"Signed by: {signer['words']}",
        f"    {signer['fingerprint']}",
        f"Network: {about['network']}",
        f"Made: {about['made'] or 'unknown (the time is not valid)'}",
        f"Holds: {counted(about['ops'], 'change')}",
        *(f"    {one['origin']} from {one['from']} to {one['to']}" for one in about["ranges"][:10]),
        f"Encrypted: {f'for {sealed}' if sealed else 'no; it holds nobody’s words'}",
    )
    if len(about["ranges"]) > 10:
        say(f"    … and {len(about['ranges']) - 10} more")
    if kit is None:
        return
    sender = kit["sender"]
    say(f"For this kit's network: {'yes' if kit['our_network'] else 'no'}")
    say(f"Sender: {sender['name']}, {sender['status']}" if sender else "Sender: not on the roster")
    say(f"If it were merged: {became(kit['would'])}")
