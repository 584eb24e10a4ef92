"""The summary and its basis: refused rows, and a sentence for each thing that a reader needs to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from fieldkit.evidence_extra import INSTALL
from fieldkit.importing.log import refused_rows
from fieldkit.insight.disclosure.thresholds import FFT
from fieldkit.insight.statistics.friends_and_family import GOOD, POOR
from fieldkit.insight.statistics.proportions import percent
from fieldkit.insight.summary import summarise, wanted
from fieldkit.insight.summary_model import BASE, Change, Known, Question, Rating, Refused, Summary
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.text import clean_line, plural

SMALL_NUMBERS = "Small numbers: do not publish these without protection."
CHOSE_TO_ANSWER = "These people chose to answer. They do not speak for everybody who uses a service."
NOT_COMPARED = "Mentoring is compared with nobody: low first ratings rise partly by chance."
MOST_DOUBLES = 20
"""The most repeated rows to list; JSON has all."""
_ENOUGH = 80
"""Per cent of comments: a field known for fewer gets a sentence."""

SECTION_OF = {
    "feedback": "ratings",
    "attendance": "events",
    "event": "events",
    "person": "events",
    "mentorship": "mentoring",
    "session": "mentoring",
}
"""The section of the summary that counts the records of a kind."""


def read_summary(kit: Kit, on_progress: Progress | None = None) -> Summary:
    """Summarise what the kit holds, with refused rows and caveats. Call it in a thread; loads pandas.

    Raises:
        StorageError, VaultError: the file can't be read.
    """
    summary = summarise(kit, on_progress or no_progress)
    summary = replace(
        summary,
        refused=[Refused(*refused) for refused in refused_rows(kit)],
        not_understood=kit.not_understood(wanted()),
    )
    return replace(summary, caveats=caveats(summary))


def refusals(summary: Summary, section: str) -> list[str]:
    """A sentence for each file whose refused rows shift the figures of a section."""
    return [
        plural(
            refused.rows,
            f"1 row of {refused.file} was refused at import and is not counted.",
            f"{refused.rows:,} rows of {refused.file} were refused at import and are not counted.",
        )
        for refused in summary.refused
        if SECTION_OF.get(refused.kind) == section
    ]


def caveats(summary: Summary) -> list[str]:
    """What a reader needs to know before using these figures, a sentence each, the most serious first."""
    notes = [note for section in ("ratings", "events", "mentoring") for note in refusals(summary, section)]
    if any(FFT.is_small(cell) for cell in _cells(summary)):
        notes.append(SMALL_NUMBERS)
    notes += filter(None, map(_unknown, summary.known))
    if summary.comments:
        notes.append(CHOSE_TO_ANSWER)
    return [
        *notes,
        *_people_notes(summary),
        *_date_notes(summary),
        *_count_notes(summary),
        *_mentoring_notes(summary),
    ]


def _mentoring_notes(summary: Summary) -> Iterator[str]:
    changes = [
        (level.label, name, change)
        for level in summary.levels
        for name, change in (
            ("confidence", level.confidence),
            ("knowledge", level.knowledge),
            ("skills", level.skills),
        )
        if change.twice
    ]
    if changes:
        yield NOT_COMPARED
    for level, name, change in changes:
        if change.too_narrow:
            yield f"{name.capitalize()}, {level}: many pairs did not change, so the interval is too narrow."
    if summary.intervals_missing:
        yield f"Intervals of mentoring changes are left out: a part of fieldkit is not installed. {INSTALL}"


def _unknown(known: Known) -> str:
    """A sentence for a field that is known for too few comments, "" for others."""
    if known.known * 100 >= known.total * _ENOUGH:
        return ""
    missing = known.total - known.known
    return f"{known.title}: not known for {missing:,} of {counted(known.total, 'comment')}."


def _people_notes(summary: Summary) -> Iterator[str]:
    if number := summary.no_respondent:
        yield f"{counted(number, 'comment')} with a reference and without a respondent ID: each counts as one person."
    if number := summary.differing_ratings:
        yield plural(
            number,
            "1 person gave different ratings in several comments: the latest counts.",
            "{n} people gave different ratings in several comments: the latest counts.",
        )
    if summary.doubles:
        rows = sum(double.records - 1 for double in summary.doubles)
        yield plural(
            rows,
            "1 feedback record repeats a row that is here already: each row counts once.",
            "{n} feedback records repeat a row that is here already: each row counts once.",
        )
    if number := summary.shared_references:
        yield plural(
            number,
            "1 reference of one provider has comments that differ: all are counted.",
            "{n} references of one provider have comments that differ: all are counted.",
        )
    if number := summary.from_elsewhere:
        comments = counted(number, "comment")
        yield f"{comments} with a reference came from other laptops: rows refused at import there are not known here."


def _date_notes(summary: Summary) -> Iterator[str]:
    dates = summary.dates
    for each in _of_kinds(dates.undated):
        yield f"{each} without a date: in no period."
    for each in _of_kinds(dates.future):
        yield f"{each} dated after today: in no period."
    days = " to ".join(short_date(day) for day in sorted(set(dates.apart_days)) if day)
    for each in _of_kinds(dates.apart):
        yield f"{each} dated over a year from all others ({days}): counted, but not in the period."


def _count_notes(summary: Summary) -> Iterator[str]:
    if number := sum(event.not_added for event in summary.events):
        yield plural(
            number,
            "1 head count of a second laptop was not added: of two counts of one group the greater number counts.",
            "{n} head counts of a second laptop were not added: of two counts of one group the greater number counts.",
        )
    if number := summary.same_events:
        yield f"{counted(number, 'event')} with the title and date of another: its people may be counted at both."
    if number := summary.same_names:
        yield f"{counted(number, 'person', 'people')} checked in under the name of another: somebody may be here twice."
    if number := summary.same_days:
        yield f"{counted(number, 'session')} on the day of another session of that pair: a meeting may be here twice."
    if number := summary.not_understood:
        yield plural(
            number,
            "1 record holds answers that only another version of fieldkit knows: not counted here.",
            "{n} records hold answers that only another version of fieldkit knows: not counted here.",
        )
    if number := summary.conflicts:
        yield plural(
            number,
            "1 answer counted here is in conflict: the value shown now counts.",
            "{n} answers counted here are in conflict: the value shown now counts.",
        )


def _of_kinds(numbers: Mapping[str, int]) -> Iterator[str]:
    nouns = {"feedback": ("comment", ""), "session": ("session", ""), "event": ("event", "")}
    for name, number in numbers.items():
        yield counted(number, *nouns[name])


def _cells(summary: Summary) -> Iterator[int]:
    """Every count of people that the summary shows."""
    ratings: list[Rating] = [*summary.services, summary.all_services, *summary.providers]
    for rating in ratings:
        yield from (*rating.answers.values(), rating.not_asked)
    for theme in summary.themes:
        yield from (theme.positive, theme.negative, theme.neither)
    for event in summary.events:
        yield from (event.named, event.counted, event.feedback)
    for level in summary.levels:
        yield from (level.mentorships, level.sessions)
    for role in summary.roles:
        yield role.count


def share(part: int, whole: int) -> str:
    """`88 %`, or `3 of 4` if the base is too small for a percentage."""
    return f"{percent(part, whole)} %" if whole >= BASE else f"{part} of {whole}"


def doubles(summary: Summary) -> list[str]:
    """The first repeated rows: `St Mary's, reference r1: 2 records`."""
    lines = [
        f"{clean_line(double.provider) or 'No provider'}, reference {clean_line(double.reference)}: {double.records:,} records"
        for double in summary.doubles[:MOST_DOUBLES]
    ]
    more = len(summary.doubles) - MOST_DOUBLES
    return [*lines, f"and {more:,} more"] if more > 0 else lines


def no_percentage() -> str:
    """The note below a table if a base is too small for percentages."""
    return f"Below {BASE} people, counts are shown and no percentage."


def good_and_poor(rating: Rating) -> tuple[str, str]:
    """The shares of good and of poor ratings: `88 %`, or `3 of 4` below the base of a percentage."""
    if rating.positive_percent is not None and rating.negative_percent is not None:
        return f"{rating.positive_percent} %", f"{rating.negative_percent} %"
    good, poor = (sum(rating.answers[code] for code in codes) for codes in (GOOD, POOR))
    return (f"{good} of {rating.total}", f"{poor} of {rating.total}") if rating.total else ("–", "–")


def limits_in_brackets(limits: tuple[float, float] | None, name: str = "") -> str:
    """95 % limits in whole per cent, `(80-87)`, `(95 %: 80-87)` with a name; "" if there are none."""
    return "" if limits is None else f"({name}{limits[0]:.0f}-{limits[1]:.0f})"


def change_in_brackets(change: Change) -> str:
    """The note beside a mean change: its 95 % limits from 10 pairs on, otherwise how many pairs rose, stayed and fell."""
    if change.interval is not None:
        return f"95 % interval {change.interval[0]:+.1f} to {change.interval[1]:+.1f}"
    if change.alike:
        return f"all {change.twice:,} changed by the same"
    rose = ((change.rose, "rose"), (change.same, "the same"), (change.fell, "fell"))
    return ", ".join(f"{number:,} {how}" for number, how in rose if number)


def themes_in_words(question: Question) -> str:
    """The commonest themes of a question's answers: `staff manner 12, waiting 7`; `no theme yet` if there are none."""
    return ", ".join(f"{label} {people}" for label, people in question.themes) or "no theme yet"


def depth(rating: Rating, rows: list[Rating]) -> int:
    """The depth of this service in the tree of services: how far to indent its row."""
    parents = {row.code: row.parent for row in rows}
    steps, code = 0, rating.parent
    while code:
        steps, code = steps + 1, parents.get(code, "")
    return steps


def people_and_comments(summary: Summary) -> str:
    """`781 people in 818 comments`."""
    return f"{plural(summary.people, '1 person', '{n} people')} in {counted(summary.comments, 'comment')}"


def people_and_visits(summary: Summary) -> str:
    """`16 people by name in 66 visits`."""
    if not summary.visits:
        return "nobody by name"
    people = plural(summary.named_people, "1 person by name", "{n} people by name")
    return f"{people} in {counted(summary.visits, 'visit')}"
