"""The events to record at: today's first, then those with the nearest day, those without a date last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldkit.screens.base.record_rows import KitSource

_MOST = 20_000


@dataclass
class EventSource(KitSource):
    """Events by how near their day is; of two equally near, the coming one first."""

    def first(self, limit: int) -> None:
        """The order is known only once all events are read."""

    def count(self) -> int:
        """How many rows there are. Also sorts them."""
        if self.order is not None:
            return super().count()
        today = date.today().toordinal()
        events = self.kit.page("event", 0, _MOST, text=self.text, where=self.where, deleted=self.deleted)
        events.sort(key=lambda event: _distance(str(event.values.get("date") or ""), today))
        self._ids = [event.record_id for event in events]
        return len(self._ids)


def _distance(day: str, today: int) -> tuple[bool, int, bool]:
    try:
        days = date.fromisoformat(day).toordinal() - today
    except ValueError:
        return (True, 0, False)
    return (False, abs(days), days < 0)
