"""Records of every kind that contain the typed words, the newest first, and where they contain them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldkit.presentation.record_names import lines_of
from fieldkit.presentation.wording import when
from fieldkit.records.excerpt import excerpt
from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.store.kit import Kit
from fieldkit.text import cells, shortened

A_KIND = 20
"""The most records of one kind to show."""
IN_VIEW = 45
"""The characters of a record's line that the narrowest screen shows."""
_LONGEST = 240
"""The characters of a record's line that the widest screen shows."""
_NAME = 28
"""So many letters of a name are shown before the place of the words."""
_TEXT_SHAPES = frozenset({"line", "text", "choice", "many", "date"})
_NOT_SEARCHED = frozenset({"device", "term", "withdrawal", "cell", "mapping", "release"})


@dataclass(frozen=True)
class RecordMatch:
    """One record: `name` is `kind:id`, `line` what lists show of it, and the place of the words where that is elsewhere."""

    name: str
    kind_title: str
    line: str
    changed: str
    in_conflict: bool
    whole: str
    """What the line cuts, where the window is too narrow for it."""


@dataclass
class RecordMatches:
    """The records that match `typed`; `has_more` if some kind has more of them than are shown."""

    typed: str
    records: list[RecordMatch]
    has_more: bool = False


def search_records(
    kit: Kit,
    typed: str,
    each: int = A_KIND,
    *,
    in_view: int = IN_VIEW,
    go_on: Callable[[RecordMatches], bool] = lambda _: True,
) -> RecordMatches:
    """The newest records, at most `each` of a kind, that contain all words of `typed`. Call it in a thread.

    Words that a line has within its first `in_view` characters are not shown before it once more. `go_on` is called after
    each kind with the matches so far; if it returns False, the search ends with these. What is kept apart on this laptop
    (worries, private notes) never appears among other records.
    """
    matches = RecordMatches(typed, [])
    if not typed.strip():
        return matches
    terms, now, held = kit.terms(), kit.clock(), kit.counts()
    for kind in kinds().values():
        if not held.get(kind.name) or not kind.shared or kind.name in _NOT_SEARCHED:
            continue
        if not any(spec.shape in _TEXT_SHAPES for spec in kind.fields.values()):
            continue
        records = kit.page(kind.name, 0, each + 1, text=typed)
        if len(records) > each:
            matches.has_more = True
        lines = lines_of(kit, records[:each], terms, longest=_LONGEST)
        for record in records[:each]:
            line = lines[record.record_id]
            place = excerpt(kind, record.values, typed, line[:in_view], terms)
            matches.records.append(
                RecordMatch(
                    record.name,
                    kind.title,
                    _with_place(kind, line, place),
                    when(record.updated, now),
                    bool(record.conflicts),
                    line,
                )
            )
        if not go_on(matches):
            break
    return matches


def _with_place(kind: Kind, line: str, place: str) -> str:
    """The place of the words, then the record's line; what has a name is known by it, so that stays in front."""
    if not place or kind.fields[kind.label[0]].shape != "line":
        return f"{place} · {line}" if place else line
    name, _, rest = line.partition(" · ")
    if cells(name) > _NAME:
        # Whole at the end, where the window has room for it.
        name, rest = shortened(name, _NAME), line
    return " · ".join(filter(None, (name, place, rest)))
