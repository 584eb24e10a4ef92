"""Whoever is here already is named before a second record of them is made, in any spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import at_home, form, shown, type_in
from cli_kits import with_answers
from commanding import Run
from fieldkit.presentation.same_name import already_here
from fieldkit.presentation.stall.known_people import KnownPeople
from fieldkit.records.schema.kind import kind
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs.dialog import Dialog
from waiting import until

ZAINAB = {"name": "Zainab Noor", "organisation": "Temple", "consent_record": "Y"}
PERSON = {"name": "Amina Khan", "organisation": "Temple", "consent_record": "Y"}


@pytest.mark.parametrize(
    "name", ["Amina Khan", "amina khan", "ÁMINA KHAN", "Amina-Khan", "AminaKhan", "Amina Khan."]
)
def test_a_person_is_known_by_the_name_in_any_spelling(kit: Kit, name: str) -> None:
    person = kit.add("person", PERSON)
    kit.add("person", {**PERSON, "name": "Amina Khanum"})
    assert [record.record_id for record in kit.alike("person", name)] == [person.record_id]
    sentence = already_here(kit, kind("person"), {"name": name})
    assert sentence == f"Amina Khan · Temple ({person.record_id[-8:]}): here already. Is it the same person?"
    kit.delete(person.record_id)
    assert already_here(kit, kind("person"), {"name": name}) == ""


def test_events_and_partners_are_told_apart_by_day_and_town(kit: Kit) -> None:
    kit.add("event", {"title": "St Mary's fair", "date": "2026-11-26"})
    kit.add("partner", {"name": "St. Mary’s", "town": "Leeds"})
    event, partner = kind("event"), kind("partner")
    assert already_here(kit, event, {"title": "St Marys Fair", "date": "2026-11-26"})
    assert already_here(kit, event, {"title": "St Marys Fair", "date": "2026-12-26"}) == ""
    assert already_here(kit, partner, {"name": "ST MARYS", "town": "leeds"})
    assert already_here(kit, partner, {"name": "ST MARYS", "town": "York"}) == ""
    assert already_here(kit, partner, {"name": "ST MARYS"}), "nobody said that it is in another town"
    kit.add("partner", {"name": "Hope Hall"})
    assert already_here(kit, partner, {"name": "Hope hall", "town": "York"})
    assert already_here(kit, kind("feedback"), {"service_area": "gp"}) == ""


def test_a_visit_is_known_by_its_person_and_event_and_a_session_by_its_pair_and_day(kit: Kit) -> None:
    person, other = kit.add("person", PERSON).record_id, kit.add("person", ZAINAB).record_id
    fair = kit.add("event", {"title": "Fair", "date": "2026-11-26"}).record_id
    pair = kit.add("mentorship", {"mentor": person, "mentee": other}).record_id
    kit.add("attendance", {"event": fair, "person": person})
    kit.add("session", {"mentorship": pair, "date": "2026-11-26"})
    visit, session = kind("attendance"), kind("session")
    assert "Amina Khan" in already_here(kit, visit, {"event": fair, "person": person, "arrived": "14:00"})
    assert already_here(kit, visit, {"event": fair, "person": other}) == ""
    assert already_here(kit, visit, {"event": fair, "attendee_group": "carers", "head_count": 3}) == ""
    assert already_here(kit, session, {"mentorship": pair, "date": "2026-11-26"})
    assert already_here(kit, session, {"mentorship": pair, "date": "2026-11-27"}) == ""
    assert already_here(kit, session, {"mentorship": pair}) == ""


def test_a_second_check_in_by_command_is_asked_about(kit: Kit, run: Run) -> None:
    kit.add("person", PERSON)
    kit.add("event", {"title": "Fair", "date": "2026-11-26"})
    command = ("--kit", kit.folder, "record", "attendance", *with_answers("event=Fair", "person=Amina Khan"))
    assert run(*command).code == 0
    again = run(*command, typed="n\n")
    assert again.code == 1
    assert "here already. Is it the same attendance?" in again.err
    assert kit.count("attendance") == 1


def test_numbers_in_names_keep_their_places(kit: Kit) -> None:
    kit.add("partner", {"name": "Ward 1-2"})
    assert kit.alike("partner", "ward 1/2")
    assert not kit.alike("partner", "Ward 12")


def test_who_is_called_so_comes_first_at_check_in_however_many_came_later(kit: Kit) -> None:
    ann = kit.add("person", {"name": "Ánn", "consent_record": "Y"})
    kit.add_many("person", [{"name": f"Annette {number}", "consent_record": "Y"} for number in range(150)])
    known = KnownPeople()
    known.refresh(kit)
    for typed in ("ann", "ann, temple"):
        first, *others = known.find(typed, {}, 9)
        assert first.person_id == ann.record_id and len(others) == 8


def test_a_command_says_who_is_here(run: Run) -> None:
    run("network", "create", "N", "--as", "hub", "--no-passphrase")
    arguments = ("record", "person", "--set", "consent_record=Y", "--set")
    assert "already" not in run(*arguments, "name=Zoë Adams").err
    ran = run(*arguments, "name=zoe ADAMS")
    assert ran.code == 0
    assert "Zoë Adams" in ran.err and "here already. Is it the same person?" in ran.err


async def test_a_form_asks_before_it_saves_it_a_second_time(folder: Path) -> None:
    async with at_home(folder) as pilot:
        assert pilot.app.kit is not None
        pilot.app.kit.add("partner", {"name": "St. Mary’s"})
        before = pilot.app.kit.count("partner")
        pilot.app.open_screen("entry", "partner")
        await form(pilot)
        await type_in(pilot, "ST MARYS")
        for count, key in ((before, "1"), (before + 1, "2")):
            await pilot.press("f2")
            await until(pilot, lambda: isinstance(pilot.app.screen, Dialog), "the question")
            await until(pilot, lambda: "another of that name" in shown(pilot, "#choices"), "the choices")
            await pilot.press(key)
            await until(
                pilot,
                lambda count=count: pilot.app.kit is not None and pilot.app.kit.count("partner") == count,
                "it",
            )
            await until(pilot, lambda: isinstance(pilot.app.screen, EntryScreen), "the form again")


SURGERY = (
    "St Mary's Surgery",
    "St Mary’s Surgery",
    "St. Mary's Surgery",
    "st mary's  surgery",
    "StMary's Surgery",
)


@pytest.mark.parametrize("spelling", [*SURGERY, "ST MARYS SURGERY", "ｓｔ Mary＇s Surgery"])
def test_a_provider_is_one_in_filters_and_searches(kit: Kit, spelling: str) -> None:
    kit.add_many("feedback", [{"provider": each, "rating": "1"} for each in (*SURGERY, "St Mary's Pharmacy")])
    where = {"provider": spelling}
    assert kit.count("feedback", where=where) == len(kit.page("feedback", where=where)) == len(SURGERY)
    assert kit.count("feedback", text=spelling) == len(SURGERY)
    # Stored text is unchanged. A reference is not a name, so its signs count.
    kit.add_many("feedback", [{"reference": each, "rating": "1"} for each in ("a-1", "a1")])
    assert kit.count("feedback", where={"reference": "a-1"}) == 1


def test_the_apostrophe_of_another_keyboard_leads_to_the_same_event_and_provider(
    run: Run, tmp_path: Path
) -> None:
    run("network", "create", "N", "--as", "hub", "--no-passphrase")
    assert run("record", "event", *with_answers("title=St Mary’s fair", "date=2026-11-20")).code == 0
    counts_file = tmp_path / "att.csv"
    counts_file.write_text("event,group,how many\nSt Mary's fair,all,5\n", "utf-8")
    mapped = ("--map", "event=event", "--map", "group=attendee_group", "--map", "how many=head_count")
    assert run("record", "attendance", "--from", str(counts_file), *mapped, "--understood").code == 0
    assert len(run("list", "attendance", "--text", "st marys fair", "--json").json) == 1
    comments_file = tmp_path / "f.csv"
    comments_file.write_text("provider,rating\n" + "".join(f"{each},2\n" for each in SURGERY), "utf-8")
    mapped = ("--map", "provider=provider", "--map", "rating=rating")
    consent = ("--consent", "signed forms", "--understood")
    assert run("record", "feedback", "--from", str(comments_file), *mapped, *consent).code == 0
    for spelling in ("St Mary's Surgery", "ST MARY’S SURGERY"):
        records = run("list", "feedback", "--where", f"provider={spelling}", "--json").json
        assert {record["provider"] for record in records} == {" ".join(each.split()) for each in SURGERY}
