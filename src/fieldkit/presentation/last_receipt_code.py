"""The last receipt code given to a person: how it is shown, and shown again until the next entry begins."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from fieldkit.errors import FieldkitError
from fieldkit.store.local.known_settings import LAST_CODE

if TYPE_CHECKING:
    from fieldkit.records.schema.kind import Kind
    from fieldkit.store.kit import Kit
    from fieldkit.store.local.known_settings import LastCode

TITLE = "Receipt code for the person"
PURPOSE = "Write it on their slip. With this code any laptop of the network can erase their record."
AGAIN = "{} shows it again until the next entry begins."
NONE = "There is no receipt code to show: the next entry has begun, or nobody was given one."
STAYS = "The code stays here until you press {}."


def framed(code: str) -> list[str]:
    """The code as lines that can be read across a table: its groups wide apart, in a frame."""
    groups = "  -  ".join(" ".join(group) for group in code.split("-"))
    width = len(groups) + 6
    edge, blank = "─" * width, " " * width
    return [f"╭{edge}╮", f"│{blank}│", f"│   {groups}   │", f"│{blank}│", f"╰{edge}╯"]


def last_code(kit: Kit) -> LastCode | None:
    """The last code given; None once the next entry has begun, or if its record is gone."""
    last = kit.settings.get(LAST_CODE)
    record = kit.many(last.kind, [last.record_id]).get(last.record_id) if last is not None else None
    return last if record is not None and not record.deleted else None


def shown_again(kit: Kit) -> tuple[str, str] | None:
    """The last code given and a line on its record: kind, time and a person's name, but nothing that anybody said.

    None: no code.
    """
    from fieldkit.records.schema.kind import kind

    last = last_code(kit)
    if last is None:
        return None
    record = kit.get(last.record_id, last.kind)
    recorded = datetime.fromtimestamp(record.created / 1000)
    name = f": {record.values['name']}" if last.kind == "person" and record.values.get("name") else ""
    return last.code, f"{kind(last.kind).title} recorded on {recorded.day} {recorded:%b, %H:%M}{name}"


def handed_over(kit: Kit, code: str) -> None:
    """Note that the person has the code: nobody needs a reminder."""
    last = kit.settings.get(LAST_CODE)
    if last is not None and last.code == code:
        # A read-only window can't note it; the code was in view all the same.
        with contextlib.suppress(FieldkitError):
            kit.settings.put(LAST_CODE, replace(last, handed_over=True))


def begin_entry(kit: Kit, kind: Kind) -> None:
    """Begin the next entry: the previous person's code is no longer shown, and no trace of it stays.

    A note that never leaves this laptop, such as a worry about the person standing there, does not count as the next entry.
    """
    if kind.shared:
        # A disk error must not stop anybody from recording; the code is removed with the next entry.
        with contextlib.suppress(FieldkitError):
            if kit.settings.get(LAST_CODE) is not None:
                kit.settings.forget(LAST_CODE)
                kit.clear_log()
