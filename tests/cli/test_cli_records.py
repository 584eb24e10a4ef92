"""Commands for records: recording, listing, showing, editing, deleting and restoring."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli_kits import Kits, with_answers
from commanding import Run
from fieldkit.cli.output import print_json_array
from fieldkit.store.kit import Kit

HOSTILE = "[/] [@click=app.quit]x[/] \x1b[31mred\x1b[0m =1+1"

pytestmark = pytest.mark.usefixtures("surroundings")


def test_a_record_from_set_is_listed_shown_edited_deleted_restored(
    run: Run, pair: tuple[Path, Path, str]
) -> None:
    made = run(
        "record",
        "feedback",
        *with_answers("consent_record=Y", "rating=2", "experience=Kind nurse", "event=Fair"),
        "--json",
    )
    assert made.code == 0
    record_made = made.json
    assert record_made.pop("preset") == ["date"]
    assert len(record_made.pop("receipt_code")) == 14
    assert (record_made["rating"], record_made["experience"], record_made["event"]) == (
        "2",
        "Kind nurse",
        pair[2],
    )
    assert "2 good" in run("list", "feedback").out
    assert run("list", "feedback", "--json").json == [record_made]
    shown = run("show", record_made["id"][-6:]).out
    assert "2 good" in shown
    assert "Fair · 27 Oct 2026" in shown
    edited = run(
        "edit",
        record_made["id"],
        *with_answers("rating=very poor", "experience=", "need=An interpreter"),
        "--json",
    ).json
    assert (edited["rating"], edited["need"]) == ("5", "An interpreter")
    assert "experience" not in edited
    assert [step["fields"] for step in run("history", record_made["id"], "--json").json][1]["rating"] == "5"
    assert "differs" in run("edit", record_made["id"], "--set", "rating=5").out
    assert run("delete", record_made["id"]).code == 0
    assert run("list", "feedback", "--json").json == []
    assert len(run("list", "feedback", "--deleted", "--json").json) == 1
    assert run("restore", record_made["id"], "--json").json["deleted"] is False
    assert len(run("show", record_made["id"], "--history", "--json").json["history"]) == 4


def test_lists_are_filtered_and_limited(run: Run, hub: Path) -> None:
    with Kit.open(hub) as kit:
        kit.add_many("feedback", [{"rating": str(n % 2 + 1), "experience": f"word{n}"} for n in range(120)])
    assert len(run("list", "feedback", "--json").json) == 120
    assert len(run("list", "feedback", "--limit", "7", "--json").json) == 7
    assert len(run("list", "feedback", "--where", "rating=good", "--json").json) == 60
    assert [
        record["experience"] for record in run("list", "feedback", "--text", "word77", "--json").json
    ] == ["word77"]
    assert "50 of 120" in run("list", "feedback").out


def test_a_list_shows_the_whole_of_a_line_and_the_beginning_of_free_text(run: Run, hub: Path) -> None:
    title = "Together for Better Health: Diabetes, Heart Disease and Mental Health Day"
    with Kit.open(hub) as kit:
        kit.add("event", {"title": title, "date": "2026-10-27"})
        kit.add("feedback", {"rating": "1", "experience": "Nobody rang. " * 20})
    assert title in run("list", "event").out
    assert f"{'Nobody rang. ' * 4}Nobody…" in run("list", "feedback").out


def test_json_arrays_are_arrays_also_when_empty(capsys: pytest.CaptureFixture[str]) -> None:
    for values in ([], [1], [1, {"a": "ਸਤ"}]):
        print_json_array(values)
        assert json.loads(capsys.readouterr().out) == values


def test_hostile_text_is_text(run: Run, hub: Path) -> None:
    record_made = run(
        "record", "feedback", *with_answers("consent_record=Y", f"experience={HOSTILE}"), "--json"
    ).json
    assert record_made["experience"] == HOSTILE.replace("\x1b", "")
    for ran in (
        run("list", "feedback"),
        run("show", record_made["id"]),
        run("show", record_made["id"], "--history"),
    ):
        assert ran.code == 0
        assert "[/] [@click=app.quit]x[/] [31mred" in ran.out
        assert "\x1b" not in ran.out
    ran = run("list", "\x1b[31m[/]")
    assert "\x1b" not in ran.err


def test_open_lists_take_new_terms_when_asked(run: Run, hub: Path) -> None:
    arguments = ("record", "partner", *with_answers("name=Hall", "partner_kind=choir"))
    assert run(*arguments).code == 2
    assert run(*arguments, "--dry-run", "--add-terms").code == 0
    assert run("list", "partner", "--json").json == []
    assert run(*arguments, "--add-terms", "--json").json["partner_kind"] == "choir"
    assert [term["label"] for term in run("list", "term", "--json").json] == ["choir"]


def test_the_roster_is_not_edited_by_a_field_laptop(run: Run, pair: tuple[Path, Path, str]) -> None:
    device = run("list", "device", "--json").json[0]["id"]
    ran = run("--kit", pair[0], "edit", device, "--set", "name=Mine")
    assert ran.code == 2
    assert "coordinator" in ran.err
    assert run("delete", device).code == 2


def test_today_may_be_said_as_in_the_form(run: Run, kits: Kits) -> None:
    made = run("record", "feedback", *with_answers("consent_record=Y", "rating=1", "date=today"), "--json")
    assert made.code == 0
    shown = run("show", made.json["id"], "--json").json
    assert date.fromisoformat(shown["date"]) in {date.today(), date.today() - timedelta(days=1)}


def test_characters_that_the_terminal_did_not_pass_on_are_refused_not_dropped(run: Run, hub: Path) -> None:
    """Python passes undecodable bytes of an argument as lone surrogates: storing only the rest would change a name."""
    given = ("record", "person", *with_answers("role=mentor", "consent_record=yes"))
    refused = run(*given, "--set", "name=Zo\udcc3\udcab")
    assert refused.code == 2
    assert "UTF-8" in refused.err
    assert run("list", "person", "--json").json == []
    edited = run(*given, "--set", "name=Zoë", "--json").json["id"]
    assert run("edit", edited, "--set", "name=\udcc3").code == 2
    assert run("list", "person", "--json").json[0]["name"] == "Zoë"


def test_a_pair_is_named_by_its_people_wherever_a_command_names_it(run: Run, hub: Path) -> None:
    for name in ("Ann", "Bea"):
        assert run("record", "person", *with_answers(f"name={name}", "consent_record=Y")).code == 0
    saved = run("record", "mentorship", *with_answers("mentor=Ann", "mentee=Bea"))
    assert saved.out.startswith("Saved: Mentorship · Ann · Bea\n")
    saved = run("record", "session", *with_answers("mentorship=Ann · Bea", "date=2/11/2026"))
    assert saved.out.startswith("Saved: Mentoring session · 2 Nov 2026 · Ann · Bea\n")
    listed = run("list", "session").out.splitlines()[1]
    shown = listed.split("\t")[1]
    assert shown == "Ann · Bea"
    # A record may be given by the line that the list shows for it.
    assert run("record", "session", *with_answers(f"mentorship={shown}", "date=9/11/2026")).code == 0
    session = run("show", "2 Nov 2026 · Ann · Bea").out
    assert session.startswith("Mentoring session · 2 Nov 2026 · Ann · Bea\n")
    assert "Mentor and mentee: Ann · Bea" in session


def test_a_safeguarding_note_is_followed_by_whom_to_tell(run: Run, hub: Path) -> None:
    done = run("record", "concern", *with_answers("own_words=He locks the door."))
    assert "Now tell the safeguarding lead. Nobody is noted here" in done.out
    passed_on = run("record", "concern", *with_answers("own_words=He locks it.", "told=Mrs Shah"))
    assert passed_on.code == 0 and "safeguarding lead" not in passed_on.out


def test_only_the_first_half_of_a_whole_postcode_is_kept_and_it_is_said(run: Run, hub: Path) -> None:
    agreed = with_answers("name=Asha", "consent_record=Y", "postcode_area=LE4 6BY")
    made = run("record", "person", *agreed)
    assert "only LE4 is kept" in made.err and "LE4 6BY" not in made.out
    assert [each["postcode_area"] for each in run("list", "person", "--json").json] == ["LE4"]
    assert "only" not in run("edit", "Asha", "--set", "postcode_area=LE5").err
