"""`fieldkit check`: a look for damage."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.output import progress
from fieldkit.store.kit import Kit

_ADVICE = "What can be read is still there. Leave this kit as it is and show it to whoever looks after it."


@command()
def check(kit: Kit) -> Answer:
    """Look for damage: the file itself, every chain of changes, and the records folded anew.

    Changes nothing."""
    with progress() as on_progress:
        findings = kit.check(on_progress)
    return Answer(
        {"ok": not findings, "findings": findings},
        [*findings, _ADVICE] if findings else ["All is well."],
        1 if findings else 0,
    )
