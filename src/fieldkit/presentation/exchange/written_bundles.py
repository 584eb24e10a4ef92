"""The sentence part that says what a bundle holds: why it may be more than was recorded since the last one."""

from __future__ import annotations

from fieldkit.presentation.wording import counted
from fieldkit.sync.export.export import Exported


def changes_in(bundle: Exported, *, full: bool = False) -> str:
    """`622 changes (491 new, 131 sent before and not confirmed yet)`. `full`: it also holds what was confirmed."""
    changes = counted(bundle.ops, "change")
    if not bundle.again:
        return changes
    state = "sent before" if full else "sent before and not confirmed yet"
    new = bundle.ops - bundle.again
    return f"{changes} ({new:,} new, {bundle.again:,} {state})" if new else f"{changes} (all {state})"
