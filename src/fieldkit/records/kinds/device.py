"""Devices: the roster of laptops, what each may do, and the keys that prove it."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, line, link, text
from fieldkit.records.schema.kind import Kind, Record, register

DEVICE = Kind(
    "device",
    "Laptop",
    "laptops",
    "A laptop of this network. Only coordinators can add, trust or revoke one.",
    network=True,
    coordinator_only=True,
    by_command="fieldkit devices --help",
    label=("name", "role", "status"),
)


@register(DEVICE)
class Device(Record, table=True):
    """One laptop and its public keys; the private ones never leave it."""

    name: str | None = line("Name", "Such as St Mary's laptop 1.", required=True, listed=True)
    role: str | None = choice("device_role", "May do", "What this laptop may do.", required=True, listed=True)
    status: str | None = choice(
        "device_status", "Trust", "Whether its bundles are accepted.", required=True, listed=True
    )
    partner: str | None = link("partner", "Partner", "Who keeps it.", listed=True)
    public_key: str | None = line(
        "Signing key",
        "The public key that its bundles are signed with.",
        required=True,
        pattern=r"ssh-ed25519 [A-Za-z0-9+/]{60,80}={0,2}(?: .*)?",
        pattern_help="an ssh-ed25519 public key",
    )
    age_key: str | None = line(
        "Sealing key",
        "For coordinators: the public key that bundles are sealed to.",
        pattern=r"age1[0-9a-z]{50,90}",
        pattern_help="an age public key",
    )
    key_statement: str | None = text(
        "Signed sealing key",
        "The sealing key as this laptop has signed it: no other's word counts.",
        step="Signed keys",
    )
    creators_statement: str | None = text(
        "Sealing key signed by the creator",
        "What counts until the laptop itself has signed a key.",
        step="Signed keys",
    )
