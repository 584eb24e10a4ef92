"""`fieldkit backup`: the whole kit in one file, tested by restoring it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import target_of
from fieldkit.cli.output import iso_time
from fieldkit.cli.parameters import flag, option
from fieldkit.cli.run_session import Session
from fieldkit.errors import NotFound
from fieldkit.paths import BACKUP_ENDING
from fieldkit.presentation.laptop.backup_report import backup_path, tested_lines, written_line
from fieldkit.store import backup as backups


@command()
def backup(
    here: Session,
    out: Annotated[str, option("--out -o", "FILE|DIR", f"Where to write it; a name ends in {BACKUP_ENDING}")],
    test: Annotated[
        bool, flag("--test", "Also restore it to a temporary folder, check it, and compare every record.")
    ] = False,
) -> Answer:
    """Write a backup of the whole kit, encrypted as the kit is; it may be in use meanwhile.

    It opens with the passphrase or recovery code of today. Restore it with: fieldkit restore FILE
    """
    target = backup_path(target_of(out, BACKUP_ENDING, "a backup"))
    if not target.parent.is_dir():
        raise NotFound(
            f"There is no folder {target.parent}.",
            kept="Nothing was written.",
            hint="Is the stick still in? Check the name, then try again.",
        )
    with here.kit() as kit:
        done = backups.backup(kit, target)
        findings = backups.try_restore(kit, target) if test else []
    lines = [written_line(target, sum(done.counts.values()))]
    if test:
        lines += tested_lines(findings)
    else:
        lines.append("It is not tested yet: --test restores it to a temporary folder and compares.")
    return Answer(
        {
            "path": str(target),
            "size": target.stat().st_size,
            "made": iso_time(done.made),
            **{name: value for name, value in asdict(done).items() if name in {"counts", "state_hash"}},
            "tested": not findings if test else None,
            "findings": findings,
        },
        lines,
        1 if findings else 0,
    )
