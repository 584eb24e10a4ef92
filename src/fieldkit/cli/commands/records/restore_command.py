"""`fieldkit restore`: a deleted record, or a whole kit from a backup."""

from __future__ import annotations

from typing import Annotated

import typer

from fieldkit.cli.backup_restore import names_a_file, restore_backup
from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import Yes
from fieldkit.cli.record_arguments import changeable_record
from fieldkit.cli.run_session import Session


@command()
def restore(
    here: Session,
    target: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE",
            help="A deleted record's id; or the file of a backup, to restore the whole kit.",
        ),
    ],
    yes: Yes = False,
    other_laptop: Annotated[
        bool,
        typer.Option("--other-laptop", help="With --yes: also where the backup is another laptop's."),
    ] = False,
    without_passphrase: Annotated[
        bool,
        typer.Option(
            "--without-passphrase",
            help="With --yes: also where the backup has no passphrase and the kit here has one.",
        ),
    ] = False,
    in_use: Annotated[
        bool | None,
        typer.Option(
            "--still-in-use/--no-longer-in-use",
            help="Whether the kit that the backup was made of is still used elsewhere. You are asked without this.",
        ),
    ] = None,
) -> Answer:
    """Restore a deleted record; or a whole kit from a backup file.

    A backup goes into the folder that --kit names. A kit that lies there is moved beside, not removed, and that
    is asked about first, with whose kit it is and whose backup. The passphrase or recovery code is the one that
    the kit had when the backup was made.
    """
    if names_a_file(target):
        return restore_backup(
            here, target, yes, other_laptop=other_laptop, without_passphrase=without_passphrase, in_use=in_use
        )
    with here.kit(writes=True) as kit:
        record = changeable_record(kit, target)
        if not record.deleted:
            return Answer(record.as_dict(), ["It is not deleted."])
        return Answer(kit.restore(record.name).as_dict(), ["It is restored."])
