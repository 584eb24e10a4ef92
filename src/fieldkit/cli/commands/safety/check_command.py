"""`fieldkit check`: checking the kit for damage."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.output import progress
from fieldkit.leftover_files import unfinished_elsewhere
from fieldkit.presentation.unfinished_files import UNREACHABLE
from fieldkit.store.kit import Kit
from fieldkit.text import displayed_line

_ADVICE = "What can be read is still there. Leave this kit as it is and show it to whoever looks after your laptops."


@command()
def check(kit: Kit) -> Answer:
    """Look for damage: the file itself, every chain of changes, and the records folded anew.

    Changes nothing."""
    with progress() as on_progress:
        findings = kit.check(on_progress)
    waiting = [UNREACHABLE.format(displayed_line(str(folder))) for folder in unfinished_elsewhere(kit.folder)]
    return Answer(
        {"ok": not findings, "findings": findings, "unfinished": waiting},
        [*findings, *([_ADVICE] if findings else []), *waiting] or ["All is well."],
        1 if findings else 0,
    )
