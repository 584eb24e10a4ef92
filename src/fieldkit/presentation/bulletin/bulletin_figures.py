"""The figures of a bulletin for a period (people, themes, visits) as they may be printed, and its release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fieldkit.insight.disclosure.definitions import TOTAL, PeopleTable
from fieldkit.insight.disclosure.protection import protect
from fieldkit.insight.disclosure.starring import count_figure
from fieldkit.insight.disclosure.thresholds import Preset
from fieldkit.insight.repeats import repeated_rows
from fieldkit.presentation.cycle.cycle_feedback import FeedbackRule
from fieldkit.presentation.cycle.printable_quotes import PrintableQuote, printable_quotes
from fieldkit.presentation.event_figures import head_counts, people_at
from fieldkit.presentation.pack.earlier_releases import (
    earlier_releases,
    released_questions,
    runs_held,
    statements_text,
)
from fieldkit.presentation.pack.respondents import (
    FIELDS,
    questions_of,
    questions_used,
    read_people,
    respondents,
)
from fieldkit.printed_figure import STAR, Figure, Shown
from fieldkit.records.head_counts import head_counts_of
from fieldkit.store.kit import Kit, Progress

MOST_THEMES = 3
TABLES = (PeopleTable("bulletin-themes", "theme"),)


@dataclass(frozen=True)
class Held:
    """An event that was held or is to come: title, day, place."""

    title: str
    day: str
    place: str


@dataclass(frozen=True)
class BulletinFigures:
    """Everything that a bulletin is written from. `release` is what later packs are checked against."""

    first: str
    last: str
    held: tuple[Held, ...]
    coming: tuple[Held, ...]
    visits: Figure
    people: Figure
    themes: tuple[tuple[str, Figure], ...]
    quote: PrintableQuote | None
    changes: tuple[dict[str, Any], ...]
    release: dict[str, Any]


def bulletin_figures(
    kit: Kit, first: str, last: str, preset: Preset, on_progress: Progress | None = None
) -> BulletinFigures:
    """Read the figures of a period (first and last day included). Call it in a thread.

    Raises:
        ReleaseRefused: together with earlier releases, it would reveal what few people said.
    """
    every = frozenset(service for (service,) in kit.columns("feedback", ("service_area",)) if service)
    rule = FeedbackRule(every, None, first, last)
    repeats = repeated_rows(kit)
    ids = [
        record_id
        for record_id, day in kit.columns("feedback", ("record_id", "date"))
        if day and first <= day <= last and record_id not in repeats
    ]
    dimensions = sorted(FIELDS.keys() & released_questions(kit))
    people = read_people(kit, ids, dimensions)
    state = kit.state_hash()
    earlier = earlier_releases(kit, people, rule, state, preset.name, TABLES)
    protected = protect(
        respondents(people, earlier.counted),
        questions_used(
            questions_of(people, dimensions, kit.terms()),
            [*TABLES, *(table for release in earlier.releases for table in release.tables)],
        ),
        TABLES,
        preset,
        earlier=earlier.releases,
        on_progress=on_progress,
    )
    table = next(iter(protected.tables), None)
    figures = {} if table is None else table.figures
    named = [
        (row, figure) for (row, column), figure in figures.items()
        if row != TOTAL and column == TOTAL and isinstance(figure, Shown)
    ]  # fmt: skip
    named.sort(key=lambda each: (-float(each[1].value), each[0]))
    quotes = printable_quotes(kit, ids)
    visits, held, coming = _events(kit, first, last)
    release = {
        "period_from": first,
        "period_to": last,
        "preset": preset.name,
        "statements": statements_text(TABLES, protected, (), len(people), rule, runs_held(kit)),
        "quotes": [quotes[0].quote_id] if quotes else None,
        "state_hash": state,
        "date": last,
    }
    return BulletinFigures(
        first,
        last,
        tuple(held),
        tuple(coming),
        count_figure(visits, preset),
        figures.get((TOTAL, TOTAL), STAR),
        tuple(named[:MOST_THEMES]),
        quotes[0] if quotes else None,
        tuple(_changes(kit, first, last)),
        release,
    )


def _events(kit: Kit, first: str, last: str) -> tuple[int, list[Held], list[Held]]:
    """Visits to the events held in the period, those events, and the later events."""
    rows = sorted(
        (day, title or "", record_id, place or "")
        for record_id, title, day, place in kit.columns("event", ("record_id", "title", "date", "place"))
        if day
    )
    held = [row for row in rows if first <= row[0] <= last]
    visits = sum(
        people_at(kit, event) + head_counts_of(head_counts(kit, event)).total for _, _, event, _ in held
    )
    return (
        visits,
        [Held(title, day, place) for day, title, _, place in held],
        [Held(title, day, place) for day, title, _, place in rows if day > last][:3],
    )


def _changes(kit: Kit, first: str, last: str) -> Iterator[dict[str, Any]]:
    """Changes that got their status or an answer in the period, done and declined ones first."""
    answers: dict[str, tuple[str, str]] = {}
    for change, day, reply in kit.columns("response", ("change", "date", "words")):
        if day and reply and first <= day <= last and (day, reply) > answers.get(change, ("", "")):
            answers[change] = (day, reply)
    changes_in_period = []
    fields = ("record_id", "title", "status", "status_date", "reason")
    for record_id, title, status, since, reason in kit.columns("change", fields):
        if first <= (since or "") <= last or record_id in answers:
            place = {"done": 0, "declined": 1}.get(status, 2)
            changes_in_period.append(
                (
                    place,
                    since or "",
                    record_id,
                    title or "",
                    status or "proposed",
                    reason or "",
                    answers.get(record_id, ("", ""))[1],
                )
            )
    for _, _, _, title, status, reason, reply in sorted(changes_in_period)[:4]:
        yield {"title": title, "status": status, "reason": reason, "answer": reply}
