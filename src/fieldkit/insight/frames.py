"""Records as DataFrames: columns of numbers that represent answers, so that a million rows stay small."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from fieldkit.insight.lazy_pandas import np
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.kit import Kit, Progress, no_progress

if TYPE_CHECKING:
    import pandas as pd
else:
    from fieldkit.insight.lazy_pandas import pd

CHUNK = 20_000
"""Rows that are held as Python values at a time."""

SEPARATOR = "\x1f"
"""Separates the codes of a question that takes several. Stored text is cleaned of it, so no code contains it."""

_STAMPS = {"created", "updated"}


def frame(kit: Kit, kind: str, fields: Iterable[str], on_progress: Progress = no_progress) -> pd.DataFrame:
    """The live records of a kind, one row each, with these columns (see `frame_of` for their types).

    Raises:
        NotFound: there is no such kind.
        Misuse: a field is not one of that kind.
    """
    names, the_kind = list(fields), kind_named(kind)
    total = kit.counts().get(kind, 0) if the_kind.shared else 0
    return frame_of(the_kind, names, kit.columns(kind, names), on_progress, total)


def frame_of(
    kind: Kind,
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    on_progress: Progress = no_progress,
    total: int = 0,
) -> pd.DataFrame:
    """A DataFrame of `rows`, whose values are in the order of `fields`.

    Codes, short texts, times and links become categories; several codes one category of the codes joined by `SEPARATOR` (see
    `several`); dates datetime64; numbers Int32; `created` and `updated` int64, in milliseconds; ids and long texts plain objects.
    Answers to questions that were not asked are missing.
    """
    collected = [_column(kind, name) for name in fields]
    going, done = iter(rows), 0
    while chunk := list(islice(going, CHUNK)):
        for column, values in zip(collected, zip(*chunk, strict=True), strict=True):
            column.extend(values)
        done += len(chunk)
        on_progress(done, max(done, total), kind.plural)
    return pd.DataFrame(
        {name: column.series() for name, column in zip(fields, collected, strict=True)},
        index=pd.RangeIndex(done),
    )


def several(column: pd.Series) -> pd.Series:
    """A column of several codes as one row for each code, with the index of its record."""
    lists = {category: category.split(SEPARATOR) for category in column.cat.categories}
    return column.dropna().astype(object).map(lists).explode()


class _Numbers(dict[Any, int]):
    """Gives each new value the next number; None is -1, which pandas treats as missing."""

    def __init__(self) -> None:
        super().__init__({None: -1})

    def __missing__(self, value: Any) -> int:
        self[value] = number = len(self) - 1
        return number


class _Categories:
    """A column of recurring values, stored as numbers."""

    def __init__(self, *, lists: bool = False, dates: bool = False) -> None:
        self._lists, self._dates = lists, dates
        self._numbers, self._rows = _Numbers(), array("i")

    def extend(self, values: Sequence[Any]) -> None:
        if self._lists:
            values = [SEPARATOR.join(value) if value else None for value in values]
        self._rows.extend(map(self._numbers.__getitem__, values))

    def series(self) -> pd.Series:
        del self._numbers[None]
        rows = np.frombuffer(self._rows, dtype="int32") if self._rows else np.empty(0, "int32")
        if self._dates:
            days = np.array([*self._numbers, "NaT"], dtype="datetime64[s]")
            return pd.Series(days[rows])
        values = pd.Index(list(self._numbers), dtype=object)
        return pd.Series(pd.Categorical.from_codes(rows, categories=values))


class _Plain:
    """A column whose values are stored as they are."""

    def __init__(self, dtype: str) -> None:
        self._dtype, self._rows = dtype, list[Any]()

    def extend(self, values: Sequence[Any]) -> None:
        self._rows.extend(values)

    def series(self) -> pd.Series:
        return pd.Series(self._rows, dtype=self._dtype)


def _column(kind: Kind, name: str) -> _Categories | _Plain:
    spec = kind.fields.get(name)
    if spec is None:
        if name == "origin":
            return _Categories()
        return _Plain("int64" if name in _STAMPS else "object")
    if spec.shape in {"number", "scale"}:
        return _Plain("Int32")
    if spec.shape == "text":
        return _Plain("object")
    return _Categories(lists=spec.several, dates=spec.shape == "date")
