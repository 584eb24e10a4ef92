"""The parts of a summary: plain values that screens draw, commands print and JSON takes as they are.

People, visits and comments are three units. `UNITS` names the unit of each figure.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from fieldkit.insight.disclosure.thresholds import FFT
from fieldkit.insight.statistics.paired_change import OFTEN_UNCHANGED

BASE = FFT.least_base
"""The fewest people for a percentage."""
SMALL_BASE = f"base below {BASE}"

UNITS = {
    "comments": "comments",
    "people": "people who gave feedback",
    "services": "people",
    "all_services": "people",
    "providers": "people",
    "themes": "people",
    "questions": "people",
    "roles": "people",
    "monitoring": "people",
    "events.named": "people checked in by name, each once an event",
    "events.counted": "people counted without names",
    "events.feedback": "comments",
    "named_people": "people checked in by name, each once",
    "visits": "visits: one person at one event",
    "levels.mentorships": "pairs",
    "levels.sessions": "sessions",
}


@dataclass(frozen=True)
class Rating:
    """People by their answer to the overall question: `answers` maps each of the six codes to its number of people.

    `total` is their sum; `not_asked` people gave feedback without that answer. Percentages are whole numbers, halves up, of all
    six answers (including "don't know"). Below `BASE` people they are None, and `no_percent` gives the reason. Intervals are
    Wilson's 95 % limits in per cent, to one decimal: Wilson (1927), J. Am. Stat. Assoc. 22, 209.
    """

    code: str
    label: str
    answers: dict[str, int]
    total: int
    positive_percent: int | None
    negative_percent: int | None
    not_asked: int
    parent: str = ""
    """The code of the row that includes these people too, "" for none."""
    no_percent: str = ""
    positive_interval: tuple[float, float] | None = None
    negative_interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Theme:
    """How many people named a theme, and how they rated the service. The three ratings add up to `count`."""

    code: str
    label: str
    group: str
    count: int
    positive: int
    negative: int
    neither: int
    """Neither good nor poor, don't know, or not asked."""
    comments: int = 0
    """The number of comments that name it."""


@dataclass(frozen=True)
class Attended:
    """An event: `named` people checked in by name, `counted` people without names, `feedback` comments given there.

    `not_added` are counts by another laptop of the same people: see `records.head_counts`.
    """

    id: str
    title: str
    date: str
    named: int
    counted: int
    feedback: int
    not_added: int = 0


@dataclass(frozen=True)
class Change:
    """Mean rating (0 to 10, one decimal) on the first and the latest day of each pair that was rated on two days or more.

    `mentorships` were rated at all, `twice` of them on two days: the means are only of these, None without any. `rose`, `same`
    and `fell` count how the ratings of these pairs changed. `interval` are Student's 95 % limits of the mean change, from 10
    pairs on; None if all changed alike, and without the extra `evidence`.
    """

    first: float | None
    latest: float | None
    change: float | None
    mentorships: int
    twice: int
    rose: int = 0
    same: int = 0
    fell: int = 0
    alike: bool = False
    """Whether all of several pairs changed by the same amount."""
    interval: tuple[float, float] | None = None

    @property
    def too_narrow(self) -> bool:
        """Whether so many pairs did not change that the interval covers less than its nominal level."""
        return self.interval is not None and self.same >= OFTEN_UNCHANGED * self.twice


@dataclass(frozen=True)
class Level:
    """Mentoring at one level. `hours` adds up the sessions whose length is known; `no_length` sessions have none."""

    code: str
    label: str
    mentorships: int
    sessions: int
    hours: float
    no_length: int
    confidence: Change
    knowledge: Change
    skills: Change


@dataclass(frozen=True)
class Count:
    """How many people gave one answer."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Coverage:
    """How widely a monitoring question was asked, not what was answered. The three add up to all people."""

    field: str
    title: str
    answered: int
    declined: int
    not_asked: int


@dataclass(frozen=True)
class Known:
    """How many of all comments have an answer in a field."""

    field: str
    title: str
    known: int
    total: int


@dataclass(frozen=True)
class Question:
    """A question of a survey: how many people answered it, in how many comments, and the themes of their answers.

    `themes` are (label, people), the most frequent first. Which themes come up depends on the question.
    """

    question: str
    people: int
    comments: int
    themes: list[tuple[str, int]]


@dataclass(frozen=True)
class Double:
    """One row of a file that is here `records` times. It counts once."""

    provider: str
    reference: str
    records: int


@dataclass(frozen=True)
class Refused:
    """Rows of a file that its import on this laptop refused and that no later import brought."""

    file: str
    kind: str
    rows: int


@dataclass(frozen=True)
class Dates:
    """How reliable the period is. Counts of records, by kind."""

    undated: dict[str, int] = field(default_factory=dict)
    """Records without a date: in no period."""
    future: dict[str, int] = field(default_factory=dict)
    """Records dated after today: in no period."""
    apart: dict[str, int] = field(default_factory=dict)
    """Records so far from all others that the date may be wrong: not in the period."""
    apart_days: tuple[str, str] = ("", "")
    """The first and the last of those days."""


@dataclass(frozen=True)
class Summary:
    """The whole summary. `first_day` and `last_day` are YYYY-MM-DD, "" where no record has a date."""

    first_day: str
    last_day: str
    records: dict[str, int]
    """Live records of each shared kind."""
    comments: int
    """Feedback records, each row of a file once."""
    people: int
    """The people who gave them: comments that share a respondent ID are from one person, each other comment from one each."""
    services: list[Rating]
    """Services, each with the services that are kinds of it directly beneath."""
    all_services: Rating
    providers: list[Rating]
    themes: list[Theme]
    no_themes: int
    """People who named no theme."""
    questions: list[Question]
    """The questions of surveys that comments answer, the most answered first; "" for comments without one."""
    events: list[Attended]
    named_people: int
    visits: int
    levels: list[Level]
    roles: list[Count]
    monitoring: list[Coverage]
    known: list[Known]
    dates: Dates
    doubles: list[Double]
    shared_references: int
    """References shared by several comments of a provider: each comment is counted."""
    differing_ratings: int
    """People whose comments have different ratings: the latest counts."""
    no_respondent: int
    """Comments with a reference but without a respondent ID: each counts as one person."""
    same_events: int
    """Events with the title and date of another, both with people or feedback."""
    same_names: int
    """People checked in by name who share their name and organisation with another of them."""
    same_days: int
    """Sessions of a pair on the day of another session of that pair."""
    from_elsewhere: int
    """Comments with a reference from other laptops: rows refused by an import there are not known here."""
    conflicts: int
    """Answers counted here that have more than one current value: the value shown counts."""
    not_understood: int = 0
    """Records of the kinds counted here with an answer or a field that only another version knows."""
    intervals_missing: bool = False
    """Changes of ratings have no intervals because the extra `evidence` is not installed."""
    refused: list[Refused] = field(default_factory=list)
    caveats: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=lambda: dict(UNITS))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)
