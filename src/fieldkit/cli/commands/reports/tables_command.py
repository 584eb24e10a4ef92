"""`fieldkit tables`: all shared records as tables for a spreadsheet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import demand_named, path_of
from fieldkit.cli.output import note, progress, say
from fieldkit.cli.parameters import flag, option
from fieldkit.cli.run_session import Session
from fieldkit.errors import Misuse
from fieldkit.insight import table_files as sheets
from fieldkit.text import displayed_line


@command()
def tables(
    here: Session,
    out: Annotated[
        str, option("--out -o", "FILE.xlsx|DIR/", "A workbook, or a folder for one CSV file a kind.")
    ],
    force: Annotated[bool, flag("--force", "Write over files of those names.")] = False,
) -> Answer:
    """Write all shared records as tables for a spreadsheet, codes and labels side by side.

    The files are not encrypted. Safeguarding and private notes are in none of them.
    """
    target = _tables_target(out)
    with here.kit() as kit, progress() as on_progress:
        try:
            written = sheets.write(kit, target, force, on_progress)
        except Misuse as error:
            if "overwritten" not in error.hint:
                raise
            raise Misuse(
                error.message, kept=error.kept, hint="Choose another name, or write over it with --force"
            ) from None

    def print_lines() -> None:
        say(*(f"Wrote {path}" for path in written))
        note("These files are not encrypted: they hold what people said.")

    return Answer({"files": [str(path) for path in written]}, print_lines)


def _tables_target(typed: str) -> Path:
    """The workbook or folder that was named.

    Raises:
        Misuse: it is neither; a name with an ending is a folder only if it exists, or ends in a slash.
    """
    demand_named(typed, "tables.xlsx")
    path = path_of(typed)
    folder = typed.endswith(("/", os.sep)) or path.is_dir()
    if path.suffix and path.suffix.lower() != ".xlsx" and not folder:
        raise Misuse(
            f"Tables can't be written as “{path.suffix}”.",
            kept="Nothing was written.",
            hint=f"Choose a name that ends in .xlsx, or {displayed_line(path.name)}/ for a folder with one CSV file a kind.",
        )
    return path
