"""The choices that a user has made about how to read a file: for each column, and for the whole file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from dataclasses import field as default
from typing import Any, Literal

from fieldkit.spelling import folded

Keep = Literal["", "keep", "leave"]


@dataclass(frozen=True)
class ColumnChoices:
    """The choices for one column; an empty string means that no choice was made.

    `field` is the field that the column goes into: None if its heading decides, "" if it is left out. `resolved` names
    doubts that a user has resolved without any other choice. `values` maps a cell (folded) to the answer that it means.
    """

    field: str | None = None
    direction: Literal["", "as-listed", "reversed"] = ""
    dates: Literal["", "day-first", "month-first"] = ""
    real_dates: Literal["", "as-they-are", "swapped"] = ""
    times: Literal["", "as-written", "afternoon"] = ""
    numbers: Literal["", "plain", "dot-thousands"] = ""
    resolved: frozenset[str] = frozenset()
    values: dict[str, str] = default(default_factory=dict)


@dataclass(frozen=True)
class Choices:
    """The choices for one file. `columns` is keyed by the folded heading.

    `consent` is the ground on which the people of the file agreed. `hidden_rows` and `totals` say whether such rows are kept.
    `again` stores rows that are here already once more. With `understood`, every doubt is resolved as fieldkit understood it.
    `ticks` adds words that mark an answer as ticked (True) or not (False), folded.
    """

    columns: dict[str, ColumnChoices] = default(default_factory=dict)
    dates: Literal["", "day-first", "month-first"] = ""
    hidden_rows: Keep = ""
    totals: Keep = ""
    consent: str = ""
    heading_rows: int | None = None
    ticks: dict[str, bool] = default(default_factory=dict)
    resolved: frozenset[str] = frozenset()
    again: bool = False
    understood: bool = False

    def of(self, column: str) -> ColumnChoices:
        """The choices for a column."""
        return self.columns.get(folded(column), _NO_CHOICE)

    def with_column(self, column: str, **changes: object) -> Choices:
        """A copy with further choices for one column; `resolved` is added to the doubts resolved before."""
        before = self.of(column)
        if "resolved" in changes:
            changes["resolved"] = before.resolved | {str(changes["resolved"])}
        after = replace(before, **changes)  # type: ignore[arg-type]  # names of fields, from this package
        return replace(self, columns={**self.columns, folded(column): after})

    def columns_over(self, earlier: Choices) -> Choices:
        """`earlier`, with what is chosen here for columns in place of its own choices."""
        columns = dict(earlier.columns)
        for key, chosen in self.columns.items():
            before = earlier.of(key)
            given = {
                name: value for name, value in vars(chosen).items() if value != getattr(_NO_CHOICE, name)
            }
            given["resolved"] = before.resolved | chosen.resolved
            given["values"] = {**before.values, **chosen.values}
            columns[key] = replace(before, **given)
        return replace(earlier, columns=columns)

    def resolve(self, doubt: Doubt, answer: Answer) -> Choices:
        """A copy with one doubt resolved.

        Raises:
            ValueError: the doubt does not allow this answer.
        """
        if answer == "leave":
            if not doubt.column:
                raise ValueError("Only a column can be left out.")
            return self.with_column(doubt.column, field="")
        changes = doubt.as_understood if answer == "understood" else doubt.other_way
        if not changes:
            raise ValueError("There is no other way round.")
        if doubt.column:
            return self.with_column(doubt.column, **changes)
        changes = dict(changes)
        if "resolved" in changes:
            changes["resolved"] = self.resolved | {changes["resolved"]}
        return replace(self, **changes)


Answer = Literal["understood", "other", "leave"]


@dataclass(frozen=True)
class Doubt:
    """Something about a file that can be read in more than one way. Nothing of the file is stored until it is resolved.

    `column` is "" if the doubt concerns the whole file. `as_understood` and `other_way` are the choices, for the column or for
    the file, that the two answers make; `other_words` describes the other way round.
    """

    code: str
    column: str
    sentence: str
    as_understood: dict[str, Any]
    other_way: dict[str, Any] = default(default_factory=dict)
    other_words: str = ""


def unresolved(doubts: Iterable[Doubt], choices: Choices) -> list[Doubt]:
    """The doubts that are not resolved yet."""
    left = []
    for doubt in doubts:
        chosen = choices.of(doubt.column) if doubt.column else choices
        code = doubt.as_understood.get("resolved")
        answered = (
            code in chosen.resolved if code else any(getattr(chosen, name) for name in doubt.as_understood)
        )
        if not answered:
            left.append(doubt)
    return left


_NO_CHOICE = ColumnChoices()
