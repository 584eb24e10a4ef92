"""Packs about people: tables, subsets, quotes and releases, protected together."""

from __future__ import annotations

import random

import pytest

from fieldkit.insight.disclosure import secondary_suppression
from fieldkit.insight.disclosure.definitions import (
    TOTAL,
    EarlierRelease,
    Level,
    Mean,
    PeopleTable,
    Question,
    QuoteGroup,
    Respondent,
    Share,
)
from fieldkit.insight.disclosure.feasibility import Feasibility
from fieldkit.insight.disclosure.people_pack import PeoplePack
from fieldkit.insight.disclosure.protection import ReleaseRefused, protect
from fieldkit.insight.disclosure.thresholds import FFT, HES, TEN

SERVICES = ("GP", "dental", "pharmacy")
QUESTIONS = (
    Question("service", (Level("service", {name: name for name in SERVICES}),)),
    Question(
        "rating",
        (Level("three", {"1": "good", "2": "good", "3": "neither", "4": "poor", "5": "poor"}),),
        scores={"1": 5, "2": 4, "3": 3, "4": 2, "5": 1},
    ),
    Question(
        "ethnic",
        (
            Level("groups", {name: name for name in ("British", "Indian", "Roma")}),
            Level("five groups", {"British": "White", "Roma": "White", "Indian": "Asian"}),
        ),
        monitoring=True,
    ),
    Question("carer", (Level("carers", {"Y": "carer", "N": "no carer"}),), monitoring=True),
)
POSITIVE = Share("% positive", frozenset({"1", "2"}))
RATINGS = PeopleTable("ratings", "service", "rating", shares=(POSITIVE,), means=(Mean("mean", "rating"),))


def people(number: int, seed: int = 1) -> list[Respondent]:
    """Made-up people."""
    chance = random.Random(seed)
    return [
        Respondent(
            {
                "service": chance.choices(SERVICES, (6, 3, 1))[0],
                "rating": chance.choices("12345", (4, 3, 1, 1, 1))[0],
                "ethnic": chance.choices(("British", "Indian", "Roma", None), (70, 20, 2, 8))[0],
                "carer": chance.choices(("Y", "N", None), (1, 3, 1))[0],
            }
        )
        for _ in range(number)
    ]


def test_the_order_of_people_changes_nothing() -> None:
    group = people(300)
    first = protect(group, QUESTIONS, [RATINGS], FFT)
    assert protect(group[::-1], QUESTIONS, [RATINGS], FFT) == first
    assert first.small_numbers and first.witnesses


def test_a_table_with_many_small_numbers_goes_to_a_coarser_level() -> None:
    table = PeopleTable("groups", "ethnic")
    protected = protect(people(200), QUESTIONS, [table], TEN)
    assert protected.merged == {"groups": "five groups"}
    assert protected.tables[0].rows == ("White", "Asian", TOTAL)


def test_quotes_of_few_people_carry_nothing() -> None:
    roma = QuoteGroup("Roma", (("ethnic", frozenset({"Roma"})),), 2)
    doctors = QuoteGroup("GP", (("service", frozenset({"GP"})),), 3)
    protected = protect(people(90), QUESTIONS, [RATINGS], FFT, quotes=[roma, doctors])
    assert protected.quotes == {"GP"}


def test_means_and_totals_of_a_preset_that_rounds_follow_from_what_is_shown() -> None:
    table = protect(people(900), QUESTIONS, [RATINGS], HES).tables[0]
    shown = {key: str(figure) for key, figure in table.figures.items()}
    for row in SERVICES:
        parts = [shown[row, column] for column in ("good", "neither", "poor")]
        assert shown[row, TOTAL] == str(sum(int(part) for part in parts if part != "*"))
        assert shown[row, "mean"] == "*"


def test_a_row_of_which_all_gave_one_answer() -> None:
    group = [
        *(Respondent({"service": "GP", "rating": rating, "ethnic": "British"}) for rating in "12345" * 6),
        *(Respondent({"service": "GP", "rating": "5", "ethnic": "Indian"}) for _ in range(15)),
        *(Respondent({"service": "dental", "rating": "1", "ethnic": "British"}) for _ in range(30)),
    ]
    groups = PeopleTable("groups", "ethnic", "rating", shares=(POSITIVE,))
    protected = protect(group, QUESTIONS, [groups, RATINGS], TEN)
    stars = {key for key, figure in protected.tables[0].figures.items() if str(figure) == "*"}
    assert {("Indian", column) for column in protected.tables[0].columns} <= stars
    assert ("ratings", "dental", TOTAL) in protected.alike


def released(group: list[Respondent], tables: list[PeopleTable]) -> EarlierRelease:
    """What was released about these people earlier."""
    protected = protect(group, QUESTIONS, tables, TEN)
    return EarlierRelease("September", "ten", tuple(tables), protected.levels, protected.printed)


SHORT = PeopleTable("services", "service", counts=False, shares=(), columns=None)


def test_what_one_new_person_said_is_not_released() -> None:
    group = people(150)
    september = released(group, [SHORT])
    now = [*(Respondent(person.answers, ("September",)) for person in group), people(1, 7)[0]]
    with pytest.raises(ReleaseRefused) as refusal:
        protect(now, QUESTIONS, [SHORT], TEN, earlier=[september])
    assert "what 1 new entry said" in str(refusal.value)
    assert "Wait until 10 more have come" in str(refusal.value)


def test_the_same_people_again_print_the_same() -> None:
    group = people(150)
    september = released(group, [SHORT])
    now = [Respondent(person.answers, ("September",)) for person in group]
    assert protect(now, QUESTIONS, [SHORT], TEN, earlier=[september]).printed == september.printed


def test_what_a_stricter_release_hid_is_told_by_no_later_one() -> None:
    given = [("GP", 60), ("dental", 30), ("pharmacy", 7), (None, 3)]
    group = [Respondent({"service": service}) for service, number in given for _ in range(number)]
    september = released(group, [SHORT])
    now = [Respondent(person.answers, ("September",)) for person in group]
    assert protect(group, QUESTIONS, [SHORT], FFT).printed["services", "pharmacy", TOTAL] == "7"
    later = protect(now, QUESTIONS, [SHORT], FFT, earlier=[september])
    assert later.printed["services", "pharmacy", TOTAL] == "*"


def test_a_later_release_hides_where_the_difference_is_small() -> None:
    group, new = people(150), people(30, 3)
    september = released(group, [SHORT])
    now = [*(Respondent(person.answers, ("September",)) for person in group), *new]
    protected = protect(now, QUESTIONS, [SHORT], TEN, earlier=[september])
    came = sum(person.answers["service"] == "pharmacy" for person in new)
    assert 1 <= came < 10, came
    assert protected.printed["services", "pharmacy", TOTAL] == "*"


def test_records_that_a_release_did_not_count_so_are_refused() -> None:
    group = people(150)
    september = released(group, [SHORT])
    now = [Respondent(person.answers, ("September",)) for person in group[20:]]
    with pytest.raises(ReleaseRefused, match="not here as they were"):
        protect(now, QUESTIONS, [SHORT], TEN, earlier=[september])


def test_people_who_are_gone_may_have_said_anything() -> None:
    group = people(150)
    september = released(group, [SHORT])
    gone = EarlierRelease(
        september.name, "ten", september.tables, september.levels, september.printed, gone=20
    )
    now = [Respondent(person.answers, ("September",)) for person in group[20:]]
    protected = protect(now, QUESTIONS, [SHORT], TEN, earlier=[gone])
    assert protected.printed["services", TOTAL, TOTAL] in {"*", "130"}


def test_small_groups_go_to_a_coarser_level_whatever_zeros_are_starred_beside_them() -> None:
    groups = ("British", *(f"White {n}" for n in range(12)), *(f"Asian {n}" for n in range(4)))
    five = {group: "Asian" if group.startswith("Asian") else "White" for group in groups}
    asked = Question(
        "ethnic", (Level("groups", {g: g for g in groups}), Level("five", five)), monitoring=True
    )
    heard_table = PeopleTable("heard", "ethnic")
    given = ["British"] * 60 + ["Asian 1"] * 8 + ["Asian 2"] * 7
    protected = protect([Respondent({"ethnic": each}) for each in given], [asked], [heard_table], TEN)
    assert protected.printed == {
        ("heard", "White", TOTAL): "60",
        ("heard", "Asian", TOTAL): "15",
        ("heard", TOTAL, TOTAL): "75",
    }


def test_a_search_that_would_take_too_long_hides_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secondary_suppression, "ALLOWANCE", -1)
    monkeypatch.setattr(Feasibility, "_from_moves", lambda *given: None)
    monkeypatch.setattr(Feasibility, "_exchange", lambda *given: None)
    carers = PeopleTable("carers", "carer", "rating", shares=(POSITIVE,))
    given = [("Y", "1", 20), ("Y", "3", 3), ("Y", "5", 15), ("N", "1", 30), ("N", "3", 12), ("N", "5", 11)]
    group = [Respondent({"carer": c, "rating": r}) for c, r, number in given for _ in range(number)]
    pack = PeoplePack(group, QUESTIONS, [carers], FFT).pack()
    given_up = secondary_suppression.suppress(pack, budget=0)
    assert given_up.exhausted
    assert given_up.hidden == frozenset(range(len(pack.statements)))
