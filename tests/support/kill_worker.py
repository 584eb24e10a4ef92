"""A program that saves without end and reports each save, for tests that kill it: each input line is `HOW TAG FOLDER`."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from fieldkit.store.kit import Kit
from lives import live, say


def _save(line: str) -> None:
    """Report each save, but only after the call that saved has returned."""
    how, tag, folder = line.split(" ", 2)
    with Kit.open(Path(folder)) as kit:
        record = kit.get(kit.add("event", {"title": f"{tag} edited"}).record_id) if how == "edit" else None
        say("open", os.getpid())
        for number in count():
            if how == "one":
                say(kit.add("feedback", {"experience": f"{tag} {number} " + "word " * 40}).record_id)
            elif how == "many":
                batch = [{"experience": f"{tag} {number} {n} " + "word " * 40} for n in range(120)]
                say(*(added.record_id for added in kit.add_many("feedback", batch)))
            elif record is not None:
                record = kit.edit(record, {"title": f"{tag} {number}"})
                say(record.record_id, number)


if __name__ == "__main__":
    live(_save)
