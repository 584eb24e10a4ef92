"""A network whose laptops share one stick: two trusted laptops that don't know yet that they are trusted, and an event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from networks import Network


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """A coordinator (hub) with an event, and two trusted laptops that don't know yet that they are trusted."""
    made = Network.create(tmp_path / "network")
    made.hub.kit.add("event", {"title": "Fair"})
    for name in "AB":
        made.joins(name, trusted="field").kit.add("feedback", {"rating": "1", "experience": name})
    yield made
    made.close()


#: The fixture for a module of such tests to import: `(network,) = FIXTURES`.
FIXTURES = (network,)
