"""The summary of the records: ratings, themes, attendance, mentoring, who gave feedback. Small numbers are not hidden yet.

`summarise` reads a kit; everything below it is a function from DataFrames (see `frames.frame_of`) to plain values, so that each
figure can be checked alone. Every person, comment and session is counted in exactly one row of each table (in a service and in
the one that it is a kind of). Links to records that are not held here, and questions that were not asked, have rows of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from fieldkit.evidence_extra import evidence_installed
from fieldkit.insight.attendance_counts import by_event, people_and_visits, same_events, same_names
from fieldkit.insight.frames import frame
from fieldkit.insight.mentoring import MEASURES, by_level
from fieldkit.insight.people import TextDigests, comments_of, latest, no_digests, under_own_names, with_person
from fieldkit.insight.period import period
from fieldkit.insight.ratings import by_provider, by_question, by_service, by_theme, overall
from fieldkit.insight.statistics.paired_change import FEWEST_PAIRS
from fieldkit.insight.summary_model import Count, Coverage, Known, Level, Summary
from fieldkit.records.provider_names import ProviderNames
from fieldkit.records.same_feedback import COMMENT_FIELDS
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import Terms, labelled
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.store.local.known_settings import ORIGIN
from fieldkit.store.oplog.device_ids import device_of

if TYPE_CHECKING:
    import pandas as pd


def summarise(kit: Kit, on_progress: Progress = no_progress) -> Summary:
    """Count what the kit holds. Deleted records never count. Refused rows and caveats are added by `presentation.summary_texts`.

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

    def digests(record_ids: list[str]) -> dict[str, tuple[str, ...]]:
        asked = set(record_ids)
        rows = kit.columns("feedback", ("record_id", *COMMENT_FIELDS))
        return {record_id: (_digest(texts),) for record_id, *texts in rows if record_id in asked}

    conflicts = sum(
        number
        for (name, field), number in kit.conflicting().items()
        if name in wanted() and (field == "deleted" or field in wanted()[name])
    )
    return summary_of(
        frames,
        terms,
        counts,
        digests=digests,
        conflicts=conflicts,
        laptop=kit.settings.get(ORIGIN),
        providers=kit.provider_names(),
    )


def wanted() -> dict[str, list[str]]:
    """The kinds that a summary counts, each with the fields that it reads."""
    return {
        "feedback": [
            *(
                "record_id",
                "created",
                "service_area",
                "provider",
                "role",
                "event",
                "date",
                "rating",
                "themes",
            ),
            *("reference", "respondent", "question", "origin"),
            *_monitored(),
        ],
        "event": ["record_id", "title", "date"],
        "attendance": ["event", "person", "attendee_group", "head_count", "origin", "reference"],
        "person": ["record_id", "band", "name", "organisation"],
        "mentorship": ["record_id", "level", "mentee"],
        "session": ["record_id", "mentorship", "date", "created", "minutes", *MEASURES],
    }


def summary_of(
    frames: Mapping[str, pd.DataFrame],
    terms: Terms | None = None,
    records: dict[str, int] | None = None,
    *,
    digests: TextDigests = no_digests,
    conflicts: int = 0,
    laptop: str = "",
    today: date | None = None,
    providers: ProviderNames | None = None,
) -> Summary:
    """The summary of one frame for each kind, with its fields in `wanted()`; `laptop` is the origin of this laptop.

    Feedback under any name of one of the `providers` counts for that provider.
    """
    terms = terms or {}
    events, attendance = frames["event"], frames["attendance"]
    feedback = under_own_names(frames["feedback"], providers.name_of) if providers else frames["feedback"]
    comments, doubles, shared = comments_of(feedback, digests)
    comments = with_person(comments)
    people = latest(comments)
    themes, no_themes = by_theme(comments)
    came = events[events["record_id"].isin(attendance["event"].dropna().astype(object))]
    dated = {"feedback": comments["date"], "session": frames["session"]["date"], "event": came["date"]}
    first_day, last_day, dates = period(dated, today or date.today())
    named, visits = people_and_visits(attendance)
    answered = comments[comments["rating"].notna()]
    sessions = frames["session"]
    attended = by_event(events, attendance, comments)
    ratings = answered["rating"].astype(object).groupby(answered["person"]).nunique()
    from_files = comments["reference"].notna()
    here = comments["origin"].astype(object).map(_device) == _device(laptop)
    levels = by_level(frames["mentorship"], sessions, frames["person"])
    return Summary(
        first_day=first_day,
        last_day=last_day,
        records=records or {name: len(rows) for name, rows in frames.items()},
        comments=len(comments),
        people=len(people),
        services=by_service(comments, terms),
        all_services=overall(comments),
        providers=by_provider(comments),
        themes=themes,
        no_themes=no_themes,
        questions=by_question(comments),
        events=attended,
        named_people=named,
        visits=visits,
        levels=levels,
        roles=by_role(people),
        monitoring=coverage(people),
        known=_known(comments),
        dates=dates,
        doubles=doubles,
        shared_references=shared,
        differing_ratings=int((ratings > 1).sum()),
        no_respondent=int((from_files & comments["respondent"].isna()).sum()),
        same_events=same_events(attended),
        same_names=same_names(attendance, frames["person"]),
        same_days=int(sessions.dropna(subset=["mentorship"]).duplicated(["mentorship", "date"]).sum()),
        from_elsewhere=int((from_files & ~here).sum()),
        conflicts=conflicts,
        intervals_missing=_intervals_missing(levels),
    )


def _intervals_missing(levels: list[Level]) -> bool:
    changes = [change for level in levels for change in (level.confidence, level.knowledge, level.skills)]
    return any(change.twice >= FEWEST_PAIRS for change in changes) and not evidence_installed()


def by_role(people: pd.DataFrame) -> list[Count]:
    """People by their role, in the order of the list; those who were not asked last."""
    counted = {
        code if isinstance(code, str) else "": int(number)
        for code, number in people["role"].value_counts(dropna=False).items()
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


def coverage(people: pd.DataFrame) -> list[Coverage]:
    """How many people answered, declined and were not asked, for each monitoring question."""
    fields = kind("feedback").fields
    rows = []
    for name in _monitored():
        numbers = {"": 0, "declined": 0, "not-asked": 0}
        for answer, number in people[name].value_counts().items():
            numbers[_role(fields[name], answer)] += int(number)
        numbers["not-asked"] += int(people[name].isna().sum())
        rows.append(
            Coverage(name, fields[name].title, numbers[""], numbers["declined"], numbers["not-asked"])
        )
    return rows


def _known(comments: pd.DataFrame) -> list[Known]:
    """For how many comments each subject is known, and for how many any monitoring question was answered."""
    titles = {
        "rating": "Overall rating",
        "service_area": "Service",
        "provider": "Provider",
        "themes": "Themes",
        "event": "Event",
        "date": "Date",
    }
    rows = [
        Known(name, title, int(comments[name].notna().sum()), len(comments)) for name, title in titles.items()
    ]
    asked = comments[_monitored()].notna().any(axis=1)
    return [*rows, Known("monitoring", "Any monitoring question", int(asked.sum()), len(comments))]


def _monitored() -> list[str]:
    # A question that depends on another's answer (a child's guardian) is not part of the standard data set.
    return [
        spec.name for spec in kind("feedback").fields.values() if spec.monitoring and spec.only_if is None
    ]


def _role(spec: FieldSpec, answer: str) -> str:
    """The meaning of an answer for coverage: "declined", "not-asked" or "" for an actual answer."""
    if not spec.codes:
        return "declined" if answer == "declined" else ""
    roles = {entry.code: entry.role for entry in spec.code_list.entries}
    role = roles.get(answer, "")
    return role if role in {"declined", "not-asked"} else ""


def _digest(texts: list[str | None]) -> str:
    """A hash that is equal for equal texts, so that records that may be one row are compared without holding all their texts."""
    return blake2b(
        "\0".join(text or "" for text in texts).encode("utf-8", "replace"), digest_size=16
    ).hexdigest()


def _device(origin: Any) -> str:
    """The device of an origin, whatever its incarnation."""
    return device_of(str(origin))
