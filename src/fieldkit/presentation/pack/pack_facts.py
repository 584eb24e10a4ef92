"""Everything that a pack of a cycle is made from, read from the kit once. A pack takes its date from its records, not a clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fieldkit.importing.figures.populations import Population
from fieldkit.importing.log import refused_rows
from fieldkit.insight.repeats import repeated_rows
from fieldkit.presentation.cycle.cycle_view import CycleView, cycle_view
from fieldkit.presentation.event_figures import head_counts, people_at
from fieldkit.presentation.pack.earlier_releases import released_questions
from fieldkit.presentation.pack.respondents import FIELDS, Person, read_people
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.records.head_counts import head_counts_of
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit, Progress, Stored
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.gaps import arrivals

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
USUAL_DIMENSIONS = ("ethnic",)
"""The dimensions to compare by if the cycle does not name any."""


@dataclass(frozen=True)
class Meeting:
    """An event of the cycle and its purposes. `named` and `counted`: people checked in by name, and people without a name."""

    purposes: tuple[str, ...]
    title: str
    kind: str
    day: str
    place: str
    summary: str
    named: int = 0
    counted: int = 0


@dataclass(frozen=True)
class Quality:
    """The basis of the figures. `refused`: (file, rows) that this laptop's imports refused; `gaps`: (laptop, missing changes)."""

    without_respondent: bool = False
    conflicts: int = 0
    repeated: int = 0
    not_understood: int = 0
    refused: tuple[tuple[str, int], ...] = ()
    gaps: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class PackFacts:
    """One cycle as its pack needs it. Records are in the same order on every laptop."""

    view: CycleView
    as_of: date
    provider: str
    service: str
    lead: str
    people: tuple[Person, ...]
    dimensions: tuple[str, ...]
    counted_by: tuple[str, ...]
    """The dimensions, and those by which earlier releases counted."""
    meetings: tuple[Meeting, ...]
    uses: tuple[UseReport, ...]
    datasets: tuple[Mapping[str, Any], ...]
    sources: Mapping[str, Mapping[str, Any]]
    rationales: tuple[Mapping[str, Any], ...]
    case_studies: tuple[Mapping[str, Any], ...]
    terms: Mapping[str, Mapping[str, str]]
    residents: Mapping[str, Population]
    """Dimension -> who lives in the cycle's districts, for dimensions with a known population."""
    state_hash: str
    quality: Quality = field(default_factory=Quality)

    @property
    def values(self) -> Mapping[str, Any]:
        """The cycle's own answers."""
        return self.view.facts.values


def pack_facts(kit: Kit, cycle_id: str, on_progress: Progress | None = None) -> PackFacts:
    """Read a cycle and everything that belongs to it. Call it in a thread; it loads pandas.

    Raises:
        NotFound: there is no such cycle.
        Whatever `on_progress` raises, to cancel.
    """
    from fieldkit.presentation.utilisation.cycle_use import residents_of_cycle, uses_of_cycle

    report = on_progress or (lambda done, total, what: None)
    report(0, 4, "cycle")
    cycle = kit.get(cycle_id, "cycle")
    latest = _latest_day(kit, cycle)
    view = cycle_view(kit, cycle.record_id, latest)
    report(1, 4, "feedback")
    dimensions = tuple(each for each in cycle.values.get("dimension") or USUAL_DIMENSIONS if each in FIELDS)
    terms = kit.terms()
    counted_by = [*dimensions, *sorted(FIELDS.keys() & released_questions(kit) - set(dimensions))]
    people = tuple(read_people(kit, view.facts.feedback.ids, counted_by))
    report(2, 4, "figures")
    uses = tuple(uses_of_cycle(kit, cycle.record_id, dimensions))
    report(3, 4, "changes")
    service = str(cycle.values.get("service_area") or "")
    return PackFacts(
        view,
        latest,
        _name_of(kit, "provider", cycle.values.get("provider")),
        terms.get("service_area", {}).get(service) or code_list("service_area").label(service),
        _name_of(kit, "partner", cycle.values.get("lead")),
        people,
        dimensions,
        tuple(counted_by),
        tuple(_meetings(kit, cycle.record_id)),
        uses,
        tuple(_of_cycle(kit, "dataset", cycle.record_id)),
        _sources(kit, view),
        tuple(_of_cycle(kit, "rationale", cycle.record_id)),
        tuple(_of_cycle(kit, "case_study", cycle.record_id)),
        terms,
        {
            dimension: living_there
            for dimension in dimensions
            if (living_there := residents_of_cycle(kit, cycle.record_id, dimension)) is not None
        },
        kit.state_hash(),
        _quality(kit),
    )


def _latest_day(kit: Kit, cycle: Stored) -> date:
    """The date of a pack: the latest past day in the cycle's records, or the end of its period.

    If the period runs on after the last record of the cycle was written, that record's day is its end: a pack is not dated in
    the future. The time at which a record was written is the same on every laptop.
    """
    changes = kit.page(
        "change", 0, kit.count("change", where={"cycle": cycle.record_id}), where={"cycle": cycle.record_id}
    )
    days: list[str] = []
    written = cycle.updated
    for change in changes:
        written = max(written, change.updated)
        days.append(str(change.values.get("status_date") or ""))
        where = {"change": change.record_id}
        for response in kit.page("response", 0, kit.count("response", where=where), where=where):
            written = max(written, response.updated)
            days += [str(response.values.get(name) or "") for name in ("asked_on", "date")]
    last_written = (_EPOCH + timedelta(milliseconds=written)).isoformat()
    days.append(min(str(cycle.values.get("date_to") or ""), last_written))
    try:
        return date.fromisoformat(max(days)[:10])
    except ValueError:
        return date(2000, 1, 1)


def _meetings(kit: Kit, cycle_id: str) -> Iterator[Meeting]:
    rows = sorted(
        kit.columns("engagement", ("record_id", "event", "purpose", "summary"), where={"cycle": cycle_id})
    )
    events = kit.many("event", sorted({event for _, event, _, _ in rows if event}))
    held: dict[str, list[tuple[str, str]]] = {}
    for record_id, event_id, purpose, summary in rows:
        # Engagements without an event are not known to share one.
        held.setdefault(event_id or record_id, []).append((purpose or "", summary or ""))
    meetings = []
    for event_id, engagements in held.items():
        event = events.get(event_id)
        values = event.values if event is not None and not event.deleted else {}
        kind = str(values.get("event_kind") or "")
        meetings.append(
            Meeting(
                tuple(sorted({purpose for purpose, _ in engagements})),
                str(values.get("title") or "An event that is not here"),
                code_list("event_kind").label(kind) if kind else "",
                str(values.get("date") or ""),
                str(values.get("place") or ""),
                " ".join(summary for _, summary in engagements if summary),
                people_at(kit, event_id) if values else 0,
                head_counts_of(head_counts(kit, event_id)).total if values else 0,
            )
        )
    meetings.sort(key=lambda meeting: (meeting.day or "9999", meeting.title, meeting.purposes))
    yield from meetings


def _of_cycle(kit: Kit, kind: str, cycle_id: str) -> Iterator[Mapping[str, Any]]:
    where = {"cycle": cycle_id}
    for record in sorted(
        kit.page(kind, 0, kit.count(kind, where=where), where=where), key=lambda each: each.record_id
    ):
        yield record.values


def _sources(kit: Kit, view: CycleView) -> dict[str, Mapping[str, Any]]:
    """The published sources of a cycle: those that its changes or rationales rest on, and those that no cycle uses yet."""
    own = {each for row in view.rows for each in row.sources}
    drawn_on = {each for (each,) in kit.columns("support", ("desk_source",)) if each}
    for cycle, sources in kit.columns("rationale", ("cycle", "sources")):
        drawn_on |= set(sources or ())
        own |= set(sources or ()) if cycle == view.record_id else set()
    every = sorted(kit.page("desk_source", 0, kit.count("desk_source")), key=lambda record: record.record_id)
    return {
        record.record_id: record.values
        for record in every
        if record.record_id in own or record.record_id not in drawn_on
    }


def _name_of(kit: Kit, kind: str, record_id: object) -> str:
    if not record_id:
        return ""
    record = kit.many(kind, [str(record_id)]).get(str(record_id))
    return str(record.values.get("name") or "") if record is not None else ""


def _quality(kit: Kit) -> Quality:
    references, respondents = (kit.value_counts("feedback", name)[1] for name in ("reference", "respondent"))
    return Quality(
        references > respondents,
        sum(number for (kind, _), number in kit.conflicting().items() if kind == "feedback"),
        len(repeated_rows(kit)),
        kit.not_understood(["feedback"]),
        tuple(sorted((name, rows) for name, kind, rows in refused_rows(kit) if kind == "feedback")),
        tuple(_gaps(kit)),
    )


def _gaps(kit: Kit) -> Iterator[tuple[str, int]]:
    """(laptop, number of changes that have not arrived) of each laptop of the network with gaps."""
    waiting = {
        device: missing
        for device, arrived in arrivals(kit).items()
        if (missing := sum(last - first + 1 for first, last in arrived.runs))
    }
    if waiting:
        roster = Roster(kit, identity(kit))
        yield from sorted((roster.name_of(device), missing) for device, missing in waiting.items())
