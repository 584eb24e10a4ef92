"""What the records say at a glance: ratings, themes, attendance, mentoring, who spoke. Nothing is hidden yet.

`summarise` reads a kit; everything below it is a function from DataFrames (see `frames.frame_of`) to plain
values, so that each figure can be checked alone. Every record is counted in exactly one row of each table:
where a link points to a record that is not held here, or a question was not asked, a row says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fieldkit.insight.frames import frame
from fieldkit.insight.model import Attended, Change, Count, Coverage, Level, Rating, Summary, Theme
from fieldkit.insight.ratings import by_provider, by_service, by_theme, overall
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import Terms, labelled
from fieldkit.store.kit import Kit, Progress, no_progress

if TYPE_CHECKING:
    import pandas as pd

NOT_HELD = "not-held"
"""The code of the row for links to records that are not held here; "" is that of what was not said."""
SMALL = 5
SMALL_NUMBERS = "Small numbers: do not publish these as they stand."
MEASURES = ("confidence", "knowledge", "skills")


def summarise(kit: Kit, on_progress: Progress = no_progress) -> Summary:
    """Count what the kit holds. Deleted records never count.

    Raises:
        StorageError, VaultError: the file can't be read.
    """
    counts, terms = kit.counts(), kit.terms()
    total, before = sum(counts.get(name, 0) for name in wanted()), 0
    frames = {}
    for name, fields in wanted().items():
        start = before

        def on_rows(done: int, _: int, what: str, start: int = start) -> None:
            on_progress(start + done, max(total, start + done), what)

        frames[name] = frame(kit, name, fields, on_rows)
        before += len(frames[name])
    return summary_of(frames, terms, counts)


def wanted() -> dict[str, list[str]]:
    """The kinds that a summary counts, each with the fields that it looks at."""
    return {
        "feedback": ["service_area", "provider", "role", "event", "date", "rating", "themes", *_monitored()],
        "event": ["record_id", "title", "date"],
        "attendance": ["event", "person", "head_count"],
        "mentorship": ["record_id", "level"],
        "session": ["mentorship", "date", "created", "minutes", *MEASURES],
    }


def summary_of(
    frames: Mapping[str, pd.DataFrame], terms: Terms | None = None, records: dict[str, int] | None = None
) -> Summary:
    """The summary of one frame for each kind and its fields in `wanted()`."""
    terms = terms or {}
    feedback, events, attendance = frames["feedback"], frames["event"], frames["attendance"]
    themes, no_themes = by_theme(feedback)
    services = by_service(feedback, terms)
    everything = overall(feedback)
    attended = by_event(events, attendance, feedback)
    levels = by_level(frames["mentorship"], frames["session"])
    roles = by_role(feedback)
    came = events[events["record_id"].isin(attendance["event"].dropna().astype(object))]
    first_day, last_day = period([feedback["date"], frames["session"]["date"], came["date"]])
    providers = by_provider(feedback)
    cells = _cells([*services, everything, *providers], themes, attended, levels, roles)
    return Summary(
        first_day=first_day,
        last_day=last_day,
        records=records or {name: len(rows) for name, rows in frames.items()},
        services=services,
        all_services=everything,
        providers=providers,
        themes=themes,
        no_themes=no_themes,
        events=attended,
        levels=levels,
        roles=roles,
        monitoring=coverage(feedback),
        caveats=[SMALL_NUMBERS] if any(0 < cell < SMALL for cell in cells) else [],
    )


def by_event(events: pd.DataFrame, attendance: pd.DataFrame, feedback: pd.DataFrame) -> list[Attended]:
    """Every event that somebody came to or gave feedback at, the latest first; last, what has none here."""
    held = dict(zip(events["record_id"], zip(events["title"], events["date"], strict=True), strict=True))
    counted: dict[str, list[int]] = {}

    def put(at: int, numbers: pd.Series) -> None:
        for event_id, number in numbers.items():
            known = event_id if event_id in held else NOT_HELD if isinstance(event_id, str) else ""
            counted.setdefault(known, [0, 0, 0])[at] += int(number)

    put(0, attendance.loc[attendance["person"].notna(), "event"].value_counts(dropna=False))
    heads = attendance.loc[attendance["head_count"].notna(), ["event", "head_count"]]
    put(1, heads["head_count"].groupby(heads["event"].astype(object), dropna=False).sum())
    put(2, feedback["event"].value_counts(dropna=False))
    rows = []
    for event_id, numbers in counted.items():
        title, date = held.get(event_id, (_NO_EVENT.get(event_id), None))
        if any(numbers):
            rows.append(Attended(event_id, _words(title), _iso(date), *numbers))
    rows.sort(key=lambda row: (row.title, row.id))
    rows.sort(key=lambda row: row.date, reverse=True)
    rows.sort(key=lambda row: (row.id in _NO_EVENT, row.id == ""))
    return rows


def by_level(mentorships: pd.DataFrame, sessions: pd.DataFrame) -> list[Level]:
    """Mentorships and their sessions at each level; those of mentorships not held here last."""
    spec = kind("mentorship").fields["level"]
    levels = mentorships["level"].astype(object).where(mentorships["level"].notna(), "")
    level_of = dict(zip(mentorships["record_id"], levels, strict=True))
    sessions = sessions.sort_values(["date", "created"], kind="stable", na_position="first")
    level = sessions["mentorship"].astype(object).map(lambda key: level_of.get(key, NOT_HELD))
    made = levels.value_counts()
    rows = []
    for code in sorted({*made.index, *level}, key=lambda code: (code == NOT_HELD, code == "", code)):
        some = sessions[level == code]
        changes = {name: _change(some, name) for name in MEASURES}
        rows.append(
            Level(
                code,
                _LEVELS.get(code) or labelled(spec, code),
                int(made.get(code, 0)),
                len(some),
                _tenths(Fraction(int(some["minutes"].sum()), 60)),
                int(some["minutes"].isna().sum()),
                **changes,
            )
        )
    return rows


def by_role(feedback: pd.DataFrame) -> list[Count]:
    """Respondents by the part they play, in the order of the list; those nobody asked last."""
    counted = {
        _words(code): int(number) for code, number in feedback["role"].value_counts(dropna=False).items()
    }
    spec = kind("feedback").fields["role"]
    order = [entry.code for entry in spec.code_list.entries]
    codes = sorted(
        counted, key=lambda code: (code == "", order.index(code) if code in order else len(order), code)
    )
    return [
        Count(code, labelled(spec, code) if code else "not asked", counted[code])
        for code in codes
        if counted[code]
    ]


def coverage(feedback: pd.DataFrame) -> list[Coverage]:
    """How many answered, declined and were not asked, for each monitoring question."""
    fields = kind("feedback").fields
    rows = []
    for name in _monitored():
        numbers = {"": 0, "declined": 0, "not-asked": 0}
        for answer, number in feedback[name].value_counts().items():
            numbers[_role(fields[name], answer)] += int(number)
        numbers["not-asked"] += int(feedback[name].isna().sum())
        rows.append(
            Coverage(name, fields[name].title, numbers[""], numbers["declined"], numbers["not-asked"])
        )
    return rows


def period(columns: Iterable[pd.Series]) -> tuple[str, str]:
    """The first and the last of all dates as YYYY-MM-DD, "" without any."""
    held = [column.dropna() for column in columns]
    ends = [day for dates in held if len(dates) for day in (dates.min(), dates.max())]
    return (_iso(min(ends)), _iso(max(ends))) if ends else ("", "")


_NO_EVENT = {"": "no event", NOT_HELD: "event not held here"}
_LEVELS = {"": "level not given", NOT_HELD: "mentorship not held here"}


def _monitored() -> list[str]:
    # A question that follows from another's answer (a child's guardian) is no part of the standard data set.
    return [
        spec.name for spec in kind("feedback").fields.values() if spec.monitoring and spec.only_if is None
    ]


def _role(spec: FieldSpec, answer: str) -> str:
    """What an answer means for coverage: "declined", "not-asked" or "" for an answer proper."""
    if not spec.codes:
        return "declined" if answer == "declined" else ""
    roles = {entry.code: entry.role for entry in spec.code_list.entries}
    found = roles.get(answer, "")
    return found if found in {"declined", "not-asked"} else ""


def _change(sessions: pd.DataFrame, measure: str) -> Change:
    """Of `sessions` in the order of their dates."""
    rated = sessions[sessions[measure].notna()]
    pairs = rated.groupby(rated["mentorship"].astype(object), dropna=False)[measure]
    first, latest, times = pairs.first(), pairs.last(), pairs.size()
    number = len(times)
    if not number:
        return Change(None, None, None, 0, 0)
    began, came_to = Fraction(int(first.sum()), number), Fraction(int(latest.sum()), number)
    twice = int((times > 1).sum())
    return Change(_tenths(began), _tenths(came_to), _tenths(came_to - began), number, twice)


def _tenths(value: Fraction) -> float:
    """`value` to one decimal, halves away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) * 10 + Fraction(1, 2)) / 10


def _cells(
    ratings: Iterable[Rating],
    themes: Iterable[Theme],
    events: Iterable[Attended],
    levels: Iterable[Level],
    roles: Iterable[Count],
) -> Iterator[int]:
    """Every count of people that the summary shows."""
    for rating in ratings:
        yield from (*rating.answers.values(), rating.not_asked)
    for theme in themes:
        yield from (theme.positive, theme.negative, theme.neither)
    for event in events:
        yield from (event.named, event.counted, event.feedback)
    for level in levels:
        yield from (level.mentorships, level.sessions)
    for role in roles:
        yield role.count


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _iso(day: Any) -> str:
    return "" if day is None or day != day else str(day)[:10]
