"""When two feedback records are one comment, and when two comments are one person's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldkit.spelling import folded

COMMENT_FIELDS = ("experience", "expectation", "need", "aspiration")
ROW_FIELDS = ("provider", "reference", "date", "rating", *COMMENT_FIELDS)
"""What `row_key` looks at."""

Key = tuple[str, ...]


def row_key(values: Mapping[str, Any]) -> Key | None:
    """Equal for two records of one row of a survey: one provider and reference, one date, one rating and the same words.

    A reference alone does not say so: next month's file may number its rows from 1 again. None without a reference.
    """
    if not values.get("reference"):
        return None
    provider, *others = (values.get(name) or "" for name in ROW_FIELDS)
    return (folded(provider), *others)


def person_key(provider: str | None, respondent: str | None) -> Key | None:
    """Equal for two comments of one person: one respondent ID of one provider. None without such an ID."""
    return (folded(provider or ""), folded(respondent)) if respondent else None
