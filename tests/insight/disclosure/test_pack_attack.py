"""The attack on packs of a cycle: it finds as much as the attack on all answers, and what a weak printing function reveals."""

from __future__ import annotations

import random

import pytest

import people_attack
from fieldkit.insight.disclosure import people_pages, secondary_suppression
from fieldkit.insight.disclosure.definitions import Level, PeopleTable, Question, Respondent, Share
from fieldkit.insight.disclosure.people_pack import PeoplePack
from fieldkit.insight.disclosure.protection import protect
from fieldkit.insight.disclosure.secondary_suppression import ProtectionFailed
from fieldkit.insight.disclosure.thresholds import FFT, TEN, Preset
from fieldkit.printed_figure import STAR, Figure, Shown
from made_packs import QUESTIONS, SHARES, made_pack
from pack_attack import NOW, KnownPerson, PrintedPack, leaks

THEMES = ("staff", "waiting", "food", "travel")
RATED = (
    Question("rating", (Level("answers", {"1": "good", "2": "neither", "3": "poor"}),)),
    Question(
        "theme",
        (
            Level("themes", {theme: theme for theme in THEMES}),
            Level("groups", {"staff": "care", "waiting": "care", "food": "place", "travel": "place"}),
        ),
    ),
    Question("carer", (Level("carers", {"Y": "carer", "N": "no carer", "": "not asked"}),), monitoring=True),
)
TABLES = [
    PeopleTable(
        "themes",
        "theme",
        "rating",
        (("rating", frozenset("123")),),
        shares=(Share("% good", frozenset("1")),),
    ),
    PeopleTable("carers", "carer", "rating", shares=(Share("% good", frozenset("1")),)),
]


def people(number: int, seed: int) -> list[Respondent]:
    """Made-up people, most of whom name several themes."""
    chance = random.Random(seed)
    return [
        Respondent(
            {
                "rating": chance.choices(("1", "2", "3", None), (12, 3, 4, 1))[0],
                "theme": tuple(sorted(chance.sample(THEMES, chance.choice((0, 1, 2, 2, 3))))) or None,
                "carer": chance.choices(("Y", "N", None), (2, 9, 1))[0],
            }
        )
        for _ in range(number)
    ]


def attacked(
    group: list[Respondent], preset: Preset, printed: dict[tuple[str, str, str], str], levels: dict[str, int]
) -> list[str]:
    """What the attack finds in a pack of these people."""
    known = [KnownPerson(person.answers, frozenset({NOW})) for person in group]
    return leaks(known, RATED, {"theme"}, [PrintedPack(TABLES, levels, printed, preset)])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("preset", [FFT, TEN])
def test_no_small_number_of_people_with_several_answers_can_be_pinned(seed: int, preset: Preset) -> None:
    group = people(90 + 40 * seed, seed)
    protected = protect(group, RATED, TABLES, preset)
    assert not attacked(group, preset, dict(protected.printed), dict(protected.levels))
    # The same figures without secondary suppression.
    plain = PeoplePack(group, RATED, TABLES, preset)
    printed = {key: str(figure) for key, figure in plain.print(plain.truth, []).items()}
    hidden = printed != dict(protected.printed)
    assert bool(attacked(group, preset, printed, dict(protected.levels))) == hidden


@pytest.mark.parametrize("seed", range(8))
def test_it_finds_what_the_attack_on_all_answers_finds(seed: int) -> None:
    group = [Respondent(person.answers) for person in made_pack(random.Random(seed)).people]
    tables = [
        PeopleTable("services", "service", "rating", shares=SHARES),
        PeopleTable("groups", "ethnic", "rating"),
    ]
    pack = PeoplePack(group, QUESTIONS, tables, FFT)
    printed = {key: str(figure) for key, figure in pack.print(pack.truth, []).items()}
    levels = {table.table.name: table.level for table in pack.tables}
    theirs = people_attack.leaks(group, QUESTIONS, tables, FFT, levels, printed)
    known = [KnownPerson(person.answers, frozenset({NOW})) for person in group]
    ours = leaks(known, QUESTIONS, (), [PrintedPack(tables, levels, printed, FFT)])
    assert len(ours) == len(theirs)


def test_a_weak_printing_function_is_caught_by_the_check_and_by_the_attack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    group = people(260, 1)
    pack = PeoplePack(group, RATED, TABLES, FFT)
    row, column = next(
        key[1:]
        for key, figure in pack.figures.items()
        if key[0] == "carers" and figure is STAR and key[2] in {"neither", "poor"}
    )
    whole = people_pages._Table._count

    def weak(self: people_pages._Table, *place: str) -> Figure:
        shown = Shown(self.number(*place))
        return shown if (self.name, *place) == ("carers", row, column) else whole(self, *place)

    monkeypatch.setattr(people_pages._Table, "_count", weak)
    with pytest.raises(ProtectionFailed, match="printed another number"):
        protect(group, RATED, TABLES, FFT)
    monkeypatch.setattr(secondary_suppression, "check", lambda *given: None)
    protected = protect(group, RATED, TABLES, FFT)
    leaks_found = attacked(group, FFT, dict(protected.printed), dict(protected.levels))
    assert any(leak.startswith(f"carers {row} {column} is") for leak in leaks_found)
