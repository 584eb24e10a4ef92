"""The events to record at: the one of today first, then those whose day is nearest, those without a date last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fieldkit.screens.base.record_rows import KitSource, rows_of
from fieldkit.widgets.sources import Row

_MOST = 20_000


@dataclass
class EventSource(KitSource):
    """Events by how near their day is; of two as near, the one to come first."""

    def __post_init__(self) -> None:
        self._ids: list[str] = []

    def count(self) -> int:
        """How many rows there are. Puts them in order."""
        today = date.today().toordinal()
        found = self.kit.page("event", 0, _MOST, text=self.text, where=self.where, deleted=self.deleted)
        found.sort(key=lambda event: _distance(str(event.values.get("date") or ""), today))
        self._ids = [event.record_id for event in found]
        return len(self._ids)

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        """At most `limit` rows from `offset` on."""
        wanted = self._ids[offset : offset + limit]
        known = self.kit.many("event", wanted)
        return rows_of(self.kit, self.kind, [known[one] for one in wanted if one in known])

    def position(self, record_id: str) -> int | None:
        """Where a row stands, None if it is not there."""
        return self._ids.index(record_id) if record_id in self._ids else None


def _distance(day: str, today: int) -> tuple[bool, int, bool]:
    try:
        days = date.fromisoformat(day).toordinal() - today
    except ValueError:
        return (True, 0, False)
    return (False, abs(days), days < 0)
