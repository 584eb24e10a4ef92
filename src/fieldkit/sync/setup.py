"""Setting up: creating a network, joining one, trusting and revoking laptops."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fieldkit.errors import BundleRefused, FieldkitError, Misuse
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.store.local.known_settings import IDENTITY, INVITED, KEY_DUE, ORIGIN
from fieldkit.sync.bundle.container import read_container, read_file
from fieldkit.sync.bundle.manifest import INVITATION, Opened, check_header, open_container
from fieldkit.sync.bundle.payload import unpack
from fieldkit.sync.merge.merge import merge, merge_waiting
from fieldkit.sync.merge.no_bundle import no_bundle
from fieldkit.sync.merge.report import MergeReport
from fieldkit.sync.network.identity import Identity, new_identity, rotate_age
from fieldkit.sync.network.roster import Member, Roster
from fieldkit.sync.network.sealing_keys import key_fields
from fieldkit.text import clean_line


@dataclass(frozen=True)
class Invitation:
    """What an invitation states before anybody joins: the network's name, the coordinator's fingerprint, and when it was `made`
    (milliseconds since 1970).
    """

    network: str
    network_name: str
    coordinator: str
    fingerprint: str
    six_words: str
    made: int


def create_network(kit: Kit, name: str, device_name: str = "Coordinator") -> Identity:
    """Make this kit the first coordinator's kit of a new network.

    Raises:
        Misuse: the kit belongs to a network already, or a name is empty.
    """
    me = new_identity(kit, device_name, name)
    with kit.reading() as connection:
        stated = key_fields(connection, me, me.key.public, me.age_public, kit.clock())
    kit.put(
        "device",
        me.device,
        {
            "name": me.name,
            "role": "coordinator",
            "status": "trusted",
            "public_key": me.key.public.ssh_line(),
            **stated,
        },
    )
    return me


def read_invitation(path: Path) -> Invitation:
    """Read an invitation without joining.

    Raises:
        BundleRefused: damaged, newer-format or not-allowed (for example a bundle of records).
    """
    opened = _invitation(path)
    header = check_header(next(unpack(opened.container.payload, None), b""), opened)
    key = opened.signer
    names = clean_line(header.network_name), clean_line(header.device_name)
    return Invitation(opened.manifest.network, *names, key.fingerprint, key.six_words, opened.manifest.made)


def join(kit: Kit, path: Path, name: str) -> Identity:
    """Make this kit a laptop of the network that wrote the invitation at `path`.

    Raises:
        BundleRefused: the file is not a valid invitation.
        Misuse: the kit belongs to a network already, or the name is empty.
    """
    opened = _invitation(path)
    invitation = read_invitation(path)
    if opened.signer.device_id != opened.manifest.network:
        raise BundleRefused(
            "not-allowed",
            "This network file was not signed by the laptop that created the network.",
            kept="Nothing was changed.",
            hint="Ask the first coordinator for an invitation.",
        )
    me = new_identity(kit, name, invitation.network_name, opened.signer)
    # A laptop in a network without any of its records could neither join again nor export.
    nobody = (IDENTITY, ORIGIN, INVITED)
    try:
        # The time to compare the clock with before the first entry.
        kit.settings.put(INVITED, opened.manifest.made)
        report = merge(kit, me, [path])
    except BaseException:
        with suppress(FieldkitError):
            kit.settings.forget(*nobody)
        raise
    for refused in report.quarantined:
        kit.settings.forget(*nobody)
        raise BundleRefused(refused.reason, refused.sentence, kept=refused.kept, hint=refused.hint)
    return me


def _invitation(path: Path) -> Opened:
    content = read_file(path)
    try:
        opened = open_container(read_container(content))
    except BundleRefused as error:
        if (other := no_bundle(path, content, "an invitation")) is not None:
            raise other from error
        if error.hint and error.reason == "damaged":
            error.hint = "Copy it again from where it came, or ask the coordinator for the invitation again."
        raise
    if opened.manifest.purpose != INVITATION or opened.container.sealed:
        raise BundleRefused(
            "not-allowed",
            "That file is not an invitation.",
            kept="Nothing was changed.",
            hint="An invitation ends in .fkn; the coordinator makes one with: fieldkit network invite -o FILE.fkn",
        )
    return opened


def trust(
    kit: Kit,
    me: Identity,
    device_name: str,
    *,
    role: str = "",
    name: str = "",
    on_progress: Progress = no_progress,
) -> tuple[Member, MergeReport]:
    """Trust a laptop, by its fingerprint, and merge what it sent before.

    Raises:
        NotFound: no such laptop has sent anything.
        Misuse: this laptop is not a coordinator's.
    """
    roster = Roster(kit, me)
    if not roster.coordinating:
        raise Misuse("Only a coordinator's laptop can change the roster.", kept="Nothing was changed.")
    member = roster.find(device_name)
    roster.put(member, status="trusted", role=role, name=name)
    report = merge_waiting(kit, me, member, on_progress)
    roster = Roster(kit, me)
    roster.fill_in([member.device])
    return roster.members[member.device], report


def revoke(kit: Kit, me: Identity, device_name: str) -> Member:
    """Revoke a laptop: its later bundles are quarantined; what it sent before stays.

    Raises:
        NotFound: there is no such laptop.
        Misuse: this laptop is not a coordinator's, or that one created the network.
    """
    roster = Roster(kit, me)
    member = roster.find(device_name)
    roster.put(member, status="revoked")
    return Roster(kit, me).members[member.device]


def rotate_key(kit: Kit, me: Identity, days: int = 180) -> Identity:
    """Give this coordinator's laptop a new age key and write it into the roster; the older one opens bundles for `days` more
    days.

    Devices seal to the new key once they have merged the next network file.

    Raises:
        Misuse: this laptop is not a coordinator's.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse(
            "Only a coordinator's laptop has a key that bundles are sealed to.", kept="Nothing was changed."
        )
    renewed = rotate_age(kit, days)
    roster = Roster(kit, renewed)
    roster.put(roster.members[me.device], status="trusted", age=renewed.age_public)
    kit.settings.put(KEY_DUE, 0)
    return renewed
