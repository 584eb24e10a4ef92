"""`fieldkit summary`: what the records say."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.output import print_table, progress, say
from fieldkit.insight.summary_model import Change, Rating, Summary
from fieldkit.presentation.summary_texts import (
    change_in_brackets,
    depth,
    doubles,
    good_and_poor,
    limits_in_brackets,
    no_percentage,
    people_and_comments,
    people_and_visits,
    read_summary,
    refusals,
    themes_in_words,
)
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit


@command()
def summary(kit: Kit) -> Answer:
    """What the records say: ratings, themes, attendance, mentoring, who spoke."""
    with progress() as on_progress:
        figures = read_summary(kit, on_progress)
    return Answer(figures.as_dict(), lambda: _print_summary(figures))


def _print_summary(figures: Summary) -> None:
    if not any(figures.records.values()):
        say("Nothing is recorded yet.")
        return
    if not (figures.comments or figures.events or figures.levels):
        say("No feedback, attendance or mentoring is recorded yet.")
    if figures.first_day:
        first, last = short_date(figures.first_day), short_date(figures.last_day)
        say(first if first == last else f"From {first} to {last}")
    if figures.comments:
        say(f"Feedback: {people_and_comments(figures)}.")
        _print_ratings("service", [*figures.services, figures.all_services], figures)
    if figures.providers:
        _print_ratings("provider", figures.providers, figures)
    if figures.themes:
        _heading(f"Themes, in people: {figures.people - figures.no_themes:,} of {figures.people:,} named one")
        print_table(
            ["theme", "people", "rated well", "rated badly", "neither"],
            [
                [theme.label, theme.count, theme.positive, theme.negative, theme.neither]
                for theme in figures.themes
            ],
            numbers=(1, 2, 3, 4),
        )
    if any(question.question for question in figures.questions):
        _heading("What was asked, and the commonest themes of the answers, in people")
        print_table(
            ["question", "people", "themes"],
            [
                [row.question or "no question kept", row.people, themes_in_words(row)]
                for row in figures.questions
            ],
            numbers=(1,),
        )
    if figures.events:
        _heading(f"Attendance by event: {people_and_visits(figures)}", figures, "events")
        print_table(
            ["event", "date", "by name", "counted", "comments"],
            [
                [
                    event.title or event.id,
                    short_date(event.date),
                    event.named,
                    event.counted,
                    event.feedback,
                ]
                for event in figures.events
            ],
            numbers=(2, 3, 4),
        )
    if figures.levels:
        _heading(
            "Mentoring by level: change in ratings, first to latest, of (so many) pairs rated on two days or more",
            figures,
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
                for level in figures.levels
            ],
            numbers=(1, 2, 3),
        )
    if figures.roles:
        _heading("Who spoke, in people")
        print_table(["who", "people"], [[role.label, role.count] for role in figures.roles], numbers=(1,))
    if any(row.answered or row.declined for row in figures.monitoring):
        _heading("Monitoring: how many people were asked")
        print_table(
            ["question", "answered", "declined", "not asked"],
            [[row.title, row.answered, row.declined, row.not_asked] for row in figures.monitoring],
            numbers=(1, 2, 3),
        )
    if figures.caveats:
        _heading("What to know before using these figures")
        say(*(f"- {caveat}" for caveat in figures.caveats))
    if figures.doubles:
        _heading("Rows that are here twice or more, each counted once")
        say(*doubles(figures))


def _heading(title: str, figures: Summary | None = None, section: str = "") -> None:
    """A heading and, below it, the refused rows that would have been counted there."""
    say("", title)
    if figures is not None:
        say(*refusals(figures, section))


def _print_ratings(what: str, ratings: list[Rating], figures: Summary) -> None:
    _heading(f"Ratings by {what}, in people; 95 % interval in brackets", figures, "ratings")
    rows = [
        [
            "  " * depth(row, ratings) + row.label,
            row.total,
            *(
                f"{share} {limits_in_brackets(limits)}".strip()
                for share, limits in zip(
                    good_and_poor(row), (row.positive_interval, row.negative_interval), strict=True
                )
            ),
            row.not_asked,
        ]
        for row in ratings
    ]
    print_table([what, "rated", "positive", "negative", "not asked"], rows, numbers=(1, 2, 3, 4))
    if any(row.no_percent and row.total for row in ratings):
        say(no_percentage())


def _change(change: Change) -> str:
    if change.first is None:
        return ""
    return f"{change.first:g} to {change.latest:g} ({change.twice:,}; {change_in_brackets(change)})"
