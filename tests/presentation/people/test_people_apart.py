"""People of one name are shown with more details wherever a form offers them, alone or in a pair."""

from __future__ import annotations

from fieldkit.presentation.lists.answer_options import link_options, link_search
from fieldkit.store.kit import Kit


def test_people_of_one_line_are_told_apart_in_the_answers_of_a_form(kit: Kit) -> None:
    first, second = (kit.add("person", {"name": "Amina Khan"}) for _ in range(2))
    other = kit.add("person", {"name": "Amina Khan", "organisation": "St Mary's"})
    fair = kit.add("event", {"title": "Fair", "date": "2026-10-27"})
    kit.add("attendance", {"person": first.record_id, "event": fair.record_id})
    labels = {option.code: option.label for option in link_options(kit, "person", [])}
    assert labels[first.record_id] == "Amina Khan · Fair, 27 Oct 2026"
    assert labels[other.record_id] == "Amina Khan · St Mary's"
    assert labels[second.record_id] == "Amina Khan"
    for number in range(9):
        kit.add("person", {"name": f"Somebody {number}"})
    (chosen, *_) = link_options(kit, "person", [first.record_id])
    assert chosen.label.endswith("Fair, 27 Oct 2026"), "the other one is not in the list"
    offered = link_search(kit, "person")("amina", 8)
    assert {option.label for option in offered} == set(labels.values())


def test_pairs_are_told_apart_by_their_people(kit: Kit) -> None:
    mentor = kit.add("person", {"name": "Mo Mentor"})
    mentees = [kit.add("person", {"name": "Amina Khan"}) for _ in range(2)]
    fair = kit.add("event", {"title": "Fair", "date": "2026-10-27"})
    kit.add("attendance", {"person": mentees[0].record_id, "event": fair.record_id})
    for mentee in mentees:
        kit.add("mentorship", {"mentor": mentor.record_id, "mentee": mentee.record_id})
    labels = [option.label for option in link_options(kit, "mentorship", [])]
    assert len(set(labels)) == 2 and sum("Fair, 27 Oct 2026" in label for label in labels) == 1
