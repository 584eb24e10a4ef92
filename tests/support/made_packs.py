"""Random packs about people: questions, people, tables, subsets, quotes, an earlier release."""

from __future__ import annotations

import random
from dataclasses import dataclass

from fieldkit.insight.disclosure.definitions import (
    EarlierRelease,
    Level,
    PeopleTable,
    Question,
    QuoteGroup,
    Respondent,
    Share,
)
from fieldkit.insight.disclosure.protection import protect
from fieldkit.insight.disclosure.thresholds import FFT, HES, TEN, Preset

SERVICES, RATINGS, GROUPS = ("GP", "dental", "stroke"), ("1", "2", "3"), ("A", "J", "N")
QUESTIONS = (
    Question(
        "service",
        (
            Level("services", {name: name for name in SERVICES}),
            Level("kinds", {"GP": "GP", "dental": "other", "stroke": "other"}),
        ),
    ),
    Question("rating", (Level("answers", {"1": "good", "2": "neither", "3": "poor"}),)),
    Question("ethnic", (Level("groups", {name: name for name in GROUPS}),), monitoring=True),
)
SHARES = (Share("% good", frozenset("1")), Share("% poor", frozenset("3")))


@dataclass(frozen=True)
class MadePack:
    """A pack in the form that `protect` accepts."""

    people: list[Respondent]
    tables: list[PeopleTable]
    preset: Preset
    quotes: list[QuoteGroup]
    earlier: list[EarlierRelease]


def made_pack(chance: random.Random) -> MadePack:
    """A pack of 20 to 120 people; half of them come after a release of the others, some of whom have gone since."""
    preset = chance.choice([FFT, FFT, TEN, HES])
    weights = [chance.choice([1, 2, 5, 12]) for _ in range(3)]
    people = [
        {
            "service": chance.choices(SERVICES, weights)[0],
            "rating": chance.choices(RATINGS, weights[::-1])[0],
            "ethnic": chance.choices((*GROUPS, None), (9, *weights[:2], 1))[0],
        }
        for _ in range(chance.randint(20, 120))
    ]
    tables = [PeopleTable("services", "service", "rating", shares=SHARES, counts=chance.random() < 0.7)]
    if chance.random() < 0.6:
        tables.append(PeopleTable("groups", "ethnic", chance.choice(["rating", None])))
    if chance.random() < 0.6:
        tables.append(
            PeopleTable(
                "subset",
                "service",
                "rating",
                (("ethnic", frozenset({"J"})),),
                chance.random() < 0.5,
                SHARES[:1],
            )
        )
    quotes = [QuoteGroup("stroke", (("service", frozenset({"stroke"})),), chance.randint(1, 4))]
    quotes.append(QuoteGroup("everybody", (), chance.randint(2, 12)))
    if chance.random() < 0.6:
        return MadePack([Respondent(each) for each in people], tables, preset, quotes, [])
    preset = chance.choice([FFT, TEN])
    before = people[: len(people) * 2 // 3]
    first = protect([Respondent(each) for each in before], QUESTIONS, tables[:2], preset)
    gone = chance.choice([0, 0, 6, 12])
    release = EarlierRelease(
        "before", preset.name, tuple(tables[:2]), first.levels, first.printed, gone=min(gone, len(before))
    )
    now = [Respondent(each, ("before",)) for each in before[release.gone :]]
    now += [Respondent(each) for each in people[len(before) :]]
    return MadePack(now, tables, preset, quotes, [release])
