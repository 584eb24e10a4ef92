"""A network whose laptops share one stick: two that are trusted and have not heard so yet, and an event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from networks import Network


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """A coordinator (hub) with an event, and two laptops that it trusts and that have not heard so yet."""
    made = Network.create(tmp_path / "network")
    made.hub.kit.add("event", {"title": "Fair"})
    for name in "AB":
        made.joins(name, trusted="field").kit.add("feedback", {"rating": "1", "experience": name})
    yield made
    made.close()


#: What a module of such tests takes into its own names: `(network,) = FIXTURES`.
FIXTURES = (network,)
