"""Records sorted by one of their fields, for lists of any length."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldkit.presentation.record_names import lines_of_links
from fieldkit.records.label import in_words
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.spelling import folded_words
from fieldkit.store.kit import Kit, Stored

_CHUNK = 5_000
_NUMBERS = frozenset({"number", "scale"})


@dataclass(frozen=True)
class SortOrder:
    """The field to sort by, and whether in descending order. Records without a value come last either way."""

    field: str
    reverse: bool = False


def ids_of(kit: Kit, kind: Kind, text: str, where: Mapping[str, Any]) -> list[str]:
    """The ids of all records that contain the words of `text` and match the values of `where`, the newest first."""
    if not text.strip():
        return [row[0] for row in kit.columns(kind.name, ["record_id"], where=where)][::-1]
    ids: list[str] = []
    while len(page := kit.page(kind.name, len(ids), _CHUNK, text=text, where=where)) == _CHUNK:
        ids += [record.record_id for record in page]
    return ids + [record.record_id for record in page]


def sorted_ids(kit: Kit, kind: Kind, order: SortOrder, text: str, where: Mapping[str, Any]) -> list[str]:
    """The same in `order`; equal values with the newest first."""
    rows = [*kit.columns(kind.name, ["record_id", order.field], where=where)][::-1]
    if text.strip():
        fitting = set(ids_of(kit, kind, text, where))
        rows = [row for row in rows if row[0] in fitting]
    held = [row for row in rows if row[1] not in (None, "", [])]
    key = _key(kit, kind, kind.fields[order.field], [row[1] for row in held])
    held.sort(key=lambda row: key(row[1]), reverse=order.reverse)
    empty = [row for row in rows if row[1] in (None, "", [])]
    return [row[0] for row in (*held, *empty)]


def _key(kit: Kit, kind: Kind, spec: FieldSpec, values: list[Any]) -> Callable[[Any], Any]:
    """The sort key of a field's values: numbers by size, answers by the order of their list, everything else by its words."""
    if spec.shape in _NUMBERS:
        return lambda value: value
    if spec.shape in {"date", "time"}:
        return str
    terms = kit.terms()
    if spec.shape == "choice":
        places = {entry.code: place for place, entry in enumerate(spec.code_list.entries)}
        return lambda value: (places.get(value, len(places)), folded_words(in_words(spec, value, terms, {})))
    names: Mapping[str, str] = {}
    if spec.link:
        ids = {key for value in values for key in spec.targets(value)}
        linking = [Stored(kind.name, "", {spec.name: [key] if spec.several else key}) for key in ids]
        names = lines_of_links(kit, linking, terms, [spec.name])
    known: dict[str, str] = {}

    def folded(value: Any) -> str:
        shown = in_words(spec, value, terms, names)
        if shown not in known:
            known[shown] = folded_words(shown)
        return known[shown]

    return folded
