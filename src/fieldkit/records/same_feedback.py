"""Deciding whether two feedback records are the same comment, or two comments come from the same person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldkit.spelling import folded

COMMENT_FIELDS = ("experience", "expectation", "need", "aspiration")
ROW_FIELDS = ("provider", "reference", "date", "rating", *COMMENT_FIELDS)
"""The fields that `row_key` compares."""

Key = tuple[str, ...]


def row_key(values: Mapping[str, Any]) -> Key | None:
    """A key that is equal for two records of one survey row: same provider, reference, date, rating and text.

    The reference alone is not enough: next month's file may number its rows from 1 again. None without a reference.
    """
    if not values.get("reference"):
        return None
    provider, *others = (values.get(name) or "" for name in ROW_FIELDS)
    return (folded(provider), *others)


def person_key(provider: str | None, respondent: str | None) -> Key | None:
    """A key that is equal for two comments of one person: same respondent ID and provider. None without such an ID."""
    return (folded(provider or ""), folded(respondent)) if respondent else None
