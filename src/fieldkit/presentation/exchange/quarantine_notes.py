"""Sentences about files in quarantine."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.presentation.wording import counted
from fieldkit.text import displayed_line

#: The most names to list; further ones are only counted.
_MOST_NAMES = 3


def made_room(names: Sequence[str]) -> str:
    """Which files were removed because quarantine was full; "" for none."""
    if not names:
        return ""
    shown = ", ".join(displayed_line(name) for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return (
        f"Quarantine was full: {counted(len(names), 'file')} made room ({shown}{more}). "
        "If one is still needed, ask its sender for it once more."
    )
