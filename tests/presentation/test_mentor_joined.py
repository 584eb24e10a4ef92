"""A mentor with two joined records is one mentor, whichever record this laptop remembers."""

from __future__ import annotations

from datetime import date

from fieldkit.presentation.mentoring.mentees import mentees
from fieldkit.presentation.mentoring.mentors import mentor_choices, mentor_name, mentors_here, remember_mentor
from fieldkit.presentation.people.person_joins import join
from networks import Network


def test_the_mentees_of_both_records_are_one_mentors(network: Network) -> None:
    kit = network.hub.kit
    ids = [
        kit.add("person", {"name": name, "consent_record": "Y"}).record_id
        for name in ("Amina Khan", "Amina Kahn", "Ben", "Dee")
    ]
    kept, other, ben, dee = ids
    kit.add("mentorship", {"mentor": kept, "mentee": ben})
    kit.add("mentorship", {"mentor": other, "mentee": dee})
    remember_mentor(kit, kept)
    remember_mentor(kit, other)
    join(kit, network.hub.me, kept, other)
    (mentor,) = mentors_here(kit)
    assert mentor_name(kit, mentor) == mentor_name(kit, other) == "Amina Khan"
    assert [option.label for option in mentor_choices(kit)[:-1]] == ["Amina Khan"]
    for each in (mentor, other):
        assert {mentee.name for mentee in mentees(kit, each, date(2026, 11, 26))} == {"Ben", "Dee"}


def test_a_mentor_whose_record_was_deleted_is_asked_again(network: Network) -> None:
    kit = network.hub.kit
    amina = kit.add("person", {"name": "Amina", "consent_record": "Y"}).record_id
    remember_mentor(kit, amina)
    kit.delete(amina, "person")
    assert mentors_here(kit) == []
