"""The protection of a pack: from respondents and tables to figures that may be printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fieldkit.errors import FieldkitError
from fieldkit.insight.disclosure.counting import TableCounter
from fieldkit.insight.disclosure.definitions import (
    EarlierRelease,
    Key,
    PeopleTable,
    Question,
    QuoteGroup,
    Respondent,
)
from fieldkit.insight.disclosure.people_pack import PeoplePack
from fieldkit.insight.disclosure.people_pages import Figures, quote_key
from fieldkit.insight.disclosure.secondary_suppression import Suppression, suppress
from fieldkit.insight.disclosure.statements import StatementKind
from fieldkit.insight.disclosure.thresholds import Preset
from fieldkit.printed_figure import STAR, Figure
from fieldkit.text import plural

Progress = Callable[[int, int, str], None]


class ReleaseRefused(FieldkitError):
    """Together with earlier releases, the pack would reveal what few people said."""

    title = "This can't be released yet"


class Reason(StrEnum):
    """Why a figure is a star. Only the coordinator may know: which star is a small number is never printed."""

    SMALL = "it is a small number"
    BASE = "its base, its part or the rest is too small"
    PROTECTS = "it would reveal a small number"
    ALIKE = "all of a small group gave the same answer"


@dataclass(frozen=True)
class Hidden:
    """A star, its reason, and what it protects."""

    key: Key
    reason: Reason
    protects: str = ""


@dataclass(frozen=True)
class ProtectedTable:
    """A table as it may be printed: the level of its rows, its labels, and a figure for each (row, column).

    Columns are the groups of the columns' question (if `counts`), `TOTAL`, then shares and means by their labels.
    """

    name: str
    level: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: Mapping[tuple[str, str], Figure]


@dataclass(frozen=True)
class Protected:
    """What may be printed, and what the coordinator must know.

    Only `tables` and `quotes` (groups of quotes that may carry their attribute) may be printed. `printed` is every figure's text
    by its key, as a release stores it; `levels` the level of each table in it. These are for the coordinator: `hidden`, `merged`
    (tables that went to a coarser level), `alike` (rows in which all gave one answer, for a person to confirm) and `exhausted`
    (the search was cut short, and more may be hidden than necessary).
    """

    tables: tuple[ProtectedTable, ...]
    quotes: frozenset[str]
    printed: Mapping[Key, str]
    levels: Mapping[str, int]
    hidden: tuple[Hidden, ...]
    merged: Mapping[str, str]
    alike: tuple[Key, ...]
    small_numbers: int
    witnesses: int
    exhausted: bool


def protect(
    people: Sequence[Respondent],
    questions: Sequence[Question],
    tables: Sequence[PeopleTable],
    preset: Preset,
    *,
    quotes: Sequence[QuoteGroup] = (),
    earlier: Sequence[EarlierRelease] = (),
    on_progress: Progress | None = None,
) -> Protected:
    """What of `tables` may be printed about `people`.

    One respondent is one person: several comments are one profile. Every question of a table, a subset or a quote must be in
    `questions`, and in each person's `answers` (or counts as not answered). A table with more than a quarter of its counts small
    goes to the next coarser level of its rows, and at last has only its total row. The order of `people` does not matter: the
    same people give the same pack.

    Sensitive numbers are each count, margin, share, rest of a share, subset, number of people left out of a subset, and group of
    quotes; each also for the people who came or left since a release. For each that is 1 to threshold - 1, and for each of these
    values, another set of people exists that prints exactly the same pack. All these sets were counted and printed to make sure.

    `on_progress(done, total, what)` may raise to cancel; then nothing is kept.

    Raises:
        Misuse: a table names an unknown question, or has two rows or columns of one name.
        ReleaseRefused: with the earlier releases this pack would reveal what few people said.
        ProtectionFailed: a check by counting again differs; nothing may be printed.
    """
    pack = PeoplePack(people, questions, tables, preset, quotes, earlier)
    if not pack.find_gone():
        raise ReleaseRefused(
            "The answers that an earlier release counted are not here as they were.",
            kept="Nothing was written.",
            hint="Count the people whose answers were changed since as gone and as new.",
        )
    result = suppress(pack.pack(), on_progress=on_progress)
    _refuse_if_few_came(pack, result)
    hidden = frozenset(pack.statements[at].key for at in result.hidden)
    figures = pack.print(pack.truth, hidden)
    protects = {pack.statements[at].key: name for at, name in result.protects.items()}
    return Protected(
        tables=tuple(_table(table, figures) for table in pack.tables),
        quotes=frozenset(each.group.name for each in pack.quotes if figures[quote_key(each)] is not STAR),
        printed={key: str(figure) for key, figure in figures.items()},
        levels={table.table.name: table.level for table in pack.tables},
        hidden=tuple(_hidden(key, protects, pack) for key, figure in figures.items() if figure is STAR),
        merged={table.table.name: table.level_name for table in pack.tables if table.level},
        alike=tuple(key for key in pack.alike if key not in pack.few_alike),
        small_numbers=len(result.needs),
        witnesses=len({id(people) for need in result.needs for people in need.witnesses.values()}),
        exhausted=result.exhausted,
    )


def _table(table: TableCounter, figures: Figures) -> ProtectedTable:
    name = table.table.name
    columns = dict.fromkeys(column for table_name, _, column in figures if table_name == name)
    cells = {key[1:]: figure for key, figure in figures.items() if key[0] == name}
    return ProtectedTable(name, table.level_name, table.rows, tuple(columns), cells)


def _hidden(key: Key, protects: Mapping[Key, str], pack: PeoplePack) -> Hidden:
    if key in protects:
        return Hidden(key, Reason.PROTECTS, protects[key])
    if any(key[:2] == row[:2] for row in pack.few_alike):
        return Hidden(key, Reason.ALIKE)
    counts = {statement.key for statement in pack.statements if statement.says is StatementKind.COUNT}
    return Hidden(key, Reason.SMALL if key in counts else Reason.BASE)


def _refuse_if_few_came(pack: PeoplePack, result: Suppression) -> None:
    """Refuse if small numbers of people who came or left would be revealed: hiding is only for the pack's own small numbers."""
    preset, troubled = pack.strictest, set(result.protects.values())
    for release in pack.earlier:
        for weights, moved in zip(pack.joined_and_left(release), ("new since", "gone since"), strict=True):
            number = int(weights @ pack.truth)
            if preset.is_small(number) and any(f"{moved} {release.name}" in name for name in troubled):
                if moved == "new since":
                    sentence = plural(
                        number,
                        "Showing this now would reveal what 1 new entry said.",
                        "Showing this now would reveal what {n} new entries said.",
                    )
                    hint = (
                        f"Wait until {preset.threshold} more have come, or release it with the next period."
                    )
                else:
                    sentence = plural(
                        number,
                        "Showing this now would reveal what 1 deleted entry said.",
                        "Showing this now would reveal what {n} deleted entries said.",
                    )
                    hint = "Release it with the next period."
                raise ReleaseRefused(
                    sentence,
                    kept="Nothing was written.",
                    hint=hint,
                )
