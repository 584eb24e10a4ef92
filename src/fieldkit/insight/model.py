"""What a summary is made of: plain values that screens draw, commands print and JSON takes as they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Rating:
    """Answers to the overall question: `answers` maps each of the six codes to its count, `total` adds them.

    Percentages are whole numbers, halves up, of all six answers ("don't know" too); None without any answer.
    """

    code: str
    label: str
    answers: dict[str, int]
    total: int
    positive_percent: int | None
    negative_percent: int | None
    not_asked: int


@dataclass(frozen=True)
class Theme:
    """How often a theme was named, and by people who rated the service how. The three add up to `count`."""

    code: str
    label: str
    group: str
    count: int
    positive: int
    negative: int
    neither: int
    """Neither good nor poor, don't know, or not asked."""


@dataclass(frozen=True)
class Attended:
    """An event: `named` check-ins of known people, `counted` people without names, `feedback` taken."""

    id: str
    title: str
    date: str
    named: int
    counted: int
    feedback: int


@dataclass(frozen=True)
class Change:
    """Mean rating (0 to 10, one decimal) at the first and the latest session of each mentorship that has one.

    `mentorships` were rated at all, `twice` of them at two sessions or more: only those can have changed.
    """

    first: float | None
    latest: float | None
    change: float | None
    mentorships: int
    twice: int


@dataclass(frozen=True)
class Level:
    """Mentoring at one level. `hours` counts the sessions whose length is known; `no_length` have none."""

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
    """How many gave one answer."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Coverage:
    """How far a monitoring question was asked, not what was answered. The three add up to all respondents."""

    field: str
    title: str
    answered: int
    declined: int
    not_asked: int


@dataclass(frozen=True)
class Summary:
    """The whole summary. `first_day` and `last_day` are YYYY-MM-DD, "" where no record has a date."""

    first_day: str
    last_day: str
    records: dict[str, int]
    """Live records of each shared kind."""
    services: list[Rating]
    all_services: Rating
    providers: list[Rating]
    themes: list[Theme]
    no_themes: int
    """Feedback to which nobody gave a theme."""
    events: list[Attended]
    levels: list[Level]
    roles: list[Count]
    monitoring: list[Coverage]
    caveats: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)
