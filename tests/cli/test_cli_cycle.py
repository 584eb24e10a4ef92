"""A whole cycle by commands: links are given by name, stages and next steps are reported, quotes are decided."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run
from fieldkit.cli.commands.cycle.cycle_command import next_command
from fieldkit.presentation.cycle.cycle_view import cycle_view
from fieldkit.presentation.cycle.stages import Action, Missing
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings", "hub")


def record(run: Run, kind: str, *pairs: str) -> str:
    ran = run("record", kind, *(word for pair in pairs for word in ("--set", pair)), "--json")
    assert ran.code == 0, ran.err
    return str(ran.json["id"])


def cycle(run: Run, title: str = "Therapies") -> str:
    """A cycle. Called twice, it records the provider twice, as two laptops might; both count as one."""
    record(run, "provider", "name=Mental Health Trust", "ods_code=rxt")
    return record(
        run,
        "cycle",
        f"title={title}",
        "provider=RXT",
        "service_area=mental health",
        "area=Birmingham; Solihull",
        "date_from=1/10/2026",
        "date_to=30/11/2026",
        "dimension=ethnic",
    )


def test_a_cycle_is_recorded_with_names_and_shown_with_its_next_step(run: Run) -> None:
    assert "There is no cycle yet." in run("cycle", "list").out
    key = cycle(run)
    shown = run("cycle", "show", "therapies").out
    assert "Provider: Mental Health Trust · RXT" in shown and "Area: Birmingham; Solihull" in shown
    assert "! No figures of the provider are here yet." in shown
    assert f"Next: fieldkit figures import FILE --cycle {key[-8:]}" in shown
    assert [line["title"] for line in run("cycle", "list", "--json").json] == ["Therapies"]
    assert "analyse: not begun" in run("cycle", "list").out


def test_a_cycle_from_events_to_answers(run: Run) -> None:
    cycle(run)
    record(run, "engagement", "cycle=Therapies", "event=Fair", "purpose=share findings")
    record(run, "engagement", "cycle=Therapies", "event=Fair", "purpose=collect")
    feedback = record(
        run,
        "feedback",
        "provider=The Trust",
        "service_area=mental health",
        "date=28/10/2026",
        "experience=They were kind.",
        "whose_words=own",
        "consent_record=Y",
        "consent_quote=Y",
    )
    assert run("cycle", "show", "Therapies", "--json").json["feedback"] == {"records": 0, "people": 0}
    assert "now counts as Mental Health Trust" in run("provider", "merge", "The Trust", "rxt").out
    assert run("cycle", "show", "Therapies", "--json").json["feedback"] == {"records": 1, "people": 1}
    record(run, "change", "cycle=Therapies", "title=Open on Saturdays", "what=Open on Saturday mornings.")
    record(run, "support", "change=Open on Saturdays", "support_kind=feedback", f"feedback={feedback[-8:]}")
    shown = run("cycle", "show", "Therapies").out
    assert "Change 1 rests on feedback alone: no figures support it." in shown
    assert "1 Open on Saturdays: proposed" in shown and "Supported by 1 comment." in shown
    waiting = record(run, "response", "change=open on saturdays", "asked_on=5/1/2026")
    assert "(Healthwatch allows 20 working days)." in run("cycle", "show", "Therapies").out
    following = next(
        missing
        for stage in run("cycle", "show", "Therapies", "--json").json["stages"]
        for missing in stage["missing"]
        if missing["action"] == "record the answer"
    )
    assert following["record_id"] == waiting
    assert run("edit", waiting, "--set", "date=6/1/2026", "--set", "words=We opened on Saturdays.").code == 0
    assert "Answer (6 Jan 2026): We opened on Saturdays." in run("cycle", "show", "Therapies").out
    assert run("edit", "Open on Saturdays", "--set", "status=declined").code != 0
    reasoned = with_answers("status=declined", "reason=There are no rooms.")
    assert run("edit", "Open on Saturdays", *reasoned).code == 0
    assert "Declined: There are no rooms." in run("cycle", "show", "Therapies").out


def test_names_that_several_records_have_are_asked_about(run: Run) -> None:
    cycle(run)
    cycle(run)
    ran = run("record", "change", *with_answers("cycle=Therapies", "title=A", "what=B"))
    assert ran.code != 0 and "2 cycles fit “Therapies”" in ran.err
    ran = run("cycle", "show", "Therapies")
    assert ran.code != 0 and "2 cycles fit" in ran.err
    assert "There is no cycle “nothing” here" in run("cycle", "show", "nothing").err


def test_several_records_are_named_with_semicolons(run: Run) -> None:
    cycle(run)
    for title in ("Report, first", "Report, second"):
        record(run, "desk_source", f"title={title}", "finding=It helps.")
    key = record(
        run,
        "rationale",
        "cycle=Therapies",
        "claim=It helps",
        "because=Two reports say so.",
        "sources=Report, first; report second",
    )
    assert "Sources: Report, first; Report, second" in run("show", key).out
    assert len(run("show", key, "--json").json["sources"]) == 2
    ran = run("edit", key, "--set", "sources=Report, first; Report, third")
    assert ran.code != 0 and "Sources: there is no published source “Report, third” here." in ran.err
    assert run("edit", key, "--set", "sources=Report, first").code == 0
    assert len(run("show", key, "--json").json["sources"]) == 1


def test_names_of_providers_are_listed_joined_and_parted(run: Run) -> None:
    for name in ("BSMHFT", "bsmhft", "The Barberry"):
        record(run, "feedback", f"provider={name}", "rating=2", "consent_record=Y")
    assert [each["records"] for each in run("provider", "names", "--json").json] == [2, 1]
    assert run("provider", "merge", "The Barberry", "BSMHFT").code == 0
    assert {each["provider"] for each in run("provider", "names", "--json").json} == {"BSMHFT"}
    assert "BSMHFT" in run("provider", "names").out
    assert "no longer counts as BSMHFT" in run("provider", "separate", "the barberry").out
    assert {each["provider"] for each in run("provider", "names", "--json").json} == {"BSMHFT", ""}
    assert run("provider", "separate", "Nobody").code != 0


def test_quotes_are_proposed_and_decided_by_two_people(run: Run) -> None:
    feedback = record(
        run,
        "feedback",
        "experience=Dr Khan was kind. Nobody rang me.",
        "whose_words=own",
        "consent_record=Y",
        "consent_quote=Y",
    )
    (candidate,) = run("quotes", "candidates", "--json").json
    assert candidate["feedback_id"] == feedback
    assert "Dr Khan" in run("quotes", "candidates").out
    assert "may point to one person" in run("quotes", "propose", feedback[-8:], "--by", "Asha K").err
    proposed = run("quotes", "propose", feedback, "--by", "Asha K", "--words", "[…] was kind.", "--json").json
    assert proposed["words"] == "… was kind. …"
    assert "Could a neighbour tell who this is?" in run("quotes", "list").out
    key = proposed["quote_id"]
    assert "A second person has to look at it." in run("quotes", "approve", key, "--by", "asha k").err
    assert "It may be printed" in run("quotes", "approve", key[-8:], "--by", "Ben O").out
    assert [each["words"] for each in run("quotes", "list", "--json").json["printable"]] == ["… was kind. …"]
    assert "Use: fieldkit quotes" in run("edit", key, "--set", "state=proposed").err
    assert run("edit", feedback, "--set", "consent_quote=N").code == 0
    data = run("quotes", "list", "--json").json
    assert (data["printable"], [each["quote_id"] for each in data["left"]]) == ([], [key])
    assert "not printed any more" in run("quotes", "list").out
    assert run("quotes", "refuse", key, "--by", "Ben O", "--reason", "She changed her mind.").code == 0
    assert run("quotes", "list", "--json").json["left"] == []


def test_a_form_offers_links_by_name(run: Run) -> None:
    cycle(run)
    typed = "1\nOpen on Saturdays\nOpen on Saturday mornings.\n" + "\n" * 12
    ran = run("record", "change", typed=typed)
    assert "1 Therapies" in ran.out
    assert "Open on Saturdays" in run("list", "change").out


@pytest.mark.parametrize("kind", ["cell", "quote", "release"])
def test_kinds_with_commands_of_their_own_are_not_recorded_by_hand(run: Run, kind: str) -> None:
    ran = run("record", kind, "--set", "x=y")
    assert ran.code == 2 and "Use: fieldkit" in ran.err


def test_tables_and_summaries_hold_the_new_kinds(run: Run, tmp_path: Path) -> None:
    cycle(run)
    assert run("tables", "-o", "csv/").code == 0
    rows = (tmp_path / "csv" / "cycle.csv").read_text("utf-8-sig").splitlines()
    assert "provider (label)" in rows[0] and "Mental Health Trust · RXT" in rows[1]
    assert "E08000025" in rows[1] and "Birmingham; Solihull" in rows[1]
    assert "1 cycle" in run("status").out


def test_the_next_command_holds_no_answer_that_is_false_when_it_is_copied(run: Run, hub: Path) -> None:
    key = cycle(run)
    with Kit.open(hub) as kit:
        view = cycle_view(kit, key, date.today())
    for action in Action:
        printed = next_command(view, Missing("", action, key))
        values = re.findall(r'--set "?(\w+)=([^" ]+)', printed)
        given = {name: value for name, value in values if value not in {"…", "ID", key[-8:]}}
        assert given.keys() <= {"support_kind"}, printed
