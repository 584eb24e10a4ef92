"""The command that protects plain tables: which of their numbers may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import demand_named, path_of
from fieldkit.cli.output import note, print_table, progress, say
from fieldkit.cli.parameters import flag, option
from fieldkit.cli.run_session import Session
from fieldkit.output_folder import demand_free, write_folder
from fieldkit.presentation.wording import counted
from fieldkit.text import clean_line

if TYPE_CHECKING:
    from fieldkit.insight.disclosure.plain_tables import ProtectedTables


@command()
def protect(
    here: Session,
    tables: Annotated[str, option("--tables", "DIR", "The exact tables, true-NAME.csv, and relations.txt.")],
    out: Annotated[str, option("--out -o", "DIR", "A new folder for the tables as they may be shown.")],
    preset: Annotated[str, option("--preset", "NAME", "What is a small number: fft, ten or hes.")] = "ten",
    monitoring: Annotated[
        bool,
        flag(
            "--monitoring",
            "The tables ask about the person, such as ethnic group: with ten, 0 is hidden too.",
        ),
    ] = False,
) -> Answer:
    """Hide what would reveal small numbers in tables, so that each could be any small number.

    relations.txt says what readers know, one relation a line:

    \b
    sum TABLE col NAME = PART + PART        in each row, a column is a sum
    sum TABLE row NAME = PART + PART        in each column, a row is a sum
    pct TABLE COLUMN = PART + PART / WHOLE  a column of percentages
    link SUM = SUM                          also >= and <=
    know SUM LOW HIGH                       readers know these limits
    watch SUM                               this sum has to stay unknown

    A SUM is TABLE[row|column] + TABLE[row|column] + any name. A relation that is missing may give numbers away: write
    down every total. The list of what is hidden and why is for you alone; only the folder is for readers.
    """
    from fieldkit.insight.disclosure.plain_tables import (
        protect_tables,
    )  # numpy and scipy, which no other command needs
    from fieldkit.insight.disclosure.thresholds import preset_named

    chosen = preset_named(preset)
    demand_named(out, "tables")
    source, target = path_of(tables), path_of(out)
    demand_free(target)
    with progress() as on_progress:
        protected = protect_tables(source, chosen, monitoring=monitoring, on_progress=on_progress)
    here.note_files_in_kit()
    write_folder(target, protected.files)
    return Answer(_as_dict(protected, str(target)), lambda: _print(protected, target.name))


def _as_dict(protected: ProtectedTables, folder: str) -> dict[str, Any]:
    return {
        "folder": folder,
        "files": sorted(protected.files),
        "figures": protected.figures,
        "shown": protected.shown,
        "hidden": [
            {"table": star.table, "row": star.row, "column": star.column, "protects": star.protects}
            for star in protected.starred
        ],
        "small_numbers": protected.small_numbers,
        "witnesses": protected.witnesses,
        "known_without_the_tables": list(protected.given_away),
        "rows_of_one_answer": [str(place) for place in protected.alike],
        "search_cut_short": protected.exhausted,
    }


def _print(protected: ProtectedTables, folder: str) -> None:
    say(
        f"Wrote {counted(len(protected.files), 'table')} to “{clean_line(folder)}”: "
        f"{protected.shown:,} of {protected.figures:,} figures are shown."
    )
    if protected.starred:
        say("", "Hidden, and why (for you alone):")
        print_table(
            ["table", "row", "column", "why"],
            [
                [
                    star.table,
                    star.row,
                    star.column,
                    f"would reveal {star.protects}" if star.protects else "small",
                ]
                for star in protected.starred
            ],
        )
    for name in protected.given_away:
        note(f"Readers know “{clean_line(name)}” from relations.txt alone: no table can hide it.")
    for place in protected.alike:
        note(
            f"All in {clean_line(place.table)}, {clean_line(place.row)} gave one answer: check that it may be shown."
        )
    if protected.exhausted:
        note("The search was cut short: more may be hidden than need be.")
