"""`fieldkit checkin`: names one per line, questions about look-alikes and consent, head counts, and a key to undo each."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def fair(run: Run, hub: Path) -> Path:
    """A kit with an event of today and three people."""
    for name in ("Amina Khan", "Mohammed Ali", "Zoë Evans"):
        with Kit.open(hub) as kit:
            kit.add("person", {"name": name, "consent_record": "Y"})
    assert run("record", "event", *with_answers("title=Parade", "event_kind=health-fair")).code == 0
    return hub


def names_here(run: Run, fair: Path) -> list[str]:
    with Kit.open(fair) as kit:
        rows = kit.page("attendance")
        people = kit.many("person", [str(row.values.get("person", "")) for row in rows])
        return sorted(str(people[key].values["name"]) for row in rows if (key := row.values.get("person")))


def test_a_known_person_is_checked_in_by_a_part_of_the_name_and_a_number(run: Run, fair: Path) -> None:
    ran = run("checkin", "--event", "Parade", piped="zoe\n1\nZoe\n1\n\n")
    assert ran.code == 0, ran.err
    assert "Zoë Evans checked in" in ran.out
    assert "Zoë Evans is here already, since" in ran.out
    assert "1 checked in by name, 0 counted." in ran.out
    assert names_here(run, fair) == ["Zoë Evans"]


def test_a_look_alike_is_asked_about_and_not_sure_is_kept_for_the_coordinator(run: Run, fair: Path) -> None:
    ran = run("checkin", "--event", "Parade", piped="Muhammad Aly\nn\n3\n1\n\n")
    assert ran.code == 0, ran.err
    assert "Looks like Mohammed Ali" in ran.out
    assert "may we keep your name?" in ran.out and "Receipt code for Muhammad Aly: " in ran.out
    assert names_here(run, fair) == ["Muhammad Aly"]
    assert [each["answer"] for each in run("list", "same_person", "--json").json] == ["not_sure"]


def test_the_same_is_checked_in_and_nobody_new_is_made(run: Run, fair: Path) -> None:
    ran = run("checkin", "--event", "Parade", piped="Muhammad Aly\n1\n\n")
    assert ran.code == 0, ran.err
    assert "Mohammed Ali checked in" in ran.out
    with Kit.open(fair) as kit:
        assert kit.count("person") == 3


def test_who_says_no_is_counted_and_the_name_is_nowhere(run: Run, fair: Path) -> None:
    ran = run("checkin", "--event", "Parade", piped="Xanthippe Quill\n2\n+\n\n")
    assert ran.code == 0, ran.err
    assert "2 counted" in ran.out
    with Kit.open(fair) as kit:
        assert kit.count("person", text="Xanthippe") == 0
        assert kit.drafts.all() == []


def test_heads_are_counted_and_everything_is_undone_in_words(run: Run, fair: Path) -> None:
    ran = run("checkin", "--event", "Parade", piped="#\n1\n12\n#\n1\n+1\n#\n1\nmany\n-\n-\n-\n\n")
    assert ran.code == 0, ran.err
    assert "0 → 12." in ran.out and "12 → 13." in ran.out
    assert "That is no number. Nothing was changed." in ran.out
    assert ran.out.count("Undone: ") == 2
    assert "Nothing was done here yet." in ran.out
    assert ran.out.rstrip().endswith("0 checked in by name, 0 counted.")


def test_without_an_event_one_is_chosen_or_asked_for(run: Run, fair: Path) -> None:
    ran = run("checkin", piped="1\nzoe\n1\n\n")
    assert "1 Parade" in ran.out and "Zoë Evans checked in" in ran.out
    assert "Nothing was changed." in run("checkin", "--event", "Nowhere").err
    assert run("checkin", "--choose", "--json", piped="1\n").json["named"] == 1


def test_an_event_that_is_named_is_chosen_without_a_question(run: Run, fair: Path) -> None:
    ran = run("checkin", "--choose", "--event", "Parade")
    assert ran.code == 0, ran.err
    with Kit.open(fair) as kit:
        assert kit.settings.get(EVENT) == kit.page("event")[0].record_id


def test_a_number_that_is_not_in_the_list_is_asked_for_again(run: Run, fair: Path) -> None:
    ran = run("checkin", "--choose", piped="7\n1\n")
    assert ran.code == 0, ran.err
    assert "“7” is not in the list." in ran.out
    with Kit.open(fair) as kit:
        assert kit.settings.get(EVENT) == kit.page("event")[0].record_id


def test_a_kit_without_events_says_what_to_do(run: Run, hub: Path) -> None:
    ran = run("checkin", piped="\n")
    assert ran.code == 1
    assert "fieldkit record event" in ran.err


def test_a_name_that_was_mistyped_is_left_with_enter_alone(run: Run, fair: Path) -> None:
    ran = run("checkin", "--event", "Parade", piped="Zzz\nyes please\n\nMuhammad Aly\nn\n\n\n")
    assert ran.code == 0, ran.err
    assert "“yes please” is not one of the answers." in ran.out
    assert ran.out.count("Nothing was recorded.") == 2
    with Kit.open(fair) as kit:
        assert kit.count("person") == 3 and kit.count("attendance") == 0


def test_at_an_event_of_another_day_counts_have_no_time(run: Run, fair: Path) -> None:
    assert run("record", "event", *with_answers("title=Gala", "date=2026-01-05")).code == 0
    ran = run("checkin", "--event", "Gala", piped="#\n1\n4\n+\nzoe\n1\n10:15\n\n")
    assert ran.code == 0, ran.err
    assert "This event was on 5 Jan 2026. After each name you are asked when the person came." in ran.out
    with Kit.open(fair) as kit:
        assert sorted(str(row.values.get("arrived", "")) for row in kit.page("attendance"))[-1] == "10:15"
        assert sum("arrived" in row.values for row in kit.page("attendance")) == 1


def test_the_place_of_an_event_is_whole_in_the_list(run: Run, hub: Path) -> None:
    place = (
        "Community hall behind the mosque, second door on the left past the car park, beside the old library"
    )
    with Kit.open(hub) as kit:
        kit.add("event", {"title": "Fair", "date": "2026-10-27", "place": place})
    ran = run("checkin", "--choose", piped="\n")
    assert place in " ".join((ran.out + ran.err).split())
