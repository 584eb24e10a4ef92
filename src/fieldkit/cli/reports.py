"""Reports: summary, tables, check."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.options import Json, session
from fieldkit.cli.output import note, print_json, print_table, progress, say
from fieldkit.errors import Misuse
from fieldkit.text import clean_line

if TYPE_CHECKING:
    from fieldkit.insight.model import Change, Rating, Summary


def summary(context: typer.Context, as_json: Json = False) -> None:
    """What the records say: ratings, themes, attendance, mentoring, who spoke."""
    from fieldkit.presentation.summary import read_summary

    with session(context).kit() as kit, progress() as on_progress:
        found = read_summary(kit, on_progress)
    if as_json:
        print_json(found.as_dict())
    else:
        _tell_summary(found)


def _tell_summary(found: Summary) -> None:
    from fieldkit.presentation.summary import doubles, people_and_comments, people_and_visits
    from fieldkit.records.schema.dates import spoken_date

    if not any(found.records.values()):
        say("Nothing is recorded yet.")
        return
    if not (found.comments or found.events or found.levels):
        say("No feedback, attendance or mentoring is recorded yet.")
    if found.first_day:
        first, last = spoken_date(found.first_day), spoken_date(found.last_day)
        say(first if first == last else f"From {first} to {last}")
    if found.comments:
        say(f"Feedback: {people_and_comments(found)}.")
        _tell_ratings("service", [*found.services, found.all_services], found)
    if found.providers:
        _tell_ratings("provider", found.providers, found)
    if found.themes:
        _heading(f"Themes, in people: {found.people - found.no_themes:,} of {found.people:,} named one")
        print_table(
            ["theme", "people", "rated well", "rated badly", "neither"],
            [
                [theme.label, theme.count, theme.positive, theme.negative, theme.neither]
                for theme in found.themes
            ],
            numbers=(1, 2, 3, 4),
        )
    if found.events:
        _heading(f"Attendance by event: {people_and_visits(found)}", found, "events")
        print_table(
            ["event", "date", "by name", "counted", "comments"],
            [
                [
                    event.title or event.id,
                    spoken_date(event.date) if event.date else "",
                    event.named,
                    event.counted,
                    event.feedback,
                ]
                for event in found.events
            ],
            numbers=(2, 3, 4),
        )
    if found.levels:
        _heading(
            "Mentoring by level: first to latest rating, of (so many) pairs rated on two days or more",
            found,
            "mentoring",
        )
        print_table(
            ["level", "pairs", "sessions", "hours", "confidence", "knowledge", "skills"],
            [
                [
                    level.label,
                    level.mentorships,
                    level.sessions,
                    f"{level.hours:g}",
                    *(_change(change) for change in (level.confidence, level.knowledge, level.skills)),
                ]
                for level in found.levels
            ],
            numbers=(1, 2, 3),
        )
    if found.roles:
        _heading("Who spoke, in people")
        print_table(["who", "people"], [[role.label, role.count] for role in found.roles], numbers=(1,))
    if any(row.answered or row.declined for row in found.monitoring):
        _heading("Monitoring: how many people were asked")
        print_table(
            ["question", "answered", "declined", "not asked"],
            [[row.title, row.answered, row.declined, row.not_asked] for row in found.monitoring],
            numbers=(1, 2, 3),
        )
    if found.caveats:
        _heading("What to know before using these figures")
        say(*(f"- {caveat}" for caveat in found.caveats))
    if found.doubles:
        _heading("Rows that are here twice or more, each counted once")
        say(*doubles(found))


def _heading(words: str, found: Summary | None = None, section: str = "") -> None:
    """A heading, and under it which rows were refused that would have been counted there."""
    from fieldkit.presentation.summary import refusals

    say("", words)
    if found is not None:
        say(*refusals(found, section))


def _tell_ratings(what: str, ratings: list[Rating], found: Summary) -> None:
    from fieldkit.presentation.summary import depth, good_and_poor, no_percentage

    _heading(f"Ratings by {what}, in people", found, "ratings")
    rows = [
        ["  " * depth(row, ratings) + row.label, row.total, *good_and_poor(row), row.not_asked]
        for row in ratings
    ]
    print_table([what, "rated", "positive", "negative", "not asked"], rows, numbers=(1, 2, 3, 4))
    if any(row.no_percent and row.total for row in ratings):
        say(no_percentage())


def _change(change: Change) -> str:
    return "" if change.first is None else f"{change.first:g} to {change.latest:g} ({change.twice:,})"


def tables(
    context: typer.Context,
    out: Annotated[
        str,
        typer.Option(
            "--out", "-o", metavar="FILE.xlsx|DIR/", help="A workbook, or a folder for one CSV file a kind."
        ),
    ],
    force: Annotated[bool, typer.Option("--force", help="Write over files of those names.")] = False,
    as_json: Json = False,
) -> None:
    """Write all shared records as tables for a spreadsheet, codes and labels side by side.

    The files are not encrypted. Safeguarding and private notes are in none of them.
    """
    from fieldkit.insight import tables as sheets

    target = _tables_target(out)
    with session(context).kit() as kit, progress() as on_progress:
        try:
            written = sheets.write(kit, target, force, on_progress)
        except Misuse as error:
            if "overwritten" not in error.hint:
                raise
            raise Misuse(
                error.message, kept=error.kept, hint="Choose another name, or write over it with --force"
            ) from None
    if as_json:
        print_json({"files": [str(path) for path in written]})
        return
    say(*(f"Wrote {path}" for path in written))
    note("These files are not encrypted: they hold what people said.")


def _tables_target(words: str) -> Path:
    """The workbook or folder that was named.

    Raises:
        Misuse: it is neither; a name with an ending is a folder only if it is there, or ends in a slash.
    """
    if not words.strip():
        raise Misuse(
            "No name follows --out.", kept="Nothing was written.", hint="Give one, as: -o tables.xlsx"
        )
    path = path_of(words)
    folder = words.endswith(("/", os.sep)) or path.is_dir()
    if path.suffix and path.suffix.lower() != ".xlsx" and not folder:
        raise Misuse(
            f"Tables can't be written as “{path.suffix}”.",
            kept="Nothing was written.",
            hint=f"Choose a name that ends in .xlsx, or {clean_line(path.name)}/ for a folder with one CSV file a kind.",
        )
    return path


def check(context: typer.Context, as_json: Json = False) -> int:
    """Look for damage: the file itself, every chain of changes, and the records folded anew.

    Changes nothing."""
    with session(context).kit() as kit, progress() as on_progress:
        findings = kit.check(on_progress)
    if as_json:
        print_json({"ok": not findings, "findings": findings})
    elif findings:
        say(
            *findings,
            "What can be read is still there. Leave this kit as it is and show it to whoever looks after it.",
        )
    else:
        say("All is well.")
    return 1 if findings else 0
