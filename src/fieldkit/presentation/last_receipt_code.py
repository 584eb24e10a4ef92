"""The receipt code that a person was given last: how it is shown, and shown again until the next entry begins."""

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
    """The code as lines that can be read from across a table: its groups wide apart, in a frame."""
    groups = "  -  ".join(" ".join(group) for group in code.split("-"))
    width = len(groups) + 6
    edge, blank = "─" * width, " " * width
    return [f"╭{edge}╮", f"│{blank}│", f"│   {groups}   │", f"│{blank}│", f"╰{edge}╯"]


def last_code(kit: Kit) -> LastCode | None:
    """The code that was given last; None once the next entry has begun, or where its record is gone."""
    last = kit.settings.get(LAST_CODE)
    record = kit.many(last.kind, [last.record_id]).get(last.record_id) if last is not None else None
    return last if record is not None and not record.deleted else None


def shown_again(kit: Kit) -> tuple[str, str] | None:
    """The code that was given last and a line that says for what: kind, time and a person's name, not what anybody said.

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
    """Note that the person has the code: nobody needs to be reminded of it."""
    last = kit.settings.get(LAST_CODE)
    if last is not None and last.code == code:
        # A window that only reads can't note it; the code was in view all the same.
        with contextlib.suppress(FieldkitError):
            kit.settings.put(LAST_CODE, replace(last, handed_over=True))


def begin_entry(kit: Kit, kind: Kind) -> None:
    """The next entry begins: the code of the person before is shown no more, and nothing of it stays.

    A note that never leaves this laptop, such as a worry about the person who stands there, is no next entry.
    """
    if kind.shared:
        # A disk that refuses must not stop anybody from recording; the code goes with the next one.
        with contextlib.suppress(FieldkitError):
            if kit.settings.get(LAST_CODE) is not None:
                kit.settings.forget(LAST_CODE)
                kit.clear_log()
