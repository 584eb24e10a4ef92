"""The pages of the summary as text with bars: pure functions from figures to drawn content."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from textual.content import Content

from fieldkit.insight.summary_model import Change, Rating, Summary
from fieldkit.presentation.summary_texts import (
    SMALL_NUMBERS,
    change_in_brackets,
    depth,
    doubles,
    good_and_poor,
    limits_in_brackets,
    no_percentage,
    people_and_comments,
    people_and_visits,
    refusals,
    share,
    themes_in_words,
)
from fieldkit.presentation.wording import counted
from fieldkit.widgets.plain import fit, in_lines, pad, wrapped
from fieldkit.widgets.plots.charts import Bar, bar, bars
from fieldkit.widgets.typed_dates import weekday_and_date

SECTIONS = ("ratings", "themes", "events", "mentoring", "who spoke", "quality")

_ANSWERS = (
    ("1", "very good"),
    ("2", "good"),
    ("3", "neither good nor poor"),
    ("4", "poor"),
    ("5", "very poor"),
    ("6", "don't know"),
)
_ROOMY = 60
_LEAST_BAR = 10
"""The least cells of a bar to be useful."""
_MUTED = "$text-muted"
_HEAD = "bold $text-muted"


def sections(at: int, width: int) -> Content:
    """The lines that name the sections, with the current one marked; each name is whole on one line."""
    named = (
        Content.assemble((f"{number + 1} ", "bold $accent"), (name, "bold underline" if number == at else ""))
        for number, name in enumerate(SECTIONS)
    )
    return in_lines(named, width)


def period(summary: Summary) -> str:
    """The period in words, from when to when."""
    if not summary.first_day:
        return "nothing dated yet"
    first, last = (weekday_and_date(day).split(" ", 1)[1] for day in (summary.first_day, summary.last_day))
    return first if first == last else f"{first} to {last}"


def warning(at: int, summary: Summary) -> str:
    """The line above the section `at`: the most serious caveat, and where the rest is; "" in the section with all of them."""
    if not summary.caveats or SECTIONS[at] == "quality":
        return ""
    first = SMALL_NUMBERS if SMALL_NUMBERS in summary.caveats else summary.caveats[0]
    more = len(summary.caveats) - 1
    return f"{first} {more:,} more: press {SECTIONS.index('quality') + 1}." if more else first


def page(at: int, summary: Summary, width: int) -> Content:
    """The section `at` in `width` cells."""
    return (_ratings, _themes, _events, _mentoring, _spoke, _quality)[at](summary, width)


def _ratings(summary: Summary, width: int) -> Content:
    every = summary.all_services
    if not every.total and not every.not_asked:
        return _nothing("No feedback yet.")
    drawn = bars(
        [Bar(label, every.answers.get(code, 0)) for code, label in _ANSWERS], width, most=max(1, every.total)
    )
    good, poor = good_and_poor(every)
    small = any(row.no_percent and row.total for row in (every, *summary.services, *summary.providers))
    return _joined(
        _head(f"ALL SERVICES, {_people(every.total)} rated{_unasked(every)}"),
        _muted(f"{people_and_comments(summary)}, each person once, with the rating given last", width),
        *_refused(summary, "ratings", width),
        *_beside_or_below(
            [
                _share("good", good, limits_in_brackets(every.positive_interval, "95 % interval ")),
                _share("poor", poor, limits_in_brackets(every.negative_interval, "95 % interval ")),
            ],
            width,
        ),
        _muted("Good: very good or good. Poor: poor or very poor. Shares are of all six answers.", width),
        *([_muted(no_percentage(), width)] if small else []),
        "",
        drawn,
        "",
        *_rating_rows("BY SERVICE", summary.services, width),
        "",
        *_rating_rows("BY PROVIDER", summary.providers, width),
    )


def _share(label: str, share: str, limits: str) -> Content:
    return Content.assemble(f"{label} ", (share, "bold"), (f" {limits}".rstrip(), _MUTED))


def _beside_or_below(parts: Sequence[Content], width: int) -> list[Content]:
    """Parts on one line; where it has no room for all, each on its own."""
    line = Content("    ").join(parts)
    return [line] if line.cell_length <= width else list(parts)


def _table(
    head: str, rows: Sequence[tuple[str, Content]], drawn: Callable[[int, int], Content], width: int
) -> list[Content]:
    """Labels with figures as wide as `head` and, if there is room, a bar: `drawn(row, cells)`.

    No label is cut: if one has no room beside the figures, each label is on the line above its figures.
    """
    longest = max((cell_len(label) for label, _ in rows), default=0)
    above = longest + 1 + len(head) > width
    label = 1 if above else longest
    room = width - label - len(head) - 3
    lines = [Content.styled(" " * label + f" {head}", _MUTED)]
    for place, (name, figures) in enumerate(rows):
        if above:
            lines += [Content(line) for line in wrapped(name, width)]
        chart = drawn(place, room) if room >= _LEAST_BAR else Content("")
        lines.append(Content.assemble(pad("" if above else name, label), " ", figures, "  ", chart))
    return lines


def _rating_rows(title: str, rows: list[Rating], width: int) -> list[Content]:
    """A title; and label, people, good, poor, both with their 95 % interval, and a bar: full for good, shaded for poor.

    A service that is a kind of another is indented below it. The title explains bars only where there are any.
    """
    bars = []

    def drawn(place: int, room: int) -> Content:
        positive, negative = rows[place].positive_percent or 0, rows[place].negative_percent or 0
        full = bar(positive, 100, room)
        shaded = "░" * min(room - len(full), max(1, round(negative * room / 100)) if negative else 0)
        bars.append(full + shaded)
        return Content.assemble((full, "$accent"), (shaded, "$warning"))

    figures = []
    for row in rows:
        good, poor = good_and_poor(row)
        row_figures = Content.assemble(
            (f"{row.total:>7,} ", "bold"),
            f"{good:>10} ",
            (f"{limits_in_brackets(row.positive_interval):<9} ", _MUTED),
            f"{poor:>10} ",
            (f"{limits_in_brackets(row.negative_interval):<9}", _MUTED),
        )
        figures.append(("  " * depth(row, rows) + row.label, row_figures))
    head = f"{'people':>7} {'good, 95 % interval':>20} {'poor, 95 % interval':>20}"
    lines = _table(head, figures, drawn, width)
    return [_head(f"{title}   █ good  ░ poor" if any(bars) else title), *lines]


def _themes(summary: Summary, width: int) -> Content:
    if not summary.themes:
        return _nothing("No feedback has a theme yet.")
    most = max(theme.count for theme in summary.themes)
    figures = [
        (
            theme.label,
            Content.assemble(
                (f"{theme.count:>6,} ", "bold"),
                f"{theme.positive:>6,} {theme.negative:>6,} {theme.neither:>6,}",
            ),
        )
        for theme in summary.themes
    ]

    def drawn(place: int, room: int) -> Content:
        return Content.styled(bar(summary.themes[place].count, most, room), "$accent")

    lines = _table(f"{'people':>6} {'good':>6} {'poor':>6} {'other':>6}", figures, drawn, width)
    without = _people(summary.no_themes) if summary.no_themes else "nobody"
    asked: list[Content | str] = []
    if any(question.question for question in summary.questions):
        asked = ["", _head("WHAT WAS ASKED, and the commonest themes of the answers")]
        for question in summary.questions:
            line_of_question = f"{question.question or 'no question kept'}: {_people(question.people)}"
            asked += [Content(line) for line in wrapped(line_of_question, width)]
            asked += [_muted(f"  {themes_in_words(question)}", width)]
    return _joined(
        _head("WHAT PEOPLE SPOKE ABOUT, and how they rated the service"),
        *_refused(summary, "ratings", width),
        *lines,
        "",
        _muted(f"People, each once a theme; one may name several. Without a theme: {without}.", width),
        *asked,
    )


def _events(summary: Summary, width: int) -> Content:
    if not summary.events:
        return _nothing("Nobody was checked in and no feedback was taken at an event yet.")
    most = max(1, *(event.named + event.counted for event in summary.events))
    figures = []
    for event in summary.events:
        day = weekday_and_date(event.date).split(" ", 1)[1] if event.date else ""
        day = " ".join(part[:3] if part.isalpha() else part for part in day.split())
        row_figures = Content.assemble(
            (f"{day:<11} ", _MUTED),
            (f"{event.named:>7,}  {event.counted:>7,}", "bold"),
            f"  {event.feedback:>8,}",
        )
        figures.append((event.title or "no title", row_figures))

    def drawn(place: int, room: int) -> Content:
        event = summary.events[place]
        return Content.styled(bar(event.named + event.counted, most, room), "$accent")

    lines = _table(f"{'date':<11} {'by name':>7}  {'counted':>7}  {'comments':>8}", figures, drawn, width)
    return _joined(
        _head(f"WHO CAME: {people_and_visits(summary)}"),
        *_refused(summary, "events", width),
        *lines,
        "",
        _muted("By name: people, each once an event. Counted: people without names.", width),
        _muted(
            "Of two laptops' counts of one group, and of everybody and its groups, the greater number counts.",
            width,
        ),
    )


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
    note = "Change in ratings: means, 0 to 10, on the first and the latest day of the pairs rated on two days or more."
    return _joined(*_refused(summary, "mentoring", width), *parts, _muted(note, width))


def hours(number: float) -> str:
    """1 hour, 2.5 hours."""
    return "1 hour" if number == 1 else f"{number:g} hours"


def by(change: float) -> str:
    """A change of a mean: +0.7, or `same`."""
    shown = f"{change:+.1f}"
    return "same" if shown[1:] == "0.0" else shown


def _change(name: str, change: Change, width: int) -> Content:
    if change.first is None or change.latest is None or change.change is None:
        once = f"{counted(change.mentorships, 'pair')} rated on one day: no change to show"
        return Content.assemble(f"  {name:<11}", (once if change.mentorships else "not rated", _MUTED))
    room = min(30, max(5, width - 68))
    pairs = counted(change.mentorships, "pair")
    rated = f"{change.twice:,} of {pairs}: {change_in_brackets(change)}"
    figures = Content.assemble(
        f"  {name:<11}",
        (f"{change.first:4.1f} → {change.latest:4.1f}", "bold"),
        f"  {by(change.change)}  ",
        (pad(bar(change.latest, 10, room), room), "$accent"),
    )
    fits = cell_len(figures.plain) + 2 + cell_len(rated) <= width
    return Content.assemble(figures, (f"  {rated}" if fits else f"\n    {rated}", _MUTED))


def _spoke(summary: Summary, width: int) -> Content:
    if not summary.roles:
        return _nothing("No feedback yet.")
    # On the narrowest screen the questions are beside their figures, one blank apart.
    gap = "  " if width >= _ROOMY else " "
    figures = [
        (
            row.title,
            Content.assemble(
                (f"{row.answered:>8,}", "bold"), f"{gap}{row.declined:>8,}{gap}{row.not_asked:>9,}"
            ),
        )
        for row in summary.monitoring
    ]
    head = gap.join((f"{'answered':>8}", f"{'declined':>8}", f"{'not asked':>9}"))
    lines = _table(head, figures, lambda place, room: Content(""), width)
    return _joined(
        _head(f"WHO SPOKE: {people_and_comments(summary)}"),
        *_refused(summary, "ratings", width),
        bars([Bar(row.label, row.count) for row in summary.roles], width),
        "",
        _head("HOW MANY PEOPLE WERE ASKED, not what they answered"),
        *lines,
    )


def _quality(summary: Summary, width: int) -> Content:
    figures = []
    for known in summary.known:
        part = share(known.known, known.total) if known.total else "–"
        figures.append((known.title, Content.assemble((f"{known.known:>8,}", "bold"), f" {part:>7}")))

    def drawn(place: int, room: int) -> Content:
        known = summary.known[place]
        return Content.styled(bar(known.known, known.total, room), "$accent")

    lines = _table(f"{'comments':>8} {'share':>7}", figures, drawn, width)
    notes: list[Content | str] = []
    for note in summary.caveats:
        for number, line in enumerate(wrapped(note, width - 2)):
            notes.append(Content.assemble(("  " if number else "! ", "bold $warning"), line))
    return _joined(
        _head("WHAT TO KNOW BEFORE USING THESE FIGURES"),
        *(notes or [_nothing("Nothing is recorded yet.")]),
        "",
        _head(f"HOW MUCH IS KNOWN, of {counted(summary.comments, 'comment')}"),
        *lines,
        *_doubles(summary),
    )


def _doubles(summary: Summary) -> list[Content]:
    """The first repeated rows."""
    if not summary.doubles:
        return []
    return [
        Content(""),
        _head(f"ROWS THAT ARE HERE TWICE OR MORE: {len(summary.doubles):,}, each counted once"),
        *(Content(line) for line in doubles(summary)),
    ]


def _people(number: int) -> str:
    return counted(number, "person", "people")


def _unasked(rating: Rating) -> str:
    return f", {rating.not_asked:,} did not" if rating.not_asked else ""


def _refused(summary: Summary, section: str, width: int) -> list[Content]:
    """The refused rows that this page would have counted."""
    return [
        Content.styled(line, "$warning")
        for note in refusals(summary, section)
        for line in wrapped(f"! {note}", width)
    ]


def _muted(text: str, width: int) -> Content:
    return Content("\n").join([Content.styled(line, _MUTED) for line in wrapped(text, width)])


def _head(text: str) -> Content:
    return Content.styled(text, _HEAD)


def _nothing(text: str) -> Content:
    return Content.styled(text, _MUTED)


def _joined(*parts: Content | str) -> Content:
    return Content("\n").join([part if isinstance(part, Content) else Content(part) for part in parts])
