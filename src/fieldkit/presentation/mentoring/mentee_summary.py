"""A page to print for the mentee: sessions, progress and actions. It shows only what was shared.

It is made only from kinds that travel. Private notes are never read here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fieldkit.documents.blocks import Column, Document, Heading, Items, Note, Paragraph, Table
from fieldkit.documents.html_page import html_page
from fieldkit.file_writing import write_private_file
from fieldkit.paths import unused_path
from fieldkit.presentation.mentoring.agreed_actions import DROPPED, OPEN, AgreedAction
from fieldkit.presentation.mentoring.pair_view import RATINGS, Pair, pair_view
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit
from fieldkit.text import plural


def mentee_summary(pair: Pair, today: date) -> Document:
    """The page of one pair on a day. Its headings are level 2: in print, sections of level 1 begin on a new page."""
    blocks: list[Heading | Paragraph | Items | Note | Table] = []
    if pair.goals:
        blocks += [Heading("Goals", 2), Paragraph(pair.goals)]
    still_open = tuple(_line(action) for action in pair.actions if action.state == OPEN)
    blocks += [
        Heading("Actions to do", 2),
        Items(still_open) if still_open else Paragraph("No action is open."),
    ]
    if pair.next_date:
        blocks.append(Paragraph(f"You meet again on {short_date(pair.next_date)}."))
    closed = tuple(_line(action) for action in pair.actions if action.state != OPEN)
    if closed:
        blocks += [Heading("Actions done or dropped", 2), Items(closed)]
    if progress := [_change(pair, name) for name in RATINGS if _change(pair, name)]:
        blocks += [Heading("Progress", 2), Items(tuple(progress))]
    blocks += [Heading("Sessions", 2), _sessions(pair)]
    blocks.append(
        Note("This page holds what mentor and mentee share. Private notes are not on it.", "Shared")
    )
    number = len(pair.sessions)
    return Document(
        f"Mentoring of {pair.mentee}",
        blocks,
        f"with {pair.mentor}",
        (
            ("Printed", short_date(today.isoformat())),
            ("Sessions", plural(number, "1 session", "{n} sessions")),
            *((("Level", pair.level),) if pair.level else ()),
        ),
    )


def write_mentee_summary(kit: Kit, mentorship_id: str, folder: Path) -> Path:
    """Write the page into `folder`, under a name that is free there; returns its path. Call it in a thread.

    Raises:
        NotFound: there is no such pair.
        StorageError: the disk refuses; no partial file is left.
        ExtraMissing: the package that writes the page is not installed.
    """
    today = date.today()
    page = html_page(mentee_summary(pair_view(kit, mentorship_id), today))
    path = unused_path(folder, f"mentoring-{today.isoformat()}", ".html")
    write_private_file(path, page)
    return path


def _line(action: AgreedAction) -> str:
    agreed = f" (agreed {short_date(action.agreed)})" if action.agreed else ""
    if action.state == OPEN:
        return f"{action.what}{agreed}"
    closed = f" on {short_date(action.closed)}" if action.closed else ""
    return f"{action.what}: {'dropped' if action.state == DROPPED else 'done'}{closed}"


def _change(pair: Pair, name: str) -> str:
    """How one rating changed: `Confidence: 4, now 7 (2 sessions rated)`."""
    given = [getattr(rating, name) for rating in pair.ratings if getattr(rating, name) is not None]
    if not given:
        return ""
    rated = plural(len(given), "1 session rated", "{n} sessions rated")
    figures = f"{given[0]} at first, {given[-1]} now" if len(given) > 1 else f"{given[0]}"
    return f"{name.capitalize()}: {figures} of 10 ({rated})"


def _sessions(pair: Pair) -> Table:
    columns = (
        Column("Date"),
        Column("Minutes"),
        Column("How"),
        *(Column(name.capitalize()) for name in RATINGS),
        Column("Topics"),
    )
    rows = tuple(
        (session.date, session.minutes, session.mode, *session.ratings, session.topics)
        for session in reversed(pair.sessions)
    )
    return Table("sessions", "Sessions, the first one first", columns, rows, "Ratings from 0 to 10")
