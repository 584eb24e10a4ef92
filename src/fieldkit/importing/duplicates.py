"""Rows that are here already, or are in one file twice: counted and not stored again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from fieldkit.records.schema.kind import Kind, Values
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit

Verdict = Literal["new", "here", "changed", "twice", "differs"]
"""New; already in the kit with the same or with other answers; in an earlier row of the file with the same or with others."""

_ANSWERS = ("date", "rating", "experience")
"""Answers that must also agree if a row has the reference of a record: many files number their rows from 1."""

_LONG_ENOUGH = 20
"""Characters. Many people may honestly write the same shorter comment, such as “very good”, on one day."""
_Key = tuple[str, ...]
_IDENTITIES: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "feedback": ((("reference",), ("provider",)), (("experience", "date"), ("provider", "rating"))),
    "attendance": (
        (("event", "person"), ()),
        (("reference",), ("event",)),
        (("event", "attendee_group", "head_count"), ("arrived",)),
    ),
    "person": ((("reference",), ()), (("name",), ("organisation",))),
    "event": ((("title", "date"), ("place",)),),
    "partner": ((("name",), ("town",)),),
    "mentorship": ((("mentor", "mentee"), ()),),
    "session": ((("mentorship", "date"), ("minutes",)),),
    "action": ((("mentorship", "what"), ("agreed",)),),
    "term": ((("list_name", "code"), ()),),
}
"""What identifies a record of each kind, in one or more ways: (fields that must be filled, fields that may be empty)."""


class Duplicates:
    """Holds what identifies every record of a kind; each row is looked up, then remembered."""

    def __init__(self, kit: Kit, kind: Kind, given: set[str]) -> None:
        self._kind = kind
        self._identities = [
            (needed, more)
            for needed, more in _IDENTITIES.get(kind.name, ())
            if set(needed) <= given and not ("experience" in needed and "reference" in given)
        ]
        self._answers = (
            tuple(name for name in _ANSWERS if name in given)
            if kind.name == "feedback" and "reference" in given
            else ()
        )
        self._same: set[int] = set()
        self._here: list[dict[_Key, bool]] = []
        self._rows: list[dict[_Key, tuple[int, Values]]] = [{} for _ in self._identities]
        for needed, more in self._identities:
            answers = self._answers if "reference" in needed else ()
            names = (*needed, *more, *(("reference",) if "reference" in kind.fields else ()), *answers)
            keys: dict[_Key, bool] = {}
            # A file may repeat any of a person's joined records, whichever of them is shown.
            for row in kit.columns(kind.name, names, apart=kind.name == "person"):
                before = dict(zip(names, row, strict=True))
                if (key := _key(kind, (*needed, *more), before, len(needed))) is not None:
                    keys[key] = keys.get(key, True) and bool(before.get("reference"))
                    if answers:
                        self._same.add(self._mark(key, before))
            self._here.append(keys)

    def _mark(self, key: _Key, values: Mapping[str, Any]) -> int:
        """A hash that a record and a row share if they give the same answers; an empty answer equals a missing one."""
        return hash((key, *(values.get(name) or "" for name in self._answers)))

    def look(self, values: Values, line: int) -> tuple[Verdict, int]:
        """Whether a row is new, and the line of the earlier one that it repeats (0 for none)."""
        keys = []
        for number, (needed, more) in enumerate(self._identities):
            key = _key(self._kind, (*needed, *more), values, len(needed))
            keys.append(key)
            if key is None:
                continue
            # Two people of the same name, each with a reference of their own, are two people.
            referenced = bool(values.get("reference")) and "name" in needed
            if key in self._here[number] and not (referenced and self._here[number][key]):
                changed = (
                    "reference" in needed and self._answers and self._mark(key, values) not in self._same
                )
                return ("changed" if changed else "here"), 0
            # One sheet may give the same head count twice, for the morning and for the afternoon.
            if key in self._rows[number] and "head_count" not in needed:
                earlier, before = self._rows[number][key]
                if referenced and before.get("reference"):
                    continue
                named = {*needed, *more}
                same = "person" in needed or all(
                    before.get(name) == values.get(name)
                    for name in before.keys() | values.keys()
                    if name not in named
                )
                return ("twice" if same else "differs"), earlier
        for number, key in enumerate(keys):
            if key is not None:
                self._rows[number][key] = (line, values)
        return "new", 0


def _key(kind: Kind, names: tuple[str, ...], values: Mapping[str, Any], needed: int) -> _Key | None:
    parts = []
    for place, name in enumerate(names):
        value = values.get(name)
        if value is None or (name == "experience" and len(value) < _LONG_ENOUGH):
            if place < needed:
                return None
            parts.append("")
        else:
            parts.append(
                _SPELT.get(kind.fields[name].shape, str)(value) if name != "reference" else _plain(value)
            )
    return tuple(parts)


def _plain(value: Any) -> str:
    """A reference without case and spaces; all else counts: AB-1 and AB1 differ."""
    return str(value).casefold().replace(" ", "")


_SPELT: dict[str, Callable[[Any], str]] = {"line": folded, "text": lambda text: str(hash(text))}
