"""The pages of the summary as text with bars: pure functions from figures to what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.presentation.wording import counted
from fieldkit.widgets.charts import Bar, bar, bars
from fieldkit.widgets.plain import fit, pad
from fieldkit.widgets.reading import said_date

if TYPE_CHECKING:
    from fieldkit.insight.model import Change, Rating, Summary

SECTIONS = ("ratings", "themes", "events", "mentoring", "who spoke")

_ANSWERS = (
    ("1", "very good"),
    ("2", "good"),
    ("3", "neither good nor poor"),
    ("4", "poor"),
    ("5", "very poor"),
    ("6", "don't know"),
)
_MUTED = "$text-muted"
_HEAD = "bold $text-muted"


def sections(at: int) -> Content:
    """The line that names the sections, the one in view marked."""
    parts: list[str | tuple[str, str]] = []
    for number, name in enumerate(SECTIONS):
        shown = number == at
        parts += [
            "   " if parts else "",
            (f"{number + 1} ", "bold $accent"),
            (name, "bold underline" if shown else ""),
        ]
    return Content.assemble(*parts)


def period(summary: Summary) -> str:
    """From when to when, in words."""
    if not summary.first_day:
        return "nothing dated yet"
    first, last = (said_date(day).split(" ", 1)[1] for day in (summary.first_day, summary.last_day))
    return first if first == last else f"{first} to {last}"


def page(at: int, summary: Summary, width: int) -> Content:
    """The section `at` in `width` cells."""
    return (_ratings, _themes, _events, _mentoring, _spoke)[at](summary, width)


def _ratings(summary: Summary, width: int) -> Content:
    every = summary.all_services
    if not every.total and not every.not_asked:
        return _nothing("No feedback yet.")
    drawn = bars(
        [Bar(label, every.answers.get(code, 0)) for code, label in _ANSWERS], width, most=max(1, every.total)
    )
    return _joined(
        _head(f"ALL SERVICES, {counted(every.total, 'answer')}{_unasked(every)}"),
        Content.assemble(
            "good ",
            (_percent(every.positive_percent), "bold"),
            "    poor ",
            (_percent(every.negative_percent), "bold"),
        ),
        "",
        drawn,
        "",
        _head("BY SERVICE"),
        *_rating_rows(summary.services, width),
        "",
        _head("BY PROVIDER"),
        *_rating_rows(summary.providers, width),
    )


def _rating_rows(rows: Sequence[Rating], width: int) -> list[Content]:
    """Label, answers, % good, % poor, and a bar whose full part is good and whose shaded part is poor."""
    label = min(34, max(18, width // 3))
    room = max(6, width - label - 27)
    lines = [
        Content.styled(f"{pad('', label)} {'answers':>8} {'good':>6} {'poor':>6}   ", _MUTED)
        + Content.styled(pad("█ good  ░ poor", room), _MUTED)
    ]
    for row in rows:
        good, poor = row.positive_percent or 0, row.negative_percent or 0
        drawn = bar(good, 100, room)
        shaded = "░" * min(room - len(drawn), max(1, round(poor * room / 100)) if poor else 0)
        lines.append(
            Content.assemble(
                pad(row.label, label),
                (f" {row.total:>8,} ", "bold"),
                f"{_percent(row.positive_percent):>6} {_percent(row.negative_percent):>6}   ",
                (drawn, "$accent"),
                (shaded, "$warning"),
            )
        )
    return lines


def _themes(summary: Summary, width: int) -> Content:
    if not summary.themes:
        return _nothing("No feedback has a theme yet.")
    label = min(42, max(26, width - 44))
    room = max(5, width - label - 34)
    most = max(theme.count for theme in summary.themes)
    lines = [Content.styled(f"{pad('', label)} {'named':>6} {'good':>6} {'poor':>6} {'other':>6}", _MUTED)]
    for theme in summary.themes:
        lines.append(
            Content.assemble(
                pad(theme.label, label),
                (f" {theme.count:>6,} ", "bold"),
                f"{theme.positive:>6,} {theme.negative:>6,} {theme.neither:>6,}  ",
                (bar(theme.count, most, room), "$accent"),
            )
        )
    without = Content.styled(f"{counted(summary.no_themes, 'feedback', 'feedback')} without a theme.", _MUTED)
    return _joined(_head("WHAT PEOPLE SPOKE ABOUT, and how they rated the service"), *lines, "", without)


def _events(summary: Summary, width: int) -> Content:
    if not summary.events:
        return _nothing("Nobody was checked in and no feedback was taken at an event yet.")
    label = min(46, max(22, width - 52))
    room = max(5, width - label - 42)
    most = max(1, *(event.named + event.counted for event in summary.events))
    lines = [
        Content.styled(f"{pad('', label)} {'date':<11} {'named':>6} {'counted':>8} {'feedback':>9}", _MUTED)
    ]
    for event in summary.events:
        day = said_date(event.date).split(" ", 1)[1] if event.date else ""
        day = " ".join(part[:3] if part.isalpha() else part for part in day.split())
        lines.append(
            Content.assemble(
                pad(event.title or "no title", label),
                (f" {day:<11} ", _MUTED),
                (f"{event.named:>6,} {event.counted:>8,}", "bold"),
                f" {event.feedback:>9,}  ",
                (bar(event.named + event.counted, most, room), "$accent"),
            )
        )
    return _joined(_head("WHO CAME, event by event, the latest first"), *lines)


def _mentoring(summary: Summary, width: int) -> Content:
    if not summary.levels:
        return _nothing("No mentoring yet.")
    parts: list[Content | str] = []
    for level in summary.levels:
        unknown = f" ({counted(level.no_length, 'length')} not known)" if level.no_length else ""
        pairs, sessions = counted(level.mentorships, "pair"), counted(level.sessions, "session")
        met = (pairs, sessions, hours(level.hours))
        parts += [
            _head(fit(level.label.upper(), width)),
            Content(f"{', '.join(met)}{unknown}"),
            *(
                _change(name, change, width)
                for name, change in (
                    ("confidence", level.confidence),
                    ("knowledge", level.knowledge),
                    ("skills", level.skills),
                )
            ),
            "",
        ]
    note = "Mean ratings, 0 to 10, at each pair's first and latest session."
    return _joined(*parts, Content.styled(note, _MUTED))


def hours(number: float) -> str:
    """1 hour, 2.5 hours."""
    return f"{number:g} {'hour' if number == 1 else 'hours'}"


def by(change: float) -> str:
    """A change of a mean: +0.7, or `same`."""
    said = f"{change:+.1f}"
    return "same" if said[1:] == "0.0" else said


def _change(name: str, change: Change, width: int) -> Content:
    if change.first is None or change.latest is None or change.change is None:
        return Content.assemble(f"  {name:<11}", ("not rated", _MUTED))
    room = min(30, max(5, width - 60))
    rated = f"{counted(change.mentorships, 'pair')}, {change.twice:,} rated twice"
    return Content.assemble(
        f"  {name:<11}",
        (f"{change.first:4.1f} → {change.latest:4.1f}", "bold"),
        f"  {by(change.change)}  ",
        (pad(bar(change.latest, 10, room), room), "$accent"),
        (f"  {rated}", _MUTED),
    )


def _spoke(summary: Summary, width: int) -> Content:
    if not summary.roles:
        return _nothing("No feedback yet.")
    title = min(40, max(24, width - 40))
    lines = [Content.styled(f"{pad('', title)} {'answered':>9} {'declined':>9} {'not asked':>10}", _MUTED)]
    for row in summary.monitoring:
        lines.append(
            Content.assemble(
                pad(row.title, title),
                (f" {row.answered:>9,}", "bold"),
                f" {row.declined:>9,} {row.not_asked:>10,}",
            )
        )
    return _joined(
        _head("WHO SPOKE"),
        bars([Bar(row.label, row.count) for row in summary.roles], width),
        "",
        _head("HOW FAR MONITORING WAS ASKED, not what was answered"),
        *lines,
    )


def _unasked(rating: Rating) -> str:
    return f"; {rating.not_asked:,} not asked" if rating.not_asked else ""


def _percent(value: int | None) -> str:
    return "–" if value is None else f"{value} %"


def _head(words: str) -> Content:
    return Content.styled(words, _HEAD)


def _nothing(words: str) -> Content:
    return Content.styled(words, _MUTED)


def _joined(*parts: Content | str) -> Content:
    return Content("\n").join([part if isinstance(part, Content) else Content(part) for part in parts])
