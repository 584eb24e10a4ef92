"""The identity of this laptop: its keys, its name, its network; made once when a network is created or joined."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from fieldkit.errors import Misuse
from fieldkit.store import renewal
from fieldkit.store.journal.bundle_reader import Span
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY, KEY_DUE, ORIGIN, WAS_COPIED, Ancestor
from fieldkit.store.renewal import ENDED, ONGOING
from fieldkit.sync.bundle.keys import PublicKey, SigningKey
from fieldkit.sync.bundle.manifest import FORMAT, Header, Range
from fieldkit.text import clean_line, is_seen

LONGEST_NAME = 80


@dataclass(frozen=True)
class Identity:
    """This laptop in its network. `founder` is the key that created the network: its device id is the network's id."""

    key: SigningKey
    name: str
    age_secret: str
    age_public: str
    incarnation: str
    network: str
    network_name: str
    founder: PublicKey

    @property
    def device(self) -> str:
        """This laptop's id: 26 letters and digits."""
        return self.key.public.device_id

    @property
    def origin(self) -> str:
        """The name that its ops are signed with: its id and its incarnation."""
        return f"{self.device}.{self.incarnation}"

    def header(self, spans: Iterable[Span] = ()) -> Header:
        """The first line of the payload of a file that this laptop writes, with the ranges of its ops."""
        return Header(
            FORMAT,
            self.network,
            self.key.public.ssh_line(),
            list(map(Range.of, spans)),
            self.network_name,
            self.name,
            self.age_public,
        )

    @property
    def is_founder(self) -> bool:
        """Whether this laptop created the network."""
        return self.founder == self.key.public


def new_identity(kit: Kit, name: str, network_name: str, founder: PublicKey | None = None) -> Identity:
    """Make keys for this laptop and store them in the kit; without `founder` it creates the network itself.

    Raises:
        Misuse: the kit belongs to a network already, or a name is empty or too long.
    """
    if kit.settings.get(IDENTITY) is not None:
        raise Misuse(
            "This kit belongs to a network already.",
            kept="It was left as it is.",
            hint="Use another folder: fieldkit --kit DIR …",
        )
    import pyrage

    key = SigningKey.generate()
    age = pyrage.x25519.Identity.generate()
    the_founder = founder or key.public
    identity = Identity(
        key,
        checked_name(name, "This laptop's name"),
        str(age),
        str(age.to_public()),
        secrets.token_hex(4),
        the_founder.device_id,
        checked_name(network_name, "The network's name"),
        the_founder,
    )
    stored = {
        "seed": key.seed.hex(),
        "name": identity.name,
        "age_secret": identity.age_secret,
        "age_public": identity.age_public,
        "incarnation": identity.incarnation,
        "network_name": identity.network_name,
        "founder": the_founder.ssh_line(),
    }
    kit.settings.put_all({IDENTITY: stored, ORIGIN: identity.origin})
    return identity


def renew(kit: Kit) -> Identity:
    """Give this laptop a new incarnation, because its kit was copied.

    What it wrote before remains its own; what it writes from now on can't be mistaken for what the other copy writes.
    """
    renewal.renew(kit)
    return identity(kit)


def part(kit: Kit, *, goes_on: bool) -> None:
    """Continue as a new replica, because another copy of this kit writes under the present origin; the user is informed.

    `goes_on`: as far as is known here, the other copy keeps that origin. Otherwise each of the two will leave it.
    """
    number = ONGOING if goes_on else ENDED
    renewal.renew(kit, Ancestor(kit.origin, number, number))
    kit.settings.put(WAS_COPIED, kit.clock())


def rotate_age(kit: Kit, days: int = 180) -> Identity:
    """Make a new age key for this laptop. Bundles sealed to the older one still open for `days` days.

    The caller puts the new public key into the roster, so that it travels.
    """
    import pyrage

    stored = kit.settings.get(IDENTITY) or {}
    older = [key for key in stored.get("age_older", []) if key["until"] > kit.clock()]
    older.append({"secret": stored["age_secret"], "until": kit.clock() + days * 86_400_000})
    age = pyrage.x25519.Identity.generate()
    stored.update(age_secret=str(age), age_public=str(age.to_public()), age_older=older)
    # Until the roster states the new key, the network seals to the older one; noted in case the program ends first.
    kit.settings.put_all({IDENTITY: stored, KEY_DUE: 1})
    return identity(kit)


def age_secrets(kit: Kit) -> list[str]:
    """The age keys that open bundles sent to this laptop, the newest first."""
    stored = kit.settings.get(IDENTITY) or {}
    return [
        stored["age_secret"],
        *(key["secret"] for key in stored.get("age_older", []) if key["until"] > kit.clock()),
    ]


def sealing_key(text: str) -> str:
    """`text` as an age public key, "" if it is not valid. Sealing to an invalid key would fail for everybody."""
    import pyrage

    try:
        return str(pyrage.x25519.Recipient.from_str(text))
    except (pyrage.RecipientError, UnicodeEncodeError):
        return ""


def identity(kit: Kit) -> Identity:
    """The identity of an open kit.

    Raises:
        Misuse: it belongs to no network yet.
    """
    stored = kit.settings.get(IDENTITY)
    if stored is None:
        raise Misuse(
            "This kit belongs to no network yet.",
            hint="Start one with: fieldkit network create NAME, or join with: fieldkit join FILE.fkn --as NAME",
        )
    founder = PublicKey.from_ssh_line(stored["founder"])
    return Identity(
        SigningKey.from_seed(bytes.fromhex(stored["seed"])),
        stored["name"],
        stored["age_secret"],
        stored["age_public"],
        stored["incarnation"],
        founder.device_id,
        stored["network_name"],
        founder,
    )


def checked_name(text: str, what: str) -> str:
    """The name of a laptop or a network, cleaned; `what` begins the error message.

    Raises:
        Misuse: it is empty or too long.
    """
    name = clean_line(text)
    if not is_seen(name):
        raise Misuse(f"{what} is needed.", hint="Such as: St Mary's laptop 1")
    if len(name) > LONGEST_NAME:
        raise Misuse(f"{what} is too long: {len(name)} characters (the limit is {LONGEST_NAME}).")
    return name
