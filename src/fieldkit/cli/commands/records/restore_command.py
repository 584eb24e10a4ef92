"""`fieldkit restore`: a deleted record, or a whole kit from a backup."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.backup_restore import may_be_a_name, names_a_file, restore_backup
from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import Yes
from fieldkit.cli.parameters import argument, flag
from fieldkit.cli.record_arguments import changeable_record
from fieldkit.cli.run_session import Session
from fieldkit.errors import NotFound
from fieldkit.presentation.record_names import named_record
from fieldkit.presentation.trash import deleted_named
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.store.kit import Kit, Stored
from fieldkit.text import clean_line


@command()
def restore(
    here: Session,
    target: Annotated[
        str,
        argument(
            "ID|FILE",
            "A deleted record's id, or its name as the trash shows it; or the file of a backup, to restore the whole kit.",
        ),
    ],
    yes: Yes = False,
    other_laptop: Annotated[
        bool, flag("--other-laptop", "With --yes: also where the backup is another laptop's.")
    ] = False,
    without_passphrase: Annotated[
        bool,
        flag(
            "--without-passphrase",
            "With --yes: also where the backup has no passphrase and the kit here has one.",
        ),
    ] = False,
    in_use: Annotated[
        bool | None,
        flag(
            "--still-in-use/--no-longer-in-use",
            "Whether the kit that the backup was made of is still used elsewhere. You are asked without this.",
        ),
    ] = None,
) -> Answer:
    """Restore a deleted record; or a whole kit from a backup file.

    A backup goes into the folder that --kit names. A kit that lies there is moved beside, not removed, and that
    is asked about first, with whose kit it is and whose backup. The passphrase or recovery code is the one that
    the kit had when the backup was made.
    """
    if names_a_file(target) and not (may_be_a_name(target) and KeyFiles(here.folder).exists):
        return restore_backup(
            here, target, yes, other_laptop=other_laptop, without_passphrase=without_passphrase, in_use=in_use
        )
    with here.kit(writes=True) as kit:
        record = _deleted(kit, target)
        if not record.deleted:
            return Answer(record.as_dict(), ["It is not deleted."])
        restored = kit.restore(record.name)
        return Answer(restored.as_dict(), [f"Restored: {named_record(kit, restored, kit.terms())}"])


def _deleted(kit: Kit, typed: str) -> Stored:
    """The record that is meant; deleted records are first searched by name.

    Raises:
        NotFound: no record has that name, or several deleted ones do.
        Misuse: its kind is changed only by its own commands, or only on a coordinator's laptop.
    """
    matches = deleted_named(kit, typed)
    if len(matches) > 1:
        raise NotFound(
            f"{len(matches):,} deleted records are called “{clean_line(typed)}”.",
            kept="Nothing was changed.",
            hint="Give the id of one; list them with: fieldkit trash",
        )
    if not matches and names_a_file(typed):
        raise NotFound(
            f"There is no deleted record and no file “{clean_line(typed)}”.",
            kept="Nothing was changed.",
            hint="List what was deleted with: fieldkit trash. For a backup, check the name, and whether the stick is still in.",
        )
    return changeable_record(kit, matches[0].record.name if matches else typed)
