"""Preparing laptops in tests of the screens: turn the clock, add an event, lose a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldkit.store.local.known_settings import RECEIPTS
from fieldkit.store.oplog.record_ids import now_ms
from fieldkit.sync.receipts.receipt_file import Receipt
from fieldkit.sync.receipts.receipts import as_stored
from networks import Laptop

DAY = 86_400_000
HOSTILE = "[/] [@click=app.quit]x[/]"


def back(laptop: Laptop, days: float) -> None:
    """Turn the laptop's clock back by so many days; 0 sets it right."""
    laptop.kit.clock = lambda: now_ms() - int(days * DAY)


def event(laptop: Laptop, **values: Any) -> str:
    """A new event's id."""
    return laptop.kit.add("event", {"title": "Fair", "place": "Hall", **values}).record_id


def two_bundles(laptop: Laptop, coordinator: str) -> tuple[Path, Path]:
    """A lost bundle with two changes, although a receipt confirmed them, and a second bundle with only a third change."""
    laptop.kit.add("feedback", {"rating": "1"})
    laptop.kit.add("feedback", {"rating": "2"})
    (first,) = laptop.export()
    lost = Receipt(coordinator, coordinator + ".00000000", 1, held={laptop.me.origin: [(1, 2)]})
    laptop.kit.settings.put(RECEIPTS, {lost.device: {lost.origin: as_stored(lost)}})
    laptop.kit.add("feedback", {"rating": "3"})
    (second,) = laptop.export()
    laptop.kit.settings.put(RECEIPTS, {})
    return first, second
