"""Doubts about times of day: times without am or pm, and ends before their starts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fieldkit.importing.choices import Doubt
from fieldkit.records.schema.kind import Values
from fieldkit.text import as_typed, clean_line

_BARE_EARLY = re.compile(r"[1-7][:.][0-5][0-9](?::[0-5][0-9])?")
_EXAMPLES = 3


def doubts(
    columns: Mapping[str, Mapping[Any, str]], pairs: Iterable[tuple[str, str, str, str]]
) -> list[Doubt]:
    """What a user must resolve before times are stored.

    `columns` gives, for each column of times, what each distinct cell became (HH:MM). `pairs` are contradicting starts and
    ends of one row: (column of the end, start and end as written, end as HH:MM).
    """
    listed: list[Doubt] = []
    against = list(pairs)
    whole_day = any(value >= "13:00" for values in columns.values() for value in values.values())
    for column, values in columns.items():
        own = [(start, end) for name, start, end, _ in against if name == column]
        early = [
            (clean_line(raw), value)
            for raw, value in values.items()
            if isinstance(raw, str) and _BARE_EARLY.fullmatch(as_typed(raw))
        ]
        reasons = []
        if own:
            shown = ", ".join(f"{start} to {end}" for start, end in own[:_EXAMPLES])
            reasons.append(f"Some end before they start ({shown}).")
        if early and (not whole_day or own):
            shown = ", ".join(f"{raw} became {value}" for raw, value in early[:_EXAMPLES])
            reasons.append(f"Without am or pm these may be in the morning or the afternoon: {shown}.")
        if reasons:
            listed.append(
                Doubt(
                    "times",
                    column,
                    " ".join(reasons),
                    {"times": "as-written"},
                    {"times": "afternoon"},
                    "times from 1 to 7 are in the afternoon or evening",
                )
            )
    return listed


def after_noon(values: Values) -> None:
    """Move an end that comes before its start twelve hours later, if it then comes after the start."""
    starts, ends = values.get("starts"), values.get("ends")
    if not (isinstance(starts, str) and isinstance(ends, str)) or ends >= starts or ends >= "12:00":
        return
    later = f"{int(ends[:2]) + 12}{ends[2:]}"
    if later > starts:
        values["ends"] = later
