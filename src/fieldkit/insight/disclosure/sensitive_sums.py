"""The sums of a pack that must stay unknown while they are small: those counted, left out, and gained or lost since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fieldkit.insight.disclosure.counting import QuoteCounter, SumKey, TableCounter
from fieldkit.insight.disclosure.definitions import TOTAL
from fieldkit.insight.disclosure.people_pages import columns_of
from fieldkit.insight.disclosure.profiles import NOW
from fieldkit.insight.disclosure.statements import Sensitive, Vector

if TYPE_CHECKING:
    from fieldkit.insight.disclosure.people_pack import PeoplePack


def sensitive_sums(pack: PeoplePack) -> Iterator[Sensitive]:
    """Every sum that must stay unknown while it is a small number, or is watched."""
    yield from _left_out(pack)
    yield from _sensitive_of(pack, NOW, None, "")
    for each in pack.earlier:
        yield from _sensitive_of(pack, NOW, each.name, f" new since {each.name}")
        yield from _sensitive_of(pack, each.name, NOW, f" gone since {each.name}")


def _sensitive_of(pack: PeoplePack, scope: str, without: str | None, clause: str) -> Iterator[Sensitive]:
    for counter in pack.counters[scope]:
        if isinstance(counter, QuoteCounter):
            yield Sensitive(f"{counter.group.name}{clause}", pack.weights(scope, counter.key, without))
            continue
        name = counter.table.name
        for inside in (True, False) if counter.table.where else (True,):
            left_out = "" if inside else " (left out of it)"
            for row in counter.rows:
                people = pack.weights(scope, SumKey(name, row, TOTAL, inside), without)
                for column in (
                    *counter.groups,
                    *(c for c in columns_of(counter) if c not in counter.groups),
                ):
                    part = pack.weights(scope, SumKey(name, row, column, inside), without)
                    where = f"{name}: {row}, {column}{left_out}{clause}"
                    yield Sensitive(where, part)
                    if column not in (*counter.groups, TOTAL):
                        yield Sensitive(f"the rest of {where}", people - part)


def _left_out(pack: PeoplePack) -> Iterator[Sensitive]:
    """People whom a table leaves out of a larger table with the same rows and columns, and whom it leaves out of everybody.

    If they are few, share an answer to a monitoring question and all gave one answer, it must stay open whether any of them gave
    another.
    """
    for table in pack.tables:
        if not table.table.where:
            continue
        larger = [each for each in pack.tables if _is_larger(each, table)]
        for row in table.rows:
            yield from _left_out_of(pack, table, row, None)
            for each in larger:
                yield from _left_out_of(pack, table, row, each)


def _left_out_of(
    pack: PeoplePack, table: TableCounter, row: str, larger: TableCounter | None
) -> Iterator[Sensitive]:
    def left_out(column: str) -> Vector:
        if larger is None:
            return pack.weights(NOW, SumKey(table.table.name, row, column, inside=False))
        whole = pack.weights(NOW, SumKey(larger.table.name, row, column))
        return whole - pack.weights(NOW, SumKey(table.table.name, row, column))

    people = left_out(TOTAL)
    shares = [share.label for share in table.table.shares]
    few = 0 < int(people @ pack.truth) < 2 * pack.strictest.threshold and asks_about_people(table, row)
    place = f"(left out of it{f' and in {larger.table.name}' if larger else ''})"
    for column in (*table.groups, *shares, TOTAL):
        part, name = left_out(column), f"{table.table.name}: {row}, {column} {place}"
        number, rest = int(part @ pack.truth), int((people - part) @ pack.truth)
        yield Sensitive(name, part, watched=few and column in shares and number == 0)
        if column != TOTAL and (column in shares or rest == 0):
            yield Sensitive(f"the rest of {name}", people - part, watched=few and rest == 0)


def asks_about_people(table: TableCounter, row: str) -> bool:
    """Whether the people of a row share an answer to a monitoring question."""
    asked = [table.table.rows] if row != TOTAL else []
    asked += [name for name, _ in table.table.where]
    return any(table.questions[name].monitoring for name in asked)


def _is_larger(table: TableCounter, subset: TableCounter) -> bool:
    """Whether a table counts the people of another in the same rows and columns, and more."""
    whole, part = table.table, subset.table
    return (
        set(whole.where) < set(part.where)
        and (whole.rows, table.level, whole.columns) == (part.rows, subset.level, part.columns)
        and {share.label: share.codes for share in part.shares}.items()
        <= {share.label: share.codes for share in whole.shares}.items()
    )
