"""Old text to be erased: a record with such text, and laptops besides the coordinator that erases it."""

from __future__ import annotations

from typing import Any

from fieldkit.store.db.sql import execute
from fieldkit.store.kit import Kit
from fieldkit.sync.merge.report import MERGED
from marked_text import spoken
from networks import Laptop, Network

LONG_AGO = {"date": "2020-01-01"}


def recorded(network: Network) -> tuple[Laptop, Laptop, str]:
    """A coordinator's kit with an old record of a field laptop, that laptop, and the record's id."""
    laptop = network.joins("A", trusted="field")
    laptop.merge(network.hub.invite())
    record_id = laptop.kit.add("feedback", spoken(**LONG_AGO)).record_id
    assert network.hub.take(*laptop.export()).status == MERGED
    return network.hub, laptop, record_id


def deputy(network: Network) -> Laptop:
    """A second coordinator's laptop: the first knows it, and it knows everybody."""
    other = network.joins("C", trusted="coordinator")
    network.hub.merge(*other.export())
    other.merge(network.hub.invite())
    return other


def edit(laptop: Laptop, record_id: str, **changes: Any) -> None:
    """Change a record."""
    laptop.kit.edit(laptop.kit.get(record_id), changes)


def bodies(kit: Kit) -> list[bytes]:
    """The stored bytes of each op of a kit."""
    with kit.reading() as connection:
        return [bytes(row[0]) for row in execute(connection, "SELECT body FROM op WHERE body IS NOT NULL")]
