"""Sections on what happened: the days of a cycle, its events, and who came."""

from __future__ import annotations

from datetime import date

from fieldkit.documents.blocks import Block, Cell, Chart, Column, Heading, Paragraph, Table
from fieldkit.documents.charts.chart_kinds import Moment, Timeline, in_parts
from fieldkit.insight.disclosure.starring import count_figure
from fieldkit.presentation.pack.material import STARRED, Material
from fieldkit.presentation.pack.phrases import VISITS
from fieldkit.printed_figure import STAR
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.text import capitalised


def timeline(material: Material) -> list[Block]:
    """The days of the cycle: figures, meetings, changes, answers."""
    moments = list(_moments(material))
    if not moments:
        return []
    table = Table(
        "timeline",
        "When it happened",
        (Column("What"), Column("From"), Column("To")),
        tuple((moment.label, short_date(moment.start), short_date(moment.end)) for moment in moments),
    )
    blocks: list[Block] = [Heading("When it happened")]
    for number, part in enumerate(in_parts(moments), 1):
        blocks.append(
            Chart(
                f"timeline-{number}",
                "The cycle from beginning to end" + (f", part {number}" if number > 1 else ""),
                "A dot for a day, a bar for days from one to another.",
                Timeline(part),
                table,
            )
        )
    return blocks


def events(material: Material) -> list[Block]:
    """Where people met, and how many came."""
    meetings = material.facts.meetings
    if not meetings:
        return material.lacks("Events", "No event of this cycle is recorded.")
    named = [count_figure(each.named, material.preset) if each.named else "" for each in meetings]
    counted = [count_figure(each.counted, material.preset) if each.counted else "" for each in meetings]
    columns = [Column("Event"), Column("Date"), Column("Place"), Column("For")]
    figures: list[list[Cell]] = []
    for title, unit, cells in (("By name", "people", named), ("Counted", "heads", counted)):
        if any(cells):
            columns.append(Column(title, unit))
            figures.append(list(cells))
    rows = tuple(
        (
            meeting.title,
            short_date(meeting.day),
            meeting.place,
            "; ".join(map(_purpose, meeting.purposes)),
            *(cells[at] for cells in figures),
        )
        for at, meeting in enumerate(meetings)
    )
    table = Table(
        "events",
        "Events of this cycle",
        tuple(columns),
        rows,
        f"By name: people checked in. Counted: people counted without names. {VISITS}" if figures else "",
        (STARRED,) if any(cell == STAR for row in rows for cell in row) else (),
    )
    if figures:
        return [Heading("Events, and who came"), table]
    return [Heading("Events"), Paragraph("How many people came is not recorded."), table]


def _moments(material: Material) -> list[Moment]:
    moments = [
        Moment(
            f"Figures: {values.get('measure') or values.get('title')}".replace("_", " "),
            str(values["period_from"]),
            str(values["period_to"]),
        )
        for values in material.facts.datasets
        if values.get("role") != "population" and values.get("period_from") and values.get("period_to")
    ]
    values = material.facts.values
    moments.append(Moment("Period of the feedback", str(values.get("date_from")), str(values.get("date_to"))))
    moments += [
        Moment(f"{'; '.join(map(_purpose, meeting.purposes))}: {meeting.title}", meeting.day)
        for meeting in material.facts.meetings
        if meeting.day
    ]
    for row in material.facts.view.rows:
        moments += [
            Moment(f"Answer to change {row.number}", reply.date) for reply in row.answers if reply.date
        ]
        if row.due and row.status not in {"done", "declined"}:
            moments.append(Moment(f"Change {row.number} due", row.due))
    return sorted(
        (moment for moment in moments if _is_day(moment)), key=lambda moment: (moment.start, moment.label)
    )


def _is_day(moment: Moment) -> bool:
    try:
        return bool(date.fromisoformat(moment.start) and date.fromisoformat(moment.end or moment.start))
    except ValueError:
        return False


def _purpose(purpose: str) -> str:
    label = code_list("engagement_purpose").label(purpose) if purpose else "engagement"
    return capitalised(label)
