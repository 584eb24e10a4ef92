"""`fieldkit imports`: the files that were imported here."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.output import iso_time, print_table, say
from fieldkit.importing.log import changes_of, undoable_imports
from fieldkit.presentation.record_names import plural_of
from fieldkit.presentation.wording import date_and_time
from fieldkit.store.kit import Kit
from fieldkit.store.undo_log import key_of_import, undo_times


@command()
def imports(kit: Kit) -> Answer:
    """List the files that were imported here; `undo --import N` undoes one.

    Rows are those of the file that were stored. Changes also count what they needed, such as a data set or a new term.
    """
    entries, undone = undoable_imports(kit), undo_times(kit)
    undone_at = {entry["number"]: undone.get(key_of_import(entry["number"]), 0) for entry in entries}

    def table() -> None:
        if not entries:
            say("Nothing was imported here.")
            return
        print_table(
            ["number", "file", "kind", "rows", "changes", "when", "undone"],
            [
                [
                    entry["number"],
                    entry["name"],
                    plural_of(entry["kind"]),
                    entry["stored"],
                    changes_of(entry),
                    date_and_time(entry["at"]),
                    date_and_time(stamp) if (stamp := undone_at[entry["number"]]) else "",
                ]
                for entry in entries
            ],
            numbers=(0, 3, 4),
        )

    return Answer(
        [
            {
                **{name: entry[name] for name in ("number", "name", "kind", "stored")},
                "changes": changes_of(entry),
                "at": iso_time(entry["at"]),
                "taken_back": iso_time(undone_at[entry["number"]]),
            }
            for entry in entries
        ],
        table,
    )
