"""Setting up: a network, an invitation, joining, the demonstration."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.file_arguments import path_of, target_of
from fieldkit.cli.options import DeviceName, Json, NoPassphrase, add, new_app, session
from fieldkit.cli.output import moment, note, print_json, say
from fieldkit.cli.rules import rules
from fieldkit.cli.run_session import Session, look_before_writing
from fieldkit.errors import FieldkitError, Misuse

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity

network = new_app("Start a network, invite laptops to it, set its rules.")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the network is called.")],
    device: DeviceName = "Coordinator",
    no_passphrase: NoPassphrase = False,
    as_json: Json = False,
) -> None:
    """Start a network. This laptop becomes its coordinator's.

    If it was interrupted, the same command goes on where it stopped.
    """
    from fieldkit.sync.setup import create_network

    _check_names(device, name)
    here = session(context)
    kit, code = _new_or_begun(here, no_passphrase, (name, device))
    with kit:
        me = _or_keep(code, lambda: create_network(kit, name, device))
        look_before_writing(kit, asks=False)
        _report(here, me, code, as_json, f"The network “{me.network_name}” is set up.")
        if not as_json:
            say("Next, invite the other laptops: fieldkit network invite -o FILE.fkn")


def invite(
    context: typer.Context,
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE.fkn", help="Where to write it: a file, or a folder.")
    ],
    as_json: Json = False,
) -> None:
    """Write the network file (invitation), to be carried to other laptops.

    It holds partners, events, the network's terms and its laptops, signed but not encrypted, and nobody's
    words. Those who joined earlier can merge a new one to have later additions.
    """
    from fieldkit.sync.export import export, unpublished
    from fieldkit.sync.network.identity import identity

    with session(context).kit() as kit:
        me = identity(kit)
        held = kit.ledger.origins()
        path = export.invite(kit, me, target_of(out, ".fkn", "a network file"))
        unpublished.note_written(kit, held)
        parts = export.parts_of(path)
        key = me.key.public
        if as_json:
            said = {"path": str(path), "parts": [str(part) for part in parts]}
            print_json({**said, "fingerprint": key.fingerprint, "words": key.words})
            return
        if len(parts) > 1:
            note(
                f"The network fills {len(parts)} files: join with the first, then merge the others, {parts[1].name} and on."
            )
        say(
            f"Wrote the network file: {path}",
            f"Whoever joins is shown your fingerprint; read it out to them: {key.words}",
        )


def join(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.fkn", help="The invitation.")],
    name: DeviceName,
    no_passphrase: NoPassphrase = False,
    as_json: Json = False,
) -> None:
    """Join a network with the invitation of its coordinator."""
    from fieldkit.presentation.invitations import age_of_invitation
    from fieldkit.sync import setup as networks

    _check_names(name)
    here = session(context)
    path = path_of(file)
    invitation = networks.read_invitation(path)
    kit, code = _new_or_begun(here, no_passphrase, (name, invitation.network_name))
    with kit:
        me = _or_keep(code, lambda: networks.join(kit, path, name))
        look_before_writing(kit, asks=False)
        more = {
            "coordinator": {"fingerprint": invitation.fingerprint, "words": invitation.words},
            "invitation_made": moment(invitation.made),
        }
        _report(here, me, code, as_json, f"This laptop has joined “{me.network_name}”.", more)
        if not as_json:
            say(
                *age_of_invitation(invitation.made, kit.clock()),
                f"The coordinator's fingerprint is: {invitation.words}",
                "Ask the coordinator to read theirs out. If it differs, this invitation is not from them.",
            )


def demo(
    context: typer.Context,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep", metavar="DIR", help="Build it in this folder and leave it there, without opening it."
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Try the kit on demonstration data, in a folder that is thrown away at the end."""
    import tempfile

    here = session(context)
    if keep is not None:
        _build_demo(path_of(keep))
        if as_json:
            print_json({"folder": str(path_of(keep))})
        else:
            say(f"The demonstration is in {keep}. Open it with: fieldkit --kit {keep}")
        return 0
    if as_json:
        raise Misuse(
            "With --json, say where the demonstration is to be kept.", hint="fieldkit demo --keep DIR --json"
        )
    here.demand_terminal()
    assert here.open_app is not None
    with tempfile.TemporaryDirectory(prefix="fieldkit-demo-", ignore_cleanup_errors=True) as parent:
        folder = Path(parent) / "kit"
        note("Making the demonstration …")
        _build_demo(folder)
        return here.open_app(folder, None, True)


def _build_demo(folder: Path) -> None:
    from fieldkit.cli.output import progress
    from fieldkit.demo import build

    with progress() as on_progress:
        build(folder, on_progress).close()


def _check_names(*names: str) -> None:
    """Raises Misuse for a name that the network would not take, before anything is made."""
    from fieldkit.sync.network.identity import LONGEST_NAME
    from fieldkit.text import clean_line

    for name in names:
        if not clean_line(name):
            raise Misuse("A name is needed.", kept="Nothing was made.", hint="Such as: St Mary's laptop 1")
        if len(clean_line(name)) > LONGEST_NAME:
            raise Misuse(f"A name can have {LONGEST_NAME} letters at the most.", kept="Nothing was made.")


def _new_or_begun(here: Session, no_passphrase: bool, names: Iterable[str]) -> tuple[Kit, str]:
    """A new kit with its recovery code, or the one that an interrupted set-up left, with ""."""
    from fieldkit.store.db.vault import Vault
    from fieldkit.store.kit import Kit

    vault = Vault(here.folder)
    if not vault.exists:
        return Kit.create(here.folder, None if no_passphrase else here.new_passphrase(), names)
    kit = here.open_kit()
    if kit.desk.setting("identity") is not None:
        kit.close()
        raise Misuse(
            f"The kit in {here.folder} belongs to a network already.",
            kept="It was left as it is.",
            hint="Use another folder: fieldkit --kit DIR …",
        )
    return kit, ""


def _or_keep(code: str, step: Any) -> Identity:
    """The result of a step; if it fails, the recovery code is shown first, for the kit is there by now."""
    try:
        made: Identity = step()
    except FieldkitError:
        if code:
            note(*recovery_lines(code))
        raise
    return made


def _report(
    here: Session, me: Identity, code: str, as_json: bool, sentence: str, more: dict[str, Any] | None = None
) -> None:
    from fieldkit.store.db.vault import Vault

    key = me.key.public
    locked = Vault(here.folder).locked
    if as_json:
        print_json(
            {
                "folder": str(here.folder),
                "network": {"id": me.network, "name": me.network_name},
                "device": {
                    "id": me.device,
                    "name": me.name,
                    "fingerprint": key.fingerprint,
                    "words": key.words,
                },
                "passphrase": locked,
                "recovery_code": code or None,
                **(more or {}),
            }
        )
        return
    say(
        sentence,
        f"This laptop is “{me.name}”. Its fingerprint is: {key.words}",
        f"The kit lies in {here.folder}",
    )
    if not locked:
        say("This kit has no passphrase: whoever has this laptop can read it.")
    if code:
        say(*recovery_lines(code))


def recovery_lines(code: str) -> list[str]:
    """What to say of a recovery code, the one time that it is shown."""
    words = code.split()
    half = len(words) // 2
    return [
        "",
        "Recovery code, shown only now: write it down on paper, and keep it away from this laptop.",
        f"    {' '.join(words[:half])}",
        f"    {' '.join(words[half:])}",
        "It opens the kit when the passphrase is forgotten. Nothing else does.",
        "",
    ]


add(network, "create", create)
add(network, "invite", invite)
add(network, "rules", rules)
