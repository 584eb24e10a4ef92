"""`fieldkit demo`: trying the kit with demonstration data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.output import note, progress
from fieldkit.cli.parameters import option
from fieldkit.cli.run_session import Session
from fieldkit.demo import build
from fieldkit.errors import Misuse
from fieldkit.leftover_files import throwaway_folder
from fieldkit.preferences import plain_lines_wanted


@command()
def demo(
    here: Session,
    as_json: bool,
    keep: Annotated[
        Path | None,
        option("--keep", "DIR", "Build it in this folder and leave it there, without opening it."),
    ] = None,
) -> Answer | int:
    """Try the kit on demonstration data, in a folder that is thrown away at the end."""
    if keep is not None:
        _build(path_of(keep))
        return Answer(
            {"folder": str(path_of(keep))},
            [f"The demonstration is in {keep}. Open it with: fieldkit --kit {keep}"],
        )
    if as_json:
        raise Misuse(
            "With --json, say where the demonstration is to be kept.", hint="fieldkit demo --keep DIR --json"
        )
    if not (here.plain or plain_lines_wanted()):
        here.demand_terminal()
    assert here.open_app is not None
    here.note_files_in_kit()
    with throwaway_folder() as parent:
        folder = parent / "kit"
        note("Making the demonstration …")
        _build(folder)
        return here.open_app(folder, None, True)


def _build(folder: Path) -> None:
    with progress() as on_progress:
        build(folder, on_progress).close()
