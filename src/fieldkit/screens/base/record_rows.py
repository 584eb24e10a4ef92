"""Rows of any kind of record for a list: its columns from the model, its cells in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fieldkit.presentation.lists.sort_order import SortOrder, ids_of, sorted_ids
from fieldkit.presentation.record_names import lines_of_links
from fieldkit.presentation.value_labels import column_title, value_in_words
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.store.kit import Kit, Stored
from fieldkit.widgets.rows.row_pages import PAGE
from fieldkit.widgets.sources import Column, Row

_LONGEST_CELL = 200
_WIDTHS = {"date": (0, 11), "time": (0, 5), "number": (0, 5), "scale": (0, 5), "choice": (2, 8)}
_TEXT = (4, 15)
"""How much of people's words to show, so that two rows can be distinguished."""
_TIGHT = {"choice": 11, "text": _TEXT[1]}
"""Where a day or a state would have no room otherwise, a part of what a record is called does with so many cells."""
_FIRST = 11
"""The same for a first column that is no name, such as a service or a pair of people."""


def shown_fields(kind: Kind, chosen: Sequence[str] = ()) -> list[FieldSpec]:
    """The fields that a list of a kind shows: the `chosen` ones that the kind has, otherwise those listed in its model."""
    return [kind.fields[name] for name in chosen if name in kind.fields] or kind.listed_fields


def columns_of(kind: Kind, chosen: Sequence[str] = (), order: SortOrder | None = None) -> list[Column]:
    """The columns of a kind; a sign after a title marks the column that rows are sorted by."""
    shown = shown_fields(kind, chosen)
    first, *others = [replace(_column(spec, order), label=spec.name in kind.label) for spec in shown]
    # The first column identifies the record, so it keeps the most room on a small screen; a name keeps more than a code.
    names = shown[0].shape == "line"
    least = max(first.minimum, 28 if names else _FIRST)
    if first.weight:
        tight = first.tight if names else _FIRST
        first = replace(first, weight=2 * first.weight, minimum=least, names=names, tight=tight)
    return [first, *others]


def _column(spec: FieldSpec, order: SortOrder | None) -> Column:
    weight, minimum = _WIDTHS.get(spec.shape, _TEXT if spec.shape == "text" else (3, 10))
    sign = (" ▼" if order.reverse else " ▲") if order is not None and order.field == spec.name else ""
    return Column(
        spec.name,
        column_title(spec) + sign,
        weight,
        minimum,
        "right" if spec.shape in {"number", "scale"} else "left",
        # The order of the rows is not understood without the column that they are sorted by.
        optional=not sign,
        tight=_TIGHT.get(spec.shape, Column.tight),
        in_full=spec.title,
    )


@dataclass
class KitSource:
    """A list's rows, read from the kit page by page. `text` filters by words, `where` by values.

    Without an `order` the newest come first. `chosen` are the fields to show instead of those listed in the model.
    """

    kit: Kit
    kind: Kind
    text: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False
    order: SortOrder | None = None
    chosen: Sequence[str] = ()
    _all: list[Stored] | None = field(default=None, init=False)
    _ids: list[str] | None = field(default=None, init=False)
    _more: bool = field(default=False, init=False)
    """Whether the first rows of a search were just read, and there are more."""

    def count(self) -> int:
        """How many rows there are. Also sorts them, if there is an order."""
        if self.order is not None:
            self._ids = sorted_ids(self.kit, self.kind, self.order, self.text, self.where)
            return len(self._ids)
        if self.text and not self._more:
            first = self._page(0, PAGE)
            self._all = first if len(first) < PAGE else None
            if self._all is not None:
                return len(first)
        self._more = False
        return self.kit.count(self.kind.name, text=self.text, where=self.where, deleted=self.deleted)

    def first(self, limit: int) -> tuple[Sequence[Row], bool] | None:
        """The first rows of a search, and whether they are all; None if counting is quick, or the rows are sorted.

        If few records match, the search that finds this out also reads them.
        """
        if not self.text or self.order is not None:
            return None
        records = self._page(0, limit)
        self._more = len(records) >= limit
        self._all = None if self._more else records
        return rows_of(self.kit, self.kind, records, self.chosen), not self._more

    def _page(self, offset: int, limit: int) -> list[Stored]:
        return self.kit.page(
            self.kind.name, offset, limit, text=self.text, where=self.where, deleted=self.deleted
        )

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        """At most `limit` rows from `offset` on."""
        if self._ids is not None:
            wanted = self._ids[offset : offset + limit]
            known = self.kit.many(self.kind.name, wanted)
            records = [known[record_id] for record_id in wanted if record_id in known]
        else:
            records = self._page(offset, limit) if self._all is None else self._all[offset : offset + limit]
        return rows_of(self.kit, self.kind, records, self.chosen)

    def position(self, record_id: str) -> int | None:
        """The index of a row, None if it is not known."""
        ids = self._ids or []
        return ids.index(record_id) if record_id in ids else None

    def ids(self) -> list[str]:
        """The ids of all rows. Call it in a thread."""
        if self._ids is not None:
            return list(self._ids)
        return ids_of(self.kit, self.kind, self.text, self.where)


def rows_of(kit: Kit, kind: Kind, records: Sequence[Stored], chosen: Sequence[str] = ()) -> list[Row]:
    """A row for each record; "!" marks one with a conflict."""
    listed = shown_fields(kind, chosen)
    terms = kit.terms()
    names = lines_of_links(kit, records, terms, [spec.name for spec in listed])
    return [
        Row(
            record.record_id,
            [
                value_in_words(spec, record.values.get(spec.name), terms, names)[:_LONGEST_CELL]
                for spec in listed
            ],
            "!" if record.conflicts else "",
        )
        for record in records
    ]
