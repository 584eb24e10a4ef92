"""Earlier releases: in the form that disclosure control checks a new pack against, and the text that a release keeps.

A release keeps its tables and figures as printed, which changes the kit held then (runs of each laptop's changes), its
feedback rule, and how many people it counted. That number stays in the kit.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fieldkit import __version__
from fieldkit.insight.disclosure.definitions import EarlierRelease, PeopleTable, QuoteGroup, Share
from fieldkit.insight.disclosure.protection import Protected
from fieldkit.presentation.cycle.cycle_feedback import FeedbackRule
from fieldkit.presentation.pack.respondents import Person, questions_in
from fieldkit.printed_figure import STAR as STAR_FIGURE
from fieldkit.store.kit import Kit, Stored

STAR = str(STAR_FIGURE)
Runs = Mapping[str, Sequence[Sequence[int]]]
"""Origin -> the unbroken runs of its changes that the kit held: (first, last)."""


@dataclass(frozen=True)
class Earlier:
    """The releases for `insight.disclosure`, and for each person (by first record) the releases that counted the same answers."""

    releases: tuple[EarlierRelease, ...]
    counted: Mapping[str, Collection[str]]


def runs_held(kit: Kit) -> dict[str, list[list[int]]]:
    """The changes that this kit holds now: origin -> runs."""
    return {origin: [list(run) for run in kit.ledger.held(origin)] for origin in sorted(kit.ledger.origins())}


def statements_text(
    tables: Iterable[PeopleTable],
    protected: Protected,
    quotes: Sequence[QuoteGroup],
    people: int,
    rule: FeedbackRule,
    runs: Runs,
) -> str:
    """What a release keeps, as JSON: identical for identical packs."""
    printed: dict[str, dict[str, dict[str, str]]] = {}
    for (table, row, column), text in sorted(protected.printed.items()):
        printed.setdefault(table, {}).setdefault(row, {})[column] = text
    kept = {
        "tables": [_table(table) for table in tables],
        "levels": dict(sorted(protected.levels.items())),
        "printed": printed,
        "quotes": [[quote.name, _where(quote.where), quote.quotes] for quote in quotes],
        "people": people,
        "program": __version__,
        "rule": _rule(rule),
        "runs": runs,
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def released_questions(kit: Kit) -> set[str]:
    """The questions by which any release counted people: a later pack must know these answers too."""
    kept = (_kept(release) for release in kit.page("release", 0, kit.count("release")))
    tables = [_read_table(table) for each in kept if each is not None for table in each["tables"]]
    return {name for table in tables for name in questions_in(table)}


def earlier_releases(
    kit: Kit,
    people: Sequence[Person],
    rule: FeedbackRule,
    state_hash: str,
    preset: str,
    tables: Sequence[PeopleTable],
) -> Earlier:
    """The releases that counted any of these people, and which people each counted with the same answers.

    The same records, rule, tables and preset give the same figures for any audience: such a release does not count as earlier.
    """
    by_counts: dict[tuple[object, ...], EarlierRelease] = {}
    counted: dict[str, set[str]] = {}
    stored = sorted(kit.page("release", 0, kit.count("release")), key=lambda release: release.record_id)
    for release in stored:
        kept = _kept(release)
        if kept is None:
            continue
        made_of = (
            release.values.get("state_hash"),
            release.values.get("preset"),
            kept.get("program"),
            kept["tables"],
            kept["rule"],
        )
        if made_of == (state_hash, preset, __version__, [_table(table) for table in tables], _rule(rule)):
            continue
        inside = _inside(kit, kept)
        if not any(record in inside for person in people for record in person.records):
            continue  # it counted other people
        same = _same(kit, people, kept, inside)
        # Packs for several audiences from one state counted the same people: they are judged as one release.
        kept_rule = json.dumps(kept["rule"], sort_keys=True)
        counts: tuple[object, ...] = (
            *made_of[:2],
            kept["people"],
            kept_rule,
            tuple(same),
            str(kept["quotes"]),
        )
        this = _release(release, kept, len(same))
        joined = join_releases(by_counts[counts], this) if counts in by_counts else this
        if joined is None:  # the tables of one name differ
            counts = (*counts, release.record_id)
            joined = this
        by_counts[counts] = joined
        for person in same:
            counted.setdefault(person, set()).add(joined.name)
    return Earlier(tuple(by_counts.values()), counted)


def join_releases(first: EarlierRelease, second: EarlierRelease) -> EarlierRelease | None:
    """Two releases of the same people combined, as a reader of both knows them; None if a table that both have differs."""
    tables = {table.name: table for table in first.tables}
    for table in second.tables:
        alike = (table, second.levels[table.name])
        if table.name in tables and (tables[table.name], first.levels[table.name]) != alike:
            return None
    shown = {key: text for key, text in second.printed.items() if first.printed.get(key, STAR) == STAR}
    return replace(
        first,
        tables=(*first.tables, *(table for table in second.tables if table.name not in tables)),
        levels={**second.levels, **first.levels},
        printed={**first.printed, **shown},
    )


def _release(release: Stored, kept: Mapping[str, Any], same: int) -> EarlierRelease:
    return EarlierRelease(
        release.record_id,
        str(release.values.get("preset") or "ten"),
        tuple(map(_read_table, kept["tables"])),
        kept["levels"],
        {
            (table, row, column): text
            for table, rows in kept["printed"].items()
            for row, columns in rows.items()
            for column, text in columns.items()
        },
        tuple(QuoteGroup(name, _read_where(where), number) for name, where, number in kept["quotes"]),
        max(int(kept["people"]) - same, 0),
    )


def _kept(release: Stored) -> dict[str, Any] | None:
    """What a release keeps; None if it has another kind or version."""
    try:
        kept = json.loads(str(release.values.get("statements") or ""))
    except ValueError:
        return None
    return (
        kept
        if isinstance(kept, dict) and {"tables", "levels", "printed", "people", "rule", "runs"} <= kept.keys()
        else None
    )


def _inside(kit: Kit, kept: Mapping[str, Any]) -> set[str]:
    """The records that match the rule of a release now."""
    rule = kept["rule"]
    takes = FeedbackRule(
        frozenset(rule["services"]),
        None if rule["providers"] is None else frozenset(rule["providers"]),
        rule["from"],
        rule["to"],
        frozenset(rule["events"]),
    )
    fields = ("record_id", "provider", "service_area", "event", "date")
    return {
        record_id
        for record_id, provider, service, event, day in kit.columns("feedback", fields)
        if takes.takes(provider, service, event, day or rule["from"])
    }


def _same(kit: Kit, people: Sequence[Person], kept: Mapping[str, Any], inside: Collection[str]) -> list[str]:
    """The people, by first record, whose records have not changed since the release counted all of them."""
    changed = kit.ledger.records_outside(kept["runs"])
    return [
        person.records[0]
        for person in people
        if all(record in inside and record not in changed for record in person.records)
    ]


def _rule(rule: FeedbackRule) -> dict[str, Any]:
    return {
        "services": sorted(rule.services),
        "providers": None if rule.providers is None else sorted(rule.providers),
        "from": rule.date_from,
        "to": rule.date_to,
        "events": sorted(rule.events),
    }


def _table(table: PeopleTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "rows": table.rows,
        "columns": table.columns,
        "where": _where(table.where),
        "counts": table.counts,
        "shares": [[share.label, sorted(share.codes)] for share in table.shares],
    }


def _read_table(kept: Mapping[str, Any]) -> PeopleTable:
    return PeopleTable(
        kept["name"],
        kept["rows"],
        kept["columns"],
        _read_where(kept["where"]),
        kept["counts"],
        tuple(Share(label, frozenset(codes)) for label, codes in kept["shares"]),
    )


def _where(where: Iterable[tuple[str, frozenset[str]]]) -> list[list[Any]]:
    return [[question, sorted(codes)] for question, codes in where]


def _read_where(kept: Iterable[Sequence[Any]]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((question, frozenset(codes)) for question, codes in kept)
