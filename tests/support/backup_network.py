"""A network whose coordinator holds twenty records, for tests of its backups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from networks import Laptop, Network


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """A coordinator with twenty records."""
    made = Network.create(tmp_path / "network")
    made.hub.kit.add_many("feedback", [{"rating": "1", "experience": f"{n}"} for n in range(20)])
    yield made
    made.close()


@pytest.fixture
def hub(network: Network) -> Laptop:
    """The coordinator's laptop."""
    return network.hub


#: The fixtures for a module of such tests to import: `network, hub = FIXTURES`.
FIXTURES = (network, hub)
