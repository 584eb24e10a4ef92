"""Lines that name records by the lines of others: nothing of those is cut where the line has room."""

from __future__ import annotations

from fieldkit.presentation.record_names import lines_of_links, named_record
from fieldkit.records.label import IN_LIST, LONGEST
from fieldkit.store.kit import Kit

ORGANISATION = "University Hospitals of Leicester NHS Trust, Department of Ophthalmology"
NAME = "Wilhelmina Anastasia Konstantinopoulou-Featherstonehaugh van der Westhuizen"


def test_the_people_of_a_pair_and_of_its_sessions_are_whole_in_a_line_with_room(kit: Kit) -> None:
    mentor = kit.add("person", {"name": "Harpreet Kaur Gill"})
    mentee = kit.add("person", {"name": NAME, "organisation": ORGANISATION})
    pair = kit.add("mentorship", {"mentor": mentor.record_id, "mentee": mentee.record_id})
    session = kit.add("session", {"mentorship": pair.record_id, "date": "2026-06-01"})
    note = kit.add("note", {"session": session.record_id, "notes": "x"})
    whole = f"{NAME} · {ORGANISATION}"
    assert (
        named_record(kit, pair, kit.terms(), longest=IN_LIST) == f"Mentorship · Harpreet Kaur Gill · {whole}"
    )
    (line,) = lines_of_links(kit, [note], kit.terms(), longest=IN_LIST).values()
    assert line == f"1 Jun 2026 · Harpreet Kaur Gill · {whole}"
    assert len(named_record(kit, pair, kit.terms())) <= len("Mentorship · ") + LONGEST
