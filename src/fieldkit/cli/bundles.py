"""Bundles: export, inspect, merge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.options import Json, add, session
from fieldkit.cli.output import counted, moment, print_json, progress, say, sized
from fieldkit.cli.session import Session
from fieldkit.errors import BundleRefused, Misuse, VaultError

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.manifest import Opened
    from fieldkit.sync.merge import MergedFile, MergeReport

_ENDING = ".fkb"


def register(app: typer.Typer) -> None:
    """Add these commands to the tree."""
    add(app, "export", export)
    add(app, "inspect", inspect)
    add(app, "merge", merge)


def export(
    context: typer.Context,
    target: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE|DIR", help="Where to write it; else the current folder."),
    ] = Path(),
    full: Annotated[
        bool, typer.Option("--full", help="Everything, also what the coordinator has confirmed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a bundle for the coordinator, signed and encrypted, to be carried by hand.

    It holds everything that the coordinator has not confirmed, so a lost stick costs nothing: export again.
    """
    from fieldkit.sync import export as packing
    from fieldkit.sync.identity import identity

    path = target.expanduser()
    if path.is_file() and path.suffix.lower() != _ENDING:
        raise Misuse(
            f"{path.name} is there already, and it is no bundle.",
            kept="It was left as it is.",
            hint=f"Choose another name; bundles end in {_ENDING}.",
        )
    with session(context).kit() as kit:
        with progress() as on_progress:
            written = packing.export(kit, identity(kit), path, full=full, on_progress=on_progress)
        if as_json:
            bundles = [
                {
                    "path": str(one.path),
                    "number": one.number,
                    "ops": one.ops,
                    "size": one.size,
                    "recipients": one.recipients,
                }
                for one in written
            ]
            print_json({"ops": sum(one.ops for one in written), "bundles": bundles})
            return
        for one in written:
            say(f"Wrote {one.path}: {counted(one.ops, 'change')}, {sized(one.size)}.")
        if not any(one.ops for one in written):
            say("There was nothing new to send; the bundle is empty, and can still be merged.")
        say("Carry it to the coordinator. Only a coordinator can open it.")


def inspect(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A bundle or an invitation.")],
    as_json: Json = False,
) -> int:
    """Look at a bundle without opening it: who signed it, for which network, how much is in it.

    Works without a kit. With one it also says whether the sender is trusted and what would be new. Nothing
    is stored.
    """
    from fieldkit.sync.container import read_container, read_file
    from fieldkit.sync.manifest import open_container

    path = file.expanduser()
    data = read_file(path)
    about: dict[str, Any] = {"file": str(path), "size": len(data)}
    try:
        opened = open_container(read_container(data))
    except BundleRefused as refusal:
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
        "made": moment(manifest.made) if 0 <= manifest.made < 2**47 else None,
        "number": manifest.number,
        "ops": opened.ops,
        "ranges": [{"origin": one.origin, "from": one.first, "to": one.last} for one in manifest.ranges],
        "recipients": manifest.recipients,
        "sealed": opened.container.sealed,
        "writer": manifest.writer,
    }


def _with_kit(here: Session, opened: Opened, path: Path) -> dict[str, Any] | None:
    """What the kit knows of the sender, and what a merge would do; None without a kit that opens."""
    from fieldkit.store.vault import Vault
    from fieldkit.sync.identity import identity
    from fieldkit.sync.merge import merge as merge_files
    from fieldkit.sync.roster import Roster

    vault = Vault(here.folder)
    if not vault.exists or (vault.locked and here.given_secret() is None):
        return None
    try:
        with here.kit() as kit:
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
                "would": _as_dict(would),
            }
    except (VaultError, Misuse):
        return None


def _as_dict(one: MergedFile) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(one)


def _tell_inspected(path: Path, about: dict[str, Any]) -> None:
    what = {"records": "a bundle of records", "invitation": "an invitation"}[about["purpose"]]
    signer, kit = about["signer"], about["kit"]
    sealed = counted(len(about["recipients"]), "coordinator") if about["sealed"] else ""
    say(
        f"{path.name}: {what}, {sized(about['size'])}",
        "Signature: it holds",
        f"Signed by: {signer['words']}",
        f"    {signer['fingerprint']}",
        f"Network: {about['network']}",
        f"Made: {about['made'] or 'at no time that can be'}",
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
    say(f"If it were merged: {_became(kit['would'])}")


def _became(one: dict[str, Any]) -> str:
    """What became of one file, in words."""
    if one["status"] == "set aside":
        return f"set aside. {one['sentence']}"
    if one["status"] == "nothing new":
        return "nothing new"
    clashes = f", {counted(one['new_conflicts'], 'new clash', 'new clashes')}" if one["new_conflicts"] else ""
    return (
        f"{counted(one['new_ops'], 'new change')}: {counted(one['new_records'], 'new record')}, "
        f"{counted(one['changed_records'], 'changed record')}{clashes}"
    )


def merge(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|DIR…", help="Bundles, invitations, or folders that hold them."),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and store nothing.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Take in bundles. The same one again, in any order, changes nothing.

    A file that can't be accepted is set aside whole, with its reason; the others are merged. Then the exit
    code is 3.
    """
    from fieldkit.sync import merge as merging
    from fieldkit.sync.identity import identity

    with session(context).kit() as kit:
        me = identity(kit)
        files = _found(kit, [path.expanduser() for path in paths])
        with progress() as on_progress:
            report = merging.merge(kit, me, files, dry_run=dry_run, on_progress=on_progress)
    if as_json:
        print_json(report.as_dict())
    else:
        tell_merge(report)
    return 3 if report.aside else 0


def _found(kit: Kit, paths: list[Path]) -> list[Path]:
    """The files to merge; a folder that holds the kit itself does not bring what the kit has set aside."""
    from fieldkit.sync.merge import files_in, quarantine_folder

    ours = quarantine_folder(kit).resolve()
    files = files_in(paths)
    return [path for path in files if path in paths or path.resolve().parent != ours]


def tell_merge(report: MergeReport) -> None:
    """A line for each file, what to do about those set aside, and the totals."""
    for one in report.files:
        sender = f" from {one.device}" if one.device else ""
        say(f"{one.name}{sender}: {_became(_as_dict(one))}")
        if one.status == "set aside":
            say(*(f"    {part}" for part in (one.kept, one.hint) if part))
    told = report.as_dict()
    lead = "Nothing was stored. It would be: " if report.dry_run else ""
    said = (
        f"{told['merged']:,} merged",
        f"{told['nothing_new']:,} with nothing new",
        f"{told['set_aside']:,} set aside",
        counted(told["new_records"], "new record"),
        counted(told["changed_records"], "changed record"),
        counted(told["new_conflicts"], "new clash", "new clashes"),
    )
    say(f"{lead}{counted(len(report.files), 'file')}: {', '.join(said)}.")
    if told["new_conflicts"] and not report.dry_run:
        say("See the clashes with: fieldkit conflicts")
