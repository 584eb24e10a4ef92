"""The full type of each setting of a kit, so that a backup with any other value is refused before it replaces a kit.

A setting that is not named here belongs to a newer version, or is checked where it is read.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from fieldkit.store.local.known_settings import SETTINGS, Ancestor
from fieldkit.store.oplog.device_ids import device_id

_INCARNATION = re.compile(r"[0-9a-f]{8}")
_KEY_LINE = re.compile(r"ssh-ed25519 [A-Za-z0-9+/]{68}")
_Runs = dict[str, list[tuple[int, int]]]


class OlderKey(msgspec.Struct):
    """An age key that was rotated, and the time until which it opens bundles (milliseconds since 1970)."""

    secret: str
    until: int


class Identity(msgspec.Struct):
    """The identity of a laptop, with its secret keys."""

    seed: str
    name: str
    age_secret: str
    age_public: str
    incarnation: str
    network_name: str
    founder: str
    age_older: list[OlderKey] = []

    def __post_init__(self) -> None:
        import pyrage  # the first frame needs no keys

        if len(bytes.fromhex(self.seed)) != 32 or not _INCARNATION.fullmatch(self.incarnation):
            raise ValueError("not the key of a laptop")
        if not _KEY_LINE.fullmatch(self.founder):
            raise ValueError("not the key of a network")
        try:
            publics = self.sealing_keys
        except pyrage.IdentityError:
            raise ValueError("not an age key") from None
        if publics[0] != self.age_public:
            raise ValueError("two age keys that do not belong together")

    @property
    def sealing_keys(self) -> tuple[str, ...]:
        """Its age public keys, the one in use first. Raises pyrage.IdentityError if a secret is not valid."""
        import pyrage  # the first frame needs no keys

        secrets = (self.age_secret, *(older.secret for older in self.age_older))
        return tuple(str(pyrage.x25519.Identity.from_str(secret).to_public()) for secret in secrets)

    @property
    def device(self) -> str:
        """The laptop's id, derived from its secret key: without that key nobody can bear the id."""
        from nacl.signing import SigningKey

        return device_id(bytes(SigningKey(bytes.fromhex(self.seed)).verify_key))


class _Import(msgspec.Struct):
    number: int
    at: int
    stored: int
    mark: str = ""
    name: str = ""
    kind: str = ""
    refused: int = 0
    here: int = 0
    refused_file: str = ""
    spans: list[tuple[str, int, int]] = []


class _Rival(msgspec.Struct):
    made: int
    held: _Runs


class _EveryReceipt(msgspec.Struct):
    device: str
    origin: str
    made: int
    held: _Runs
    hashes: dict[str, str]
    missing: _Runs
    aside: list[dict[str, str]]
    clashes: list[dict[str, str]]
    only: list[str]


class _Receipt(_EveryReceipt):
    ancestors: list[Ancestor]


class _OldReceipt(_EveryReceipt):
    epoch: int
    former: list[str]
    rivals: dict[str, _Rival]
    void: dict[str, int]


SHAPES: dict[str, Any] = {
    **{setting.name: setting.type for setting in SETTINGS},
    "identity": Identity,
    "imports": list[_Import],
    "receipts": dict[str, _OldReceipt],
    "receipts_of_replicas": dict[str, dict[str, _Receipt]],
}
"""Setting -> its shape. For each of them `null` means never set."""
