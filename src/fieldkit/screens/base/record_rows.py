"""Rows of any kind of record for a list: its columns from the model, its cells in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fieldkit.presentation.record_names import lines_of_links
from fieldkit.presentation.value_labels import column_title, value_in_words
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.store.kit import Kit, Stored
from fieldkit.widgets.row_pages import PAGE
from fieldkit.widgets.sources import Column, Row

_LONGEST_CELL = 200
_WIDTHS = {"date": (0, 11), "time": (0, 5), "number": (0, 5), "scale": (0, 5), "choice": (2, 8)}


def columns_of(kind: Kind) -> list[Column]:
    """The columns of a kind: the fields that its model marks as listed."""
    listed = [spec for spec in kind.fields.values() if spec.listed]
    first, *others = [_column(spec) for spec in listed]
    # The first says which record it is, so it keeps the most room on a small screen; a name keeps more than a code.
    least = 28 if listed[0].shape == "line" else 14
    return [
        replace(first, weight=2 * first.weight, minimum=max(first.minimum, least)) if first.weight else first,
        *others,
    ]


def _column(spec: FieldSpec) -> Column:
    weight, minimum = _WIDTHS.get(spec.shape, (4 if spec.shape == "text" else 3, 10))
    return Column(
        spec.name,
        column_title(spec),
        weight,
        minimum,
        "right" if spec.shape in {"number", "scale"} else "left",
    )


@dataclass
class KitSource:
    """A list's rows, read from the kit page by page. `text` filters by words, `where` by values."""

    kit: Kit
    kind: Kind
    text: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False
    _all: list[Stored] | None = field(default=None, init=False)

    def count(self) -> int:
        """How many rows there are."""
        if self.text:
            # What few records hold is read in the search that finds that they are few.
            first = self._page(0, PAGE)
            self._all = first if len(first) < PAGE else None
            if self._all is not None:
                return len(first)
        return self.kit.count(self.kind.name, text=self.text, where=self.where, deleted=self.deleted)

    def _page(self, offset: int, limit: int) -> list[Stored]:
        return self.kit.page(
            self.kind.name, offset, limit, text=self.text, where=self.where, deleted=self.deleted
        )

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        """At most `limit` rows from `offset` on, newest first."""
        records = self._page(offset, limit) if self._all is None else self._all[offset : offset + limit]
        return rows_of(self.kit, self.kind, records)


def rows_of(kit: Kit, kind: Kind, records: Sequence[Stored]) -> list[Row]:
    """A row for each record; "!" marks one with a conflict."""
    listed = [spec for spec in kind.fields.values() if spec.listed]
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
