"""The mentoring level that follows from a pay band: NHS BME Network Facilitation Framework V.6, June 2011."""

from __future__ import annotations

from fieldkit.records.schema.codes import code_list


def level_of_band(band: str | None) -> str | None:
    """The code of the level for a pay band's code; None for no band and for bands outside the levels (`medical`)."""
    level = next((entry.get("level") for entry in code_list("band").entries if entry.code == band), "")
    return level or None
