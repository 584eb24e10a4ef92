"""Terms that people would take for the same are one, on every laptop and in every order of merging; none is rewritten."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.presentation.lists.answer_options import code_options
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.model.option_matching import matching
from fieldkit.presentation.saving import canonical, save
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import labelled
from fieldkit.records.schema.terms import NewTerms, codes_by_list, same_codes
from fieldkit.store.kit import Kit
from streams import Stream, kit_from, one_by_one, take

SPELLINGS = ["Podiatry", "podiatry", "PODIATRY", "Eye clinic", "Eye-clinic", "Diabetes."]
AREA = kind("feedback").fields["service_area"]


def laptops(*spellings: str) -> list[Stream]:
    """A laptop for each spelling, which adds it as a service and records feedback with it."""
    made = []
    for number, spelling in enumerate(spellings):
        stream = Stream("bcdefgh"[number])
        term = {"list_name": "service_area", "code": spelling, "label": spelling}
        stream.write(f"term000{number}", term, kind="term", clock=1_000)
        stream.write(
            f"said000{number}", {"service_area": spelling, "rating": "1"}, kind="feedback", clock=2_000
        )
        made.append(stream)
    return made


def as_counted(kit: Kit) -> tuple[object, ...]:
    """The services in counts, lists and filters."""
    terms = kit.terms()
    counted = Counter(code for (code,) in kit.columns("feedback", ("service_area",)))
    labels = {labelled(AREA, record.values["service_area"], terms) for record in kit.page("feedback")}
    filtered = {code: kit.count("feedback", where={"service_area": code}) for code in terms["service_area"]}
    offered = [option.label for option in code_options(AREA, terms)]
    return counted, labels, filtered, offered, kit.state_hash()


@pytest.mark.parametrize(
    "spellings",
    [("Podiatry", "podiatry"), ("Foot-care", "Foot care", "FOOTCARE"), ("Çelik’s", "celiks", "Celik's")],
)
def test_terms_of_two_laptops_count_list_and_filter_as_one(
    new_kit: Callable[..., Kit], spellings: tuple[str, ...]
) -> None:
    seen = []
    for order in permutations(laptops(*spellings)):
        kit = new_kit()
        for stream in order:
            take(kit, stream.parcel())
        seen.append(as_counted(kit))
        counted, labels, filtered, offered, _ = seen[-1]
        assert counted == {spellings[0]: len(spellings)}
        assert labels == {spellings[0]}
        assert filtered == dict.fromkeys(spellings, len(spellings))
        assert offered.count(spellings[0]) == 1 and not set(offered) & set(spellings[1:])
        # What each laptop wrote is unchanged.
        assert {record.values["service_area"] for record in kit.page("feedback")} == set(spellings)
        assert {record.values["label"] for record in kit.page("term")} == set(spellings)
        assert kit.check() == []
    assert all(each == seen[0] for each in seen)


@pytest.mark.parametrize("deleted", [("Podiatry",), ("Podiatry", "podiatry"), ("podiatry",)])
def test_spellings_stay_one_when_their_terms_are_deleted(
    new_kit: Callable[..., Kit], deleted: tuple[str, ...]
) -> None:
    seen = []
    for order in permutations(laptops("Podiatry", "podiatry", "PODIATRY.")):
        kit = new_kit()
        for stream in order:
            take(kit, stream.parcel())
        for term in kit.page("term"):
            if term.values["label"] in deleted:
                kit.delete(term.record_id)
        counted = Counter(code for (code,) in kit.columns("feedback", ("service_area",)))
        assert list(counted.values()) == [3], counted
        for spelling in ("Podiatry", "podiatry", "PODIATRY."):
            assert kit.count("feedback", where={"service_area": spelling}) == 3, spelling
        seen.append(counted)
    assert all(each == seen[0] for each in seen)


def test_several_answers_whose_terms_were_never_here_are_one(new_kit: Callable[..., Kit]) -> None:
    kit = new_kit()
    for name, roles in (
        ("b", ["Tea-maker"]),
        ("c", ["tea maker", "TEA MAKER"]),
        ("d", ["volunteer", "Tea maker"]),
    ):
        stream = Stream(name)
        stream.write(f"person0{name}", {"name": name, "role": sorted(roles)}, kind="person", clock=1_000)
        take(kit, stream.parcel())
    held = [tuple(roles) for (roles,) in kit.columns("person", ("role",))]
    first = held[0][0]
    assert held[:2] == [(first,), (first,)] and first in held[2] and len(held[2]) == 2


@given(
    st.lists(
        st.sampled_from(["Podiatry", "podiatry", "PODIATRY", "Eye clinic", "Eye-clinic", "Diabetes."]),
        min_size=2,
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=25)
def test_the_order_of_merging_does_not_matter(
    kit_template: Path, spellings: list[str], chance: random.Random
) -> None:
    seen = []
    for _ in range(2):
        with kit_from(kit_template) as kit:
            for stream, seq in sorted(one_by_one(laptops(*spellings), chance), key=lambda piece: piece[1]):
                take(kit, stream.parcel(seq, seq))
            seen.append(as_counted(kit))
    assert seen[0] == seen[1]


def test_an_answer_of_the_list_itself_comes_before_a_term() -> None:
    labels = codes_by_list([("service_area", "DIABETES", "DIABETES"), ("service_area", "x", "Gp-practice")])
    assert labels == {"service_area": {"DIABETES": "diabetes", "x": "GP practice"}}
    assert same_codes("service_area", labels["service_area"]) == {"DIABETES": "diabetes", "x": "gp"}


def test_terms_that_were_one_by_code_stay_one_when_a_label_changes() -> None:
    labels = codes_by_list([("service_area", "Podiatry", "Feet"), ("service_area", "podiatry", "podiatry")])[
        "service_area"
    ]
    assert labels == {"Podiatry": "Feet", "podiatry": "Feet"}
    assert same_codes("service_area", labels) == {"Podiatry": "Podiatry", "podiatry": "Podiatry"}


def test_a_term_typed_in_another_spelling_is_the_one_that_is_there(kit: Kit) -> None:
    kit.add("term", {"list_name": "service_area", "code": "Foot care", "label": "Foot care"})
    terms = NewTerms(kit.terms(), adds=True)
    for spelling in ("foot-care", "FOOTCARE", "Foot  Care", "ｆｏｏｔ care"):
        assert terms.parse(AREA, spelling) == "Foot care"
    assert terms.met == 0


def test_a_form_takes_the_term_that_is_there_and_adds_a_new_one_once(kit: Kit) -> None:
    feedback = kind("feedback")
    for spelling in ("Podiatry", "podiatry", "PODIATRY.", "diabetes!"):
        answers = canonical(
            feedback,
            {"service_area": spelling, "rating": "1", "language": "Romani dialect", "consent_record": "Y"},
        )
        save(kit, feedback, None, answers)
    assert [record.values["label"] for record in kit.page("term")] == ["Podiatry"]
    assert [record.values["service_area"] for record in kit.page("feedback")] == [
        "diabetes",
        "Podiatry",
        "Podiatry",
        "Podiatry",
    ]
    assert kit.count("feedback", text="podiatry") == 3


def test_an_answer_is_offered_in_every_spelling() -> None:
    options = [Option(label, label) for label in ("Foot care", "St. Mary's", "Łódź", "A&E")]
    for typed, label in (
        ("foot-care", "Foot care"),
        ("st marys", "St. Mary's"),
        ("lodz", "Łódź"),
        ("a and e", "A&E"),
    ):
        assert [option.label for _, option in matching(options, typed)] == [label]
    assert matching(options, "%") == []
