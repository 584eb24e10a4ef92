"""A coordinator and two laptops with a stick between them, for the screens that export, merge, resolve and find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fieldkit.store.kit import Kit
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.setup import create_network, join, trust
from networks import new_kit

HOSTILE = "[/] [@click=app.quit]x[/] \x1b[31m 健康"


@pytest.fixture
def net(tmp_path: Path, stick: Path) -> Iterator[SimpleNamespace]:
    """A coordinator (hub), two laptops (a, b) that joined, a shared event and person, and an empty stick."""
    hub = new_kit(tmp_path / "hub")
    chief = create_network(hub, f"Bradford {HOSTILE}", "Coordinator")
    event = hub.add("event", {"title": f"Fair {HOSTILE}", "date": "2026-10-27", "place": "Town hall"})
    invitation = invite(hub, chief, tmp_path)
    desk = SimpleNamespace(hub=hub, chief=chief, stick=stick, event=event.record_id)
    for name in "ab":
        kit = new_kit(tmp_path / name)
        setattr(desk, name, kit)
        setattr(desk, f"me_{name}", join(kit, invitation, f"Laptop {name} {HOSTILE}"))
    yield desk
    for kit in (desk.hub, desk.a, desk.b):
        kit.close()


#: The fixture for a module of such tests to import: `(net,) = FIXTURES`.
FIXTURES = (net,)


def record(kit: Kit, number: int = 1, **values: Any) -> None:
    """Add `number` feedback records with hostile text."""
    for at in range(number):
        kit.add("feedback", {"rating": str(at % 6 + 1), "experience": f"It went {HOSTILE}", **values})


def conflict(net: SimpleNamespace) -> None:
    """Let both laptops change the place of the event, and merge both changes at the coordinator's."""
    for kit, place in ((net.a, "Library"), (net.b, f"Mosque {HOSTILE}")):
        kit.edit(kit.get(net.event), {"place": place})
    bring(net)


def bring(net: SimpleNamespace) -> None:
    """Merge the laptops' changes at the coordinator's, who trusts both."""
    export(net.a, net.me_a, net.stick)
    export(net.b, net.me_b, net.stick)
    merge(net.hub, net.chief, files_in([net.stick]))
    for me in (net.me_a, net.me_b):
        trust(net.hub, net.chief, me.key.public.fingerprint)
