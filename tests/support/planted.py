"""Files of a laptop that runs another program: it is enrolled or a deputy, and free to write what no fieldkit would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.keys import PublicKey
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.sealing_keys import key_fields
from fieldkit.sync.setup import trust
from networks import Laptop
from other_program import Writer, ssh_line

Change = tuple[str, str, dict[str, Any]]
"""Kind, record id and fields."""


def enrolled(hub: Laptop, role: str = "field", name: str = "") -> Writer:
    """A laptop of the other program that the coordinator trusts in a role."""
    writer = Writer()
    trust(hub.kit, hub.me, ssh_line(writer.public), role=role, name=name or f"Laptop {writer.origin[:4]}")
    return writer


def sent(hub: Laptop, writer: Writer, *changes: Change) -> Path:
    """A bundle of everything that the writer has written, with these changes last."""
    for kind, record_id, fields in changes:
        writer.write(kind, record_id, fields, {})
    path = hub.sticks / f"planted-{writer.origin}-{writer.number}.fkb"
    writer.bundle(path, hub.me.network, hub.me.age_public)
    return path


def state_key(kit: Kit, laptop: PublicKey, key: str) -> None:
    """Let a coordinator's kit sign `key` as the sealing key of a laptop."""
    with kit.reading() as connection:
        fields = key_fields(connection, identity(kit), laptop, key, kit.clock())
    kit.put("device", laptop.device_id, fields)


def planted(hub: Laptop, *changes: Change, role: str = "field") -> Path:
    """A bundle with these changes, from a new laptop of the other program."""
    return sent(hub, enrolled(hub, role), *changes)
