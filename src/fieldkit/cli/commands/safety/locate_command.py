"""`fieldkit locate`: where the kit's files are."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.run_session import Session
from fieldkit.faultlog import ERRORS_FILE
from fieldkit.store.db.key_files import DATABASE, KeyFiles


@command()
def locate(here: Session) -> Answer:
    """Show where the kit, the files in quarantine and the log of errors are. Opens nothing."""
    folder = here.folder
    paths = {
        "database": folder / DATABASE,
        "quarantine": folder / "quarantine",
        "errors": folder / ERRORS_FILE,
    }
    exists = KeyFiles(folder).exists
    titles = {"database": "Records", "quarantine": "Files in quarantine", "errors": "Log of errors"}
    return Answer(
        {"exists": exists, "kit": str(folder), **{name: str(path) for name, path in paths.items()}},
        [
            f"Kit: {folder}{'' if exists else ' (there is none yet)'}",
            *(
                f"{titles[name]}: {path}{'' if path.exists() else ' (none yet)'}"
                for name, path in paths.items()
            ),
        ],
    )
