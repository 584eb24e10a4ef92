"""Receipts and unconfirmed changes, as lines of text and as JSON."""

from __future__ import annotations

from typing import Any

from fieldkit.cli.output import iso_time
from fieldkit.presentation.exchange.new_receipts import ReceiptNews
from fieldkit.presentation.wording import age, counted
from fieldkit.sync.receipts.receipts import Unconfirmed


def news_as_data(receipt_news: ReceiptNews) -> dict[str, Any]:
    """What one receipt tells this laptop, as an object."""
    return {
        "coordinator": receipt_news.coordinator,
        "id": receipt_news.device,
        "at": iso_time(receipt_news.made),
        "stamp": receipt_news.made,
        "confirmed": _runs(receipt_news.confirmed),
        "wanted": _runs(receipt_news.wanted),
        "aside": receipt_news.quarantined,
        "own_changes": receipt_news.own_changes,
        "clashes": receipt_news.conflicts,
    }


def _runs(runs: list[tuple[str, int, int]]) -> list[dict[str, Any]]:
    return [{"origin": origin, "from": first, "to": last} for origin, first, last in runs]


def unconfirmed_as_data(waiting: Unconfirmed) -> dict[str, Any]:
    """How many changes no coordinator has confirmed, and since when."""
    return {"ops": waiting.ops, "oldest": iso_time(waiting.oldest), "stamp": waiting.oldest or None}


def unconfirmed_line(waiting: Unconfirmed, now: int) -> str:
    """49 changes not yet confirmed, the oldest 5 days old."""
    old = f", the oldest {age(waiting.oldest, now)}" if waiting.oldest else ""
    return f"{counted(waiting.ops, 'change')} not yet confirmed{old}"
