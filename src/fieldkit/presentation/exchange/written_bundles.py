"""What a written bundle holds, why that may be more than was recorded since the last one, and who can't open it."""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.presentation.wording import counted
from fieldkit.sync.export.export import Exported


def changes_in(bundle: Exported, *, full: bool = False) -> str:
    """`622 changes (491 new, 131 sent before and not confirmed yet)`. `full`: it also includes confirmed changes."""
    changes = counted(bundle.ops, "change")
    if not bundle.again:
        return changes
    state = "sent before" if full else "sent before and not confirmed yet"
    new = bundle.ops - bundle.again
    return f"{changes} ({new:,} new, {bundle.again:,} {state})" if new else f"{changes} (all {state})"


def readers_lines(bundles: Iterable[Exported]) -> list[str]:
    """One sentence for each coordinator whose key is not valid, and one on those that the seal has no room for."""
    written = list(bundles)
    lines = [
        f"“{name}” won't be able to open it: the key we have for that laptop is not valid. "
        "Let another coordinator merge it."
        for name in sorted({name for bundle in written for name in bundle.unreadable})
    ]
    if left_out := max((bundle.left_out for bundle in written), default=0):
        lines.append(
            f"{counted(left_out, 'coordinator')} can't open it: a bundle has room for {written[0].recipients} keys. "
            "The laptop that created the network can."
        )
    return lines
