"""Files of a laptop that another program runs: enrolled or a deputy, and free to write what no fieldkit would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldkit.sync.setup import trust
from networks import Laptop
from other_program import Writer, ssh_line

Change = tuple[str, str, dict[str, Any]]
"""Kind, record id and fields."""


def enrolled(hub: Laptop, role: str = "field", name: str = "") -> Writer:
    """A laptop of the other program's, which the coordinator trusts in a role."""
    writer = Writer()
    trust(hub.kit, hub.me, ssh_line(writer.public), role=role, name=name or f"Laptop {writer.origin[:4]}")
    return writer


def sent(hub: Laptop, writer: Writer, *changes: Change) -> Path:
    """A bundle of all that the writer has written, these changes last."""
    for kind, record_id, fields in changes:
        writer.write(kind, record_id, fields, {})
    path = hub.sticks / f"planted-{writer.origin}-{writer.number}.fkb"
    writer.bundle(path, hub.me.network, hub.me.age_public)
    return path


def planted(hub: Laptop, *changes: Change, role: str = "field") -> Path:
    """A bundle with these changes, of a laptop of its own."""
    return sent(hub, enrolled(hub, role), *changes)
