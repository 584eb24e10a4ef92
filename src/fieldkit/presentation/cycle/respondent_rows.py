"""Who gave feedback in a cycle compared with who lives there, and its themes: for the coordinator's eyes, not for print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from fieldkit.insight.statistics.friends_and_family import GOOD, POOR
from fieldkit.insight.statistics.proportions import percent
from fieldkit.presentation.cycle.cycle_view import cycle_view
from fieldkit.presentation.pack.pack_facts import USUAL_DIMENSIONS
from fieldkit.presentation.pack.respondents import FIELDS, Person, answers_to, nhs_names, read_people
from fieldkit.presentation.utilisation.cycle_use import residents_of_cycle
from fieldkit.presentation.utilisation.use_caveats import DIMENSIONS
from fieldkit.records.schema.codes import Code, code_list
from fieldkit.store.kit import Kit
from fieldkit.text import capitalised

FOR_YOU = "For your eyes: a small number can point to one person. Packs hide them."
CHOSE = "They chose to speak: they do not represent everybody in the area."
LEAST_BASE = 10
"""The least number of people for a percentage; for fewer, their number is given."""


@dataclass(frozen=True)
class RespondentRow:
    """One group: people who gave feedback, and residents (None if their number is not known)."""

    label: str
    people: int
    residents: int | None


@dataclass(frozen=True)
class RespondentGroups:
    """The groups of one question. `stated` and `residents` are the bases of the shares, `source` names the population."""

    title: str
    rows: tuple[RespondentRow, ...]
    stated: int
    declined: int
    not_asked: int
    residents: int = 0
    source: str = ""
    several: bool = False
    """A person may be in several groups."""


@dataclass(frozen=True)
class ThemeRow:
    """One theme: the people who named it, and how those of them who rated the service rated it."""

    label: str
    people: int
    rated: int
    good: int
    poor: int


@dataclass(frozen=True)
class RespondentReport:
    """One cycle: the groups for each question that it compares by, and its themes, the most frequent first."""

    title: str
    people: int
    records: int
    groupings: tuple[RespondentGroups, ...]
    themes: tuple[ThemeRow, ...]
    without_theme: int


def respondent_report(kit: Kit, cycle_id: str, today: date) -> RespondentReport:
    """Read the respondents of a cycle. Call it in a thread.

    Raises:
        NotFound: there is no such cycle.
    """
    view = cycle_view(kit, cycle_id, today)
    chosen = view.facts.values.get("dimension") or USUAL_DIMENSIONS
    dimensions = [each for each in chosen if each in FIELDS]
    people = read_people(kit, view.facts.feedback.ids, dimensions)
    return RespondentReport(
        view.title,
        len(people),
        len(view.facts.feedback.ids),
        tuple(_respondents(kit, cycle_id, people, dimension) for dimension in dimensions),
        tuple(_themes(people, kit.terms().get("theme", {}))),
        sum(not person.answers.get("theme") for person in people),
    )


def share(part: int, whole: int) -> str:
    """A share as shown: `38 %`, or `3 of 8` for fewer than 10 people; "" for nobody."""
    if not whole:
        return ""
    return f"{percent(part, whole)} %" if whole >= LEAST_BASE else f"{part} of {whole}"


def _respondents(kit: Kit, cycle_id: str, people: Sequence[Person], dimension: str) -> RespondentGroups:
    codes = answers_to(dimension)
    by_role = {
        role: {entry.code for entry in codes.entries if entry.role == role}
        for role in ("declined", "not-asked")
    }
    counts: Counter[str] = Counter()
    stated = declined = not_asked = 0
    for person in people:
        answers = set(_codes(person.answers.get(dimension)))
        groups = answers - by_role["declined"] - by_role["not-asked"]
        if groups:
            stated += 1
            counts.update({_coarse(dimension, codes.entries, code) for code in groups})
        elif answers & by_role["declined"]:
            declined += 1
        else:
            not_asked += 1
    population = residents_of_cycle(kit, cycle_id, dimension)
    live = dict(population.nhs16) if population else {}
    labels = _labels(dimension, codes.entries)
    rows = [
        RespondentRow(label, counts[code], live.get(code))
        for code, label in labels.items()
        if counts[code] or live.get(code)
    ]
    year = f"{population.source}, {population.year}" if population and population.year else ""
    name = DIMENSIONS.get(dimension, dimension)
    return RespondentGroups(
        capitalised(name),
        tuple(rows),
        stated,
        declined,
        not_asked,
        sum(live.values()),
        year or (population.source if population else ""),
        sum(counts.values()) > stated,
    )


def _coarse(dimension: str, entries: Iterable[Code], code: str) -> str:
    """The NHS category of an ethnic group; other codes unchanged."""
    if dimension != "ethnic":
        return code
    return next((entry.get("nhs") or code for entry in entries if entry.code == code), code)


def _labels(dimension: str, entries: Iterable[Code]) -> dict[str, str]:
    if dimension == "ethnic":
        return nhs_names()
    return {
        entry.code: capitalised(entry.label)
        for entry in entries
        if entry.role not in {"declined", "not-asked"}
    }


def _codes(answer: object) -> tuple[str, ...]:
    if isinstance(answer, tuple):
        return tuple(map(str, answer))
    return (str(answer),) if answer else ()


def _themes(people: Sequence[Person], terms: dict[str, str]) -> list[ThemeRow]:
    named: dict[str, list[str]] = {}
    for person in people:
        rating = str(person.answers.get("rating") or "")
        for theme in _codes(person.answers.get("theme")):
            named.setdefault(theme, []).append(rating)
    rows = []
    for theme, ratings in named.items():
        label = terms.get(theme) or code_list("theme").label(theme)
        rated = [rating for rating in ratings if rating]
        rows.append(
            ThemeRow(
                capitalised(label),
                len(ratings),
                len(rated),
                sum(rating in GOOD for rating in rated),
                sum(rating in POOR for rating in rated),
            )
        )
    return sorted(rows, key=lambda row: (-row.people, row.label))
